"""Wet, snowy and icy ground in pictures, against closed forms in an even light."""

from __future__ import annotations

import dataclasses
import math

import numpy as np
import pytest
from helpers_cover import open_sky, under
from helpers_stage import Bench, Part, dome, plane, sphere, track

from simgen.geometry import quat_from_euler
from simgen.records.air import SurfaceChange
from simgen.records.mesh import Surface
from simgen.records.surroundings import Shot
from simgen.sensors.camera import Camera

SKY = 1000.0
#: share of diffuse light that a film turns back inside
P = 0.47


def ground(**fields):
    return Part(mesh=plane(400.0), surface=Surface(**{"class_name": "road", "roughness": 1.0, **fields}))


def looking_down(angle_deg: float):
    """A camera 5 m up whose axis meets the ground at that angle from the vertical."""
    return track((0.0, 0.0, 5.0), quat_from_euler(0.0, math.radians(90.0 - angle_deg), 0.0))


def camera(**fields):
    return Camera(**{"name": "eye", "width": 24, "height": 24, "hfov_deg": 2.0, "outputs": ("linear",), **fields})


def luminance(shot: Shot, **fields) -> np.ndarray:
    linear = camera(**fields).capture(shot).linear
    assert linear is not None
    return linear.astype(np.float64)


def fresnel(cosine: float, n: float = 1.33) -> float:
    t = math.sqrt(1.0 - (1.0 - cosine**2) / n**2)
    s, p = (cosine - n * t) / (cosine + n * t), (n * cosine - t) / (n * cosine + t)
    return 0.5 * (s * s + p * p)


def test_wet_ground_is_as_dark_as_published():
    """A = 0.2 becomes 0.134 (Lekner and Dorf's formula with p = 0.47 and R = 0.02)."""
    with Bench([ground(base_color=(0.2, 0.2, 0.2))], dome(SKY)) as bench:
        shot = bench.shot(looking_down(0.0))
        dry, wet = luminance(shot).mean(), luminance(under(shot, wetness=1.0)).mean()
    assert dry / SKY == pytest.approx(0.2, rel=2e-3)
    assert wet / SKY == pytest.approx(0.134, abs=1.5e-3)


@pytest.mark.parametrize("angle", [0.0, 53.06, 70.0, 80.0])
def test_standing_water_mirrors_as_fresnel_has_it(angle):
    """Black ground under water: the sky's light times the reflectance; over gray ground what is left of its light."""
    cosine = math.cos(math.radians(angle))
    for albedo in (0.0, 0.3):
        with Bench([ground(base_color=(albedo,) * 3)], dome(SKY)) as bench:
            shot = under(bench.shot(looking_down(angle)), puddles=1.0)
            seen = luminance(shot).mean() / SKY
        mirrored = fresnel(cosine)
        bed = (1.0 - mirrored) * albedo * (1.0 - P) / (1.0 - P * albedo)
        # the camera's own sky has no ground in it: what little the table's rounding leaves
        assert seen == pytest.approx(mirrored + bed, abs=0.012), albedo


@pytest.mark.parametrize(
    "change", [{"snow_m": 0.1}, {"puddles": 1.0}, {"ice": 1.0}, {"wetness": 1.0}, {"snow_m": 0.005}]
)
@pytest.mark.parametrize("albedo", [0.05, 1.0])
def test_nothing_gets_brighter_than_what_falls_on_it(change, albedo):
    with Bench([ground(base_color=(albedo,) * 3, roughness=0.9)], dome(SKY)) as bench:
        for angle in (0.0, 60.0, 85.0):
            seen = luminance(under(bench.shot(looking_down(angle)), **change))
            assert seen.max() <= 1.002 * SKY


def test_snow_is_white_whatever_it_covers():
    shown = []
    for color in ((0.05, 0.05, 0.05), (0.6, 0.1, 0.1)):
        with Bench([ground(base_color=color, metallic=1.0, roughness=0.4)], dome(SKY)) as bench:
            shown.append(luminance(under(bench.shot(looking_down(20.0)), snow_m=0.1)).mean((0, 1)) / SKY)
    np.testing.assert_allclose(shown[0], shown[1], rtol=1e-3)
    assert shown[0].min() > 0.8
    assert shown[0].max() < 0.92


def test_labels_stay_those_of_what_is_covered():
    with Bench([Part(mesh=sphere(1.0), surface=Surface(class_name="car"), label=3)], dome(SKY)) as bench:
        shot = bench.shot(track((-6.0, 0.0, 0.0)))
        dry, snowy = (camera(hfov_deg=30.0).capture(s) for s in (shot, under(shot, snow_m=0.1)))
    for name in ("semantic", "instance", "depth"):
        np.testing.assert_array_equal(getattr(dry, name), getattr(snowy, name))
    assert not np.array_equal(dry.rgb, snowy.rgb)


def test_weather_that_leaves_nothing_changes_no_bit():
    with Bench([ground(base_color=(0.3, 0.2, 0.1), roughness=0.4)], dome(SKY, 5e4, (0.3, 0.2, 0.8))) as bench:
        shot = bench.shot(looking_down(50.0))
        kept = dataclasses.replace(shot.surroundings, exposure=open_sky(len(bench.stage.vertices)))
        assert kept.surface == SurfaceChange()
        clear = dataclasses.replace(shot, surroundings=kept)
        np.testing.assert_array_equal(luminance(shot), luminance(clear))


def test_pictures_are_the_same_again_and_on_more_threads():
    with Bench([ground(base_color=(0.3, 0.2, 0.1))], dome(SKY, 5e4, (0.3, 0.2, 0.8))) as bench:
        change = {"wetness": 0.6, "puddles": 0.3, "snow_m": 0.003, "ice": 0.1}
        one, two = (under(bench.shot(looking_down(70.0), threads=t), **change) for t in (1, 2))
        a, b = (camera(width=96, height=64, hfov_deg=60.0).capture(s) for s in (one, two))
        np.testing.assert_array_equal(a.linear, b.linear)
        assert a.linear.std() > 10.0


def test_both_qualities_see_the_same_water_and_snow():
    """Puddles, thin snow and ice: the bouncing paths' picture is the quick one's, up to their noise."""
    with Bench([ground(base_color=(0.2, 0.2, 0.2))], dome(SKY)) as bench:
        shot = under(bench.shot(looking_down(60.0)), puddles=0.4, snow_m=0.004)
        size = {"width": 48, "height": 32, "hfov_deg": 40.0}
        quick, high = luminance(shot, **size), luminance(shot, quality="high", samples=64, denoise=False, **size)
    assert high.mean() == pytest.approx(quick.mean(), rel=0.03)
    a, b = quick[..., 1].ravel(), high[..., 1].ravel()
    assert np.corrcoef(a, b)[0, 1] > 0.9
