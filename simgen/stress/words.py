"""Regions in words and numbers."""

from __future__ import annotations

import math
import re
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, Final

import numpy as np

from simgen.records.base import F8, Bool
from simgen.scenario import Dimension
from simgen.stress.axes import Box, Cube
from simgen.stress.estimate import rate_bounds

#: an object of which there is one
_ONE: Final = re.compile(r"^objects\.([^.\[\]]+)(?:\[0\])?")


@dataclass(frozen=True, kw_only=True)
class Region:
    """A region of the parameter space in which scenes fail."""

    box: Box
    #: one condition per dimension that matters, such as ``rain.rate_mm_h > 9.8``
    conditions: tuple[str, ...]
    #: by path: from and to (None = no bound), or the options
    bounds: dict[str, Any]
    #: of the parameter space
    share: float
    failed_inside: int
    inside: int
    failed_outside: int
    outside: int

    @property
    def rate(self) -> tuple[float, float]:
        """What share of the scenes inside fails, between which bounds (95 %)."""
        return rate_bounds(self.failed_inside, self.inside)

    @property
    def text(self) -> str:
        """The region as a sentence."""
        return ", ".join(self.conditions) if self.conditions else "everywhere: no parameter tells failures apart"


def told(cube: Cube, dimensions: Sequence[Dimension], boxes: Sequence[Box], points: F8, failed: Bool) -> list[Region]:
    """Every region in words; what the ones before hold is not counted as outside."""
    found, earlier = [], np.zeros(len(points), bool)
    for box in boxes:
        inside = box.contains(points) & ~earlier
        outside = ~inside & ~earlier
        found.append(
            Region(
                box=box,
                conditions=tuple(_condition(dimensions[axis], box, axis) for axis in box.matters),
                bounds={dimensions[axis].path: _bounds(dimensions[axis], box, axis) for axis in box.matters},
                share=cube.volume(box),
                failed_inside=int((failed & inside).sum()),
                inside=int(inside.sum()),
                failed_outside=int((failed & outside).sum()),
                outside=int(outside.sum()),
            )
        )
        earlier |= inside
    return found


def short(path: str) -> str:
    """A path without what every such path has: ``objects.pedestrian[0].asset.top`` -> ``pedestrian.asset.top``."""
    return _ONE.sub(r"\1", path).removesuffix(".choice")


def _bounds(dimension: Dimension, box: Box, axis: int) -> Any:
    if axis in box.sets:
        return [dimension.words[k] for k in sorted(box.sets[axis])]
    low, high = box.intervals[axis]
    return [_value(dimension, low, 0) if low > 0.0 else None, _value(dimension, high, 1) if high < 1.0 else None]


def _value(dimension: Dimension, u: float, side: int) -> Any:
    """The value at a bound; of whole numbers the outermost one whose middle is inside."""
    value = dimension.value(u)
    if not dimension.whole:
        return value
    if side == 0:
        return value if dimension.unit(value) >= u else value + 1
    return value if dimension.unit(value) <= u else value - 1


def _condition(dimension: Dimension, box: Box, axis: int) -> str:
    name, bounds = short(dimension.path), _bounds(dimension, box, axis)
    if axis in box.sets:
        return f"{name} is {' or '.join(bounds)}"
    low, high = (None if bound is None else _number(bound) for bound in bounds)
    or_equal = "=" if dimension.whole else ""
    if low is not None and high is not None:
        return f"{name} from {low} to {high}"
    return f"{name} >{or_equal} {low}" if low is not None else f"{name} <{or_equal} {high}"


def _number(value: float | int) -> str:
    if isinstance(value, int):
        return str(value)
    if value == 0.0 or not math.isfinite(value):
        return f"{value:g}"
    return f"{value:.{max(0, 2 - math.floor(math.log10(abs(value))))}f}" if abs(value) < 1000 else f"{value:.0f}"
