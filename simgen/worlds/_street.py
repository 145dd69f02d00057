"""What stands beside streets: houses, trees and lamps, as props in rows along a line."""

from __future__ import annotations

import math
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

from simgen.polyline import Polyline
from simgen.records.layout import Prop
from simgen.registry import param
from simgen.rng import Stream, stream
from simgen.worlds._kerb_things import kerb_things, tufts

#: linear colours of plaster, brick and stone
FACADES = (
    (0.62, 0.55, 0.43),
    (0.55, 0.52, 0.47),
    (0.40, 0.18, 0.12),
    (0.68, 0.66, 0.60),
    (0.47, 0.36, 0.25),
    (0.35, 0.37, 0.40),
    (0.60, 0.44, 0.33),
    (0.66, 0.52, 0.26),
    (0.52, 0.26, 0.20),
    (0.42, 0.47, 0.40),
    (0.70, 0.66, 0.55),
    (0.32, 0.15, 0.10),
)
#: between the walls of neighbours in a terrace
_PARTY_M = 0.08

#: from a line's heading to its left
_LEFT = 0.5 * math.pi
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
class Lamps:
    """Street lamps."""

    spacing_m: float = param(30.0, ge=0.0, doc="between neighbours; 0 = none")
    height_m: float = param(8.0, ge=3.0, le=16.0, doc="ground to lamp")
    lit: bool | str = param(
        "auto", doc="they shine: auto = when it is dark; on; off", choices=("auto", "on", "off", True, False)
    )


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
    """Houses whose fronts look at the line, in terraces and alone, with hedges before the gardens between.

    ``right_m`` = the sidewalk's end.
    """
    rng = stream(seed, "world", "buildings", row.name)
    s, index, left, back = row.start_m, 0, 0, what.setback_m
    while True:
        if left == 0:
            # a terrace has one building line
            left = int(rng.integers(2, 6)) if rng.random() < 0.6 else 1
            terraced, back = left > 1, what.setback_m + rng.uniform(0.0, 1.5)
        house, built = _house(what, terraced, rng), rng.random() < what.density
        width, depth = float(house["width_m"]), float(house["depth_m"])  # type: ignore[arg-type]
        gap = rng.uniform(2.0, 6.0)
        if left > 1:
            gap = _PARTY_M
        plot = width + gap if built else _steps(rng.uniform(8.0, 15.0), 1.0)
        if s + plot > row.end_m:
            return
        if built:
            yield _prop("building", row, s + 0.5 * width, row.right_m + back + 0.5 * depth, index, _LEFT, house)
        else:
            yield from _garden(row, s, plot, index, rng)
        s, index, left = s + plot, index + 1, left - 1


def _house(what: Buildings, terraced: bool, rng: Stream) -> dict[str, object]:
    """Measures and looks of the next house."""
    width, depth = _steps(rng.uniform(10.0, 22.0), 2.0), _steps(rng.uniform(9.0, 14.0), 2.0)
    low, high = what.min_height_m, max(what.max_height_m, what.min_height_m)
    height = min(max(_steps(low + (high - low) * rng.beta(1.6, 2.2), 1.5), low), high)
    color, variant = FACADES[int(rng.integers(len(FACADES)))], int(rng.integers(10_000))
    return {
        "width_m": width,
        "depth_m": depth,
        "height_m": height,
        "color": color,
        "variant": variant,
        "terraced": terraced,
    }


def _garden(row: Row, s: float, length: float, index: int, rng: Stream) -> Iterator[Prop]:
    """A hedge along the sidewalk and a tree behind it."""
    hedge = {"length_m": length - 1.0}
    tree = {"variant": int(rng.integers(8)), "height_m": float(rng.integers(5, 9))}
    middle = s + 0.5 * length
    yield _prop("hedge", row, middle, row.right_m + 0.6, index, _LEFT, hedge)
    yield _prop("tree", row, middle, row.right_m + 6.0, index, rng.uniform(-math.pi, math.pi), tree, "garden")


def kerbside(row: Row, what: Trees, lamps: Lamps, seed: int, sign: str = "", walk_m: float = 0.0) -> Iterator[Prop]:
    """What stands between kerb and walking paths: lamps with bins, a sign, trees, and furniture that fits a sidewalk.

    ``walk_m`` is the sidewalk's width.
    """
    standing = [*_lamps_and_trees(row, what, lamps, seed, sign)]
    yield from standing
    span, pits = (
        (row.start_m, row.end_m),
        [float(row.line.closest(p.position[:2])[0]) for p in standing if p.asset == "tree"],
    )
    yield from kerb_things(row.name, row.line, span, row.z, walk_m, standing, seed)
    places = [(s + aside, row.right_m) for s in pits for aside in (-0.45, 0.45)]
    yield from tufts(row.name, row.line, places, row.z, seed)


def _lamps_and_trees(row: Row, what: Trees, lamps: Lamps, seed: int, sign: str) -> Iterator[Prop]:
    lamp_s = _places(row, lamps.spacing_m, 1.0) if lamps.spacing_m > 0.0 else []
    bin_s = [s + 1.2 for s in lamp_s[::2] if s + 1.2 < row.end_m]
    sign_s = [row.end_m - 9.0] if sign else []
    for index, s in enumerate(lamp_s):
        yield _prop("street_lamp", row, s, 0.45, index, _LEFT, {"height_m": lamps.height_m, "lit": lamps.lit})
    for index, s in enumerate(bin_s):
        yield _prop("bin", row, s, 0.65, index, -_LEFT, {})
    for index, s in enumerate(sign_s):
        # signs face the traffic that comes along the line
        yield _prop("traffic_sign", row, s, 0.5, index, math.pi, {"kind": sign})
    yield from trees(row, what, seed, (*lamp_s, *bin_s, *sign_s))


def trees(row: Row, what: Trees, seed: int, taken: Sequence[float] = ()) -> Iterator[Prop]:
    """Trees near the places of an even spacing, but not where something else stands."""
    rng = stream(seed, "world", "trees", row.name)
    for index, s in enumerate(_places(row, what.spacing_m, 0.5 * what.spacing_m)):
        parameters, there = _tree(what, rng), rng.random() < what.density
        at, turn = s + rng.uniform(-1.5, 1.5), rng.uniform(-math.pi, math.pi)
        if there and row.start_m <= at <= row.end_m and all(abs(at - other) > 1.5 for other in taken):
            yield _prop("tree", row, at, row.right_m, index, turn, parameters)


def _places(row: Row, spacing_m: float, first_m: float) -> list[float]:
    count = max(math.ceil((row.end_m - row.start_m - first_m) / spacing_m), 0)
    return [row.start_m + first_m + k * spacing_m for k in range(count)]


def _tree(what: Trees, rng: Stream) -> dict[str, float | int]:
    low, high = what.min_height_m, max(what.max_height_m, what.min_height_m)
    height = min(max(_steps(rng.uniform(low, high), 1.0), low), high)
    return {"variant": _STREET_TREES[int(rng.integers(len(_STREET_TREES)))], "height_m": height}


def _prop(
    asset: str,
    row: Row,
    s: float,
    right_m: float,
    index: int,
    turn: float,
    parameters: Mapping[str, object],
    kind: str = "",
) -> Prop:
    x, y, _ = (float(c) for c in row.line.at(s, -right_m))
    yaw = math.remainder(float(row.line.heading(s)) + turn, 2.0 * math.pi)
    name = f"{asset}/{kind + '/' if kind else ''}{row.name}/{index}"
    return Prop(asset=asset, name=name, parameters=parameters, position=(x, y, row.z), yaw_rad=yaw)


def _steps(value: float, step: float) -> float:
    """To a multiple of a step: things of equal measures share their model."""
    return step * round(value / step)
