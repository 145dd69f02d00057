"""Lets the tests of this folder import their stage, and share the maps that they drive on."""

from __future__ import annotations

import sys
from pathlib import Path

import pytest

from simgen import registry
from simgen.records.roads import RoadMap

sys.path.insert(0, str(Path(__file__).parent))


@pytest.fixture(scope="session")
def crossing() -> RoadMap:
    road_map: RoadMap = registry.get("world", "intersection")().build(0).map
    return road_map


@pytest.fixture(scope="session")
def bend() -> RoadMap:
    road_map: RoadMap = registry.get("world", "straight_road")(highway=True, radius_m=400.0).build(0).map
    return road_map
