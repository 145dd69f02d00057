"""The search: which scene to look at next. Deterministic: the same seed and the same outcomes give the same points.

It explores until a scene fails that no known region explains, delimits how far that failure reaches, then checks and
sharpens the region that the estimate finds, and goes on exploring elsewhere.
"""

from __future__ import annotations

from collections.abc import Callable, Generator
from dataclasses import dataclass
from typing import Final, Literal

import numpy as np

from simgen.records.base import F8, Bool
from simgen.rng import Stream, stream
from simgen.stress.axes import Box, Cube
from simgen.stress.delimit import Walk, delimit
from simgen.stress.estimate import regions
from simgen.stress.explore import Filling, Learning

Phase = Literal["explore", "learn", "delimit", "sharpen"]

#: of the evaluations that explore, so many may fail before it makes no sense to delimit one failure
_COMMON: Final = 0.25
#: rounds of sharpening after a failure was delimited
_SHARPEN: Final = 14
#: how far outside an edge is looked, as a share of the region's width
_SHELL: Final = 0.3
#: draws that may fall into regions already known before one is taken all the same: by filling, by learning
_REDRAWS: Final = (30, 3)
#: a region of more than this share of the space is no reason to look elsewhere
_LARGE: Final = 0.5


@dataclass(frozen=True, kw_only=True, eq=False)
class Proposal:
    """A point to look at, and why."""

    index: int
    point: F8
    phase: Phase


class Search:
    """Ask for a point, tell what it came to, and so on."""

    def __init__(self, cube: Cube, seed: int, snap: Callable[[F8], F8] = lambda point: point) -> None:
        """``snap`` moves a point to the coordinates of the values that it stands for, where these are whole."""
        self.cube, self.seed, self._snap = cube, seed, snap
        self.points: list[F8] = []
        self.scores: list[float] = []
        self.failed: list[bool] = []
        self.phases: list[Phase] = []
        self._filling, self._learning = Filling(cube, seed), Learning(cube, seed)
        self._steps = self._plan()
        self._pending: Proposal | None = None

    def ask(self) -> Proposal:
        """The next point."""
        if self._pending is None:
            phase, point = next(self._steps)
            self._pending = Proposal(index=len(self.points), point=self._snap(point), phase=phase)
        return self._pending

    def tell(self, score: float, failed: bool) -> None:
        """What the point asked for came to: a score from 0 (worst) to 1, or nan where no scene could be made."""
        assert self._pending is not None
        self.points.append(self._pending.point)
        self.phases.append(self._pending.phase)
        self.scores.append(score)
        self.failed.append(failed)
        self._pending = None
        if not np.isnan(score):
            self._learning.tell(self.points[-1], score)

    def evaluated(self) -> tuple[F8, Bool]:
        """The points of which a scene could be made, and whether they failed."""
        made = ~np.isnan(np.array(self.scores, np.float64))
        points = np.array(self.points, np.float64).reshape(-1, len(self.cube))
        return points[made], np.array(self.failed, bool)[made]

    def evaluated_rows(self) -> dict[int, F8]:
        """Every point, by the number of its evaluation."""
        return dict(enumerate(self.points))

    def regions(self, fewest: int = 1) -> list[Box]:
        """Where scenes fail, as far as is known; each region holds at least so many failures."""
        return regions(self.cube, *self.evaluated(), fewest=fewest)

    # ------------------------------------------------------------------------------------------------ the plan

    def _plan(self) -> Generator[tuple[Phase, F8], None, None]:
        explained: list[Box] = []
        while True:
            yield from self._explore(explained)
            if not self.failed[-1] or self._common():
                continue
            begin = len(self.points)
            rng = stream(self.seed, "stress", "delimit", begin)
            yield from self._walk(delimit(self.cube, self.points[-1], rng))
            for turn in range(_SHARPEN):
                box = self._region_of(begin - 1)
                yield "sharpen", self._inside(box) if turn % 3 == 2 else self._shell(box, turn)
            explained = [*explained, self._region_of(begin - 1)]

    def _walk(self, walk: Walk) -> Generator[tuple[Phase, F8], None, None]:
        point = next(walk)
        while True:
            yield "delimit", point
            try:
                point = walk.send(self.failed[-1])
            except StopIteration:
                return

    def _explore(self, explained: list[Box]) -> Generator[tuple[Phase, F8], None, None]:
        explored = sum(phase in ("explore", "learn") for phase in self.phases)
        learn = explored % 2 == 1 and self._learning.able
        known = [box for box in explained if self.cube.volume(box) < _LARGE]
        for _ in range(_REDRAWS[learn]):
            point = self._learning.next() if learn else self._filling.next()
            if not any(box.contains(point[None])[0] for box in known):
                break
        yield ("learn" if learn else "explore"), point

    def _common(self) -> bool:
        """Whether so many scenes fail that exploring tells more than delimiting one failure."""
        explored = [f for f, phase in zip(self.failed, self.phases, strict=True) if phase in ("explore", "learn")]
        return len(explored) >= 8 and sum(explored) > _COMMON * len(explored)

    def _region_of(self, index: int) -> Box:
        """The region that holds a failure."""
        found = self.regions()
        return next((box for box in found if box.contains(self.points[index][None])[0]), found[0] if found else Box())

    # ------------------------------------------------------------------------------------------------ points

    def _rng(self) -> Stream:
        return stream(self.seed, "stress", "point", len(self.points))

    def _inside(self, box: Box) -> F8:
        """Anywhere in a region."""
        rng = self._rng()
        point = self.cube.point(rng.random(len(self.cube)))
        for axis, (low, high) in box.intervals.items():
            point[axis] = low + (high - low) * float(rng.random())
        for axis, kept in box.sets.items():
            point[axis] = sorted(kept)[int(rng.integers(len(kept)))]
        return point

    def _shell(self, box: Box, turn: int) -> F8:
        """Just outside one edge of a region, anywhere else in it; edges take turns, those without bounds as well."""
        point = self._inside(box)
        faces = [(a, s) for a, ends in box.intervals.items() for s in (0, 1) if 0.0 < ends[s] < 1.0]
        if not faces:
            return point
        axis, side = faces[turn % len(faces)]
        low, high = box.intervals[axis]
        reach = _SHELL * max(high - low, 0.02) * float(self._rng().random())
        point[axis] = max(low - reach, 0.0) if side == 0 else min(high + reach, 1.0)
        return point
