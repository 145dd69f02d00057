"""Vehicles: sizes as published, wheels that stand on the ground, spin and steer, bodies closed and lit."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest

from simgen.assembly import model_of
from simgen.errors import UserError
from simgen.registry import get
from simgen.shapes.finish import rest_poses, rest_vertices
from simgen.shapes.soup import open_edges, signed_volume
from simgen.shapes.wheels import wheel_soup

#: length, width without mirrors and height, least and most, of the class on the road
PUBLISHED = {
    "sedan": ((4.2, 5.2), (1.68, 1.95), (1.38, 1.55)),
    "hatchback": ((3.5, 4.45), (1.6, 1.85), (1.4, 1.58)),
    "suv": ((4.1, 5.1), (1.74, 2.02), (1.55, 1.86)),
    "city_car": ((3.4, 3.8), (1.59, 1.7), (1.45, 1.6)),
    "estate": ((4.25, 4.95), (1.72, 1.92), (1.42, 1.56)),
    "pickup": ((5.1, 5.9), (1.8, 2.08), (1.75, 1.97)),
    "ambulance": ((5.3, 6.3), (1.95, 2.08), (2.5, 2.95)),
    "van": ((4.8, 6.1), (1.85, 2.05), (1.9, 2.75)),
    "bus": ((9.0, 13.6), (2.3, 2.6), (2.8, 3.4)),
    "truck": ((6.5, 10.6), (2.2, 2.6), (2.9, 4.0)),
}


def built(name: str, **parameters: Any) -> Any:
    return model_of(get("asset", name)(**parameters))


def body_width(model: Any) -> float:
    """Width of what stands below the mirrors, wheels included."""
    points = rest_vertices(model.links)
    return float(np.ptp(points[points[:, 2] < 0.3 * model.size[2], 1]))


@pytest.mark.parametrize("name", PUBLISHED)
def test_sizes_are_those_asked_for(name: str) -> None:
    cls = get("asset", name)
    for end in (0, 1):
        length, width, height = (pair[end] for pair in PUBLISHED[name])
        wanted = {"length_m": length, "width_m": width, "height_m": height}
        limits = {f.name: f.metadata for f in cls.__dataclass_fields__.values()}
        wanted = {k: min(max(v, limits[k]["ge"]), limits[k]["le"]) for k, v in wanted.items()}
        model = built(name, **wanted)
        assert model.size[0] == pytest.approx(wanted["length_m"], abs=0.05)
        assert model.size[2] == pytest.approx(wanted["height_m"], abs=0.03)
        assert wanted["width_m"] < model.size[1] < wanted["width_m"] + 0.45
        assert body_width(model) == pytest.approx(wanted["width_m"], abs=0.08)


@pytest.mark.parametrize("name", PUBLISHED)
def test_default_sizes_are_inside_the_published_ranges(name: str) -> None:
    model = built(name)
    (l0, l1), (w0, w1), (h0, h1) = PUBLISHED[name]
    assert l0 <= model.size[0] <= l1
    assert w0 <= body_width(model) + 0.08
    assert body_width(model) <= w1 + 0.05
    assert h0 <= model.size[2] <= h1


@pytest.mark.parametrize("name", [*PUBLISHED, "bicycle"])
def test_wheels_touch_the_ground_and_spin_by_their_radius(name: str) -> None:
    model = built(name)
    poses = rest_poses(model.links)
    wheels = [k for k, link in enumerate(model.links) if link.name.endswith("wheel")]
    assert len(wheels) == (2 if name == "bicycle" else 4)
    for k in wheels:
        link = model.links[k]
        assert link.mesh is not None
        low = float((link.mesh.vertices[:, 2] + poses[k][0][2]).min())
        assert abs(low) < 0.002
        assert link.joint.kind == "wheel"
        assert link.joint.axis == (0.0, 1.0, 0.0)
        assert link.joint.radius_m == pytest.approx(float(poses[k][0][2]))
        round_ = np.sqrt(link.mesh.vertices[:, 0] ** 2 + link.mesh.vertices[:, 2] ** 2).max()
        assert round_ == pytest.approx(link.joint.radius_m, abs=1e-4)


@pytest.mark.parametrize("name", [*PUBLISHED, "bicycle"])
def test_axles_lie_at_the_origin_and_a_wheelbase_ahead(name: str) -> None:
    model = built(name)
    places = {link.name: pose[0] for link, pose in zip(model.links, rest_poses(model.links), strict=True)}
    front = [p for n, p in places.items() if "front" in n]
    rear = [p for n, p in places.items() if "rear" in n and "wheel" in n]
    assert all(p[0] == pytest.approx(model.wheelbase_m) for p in front)
    assert all(p[0] == 0.0 for p in rear)
    steered = [link for link in model.links if link.joint.kind == "steer"]
    assert all(link.joint.axis == (0.0, 0.0, 1.0) for link in steered)
    assert len(steered) == (1 if name == "bicycle" else 2)


@pytest.mark.parametrize("name", PUBLISHED)
def test_vehicles_are_alike_on_both_sides(name: str) -> None:
    points = np.round(rest_vertices(built(name).links).astype(float), 3)
    assert points[:, 1].max() == pytest.approx(-points[:, 1].min(), abs=1e-3)


def test_bodies_and_wheels_are_closed_and_wound_outwards() -> None:
    for soup, least in ((wheel_soup(0.33, 0.2), 0.04),):
        assert open_edges(soup) == 0
        assert signed_volume(soup) > least


def test_glass_is_dark_and_smooth_and_plates_shine_back() -> None:
    surfaces = built("sedan", color="white").surfaces
    assert any(max(s.base_color) < 0.02 and s.roughness < 0.1 for s in surfaces)
    assert any(s.retro >= 0.3 for s in surfaces)
    assert all(s.lamp for s in surfaces if max(s.emission) > 0.0)


@pytest.mark.parametrize("name", [name for name in PUBLISHED if name != "bicycle"])
def test_a_vehicle_has_every_lamp_on_both_sides(name: str) -> None:
    model = built(name)
    for state in ("low_beam", "high_beam", "tail", "brake", "left", "right", "reverse"):
        lamps = [lamp for lamp in model.lamps if lamp.state == state]
        assert state == "high_beam" or any(s.lamp == state for s in model.surfaces)
        assert len(lamps) == 2
        y = sum(lamp.position[1] for lamp in lamps)
        assert y > 0.5 if state == "left" else y < -0.5 if state == "right" else abs(y) < 0.01
        # ahead or behind the box's end, but just
        for lamp in lamps:
            end = model.box_center[0] + 0.5 * model.size[0] * lamp.axis[0]
            assert 0.06 > lamp.axis[0] * (lamp.position[0] - end) > -0.6


def test_a_bicycle_has_a_lamp_ahead_on_its_fork_and_one_behind() -> None:
    model = built("bicycle")
    front, rear = model.lamps
    assert model.links[front.link].name == "fork"
    assert front.axis[0] > 0.9
    assert 0.9 < front.position[0] + model.links[front.link].position[0] < 1.1
    assert (rear.state, rear.axis) == ("tail", (-1.0, 0.0, 0.0))
    assert rear.position[0] < -0.25
    assert 1000.0 < sum(c * w for c, w in zip(front.intensity, (0.2126, 0.7152, 0.0722), strict=True)) < 5000.0


def test_a_wrong_paint_is_refused_at_once() -> None:
    with pytest.raises(UserError) as caught:
        get("asset", "sedan")(color="greeen")
    assert str(caught.value) == "color: unknown colour 'greeen'; did you mean 'green'?"


def test_a_minibus_has_more_glass_than_a_delivery_van() -> None:
    def glass(**parameters: Any) -> int:
        model = built("van", **parameters)
        row = next(k for k, s in enumerate(model.surfaces) if s.roughness == 0.06)
        return int((model.links[0].mesh.surface == row).sum())

    assert glass(windows=True) > 1.3 * glass()
