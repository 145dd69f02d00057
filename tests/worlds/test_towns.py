"""Towns: nothing stands in anything else, lights never let both axes go, cars stand in bays as drivers leave them."""

from __future__ import annotations

import math
import time
from functools import cache
from typing import Any

import numpy as np
import pytest

from simgen import registry
from simgen.assembly import model_of
from simgen.errors import UserError
from simgen.geometry import quat_from_yaw
from simgen.placement import Footprint, Place, Placer, solid_footprints
from simgen.polyline import Polyline, inside_polygon
from simgen.records.layout import Prop, WorldLayout
from simgen.registry import get
from simgen.rng import stream

#: what stands still in each world
TOWNS: dict[str, dict[str, Any]] = {
    "city_block": {},
    "city_canyon": {"length_m": 200.0},
    "residential": {},
    "school_zone": {},
    "parking_lot": {},
    "construction_zone": {},
    "level_crossing": {"closed": True},
    "bridge": {},
}


@cache
def layout(name: str, seed: int = 5) -> WorldLayout:
    made: WorldLayout = registry.get("world", name)(**TOWNS[name]).build(seed)
    return made


def solids(prop: Prop) -> tuple[Footprint, ...]:
    q = tuple(float(c) for c in quat_from_yaw(prop.yaw_rad))
    model = model_of(get("asset", prop.asset)(**prop.parameters))
    return solid_footprints(model, prop.position, q, prop.name)  # type: ignore[arg-type]


@pytest.mark.parametrize("name", TOWNS)
def test_props_do_not_stand_in_each_other(name: str) -> None:
    found = []
    for prop in layout(name).props:
        boxes = solids(prop)
        corners = np.concatenate([box.corners() for box in boxes])
        found.append((prop, boxes, corners.min(0), corners.max(0)))
    low, high = np.array([f[2] for f in found]), np.array([f[3] for f in found])
    for k, (prop, boxes, a, b) in enumerate(found):
        near = np.flatnonzero((low[k + 1 :] <= b).all(1) & (high[k + 1 :] >= a).all(1)) + k + 1
        for j in near:
            other = found[int(j)]
            if {prop.asset, other[0].asset} == {"pole", "traffic_light"}:
                continue  # the post that carries it
            assert not any(x.overlaps(y) for x in boxes for y in other[1]), (prop.name, other[0].name)


@pytest.mark.parametrize("name", TOWNS)
def test_no_prop_stands_on_a_driving_lane(name: str) -> None:
    world = layout(name)
    lines = [Polyline(lane.centerline) for lane in world.map.lanes if lane.kind in ("driving", "rail")]
    points = np.concatenate(
        [line.at(np.arange(0.0, line.length, 0.5), aside) for line in lines for aside in (-0.9, 0, 0.9)]
    )
    for prop in world.props:
        if prop.asset == "level_crossing_gate":
            continue  # closed, it lies over the lane
        for box in solids(prop):
            if box.z_min < prop.position[2] + 2.2:
                assert not inside_polygon(box.corners(), points).any(), prop.name


@pytest.mark.parametrize("name", ["city_block", "city_canyon"])
def test_lights_never_let_two_groups_of_a_junction_go(name: str) -> None:
    groups: dict[str, list[Any]] = {}
    for signal in layout(name).map.signals:
        groups.setdefault(signal.name.rsplit("/", 1)[0], []).append(signal)
    assert len(groups) >= 2
    for mine in groups.values():
        states = [[s.state(t) for s in mine] for t in np.arange(0.0, 80.0, 0.25)]
        assert max(sum(s in ("green", "yellow") for s in row) for row in states) == 1
        assert all(any(row[k] == "green" for row in states) for k in range(len(mine)))


def test_nobody_who_follows_lanes_leaves_the_city_block() -> None:
    for lane in layout("city_block").map.lanes:
        if lane.kind == "driving":
            assert lane.successors, lane.name


def test_worlds_build_quickly() -> None:
    get("world", "city_block")().build(0)
    start = time.process_time()
    get("world", "city_block")().build(1)
    assert time.process_time() - start < 3.0


@pytest.mark.parametrize(("angle", "heading"), [(90.0, ""), (60.0, "along"), (90.0, "against")])
def test_cars_stand_in_bays_along_them(angle: float, heading: str) -> None:
    world = get("world", "parking_lot")(angle_deg=angle, aisles=2, bays=9).build(2)
    bays = [a for a in world.map.areas if a.kind == "parking"]
    placer, model = Placer(world.map), model_of(get("asset", "hatchback")())
    place = Place(inside="bay", heading=heading)  # type: ignore[arg-type]
    taken, turned = set(), []
    for k in range(len(bays) // 2):
        found = placer.place(place, model, f"parked/{k}", stream(3, "place", k))
        mine = [b for b in bays if inside_polygon(b.polygon, found.footprint.corners()).all()]
        assert len(mine) == 1
        assert mine[0].name not in taken
        taken.add(mine[0].name)
        into = mine[0].polygon[3] - mine[0].polygon[0]
        w, _, _, z = found.quaternion
        turned.append(math.cos(2.0 * math.atan2(z, w) - math.atan2(into[1], into[0])))
    assert min(abs(c) for c in turned) > math.cos(math.radians(2.0))
    if heading:
        assert all((c > 0.0) == (heading == "along") for c in turned)
    else:
        # seven in ten drive in nose first
        assert 0.4 < np.mean([c > 0.0 for c in turned]) < 0.95


def test_a_full_lot_says_so() -> None:
    world = get("world", "parking_lot")(aisles=1, bays=9, shelters=False).build(2)
    placer, model = Placer(world.map), model_of(get("asset", "hatchback")())
    for k in range(18):
        placer.place(Place(inside="bay"), model, f"parked/{k}", stream(3, "place", k))
    with pytest.raises(UserError, match=r"no room for 'parked/18'.*18 of this kind fitted"):
        placer.place(Place(inside="bay"), model, "parked/18", stream(3, "place", 18))


def test_the_closed_lane_ends_before_the_works() -> None:
    road_map = layout("construction_zone").map
    works = next(a.polygon for a in road_map.areas if a.name == "works")
    for lane in road_map.lanes:
        if lane.kind == "driving":
            line = Polyline(lane.centerline)
            assert not inside_polygon(works, line.at(np.arange(0.0, line.length, 0.5))).any(), lane.name
    assert not road_map.lane("main/1").successors
    assert road_map.lane("main/2").successors


def test_closed_gates_stop_the_road_and_open_ones_do_not() -> None:
    for closed, state in ((True, "red"), (False, "green")):
        road_map = get("world", "level_crossing")(closed=closed).build(0).map
        (signal,) = road_map.signals
        assert {signal.state(t) for t in (0.0, 10.0, 1000.0)} == {state}
        held = [lane for lane in road_map.lanes if lane.signal == "crossing"]
        assert len(held) == 2
        for lane in held:
            assert lane.stop_at_m == pytest.approx(Polyline(lane.centerline).length)
            assert abs(abs(lane.centerline[-1][0]) - 6.0) < 0.5
