"""Every world on a road network: the same bytes when built twice, sound meshes, whole maps, props off the road."""

from __future__ import annotations

from functools import cache

import numpy as np
import pytest
from helpers_worlds import ON_NETWORKS

from simgen import registry
from simgen.geometry import cross, quat_from_yaw
from simgen.placement import Footprint, solid_footprints
from simgen.polyline import Polyline, inside_polygon, polygon_area
from simgen.records.layout import Prop, WorldLayout
from simgen.records.model import Model
from simgen.taxonomy import classes


@pytest.fixture(scope="module", params=ON_NETWORKS, ids=lambda v: f"{v[0]}-{len(v[1])}")
def layout(request: pytest.FixtureRequest) -> WorldLayout:
    name, parameters = request.param
    return registry.get("world", name)(**parameters).build(3)


@pytest.mark.parametrize("name", sorted({name for name, _ in ON_NETWORKS}))
def test_building_twice_gives_the_same_bytes_and_seeds_differ(name: str) -> None:
    parameters = next(p for known, p in ON_NETWORKS if known == name)
    one, two, other = (registry.get("world", name)(**parameters).build(seed) for seed in (7, 7, 8))
    for (_, _, a), (_, _, b) in zip(one.mesh.arrays(), two.mesh.arrays(), strict=True):
        assert a.tobytes() == b.tobytes()
    assert one.props == two.props
    for a, b in zip(one.map.lanes, two.map.lanes, strict=True):
        assert a.centerline.tobytes() == b.centerline.tobytes()
    assert one.props != other.props


def test_meshes_are_small_sound_and_look_up(layout: WorldLayout) -> None:
    mesh = layout.mesh
    assert len(mesh.triangles) < 80_000
    assert mesh.triangles.max() < len(mesh.vertices)
    assert mesh.surface.max() < len(layout.surfaces)
    used = mesh.normals.astype(float)[np.unique(mesh.triangles)]
    np.testing.assert_allclose(np.sqrt((used**2).sum(-1)), 1.0, atol=1e-5)
    corners = mesh.vertices[mesh.triangles].astype(float)
    face = cross(corners[:, 1] - corners[:, 0], corners[:, 2] - corners[:, 0])
    assert ((mesh.normals[mesh.triangles[:, 0]] * face).sum(-1) > 0.0).mean() > 0.9999
    names = np.array([s.class_name for s in layout.surfaces])[mesh.surface]
    ground = np.isin(names, ["road", "sidewalk", "terrain", "lane_marking", "crosswalk", "parking"])
    assert (face[ground, 2] > -1e-9).all()
    assert {s.class_name for s in layout.surfaces} <= set(classes())


def test_lanes_lead_into_their_successors(layout: WorldLayout) -> None:
    for lane in layout.map.lanes:
        line = Polyline(lane.centerline)
        if lane.kind in ("sidewalk", "crosswalk"):
            continue
        for name in lane.successors:
            following = Polyline(layout.map.lane(name).centerline)
            assert np.abs(line.points[-1] - following.points[0]).max() < 0.02, (lane.name, name)
            turn = float(line.headings()[-1] - following.headings()[0])
            assert abs((turn + np.pi) % (2 * np.pi) - np.pi) < 0.06, (lane.name, name)


def test_neighbours_see_each_other(layout: WorldLayout) -> None:
    for lane in layout.map.lanes:
        if lane.left:
            other = layout.map.lane(lane.left)
            assert other.right == lane.name
            _, lateral = Polyline(lane.centerline).closest(other.centerline[len(other.centerline) // 2])
            assert float(lateral) > 0.5


def test_lanes_lie_on_drivable_ground(layout: WorldLayout) -> None:
    areas = [a.polygon for a in layout.map.areas if a.kind == "drivable"]
    for lane in layout.map.lanes:
        if lane.kind == "driving":
            line = Polyline(lane.centerline)
            points = line.at(np.linspace(0.2, line.length - 0.2, 40))
            held = np.any([inside_polygon(polygon, points) for polygon in areas], axis=0)
            assert held.all(), lane.name


def test_names_are_unique_and_areas_counter_clockwise(layout: WorldLayout) -> None:
    for area in layout.map.areas:
        assert polygon_area(area.polygon) > 0.0, area.name
    for things in (layout.map.areas, layout.map.lanes, layout.map.kerbs, layout.props, layout.map.signals):
        names = [thing.name for thing in things]  # type: ignore[attr-defined]
        assert len(set(names)) == len(names)


@cache
def built(asset: str, parameters: tuple[tuple[str, object], ...]) -> Model:
    model: Model = registry.get("asset", asset)(**dict(parameters)).build()
    return model


def solids(prop: Prop) -> tuple[Footprint, ...]:
    model = built(prop.asset, tuple(prop.parameters.items()))
    q = tuple(float(c) for c in quat_from_yaw(prop.yaw_rad))
    return solid_footprints(model, prop.position, q, prop.name)


def test_props_stand_off_the_lanes(layout: WorldLayout) -> None:
    lanes = [Polyline(lane.centerline) for lane in layout.map.lanes if lane.kind == "driving"]
    points = [(line.resample(2.0).points, 0.4) for line in lanes]
    for prop in layout.props:
        near = [p for p, _ in points if np.hypot(*(p[:, :2] - np.array(prop.position[:2])).T).min() < 8.0]
        # a closed gate lies over the lane
        if near and prop.asset != "level_crossing_gate":
            low = [box for box in solids(prop) if box.z_min < prop.position[2] + 4.0]
            for box in low:
                corners = box.grown(0.8).corners()
                assert not any(inside_polygon(corners, p).any() for p in near), prop.name
