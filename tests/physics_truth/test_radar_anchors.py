"""Radar by closed form: resolutions, the radar equation, cross-sections of simple bodies, losses in the air."""

from __future__ import annotations

import math

import numpy as np
import pytest
from helpers_lidar import Thing, sphere, wall
from helpers_radar import METAL, Site, cross_section, radar_of, scan

from simgen.kernels.radar_tables import Matter
from simgen.records.air import Medium
from simgen.sensors import _radar_scan
from simgen.sensors._radar_physics import (
    attenuation_db_m,
    decibels,
    diffraction_slope,
    mirror_rcs_m2,
    noise_w,
    plate_rcs_m2,
    range_resolution_m,
    ratio_of,
    received_w,
    sphere_rcs_m2,
    trihedral_rcs_m2,
    velocity_limit_m_s,
    velocity_resolution_m_s,
    wavelength_m,
)
from simgen.weather.fog import Fog
from simgen.weather.hail import Hail
from simgen.weather.rain import Rain
from simgen.weather.snow import Snow

F = 77e9


def test_resolutions_at_77_ghz():
    assert wavelength_m(F) == pytest.approx(3.893e-3, abs=5e-7)
    assert range_resolution_m(1e9) == pytest.approx(0.150, abs=2e-4)
    assert velocity_resolution_m_s(F, 20e-3) == pytest.approx(0.0973, abs=5e-5)
    assert velocity_limit_m_s(F, 50e-6) == pytest.approx(19.5, abs=0.05)


def test_cross_sections_in_closed_form():
    assert trihedral_rcs_m2(0.1, wavelength_m(F)) == pytest.approx(27.6, abs=0.05)
    assert sphere_rcs_m2(0.5) == pytest.approx(0.7854, abs=1e-4)
    assert sphere_rcs_m2(1e9, 30.0) == pytest.approx(mirror_rcs_m2(30.0), rel=1e-6)
    # A / 2 m^2 with the slope of diffraction is the flat plate's own
    slope = diffraction_slope(0.1, wavelength_m(F))
    assert 0.01 / (2.0 * slope**2) == pytest.approx(plate_rcs_m2(0.01, wavelength_m(F)), rel=1e-9)


def test_twice_the_range_is_12_db_less():
    near, far = (received_w(0.01, 100.0, wavelength_m(F), 1.0, r) for r in (50.0, 100.0))
    assert decibels(far / near) == pytest.approx(-12.04, abs=0.005)


@pytest.mark.parametrize(
    ("radius", "distance", "step"), [(2.0, 30.0, 0.3), (2.0, 100.0, 0.2), (1.0, 30.0, 0.1), (0.5, 20.0, 0.1)]
)
def test_facets_of_a_metal_sphere_add_up_to_that_of_geometric_optics(radius, distance, step):
    """``pi (r R / (r + R))^2``, 3 % more for the diffuse part; within 7 %, a small sphere 10 %."""
    found = cross_section(
        [Thing(sphere(radius), METAL, 1, position=(distance, 0.0, 0.0))],
        1,
        frames=12,
        azimuth_step_deg=step,
        elevation_step_deg=step,
    )
    wanted = 1.03 * sphere_rcs_m2(radius, distance - radius)
    assert found == pytest.approx(wanted, rel=0.1 if radius < 1.0 else 0.07)


@pytest.mark.parametrize("distance", [5.0, 40.0])
def test_facets_of_an_endless_mirror_add_up_to_pi_R2(distance):
    assert cross_section([Thing(wall(distance), METAL, 1)], 1) == pytest.approx(mirror_rcs_m2(distance), rel=0.03)


def test_facets_of_a_flat_plate_add_up_to_4_pi_A2_over_lambda2(monkeypatch):
    """A perfectly flat square of the size that bodies are taken to be flat over, in the far field."""
    one = np.ones(1)
    flat = Matter(power=one, slope=0 * one, diffuse=0 * one, corner=0 * one, height=0 * one, upright=0 * one)
    monkeypatch.setattr(_radar_scan, "matter_of", lambda surfaces: flat)
    edge, distance = _radar_scan.FLAT_M, 100.0
    found = cross_section(
        [Thing(wall(distance, 0.5 * edge), METAL, 1)],
        1,
        azimuth_deg=0.2,
        elevation_deg=0.2,
        azimuth_step_deg=0.01,
        elevation_step_deg=0.01,
        frames=8,
    )
    assert found == pytest.approx(plate_rcs_m2(edge**2, wavelength_m(F)), rel=0.08)


def test_signal_over_noise_of_a_sphere_is_the_radar_equations():
    for distance in (22.0, 42.0):
        with Site([Thing(sphere(2.0), METAL, 1, position=(distance + 2.0, 0.0, 0.0))]) as site:
            radar = radar_of(
                scan(azimuth_resolution_deg=20.0, elevation_resolution_deg=0.0, bandwidth_hz=3e7), noise=False
            )
            found = site.take(radar).detections
        device = radar.device
        signal = received_w(
            1e-3 * ratio_of(device.power_dbm), 100.0, wavelength_m(F), sphere_rcs_m2(2.0, distance), distance
        )
        noise = noise_w(ratio_of(device.noise_figure_db), 0.02)
        wanted = decibels(signal / noise) - device.loss_db
        assert len(found.snr) == 1
        assert found.snr[0] == pytest.approx(wanted, abs=0.25)
        assert found.rcs[0] == pytest.approx(decibels(sphere_rcs_m2(2.0, distance)), abs=0.25)


def test_the_pattern_is_two_way():
    """At half the half-power width the one-way gain is -3 dB, so the echo is -6 dB."""
    power = []
    for beam in (360.0, 10.0):
        angle = math.radians(5.0)
        thing = Thing(sphere(1.0), METAL, 1, position=(40.0 * math.cos(angle), 40.0 * math.sin(angle), 0.0))
        with Site([thing]) as site:
            radar = radar_of(scan(azimuth_deg=8.0, azimuth_resolution_deg=4.0, azimuth_beam_deg=beam), noise=False)
            power.append(float(site.take(radar).detections.snr.max()))
    assert power[1] - power[0] == pytest.approx(-6.02, abs=0.15)


def test_fog_hardly_dims():
    assert 0.1e-3 < attenuation_db_m(Fog(visibility_m=100.0).medium(), F) < 0.6e-3
    assert attenuation_db_m(Medium.clear(), F) == 0.0


@pytest.mark.parametrize("effect", [Rain(rate_mm_h=50.0), Snow(rate_mm_h=20.0), Hail(rate_mm_h=300.0)])
def test_weather_dims_there_and_back(effect):
    power, medium = [], effect.medium()
    for air in (Medium.clear(), medium):
        with Site([Thing(sphere(2.0), METAL, 1, position=(150.0, 0.0, 0.0))], medium=air) as site:
            power.append(float(site.take(radar_of(noise=False)).detections.snr.max()))
    assert attenuation_db_m(medium, F) > 1e-3
    assert power[1] - power[0] == pytest.approx(-2.0 * 148.0 * attenuation_db_m(medium, F), abs=0.05)
