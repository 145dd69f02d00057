"""Plots of family houses: driveways, paths to doors, hedges, garden trees."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from itertools import pairwise

import numpy as np

from simgen.polyline import Polyline
from simgen.records.base import F8
from simgen.records.layout import Prop
from simgen.records.mesh import Surface
from simgen.rng import stream
from simgen.roads import MATERIALS, BuiltNetwork, RoadSide
from simgen.worlds._kerb_things import tufts
from simgen.worlds._town import Design, Mix, Plots, beside, buildings_along, footprint

#: how high slabs lie over the lawn
_SLAB_M = 0.015
#: width of the garages of detached houses, and how far behind the front they stand
_GARAGE_M, _BEHIND_M = 3.2, 1.0


def slab(
    built: BuiltNetwork, line: Polyline, span: tuple[float, float], depth: tuple[float, float], what: Surface
) -> None:
    """Paving on the lawn to a line's right, from and to along it and away from it."""
    steps = max(int(np.ceil((span[1] - span[0]) / 4.0)), 1)
    s = np.linspace(*span, steps + 1)

    def row(right: float) -> F8:
        p = line.at(s, -right)
        p[:, 2] = built.terrain.at(p[:, :2]) + _SLAB_M
        return np.asarray(p)

    built.ground.strip(row(depth[0]), row(depth[1]), what)


def plots_along(
    built: BuiltNetwork, side: RoadSide, choice: Sequence[Design], mix: Mix, density: float, plots: Plots, seed: int
) -> Iterator[Prop]:
    """Houses with gardens along a roadside."""
    rng = stream(seed, "world", "gardens", side.name)
    line = side.rim
    found = list(buildings_along(built, side, choice, mix, density, plots, seed))
    edge = 0.3
    for index, (house, s, back) in enumerate(found):
        yield house
        width = float(house.parameters["width_m"])
        garage = width - 0.5 * _GARAGE_M if width > 10.0 else -1.0
        open_m = [(s + 0.5 * (width - _GARAGE_M) - 0.7, s + 0.5 * (width - _GARAGE_M) + 0.7)]
        slab(built, line, open_m[0], (0.0, back), MATERIALS["paving"])
        if garage > 0.0:
            open_m.append((s + garage - 1.4, s + garage + 1.4))
            slab(built, line, open_m[1], (0.0, back + _BEHIND_M), MATERIALS["paving"])
        end = found[index + 1][1] - 1.0 if index + 1 < len(found) else line.length - 0.5
        end = min(end, s + width + 8.0)
        yield from _hedges(side, line, (max(edge, s - 6.0), end), open_m, index, seed)
        yield from _shrub(built, side, (s, back), index, seed)
        edge = end + 0.4
        yield from _garden_trees(built, side, (s, s + width, back), plots, index, float(rng.random()), seed)


def _hedges(
    side: RoadSide,
    line: Polyline,
    span: tuple[float, float],
    gaps: Sequence[tuple[float, float]],
    index: int,
    seed: int,
) -> Iterator[Prop]:
    """Hedges or fences along the sidewalk between the ways in; short pieces, which keep off the walk on bends."""
    at, pieces = span[0], []
    for low, high in [*gaps, (span[1], span[1])]:
        if low - at > 1.2:
            count = max(int(np.ceil((low - at) / 6.0)), 1)
            cuts = np.linspace(at, low, count + 1)
            pieces += [(float(a), float(b)) for a, b in pairwise(cuts)]
        at = max(at, high)
    kind = _boundary(side, index, seed)
    for k, (low, high) in enumerate(pieces):
        length = 0.5 * int(2.0 * (high - low - 0.1))
        if length >= 1.0:
            middle = 0.5 * (low + high)
            z = float(line.at(middle)[2])
            if kind == "hedge":
                parameters: dict[str, object] = {"length_m": length, "width_m": 0.6, "height_m": 1.1}
                yield beside("hedge", f"hedge/{side.name}/{index}/{k}", line, middle, 0.65, z, parameters, 0.5 * np.pi)
                continue
            name, parameters = f"{side.name}/{index}/{k}", {"kind": kind, "length_m": length, "height_m": 1.0}
            yield beside("fence", f"fence/{name}", line, middle, 0.65, z, parameters, 0.5 * np.pi)
            places = [(float(s), 0.95) for s in np.arange(low + 0.6, high - 0.5, 1.1)]
            yield from tufts(name, line, places, None, seed)


def _boundary(side: RoadSide, index: int, seed: int) -> str:
    """What stands before a garden: hedges mostly."""
    drawn = stream(seed, "world", "boundaries", side.name, index).random()
    return "hedge" if drawn < 0.5 else ("picket" if drawn < 0.8 else "railing")


def _shrub(built: BuiltNetwork, side: RoadSide, house: tuple[float, float], index: int, seed: int) -> Iterator[Prop]:
    """Before the corner of a house, clear of the path to its door."""
    start, back = house
    rng = stream(seed, "world", "shrubs", side.name, index)
    variant, tall, there = int(rng.integers(5)), (0.7, 0.9, 1.1)[int(rng.integers(3))], rng.random() < 0.7
    s, right = start + 1.1, back - 1.2
    if there and right > 1.8:
        z = float(built.terrain.at(side.rim.at(s, -right)[None, :2])[0])
        parameters = {"variant": variant, "height_m": tall}
        yield beside("bush", f"bush/{side.name}/{index}", side.rim, s, right, z, parameters, float(rng.uniform(0, 6)))


def _garden_trees(
    built: BuiltNetwork,
    side: RoadSide,
    house: tuple[float, float, float],
    plots: Plots,
    index: int,
    draw: float,
    seed: int,
) -> Iterator[Prop]:
    """One before the house, one behind it."""
    start, end, back = house
    rng = stream(seed, "world", "garden trees", side.name, index)
    for k, (s, right) in enumerate(((end + 2.6, 0.6 * back + 1.5), (start + draw * (end - start), back + 17.0))):
        ring = footprint(side.rim, s - 1.8, s + 1.8, right - 1.8, right + 1.8)
        if s > side.rim.length or not plots.free(ring) or not bool(built.off_road(ring, 0.3).all()):
            continue
        plots.take(ring)
        z = float(built.terrain.at(side.rim.at(s, -right)[None, :2])[0])
        parameters = {"variant": int(rng.integers(8)), "height_m": float(rng.integers(4, 9))}
        yield beside(
            "tree", f"tree/{side.name}/{index}/{k}", side.rim, s, right, z, parameters, float(rng.uniform(0, 6))
        )
