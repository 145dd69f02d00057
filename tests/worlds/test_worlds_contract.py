"""Every registered world: frozen, documented, the same bytes when built twice, whole meshes and maps."""

from __future__ import annotations

import dataclasses
import typing

import numpy as np
import pytest
from helpers_worlds import ON_NETWORKS

from simgen import registry
from simgen.geometry import cross
from simgen.polyline import Polyline, polygon_area
from simgen.records.layout import WorldLayout
from simgen.taxonomy import classes
from simgen.worlds.pitted import Pit

VARIANTS = [
    ("intersection", {}),
    ("intersection", {"lanes": 1, "parking_m": 0.0, "crosswalks": False, "signals": False}),
    ("intersection", {"lanes": 3, "sidewalk_width_m": 9.0, "corner_radius_m": 3.0, "arm_length_m": 120.0}),
    ("straight_road", {}),
    ("straight_road", {"highway": True, "lanes": 3, "lane_width_m": 3.75, "radius_m": -600.0}),
    ("straight_road", {"lanes": 1, "sidewalk_width_m": 0.0, "radius_m": 400.0}),
    ("straight_road", {"two_way": False, "lanes": 2}),
    ("table", {}),
    ("table", {"walls": False}),
    ("tunnel", {}),
    ("tunnel", {"two_way": False, "lanes": 2, "lamp_rows": 2, "length_m": 60.0}),
    ("room", {}),
    ("room", {"table": False, "window_width_m": 0.0, "lamp_lux": 0.0}),
    ("bin", {}),
    ("bin", {"depth_m": 0.1, "color": "red", "lamp_lux": 0.0}),
    ("shelf", {}),
    ("shelf", {"bays": 1, "rows": 2, "fill": 0.5}),
    ("kitchen", {}),
    ("kitchen", {"clutter": 0, "chairs": 1, "variant": 7}),
    ("warehouse", {}),
    ("warehouse", {"bays": 2, "rows": 1, "levels": 1, "aisle_m": 2.0}),
    ("corridor", {}),
    ("corridor", {"length_m": 9.0, "width_m": 1.5, "glass_door": False}),
    ("conveyor", {}),
    ("conveyor", {"length_m": 2.0, "speed_m_s": 0.0, "fence": False}),
    ("empty", {}),
    ("empty", {"material": "grass", "size_m": 10.0}),
    ("repainted", {}),
    ("repainted", {"left": 0.0, "crosswalks": False}),
    ("pitted", {"pits": (Pit(at_m=(3.0, -1.75, 0.0), yaw_deg=30.0), Pit(at_m=(9.0, 0.0, 0.0), variant=4))}),
    ("faulty_signals", {"fault": "flashing_yellow"}),
]


@pytest.fixture(scope="module", params=VARIANTS, ids=lambda v: f"{v[0]}-{len(v[1])}")
def layout(request: pytest.FixtureRequest) -> WorldLayout:
    name, parameters = request.param
    return registry.get("world", name)(**parameters).build(3)


@pytest.mark.parametrize("name", registry.names("world"))
def test_is_frozen_documented_and_covered(name: str) -> None:
    cls = registry.get("world", name)
    assert len(cls.__doc__ or "") > 60
    assert name in {variant for variant, _ in (*VARIANTS, *ON_NETWORKS)}
    world = cls()
    fields = dataclasses.fields(world)
    with pytest.raises(dataclasses.FrozenInstanceError):
        setattr(world, fields[0].name, None)
    typing.get_type_hints(cls)
    for field in fields:
        assert field.metadata["doc"], field.name
    assert hash(world) == hash(cls())


@pytest.mark.parametrize(("name", "parameters"), VARIANTS[:8])
def test_building_twice_gives_the_same_bytes(name: str, parameters: dict[str, object]) -> None:
    one, two = (registry.get("world", name)(**parameters).build(7) for _ in range(2))
    for (_, _, a), (_, _, b) in zip(one.mesh.arrays(), two.mesh.arrays(), strict=True):
        assert a.tobytes() == b.tobytes()
    assert one.props == two.props
    assert one.shapes == two.shapes
    for a, b in zip(one.map.lanes, two.map.lanes, strict=True):
        assert a.centerline.tobytes() == b.centerline.tobytes()


@pytest.mark.parametrize("name", ["intersection", "straight_road"])
def test_the_seed_moves_houses_and_trees_only(name: str) -> None:
    one, two = (registry.get("world", name)().build(seed) for seed in (0, 1))
    assert one.props != two.props
    assert one.mesh.vertices.tobytes() == two.mesh.vertices.tobytes()


def test_meshes_are_small_and_sound(layout: WorldLayout) -> None:
    mesh = layout.mesh
    assert len(mesh.triangles) < 60_000
    assert mesh.triangles.max() < len(mesh.vertices)
    assert mesh.surface.max() < len(layout.surfaces)
    np.testing.assert_allclose(
        np.sqrt((mesh.normals.astype(float) ** 2).sum(-1))[np.unique(mesh.triangles)], 1, atol=1e-5
    )
    corners = mesh.vertices[mesh.triangles].astype(float)
    face = cross(corners[:, 1] - corners[:, 0], corners[:, 2] - corners[:, 0])
    assert (np.sqrt((face**2).sum(-1)) > 1e-7).all()
    # shading normals lie on the side that the winding says is outside
    assert ((mesh.normals[mesh.triangles[:, 0]] * face).sum(-1) > 0.0).all()


def test_nothing_faces_down_but_rails(layout: WorldLayout) -> None:
    corners = layout.mesh.vertices[layout.mesh.triangles].astype(float)
    face = cross(corners[:, 1] - corners[:, 0], corners[:, 2] - corners[:, 0])
    names = np.array([s.class_name for s in layout.surfaces])[layout.mesh.surface]
    down = face[:, 2] < -1e-9
    assert set(names[down]) <= ({"wall", "tunnel"} if layout.indoor else {"guard_rail"})


def test_surfaces_are_physical(layout: WorldLayout) -> None:
    for surface in layout.surfaces:
        assert surface.class_name in classes()
        assert all(0.0 < c < 0.9 for c in surface.base_color)
        assert surface.lidar_reflectance is not None
        assert 0.05 < surface.lidar_reflectance < 0.9


def test_flat_ground_has_no_holes_and_no_overlaps(layout: WorldLayout) -> None:
    """The upward area of everything but paint is that of its outline: joined edge to edge, nothing twice."""
    mesh = layout.mesh
    flat = layout.surfaces[int(mesh.surface[0])].class_name
    if any(s.class_name == "guard_rail" for s in layout.surfaces) or flat == "floor" or layout.indoor:
        return  # rails and medians stand over the road; walls have tops, and tunnels hills
    names = np.array([s.class_name for s in layout.surfaces])[mesh.surface]
    corners = mesh.vertices[mesh.triangles].astype(float)
    face = cross(corners[:, 1] - corners[:, 0], corners[:, 2] - corners[:, 0])[:, 2] / 2.0
    ground = face[~np.isin(names, ["lane_marking", "crosswalk"])].sum()
    low, high = mesh.vertices.min(0).astype(float), mesh.vertices.max(0).astype(float)
    square = (high[0] - low[0]) * (high[1] - low[1])
    if any(abs(float(Polyline(lane.centerline).heading(0.0)) % (np.pi / 2)) > 1e-6 for lane in layout.map.lanes[:1]):
        return  # a bend has no square outline
    assert ground == pytest.approx(square, rel=1e-5)


def test_paint_lies_four_millimetres_above_the_road(layout: WorldLayout) -> None:
    names = np.array([s.class_name for s in layout.surfaces])[layout.mesh.surface]
    painted = layout.mesh.triangles[np.isin(names, ["lane_marking", "crosswalk"])]
    z = layout.mesh.vertices[painted][..., 2]
    assert z.size == 0 or np.allclose(z, 0.004)


def test_lanes_lead_into_their_successors(layout: WorldLayout) -> None:
    for lane in layout.map.lanes:
        line = Polyline(lane.centerline)
        for name in lane.successors:
            following = Polyline(layout.map.lane(name).centerline)
            assert np.abs(line.points[-1] - following.points[0]).max() < 0.01
            turn = float(line.headings()[-1] - following.headings()[0])
            assert abs((turn + np.pi) % (2 * np.pi) - np.pi) < 0.02, (lane.name, name)
        for neighbour in (lane.left, lane.right):
            if neighbour:
                assert layout.map.lane(neighbour).kind == "driving"


def test_left_neighbours_lie_to_the_left(layout: WorldLayout) -> None:
    for lane in layout.map.lanes:
        if lane.left:
            other = layout.map.lane(lane.left)
            _, lateral = Polyline(lane.centerline).closest(other.centerline[len(other.centerline) // 2])
            assert float(lateral) == pytest.approx(lane.width_m, abs=0.02)
            assert other.right == lane.name


def test_lanes_lie_in_the_drivable_area_and_paths_on_the_sidewalk(layout: WorldLayout) -> None:
    for lane in layout.map.lanes:
        kind = {"driving": "drivable", "shoulder": "drivable"}.get(lane.kind, lane.kind)
        areas = [a.polygon for a in layout.map.areas if a.kind == kind]
        line = Polyline(lane.centerline)
        inside = np.linspace(0.05, line.length - 0.05, 60)
        for side in (-0.45, 0.45):
            points = line.at(inside, side * lane.width_m)
            assert any_holds(areas, points).all(), lane.name
        heights = np.unique([p[:, 2].mean() for p in areas])
        assert np.isclose(lane.centerline[:, 2], heights[0]).all()


def any_holds(areas: list[np.ndarray], points: np.ndarray) -> np.ndarray:
    from simgen.polyline import inside_polygon

    return np.any([inside_polygon(polygon, points) for polygon in areas], axis=0)


def test_areas_run_counter_clockwise_at_one_height_and_names_are_unique(layout: WorldLayout) -> None:
    for area in layout.map.areas:
        assert polygon_area(area.polygon) > 0.0, area.name
        assert np.ptp(area.polygon[:, 2]) < 1e-9
    for things in (layout.map.areas, layout.map.lanes, layout.map.kerbs, layout.props, layout.map.signals):
        names = [thing.name for thing in things]  # type: ignore[attr-defined]
        assert len(set(names)) == len(names)


def test_kerbs_have_the_road_on_their_left_and_the_sidewalk_on_their_right(layout: WorldLayout) -> None:
    road = [a.polygon for a in layout.map.areas if a.kind == "drivable"]
    walk = [a.polygon for a in layout.map.areas if a.kind == "sidewalk"]
    for kerb in layout.map.kerbs:
        line = Polyline(kerb.line)
        s = np.linspace(0.02, line.length - 0.02, 40)
        assert any_holds(road, line.at(s, 0.05)).all(), kerb.name
        assert any_holds(walk, line.at(s, -0.05)).all(), kerb.name
        assert all(0.0 <= a < b <= line.length + 1e-6 for a, b in kerb.keep_clear_m)
