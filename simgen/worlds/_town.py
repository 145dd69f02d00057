"""What stands along the streets of towns: rows of buildings that keep clear of each other, lamps, trees, benches."""

from __future__ import annotations

import math
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field

import numpy as np
import shapely

from simgen.polyline import Polyline
from simgen.records.base import F8
from simgen.records.layout import Prop
from simgen.rng import Stream, stream
from simgen.roads import MATERIALS, BuiltNetwork, RoadSide
from simgen.shapes.ground_parts import rectangle
from simgen.worlds._street import FACADES, Lamps, Row, Trees, kerbside

#: how far collision shapes of buildings reach beyond their measures: balconies and steps before, eaves behind
_BEFORE_M, _AROUND_M = 0.3, 0.1
_PARTY_M = 0.08
#: how high lawns lie over the ground that they cover
_LAWN_M = 0.015


@dataclass(frozen=True, kw_only=True)
class Design:
    """A building of a town: its kind, its measures and its looks."""

    kind: str
    width: float
    depth: float
    height: float
    color: tuple[float, float, float]
    variant: int
    terraced: bool = True

    def parameters(self) -> dict[str, object]:
        """Of the asset."""
        return {
            "kind": self.kind,
            "width_m": self.width,
            "depth_m": self.depth,
            "height_m": self.height,
            "color": self.color,
            "variant": self.variant,
            "terraced": self.terraced,
        }


@dataclass(frozen=True, kw_only=True)
class Mix:
    """Which buildings a town has: kinds with their weights, and ranges of measures."""

    kinds: Mapping[str, float]
    height_m: tuple[float, float]
    width_m: tuple[float, float] = (12.0, 22.0)
    depth_m: tuple[float, float] = (10.0, 13.0)
    terraced: bool = True
    #: free ground between neighbours, and from the rim of the road to the fronts
    gap_m: tuple[float, float] = (_PARTY_M, _PARTY_M)
    setback_m: tuple[float, float] = (0.7, 0.7)
    designs: int = 20


def designs(mix: Mix, seed: int, purpose: str) -> list[Design]:
    """As many different buildings as a world has models of; streets repeat them, so that they are built once."""
    rng = stream(seed, "world", "designs", purpose)
    kinds, weights = list(mix.kinds), np.array(list(mix.kinds.values()))
    found = []
    for _ in range(mix.designs):
        kind = kinds[int(rng.choice(len(kinds), p=weights / weights.sum()))]
        low, high = mix.height_m
        if kind == "high_rise":
            low = max(low, 34.0)
        height = low + (high - low) * float(rng.beta(1.6, 2.0))
        found.append(
            Design(
                kind=kind,
                width=2.0 * round(float(rng.uniform(*mix.width_m)) / 2.0),
                depth=float(round(rng.uniform(*mix.depth_m))),
                height=1.5 * round(height / 1.5),
                color=FACADES[int(rng.integers(len(FACADES)))],
                variant=int(rng.integers(10_000)),
                terraced=mix.terraced,
            )
        )
    return found


@dataclass(kw_only=True)
class Plots:
    """What is built on already, seen from above."""

    taken: list[shapely.Geometry] = field(default_factory=list)

    def free(self, ring: F8) -> bool:
        """Whether a footprint (4, 2) touches nothing that stands."""
        shape = shapely.Polygon(ring)
        return not any(shapely.intersects(shape, other) for other in self.taken)

    def take(self, ring: F8) -> None:
        """Stand here from now on."""
        self.taken.append(shapely.Polygon(ring))


def footprint(line: Polyline, s0: float, s1: float, near: float, far: float) -> F8:
    """The rectangle (4, 2) to a line's right over a stretch of it: straight, as buildings are."""
    middle = 0.5 * (s0 + s1)
    at, heading = line.at(middle)[:2], float(line.heading(middle))
    along, right = np.array([math.cos(heading), math.sin(heading)]), np.array([math.sin(heading), -math.cos(heading)])
    half = 0.5 * (s1 - s0)
    return np.stack([at + a * along + r * right for a, r in ((-half, far), (half, far), (half, near), (-half, near))])


def buildings_along(
    built: BuiltNetwork, side: RoadSide, choice: Sequence[Design], mix: Mix, density: float, plots: Plots, seed: int
) -> Iterator[tuple[Prop, float, float]]:
    """Buildings whose fronts follow a roadside, each with where it begins on the rim and how far behind it stands."""
    rng = stream(seed, "world", "buildings", side.name)
    line, s, index = side.rim, 0.0, 0
    back = float(rng.uniform(*mix.setback_m))
    while s < line.length - 8.0:
        design = choice[int(rng.integers(len(choice)))]
        gap, there = float(rng.uniform(*mix.gap_m)), rng.random() < density
        if mix.setback_m[1] > mix.setback_m[0] + 0.5:
            back = float(rng.uniform(*mix.setback_m))
        while s + design.width <= line.length:
            ring = footprint(line, s, s + design.width, back - _BEFORE_M, back + design.depth + 1.0)
            if plots.free(ring) and bool(built.off_road(ring, 0.02).all()):
                break
            s += 1.0
        else:
            s += 4.0
            continue
        if there:
            plots.take(footprint(line, s + 0.01, s + design.width - 0.01, back - _BEFORE_M, back + design.depth + 1.0))
            yield _building(side, line, s, back, design, index), s, back
            index += 1
        s += design.width + gap


def _building(side: RoadSide, line: Polyline, s: float, back: float, design: Design, index: int) -> Prop:
    middle = s + 0.5 * design.width
    x, y, z = (float(c) for c in line.at(middle, -(back + 0.5 * design.depth)))
    yaw = math.remainder(float(line.heading(middle)) + 0.5 * math.pi, 2.0 * math.pi)
    return Prop(
        asset="building",
        name=f"building/{side.name}/{index}",
        parameters=design.parameters(),
        position=(x, y, z),
        yaw_rad=yaw,
    )


def furniture(side: RoadSide, what: Trees, lamps: Lamps, seed: int, sign: str = "") -> Iterator[Prop]:
    """Lamps, bins, trees and perhaps a sign between kerb and walking paths; junctions have lights of their own."""
    wide = side.sidewalk_m[1] - side.sidewalk_m[0]
    if wide < 2.4 or side.edge.length < 22.0:
        return
    row = Row(name=side.name, line=side.edge, start_m=9.0, end_m=side.edge.length - 9.0, right_m=0.75, z=side.height_m)
    yield from kerbside(row, what, lamps, seed, sign, wide)


def beside(
    asset: str,
    name: str,
    line: Polyline,
    s: float,
    right_m: float,
    z: float,
    parameters: Mapping[str, object] | None = None,
    turn: float = 0.0,
) -> Prop:
    """A thing at a distance along a line and to its right, turned against the line's heading."""
    x, y, _ = (float(c) for c in line.at(s, -right_m))
    yaw = math.remainder(float(line.heading(s)) + turn, 2.0 * math.pi)
    return Prop(asset=asset, name=name, parameters=parameters or {}, position=(x, y, z), yaw_rad=yaw)


def yard_trees(built: BuiltNetwork, plots: Plots, box: tuple[float, float, float, float], count: int, seed: int,
               name: str) -> Iterator[Prop]:  # fmt: skip
    """Trees on free ground in a rectangle (x, y from, x, y to), clear of roads and buildings."""
    rng: Stream = stream(seed, "world", "yards", name)
    for index in range(count):
        x, y = float(rng.uniform(box[0], box[2])), float(rng.uniform(box[1], box[3]))
        height, variant, turn = float(rng.integers(5, 11)), int(rng.integers(8)), float(rng.uniform(-3.1, 3.1))
        ring = np.array([[x - 2.5, y - 2.5], [x + 2.5, y - 2.5], [x + 2.5, y + 2.5], [x - 2.5, y + 2.5]])
        if not plots.free(ring) or not bool(built.off_road(np.array([[x, y]]), 3.0)[0]):
            continue
        plots.take(ring)
        z = float(built.terrain.at(np.array([[x, y]]))[0])
        parameters = {"variant": variant, "height_m": height}
        yield Prop(asset="tree", name=f"tree/{name}/{index}", parameters=parameters, position=(x, y, z), yaw_rad=turn)


def yard_bushes(built: BuiltNetwork, plots: Plots, box: tuple[float, float, float, float], count: int, seed: int,
                name: str) -> Iterator[Prop]:  # fmt: skip
    """Bushes on ground in a rectangle (x, y from, x, y to) that nothing else takes."""
    rng: Stream = stream(seed, "world", "yard bushes", name)
    for index in range(count):
        x, y = float(rng.uniform(box[0], box[2])), float(rng.uniform(box[1], box[3]))
        height, variant, turn = (0.8, 1.3)[int(rng.integers(2))], int(rng.integers(5)), float(rng.uniform(-3.1, 3.1))
        ring = np.array([[x - 0.9, y - 0.9], [x + 0.9, y - 0.9], [x + 0.9, y + 0.9], [x - 0.9, y + 0.9]])
        if plots.free(ring) and bool(built.off_road(np.array([[x, y]]), 2.0)[0]):
            plots.take(ring)
            z = float(built.terrain.at(np.array([[x, y]]))[0])
            parameters = {"variant": variant, "height_m": height}
            yield Prop(
                asset="bush", name=f"bush/{name}/{index}", parameters=parameters, position=(x, y, z), yaw_rad=turn
            )


def lawn(built: BuiltNetwork, box: tuple[float, float, float, float]) -> None:
    """Grass over level ground in a rectangle (x, y from, x, y to)."""
    middle = np.array([[0.5 * (box[0] + box[2]), 0.5 * (box[1] + box[3])]])
    z = float(built.terrain.at(middle)[0]) + _LAWN_M
    built.ground.quads(rectangle(*box, z), MATERIALS["grass"])
