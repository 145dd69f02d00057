"""Placement by constraints: values are drawn and adjusted until what they lead to is what was asked.

A problem names the values that are free, how a scene is built from them, and what is asked. Each proposal is run ahead
(:func:`~simgen.edge_cases._forecast.forecast`, or physics where things fall and slide) and measured by the metrics that
will judge the finished sequence. Proposals fill the ranges evenly (a shifted Sobol sequence, Cranley and Patterson
1976); one that comes near is adjusted by damped Gauss-Newton steps (Levenberg 1944). The first that holds, with a
margin, is taken: a draw from those that are possible. What was turned down, and why, is kept.
"""

from __future__ import annotations

import math
from collections import Counter
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import Final

import numpy as np

from simgen.edge_cases._forecast import evidence_of, forecast
from simgen.edge_cases.base import Stage
from simgen.errors import UserError
from simgen.metrics import metric_of
from simgen.records.base import F8
from simgen.records.constraints import Constraint, Solution
from simgen.rng import stream
from simgen.scene import Scene

#: a proposal is taken if its misses are below this share of the tolerances: rendering may differ a little
MARGIN: Final = 0.5
#: proposals that are nearer than so many tolerances are adjusted
_NEAR: Final = 200.0
_STEPS: Final = 6


class RejectedError(Exception):
    """Raised while a proposal is built: why it will not do, in a few words that are the same for the same reason."""


Values = Mapping[str, float]


@dataclass(frozen=True, kw_only=True)
class Problem:
    """What is free, how a scene comes of it, and what it must fulfil."""

    #: the plugin's name
    case: str
    #: name -> from, to
    free: Mapping[str, tuple[float, float]]
    #: the scene with the event in it; may raise :class:`RejectedError`
    build: Callable[[Values], Scene]
    #: what is asked of the scene that a proposal makes; instants may depend on the values
    ask: Callable[[Values], Sequence[Constraint]]
    #: whether it has to be simulated: something falls, slides or is hit
    physical: bool = False
    #: proposals that are tried before it is given up
    tries: int = 32
    #: what a user can do if nothing works, a sentence without its full stop
    way_out: str = "lengthen clock.duration_s, or ask for less"


@dataclass(frozen=True, kw_only=True, eq=False)
class _Trial:
    scene: Scene
    asked: tuple[Constraint, ...]
    #: deviation over tolerance of each constraint, signed
    misses: F8

    @property
    def worst(self) -> float:
        return float(np.abs(self.misses).max(initial=0.0))


@dataclass(kw_only=True)
class _Search:
    """A search under way: what was tried and turned down."""

    problem: Problem
    stage: Stage
    tried: int = 0
    rejected: Counter[str] = field(default_factory=Counter)
    best: _Trial | None = None

    def trial(self, x: F8) -> _Trial | None:
        """Build and measure a proposal; None if it cannot be built."""
        self.tried += 1
        values = self.values(x)
        try:
            scene = self.problem.build(values)
        except RejectedError as reason:
            self.rejected[str(reason)] += 1
            return None
        asked = tuple(self.problem.ask(values))
        trial = _Trial(scene=scene, asked=asked, misses=self._misses(scene, asked))
        if self.best is None or trial.worst < self.best.worst:
            self.best = trial
        if trial.worst > MARGIN:
            self.rejected[_miss_in_words(trial)] += 1
        return trial

    def values(self, x: F8) -> dict[str, float]:
        """A point of the unit cube as values of the free variables."""
        pairs = zip(self.problem.free.items(), x.tolist(), strict=True)
        return {name: low + share * (high - low) for (name, (low, high)), share in pairs}

    def _misses(self, scene: Scene, asked: Sequence[Constraint]) -> F8:
        layout = self.stage.layout
        trajectory = self.stage.simulate(scene) if self.problem.physical else forecast(scene, layout)
        evidence = evidence_of(scene, layout, trajectory)
        found = [0.0]
        for constraint in asked:
            metric = metric_of(constraint.kind)
            if not metric.needs_frames:
                off = constraint.deviation(float(metric.measure(constraint, evidence)))
                found.append(off / max(constraint.tolerance, 1e-9))
        return np.asarray(np.clip(np.array(found), -1e6, 1e6), np.float64)


def solve(problem: Problem, stage: Stage) -> Scene:
    """The scene of the first proposal that holds, with its constraints, tag and :class:`Solution` entered.

    Raises:
        UserError: none of them holds; says what stood in the way, and how near the best one came.
    """
    search = _Search(problem=problem, stage=stage)
    for x in _proposals(problem, stage.seed):
        trial = search.trial(x)
        if trial is not None and MARGIN < trial.worst < _NEAR:
            trial = _adjusted(search, x, trial)
        if trial is not None and trial.worst <= MARGIN:
            return _accepted(problem, search, trial)
    if search.best is not None and search.best.worst <= 1.0:
        return _accepted(problem, search, search.best)
    raise UserError(f"{problem.case}: none of {search.tried} placements will do: {_reasons(search)}; {problem.way_out}")


def accepted(scene: Scene, case: str, asked: Sequence[Constraint], solution: Solution | None = None) -> Scene:
    """The scene with what a case asks of it, its tag, and how its placement was found."""
    constraints = tuple(replace(constraint, source=case) for constraint in asked)
    solution = solution or Solution(source=case, tried=1)
    return scene.replace(
        constraints=(*scene.constraints, *constraints),
        tags=(*scene.tags, case),
        solutions=(*scene.solutions, solution),
    )


def _accepted(problem: Problem, search: _Search, trial: _Trial) -> Scene:
    rejected = tuple(search.rejected.most_common(8))
    solution = Solution(source=problem.case, tried=search.tried, rejected=rejected)
    return accepted(trial.scene, problem.case, trial.asked, solution)


def _proposals(problem: Problem, seed: int) -> F8:
    """Points that fill the unit cube evenly, (tries, number of free variables)."""
    if not problem.free:
        return np.zeros((1, 0))
    from scipy.stats import qmc

    exponent = math.ceil(math.log2(max(problem.tries, 2)))
    points = qmc.Sobol(len(problem.free), scramble=False).random_base2(exponent)[: problem.tries]
    # shifted by a stream of ours: scipy scrambles differently from version to version
    shift = stream(seed, "solve", problem.case).random(len(problem.free))
    return np.asarray((points + shift) % 1.0, np.float64)


def _adjusted(search: _Search, x: F8, trial: _Trial) -> _Trial:
    """The trial, moved towards what is asked as far as a few damped Gauss-Newton steps bring it."""
    damping = 1e-3
    for _ in range(_STEPS):
        slope = _slope(search, x, trial)
        if slope is None:
            return trial
        step = _step(slope, trial.misses, damping)
        moved = np.clip(x + step, 0.0, 1.0)
        following = search.trial(moved)
        if following is None or following.worst >= trial.worst:
            damping *= 30.0
            if damping > 100.0:
                return trial
            continue
        x, trial, damping = moved, following, max(damping / 10.0, 1e-6)
        if trial.worst <= MARGIN:
            return trial
    return trial


def _slope(search: _Search, x: F8, trial: _Trial) -> F8 | None:
    """How the misses change with each free value, (constraints, values), by one-sided differences."""
    columns = []
    for k in range(len(x)):
        nudged = x.copy()
        nudged[k] += 0.01 if x[k] < 0.5 else -0.01
        near = search.trial(nudged)
        if near is None or near.misses.shape != trial.misses.shape:
            return None
        columns.append((near.misses - trial.misses) / (nudged[k] - x[k]))
    slope = np.stack(columns, 1)
    return slope if np.abs(slope).max(initial=0.0) < 1e5 else None


def _step(slope: F8, misses: F8, damping: float) -> F8:
    """``(J'J + d diag(J'J)) step = -J' misses`` by elimination: a handful of unknowns."""
    # sums by hand: BLAS differs from machine to machine
    normal = (slope[:, :, None] * slope[:, None, :]).sum(0)
    right = -(slope * misses[:, None]).sum(0)
    normal[np.diag_indices(len(right))] *= 1.0 + damping
    normal[np.diag_indices(len(right))] += 1e-9
    return _eliminated(normal, right)


def _eliminated(matrix: F8, right: F8) -> F8:
    """Solve a small symmetric positive system (Gauss, without exchange)."""
    a, b = matrix.copy(), right.copy()
    size = len(b)
    for k in range(size):
        for row in range(k + 1, size):
            factor = a[row, k] / a[k, k]
            a[row] -= factor * a[k]
            b[row] -= factor * b[k]
    for k in reversed(range(size)):
        b[k] = (b[k] - (a[k, k + 1 :] * b[k + 1 :]).sum()) / a[k, k]
    return b


def _miss_in_words(trial: _Trial) -> str:
    """``time_to_collision_s of ego and child is off``: the same words for the same miss."""
    measured = [c for c in trial.asked if not metric_of(c.kind).needs_frames]
    worst = measured[int(np.argmax(np.abs(trial.misses[1:])))]
    return f"{worst.kind} of {' and '.join(filter(None, (worst.subject, worst.other)))} is off"


def _reasons(search: _Search) -> str:
    shown = [f"{reason} ({count} times)" for reason, count in search.rejected.most_common(4)]
    if search.best is not None and math.isfinite(search.best.worst):
        shown.append(f"the best came within {search.best.worst:.3g} tolerances")
    return "; ".join(shown)
