"""The medium: what is filled in, how media add, and its phase function."""

from __future__ import annotations

import numpy as np
import pytest
from scipy import integrate

from simgen.records.air import LOBES, Fallen, Medium, Particles, SurfaceChange
from simgen.weather.dust import Dust
from simgen.weather.fog import Fog
from simgen.weather.hail import Hail
from simgen.weather.rain import Rain
from simgen.weather.smoke import Smoke
from simgen.weather.snow import Snow

ALL = [
    Medium.gray(0.01, 1e-4, "fog"),
    Fog(visibility_m=100.0).medium(),
    Dust(visibility_m=300.0).medium(),
    Smoke().medium(),
    Rain(rate_mm_h=30.0).medium(),
]


def test_clear_air_does_nothing():
    clear = Medium.clear()
    assert all(not array.any() for _, _, array in clear.arrays())
    assert clear.albedo_at(550.0) == 1.0
    assert clear.moment_at(550.0, 1) == pytest.approx(0.85)


def test_what_is_left_out_is_white_and_forward():
    medium = Medium.gray(0.02, 1e-3, "fog", albedo=0.9)
    assert medium.albedo_at(905.0) == pytest.approx(0.9)
    assert medium.moment_at(905.0, 1) == pytest.approx(0.85)
    assert medium.infrared_at(8.0, 14.0) == pytest.approx(0.02)
    assert medium.microwave_at(77e9) == 0.0


@pytest.mark.parametrize("medium", ALL)
@pytest.mark.parametrize("nm", [465.0, 905.0, 1550.0])
def test_phase_functions_scatter_everything_somewhere(medium, nm):
    """Their integral over the sphere is 1 and their mean cosine is the first moment, by quadrature."""
    peaks = [0.9, 0.99, 0.999, 0.9999]
    whole, _ = integrate.quad(lambda u: medium.phase(nm, u), -1.0, 1.0, points=peaks, limit=300)
    cosine, _ = integrate.quad(lambda u: u * medium.phase(nm, u), -1.0, 1.0, points=peaks, limit=300)
    assert 2.0 * np.pi * whole == pytest.approx(1.0, rel=1e-6)
    assert 2.0 * np.pi * cosine == pytest.approx(medium.moment_at(nm, 1), rel=1e-6)


@pytest.mark.parametrize("medium", ALL)
def test_energy_is_conserved(medium):
    assert (medium.lobes >= 0.0).all()
    assert (medium.lobes.sum(0) <= medium.extinction * (1.0 + 1e-6)).all()
    assert (medium.infrared >= 0.0).all()
    assert (medium.microwave >= 0.0).all()


def test_media_add_lobe_by_lobe():
    fog, dust = ALL[1], ALL[2]
    both = fog + dust
    for nm in (465.0, 1550.0):
        mu = np.array([-1.0, -0.3, 0.5, 0.99])
        parts = [m.lobes_at(nm).sum() * m.phase(nm, mu) for m in (fog, dust)]
        np.testing.assert_allclose(both.lobes_at(nm).sum() * both.phase(nm, mu), sum(parts), rtol=1e-12)
        assert both.extinction_at(nm) == pytest.approx(fog.extinction_at(nm) + dust.extinction_at(nm))
    np.testing.assert_allclose(fog.scaled(0.5).lobes + fog.scaled(0.5).lobes, fog.lobes)


def test_the_class_is_that_of_the_brighter_medium():
    dust, fog, rain = Dust(visibility_m=50.0).medium(), Fog(visibility_m=3000.0).medium(), ALL[4]
    assert (dust + fog).class_name == (fog + dust).class_name == "dust"
    assert (Medium.clear() + rain).class_name == (rain + Medium.clear()).class_name == "rain"


def test_one_lobe_is_henyey_and_greensteins_function():
    lobes = np.zeros((6, 6))
    lobes[3] = 0.01
    medium = Medium(extinction=np.full(6, 0.01), backscatter=np.zeros(6), lobes=lobes)
    g = LOBES[3]
    assert medium.phase(550.0, np.array([1.0]))[0] == pytest.approx((1 + g) / (1 - g) ** 2 / (4 * np.pi))
    assert medium.moment_at(550.0, 2) == pytest.approx(g**2)


def test_radar_frequencies_between_the_tabulated_follow_a_power_law():
    medium = Medium.clear().replace(microwave=1e-4 * np.array([1.0, 4.0, 6.0, 8.0]))
    assert medium.microwave_at(24e9) == pytest.approx(1e-4)
    assert medium.microwave_at(1e9 * (24.0 * 60.0) ** 0.5) == pytest.approx(2e-4)


def test_fewer_particles_are_of_the_same_sizes():
    drops = Particles(diameter=np.ones(2), density=np.array([3.0, 5.0]), fall_speed=np.ones(2))
    np.testing.assert_array_equal(drops.scaled(0.5).density, [1.5, 2.5])
    np.testing.assert_array_equal(drops.scaled(0.5).diameter, drops.diameter)


def test_what_particles_take_away_is_the_mediums_extinction():
    for effect in (Rain(rate_mm_h=10.0), Snow(rate_mm_h=1.0), Hail()):
        (kind,) = effect.particles()
        for nm in (465.0, 550.0, 905.0, 1550.0):
            assert kind.lost(nm).sum() == pytest.approx(effect.medium().extinction_at(nm), rel=1e-9)


def test_particles_without_an_extinction_take_away_twice_their_shadow():
    drop = Particles(diameter=np.array([0.002]), density=np.array([3.0]), fall_speed=np.ones(1))
    assert drop.lost(905.0) == pytest.approx(3.0 * 2.0 * np.pi * 0.001**2)


def test_the_stronger_change_of_surfaces_wins_one_by_one():
    a, b = SurfaceChange(wetness=0.5, snow_m=0.1), SurfaceChange(wetness=0.8, ice=0.2)
    assert a.stronger(b) == b.stronger(a) == SurfaceChange(wetness=0.8, snow_m=0.1, ice=0.2)
    assert a.scaled(0.5) == SurfaceChange(wetness=0.25, snow_m=0.05)


def test_what_has_fallen_goes_on_evenly_beyond_its_ends():
    fallen = Fallen(time_ns=np.array([0, 10], np.int64), rain_mm=np.array([0.0, 2.0]), snow_mm=np.zeros(2))
    np.testing.assert_allclose(fallen.rain_at(np.array([-5, 0, 5, 20])), [-1.0, 0.0, 1.0, 4.0])


def test_grip_is_that_of_what_covers_the_ground():
    assert SurfaceChange().grip == 1.0
    assert SurfaceChange(wetness=1.0).grip == pytest.approx(0.8)
    assert SurfaceChange(snow_m=1.0, ice=1.0, wetness=1.0).grip == pytest.approx(0.3)
    assert SurfaceChange(ice=1.0).grip == pytest.approx(0.2)
    assert SurfaceChange(ice=0.5).grip == pytest.approx(0.6)
