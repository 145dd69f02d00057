"""Tunnel and room: light on road and table, lanes, and what is refused."""

from __future__ import annotations

import math
from typing import Any

import numpy as np
import pytest

from simgen.errors import UserError
from simgen.geometry import cross
from simgen.light.constant import Constant
from simgen.raycast.reference import intersect
from simgen.records.layout import WorldLayout
from simgen.records.lights import LUMINANCE_RGB
from simgen.registry import get


def built(name: str, **parameters: Any) -> WorldLayout:
    return get("world", name)(**parameters).build(0)


def rectangle_lux(layout: WorldLayout, point: tuple[float, float, float], pieces: int = 24) -> float:
    """Illuminance of level ground under the panels, each cut into small matt sources."""
    total = 0.0
    s = (np.arange(pieces) + 0.5) / pieces * 2.0 - 1.0
    a, b = (c.ravel() for c in np.meshgrid(s, s))
    for lamp in layout.lamps:
        place = np.array(lamp.position) + a[:, None] * np.array(lamp.half_u) + b[:, None] * np.array(lamp.half_v)
        apart = place - np.array(point)
        cd = float((np.array(lamp.intensity) * LUMINANCE_RGB).sum())
        total += float((cd * np.maximum(apart[:, 2], 0.0) ** 2 / (apart**2).sum(-1) ** 2).mean())
    return total


def spread(count: int) -> np.ndarray:
    """Directions evenly over the sphere."""
    k = np.arange(count) + 0.5
    z, angle = 1.0 - 2.0 * k / count, math.pi * (1.0 + 5.0**0.5) * k
    flat = np.sqrt(1.0 - z * z)
    return np.stack([flat * np.cos(angle), flat * np.sin(angle), z], -1)


def first_hits(corners: np.ndarray, eye: tuple[float, ...], directions: np.ndarray) -> tuple[np.ndarray, ...]:
    count = len(directions)
    near, far = np.zeros(count, np.float32), np.full(count, 1e6, np.float32)
    parts = [
        intersect(np.tile(eye, (len(d), 1)), d, near[: len(d)], far[: len(d)], corners)
        for d in np.array_split(directions, 30)
    ]
    return tuple(np.concatenate(column) for column in zip(*parts, strict=True))


def leaving(layout: WorldLayout, eye: tuple[float, float, float]) -> np.ndarray:
    """The directions in which rays from a place meet nothing."""
    directions = spread(3000)
    corners = layout.mesh.vertices[layout.mesh.triangles].astype(np.float64)
    return directions[~np.isfinite(first_hits(corners, eye, directions)[0])]


@pytest.mark.parametrize(("spacing", "wanted"), [(2.0, 500.0), (1.5, 300.0)])
def test_the_room_s_lamps_bring_the_stated_light_to_the_table(spacing: float, wanted: float) -> None:
    layout = built("room", lamp_lux=wanted, lamp_spacing_m=spacing)
    corners = [rectangle_lux(layout, (x, y, 0.74)) for x in (-0.8, 0.8) for y in (-0.4, 0.4)]
    assert np.mean(corners) == pytest.approx(wanted, rel=0.02)
    assert all(lamp.beam == "area" and lamp.axis == (0.0, 0.0, -1.0) for lamp in layout.lamps)


def test_panels_have_the_luminance_of_their_lamps() -> None:
    layout = built("room")
    face = next(s for s in layout.surfaces if s.has_lamp)
    for lamp in layout.lamps:
        area = 4.0 * lamp.half_u[0] * lamp.half_v[1]
        assert np.allclose(np.array(lamp.intensity) / area, face.emission)
    # an office panel: some kilolumens, pi times its intensity
    flux = math.pi * float((np.array(layout.lamps[0].intensity) * LUMINANCE_RGB).sum())
    assert 1500.0 < flux < 6000.0


def test_a_room_is_closed_but_for_its_window() -> None:
    """Rays from inside leave through the window alone."""
    for parameters in ({"window_width_m": 1.8}, {"window_width_m": 0.0}):
        away = leaving(built("room", **parameters), (0.3, 0.2, 1.3))
        at = away[:, :2] / np.maximum(away[:, 1:2], 1e-9) * 2.5
        assert len(away) > 5 or not parameters["window_width_m"]
        assert (away[:, 1] > 0.0).all()
        assert (np.abs(at[:, 0] - 0.0) < 1.3).all()


def test_a_tunnel_is_closed_but_for_its_portals() -> None:
    away = leaving(built("tunnel", length_m=60.0), (0.0, 0.5, 1.8))
    assert len(away) > 3
    assert (np.abs(away[:, 0]) > 0.97).all()


def test_nothing_is_seen_from_behind_inside() -> None:
    """Every surface that a ray meets first looks back at where it came from."""
    for name, eye in (("tunnel", (10.0, 1.0, 1.6)), ("tunnel", (-110.0, -1.0, 1.6)), ("room", (-2.0, 1.0, 1.5))):
        layout = built(name, table=False) if name == "room" else built(name)
        corners = layout.mesh.vertices[layout.mesh.triangles].astype(np.float64)
        directions = spread(900)
        distance, row, _ = first_hits(corners, eye, directions)
        met = np.isfinite(distance)
        face = cross(corners[:, 1] - corners[:, 0], corners[:, 2] - corners[:, 0])[row[met]]
        assert ((face * directions[met]).sum(-1) < 0.0).mean() > 0.995


def test_the_tunnel_s_road_has_the_stated_luminance_and_more_at_the_portals() -> None:
    layout = built("tunnel", length_m=300.0, road_luminance_cd_m2=3.0, entrance_factor=4.0)
    albedo = 0.09

    def luminance(x: float) -> float:
        along, across = np.linspace(-5.0, 5.0, 11), np.linspace(-3.75, 3.75, 9)
        lux = np.mean([rectangle_lux(layout, (x + dx, y, 0.0), 2) for dx in along for y in across])
        return float(lux * albedo / math.pi)

    assert luminance(0.0) == pytest.approx(3.0, rel=0.1)
    assert luminance(-138.0) > 2.0 * luminance(0.0)
    assert luminance(138.0) == pytest.approx(luminance(-138.0), rel=0.05)
    assert luminance(-138.0) > luminance(-110.0) > luminance(-60.0) * 0.99


def test_vehicles_fit_below_the_lamps_and_between_the_walls() -> None:
    layout = built("tunnel")
    inside = layout.mesh.vertices[np.abs(layout.mesh.vertices[:, 0]) < 80.0]
    road = inside[(np.abs(inside[:, 1]) < 3.6) & (inside[:, 2] > 0.01) & (inside[:, 2] < 8.0)]
    assert road[:, 2].min() > 4.4
    assert {lane.name for lane in layout.map.lanes} == {"east/1", "west/1"}
    assert {lane.name for lane in built("tunnel", two_way=False, lanes=2).map.lanes} == {"east/1", "east/2"}


def test_what_does_not_fit_is_refused() -> None:
    with pytest.raises(UserError, match=r"a table of 3 x 0\.8 m does not fit into a room of 3 x 5 m"):
        get("world", "room")(length_m=3.0, table_length_m=3.0)
    with pytest.raises(UserError, match="window_width_m 4 does not fit"):
        get("world", "room")(length_m=4.0, window_width_m=4.0)


@pytest.mark.parametrize("name", ["room", "tunnel"])
def test_openings_are_as_bright_as_the_sky_behind_them(name: str) -> None:
    """Under an even dome of luminance L an opening is a lamp of L times its area, looking inwards."""
    layout = built(name)
    field = Constant(luminance_cd_m2=200.0, lamp_lux=0.0).field()
    assert len(layout.openings) == (1 if name == "room" else 2)
    for lamp in layout.openings:
        area = 4.0 * float(np.sqrt(np.sum(np.square(lamp.half_u)) * np.sum(np.square(lamp.half_v))))
        assert lamp.intensity == pytest.approx((area,) * 3)
        outward = tuple(-c for c in lamp.axis)
        assert field.arriving(outward) == pytest.approx(200.0 * math.pi, rel=2e-3)
        # from inside the opening is ahead
        assert float(np.dot(lamp.axis, np.array(lamp.position))) < 0.0
        room = np.array(layout.rooms[0])
        assert (room[:3] - 1e-6 <= lamp.position).all()
        assert (np.array(lamp.position) <= room[3:] + 1e-6).all()
