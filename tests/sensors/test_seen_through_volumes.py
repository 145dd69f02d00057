"""Thermal cameras, projectors and radars through parts of the air that differ, against the records' own columns."""

from __future__ import annotations

import dataclasses
import math

import numpy as np
import pytest
from helpers_depth import wall
from helpers_stage import Bench, dome, motion, track

from simgen import registry
from simgen.records.air import Medium
from simgen.records.volume import Patches, Volume
from simgen.sensors._camera_tables import sub_pixel
from simgen.sensors._depth_view import look
from simgen.sensors._radar_physics import attenuation_db_m, layers_db_m
from simgen.sensors._thermal_air import air_of
from simgen.sensors._thermal_band import radiance
from simgen.sensors._thermal_render import Scan
from simgen.sensors.thermal_camera import ThermalCamera
from simgen.weather.fog import Fog

SMOKE = Medium.gray(0.4, 1e-3, "smoke")
VOLUMES = {
    "puff": Volume(medium=SMOKE, center_m=(4.0, 0.5, 0.2), size_m=(1.0, 0.7, 0.8)),
    "box": Volume(medium=SMOKE, shape="box", center_m=(5.0, 0.0, 0.0), size_m=(1.0, 30.0, 30.0)),
    "layer": Volume(medium=SMOKE, shape="layer", center_m=(0.0, 0.0, -0.5), size_m=(1.0, 1.0, 1.5)),
    "patches": Volume(
        medium=SMOKE,
        shape="layer",
        size_m=(1.0, 1.0, 2.0),
        patches=Patches(seed=2, scale_m=4.0, offset_m=(0.0, 1.0, 0.0)),
    ),
}


def with_volumes(shot, *volumes):
    return dataclasses.replace(shot, surroundings=dataclasses.replace(shot.surroundings, volumes=volumes))


def rays_of(camera, shift=(0.5, 0.5)):
    """Unit directions through pixels, so far from their corners (x forward, y left), (H W, 3), and their lengths."""
    lens = camera.projection
    v, u = np.indices((lens.height, lens.width)) + np.array(shift)[::-1, None, None]
    ahead = np.stack([np.ones_like(u), -(u - lens.cx) / lens.fx, -(v - lens.cy) / lens.fy], -1).reshape(-1, 3)
    length = np.linalg.norm(ahead, axis=1)
    return ahead / length[:, None], length


@pytest.mark.parametrize("name", VOLUMES)
@pytest.mark.parametrize("sky", [False, True])
def test_a_thermal_camera_sees_less_of_the_wall_and_more_of_the_air(name, sky):
    """``L = L_0 t + B(T_air) (1 - t)``, of a wall and of the open sky."""
    camera = ThermalCamera(name="t", width=24, height=16, hfov_deg=40.0, samples=1, air_temperature_c=5.0)
    with Bench([wall(8.0)] if not sky else [wall(-50.0)], dome(100.0)) as bench:
        shot = bench.shot(track(quaternion=(1.0, 0.0, 0.0, 0.0)), motion())
        air = air_of(camera.band_table, camera.band_um, air_c=5.0, humidity=0.5, cloud_cover=0.0, medium=Medium.clear())
        plain = Scan(camera, shot, air).radiance().ravel()
        volume = VOLUMES[name]
        found = Scan(camera, with_volumes(shot, volume), air).radiance().ravel()
    ahead, length = rays_of(camera, sub_pixel(1)[0])
    upward = ahead[:, 2] > 0.02
    own = float(radiance(camera.band_table, np.array(air.kelvin)))
    alpha = volume.medium.infrared_at(*camera.band_um)
    far = np.full(len(ahead), 60.0) if sky else 8.0 * length
    depth = alpha * np.array([volume.column(np.zeros(3), d, f, steps=12000) for d, f in zip(ahead, far, strict=True)])
    expected = plain * np.exp(-depth) + own * (1.0 - np.exp(-depth))
    chosen = upward if sky else np.ones_like(upward)
    assert np.abs(plain - own)[chosen].min() > 0.005 * own
    np.testing.assert_allclose(found[chosen], expected[chosen], rtol=2e-3)
    assert depth[chosen].max() > 0.3


@pytest.mark.parametrize("name", VOLUMES)
@pytest.mark.parametrize("kind", ["structured_light", "stereo_depth"])
def test_a_projectors_dots_are_dimmed_on_both_ways(name, kind):
    camera = registry.get("sensor", kind)(name="d", width=48, height=32)
    volume = VOLUMES[name]
    with Bench([wall(3.0)], dome(120.0)) as bench:
        shot = bench.shot(track(), motion())
        plain = look(camera, shot).pattern
        found = look(camera, with_volumes(shot, dataclasses.replace(volume, center_m=(1.5, 0.1, 0.0)))).pattern
    moved = dataclasses.replace(volume, center_m=(1.5, 0.1, 0.0))
    ahead, length = rays_of(camera)
    projector = np.array([0.0, -camera.device.projector_position_m, 0.0])
    alpha = volume.medium.extinction_at(camera.device.wavelength_nm)
    expected = []
    for direction, far in zip(ahead, 3.0 * length, strict=True):
        away = direction * far - projector
        reach = float(np.linalg.norm(away))
        there = moved.column(projector, away / reach, reach, steps=1500)
        expected.append(math.exp(-alpha * (there + moved.column(np.zeros(3), direction, far, steps=1500))))
    lit = plain > 0.0
    assert lit.mean() > 0.5
    np.testing.assert_allclose(found[lit] / plain[lit], np.array(expected)[lit], rtol=3e-3)
    assert min(expected) < 0.7


def test_a_radar_loses_what_a_layer_takes():
    """Even fog far up: the loss of the medium; above a shallow one: what is left of it there."""
    fog = Fog(visibility_m=50.0).medium()
    whole = attenuation_db_m(fog, 77e9)
    assert whole == pytest.approx(0.71e-3, rel=0.02)
    deep = Volume(medium=fog, shape="layer", center_m=(0.0, 0.0, 50.0))
    shallow = Volume(medium=fog, shape="layer", size_m=(1.0, 1.0, 2.0))
    puff = Volume(medium=fog)
    place = np.array([30.0, -4.0, 3.0])
    assert layers_db_m((deep,), 77e9, place) == pytest.approx(whole)
    assert layers_db_m((shallow, puff), 77e9, place) == pytest.approx(whole * math.exp(-1.5))
    uneven = dataclasses.replace(deep, patches=Patches(seed=1, scale_m=15.0))
    assert layers_db_m((uneven,), 77e9, place) == pytest.approx(whole, rel=0.15)
    assert layers_db_m((), 77e9, place) == 0.0
