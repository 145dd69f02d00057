"""Beams with a width: echoes, panes, mirrors, retro-reflectors and false returns, against closed forms."""

from __future__ import annotations

import math
from statistics import NormalDist

import helpers_lidar as yard
import numpy as np
import pytest
from scipy import stats

from simgen.records.frames import POINT_BLOOMING, POINT_GHOST, POINT_MIXED, POINT_NOISE, POINT_THROUGH
from simgen.records.mesh import Surface
from simgen.sensors._lidar_receiver import alarm_chance, cone_of, noise_sigma, receiver_of
from simgen.sensors._lidar_surfaces import spectral_factor
from simgen.sensors.lidar import Lidar
from simgen.taxonomy import class_id

WHITE = Surface(class_name="building", lidar_reflectance=0.8, roughness=0.9)
PANE = Surface(class_name="car", lidar_reflectance=0.0, roughness=0.02, transmission=0.8)
ALL = ("strongest", "last")


def device(folder, **changes) -> str:
    """One laser, 1000 columns, counter-clockwise from straight ahead."""
    return yard.device_file(folder, **{"pulse": 5.0, "columns": 1000, **changes})


def lidar(folder, changes=None, **fields) -> Lidar:
    return Lidar(name="top", model=device(folder, **(changes or {})), start_azimuth_deg=0.0, **fields)


def column(taken, frame) -> np.ndarray:
    """The column of each point."""
    offset = frame.points.time_offset_ns.astype(np.int64) + taken.turn.half_ns
    return np.round(offset * 1000 * taken.rate_hz * 1e-9).astype(int)


def half_plate(distance: float, cut: float = 0.0) -> yard.Thing:
    """A plate across x whose upper edge is at height ``cut``: it takes the lower part of level beams."""
    corners = [[distance, y, z] for y in (-3.0, 3.0) for z in (-3.0, cut)]
    return yard.Thing(yard.flat(corners, [[0, 1, 2], [2, 1, 3]]), WHITE, label=5)


def straight_on(taken, frame):
    """The points of the first column, which looks along x."""
    return frame.points.rows(column(taken, frame) == 0)


def split_beam(folder, gap: float, **fields):
    """A beam whose lower half meets a plate at 20 m, the upper half a wall behind it; returns of the ideal device."""
    taken = lidar(folder, returns=ALL, noise=False, beam_rays=16, **fields)
    things = [half_plate(20.0), yard.Thing(yard.wall(20.0 + gap), WHITE)]
    return straight_on(taken, yard.take(taken, things))


@pytest.mark.parametrize(("gap", "returns"), [(0.3, 1), (2.0, 2), (8.0, 2)])
def test_echoes_of_5_ns_pulses_merge_at_0_3_m_and_part_at_2_m(tmp_path, gap, returns):
    points = split_beam(tmp_path, gap)
    assert len(points.range) == returns
    assert list(points.return_index) == list(range(returns))


def test_a_split_beam_shares_its_power(tmp_path):
    """Each surface reads its share of the beam as reflectance; together they are the whole."""
    points = split_beam(tmp_path, 8.0)
    assert sorted(points.range) == pytest.approx([20.0, 28.0], abs=0.01)
    assert points.intensity.sum() == pytest.approx(0.8, rel=0.02)
    assert points.intensity.min() > 0.3
    assert list(points.instance[np.argsort(points.range)]) == [5, 0]


def test_merged_echoes_lie_between(tmp_path):
    points = split_beam(tmp_path, 0.3)
    assert 20.05 < points.range[0] < 20.25
    assert points.flags[0] & POINT_MIXED
    assert points.intensity[0] > 0.7


def test_where_two_equal_pulses_part(tmp_path):
    """Two equal Gaussians have two peaks from a distance of two standard deviations on."""
    sigma = 0.5 * 0.299792458 * 5.0 / (2.0 * math.sqrt(2.0 * math.log(2.0)))
    counts = [len(split_beam(tmp_path, factor * 2.0 * sigma).range) for factor in (0.9, 1.2)]
    assert counts == [1, 2]


@pytest.mark.parametrize("tilt", [0.0, 60.0, 80.0])
def test_a_slope_stretches_the_pulse(tmp_path, tilt):
    """The peak falls by pulse / sqrt(pulse^2 + (R sigma tan)^2); the range stays."""
    at, beam = 60.0, 8.0
    taken = lidar(tmp_path, {"divergence": beam}, noise=False, beam_rays=16)
    s, c = math.sin(math.radians(tilt)), math.cos(math.radians(tilt))
    corners = [[at + t * s, y, t * c] for y in (-200.0, 200.0) for t in (-40.0, 40.0)]
    points = straight_on(taken, yard.take(taken, [yard.Thing(yard.flat(corners, [[0, 1, 2], [2, 1, 3]]), WHITE)]))
    pulse = 0.5 * 0.299792458 * 5.0 / (2.0 * math.sqrt(2.0 * math.log(2.0)))
    spread = at * beam * 1e-3 / 4.0 * math.tan(math.radians(tilt))
    expected = 0.8 * c * pulse / math.hypot(pulse, spread)
    assert points.intensity[0] == pytest.approx(expected, rel=0.02)
    assert points.range[0] == pytest.approx(at, abs=0.06)


def test_rays_of_a_beam_follow_its_gaussian():
    """Mean and variance are those of the beam, and about as many rays lie within each radius as power does."""
    cone = cone_of(3e-3, 1.5e-3, 16)
    assert cone.share.sum() == pytest.approx(1.0)
    for offsets, width in ((cone.across, 3e-3), (cone.up, 1.5e-3)):
        assert offsets.mean() == pytest.approx(0.0, abs=1e-12)
        assert offsets.std() == pytest.approx(width / 4.0, rel=1e-6)
    radius = np.hypot(cone.across / 1.5e-3, cone.up / 0.75e-3)
    shares = 1.0 - np.exp(-2.0 * np.sort(radius) ** 2)
    assert shares == pytest.approx((np.arange(16) + 0.5) / 16, abs=0.1)


def test_one_ray_and_many_agree_on_a_wall(tmp_path):
    wall = [yard.Thing(yard.wall(12.0), WHITE)]
    one, many = (
        straight_on(taken, yard.take(taken, wall))
        for taken in (lidar(tmp_path, noise=False, beam_rays=n) for n in (1, 8))
    )
    assert many.range[0] == pytest.approx(one.range[0], abs=1e-3)
    assert many.intensity[0] == pytest.approx(one.intensity[0], rel=1e-3)


def test_first_strongest_and_last(tmp_path):
    """A dim pane in front, a bright plate, a wall behind."""
    dim = Surface(class_name="building", lidar_reflectance=0.05, roughness=0.9)
    corners = [[10.0, y, z] for y in (-3.0, 3.0) for z in (-3.0, -0.006)]
    things = [
        yard.Thing(yard.flat(corners, [[0, 1, 2], [2, 1, 3]]), dim),
        half_plate(20.0, 0.004),
        yard.Thing(yard.wall(35.0), dim),
    ]
    taken = lidar(tmp_path, returns=("first", "strongest", "last"), noise=False, beam_rays=16)
    points = straight_on(taken, yard.take(taken, things))
    assert points.range == pytest.approx([10.0, 20.0, 35.0], abs=0.1)
    assert list(points.return_index) == [0, 1, 2]


def test_a_return_is_never_given_twice(tmp_path):
    taken = lidar(tmp_path, returns=("first", "strongest", "last"), noise=False)
    points = straight_on(taken, yard.take(taken, [yard.Thing(yard.wall(20.0), WHITE)]))
    assert len(points.range) == 1


def test_a_quarter_of_the_rays_passes_between_leaves(tmp_path):
    """Through one leafy surface to the wall behind; every ray draws for itself."""
    leaves = Surface(class_name="vegetation", lidar_reflectance=0.4, texture="foliage")
    things = [yard.Thing(yard.sphere(10.0, 60), leaves), yard.Thing(yard.sphere(15.0, 60), WHITE)]
    taken = lidar(tmp_path, {"columns": 4000}, noise=False)
    points = yard.take(taken, things).points
    assert len(points.range) == 4000
    through = points.semantic == class_id("building")
    assert abs(through.sum() - 1000) < 4.5 * math.sqrt(4000 * 0.25 * 0.75)
    assert (points.flags[through] == POINT_THROUGH).all()
    both = lidar(tmp_path, {"columns": 1000}, noise=False, returns=ALL, beam_rays=16)
    points = yard.take(both, things).points
    share = points.semantic == class_id("building")
    assert points.intensity[share].sum() / 1000 == pytest.approx(0.25 * 0.8, rel=0.05)


def test_what_is_behind_a_pane(tmp_path):
    """The wall behind loses the pane's transmission twice, and says that it was seen through something."""
    taken = lidar(tmp_path, noise=False)
    pane = yard.Thing(yard.wall(10.0), PANE)
    points = straight_on(taken, yard.take(taken, [pane, yard.Thing(yard.wall(25.0), WHITE)]))
    bare = straight_on(taken, yard.take(taken, [yard.Thing(yard.wall(25.0), WHITE)]))
    behind = np.flatnonzero(points.flags & POINT_THROUGH)
    if len(behind) == 0:  # straight on, the pane's own glint is the strongest
        taken = lidar(tmp_path, noise=False, returns=ALL)
        points = straight_on(taken, yard.take(taken, [pane, yard.Thing(yard.wall(25.0), WHITE)]))
        behind = np.flatnonzero(points.flags & POINT_THROUGH)
    assert points.range[behind] == pytest.approx([25.0], abs=1e-3)
    assert points.intensity[behind[0]] == pytest.approx(0.8**2 * bare.intensity[0], rel=1e-3)
    assert points.semantic[behind[0]] == class_id("building")


def test_a_mirror_shows_a_ghost_where_the_object_seems_to_be(tmp_path):
    """A mirror at 45 degrees in front, a wall to the left: its image stands as far behind the mirror."""
    mirror = Surface(
        class_name="building", base_color=(0.9, 0.9, 0.9), metallic=1.0, roughness=0.02, lidar_reflectance=0.0
    )
    # normal (-1, 1, 0)/sqrt 2: light along x goes on along y
    corners = [[10.0 + d, d, z] for d in (-2.0, 2.0) for z in (-3.0, 3.0)]
    left = [[x, 7.0, z] for x in (-50.0, 50.0) for z in (-5.0, 5.0)]
    things = [
        yard.Thing(yard.flat(corners, [[0, 1, 2], [2, 1, 3]]), mirror),
        yard.Thing(yard.flat(left, [[0, 1, 2], [2, 1, 3]]), WHITE, label=3),
    ]
    taken = lidar(tmp_path, noise=False)
    points = straight_on(taken, yard.take(taken, things))
    assert points.range == pytest.approx([17.0], abs=1e-3)
    assert points.xyz[0] == pytest.approx([17.0, 0.0, 0.0], abs=1e-3)
    assert points.flags[0] & POINT_GHOST
    assert points.instance[0] == 0
    assert points.semantic[0] == class_id("ghost")
    assert points.intensity[0] == pytest.approx(0.8 * 0.9**2, rel=1e-3)


def test_a_glossy_surface_glints_only_straight_on(tmp_path):
    paint = Surface(class_name="car", lidar_reflectance=0.1, roughness=0.15)
    taken = lidar(tmp_path, noise=False)
    frame = yard.take(taken, [yard.Thing(yard.wall(15.0), paint)])
    points = frame.points
    shine = points.intensity - 0.1 * np.cos(points.incidence)
    assert shine[np.argmin(points.incidence)] > 1.0
    assert np.abs(shine[points.incidence > 0.5]).max() < 5e-3


def sign(distance: float, size: float = 0.8) -> yard.Thing:
    sheet = Surface(class_name="traffic_sign", lidar_reflectance=0.3, retro=0.3, roughness=0.9)
    return yard.Thing(yard.box((0, 0, 0), (0.02, size, size)), sheet, label=4, position=(distance, 0, 0))


def test_blooming_grows_with_the_square_root_of_the_power(tmp_path):
    """Stray light falls with the square of the angle, so the halo ends where ``share P / angle^2`` is the threshold."""
    at, share = 20.0, 1e-4
    taken = lidar(tmp_path, {"columns": 7200}, blooming=share, range_noise_m=0.01)
    frame = yard.take(taken, [sign(at)], light=yard.noon(0.0))
    points = frame.points
    halo = points.flags & POINT_BLOOMING > 0
    assert halo.sum() > 4
    assert np.abs(points.range[halo] - at).max() < 0.05 * at
    assert (points.instance[halo] == 0).all()
    assert (points.flags[halo] & POINT_NOISE > 0).all()
    azimuth = np.abs(np.degrees(np.arctan2(points.xyz[:, 1], points.xyz[:, 0])))
    edge = np.degrees(np.arctan(0.4 / at))
    power = (300.0 + 0.3) / at**2 / 1e-5
    reach = math.sqrt(share * power)
    assert azimuth[halo].min() > edge - 0.06
    assert azimuth[halo].max() == pytest.approx(edge + reach, abs=0.15 * reach)


def test_without_blooming_there_is_no_halo(tmp_path):
    taken = lidar(tmp_path, {"columns": 7200}, blooming=0.0)
    assert not (yard.take(taken, [sign(20.0)]).points.flags & POINT_BLOOMING).any()


def test_sunlight_raises_the_noise():
    assert noise_sigma(1e5) == pytest.approx(0.2)
    assert noise_sigma(0.0) == pytest.approx(0.1)


def test_false_alarms_come_as_often_as_noise_crosses_the_threshold(tmp_path):
    """Into the empty sky: every pulse length of range is one try."""
    taken = lidar(tmp_path, {"columns": 100_000, "pulse": 5.0}, rate_hz=1.0, sunlight_klx=150.0)
    nothing = [yard.Thing(yard.box((0, 0, 0), (0.1, 0.1, 0.1)), position=(0.0, 0.0, 390.0))]
    points = yard.take(taken, nothing).points
    sigma = 0.2 * math.sqrt(0.25 + 0.75 * 1.5)
    tries = 399.99 / (0.5 * 0.299792458 * 5.0)
    expected = 100_000 * tries * NormalDist().cdf(-1.0 / sigma)
    assert expected > 50
    assert abs(len(points.range) - expected) < 4.5 * math.sqrt(expected)
    assert (points.semantic == class_id("noise")).all()
    assert stats.kstest(points.range, "uniform", args=(0.01, 399.99)).pvalue > 1e-3


def test_crosstalk_comes_at_its_stated_share(tmp_path):
    taken = lidar(tmp_path, {"columns": 20_000}, rate_hz=1.0, crosstalk=0.05, sunlight_klx=0.0)
    nothing = [yard.Thing(yard.box((0, 0, 0), (0.1, 0.1, 0.1)), position=(0.0, 0.0, 390.0))]
    points = yard.take(taken, nothing).points
    assert abs(len(points.range) - 1000) < 4.5 * math.sqrt(1000)
    gaps = np.diff(np.sort(points.time_offset_ns)) * 20_000e-9
    # from one to the next, a geometric number of firings
    assert gaps.mean() == pytest.approx(20.0, rel=0.15)
    assert (points.flags == POINT_NOISE).all()


def test_ranges_fold(tmp_path):
    taken = lidar(tmp_path, {"far": 100.0}, noise=False, fold_range_m=120.0)
    bright = Surface(class_name="building", lidar_reflectance=1.0, retro=0.9)
    points = straight_on(taken, yard.take(taken, [yard.Thing(yard.wall(150.0), bright)]))
    assert points.range == pytest.approx([30.0], abs=1e-3)
    assert points.flags[0] & POINT_GHOST
    assert points.instance[0] == 0
    beyond = straight_on(taken, yard.take(taken, [yard.Thing(yard.wall(110.0), bright)]))
    assert len(beyond.range) == 0


def test_dead_rings_and_lost_packets():
    room = [yard.Thing(yard.sphere(20.0), WHITE)]
    dead = yard.take(Lidar(name="top", model="vlp-16", dead_rings=(3, 7), noise=False), room).points
    assert sorted(set(range(16)) - set(dead.ring.tolist())) == [3, 7]
    lossy = Lidar(name="top", model="vlp-16", packet_loss=0.3, packet_columns=12, noise=False)
    lost = yard.take(lossy, room).points
    columns = np.round((lost.time_offset_ns[lost.ring == 0] + 50_000_000) / 55_296).astype(int)
    packets = np.unique(columns // 12)
    assert len(columns) == pytest.approx(12 * len(packets), abs=12)
    assert abs(len(packets) - 0.7 * 151) < 4.5 * math.sqrt(0.21 * 151)


def test_deskewed_points_lie_on_the_wall_at_the_frames_instant():
    moving = yard.Thing(yard.wall(1.0), velocity=(20.0, 0.0, 0.0), yaw_rate=0.4)
    taken = Lidar(name="top", model="vlp-16", noise=False, outputs=("deskewed",))
    points = yard.take(taken, [yard.Thing(yard.wall(60.0, 40.0), WHITE)], carrier=moving).points
    assert points.xyz_deskewed is not None
    # at time 0 the sensor is in the world's origin, unturned, and the wall 60 m ahead
    assert np.abs(points.xyz_deskewed[:, 0] - 60.0).max() < 2e-3
    assert np.abs(points.xyz[:, 0] - 60.0).max() > 0.3


def test_the_reflectivity_byte():
    taken = Lidar(name="top", model="vlp-16", noise=False, outputs=("reflectivity",))
    points = yard.take(taken, [yard.Thing(yard.wall(15.0), WHITE), sign(10.0)]).points
    assert points.reflectivity is not None
    wall = points.instance == 0
    assert points.reflectivity[wall] == pytest.approx(80.0 * np.cos(points.incidence[wall]), abs=0.51)
    assert (points.reflectivity[points.instance == 4] == 255).all()


def test_the_ideal_signal_has_no_faults():
    taken = Lidar(name="top", model="vlp-16", dead_rings=(2,), drop_probability=0.5, outputs=("ideal",))
    frame = yard.take(taken, [yard.Thing(yard.wall(15.0), WHITE)])
    assert frame.ideal is not None
    ideal, noisy = frame.ideal.points, frame.points
    assert 2 in ideal.ring
    assert 2 not in noisy.ring
    assert np.abs(ideal.xyz[:, 0] - 15.0).max() < 1e-4
    assert np.abs(noisy.xyz[:, 0] - 15.0).max() > 1e-3


def test_leaves_are_darker_in_the_short_wave_infrared():
    assert spectral_factor("foliage", 905.0) == 1.0
    assert spectral_factor("foliage", 1550.0) < 0.6
    assert spectral_factor("plain", 1550.0) == 1.0


def test_alarm_chance_counts_pulse_lengths(tmp_path):
    taken = lidar(tmp_path)
    shot = type("S", (), {"index": 0, "surroundings": type("A", (), {"light": yard.noon(), "seed": 1})})
    receiver = receiver_of(taken, shot)  # type: ignore[arg-type]
    assert alarm_chance(receiver) == pytest.approx(
        399.99 / (0.5 * 0.299792458 * 5.0) * NormalDist().cdf(-5.0), rel=1e-6
    )
