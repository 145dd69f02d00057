"""Ultrasonic echoes against closed forms: walls, balls, poles, the speed of sound and what the air takes."""

from __future__ import annotations

import math

import numpy as np
import pytest
from helpers_stage import Bench, dome
from helpers_ultrasonic import HARD, ROUGH, ball, hear, pings, pole, ranger, wall
from scipy import stats

from simgen.records.mesh import Surface
from simgen.sensors._ultrasonic_air import absorption_db_m, sound_speed
from simgen.sensors._ultrasonic_echo import Beam, beam_rays, ping

#: ISO 9613-2, table 2: dB/km from 63 Hz to 8 kHz by temperature and humidity
ISO = {
    (10.0, 0.7): (0.1, 0.4, 1.0, 1.9, 3.7, 9.7, 32.8, 117.0),
    (20.0, 0.7): (0.1, 0.3, 1.1, 2.8, 5.0, 9.0, 22.9, 76.6),
    (30.0, 0.7): (0.1, 0.3, 1.0, 3.1, 7.4, 12.7, 23.1, 59.3),
    (15.0, 0.2): (0.3, 0.6, 1.2, 2.7, 8.2, 28.2, 88.8, 202.0),
    (15.0, 0.5): (0.1, 0.5, 1.2, 2.2, 4.2, 10.8, 36.2, 129.0),
    (15.0, 0.8): (0.1, 0.3, 1.1, 2.4, 4.1, 8.3, 23.7, 82.8),
}


@pytest.mark.parametrize("air", ISO)
def test_absorption_is_the_standards_table(air):
    octaves = [62.5 * 2**k for k in range(8)]
    found = [1e3 * absorption_db_m(f, *air) for f in octaves]
    # the standard's bands are the exact ones, 1000 x 10^(3k/10), and its numbers are rounded to 0.1
    assert found == pytest.approx(ISO[air], rel=0.02, abs=0.06)


def test_speed_of_sound():
    assert sound_speed(0.0) == 331.3
    assert sound_speed(20.0) == pytest.approx(343.2, abs=0.05)
    assert sound_speed(-20.0) == pytest.approx(318.9, abs=0.1)


def power(*parts, alpha=0.0, rays=20_000, opening=(60.0, 30.0)):
    """All the power that comes back."""
    beam = Beam(
        opening_rad=tuple(math.radians(a) for a in opening), rays=rays, max_range_m=50.0, absorption_db_m=alpha,
        ground_rejection_db=0.0,
    )  # fmt: skip
    from helpers_ultrasonic import shot_of

    with Bench(list(parts), dome()) as bench:
        return float(ping(beam, shot_of(bench)).power.sum())


MIRRORED = 0.97  # the share of a plain surface's reflection that is not scattered evenly


@pytest.mark.parametrize("at", [0.5, 2.0, 5.0])
def test_a_wide_wall_sends_back_what_its_mirror_image_would(at):
    even = 0.03 * sum_even(at)
    assert power(wall(at), opening=(80.0, 80.0)) == pytest.approx(MIRRORED / (4 * at**2) + even, rel=0.03)


def sum_even(at):
    """What an even surface sends back: the integral of D^4 cos(phi)^3 / (pi at^2) over the beam."""
    direction, solid, pressure = beam_rays((math.radians(80.0), math.radians(80.0)), 200_000)
    return float((solid * pressure**4 * np.maximum(direction[:, 0], 0.0) ** 3).sum() / (math.pi * at**2))


@pytest.mark.parametrize(("at", "radius"), [(1.0, 0.1), (2.0, 0.3), (3.0, 0.05), (0.6, 0.5)])
def test_a_ball_is_a_curved_mirror(at, radius):
    """a^2 / (4 R^2 (R + a)^2); the even part adds at most 0.03 x 4."""
    assert power(ball(at, radius)) == pytest.approx(MIRRORED * radius**2 / (4 * at**2 * (at + radius) ** 2), rel=0.12)


@pytest.mark.parametrize(("at", "radius"), [(1.0, 0.0375), (2.5, 0.0375), (1.5, 0.15)])
def test_a_pole_is_a_mirror_curved_one_way(at, radius):
    """A / (4 R^2 (R + a)): the tube of 75 mm by which parking aids are tested (ISO 17386)."""
    assert power(pole(at, radius)) == pytest.approx(MIRRORED * radius / (4 * at**2 * (at + radius)), rel=0.15)


def test_few_rays_and_many_agree():
    many = power(ball(2.0, 0.1), rays=200_000)
    assert power(ball(2.0, 0.1), rays=12_000) == pytest.approx(many, rel=0.15)
    assert power(wall(2.0), rays=2_000) == pytest.approx(power(wall(2.0), rays=200_000), rel=0.05)


def test_the_air_takes_its_share_there_and_back():
    assert power(wall(3.0), alpha=2.0) / power(wall(3.0)) == pytest.approx(10 ** (-2 * 2.0 * 3.0 / 10), rel=0.03)


@pytest.mark.parametrize("at", [0.2, 1.0, 3.0, 5.4])
def test_range_and_time_of_a_wall(at):
    frame = hear(ranger(), wall(at))
    # close to the threshold, at 6 m, an echo takes some millimetres to reach it
    late = 1e-3 if at > 5.0 else 2e-4
    assert frame.range[0] == pytest.approx(at, rel=late)
    assert frame.time_of_flight[0] == pytest.approx(2 * at / sound_speed(20.0), rel=late)
    loss = 10 ** (-absorption_db_m(48_000.0, 20.0, 0.5) * 2 * at / 20)
    assert frame.amplitude[0] == pytest.approx(loss / at, rel=0.05)


def test_the_farthest_wall_is_the_one_that_sets_the_threshold():
    sensor = ranger(wall_range_m=3.0)
    assert np.isfinite(hear(sensor, wall(2.9)).range[0])
    assert np.isinf(hear(sensor, wall(3.1)).range[0])
    assert hear(sensor, wall(3.1)).amplitude[0] == 0.0


def test_smooth_walls_vanish_when_they_tilt_and_rough_ones_do_not():
    """The foot of the perpendicular leaves the beam."""
    ideal = ranger(opening_deg=(40.0, 20.0))
    for tilt in (0.0, 10.0, 20.0):
        assert hear(ideal, wall(1.5, tilt)).range[0] == pytest.approx(1.5 * math.cos(math.radians(tilt)), rel=6e-3)
    assert np.isinf(hear(ideal, wall(2.5, 60.0)).range[0])
    rough = hear(ideal, wall(0.6, 60.0, ROUGH))
    assert np.isfinite(rough.range[0])
    assert rough.semantic[0] != 0


@pytest.mark.parametrize(("air", "assumed"), [(40.0, 20.0), (-20.0, 20.0), (0.0, 0.0)])
def test_a_wrong_temperature_scales_the_range(air, assumed):
    sensor = ranger(
        noise=True, noise_m=0.0, resolution_m=1e-4, threshold_noise=0.0, air_temperature_c=air,
        assumed_temperature_c=assumed,
    )  # fmt: skip
    frame = hear(sensor, wall(2.0))
    wanted = 2.0 * math.sqrt((assumed + 273.15) / (air + 273.15))
    assert frame.range[0] == pytest.approx(wanted, rel=3e-4)
    assert frame.time_of_flight[0] == pytest.approx(4.0 / sound_speed(air), rel=3e-4)


def test_range_noise_is_normal_and_stepped():
    sensor = ranger(noise=True, noise_m=0.02, resolution_m=1e-5, rays=2000)
    said = np.array([f.range[0] for f in pings(sensor, wall(2.0), count=300)], float)
    assert stats.kstest((said - said.mean()) / 0.02, "norm").pvalue > 1e-3
    assert said.mean() == pytest.approx(2.0, abs=4 * 0.02 / 20)
    steps = np.array([f.range[0] for f in pings(ranger(noise=True), wall(2.0), count=20)], float) / 0.01
    assert np.abs(steps - np.round(steps)).max() < 1e-3


def test_echoes_thin_out_around_the_threshold():
    """The threshold's pressure wanders by a share s: a wall of pressure p is heard with the chance Phi((p - 1) / s)."""
    sensor = ranger(noise=True, wall_range_m=4.0, threshold_noise=0.2, rays=2000)
    for at in (3.9, 4.1):
        pressure = hear(ranger(wall_range_m=4.5, rays=2000), wall(at)).amplitude[0] / (2 * math.sqrt(sensor.threshold))
        chance = stats.norm.cdf((pressure - 1.0) / 0.2)
        found = np.mean([np.isfinite(f.range[0]) for f in pings(sensor, wall(at), count=200)])
        assert abs(found - chance) < 4.5 * math.sqrt(chance * (1 - chance) / 200) + 0.01


def test_the_first_of_two_is_heard_and_close_ones_melt():
    frame = hear(ranger(), pole(1.0, 0.05), wall(2.0, label=9))
    assert (frame.instance[0], frame.range[0]) == (6, pytest.approx(1.0, abs=2e-3))
    envelope = hear(ranger(outputs=("envelope",)), pole(1.0, 0.05), wall(2.0, label=9)).envelope
    # an echo lasts half a pulse's length, 5.7 cm; between the two nothing is heard, but the pole's flanks
    assert envelope[202] > 0.08
    assert envelope[150] < 0.01 * envelope[202]
    both = hear(ranger(), wall(2.0, label=8), ball(1.99, 0.05))
    assert both.instance[0] == 8


def test_the_ground_is_suppressed():
    road = Surface(class_name="road", texture="asphalt")
    tilted = wall(0.45, 80.0, road)  # at 80 degrees, like a road that the beam grazes
    loud, quiet = (hear(ranger(ground_rejection_db=db, wall_range_m=20.0), tilted).amplitude[0] for db in (0.0, 20.0))
    assert quiet == pytest.approx(loud / 10.0, rel=1e-5)


def test_crosstalk_is_even_over_the_range_and_flagged():
    sensor = ranger(noise=True, crosstalk=0.5, rays=100)
    frames = pings(sensor, ball(40.0, 0.1), count=600)
    false = np.array([f.range[0] for f in frames if f.flags[0] == 1], float)
    assert abs(len(false) - 300) < 4.5 * math.sqrt(150)
    assert stats.kstest((false - 0.15) / 5.35, "uniform").pvalue > 1e-3
    assert all(np.isinf(f.range[0]) for f in frames if f.flags[0] == 0)


def test_hard_is_what_it_says():
    assert HARD.texture == "plain"
