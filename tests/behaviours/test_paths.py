"""The net of walking paths: looking for the nearest leaves out only what cannot be it."""

from __future__ import annotations

import math

import numpy as np
import pytest

from simgen import registry
from simgen.behaviours._paths import Path, Paths
from simgen.rng import stream


def cost(path: Path, x: float, y: float, yaw: float) -> float:
    s, lateral = path.track.closest(x, y)
    return abs(lateral) + 2.0 * (1.0 - math.cos(path.track.bearing(s)[0] - yaw)) + (3.0 if path.crosses else 0.0)


@pytest.mark.parametrize("world", ["intersection", "city_block"])
def test_nearest_is_the_least_of_all(world: str) -> None:
    paths = Paths(registry.get("world", world)().build(0).map)
    low, high = (f([f(p.track.points, axis=0) for p in paths.all], axis=0) for f in (np.min, np.max))
    for x, y, turn in stream(1, "test", "nearest").uniform(0.0, 1.0, (20, 3)):
        at = (float(low[0] + x * (high[0] - low[0])), float(low[1] + y * (high[1] - low[1])), float(2 * np.pi * turn))
        found = paths.nearest(*at)
        assert found is not None
        costs = [cost(path, *at) for path in paths.all]
        assert found[0] is paths.all[int(np.argmin(costs))]
        assert found[1] == found[0].track.closest(*at[:2])[0]
