"""Roundabouts: who enters gives way, and one gets from every arm to every arm."""

from __future__ import annotations

import numpy as np
import pytest

from simgen import registry
from simgen.errors import UserError
from simgen.polyline import Polyline
from simgen.records.roads import RoadMap
from simgen.roads.build import build_map

World = registry.get("world", "roundabout")


def reached(road_map: RoadMap, start: str) -> set[str]:
    by_name = {lane.name: lane for lane in road_map.lanes}
    seen, todo = set[str](), [start]
    while todo:
        name = todo.pop()
        if name not in seen:
            seen.add(name)
            todo += by_name[name].successors
    return seen


@pytest.mark.parametrize(("arms", "lanes", "left_hand"), [(3, 1, False), (4, 1, True), (5, 2, False)])
def test_every_arm_leads_to_every_arm(arms: int, lanes: int, left_hand: bool) -> None:
    world = World(arms=arms, lanes=lanes, left_hand=left_hand, diameter_m=36.0 + 14.0 * (lanes - 1))
    road_map = build_map(world.network(2))
    for k in range(1, arms + 1):
        seen = reached(road_map, f"arm_{k}/1")
        assert {f"arm_{m}/back/1" for m in range(1, arms + 1)} <= seen


def test_who_enters_gives_way_to_who_goes_round() -> None:
    road_map = build_map(World().network(0))
    assert road_map.lane("arm_1/s2/1/enter").gives_way_to[:1] == ("ring/arm_1/past/1",)
    assert "crosswalk/arm_1/end/1" in road_map.lane("arm_1/s2/1/enter").gives_way_to
    assert road_map.lane("ring/arm_1/past/1").gives_way_to == ()
    assert road_map.lane("arm_1/s2/1").stop_at_m is not None


@pytest.mark.parametrize("left_hand", [False, True])
def test_traffic_goes_round_the_right_way_and_can_steer(left_hand: bool) -> None:
    road_map = build_map(World(left_hand=left_hand).network(4))
    around = road_map.lane("ring/arm_1/on/1").centerline
    angle = np.unwrap(np.arctan2(around[:, 1], around[:, 0]))
    assert np.sign(angle[-1] - angle[0]) == (-1.0 if left_hand else 1.0)
    assert np.hypot(around[:, 0], around[:, 1]) == pytest.approx(14.0, abs=0.05)
    for lane in road_map.lanes:
        if lane.junction:
            line = Polyline(lane.centerline)
            assert np.abs(np.gradient(line.headings(), line.s)).max() < 1.0 / 5.5, lane.name


def test_a_circle_without_an_island_is_refused() -> None:
    with pytest.raises(UserError, match=r"has no room for an island inside 2 lane\(s\) of 8 m; give at least 38"):
        World(lanes=2, ring_lane_m=8.0)
