"""Plates that can be read, and warning lights that flash as often as they say."""

from __future__ import annotations

import numpy as np
import pytest

from simgen.engine import driving
from simgen.records.mesh import SurfaceTable
from simgen.shapes.beacons import COLORS, add_beacon, add_light_bar, beacon_lens
from simgen.shapes.builder import MeshBuilder
from simgen.shapes.lettering import coverage
from simgen.shapes.plates import SIZES, STYLES, add_plate, plate_surface_of, plate_text


@pytest.mark.parametrize("style", STYLES)
@pytest.mark.parametrize("rear", [False, True])
def test_plates_have_the_size_of_their_country_and_face_outwards(style: str, rear: bool) -> None:
    builder = MeshBuilder()
    add_plate(builder, "car", plate_text(3, style), style, position=(1.0, 0.2, 0.5), rear=rear)
    mesh = builder.mesh()
    low, high = mesh.vertices.min(0), mesh.vertices.max(0)
    assert tuple(high[1:] - low[1:]) == pytest.approx(SIZES[style], abs=1e-5)
    outer = low[0] if rear else high[0]
    assert outer == pytest.approx(1.0, abs=1e-5)
    table = SurfaceTable.of(builder.palette.surfaces)
    pictured = table.picture[mesh.surface, 0] >= 0
    assert pictured.sum() == 2
    assert (mesh.normals[mesh.triangles[pictured]][..., 0] * (-1 if rear else 1)).min() > 0.99
    # read from outside, the text runs from left to right
    assert mesh.uv is not None
    corner = mesh.triangles[pictured].reshape(-1)
    right = mesh.vertices[corner, 1] * (-1 if rear else 1)
    assert np.corrcoef(right, mesh.uv[corner, 0])[0, 1] > 0.99


def test_texts_differ_and_are_dark_on_bright() -> None:
    texts = {plate_text(v, "eu") for v in range(200)}
    assert len(texts) > 195
    assert not set("IOQ") & set("".join(texts))
    one, two = plate_surface_of("car", "B-AB 123", "eu"), plate_surface_of("car", "M-XY 987", "eu")
    assert one.skin is not None
    assert two.skin is not None
    assert one.skin.color is not two.skin.color
    assert 0.3 < one.base_color[1] < 0.66


def test_letters_are_centred_and_all_different() -> None:
    shapes = [coverage(letter, 64, 64) for letter in "ABCDEFGHIJKLMNOPQRSTUVWXYZ123456789"]
    for cover in shapes:
        assert 0.04 < cover.mean() < 0.5
    flat = np.array([s.ravel() for s in shapes])
    difference = np.abs(flat[:, None] - flat[None]).mean(-1) + np.eye(len(flat))
    assert difference.min() > 0.005
    for letter in "HOX":
        cover = coverage(letter, 64, 64)
        assert np.abs(cover - cover[:, ::-1]).max() < 1e-9


def test_beacons_flash_twice_in_each_half_second_in_turn() -> None:
    ms = np.arange(4000)
    lit = np.array([driving.flashes(int(k) * 1_000_000, 0.25) for k in ms])
    other = np.array([driving.flashes(int(k) * 1_000_000, 0.25, other=True) for k in ms])
    rises = np.flatnonzero(np.diff(lit.astype(int)) == 1)
    assert len(rises) == 16
    assert set(np.diff(rises)) <= {139, 140, 141, 359, 360, 361}
    assert lit.mean() == pytest.approx(4 * driving.FLASH_S, abs=2e-3)
    assert not (lit & other).any()
    # but for flashes whose edge falls on a millisecond
    assert (other[250:] != lit[:-250]).mean() < 0.005


@pytest.mark.parametrize("color", COLORS)
def test_light_bars_have_a_lens_and_a_lamp_on_each_side(color: str) -> None:
    builder = MeshBuilder()
    (shape,), lamps = add_light_bar(builder, "car", position=(0.5, 0.0, 1.5), colors=(color, color))
    mesh = builder.mesh()
    assert mesh.vertices[:, 2].min() == pytest.approx(1.5)
    assert mesh.vertices[:, 1].max() == pytest.approx(-mesh.vertices[:, 1].min(), abs=1e-6)
    assert 1.0 < np.ptp(mesh.vertices[:, 1]) < 1.2
    assert sorted(lamp.state for lamp in lamps) == ["beacon", "beacon_other"]
    assert lamps[0].position[1] == pytest.approx(-lamps[1].position[1])
    assert all(lamp.position[2] > mesh.vertices[:, 2].max() for lamp in lamps)
    np.testing.assert_allclose(np.ptp(np.array(shape.points), axis=0), np.ptp(mesh.vertices, axis=0), atol=2e-3)
    luminance = sum(c * w for c, w in zip(beacon_lens("car", color).emission, (0.2126, 0.7152, 0.0722), strict=True))
    assert luminance == pytest.approx(22_000.0, rel=1e-3)


def test_a_dome_stands_on_its_place() -> None:
    builder = MeshBuilder()
    _, lamp = add_beacon(builder, "truck", position=(1.0, 0.4, 2.5))
    mesh = builder.mesh()
    assert mesh.vertices[:, 2].min() == pytest.approx(2.5)
    assert lamp.position[2] > mesh.vertices[:, 2].max()
