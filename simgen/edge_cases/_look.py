"""Looking ahead: what a proposed scene will come to, measured against what is asked of it."""

from __future__ import annotations

import math
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Final

import numpy as np

from simgen.edge_cases._forecast import Course, course, evidence_of, trajectory_of
from simgen.edge_cases._raysight import seen_share
from simgen.edge_cases.base import Stage
from simgen.metrics import metric_of
from simgen.records.base import F8
from simgen.records.constraints import Constraint
from simgen.records.evidence import Evidence
from simgen.records.layout import WorldLayout
from simgen.records.trajectory import Trajectory
from simgen.scene import Scene

#: a proposal is taken if its misses are below this share of the tolerances: rendering may differ a little
MARGIN: Final = 0.5
#: stands for a miss of what does not come about at all
UNREACHED: Final = 1e6

Settle = Callable[[Sequence[Constraint], Evidence], Sequence[Constraint]]
Guide = Callable[[Sequence[Constraint], Evidence, Sequence[float]], Sequence[float]]


@dataclass(frozen=True, kw_only=True, eq=False)
class Trial:
    """A proposal and what comes of it."""

    #: where it is in the unit cube of the free values
    x: F8
    scene: Scene
    asked: tuple[Constraint, ...]
    #: what each comes to; nan of what only frames can tell
    achieved: tuple[float, ...]
    #: deviation over tolerance of each constraint that can be measured, signed; then those that only guide
    misses: F8
    #: whether everybody was run
    exact: bool

    @property
    def worst(self) -> float:
        """The largest miss."""
        return float(np.abs(self.misses).max(initial=0.0))

    @property
    def unreached(self) -> int:
        """How many constraints do not come about at all."""
        return int(np.count_nonzero(np.abs(self.misses) >= UNREACHED))

    @property
    def rank(self) -> tuple[int, float]:
        """Less is better."""
        size = np.abs(self.misses)
        near = size[size < UNREACHED]
        return self.unreached, float(np.sqrt((near * near).sum())) if self.worst > MARGIN else 0.0


class Lookout:
    """Runs scenes ahead. What proposals have in common is run only once, as if it reacted to nothing, for a first look.

    A closer look runs everybody, whatever it costs.
    """

    def __init__(self, stage: Stage, physical: bool, settle: Settle | None, guide: Guide | None) -> None:
        self._stage, self._physical, self._settle, self._guide = stage, physical, settle, guide
        self._rest: Course | None = None
        #: whether first looks are taken at all
        self.quick = not physical
        #: forecasts and simulations that were run
        self.evaluations = 0

    def trial(self, x: F8, scene: Scene, asked: tuple[Constraint, ...], *, closely: bool) -> Trial:
        """Run and measure a scene."""
        self.evaluations += 1
        if self._physical:
            return self._measured(x, scene, asked, self._stage.simulate(scene), exact=True)
        exact = closely or not self.quick or self._rest is None
        ahead = course(scene, self._stage.layout, None if exact else self._rest)
        return self._measured(x, scene, asked, trajectory_of(ahead, self._stage.layout), exact=exact)

    def meet(self, one: Scene, other: Scene) -> None:
        """Learn from two different proposals what they have in common: the rest of the scene."""
        same = [e for e in other.entities if e in one.entities]
        names = {e.name for e in same}
        common = tuple(e for e in same if e.leader is None or e.leader in names)
        self._rest = course(other.replace(entities=common), self._stage.layout)

    def _measured(
        self, x: F8, scene: Scene, asked: tuple[Constraint, ...], trajectory: Trajectory, *, exact: bool
    ) -> Trial:
        evidence = evidence_of(scene, self._stage.layout, trajectory)
        if self._settle is not None:
            asked = tuple(self._settle(asked, evidence))
        achieved = tuple(foreseen(c, evidence, scene, self._stage.layout) for c in asked)
        pairs = zip(asked, achieved, strict=True)
        misses = [miss(c, value) for c, value in pairs if not metric_of(c.kind).needs_frames]
        guides = list(self._guide(asked, evidence, achieved)) if self._guide is not None else []
        found = np.clip(np.array([*misses, *guides], np.float64), -UNREACHED, UNREACHED)
        return Trial(x=x, scene=scene, asked=asked, achieved=achieved, misses=found, exact=exact)


def foreseen(constraint: Constraint, evidence: Evidence, scene: Scene, layout: WorldLayout) -> float:
    """What a constraint will come to; nan of what only frames can tell.

    Raises:
        UserError: it names somebody who is not there.
    """
    metric = metric_of(constraint.kind)
    if metric.needs_frames:
        return math.nan
    if constraint.kind == "visible_fraction":
        share = seen_share(constraint, scene, layout, evidence.trajectory)
        if share is not None:
            return share
    return float(metric.measure(constraint, evidence))


def miss(constraint: Constraint, achieved: float) -> float:
    """Deviation over tolerance, signed. What has no tolerance is aimed at a little inside of what is asked."""
    if constraint.tolerance > 0.0:
        return constraint.deviation(achieved) / constraint.tolerance
    scale = max(0.02 * abs(constraint.asked), 1e-3)
    off = achieved - constraint.asked
    if math.isnan(off):
        return math.inf
    if constraint.relation == "at_least":
        return min(off / scale - MARGIN, 0.0) if off < scale else 0.0
    if constraint.relation == "at_most":
        return max(off / scale + MARGIN, 0.0) if off > -scale and constraint.asked != 0.0 else max(off / scale, 0.0)
    return off / scale


def off_in_words(trial: Trial) -> str:
    """``time_to_collision_s of ego and child is off``: the same words for the same miss."""
    worst = _worst(trial)
    return f"{worst[0].about} is off" if worst else "it leads to nothing that can be measured"


def in_words(trial: Trial) -> str:
    """``time_to_collision_s of ego and child is 2.1 s instead of 1.5 s``: every constraint that a trial misses."""
    missed = [(c, v) for c, v in _measurable(trial) if abs(miss(c, v)) > MARGIN]
    worst = _worst(trial)
    return ", ".join(c.in_words(v) for c, v in missed or filter(None, [worst]))


def _worst(trial: Trial) -> tuple[Constraint, float] | None:
    return max(_measurable(trial), key=lambda pair: abs(miss(*pair)), default=None)


def _measurable(trial: Trial) -> list[tuple[Constraint, float]]:
    pairs = zip(trial.asked, trial.achieved, strict=True)
    return [(c, value) for c, value in pairs if not metric_of(c.kind).needs_frames]
