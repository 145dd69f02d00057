"""Placement by constraints: values are drawn and adjusted until what they lead to is what was asked.

A problem names the values that are free, how a scene is built from them, and what is asked. Each proposal is run ahead
(:class:`~simgen.edge_cases._look.Lookout`: a forecast, or physics where things fall and slide) and measured by the
metrics that will judge the finished sequence. Proposals fill the ranges evenly (a shifted Sobol sequence, Cranley and
Patterson 1976); one that comes near is adjusted by damped Gauss-Newton steps (Levenberg 1944) whose slopes are kept up
by secants (Broyden 1965). The first that holds, with a margin, is taken: a draw from those that are possible. What was
turned down, and why, is kept.
"""

from __future__ import annotations

import math
from collections import Counter
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import Final

import numpy as np

from simgen.edge_cases._look import MARGIN, UNREACHED, Lookout, Trial, in_words, off_in_words
from simgen.edge_cases._newton import secant, step_of
from simgen.edge_cases.base import Stage
from simgen.errors import UserError
from simgen.records.base import F8, Bool
from simgen.records.constraints import Constraint, Solution
from simgen.records.evidence import Evidence
from simgen.rng import stream
from simgen.scene import Scene

#: proposals that are nearer than so many tolerances are adjusted
_NEAR: Final = 200.0
_STEPS: Final = 10
#: so many times as many proposals are tried where none came near and each costs next to nothing
_PATIENCE: Final = 8
#: first looks are given up when closer ones belied so many
_BELIEVED: Final = 3
#: share of a range by which a value is nudged to see what it changes
_NUDGE: Final = 0.01


class RejectedError(Exception):
    """Raised while a proposal is built: why it will not do, in a few words that are the same for the same reason."""


Values = Mapping[str, float]


@dataclass(frozen=True)
class Whole:
    """A whole number, both ends included."""

    low: int
    high: int


@dataclass(frozen=True)
class Among:
    """One of a few numbers, such as places in a list."""

    options: tuple[float, ...]


Free = tuple[float, float] | Whole | Among


@dataclass(frozen=True, kw_only=True)
class Problem:
    """What is free, how a scene comes of it, and what it must fulfil."""

    #: the plugin's name
    case: str
    #: name -> from, to; or what else it may be
    free: Mapping[str, Free]
    #: the scene with the event in it; may raise :class:`RejectedError`
    build: Callable[[Values], Scene]
    #: what is asked of the scene that a proposal makes; instants may depend on the values
    ask: Callable[[Values], Sequence[Constraint]]
    #: whether it has to be simulated: something falls, slides or is hit
    physical: bool = False
    #: whether a proposal only works out where everybody reacts, so that a first look would belie it
    closely: bool = False
    #: proposals that are tried before it is given up
    tries: int = 32
    #: what a user can do if nothing works, a sentence without its full stop
    way_out: str = "lengthen clock.duration_s, or ask for less"
    #: what is asked, with instants that only the forecast tells
    settle: Callable[[Sequence[Constraint], Evidence], Sequence[Constraint]] | None = None
    #: further deviations, in tolerances, that only lead the search to where something can be seen of the others
    guide: Callable[[Sequence[Constraint], Evidence, Sequence[float]], Sequence[float]] | None = None


@dataclass(kw_only=True)
class _Search:
    """A search under way: what was tried and turned down."""

    problem: Problem
    lookout: Lookout
    tried: int = 0
    rejected: Counter[str] = field(default_factory=Counter)
    best: Trial | None = None
    #: whether any proposal was near enough to be adjusted
    came_near: bool = False
    #: how often a closer look belied a first one
    belied: int = 0

    def introduce(self, points: F8) -> None:
        """Show the lookout two proposals that can be built."""
        first: Scene | None = None
        for x in points:
            try:
                scene = self.problem.build(self.values(x))
            except RejectedError:
                continue
            if first is not None and first.entities != scene.entities:
                self.lookout.meet(first, scene)
                return
            first = scene

    def propose(self, x: F8) -> Trial | None:
        """Try a proposal, adjust it if it comes near, and look closely if it holds."""
        self.tried += 1
        try:
            trial = self.trial(x)
            if MARGIN < trial.worst < _NEAR:
                self.came_near = True
                trial = self._adjusted(trial)
            if trial.worst <= MARGIN and not trial.exact:
                trial = self._confirmed(trial)
        except RejectedError as reason:
            self.rejected[str(reason)] += 1
            return None
        if trial.worst > MARGIN:
            self.rejected[off_in_words(trial)] += 1
        return trial

    def trial(self, x: F8, *, closely: bool = False) -> Trial:
        """Build and measure a point of the unit cube.

        Raises:
            RejectedError: it cannot be built.
        """
        values = self.values(x)
        trial = self.lookout.trial(x, self.problem.build(values), tuple(self.problem.ask(values)), closely=closely)
        if self.best is None or (trial.rank, not trial.exact) < (self.best.rank, not self.best.exact):
            self.best = trial
        return trial

    def values(self, x: F8) -> dict[str, float]:
        """A point of the unit cube as values of the free variables."""
        pairs = zip(self.problem.free.items(), x.tolist(), strict=True)
        return {name: _value(among, share) for (name, among), share in pairs}

    def continuous(self) -> Bool:
        """Which of the free values can be adjusted."""
        return np.array([isinstance(among, tuple) for among in self.problem.free.values()], bool)

    def _confirmed(self, trial: Trial) -> Trial:
        """The trial with everybody reacting, adjusted again where that tells."""
        self.best = None if self.best is trial else self.best
        exact = self.trial(trial.x, closely=True)
        if MARGIN < exact.worst < _NEAR:
            exact = self._adjusted(exact)
        self.belied += exact.worst > MARGIN
        self.lookout.quick = self.lookout.quick and self.belied < _BELIEVED
        return exact

    def _adjusted(self, trial: Trial) -> Trial:
        """The trial, moved towards what is asked as far as a few damped Gauss-Newton steps bring it."""
        damping, slope, fresh = 1e-3, self._slope(trial), True
        for _ in range(_STEPS):
            if slope is None or damping > 100.0:
                break
            moved = np.clip(trial.x + step_of(slope, trial.misses, damping), 0.0, 1.0)
            following = self._try(moved, trial, closely=trial.exact)
            if following is not None and following.rank < trial.rank:
                slope, fresh = secant(slope, moved - trial.x, following.misses - trial.misses), False
                trial, damping = following, max(damping / 10.0, 1e-6)
            elif not fresh:
                slope, fresh = self._slope(trial), True
            else:
                damping *= 30.0
            if trial.worst <= MARGIN:
                break
        return trial

    def _try(self, x: F8, like: Trial, *, closely: bool = False) -> Trial | None:
        try:
            found = self.trial(x, closely=closely)
        except RejectedError:
            return None
        return found if found.misses.shape == like.misses.shape else None

    def _slope(self, trial: Trial) -> F8 | None:
        """How the misses change with each free value, (constraints, values): differences of first looks."""
        base = self._try(trial.x, trial) if trial.exact and self.lookout.quick else trial
        if base is None:
            return None
        slope = np.zeros((len(base.misses), len(base.x)))
        for k in np.flatnonzero(self.continuous()).tolist():
            for nudge in (_NUDGE, -_NUDGE) if base.x[k] < 0.5 else (-_NUDGE, _NUDGE):
                nudged = base.x.copy()
                nudged[k] += nudge
                near = self._try(nudged, base)
                if near is not None and near.exact == base.exact and near.unreached <= base.unreached:
                    slope[:, k] = (near.misses - base.misses) / nudge
                    break
        return slope if slope.any() else None


def solve(problem: Problem, stage: Stage) -> Scene:
    """The scene of the first proposal that holds, with its constraints, tag and :class:`Solution` entered.

    Raises:
        UserError: none of them holds; says what stood in the way, and how near the best one came.
    """
    search = _Search(problem=problem, lookout=Lookout(stage, problem.physical, problem.settle, problem.guide))
    search.lookout.quick = search.lookout.quick and not problem.closely
    found = _first_that_holds(search, stage.seed)
    if found is None and search.lookout.quick:
        search.lookout.quick = False  # perhaps it comes about only where others react
        found = _first_that_holds(search, stage.seed)
    if found is None and search.best is not None and search.best.worst <= 1.0:
        found = search.trial(search.best.x, closely=True)
    if found is None or found.worst > 1.0:
        raise UserError(_failure(search))
    return _accepted(search, found)


def _first_that_holds(search: _Search, seed: int) -> Trial | None:
    points = _proposals(search.problem, seed)
    if search.lookout.quick:
        search.introduce(points)
    for k, x in enumerate(points):
        if k >= search.problem.tries and (search.came_near or not search.lookout.quick):
            return None
        trial = search.propose(x)
        if trial is not None and trial.worst <= MARGIN:
            return trial
    return None


def accepted(scene: Scene, case: str, asked: Sequence[Constraint], solution: Solution | None = None) -> Scene:
    """The scene with what a case asks of it, its tag, and how its placement was found."""
    constraints = tuple(replace(constraint, source=case) for constraint in asked)
    solution = solution or Solution(source=case, tried=1)
    return scene.replace(
        constraints=(*scene.constraints, *constraints),
        tags=(*scene.tags, case),
        solutions=(*scene.solutions, solution),
    )


def _accepted(search: _Search, trial: Trial) -> Scene:
    solution = Solution(
        source=search.problem.case,
        tried=search.tried,
        evaluations=search.lookout.evaluations,
        rejected=tuple(search.rejected.most_common(8)),
        physical=search.problem.physical,
    )
    return accepted(trial.scene, search.problem.case, trial.asked, solution)


def _value(among: Free, share: float) -> float:
    if isinstance(among, Whole):
        return float(min(among.low + math.floor(share * (among.high - among.low + 1)), among.high))
    if isinstance(among, Among):
        return float(among.options[min(math.floor(share * len(among.options)), len(among.options) - 1)])
    low, high = among
    return low + share * (high - low)


def _proposals(problem: Problem, seed: int) -> F8:
    """Points that fill the unit cube evenly, (most tries, number of free variables)."""
    if not problem.free:
        return np.zeros((1, 0))
    from scipy.stats import qmc

    count = problem.tries * (1 if problem.physical else _PATIENCE)
    exponent = math.ceil(math.log2(max(count, 2)))
    points = qmc.Sobol(len(problem.free), scramble=False).random_base2(exponent)[:count]
    # shifted by a stream of ours: scipy scrambles differently from version to version
    shift = stream(seed, "solve", problem.case).random(len(problem.free))
    return np.asarray((points + shift) % 1.0, np.float64)


def _failure(search: _Search) -> str:
    """What stood in the way, what came nearest, and what to do."""
    shown = [f"{reason} ({count} of {search.tried})" for reason, count in search.rejected.most_common(4)]
    near = "" if search.best is None else f"; at the nearest, {in_words(search.best)}"
    why = f": {'; '.join(shown)}" if shown else ""
    return f"{search.problem.case}: none of {search.tried} placements will do{why}{near}. {_sentence(search)}"


def _sentence(search: _Search) -> str:
    text = search.problem.way_out
    return text[:1].upper() + text[1:]


__all__ = ["MARGIN", "UNREACHED", "Among", "Free", "Problem", "RejectedError", "Values", "Whole", "accepted", "solve"]
