"""Routes over the map, the nearest lane, and the height of the ground."""

from __future__ import annotations

import math

import numpy as np
import pytest

from simgen import registry
from simgen.errors import UserError
from simgen.placement import GroundHeight, nearest_lane, route_from
from simgen.records.roads import Area, RoadMap
from simgen.rng import stream

CROSSING: RoadMap = registry.get("world", "intersection")().build(0).map


def test_a_route_joins_lanes_without_gaps() -> None:
    route = route_from(CROSSING, "east/1")
    assert [x.lane.name for x in route.stretches] == ["east/1", "east/1/straight", "east/1/exit"]
    assert route.line.length == pytest.approx(180.0)
    for a, b in zip(route.stretches[:-1], route.stretches[1:], strict=True):
        assert a.end_m == b.start_m
    assert np.sqrt((np.diff(route.line.points, axis=0) ** 2).sum(-1)).max() < 5.1


def test_its_stop_line_is_where_the_approach_ends() -> None:
    route = route_from(CROSSING, "west/2", "left")
    assert route.stops() == ((pytest.approx(route.stretches[0].end_m), "east_west"),)


def test_stretches_are_found_by_distance() -> None:
    route = route_from(CROSSING, "south/1")
    assert route.stretch_at(0.0).lane.name == "south/1"
    assert route.stretch_at(90.0).lane.name == "south/1/straight"
    assert route.stretch_at(1e4).lane.name == "south/1/exit"


def test_a_ring_is_driven_once() -> None:
    lanes = []
    for k in range(4):
        base = CROSSING.lane("east/1")
        points = np.array([[k, 0.0, 0.0], [k + 1.0, 0.0, 0.0]])
        lanes.append(base.replace(name=f"ring/{k}", centerline=points, successors=(f"ring/{(k + 1) % 4}",)))
    assert len(route_from(RoadMap(lanes=tuple(lanes)), "ring/2").stretches) == 4


def test_unknown_lanes_are_told_with_a_suggestion() -> None:
    with pytest.raises(UserError, match="no lane 'north/9'; did you mean 'north/"):
        route_from(CROSSING, "north/9")
    with pytest.raises(UserError, match="this world has no lanes"):
        route_from(RoadMap(), "east/1")


def test_the_nearest_lane_goes_the_same_way() -> None:
    ahead = nearest_lane(CROSSING, -60.0, 0.1, 0.0, ("driving",))
    back = nearest_lane(CROSSING, -60.0, -0.1, math.pi, ("driving",))
    assert ahead is not None
    assert back is not None
    assert (ahead.name, back.name) == ("east/2", "west/2/exit")
    assert nearest_lane(CROSSING, 0.0, 0.0, None, ("bike",)) is None


@pytest.mark.parametrize(
    ("x", "y", "z"),
    [
        (0.0, 0.0, 0.0),
        (-50.0, -9.2, 0.0),
        (-50.0, -9.4, 0.12),
        (-50.0, -60.0, 0.12),
        (-10.8, -10.8, 0.0),
        (-11.5, -11.5, 0.12),
        (1e5, 0.0, 0.0),
    ],
)
def test_heights_of_road_sidewalk_corner_and_lawn(x: float, y: float, z: float) -> None:
    assert GroundHeight(CROSSING).at(x, y) == z


def test_supports_are_no_ground() -> None:
    top = np.array([(-1, -1, 0.7), (1, -1, 0.7), (1, 1, 0.7), (-1, 1, 0.7)])
    assert GroundHeight(RoadMap(areas=(Area(name="table", kind="support", polygon=top),))).at(0.0, 0.0) == 0.0


def crossings(corners: np.ndarray, x: float, y: float) -> bool:
    """Crossing number, side by side."""
    found = False
    for (ax, ay), (bx, by) in zip(corners, np.roll(corners, -1, axis=0), strict=True):
        if (ay > y) != (by > y) and x < ax + (y - ay) * (bx - ax) / (by - ay):
            found = not found
    return found


@pytest.mark.parametrize("count", [3, 4, 7, 60, 301])
def test_areas_hold_what_a_plain_crossing_number_says(count: int) -> None:
    draw = stream(count, "outlines")
    angle = np.sort(draw.uniform(0.0, 2.0 * math.pi, count))
    corners = draw.uniform(2.0, 9.0, count)[:, None] * np.stack([np.cos(angle), np.sin(angle)], -1)
    corners = np.round(corners, 1)  # level sides and corners of equal height
    area = Area(name="walk", kind="sidewalk", polygon=np.concatenate([corners, np.full((count, 1), 0.15)], -1))
    ground = GroundHeight(RoadMap(areas=(area,)))
    for x, y in np.concatenate([draw.uniform(-9.0, 9.0, (400, 2)), corners + 1e-3, corners - 0.7]):
        assert (ground.at(x, y) > 0.0) == crossings(corners, x, y)
