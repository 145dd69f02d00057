"""The lidar plugin: order, labels, flags, noise and determinism. Closed forms are in physics_truth."""

from __future__ import annotations

import helpers_lidar as yard
import numpy as np
import pytest

from simgen import registry
from simgen.errors import UserError
from simgen.records.frames import POINT_EGO, POINT_NOISE, POINT_THROUGH, POINT_WEATHER, STATUS_DROPPED
from simgen.records.mesh import Surface
from simgen.sensors._lidar_sweep import Setup
from simgen.sensors.base import Dropout
from simgen.sensors.lidar import Lidar
from simgen.taxonomy import class_id
from simgen.weather.fog import Fog
from simgen.weather.rain import Rain
from simgen.weather.snow import Snow

CAR = Surface(class_name="car", lidar_reflectance=0.6)
ROOM = [
    yard.Thing(yard.wall(30.0)),
    yard.Thing(yard.box((0, 0, 0), (4, 2, 3)), CAR, label=7, position=(12, 1, 0)),
    yard.Thing(yard.box((0, 0, 0), (1, 1, 2)), Surface(class_name="person"), label=9, position=(6, -2, 0)),
]


def vlp(**fields) -> Lidar:
    return Lidar(name="top", model="vlp-16", **fields)


def same(a, b) -> bool:
    return all(np.array_equal(x, y) for (_, _, x), (_, _, y) in zip(a.points.arrays(), b.points.arrays(), strict=True))


def real(points):
    """The points that are not the receiver's own noise."""
    return points.rows(points.flags & POINT_NOISE == 0)


def firing(points) -> np.ndarray:
    """A number for each point's firing: ring and time."""
    return points.ring.astype(np.int64) * 10**9 + points.time_offset_ns


def test_lidar_is_registered():
    assert registry.get("sensor", "lidar") is Lidar


def test_two_bodies_and_the_world_are_named_right():
    points = yard.take(vlp(noise=False), ROOM).points
    for label, name in ((0, "building"), (7, "car"), (9, "person")):
        mine = points.instance == label
        assert mine.sum() > 100
        assert (points.semantic[mine] == class_id(name)).all()
    car, person = points.xyz[points.instance == 7], points.xyz[points.instance == 9]
    assert (np.abs(car - [12, 1, 0]).max(0) < np.array([2, 1, 1.5]) + 1e-3).all()
    assert (np.abs(person - [6, -2, 0]).max(0) < np.array([0.5, 0.5, 1.0]) + 1e-3).all()


@pytest.mark.parametrize("weather", [None, Fog(visibility_m=30.0), Rain(rate_mm_h=60.0), Snow(rate_mm_h=2.5)])
def test_plain_beams_are_what_the_long_way_gives(weather, monkeypatch):
    """Also behind a pane, beside bodies that move, through fog and drops, and to the last bit."""
    air = {} if weather is None else {"medium": weather.medium(), "particles": weather.particles()}
    panes = [
        yard.Thing(yard.box((0, 0, 0), (0.01, 6, 3)), Surface(class_name="car", transmission=0.8), position=(4, 2, 0))
    ]
    moving = [yard.Thing(yard.box((0, 0, 0), (2, 2, 2)), CAR, label=3, position=(-8, 0, 0), velocity=(3, 1, 0))]
    device = Lidar(name="top", model="hdl-64e", drop_probability=0.1, sunlight_klx=100.0, outputs=("ideal",))
    quick = yard.take(
        device,
        ROOM + panes + moving,
        carrier=yard.Thing(yard.wall(1.0), velocity=(8, 0, 0), yaw_rate=0.3),
        ego=(3,),
        threads=2,
        **air,
    )
    monkeypatch.setattr(Setup, "plain", False)
    slow = yard.take(
        device,
        ROOM + panes + moving,
        carrier=yard.Thing(yard.wall(1.0), velocity=(8, 0, 0), yaw_rate=0.3),
        ego=(3,),
        **air,
    )
    assert same(quick, slow)
    assert same(quick.ideal, slow.ideal)
    assert (quick.points.flags & POINT_EGO).any()
    assert (quick.points.flags & POINT_THROUGH).any()
    assert (quick.points.flags & POINT_WEATHER).any() == (weather is not None)


def test_returns_come_in_firing_order():
    points = yard.take(Lidar(name="top"), ROOM).points
    assert (np.diff(points.time_offset_ns) >= 0).all()


def test_ring_zero_looks_lowest():
    points = yard.take(vlp(noise=False), ROOM).points
    elevation = np.degrees(np.arcsin(points.xyz[:, 2] / points.range))
    means = [elevation[points.ring == ring].mean() for ring in range(16)]
    assert np.allclose(means, np.arange(-15, 16, 2), atol=0.2)


def test_the_rotor_looks_forward_in_the_middle_and_turns_clockwise():
    points = yard.take(vlp(noise=False), [yard.Thing(yard.sphere(20.0))]).points
    azimuth = np.degrees(np.arctan2(points.xyz[:, 1], points.xyz[:, 0]))
    middle = np.abs(points.time_offset_ns) < 60_000
    assert np.abs(azimuth[middle]).max() < 0.4
    turned = -np.degrees(2 * np.pi * 10.0) * points.time_offset_ns * 1e-9
    assert np.abs((azimuth - turned + 180) % 360 - 180).max() < 0.02


def test_a_full_sweep_fires_every_laser_in_every_column():
    points = yard.take(vlp(noise=False), [yard.Thing(yard.sphere(20.0))]).points
    assert len(points.range) == 1808 * 16
    assert len(np.unique(firing(points))) == len(points.range)
    assert points.time_offset_ns[0] == -50_000_000


def test_the_range_image_holds_the_points():
    frame = yard.take(vlp(outputs=("range_image",)), ROOM)
    image = frame.range_image
    assert image is not None
    assert image.shape == (16, 1808)
    assert (image > 0).sum() == len(frame.points.range)
    assert np.array_equal(np.sort(image[image > 0]), np.sort(frame.points.range))
    assert yard.take(vlp(), ROOM).range_image is None


@pytest.mark.parametrize("model", ["vlp-16", "hdl-64e", "os1-128"])
def test_a_column_of_the_range_image_is_one_azimuth(model):
    lidar = Lidar(name="top", model=model, noise=False, outputs=("range_image",))
    frame = yard.take(lidar, ROOM)
    image, points = frame.range_image, frame.points
    assert image is not None
    width = image.shape[1]
    where = {(int(r), float(v)): c for r, c in np.argwhere(image > 0) for v in (image[r, c],)}
    column = np.array([where[int(r), float(v)] for r, v in zip(points.ring, points.range, strict=True)])
    azimuth = np.arctan2(points.xyz[:, 1], points.xyz[:, 0])
    sense = -1.0 if lidar.device.clockwise else 1.0
    expected = sense * (azimuth - np.pi) / (2 * np.pi) * width
    apart = (column - expected + width / 2) % width - width / 2
    offset = np.median(apart)
    assert np.percentile(np.abs(apart - offset), 99) < 2.0


@pytest.mark.parametrize("weather", [Fog(visibility_m=40.0), Rain(rate_mm_h=60.0)])
def test_same_bits_on_one_and_two_threads(weather):
    air = {"medium": weather.medium(), "particles": weather.particles()}
    one, two = (yard.take(vlp(), ROOM, threads=n, **air) for n in (1, 2))
    assert len(one.points.range) > 1000
    assert same(one, two)


def test_same_seed_same_points_other_seed_other_noise():
    first, again = yard.take(vlp(), ROOM, seed=0), yard.take(vlp(), ROOM, seed=0)
    assert same(first, again)
    assert not same(first, yard.take(vlp(), ROOM, seed=3))
    assert not same(first, yard.take(vlp(), ROOM, seed=0, index=1))
    assert not same(first, yard.take(Lidar(name="other", model="vlp-16"), ROOM, seed=0))


def test_an_engine_without_addresses_gives_the_same_points():
    native, plain = (yard.take(vlp(), ROOM, engine_name=name).points for name in ("embree", "plain"))
    assert np.array_equal(firing(native), firing(plain))
    assert np.array_equal(native.instance, plain.instance)
    assert np.allclose(native.xyz, plain.xyz, atol=2e-3 + 1e-5)


def test_noise_never_changes_labels():
    ideal, noisy = (yard.take(vlp(noise=n), ROOM).points for n in (False, True))
    _, a, b = np.intersect1d(firing(ideal), firing(noisy), return_indices=True)
    assert len(a) > 5000
    assert np.array_equal(ideal.instance[a], noisy.instance[b])
    assert np.array_equal(ideal.semantic[a], noisy.semantic[b])
    assert np.array_equal(ideal.incidence[a], noisy.incidence[b])
    assert not np.array_equal(ideal.range[a], noisy.range[b])


def test_a_twin_in_clear_air_keeps_the_noise():
    fog = Fog(visibility_m=3000.0).medium()
    clear, misty = (
        yard.take(vlp(range_noise_m=0.05), ROOM).points,
        yard.take(vlp(range_noise_m=0.05), ROOM, medium=fog).points,
    )
    # noise lets the faint fog through now and then
    clear, misty = real(clear), real(misty.rows(misty.flags & POINT_WEATHER == 0))
    _, a, b = np.intersect1d(firing(clear), firing(misty), return_indices=True)
    assert len(a) > 5000
    assert np.array_equal(clear.range[a], misty.range[b])


def test_ego_hits_are_flagged():
    points = yard.take(vlp(), ROOM, ego=(7,)).points
    assert ((points.flags == POINT_EGO) == (points.instance == 7)).all()


def test_a_surface_nearer_than_the_least_range_blocks_without_return(tmp_path):
    near = [*ROOM, yard.Thing(yard.sphere(0.4), label=4)]
    points = real(yard.take(vlp(), near).points)
    assert len(points.range) == 0
    assert (yard.take(Lidar(name="top", model=yard.device_file(tmp_path)), near).points.instance == 4).all()


def test_retro_reflectors_read_above_one():
    sign = Surface(class_name="traffic_sign", lidar_reflectance=0.3, retro=0.5)
    points = yard.take(vlp(), [yard.Thing(yard.box((30, 0, 0), (0.1, 5, 5)), sign, label=2)]).points
    mine = points.instance == 2
    assert mine.sum() > 50
    assert points.intensity[mine].min() > 1.0
    assert points.intensity.max() <= 2.55
    assert (yard.take(vlp(), ROOM).points.intensity < 1.0).all()


def test_drop_probability_loses_that_share():
    whole, half = (len(yard.take(vlp(drop_probability=p), ROOM).points.range) for p in (0.0, 0.5))
    assert half == pytest.approx(0.5 * whole, abs=5 * np.sqrt(0.25 * whole))
    assert len(real(yard.take(vlp(drop_probability=1.0), ROOM).points).range) == 0


def test_ranges_are_quantised_to_the_device():
    points = yard.take(vlp(), ROOM).points
    steps = points.range.astype(np.float64) / 0.002
    assert np.abs(steps - np.round(steps)).max() < 2e-3


def test_a_silent_device_gives_an_empty_frame_with_a_status():
    silent = vlp(dropouts=(Dropout(from_s=0.0, until_s=1.0),))
    frame = yard.take(silent, ROOM)
    assert frame.status == STATUS_DROPPED
    assert len(frame.points.range) == 0


def test_every_weather_point_is_labelled_as_such():
    weather = Rain(rate_mm_h=100.0)
    points = yard.take(vlp(), ROOM, medium=weather.medium(), particles=weather.particles()).points
    wet = (points.flags & POINT_WEATHER) != 0
    assert 10 < wet.sum() < 0.2 * len(wet)
    assert (points.semantic[wet] == class_id("rain")).all()
    assert (points.instance[wet] == 0).all()
    assert (points.semantic[~wet] != class_id("rain")).all()


def test_the_extent_is_half_a_turn_on_either_side():
    assert vlp().extent_ns() == (50_000_000, 50_000_000)
    assert vlp(rate_hz=20.0).extent_ns() == (25_000_000, 25_000_000)


@pytest.mark.parametrize(
    ("fields", "message"),
    [
        ({"rate_hz": 30.0}, "vlp-16 turns at 5 to 20 Hz, so rate_hz cannot be 30"),
        ({"outputs": ("depth",)}, "a lidar has no output 'depth'; it has range_image"),
        ({"min_range_m": 200.0}, "min_range_m must be less than the device's range of 100 m"),
    ],
)
def test_wrong_fields_are_refused(fields, message):
    with pytest.raises(ValueError, match=message):
        vlp(**fields)


def test_an_unknown_model_is_refused():
    with pytest.raises(UserError, match="unknown lidar model"):
        Lidar(name="top", model="lidar-9000")
