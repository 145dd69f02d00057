"""What stands beside streets: houses, trees and lamps, as props in rows along a line."""

from __future__ import annotations

import math
from collections.abc import Iterator, Mapping
from dataclasses import dataclass

import numpy as np

from simgen.polyline import Polyline
from simgen.records.layout import Prop
from simgen.registry import param
from simgen.rng import Stream, stream

#: linear colours of plaster, brick and stone
_FACADES = (
    (0.62, 0.55, 0.43),
    (0.55, 0.52, 0.47),
    (0.40, 0.18, 0.12),
    (0.68, 0.66, 0.60),
    (0.47, 0.36, 0.25),
    (0.35, 0.37, 0.40),
    (0.60, 0.44, 0.33),
)

#: two shapes each of lime, hornbeam and maple: broad-leaved trees whose crowns leave room below
_STREET_TREES = (0, 1, 2, 4, 5, 6)


@dataclass(frozen=True, kw_only=True)
class Buildings:
    """Houses in rows behind the sidewalks."""

    density: float = param(0.6, ge=0.0, le=1.0, doc="share of the plots that are built on")
    min_height_m: float = param(6.0, ge=3.0, le=200.0, doc="lowest house")
    max_height_m: float = param(22.0, ge=3.0, le=200.0, doc="highest house")
    setback_m: float = param(2.0, ge=0.0, le=50.0, doc="between sidewalk and facade")


@dataclass(frozen=True, kw_only=True)
class Trees:
    """Trees along the street."""

    spacing_m: float = param(16.0, ge=4.0, doc="between neighbours, on average")
    density: float = param(0.8, ge=0.0, le=1.0, doc="share of the places that have a tree")
    min_height_m: float = param(5.0, ge=2.0, le=30.0, doc="smallest tree")
    max_height_m: float = param(9.0, ge=2.0, le=30.0, doc="tallest tree")


@dataclass(frozen=True, kw_only=True)
class Row:
    """Where a row of props stands: along a line, from one distance to another, at a distance to the line's right."""

    name: str
    line: Polyline
    start_m: float
    end_m: float
    right_m: float
    z: float


def houses(row: Row, what: Buildings, seed: int) -> Iterator[Prop]:
    """Houses whose facades look at the line; ``right_m`` is where the sidewalk ends."""
    rng = stream(seed, "world", "buildings", row.name)
    s, index = row.start_m, 0
    while True:
        width, depth = _round(rng.uniform(10.0, 22.0)), _round(rng.uniform(9.0, 14.0))
        low, high = what.min_height_m, max(what.max_height_m, what.min_height_m)
        height = _round(low + (high - low) * rng.beta(1.6, 2.2))
        back, gap = what.setback_m + rng.uniform(0.0, 1.5), 0.05 if rng.random() < 0.45 else rng.uniform(2.0, 6.0)
        color, built = _FACADES[int(rng.integers(len(_FACADES)))], rng.random() < what.density
        if s + width > row.end_m:
            return
        if built:
            parameters = {"width_m": width, "depth_m": depth, "height_m": height, "color": color}
            middle = row.right_m + back + 0.5 * depth
            yield _prop("building", row, s + 0.5 * width, middle, index, 0.5 * math.pi, parameters)
            index += 1
        s += width + gap


def trees(row: Row, what: Trees, seed: int) -> Iterator[Prop]:
    """Trees near the places of an even spacing."""
    rng = stream(seed, "world", "trees", row.name)
    for index, s in enumerate(_places(row, what.spacing_m)):
        parameters, there = _tree(what, rng), rng.random() < what.density
        at, turn = s + rng.uniform(-1.5, 1.5), rng.uniform(-math.pi, math.pi)
        if there and row.start_m <= at <= row.end_m:
            yield _prop("tree", row, at, row.right_m, index, turn, parameters)


def lamps(row: Row, spacing_m: float, height_m: float) -> Iterator[Prop]:
    """Street lamps whose arms reach over the road (to the line's left)."""
    for index, s in enumerate(_places(row, spacing_m)):
        yield _prop("street_lamp", row, s, row.right_m, index, 0.5 * math.pi, {"height_m": height_m})


def _places(row: Row, spacing_m: float) -> list[float]:
    count = max(int((row.end_m - row.start_m) / spacing_m), 0)
    return [row.start_m + (k + 0.5) * spacing_m for k in range(count)]


def _tree(what: Trees, rng: Stream) -> dict[str, float | int]:
    low, high = what.min_height_m, max(what.max_height_m, what.min_height_m)
    # heights in steps, so that trees of one kind share their model
    height = float(np.round(2.0 * rng.uniform(low, high)) / 2.0)
    return {"variant": _STREET_TREES[int(rng.integers(len(_STREET_TREES)))], "height_m": height}


def _prop(
    asset: str, row: Row, s: float, right_m: float, index: int, turn: float, parameters: Mapping[str, object]
) -> Prop:
    x, y, _ = (float(c) for c in row.line.at(s, -right_m))
    yaw = math.remainder(float(row.line.heading(s)) + turn, 2.0 * math.pi)
    name = f"{asset}/{row.name}/{index}"
    return Prop(asset=asset, name=name, parameters=parameters, position=(x, y, row.z), yaw_rad=yaw)


def _round(value: float) -> float:
    return round(value, 1)
