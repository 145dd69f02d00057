"""Street furniture: true sizes, shapes that collide where something is, sheeting, lamps, moving booms."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest

from simgen.geometry import transform
from simgen.physics.articulation import link_poses
from simgen.records.model import Model
from simgen.registry import get
from simgen.shapes.finish import rest_vertices

#: name, parameters, then length, width and height in metres with what each may be off by
SIZES: list[tuple[str, dict[str, Any], tuple[float, float, float], float]] = [
    # AWWA C502 hydrants stand 0.7 to 0.8 m out of the ground; EN 14384 pillars about 1 m
    ("fire_hydrant", {}, (0.35, 0.34, 0.75), 0.06),
    ("fire_hydrant", {"kind": "eu"}, (0.22, 0.3, 1.0), 0.05),
    ("guard_rail", {"length_m": 8.0}, (0.24, 8.0, 0.75), 0.03),
    ("fence", {"kind": "picket"}, (0.09, 4.0, 1.0), 0.05),
    ("fence", {"kind": "mesh", "length_m": 10.0}, (0.06, 10.0, 1.8), 0.05),
    ("fence", {"kind": "railing"}, (0.06, 4.0, 1.1), 0.05),
    ("bollard", {}, (0.115, 0.115, 0.9), 0.02),
    # EN 12899-3 D1: 0.12 m wide, 1 m out of the ground
    ("bollard", {"kind": "delineator"}, (0.1, 0.12, 1.0), 0.02),
    ("mailbox", {"kind": "us"}, (0.48, 0.5, 1.22), 0.05),
    ("mailbox", {"kind": "uk"}, (0.52, 0.52, 1.52), 0.05),
    ("parking_meter", {}, (0.14, 0.17, 1.41), 0.04),
    ("road_works", {"kind": "beacon"}, (0.8, 0.38, 1.3), 0.03),
    # MUTCD 6F.67: at least 36 in tall and 18 in wide
    ("road_works", {"kind": "drum"}, (0.62, 0.62, 0.94), 0.04),
    ("road_works", {"kind": "fence"}, (0.62, 3.6, 2.0), 0.1),
    ("level_crossing_gate", {"boom_m": 5.0}, (0.6, 1.1, 6.1), 0.15),
    ("bus_stop", {"length_m": 4.0}, (1.6, 4.9, 2.7), 0.15),
    ("advertising", {}, (1.32, 1.32, 3.4), 0.05),
    ("advertising", {"kind": "billboard"}, (0.28, 3.7, 3.6), 0.05),
    ("utility_box", {}, (0.36, 0.84, 1.15), 0.05),
    ("power_pole", {}, (0.33, 2.2, 10.0), 0.1),
    ("gantry", {"width_m": 14.0}, (0.78, 14.5, 8.6), 0.2),
    ("bike_rack", {"count": 3}, (0.75, 1.65, 0.75), 0.05),
    # a car's tyre of 205/55 R16 is 0.63 m across and 0.2 m wide
    ("debris", {"kind": "tyre"}, (0.64, 0.64, 0.2), 0.02),
    ("debris", {"kind": "ladder"}, (2.6, 0.43, 0.07), 0.03),
    ("debris", {"kind": "crate"}, (0.51, 0.35, 0.29), 0.03),
]


def thing(name: str, **parameters: Any) -> Model:
    model = get("asset", name)(**parameters).build()
    assert isinstance(model, Model)
    return model


def triangles(model: Model) -> int:
    return sum(len(link.mesh.triangles) for link in model.links if link.mesh is not None)


@pytest.mark.parametrize(("name", "parameters", "size", "off"), SIZES, ids=lambda v: str(v)[:24])
def test_things_have_their_size_and_stand_on_the_ground(
    name: str, parameters: dict[str, Any], size: tuple[float, float, float], off: float
) -> None:
    model = thing(name, **parameters)
    np.testing.assert_allclose(model.size, size, atol=off)
    assert abs(float(rest_vertices(model.links)[:, 2].min())) < 0.005
    assert triangles(model) < 3000
    boxes = [s for link in model.links for s in link.shapes]
    assert boxes


@pytest.mark.parametrize(("name", "parameters", "size", "off"), SIZES, ids=lambda v: str(v)[:24])
def test_collision_shapes_span_what_is_seen(
    name: str, parameters: dict[str, Any], size: tuple[float, float, float], off: float
) -> None:
    model = thing(name, **parameters)
    root = model.links[0]
    assert root.mesh is not None
    spans = []
    for shape in root.shapes:
        if shape.kind == "hull":
            p = np.array(shape.points)
        else:
            p = np.array(shape.center) + 0.5 * np.array([[-1, -1, -1], [1, 1, 1]]) * np.array(shape.size)
        spans.append((p.min(0), p.max(0)))
    low, high = np.min([s[0] for s in spans], 0), np.max([s[1] for s in spans], 0)
    np.testing.assert_allclose(low, root.mesh.vertices.min(0), atol=0.05)
    np.testing.assert_allclose(high, root.mesh.vertices.max(0), atol=0.05)


@pytest.mark.parametrize(
    ("name", "parameters"),
    [
        ("guard_rail", {}),
        ("road_works", {"kind": "beacon"}),
        ("road_works", {"kind": "drum"}),
        ("bollard", {"kind": "delineator"}),
        ("bollard", {"kind": "flexible"}),
        ("level_crossing_gate", {}),
        ("gantry", {}),
    ],
)
def test_sheeting_shines_back(name: str, parameters: dict[str, Any]) -> None:
    assert max(s.retro for s in thing(name, **parameters).surfaces) >= 0.2


def test_classes_tell_what_things_are() -> None:
    assert thing("guard_rail").class_name == "guard_rail"
    assert thing("fence").class_name == "fence"
    assert thing("debris").class_name == "debris"
    assert thing("road_works").class_name == "barrier"
    assert {s.class_name for s in thing("gantry").surfaces} == {"pole", "traffic_sign"}


def test_guard_rails_join_without_a_gap_and_face_the_road() -> None:
    model = thing("guard_rail", length_m=4.0)
    mesh = model.links[0].mesh
    assert mesh is not None
    assert mesh.vertices[:, 1].max() == pytest.approx(2.0, abs=1e-6)
    front = mesh.vertices[:, 0] > 0.0805
    assert mesh.normals[front, 0].mean() > 0.5
    # the rail is 0.312 m tall (AASHTO M180)
    rail = mesh.vertices[mesh.vertices[:, 0] > 0.002]
    assert np.ptp(rail[:, 2]) == pytest.approx(0.288, abs=0.03)


def test_a_boom_falls_by_the_door_share() -> None:
    model = thing("level_crossing_gate", boom_m=5.0)
    row = next(k for k, link in enumerate(model.links) if link.name == "boom")
    mesh = model.links[row].mesh
    assert mesh is not None
    tip = mesh.vertices[mesh.vertices[:, 2].argmax()].astype(float)
    one, upright = np.zeros(1), np.array([[1.0, 0.0, 0.0, 0.0]])
    places = {}
    for share in (0.0, 0.5, 1.0):
        p, q = link_poses(model, np.zeros((1, 3)), upright, one, one, one, np.full(1, share))
        places[share] = transform(p[0, row], q[0, row], tip[None])[0]
    assert places[0.0][2] == pytest.approx(6.1, abs=0.02)
    assert places[1.0][2] == pytest.approx(1.0, abs=0.1)
    assert places[1.0][1] == pytest.approx(5.1, abs=0.1)
    assert 1.0 < places[0.5][2] < 6.0


def test_warning_lamps_flash_as_beacons_do() -> None:
    works, gate = thing("road_works", kind="lamp"), thing("level_crossing_gate")
    assert {lamp.state for lamp in works.lamps} == {"beacon"}
    assert {lamp.state for lamp in gate.lamps} == {"beacon", "beacon_other"}
    assert get("asset", "road_works")(kind="lamp").beacons == "on"
    for model in (works, gate):
        lit = [s for s in model.surfaces if s.lamp]
        assert lit
        assert all(s.has_lamp and max(s.emission) > 500.0 for s in lit)


def test_beacons_point_to_the_side_to_pass() -> None:
    right, left = thing("road_works"), thing("road_works", points_left=True)
    pictures = []
    for model in (right, left):
        skin = next(s.skin for s in model.surfaces if s.skin is not None)
        assert skin.color is not None
        w, h = skin.color.sizes[0]
        pictures.append(skin.color.texels[: w * h, :3].reshape(h, w, 3).astype(int))
    # stripes differ, and each has about as much red as white
    assert np.abs(pictures[0] - pictures[1]).mean() > 20.0
    for picture in pictures:
        assert 0.35 < (picture[..., 1] < 100).mean() < 0.65


def test_posters_and_debris_vary() -> None:
    one, two = (thing("advertising", kind="billboard", variant=v) for v in (1, 9999))
    assert one.surfaces != two.surfaces
    bags = [thing("debris", kind="plastic_bag", variant=v).size for v in range(4)]
    assert len(set(bags)) == 4
    assert thing("debris", size_share=2.0).size[2] > 1.5 * thing("debris").size[2]
    assert thing("gantry", text="North||South||West").attributes == (("text", "North||South||West"),)


def test_wires_reach_the_next_pole() -> None:
    model = thing("power_pole", span_m=40.0)
    assert model.size[0] == pytest.approx(40.3, abs=0.1)
    mesh = model.links[0].mesh
    assert mesh is not None
    wires = mesh.vertices[mesh.vertices[:, 0] > 1.0]
    # they sag by 2 % of the span
    assert np.ptp(wires[:, 2]) == pytest.approx(0.8, abs=0.15)
