"""Lidar ranges and detection against closed forms."""

from __future__ import annotations

import math
from statistics import NormalDist

import helpers_lidar as yard
import numpy as np
import pytest
from scipy import stats

from simgen.records.air import Medium
from simgen.records.mesh import Surface
from simgen.sensors.lidar import Lidar

STEPS = 2000


def farthest(folder, reflectance, alpha, **device):
    """The farthest facet that an ideal lidar sees, with facets every 0.15 m from 5 to 305 m."""
    ranges = 5.0 + 0.15 * np.arange(STEPS)
    medium = Medium.gray(alpha, 0.0, "fog")
    points, _ = yard.facet_sweep(folder, ranges, reflectance=reflectance, medium=medium, noise=False, device=device)
    return points.range.max()


@pytest.mark.parametrize(
    ("reflectance", "alpha", "expected"),
    [
        (0.1, 0.0, 100.0),
        (0.8, 0.0, 282.8),
        (0.1, 0.005, 70.3),
        (0.1, 0.02, 42.6),
        (0.1, 0.06, 23.9),
        (0.8, 0.005, 140.3),
        (0.8, 0.02, 69.9),
        (0.8, 0.06, 34.9),
    ],
)
def test_how_far_a_wall_is_seen(tmp_path, reflectance, alpha, expected):
    assert farthest(tmp_path, reflectance, alpha) == pytest.approx(expected, abs=0.2)


def test_eightfold_reflectance_is_seen_2_83_times_as_far(tmp_path):
    near, far = (farthest(tmp_path, rho, 0.0, range_10=40.0) for rho in (0.1, 0.8))
    assert far / near == pytest.approx(math.sqrt(8.0), rel=3e-3)


def test_ranges_of_a_wall_follow_the_secant():
    points = yard.take(Lidar(name="top", model="os1-128", noise=False), [yard.Thing(yard.wall(20.0))]).points
    assert len(points.range) > 20_000
    assert np.abs(points.xyz[:, 0] - 20.0).max() < 1e-4
    assert np.abs(np.cos(points.incidence) - (20.0 - 0.0158) / points.range).max() < 1e-3


def test_ranges_of_a_sphere_follow_the_quadratic():
    radius, center = 2.0, np.array([10.0, 1.0, 0.3])
    ball = yard.Thing(yard.sphere(radius, 300), label=1, position=tuple(center))
    points = yard.take(Lidar(name="top", model="vlp-16", noise=False), [ball]).points
    d = points.xyz / np.linalg.norm(points.xyz, axis=1, keepdims=True)
    along = (d * center).sum(1)
    exact = along - np.sqrt(along**2 - (center**2).sum() + radius**2)
    inner = points.incidence < 1.2
    assert inner.sum() > 300
    # chords of the mesh lie up to 0.1 mm inside; beams start up to 11 mm above the centre
    assert np.abs(np.linalg.norm(points.xyz, axis=1) - exact)[inner].max() < 2e-3
    normal = (points.xyz - center) / radius
    exact_angle = np.arccos(-(d * normal).sum(1))
    assert np.abs(points.incidence - exact_angle)[inner].max() < 4e-3


def test_intensity_is_reflectance_times_cosine():
    surface = Surface(class_name="building", lidar_reflectance=0.4)
    points = yard.take(Lidar(name="top", model="vlp-16", noise=False), [yard.Thing(yard.wall(15.0), surface)]).points
    assert points.intensity == pytest.approx(0.4 * np.cos(points.incidence), rel=1e-4)


def test_range_noise_is_gaussian_with_the_stated_sigma(tmp_path):
    at = 40.0
    points, _ = yard.facet_sweep(tmp_path, np.full(4000, at), reflectance=0.5)
    power = 0.5 / at**2 / (0.1 / 100.0**2)
    sigma = math.hypot(0.02 / 1.96, 0.09 / math.sqrt(2.0 * power))
    error = points.range.astype(float) - at
    assert stats.kstest(error, "norm", args=(0.0, sigma)).pvalue > 1e-3
    assert error.std() == pytest.approx(sigma, rel=0.05)


def test_a_fixed_range_noise_replaces_it(tmp_path):
    points, _ = yard.facet_sweep(tmp_path, np.full(4000, 40.0), reflectance=0.5, range_noise_m=0.2)
    assert stats.kstest(points.range.astype(float) - 40.0, "norm", args=(0.0, 0.2)).pvalue > 1e-3


@pytest.mark.parametrize("factor", [0.9, 0.97, 1.0, 1.04, 1.1])
def test_returns_thin_out_smoothly_around_the_threshold(tmp_path, factor):
    shots = 4000
    points, _ = yard.facet_sweep(tmp_path, np.full(shots, 100.0 * factor), reflectance=0.1, range_noise_m=0.0)
    power = factor**-2.0
    chance = NormalDist().cdf((power - 1.0) / math.hypot(0.2, 0.05 * power))
    error = math.sqrt(chance * (1.0 - chance) * shots)
    assert abs(len(points.range) - shots * chance) < 4.5 * error + 2.0


def test_os1_finds_more_than_ninety_percent_at_its_stated_range():
    shell = yard.Thing(yard.sphere(90.0, 400), Surface(class_name="building", lidar_reflectance=0.1))
    points = yard.take(Lidar(name="top", model="os1-128"), [shell]).points
    assert len(points.range) / (1024 * 128) == pytest.approx(0.9, abs=0.02)
