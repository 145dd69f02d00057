"""Networks: names, right of way, lights, walking, and a mesh without holes."""

from __future__ import annotations

from functools import cache

import numpy as np
import pytest

from simgen.errors import UserError
from simgen.geometry import cross
from simgen.polyline import Polyline, inside_polygon
from simgen.raycast.reference import intersect
from simgen.records.mesh import Mesh
from simgen.records.roads import RoadMap
from simgen.roads import BuiltNetwork, Crossing, Section, Street, Style, build_network, plan_streets

TOWN = Section(lanes=1, parking_m=2.0, sidewalk_m=2.5)
AVENUE = Section(lanes=2, sidewalk_m=3.0, planting_m=1.5, bike_m=1.6, median_m=2.0)
NODES = {
    "w": (-90.0, 0.0, 3.0),
    "o": (0.0, 0.0, 0.0),
    "e": (90.0, 0.0, -2.0),
    "n": (25.0, 80.0, 2.0),
    "s": (-10.0, -70.0, -1.0),
}
STYLE = Style(margin_m=60.0)


def streets(*, fourth: bool) -> list[Street]:
    found = [
        Street(name="west", start="w", end="o", section=TOWN, sign_end="priority"),
        Street(name="east", start="o", end="e", section=TOWN, sign_start="priority"),
        Street(name="north", start="o", end="n", section=TOWN, sign_start="give_way"),
    ]
    return [*found, Street(name="south", start="s", end="o", section=AVENUE, sign_end="stop")] if fourth else found


@cache
def built(rule: str, *, fourth: bool = True, left_hand: bool = False, hilly: bool = False) -> BuiltNetwork:
    nodes = NODES if hilly else {name: xyz[:2] for name, xyz in NODES.items()}
    crossing = Crossing(rule=rule, crosswalks=rule == "signals")  # type: ignore[arg-type]
    network = plan_streets(
        nodes if fourth else {k: v for k, v in nodes.items() if k != "s"},
        streets(fourth=fourth),
        crossing,
        left_hand=left_hand,
    )
    return build_network(network, STYLE, 1)


def gives_way(road_map: RoadMap, lane: str, other: str) -> bool:
    return other in road_map.lane(lane).gives_way_to


def test_lanes_lead_through_the_junction_end_to_end() -> None:
    for left_hand in (False, True):
        road_map = built("right_before_left", left_hand=left_hand).map
        by_name = {lane.name: lane for lane in road_map.lanes}
        assert len(by_name) == len(road_map.lanes)
        ways = [lane for lane in road_map.lanes if lane.junction]
        assert len(ways) == 12
        for lane in road_map.lanes:
            if lane.kind in ("sidewalk", "crosswalk"):
                continue
            for name in lane.successors:
                after = by_name[name]
                np.testing.assert_allclose(lane.centerline[-1], after.centerline[0], atol=1e-6)
                a, b = Polyline(lane.centerline).headings()[-1], Polyline(after.centerline).headings()[0]
                assert np.cos(a - b) > 0.999, (lane.name, name)
        # steering wheels can follow
        for way in ways:
            line = Polyline(way.centerline)
            assert np.abs(np.gradient(line.headings(), line.s)).max() < 1.0 / 4.0, way.name


def test_traffic_keeps_its_side() -> None:
    for left_hand, sign in ((False, -1.0), (True, 1.0)):
        lane = built("right_before_left", left_hand=left_hand).map.lane("west/1")
        assert np.sign(lane.centerline[0, 1]) == sign
        assert lane.centerline[-1, 0] > lane.centerline[0, 0]


def test_neighbours_are_on_the_sides_they_are_said_to_be() -> None:
    for left_hand in (False, True):
        road_map = built("right_before_left", left_hand=left_hand).map
        for lane in road_map.lanes:
            for name, sign in ((lane.left, 1.0), (lane.right, -1.0)):
                if name:
                    other = Polyline(road_map.lane(name).centerline)
                    _, lateral = Polyline(lane.centerline).closest(other.at(0.5 * other.length))
                    assert float(lateral) * sign == pytest.approx(3.25, abs=0.1)
        assert road_map.lane("south/2").right + road_map.lane("south/2").left == "south/1"


def test_right_before_left_and_left_turns_wait() -> None:
    road_map = built("right_before_left").map
    # north comes from the left of east's traffic westwards ... which comes from its left
    assert gives_way(road_map, "west/1/to/east", "south/1/to/north")
    assert not gives_way(road_map, "south/1/to/north", "west/1/to/east")
    assert gives_way(road_map, "west/1/to/north", "east/back/1/to/west")
    assert not gives_way(road_map, "east/back/1/to/west", "west/1/to/north")


def test_side_roads_wait_for_the_main_road() -> None:
    road_map = built("signs", fourth=False).map
    for way in ("north/back/1/to/west", "north/back/1/to/east"):
        foes = set(road_map.lane(way).gives_way_to)
        assert foes
        assert foes <= {lane.name for lane in road_map.lanes if lane.name.startswith(("west/1/", "east/back/1/"))}
    assert not any("north" in name.split("/to/")[0] for name in road_map.lane("west/1/to/north").gives_way_to)
    assert built("signs").map.lane("south/1").must_stop
    signs = {
        p.name.split("/")[-1] if not p.name.endswith("start") else p.name.split("/")[-2]: p
        for p in built("signs").props
    }
    assert {k: dict(p.parameters)["kind"] for k, p in signs.items()} == {
        "west": "priority",
        "east": "priority",
        "north": "yield",
        "south": "stop",
    }


def test_no_pair_of_ways_waits_for_each_other() -> None:
    for rule in ("right_before_left", "signs", "signals"):
        by_name = {lane.name: set(lane.gives_way_to) for lane in built(rule).map.lanes}
        for name, foes in by_name.items():
            assert not any(name in by_name[foe] for foe in foes)


def test_lights_are_never_green_together_for_ways_that_cross() -> None:
    road_map = built("signals").map
    assert len(road_map.signals) == 2
    times = np.arange(0.0, 120.0, 0.1)
    states = [[signal.state(float(t)) for signal in road_map.signals] for t in times]
    assert not any(all(s in ("green", "yellow") for s in both) for both in states)
    assert all(any(both[k] == "green" for both in states) for k in (0, 1))
    starts = {way.name: road_map.lane(way.name.split("/to/")[0]).signal for way in road_map.lanes if way.junction}
    # whoever may meet during one green is told who waits
    names = list(starts)
    for k, a in enumerate(names):
        for b in names[k + 1 :]:
            if starts[a] != starts[b]:
                assert not gives_way(road_map, a, b)


def test_one_walks_round_the_whole_junction() -> None:
    road_map = built("signals").map
    walking = {lane.name: lane for lane in road_map.lanes if lane.kind in ("sidewalk", "crosswalk")}
    assert sum(lane.kind == "crosswalk" for lane in walking.values()) == 8
    seen, todo = set[str](), ["sidewalk/west/right/1"]
    while todo:
        name = todo.pop()
        if name not in seen:
            seen.add(name)
            todo += walking[name].successors
            gaps = [
                np.hypot(*(walking[n].centerline[0] - walking[name].centerline[-1])[:2])
                for n in walking[name].successors
            ]
            assert max(gaps, default=0.0) < 4.5
    roads = {name.split("/")[1] for name in seen if name.startswith("crosswalk")}
    assert roads == {"west", "east", "north", "south"}
    # nobody walks on the carriageway but on crosswalks
    drivable = [a.polygon for a in road_map.areas if a.kind == "drivable"]
    for lane in walking.values():
        if lane.kind == "sidewalk":
            points = Polyline(lane.centerline).resample(1.0).points
            assert not any(inside_polygon(p, points).any() for p in drivable), lane.name


def down(mesh: Mesh, xy: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """The height of the first surface seen from above, and its triangle."""
    corners = mesh.vertices[mesh.triangles].astype(np.float64)
    lo, hi = xy.min(0) - 1.0, xy.max(0) + 1.0
    near = ((corners[..., :2].max(1) >= lo) & (corners[..., :2].min(1) <= hi)).all(-1)
    origin = np.concatenate([xy, np.full((len(xy), 1), 50.0)], 1)
    direction = np.tile([0.0, 0.0, -1.0], (len(xy), 1))
    distance, row, _ = intersect(
        origin, direction, np.zeros(len(xy), np.float32), np.full(len(xy), 1e4, np.float32), corners[near]
    )
    return 50.0 - distance, np.flatnonzero(near)[np.minimum(row, near.sum() - 1)]


@pytest.mark.parametrize("hilly", [False, True])
def test_the_ground_has_no_holes_and_bears_the_lanes(hilly: bool) -> None:
    found = built("signals", hilly=hilly)
    mesh = found.mesh
    span = np.linspace(-42.0, 42.0, 43)
    xy = np.stack(np.meshgrid(span + 0.013, span - 0.017), -1).reshape(-1, 2)
    height, _ = down(mesh, xy)
    assert np.isfinite(height).all()
    assert np.abs(height).max() < 4.0
    for lane in found.map.lanes:
        if lane.kind == "driving":
            points = Polyline(lane.centerline).resample(3.0).points
            points = points[np.abs(points[:, :2]).max(-1) < 60.0]
            if len(points):
                z, _ = down(mesh, points[:, :2])
                np.testing.assert_allclose(z, points[:, 2], atol=0.02, err_msg=lane.name)


def test_paint_lies_on_the_road_and_kerbs_stand_over_it() -> None:
    found = built("signals", hilly=True)
    mesh, names = found.mesh, [s.class_name for s in found.surfaces]
    rows = [k for k, name in enumerate(names) if name in ("lane_marking", "crosswalk")]
    paint = np.isin(mesh.surface, rows)
    corners = mesh.vertices[mesh.triangles[paint]].astype(np.float64)
    middle = corners.mean(1)
    keep = np.abs(middle[:, :2]).max(-1) < 60.0
    bare = Mesh(
        vertices=mesh.vertices, normals=mesh.normals, triangles=mesh.triangles[~paint], surface=mesh.surface[~paint]
    )
    z, _ = down(bare, middle[keep][:, :2])
    gap = middle[keep][:, 2] - z
    assert gap.min() > 0.0005
    assert gap.max() < 0.02
    kerb = next(k for k in found.map.kerbs if k.name == "west/right")
    line = Polyline(kerb.line)
    s = np.linspace(5.0, line.length - 5.0, 8)
    road, walk = (down(mesh, line.at(s, side)[:, :2])[0] for side in (0.3, -0.5))
    np.testing.assert_allclose(walk - road, 0.12, atol=0.03)


def test_triangles_are_sane_and_look_up() -> None:
    found = built("signals", hilly=True)
    mesh, names = found.mesh, [s.class_name for s in found.surfaces]
    corners = mesh.vertices[mesh.triangles].astype(np.float64)
    face = cross(corners[:, 1] - corners[:, 0], corners[:, 2] - corners[:, 0])
    upright = np.isin(mesh.surface, [k for k, n in enumerate(names) if n == "kerb"])
    assert (face[~upright, 2] > 0.0).all()
    assert len(mesh.triangles) < 40000
    assert np.isfinite(mesh.normals).all()


def test_areas_follow_the_ground_and_lights_stand_beside_the_road() -> None:
    found = built("signals", hilly=True)
    drivable = [a.polygon for a in found.map.areas if a.kind == "drivable"]
    assert {a.kind for a in found.map.areas} >= {"drivable", "sidewalk", "crosswalk", "parking"}
    for prop in found.props:
        assert not any(inside_polygon(p, np.array(prop.position[:2])).any() for p in drivable), prop.name
    lights = [p for p in found.props if p.tracked]
    assert {p.signal for p in lights} == {"o/1", "o/2"}
    assert found.off_road(np.array([[0.0, 0.0], [40.0, 40.0]]), 1.0).tolist() == [False, True]


def test_the_same_network_is_the_same_mesh() -> None:
    a, b = (
        built("signals", hilly=True).mesh,
        build_network(
            plan_streets(NODES, streets(fourth=True), Crossing(rule="signals", crosswalks=True)), STYLE, 1
        ).mesh,
    )
    assert a.vertices.tobytes() == b.vertices.tobytes()
    assert a.triangles.tobytes() == b.triangles.tobytes()


def test_plans_that_do_not_fit_are_refused() -> None:
    nodes = {
        "a": (0.0, 0.0),
        "b": (20.0, 0.0),
        "c": (0.0, 60.0),
        "d": (-60.0, 0.0),
        "e": (20.0, 60.0),
        "f": (90.0, 0.0),
    }
    links = [("ab", "a", "b"), ("ac", "a", "c"), ("ad", "a", "d"), ("be", "b", "e"), ("bf", "b", "f")]
    with pytest.raises(UserError, match=r"street 'ab' is 20.0 m long, but its junctions take"):
        plan_streets(nodes, [Street(name=n, start=a, end=b) for n, a, b in links])
    with pytest.raises(UserError, match="leads to no node 'z'"):
        plan_streets(nodes, [Street(name="x", start="a", end="z")])
