"""Volumes of air and the wind: closed forms, moments of the noise, and values that make no sense."""

from __future__ import annotations

import math

import numpy as np
import pytest

from simgen.records.air import Medium
from simgen.records.surroundings import Surroundings
from simgen.records.volume import Patches, Volume
from simgen.records.wind import Wind

SMOKE = Medium.gray(0.3, 1e-3, "smoke")


def test_a_ray_through_the_middle_of_a_puff():
    puff = Volume(medium=SMOKE, center_m=(20.0, 1.0, 2.0), size_m=(2.0, 1.0, 0.5))
    column = puff.column(np.array([0.0, 1.0, 2.0]), np.array([1.0, 0.0, 0.0]), 40.0)
    assert column == pytest.approx(2.0 * math.sqrt(2.0 * math.pi), rel=1e-6)
    aside = puff.column(np.array([0.0, 3.0, 2.0]), np.array([1.0, 0.0, 0.0]), 40.0)
    assert aside == pytest.approx(column * math.exp(-2.0), rel=1e-6)
    assert math.exp(-column * SMOKE.extinction_at(550.0)) == pytest.approx(0.2222, abs=2e-4)


def test_a_box_is_as_long_as_its_chord():
    box = Volume(medium=SMOKE, shape="box", size_m=(3.0, 2.0, 1.0))
    slant = np.array([0.6, 0.0, 0.8])
    assert box.column(np.array([-3.0, 0.0, -4.0]), slant, 10.0, steps=20_000) == pytest.approx(2.5, abs=2e-3)


@pytest.mark.parametrize("climb", [0.05, 0.5, 1.0])
def test_a_layer_gets_thinner_with_height(climb):
    """From inside the even part up and out: what is left of it over the sine, and one scale over the sine."""
    layer = Volume(medium=SMOKE, shape="layer", center_m=(0.0, 0.0, 4.0), size_m=(1.0, 1.0, 2.0))
    direction = np.array([math.sqrt(1.0 - climb * climb), 0.0, climb])
    column = layer.column(np.array([0.0, 0.0, 1.5]), direction, 60.0 / climb, steps=20_000)
    assert column == pytest.approx((2.5 + 2.0) / climb, rel=1e-4)


def test_a_puff_that_drifts_and_spreads_keeps_what_it_holds():
    puff = Volume(medium=SMOKE, size_m=(0.5, 0.5, 0.5), velocity_m_s=(2.0, 0.0, 0.0), growth_m_s=0.25)
    axis = np.linspace(-12.0, 20.0, 97)
    grid = np.stack(np.meshgrid(axis, axis, axis, indexing="ij"), -1)
    cell = (axis[1] - axis[0]) ** 3
    held = [puff.density(grid, t) for t in (1.0, 4.0)]
    assert held[0].sum() * cell == pytest.approx((0.5 * math.sqrt(2.0 * math.pi)) ** 3, rel=1e-3)
    assert held[1].sum() * cell == pytest.approx(held[0].sum() * cell, rel=1e-3)
    assert (grid[..., 0] * held[1]).sum() / held[1].sum() == pytest.approx(8.0, abs=1e-3)


def test_patches_keep_the_mean_and_their_size():
    patches = Patches(seed=4, scale_m=5.0)
    axis = np.arange(0.0, 160.0, 1.3)
    grid = np.stack(np.meshgrid(axis, axis, axis[:40], indexing="ij"), -1)
    factor = patches.factor(grid)
    assert factor.mean() == pytest.approx(1.0, abs=0.02)
    assert 0.15 < factor.std() < 0.5
    assert factor.min() >= 0.0
    assert factor.max() <= 2.0

    def alike(shift: float) -> float:
        return float(np.corrcoef(factor.ravel(), patches.factor(grid + np.array([shift, 0.0, 0.0])).ravel())[0, 1])

    assert alike(0.5) > 0.9
    assert abs(alike(7.0)) < 0.1
    np.testing.assert_array_equal(patches.factor(grid[:3]), Patches(seed=4, scale_m=5.0).factor(grid[:3]))
    assert not np.array_equal(patches.factor(grid[:3]), Patches(seed=5, scale_m=5.0).factor(grid[:3]))
    assert (Patches(seed=4, scale_m=5.0, contrast=0.0).factor(grid[:3]) == 1.0).all()


def test_patches_drift_with_their_volume():
    fog = Volume(medium=SMOKE, shape="box", size_m=(99.0, 99.0, 99.0), velocity_m_s=(1.0, 2.0, 0.0))
    fog = Volume(**{**vars(fog), "patches": Patches(seed=1, scale_m=3.0)})
    points = np.array([[1.0, 2.0, 3.0], [4.0, -2.0, 0.5]])
    np.testing.assert_allclose(fog.density(points, 0.0), fog.density(points + np.array([3.0, 6.0, 0.0]), 3.0))


def test_patches_that_were_carried_are_the_same_ones():
    points = np.array([[1.0, 2.0, 3.0], [4.0, -2.0, 0.5]])
    carried = Patches(seed=1, scale_m=3.0, offset_m=(5.0, -2.0, 0.5))
    np.testing.assert_allclose(carried.factor(points + carried.offset_m), Patches(seed=1, scale_m=3.0).factor(points))


def test_extinction_at_a_place_is_of_all_the_air_there():
    fog = Volume(medium=SMOKE, shape="layer", center_m=(0.0, 0.0, 2.0), size_m=(1.0, 1.0, 4.0))
    puff = Volume(medium=SMOKE.scaled(2.0), center_m=(5.0, 0.0, 1.0), velocity_m_s=(1.0, 0.0, 0.0))
    around = Surroundings(stage=None, light=None, medium=SMOKE.scaled(0.1), particles=(), seed=0, volumes=(fog, puff))
    places = np.array([[99.0, 0.0, 1.0], [99.0, 0.0, 6.0], [7.0, 0.0, 1.0]])
    expected = 0.3 * np.array([1.1, 0.1 + math.exp(-1.0), 3.1])
    np.testing.assert_allclose(around.extinction_at(places, 550.0, since_s=2.0), expected)
    assert float(around.extinction_at(places[0], 550.0)) == pytest.approx(expected[0])


def test_gusts_have_the_mean_the_turbulence_and_the_length():
    wind = Wind(seed=2, speed_m_s=10.0, direction_deg=90.0, turbulence=0.2)
    times = np.arange(0.0, 40_000.0, 0.5)
    velocity = wind.velocity(times)
    assert velocity[:, 1].mean() == pytest.approx(10.0, abs=0.1)
    assert velocity[:, 0].mean() == pytest.approx(0.0, abs=0.1)
    np.testing.assert_allclose(velocity.std(0), [1.6, 2.0, 1.0], rtol=0.05)
    # Kaimal: a gust of 340 m passes at 10 m/s in 34 s; half a minute later it is mostly another one
    gusts = velocity[:, 1] - 10.0
    alike = [np.corrcoef(gusts[:-lag], gusts[lag:])[0, 1] for lag in (1, 200)]
    assert alike[0] > 0.9
    assert abs(alike[1]) < 0.25


def test_half_of_the_variance_is_below_kaimals_median():
    """1 - (1 + 6 n)^(-2/3) = 1/2 at n = 0.305, by integration of the spectrum 4 / (1 + 6 n)^(5/3)."""
    from scipy import integrate

    from simgen.records.wind import _waves

    low, _ = integrate.quad(lambda n: 4.0 / (1.0 + 6.0 * n) ** (5.0 / 3.0), 0.0, (2.0**1.5 - 1.0) / 6.0)
    whole, _ = integrate.quad(lambda n: 4.0 / (1.0 + 6.0 * n) ** (5.0 / 3.0), 0.0, np.inf)
    assert low / whole == pytest.approx(0.5, abs=1e-6)
    assert (_waves(1)[0] < (2.0**1.5 - 1.0) / 6.0).mean() == 0.5


@pytest.mark.parametrize(
    ("make", "said"),
    [
        (lambda: Volume(medium=SMOKE, size_m=(1.0, 0.0, 1.0)), "size_m"),
        (lambda: Volume(medium=SMOKE, growth_m_s=-1.0), "growth_m_s"),
        (lambda: Volume(medium=SMOKE, shape="box", growth_m_s=1.0), "only a puff"),
        (lambda: Patches(seed=0, scale_m=0.0), "scale_m"),
        (lambda: Patches(seed=0, scale_m=1.0, contrast=2.0), "contrast"),
        (lambda: Wind(seed=0, speed_m_s=-1.0), "speed_m_s"),
        (lambda: Wind(seed=0, speed_m_s=1.0, turbulence=2.0), "turbulence"),
        (lambda: Wind(seed=0, speed_m_s=1.0, length_m=0.0), "length_m"),
    ],
)
def test_what_makes_no_sense_is_refused(make, said):
    with pytest.raises(ValueError, match=said):
        make()


def test_air_has_moved_by_the_integral_of_the_wind():
    wind = Wind(seed=3, speed_m_s=12.0, direction_deg=30.0, turbulence=0.3)
    times = np.linspace(0.0, 8.0, 40001)
    velocity = wind.velocity(times)
    moved = np.concatenate([[np.zeros(3)], np.cumsum(0.5 * (velocity[1:] + velocity[:-1]), axis=0) * np.diff(times)[0]])
    np.testing.assert_allclose(wind.displacement(times), moved, atol=1e-5)
    assert not Wind(seed=1, speed_m_s=0.0).displacement(times).any()
