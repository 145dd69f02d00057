"""What stands beside country roads: trees, bushes and delineators, drawn from streams of the seed."""

from __future__ import annotations

import math
from collections.abc import Iterator

import numpy as np

from simgen.records.layout import Prop
from simgen.rng import stream
from simgen.roads import BuiltNetwork, RoadSide

_TREES = (0, 1, 2, 3, 4, 5, 6, 7)


def roadside_trees(built: BuiltNetwork, side: RoadSide, spacing_m: float, from_m: float, seed: int) -> Iterator[Prop]:
    """Groups of trees and bushes beyond a roadside's rim, between ``from_m`` and 25 m more away."""
    if spacing_m <= 0.0:
        return
    rng = stream(seed, "world", "trees", side.name)
    line, index = side.rim, 0
    for s in np.arange(0.5 * spacing_m, line.length, spacing_m):
        at, back = float(s + rng.uniform(-0.4, 0.4) * spacing_m), from_m + 25.0 * float(rng.random()) ** 2
        variant, height, turn = (
            int(rng.integers(len(_TREES))),
            float(rng.integers(5, 12)),
            rng.uniform(-math.pi, math.pi),
        )
        bush = bool(rng.random() < 0.3)
        x, y, _ = (float(c) for c in line.at(at, -back))
        if not built.off_road(np.array([[x, y]]), 1.5)[0]:
            continue
        z = float(built.terrain.at(np.array([[x, y]]))[0])
        parameters = {"variant": variant} if bush else {"variant": variant, "height_m": height}
        kind = "bush" if bush else "tree"
        yield Prop(
            asset=kind,
            name=f"{kind}/{side.name}/{index}",
            parameters=parameters,
            position=(x, y, z - 0.02),
            yaw_rad=float(turn),
        )
        index += 1


def delineators(side: RoadSide, spacing_m: float) -> Iterator[Prop]:
    """White posts half a metre beyond the carriageway, a metre high (RAL 2009: every 50 m)."""
    line = side.edge
    for index, s in enumerate(np.arange(0.5 * spacing_m, line.length, spacing_m) if spacing_m > 0.0 else ()):
        x, y, z = (float(c) for c in line.at(float(s), -0.5))
        yield Prop(
            asset="pole",
            name=f"pole/delineator/{side.name}/{index}",
            parameters={"height_m": 1.0, "diameter_m": 0.12, "color": "white"},
            position=(x, y, z),
            yaw_rad=float(line.heading(float(s))),
        )
