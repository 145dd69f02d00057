"""Passenger cars: skins without gaps, doors on hinges, variants that differ, people, liveries, levels of detail."""

from __future__ import annotations

from collections import Counter
from typing import Any

import numpy as np
import pytest

from simgen.assembly import model_of
from simgen.errors import UserError
from simgen.geometry import quat_from_axis_angle, transform
from simgen.records.mesh import SurfaceTable
from simgen.records.model import Model
from simgen.registry import get
from simgen.shapes.builder import soup_of
from simgen.shapes.cars.build import CarSpec, skin
from simgen.shapes.cars.doors import Opening
from simgen.shapes.cars.kinds import estate_lines, hatchback_lines, sedan_lines
from simgen.shapes.cars.style import FLEET, painted, style_of
from simgen.shapes.cars.tags import GLASS, PAINT, SEAM, UNDER
from simgen.shapes.colors import PAINTS
from simgen.shapes.finish import rest_poses, rest_vertices
from simgen.shapes.sheet import Sheet, convex, joined, marked, split
from simgen.shapes.sheet_edges import ribbons
from simgen.shapes.sheet_merge import merged
from simgen.shapes.soup import Soup, face_vectors

CARS = ("city_car", "hatchback", "sedan", "estate", "suv", "pickup", "van", "taxi", "police_car", "ambulance")


def built(name: str, **parameters: Any) -> Model:
    return model_of(get("asset", name)(**parameters))


def triangles(model: Model) -> int:
    return sum(len(link.mesh.triangles) for link in model.links if link.mesh is not None)


def plane_sheet() -> Sheet:
    """A unit square in the (x, y) plane, four triangles a quarter."""
    n = 5
    x, y = np.meshgrid(np.linspace(0.0, 1.0, n), np.linspace(0.0, 1.0, n), indexing="ij")
    k = np.arange(n * n).reshape(n, n)
    a, b, c, d = k[:-1, :-1].ravel(), k[1:, :-1].ravel(), k[1:, 1:].ravel(), k[:-1, 1:].ravel()
    tri = np.concatenate([np.stack([a, b, c], -1), np.stack([a, c, d], -1)])
    return Sheet.of(Soup.of(np.stack([x.ravel(), y.ravel(), np.zeros(n * n)], -1), tri))


def area(sheet: Sheet) -> float:
    return float(0.5 * np.sqrt((face_vectors(sheet.soup) ** 2).sum(-1)).sum())


def test_cuts_keep_all_area_and_follow_the_curve() -> None:
    sheet = plane_sheet()
    inside, outside = split(sheet, lambda p: 0.4 - np.hypot(p[..., 0] - 0.5, p[..., 1] - 0.5))
    assert area(inside) + area(outside) == pytest.approx(1.0, abs=1e-9)
    # chords of a circle: a few percent less than the disc
    assert 0.93 * np.pi * 0.16 < area(inside) < np.pi * 0.16
    assert face_vectors(joined([inside, outside]).soup)[:, 2].min() > -1e-12
    middle = inside.points.mean(1)
    assert np.hypot(middle[:, 0] - 0.5, middle[:, 1] - 0.5).max() < 0.4


def test_polygons_are_exact_and_pieces_merge_again() -> None:
    corners = [(0.13, 0.2), (0.8, 0.11), (0.9, 0.6), (0.4, 0.93)]
    x, y = np.array(corners).T
    exact = 0.5 * abs(float((x * np.roll(y, -1) - y * np.roll(x, -1)).sum()))
    cut = marked(plane_sheet(), convex(corners, lambda p: p[..., :2]), tag=3)
    assert area(cut.where(cut.tags == 3)) == pytest.approx(exact, abs=1e-9)
    few = merged(cut)
    assert len(few.tags) < len(cut.tags)
    assert area(few) == pytest.approx(1.0, abs=1e-9)
    assert area(few.where(few.tags == 3)) == pytest.approx(exact, abs=1e-6)
    # what was cut and then labelled alike is whole again
    whole = merged(marked(cut, [lambda p: p[..., 0] + 1.0], tag=0))
    assert len(whole.tags) == len(plane_sheet().tags)


def test_ribbons_run_along_a_border_with_their_width() -> None:
    border = convex([(0.2, 0.3), (0.7, 0.3), (0.7, 0.8), (0.2, 0.8)], lambda p: p[..., :2])
    strip = ribbons(plane_sheet(), border, 0.01, tag=7, of=[0])
    assert area(strip) == pytest.approx(2.0 * 0.02, rel=0.02)
    assert set(strip.tags) == {7}
    assert strip.points[..., 2].min() > 0.0


def spec_of(**more: Any) -> CarSpec:
    lines = sedan_lines(4.7, 1.82, 1.45)
    return CarSpec(name="sedan", lines=lines, style=style_of("sedan", 4), paint=(0.5, 0.5, 0.5), **more)


def test_skins_are_alike_on_both_sides_but_for_the_fuel_cap() -> None:
    whole = skin(spec_of())
    middle = whole.points.mean(1)
    count = [Counter(whole.tags[side].tolist()) for side in (middle[:, 1] > 0.0, middle[:, 1] < 0.0)]
    assert count[0][GLASS] == count[1][GLASS]
    assert count[0][PAINT] == count[1][PAINT]
    assert count[1][SEAM] > count[0][SEAM]


@pytest.mark.parametrize("name", ["sedan", "estate", "hatchback"])
def test_nothing_but_glass_lets_light_through_the_cabins_skin(name: str) -> None:
    """Rays from outside at the doors, the roof and the bonnet meet the skin first, never its back."""
    make = {"sedan": sedan_lines, "estate": estate_lines, "hatchback": hatchback_lines}[name]
    size = {"sedan": (4.7, 1.82, 1.45), "estate": (4.72, 1.83, 1.48), "hatchback": (4.15, 1.76, 1.47)}[name]
    lines = make(*size)
    whole = skin(CarSpec(name=name, lines=lines, style=style_of(name, 2), paint=(0.5, 0.5, 0.5)))
    o3d = pytest.importorskip("open3d")
    scene = o3d.t.geometry.RaycastingScene()
    flat = whole.points.reshape(-1, 3).astype(np.float32)
    scene.add_triangles(o3d.core.Tensor(flat), o3d.core.Tensor(np.arange(len(flat), dtype=np.uint32).reshape(-1, 3)))
    x, z = np.meshgrid(np.linspace(lines.rear_x + 0.4, lines.front_x - 0.4, 90), np.linspace(0.5, lines.belt, 40))
    rays = np.stack([x, np.full_like(x, 3.0), z, 0 * x, np.full_like(x, -1.0), 0 * x], -1).reshape(-1, 6)
    rays = rays[rays[:, 2] < lines.shoulder_z(rays[:, 0]) - 0.04]
    over_x, over_y = np.meshgrid(np.linspace(lines.rear_x + 0.2, lines.front_x - 0.2, 90), np.linspace(-0.6, 0.6, 31))
    down = np.stack([over_x, over_y, np.full_like(over_x, 3.0), 0 * over_x, 0 * over_x, -1.0 + 0 * over_x], -1)
    hit = scene.cast_rays(o3d.core.Tensor(np.concatenate([rays, down.reshape(-1, 6)]).astype(np.float32)))
    first = hit["primitive_ids"].numpy()
    assert (first != scene.INVALID_ID).all()
    normal = hit["primitive_normals"].numpy()
    tags = whole.tags[first]
    along = (normal * np.concatenate([rays, down.reshape(-1, 6)])[:, 3:]).sum(-1)
    sees_back = (along > 1e-3) & (tags != UNDER) & (tags != SEAM)
    assert sees_back.mean() < 2e-3


@pytest.mark.parametrize("name", CARS)
def test_every_kind_stands_on_four_wheels_and_keeps_its_budget(name: str) -> None:
    model = built(name)
    poses = rest_poses(model.links)
    wheels = [k for k, link in enumerate(model.links) if link.joint.kind == "wheel"]
    assert len(wheels) == 4
    for k in wheels:
        mesh = model.links[k].mesh
        assert mesh is not None
        assert abs(float((mesh.vertices[:, 2] + poses[k][0][2]).min())) < 0.002
    assert triangles(model) < 9900
    low = built(name, detail="low")
    assert triangles(low) < 0.55 * triangles(model)
    np.testing.assert_allclose(low.size, model.size, atol=0.06)


@pytest.mark.parametrize("name", CARS)
def test_variants_differ_in_shape_and_plate(name: str) -> None:
    one, two = built(name, variant=1), built(name, variant=9999)
    a, b = one.links[0].mesh, two.links[0].mesh
    assert a is not None
    assert b is not None
    assert a.vertices.shape != b.vertices.shape or not np.allclose(a.vertices, b.vertices)
    assert np.abs(np.array(one.size) - np.array(two.size)).max() < 0.1
    assert {s.skin.color.name for s in one.surfaces if s.skin and s.skin.color} != {
        s.skin.color.name for s in two.surfaces if s.skin and s.skin.color
    }


def test_styles_spread_over_what_there_is() -> None:
    styles = [style_of("sedan", v) for v in range(200)]
    for key, kinds in (("lamp", 6), ("tail", 5), ("grille", 6), ("wheel", 7), ("intake", 4)):
        counts = Counter(getattr(s, key) for s in styles)
        assert len(counts) == kinds
        assert min(counts.values()) > 0.4 * 200 / kinds


def test_fleets_are_painted_as_roads_are() -> None:
    drawn = [painted("color", "fleet", "sedan", v) for v in range(600)]
    grey = np.array([max(c) - min(c) < 0.06 for c in drawn])
    share = sum(v for k, v in FLEET.items() if k in ("white", "black", "grey", "silver")) / sum(FLEET.values())
    assert grey.mean() == pytest.approx(share, abs=0.06)
    assert 0.65 < share < 0.85
    assert len(set(drawn)) > 500
    assert painted("color", "red", "sedan", 3) == PAINTS["red"]


def swept(model: Model, name: str, angle: float) -> np.ndarray:
    link = next(link for link in model.links if link.name == name)
    assert link.mesh is not None
    turn = quat_from_axis_angle(link.joint.axis, angle)
    return transform(np.array(link.position), turn, link.mesh.vertices)


@pytest.mark.parametrize("door", ["front_left", "front_right", "rear_left", "rear_right"])
def test_a_moving_door_turns_outwards_about_its_front_edge(door: str) -> None:
    model = built("sedan", moving_door=door)
    link = next(link for link in model.links if link.name == f"{door}_door")
    assert link.joint.kind == "door"
    assert link.joint.upper == pytest.approx(np.radians(60.0))
    side = 1.0 if door.endswith("left") else -1.0
    closed, opened = swept(model, link.name, 0.0), swept(model, link.name, link.joint.upper)
    # with its mirror, if it has one
    assert abs(side * closed[:, 1]).max() < (1.15 if "front" in door else 0.94)
    # its rear edge swings out by its length times the sine
    length = float(np.ptp(closed[:, 0]))
    assert (side * opened[:, 1]).max() == pytest.approx(0.85 + length * np.sin(link.joint.upper), abs=0.3)
    assert opened[:, 2].max() == pytest.approx(closed[:, 2].max(), abs=1e-5)
    front = closed[:, 0].argmax()
    assert np.abs(opened[front] - closed[front]).max() < 0.12
    # as far from the hinge as before
    hinge = np.array(link.position)[:2]
    np.testing.assert_allclose(np.hypot(*(opened[:, :2] - hinge).T), np.hypot(*(closed[:, :2] - hinge).T), atol=1e-4)


def test_a_closed_door_fills_its_doorway() -> None:
    """Body and closed door together have the outline, and the outer skin's area, of the body in one piece."""
    lines = sedan_lines(4.7, 1.82, 1.45)
    one = skin(spec_of())
    parted = skin(spec_of(opening=Opening(angles_rad={}, moving="front_left")))
    outer = [area(s.where((s.points[..., 1].mean(1) > 0.3) & (s.tags != UNDER))) for s in (one, parted)]
    seams = area(one.where((one.points[..., 1].mean(1) > 0.3) & (one.tags == SEAM)))
    assert outer[0] - seams == pytest.approx(outer[1], rel=0.01)
    door = parted.where(parted.parts == 1)
    assert 0.9 < float(np.ptp(door.points[..., 0])) < 1.6
    assert door.points[..., 2].min() == pytest.approx(lines.sill + 0.08, abs=0.02)
    np.testing.assert_allclose(built("sedan", moving_door="front_left").size, built("sedan").size, atol=1e-3)


def test_open_doors_stand_out_and_leave_a_doorway() -> None:
    shut, wide = built("sedan"), built("sedan", doors_open=("front_left", "rear_right"))
    assert wide.size[1] > shut.size[1] + 1.0
    names = [link.name for link in wide.links]
    assert {"front_left_door", "rear_right_door"} < set(names)
    doors = [link for link in wide.links if link.name.endswith("_door")]
    assert all(link.joint.kind == "fixed" and link.shapes for link in doors)
    body = wide.links[0].mesh
    assert body is not None
    # where the front left door was there is no outer skin left
    middle = body.vertices[body.triangles].mean(1)
    lines = sedan_lines(4.7, 1.82, 1.45)
    x0, x1 = lines.at(lines.doors[1]) + 0.1, lines.at(lines.doors[0]) - 0.3
    gone = (
        (middle[:, 0] > x0) & (middle[:, 0] < x1) & (middle[:, 1] > 0.82) & (middle[:, 2] > 0.45) & (middle[:, 2] < 0.9)
    )
    assert not gone.any()


def test_wrong_doors_and_plates_are_refused() -> None:
    with pytest.raises(UserError, match="there is no door 'front_lft'; did you mean 'front_left'"):
        get("asset", "sedan")(doors_open=("front_lft",))
    with pytest.raises(UserError, match="plate: 'ß' is none of"):
        get("asset", "sedan")(plate="AB ß 1")


def test_occupants_sit_inside_and_dirt_dulls() -> None:
    empty, full = built("suv", occupants=0), built("suv", occupants=5)
    assert triangles(full) > triangles(empty) + 4 * 150
    skin_rows = [k for k, s in enumerate(full.surfaces) if s.heat == "skin"]
    mesh = full.links[0].mesh
    assert mesh is not None
    people = mesh.vertices[np.unique(mesh.triangles[np.isin(mesh.surface, skin_rows)])]
    assert people[:, 2].max() < full.size[2] - 0.05
    assert np.abs(people[:, 1]).max() < 0.8
    clean, dirty = (next(s for s in built("suv", dirt_share=d).surfaces if s.texture == "flake") for d in (0.0, 0.8))
    assert dirty.roughness > clean.roughness
    assert dirty.clearcoat < clean.clearcoat


@pytest.mark.parametrize("name", ["police_car", "ambulance"])
@pytest.mark.parametrize("livery", ["german", "uk", "us"])
def test_emergency_vehicles_have_beacons_and_letters(name: str, livery: str) -> None:
    model = built(name, livery=livery)
    assert model.class_name == "emergency_vehicle"
    assert sorted(lamp.state for lamp in model.lamps if lamp.state.startswith("beacon")) == ["beacon", "beacon_other"]
    assert {s.lamp for s in model.surfaces} >= {"beacon", "beacon_other", "low_beam", "tail", "brake", "drl"}
    words = {s.skin.color.name for s in model.surfaces if s.skin and s.skin.color}
    assert len(words) >= (1 if (name, livery) == ("police_car", "uk") else 2)
    beacon = next(lamp for lamp in model.lamps if lamp.state == "beacon")
    assert beacon.position[2] > model.size[2] - 0.02


def test_taxis_have_a_lit_sign_and_their_countrys_paint() -> None:
    paints = [
        next(s.base_color for s in built("taxi", livery=v).surfaces if s.texture == "flake")
        for v in ("german", "us", "uk")
    ]
    assert paints[0][0] > paints[0][2] > 0.3
    assert paints[1][2] < 0.05 < paints[1][1]
    assert max(paints[2]) < 0.02
    assert any(s.lamp == "low_beam" and s.skin is not None for s in built("taxi").surfaces)


def test_a_pickup_has_a_bed_that_one_can_look_into() -> None:
    model = built("pickup")
    mesh = model.links[0].mesh
    assert mesh is not None
    o3d = pytest.importorskip("open3d")
    scene = o3d.t.geometry.RaycastingScene()
    scene.add_triangles(o3d.core.Tensor(mesh.vertices), o3d.core.Tensor(mesh.triangles))
    ray = np.array([[-0.4, 0.2, 3.0, 0.0, 0.0, -1.0]], np.float32)
    depth = 3.0 - float(scene.cast_rays(o3d.core.Tensor(ray))["t_hit"].numpy()[0])
    assert 0.6 < depth < 0.8


def test_plates_carry_the_text_asked_for_and_are_readable() -> None:
    model = built("sedan", plate="M-AB 123")
    plates = [
        k for k, s in enumerate(model.surfaces) if s.skin and s.skin.color and s.skin.color.name == "plate M-AB 123"
    ]
    assert len(plates) == 1
    mesh = model.links[0].mesh
    assert mesh is not None
    points = mesh.vertices[np.unique(mesh.triangles[mesh.surface == plates[0]])]
    front, rear = points[points[:, 0] > 0.0], points[points[:, 0] < 0.0]
    for end in (front, rear):
        assert tuple(np.ptp(end, axis=0)[1:]) == pytest.approx((0.52, 0.11), abs=2e-3)
    assert front[:, 0].max() > rest_vertices(model.links)[:, 0].max() - 0.12
    assert SurfaceTable.of(model.surfaces).retro[plates[0]] == pytest.approx(0.3)


@pytest.mark.parametrize(("name", "variant"), [("sedan", 77), ("pickup", 0), ("estate", 1), ("suv", 9999)])
def test_no_sliver_is_flat_or_turned_over(name: str, variant: int) -> None:
    for link in built(name, variant=variant, moving_door="front_right").links:
        if link.mesh is not None:
            face = face_vectors(soup_of(link.mesh))
            assert ((face * link.mesh.normals[link.mesh.triangles].mean(1)).sum(-1) > 0.0).all()
