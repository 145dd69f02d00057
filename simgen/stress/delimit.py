"""How far does a failure reach? Which axes matter around a failing point, and where on them the edges are.

First every axis alone is moved to its far end: where the scene still fails, the axis does not matter, as it seems.
Then the edges on those that do are bisected, while those that seem not to are drawn anew each time, all at once: if one
of them did matter after all, that shows. Axes of many options are moved to one other option, drawn by weight.
"""

from __future__ import annotations

import math
from collections.abc import Generator
from dataclasses import dataclass, field
from typing import Final

import numpy as np

from simgen.records.base import F8
from simgen.rng import Stream
from simgen.stress.axes import Cube

#: the ends of an axis: a normal has none nearer than this
_ENDS: Final = (0.002, 0.998)
#: an edge is known well enough within this share of the failing stretch, or of the axis
_OF_STRETCH: Final = 0.15
_OF_AXIS: Final = 0.01

#: gives points, takes whether they fail
Walk = Generator[F8, bool, None]


@dataclass
class _Known:
    """What is known of the axes around a failing point."""

    origin: F8
    #: axes that matter: the failing stretch
    stretch: dict[int, list[float]] = field(default_factory=dict)
    free: list[int] = field(default_factory=list)


def delimit(cube: Cube, origin: F8, rng: Stream) -> Walk:
    """Points that tell how far the failure at ``origin`` reaches."""
    known = _Known(origin=origin.copy())
    for axis in range(len(cube)):
        if math.isnan(origin[axis]):
            continue
        if (yield _moved(cube, origin, axis, _far(cube, origin, axis, rng))):
            known.free.append(axis)
        elif not cube.axes[axis].options:
            known.stretch[axis] = [float(origin[axis]), float(origin[axis])]
    for axis, stretch in known.stretch.items():
        far = _far(cube, origin, axis, rng)
        sides = (0, 1) if far < 0.5 else (1, 0)
        yield from _edge(cube, known, axis, sides[0], True, rng)
        yield from _edge(cube, known, axis, sides[1], False, rng)
        known.origin[axis] = 0.5 * (stretch[0] + stretch[1])
    for axis in range(len(cube)):
        if axis not in known.free and cube.axes[axis].options > 2 and not math.isnan(origin[axis]):
            yield from _options(cube, known, axis, rng)


def _edge(cube: Cube, known: _Known, axis: int, side: int, passes: bool, rng: Stream) -> Walk:
    """Bisect one edge; ``passes``: whether the end of the axis is known to pass."""
    outer = _ENDS[side]
    stretch = known.stretch[axis]
    if not passes and (yield _shaken(cube, known, axis, outer, rng)):
        stretch[side] = outer
        return
    while abs(outer - stretch[side]) > max(_OF_STRETCH * (stretch[1] - stretch[0]), _OF_AXIS):
        middle = 0.5 * (outer + stretch[side])
        values = cube.axes[axis].values
        if values and abs(outer - stretch[side]) < 1.5 / values:
            return
        if (yield _shaken(cube, known, axis, middle, rng)):
            stretch[side] = middle
        else:
            outer = middle


def _options(cube: Cube, known: _Known, axis: int, rng: Stream) -> Walk:
    """Every other option of an axis that matters."""
    for option in range(cube.axes[axis].options):
        if option != int(known.origin[axis]) and cube.axes[axis].weights[option] > 0.0:
            yield _shaken(cube, known, axis, float(option), rng)


def _shaken(cube: Cube, known: _Known, axis: int, value: float, rng: Stream) -> F8:
    """The failing point with one axis set, and those that seem not to matter drawn anew."""
    point = known.origin.copy()
    for other in known.free:
        point[other] = cube.axes[other].at(float(rng.random()))
    return _moved(cube, point, axis, value)


def _moved(cube: Cube, point: F8, axis: int, value: float) -> F8:
    """A point with one axis set; what hangs on options follows."""
    moved = point.copy()
    moved[axis] = value
    for other in range(len(cube)):
        exists = cube.exists(moved, other)
        if not exists:
            moved[other] = math.nan
        elif math.isnan(moved[other]):
            moved[other] = 0.5 if not cube.axes[other].options else cube.axes[other].at(0.5)
    return moved


def _far(cube: Cube, origin: F8, axis: int, rng: Stream) -> float:
    """The end of the axis that is farther away, or another option."""
    if not cube.axes[axis].options:
        return _ENDS[0] if origin[axis] > 0.5 else _ENDS[1]
    weights = np.array(cube.axes[axis].weights)
    weights[int(origin[axis])] = 0.0
    if weights.sum() <= 0.0:
        return float(origin[axis])
    return float(np.searchsorted(np.cumsum(weights) / weights.sum(), float(rng.random()), side="right"))
