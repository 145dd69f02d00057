"""The crossing: names, turns, kerbs, signals, and props that stand where they should."""

from __future__ import annotations

import math
from functools import cache

import numpy as np
import pytest

from simgen import registry
from simgen.errors import UserError
from simgen.geometry import quat_from_yaw
from simgen.placement import Footprint, solid_footprints
from simgen.placement.route import route_from, turn_of
from simgen.polyline import Polyline, inside_polygon
from simgen.records.layout import Prop, WorldLayout
from simgen.records.model import Model
from simgen.worlds._street import Buildings, Trees

Intersection = registry.get("world", "intersection")
LAYOUT: WorldLayout = Intersection(buildings=Buildings(density=1.0), trees=Trees(density=1.0)).build(5)


def test_lanes_are_named_by_direction_and_counted_from_the_kerb() -> None:
    for name, heading in (("east", 0.0), ("north", 90.0), ("west", 180.0), ("south", -90.0)):
        for number in (1, 2):
            line = Polyline(LAYOUT.map.lane(f"{name}/{number}").centerline)
            assert math.cos(float(line.heading(0.0)) - math.radians(heading)) == pytest.approx(1.0)
    kerb = Polyline(next(k.line for k in LAYOUT.map.kerbs if k.name == "east"))
    away = [abs(float(kerb.closest(LAYOUT.map.lane(f"east/{n}").centerline[0])[1])) for n in (1, 2)]
    assert away == pytest.approx([2.3 + 1.75, 2.3 + 1.75 + 3.5])


@pytest.mark.parametrize(
    ("lane", "turn", "end"),
    [
        ("east/1", "straight", "east/1/exit"),
        ("east/1", "right", "south/1/exit"),
        ("east/1", "left", "east/1/exit"),
        ("east/2", "left", "north/2/exit"),
        ("north/1", "right", "east/1/exit"),
        ("west/2", "left", "south/2/exit"),
        ("south/2", "straight", "south/2/exit"),
    ],
)
def test_where_turns_lead(lane: str, turn: str, end: str) -> None:
    route = route_from(LAYOUT.map, lane, turn)  # type: ignore[arg-type]
    assert route.stretches[-1].lane.name == end


def test_connectors_turn_as_their_names_say() -> None:
    for lane in LAYOUT.map.lanes:
        if lane.kind == "driving" and lane.name.split("/")[-1] in ("left", "right", "straight"):
            assert turn_of(lane) == lane.name.split("/")[-1]


@pytest.mark.parametrize("lanes", [1, 2, 3])
def test_turns_are_no_tighter_than_a_car_can_steer_and_start_straight(lanes: int) -> None:
    road_map = Intersection(lanes=lanes).build(0).map
    for lane in road_map.lanes:
        if lane.kind != "driving" or turn_of(lane) == "straight":
            continue
        line = Polyline(lane.centerline)
        curvature = np.abs(np.gradient(line.headings(), line.s))
        assert curvature.max() < 1.0 / 6.0, lane.name
        assert curvature[[0, -1]].max() < 0.02, lane.name


def test_right_turns_keep_half_a_car_and_more_from_the_kerb() -> None:
    for lane in LAYOUT.map.lanes:
        if lane.name.endswith("/right"):
            away = [np.abs(Polyline(k.line).closest(lane.centerline)[1]).min() for k in LAYOUT.map.kerbs]
            assert min(away) > 1.2


def test_corners_are_round() -> None:
    corner = next(k.line for k in LAYOUT.map.kerbs if k.name == "corner/south_west")
    middle = np.array([-(2 * 3.5 + 2.3 + 6.0)] * 2)
    np.testing.assert_allclose(np.hypot(*(corner[:, :2] - middle).T), 6.0, atol=1e-9)


def test_the_two_axes_are_never_free_together_and_each_gets_its_turn() -> None:
    one, two = LAYOUT.map.signals
    states = [(one.state(t), two.state(t)) for t in np.arange(0.0, 80.0, 0.05)]
    free = ("green", "yellow")
    assert not any(a in free and b in free for a, b in states)
    assert any(a == "green" for a, _ in states)
    assert any(b == "green" for _, b in states)
    assert ("red", "red") in states
    # nobody starts (red and yellow) before the others have stopped
    assert not any((a == "red_yellow" and b in free) or (b == "red_yellow" and a in free) for a, b in states)


def test_every_approach_obeys_a_signal_and_has_a_light_that_faces_it() -> None:
    for direction in ("east", "north", "west", "south"):
        lane = LAYOUT.map.lane(f"{direction}/1")
        line = Polyline(lane.centerline)
        assert lane.stop_at_m == pytest.approx(line.length)
        (light,) = [p for p in LAYOUT.props if p.name == f"traffic_light/{direction}"]
        assert light.tracked
        assert light.signal == lane.signal
        assert math.cos(light.yaw_rad - float(line.heading(line.length))) == pytest.approx(-1.0)
        s, lateral = line.closest(light.position)
        assert line.length - float(s) < 0.5
        assert -8.0 < float(lateral) < -3.0


def test_without_signals_there_are_no_lights() -> None:
    layout = Intersection(signals=False).build(0)
    assert layout.map.signals == ()
    assert not any(p.asset == "traffic_light" for p in layout.props)
    assert all(lane.signal == "" for lane in layout.map.lanes)


@cache
def built(asset: str, parameters: tuple[tuple[str, object], ...]) -> Model:
    model: Model = registry.get("asset", asset)(**dict(parameters)).build()
    return model


def solids(prop: Prop) -> tuple[Footprint, ...]:
    model = built(prop.asset, tuple(prop.parameters.items()))
    q = tuple(float(c) for c in quat_from_yaw(prop.yaw_rad))
    return solid_footprints(model, prop.position, q, prop.name)


@pytest.mark.parametrize(
    "layout",
    [LAYOUT, Intersection(signals=False).build(1), registry.get("world", "straight_road")(length_m=150.0).build(2)],
    ids=["full", "default", "straight_road"],
)
def test_props_stand_apart_off_the_road_and_out_of_the_walkers_way(layout: WorldLayout) -> None:
    found = [box for prop in layout.props for box in solids(prop)]
    roads = [a.polygon for a in layout.map.areas if a.kind == "drivable"]
    paths = [
        Polyline(lane.centerline).at(np.arange(0.0, 60.0, 0.25)) for lane in layout.map.lanes if lane.kind == "sidewalk"
    ]
    for k, a in enumerate(found):
        assert not any(a.overlaps(b) for b in found[k + 1 :] if b.name != a.name), a.name
        low = a.z_min < 3.0
        if low:
            assert not any(inside_polygon(road, a.corners()).any() for road in roads), a.name
            walker = a.grown(0.35)
            assert not any(inside_polygon(walker.corners(), path).any() for path in paths), a.name


def test_a_junction_too_large_for_its_arms_is_refused() -> None:
    with pytest.raises(UserError, match=r"arm_length_m 40 leaves no road.*give at least \d+"):
        Intersection(lanes=4, arm_length_m=40.0)
