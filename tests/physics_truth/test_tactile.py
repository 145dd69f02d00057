"""A ball and a flat face pressed into a gel: depth, size and place of the dent by closed form, and its picture."""

from __future__ import annotations

import dataclasses
import math
from typing import Any

import numpy as np
import pytest
from helpers_stage import Bench, Part, box, dome, motion, sphere

from simgen.records.mesh import Surface
from simgen.records.tactile import TactileFrame
from simgen.records.window import Touching, Track
from simgen.sensors.base import Mount
from simgen.sensors.tactile import Tactile
from simgen.taxonomy import class_id

#: the gel's radius of curvature
R = 0.1
BALL, SHELL, FACE = 7, 2, 9
THING = Surface(class_name="ball", roughness=1.0)


def tactile(**fields: Any) -> Tactile:
    """Without noise and membrane unless asked for."""
    return Tactile(**{"name": "t", "mount": Mount(on="finger"), "noise_dn": 0.0, "membrane_m": 0.0, **fields})


def touch(*rows: tuple[int, float, float]) -> Touching:
    """Rows of instance, force and overlap."""
    table = np.array(rows, np.float64).reshape(-1, 3)
    return Touching(
        instance=table[:, 0].astype(np.uint32),
        force=table[:, 1].astype(np.float32),
        overlap=table[:, 2].astype(np.float32),
    )


def ball(radius: float, y: float = 0.0, z: float = 0.0, gap: float = 0.0) -> Part:
    return Part(mesh=sphere(radius, (radius + gap, y, z), rings=256), surface=THING, label=BALL)


def shell() -> Part:
    """The carrier: a box whose face lies at the gel's foremost point, in the way of every ray."""
    return Part(mesh=box((0.04, 0.05, 0.05), (-0.02, 0.0, 0.0)), label=SHELL)


def feel(sensor: Tactile, touching: Touching, *parts: Part, seed: int = 0, index: int = 0) -> TactileFrame:
    still = Track(
        time_ns=np.array([0], np.int64),
        position=np.zeros((1, 3)),
        quaternion=np.array([[1.0, 0.0, 0.0, 0.0]]),
        offset=np.zeros(3),
        rotation=np.array([1.0, 0.0, 0.0, 0.0]),
    )
    with Bench([shell(), *parts], dome()) as bench:
        shot = bench.shot(still, motion())
        around = dataclasses.replace(shot.surroundings, seed=seed)
        return sensor.capture(dataclasses.replace(shot, touching=touching, surroundings=around, index=index))


def spots(sensor: Tactile, frame: TactileFrame) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    """x, y, z on the pressed gel that every pixel sees: its ray, cut with the surface that the frame states."""
    rows, columns = np.mgrid[: sensor.height, : sensor.width]
    ty = (sensor.width / 2 - columns - 0.5) / sensor.focal_px
    tz = (sensor.height / 2 - rows - 0.5) / sensor.focal_px
    # x = ball(y, z) - indentation with y = (x + d) ty: by iteration, as the gel is nearly flat
    x = np.zeros(ty.shape)
    for _ in range(40):
        y, z = (x + sensor.camera_distance_m) * ty, (x + sensor.camera_distance_m) * tz
        x = np.sqrt(R * R - y * y - z * z) - R - frame.indentation
    return x, y, z


def test_no_force_shows_the_background_to_the_bit() -> None:
    sensor = tactile(outputs=("ideal",), noise_dn=2.0)
    untouched = feel(sensor, touch(), ball(0.01))
    scripted = feel(sensor, touch((BALL, 0.0, 0.001)), ball(0.01, gap=-0.001))
    for frame in (untouched, scripted):
        assert frame.ideal is not None
        np.testing.assert_array_equal(frame.ideal.rgb, sensor.background())
        assert not frame.indentation.any()
        assert not frame.instance.any()
        assert frame.force == 0.0
    quiet = tactile()
    np.testing.assert_array_equal(feel(quiet, touch(), ball(0.01)).rgb, quiet.background())


def test_fifty_newton_press_two_and_a_half_millimetres() -> None:
    for force, depth in ((10.0, 0.5e-3), (50.0, 2.5e-3), (100.0, 5e-3), (400.0, 5e-3)):
        frame = feel(tactile(), touch((BALL, force, 0.0)), ball(0.012))
        assert frame.indentation.max() == pytest.approx(depth, abs=4e-6)
        assert frame.force == force


def test_the_dent_of_a_ball_is_that_of_two_spheres() -> None:
    radius, depth, sensor = 0.008, 1.5e-3, tactile()
    frame = feel(sensor, touch((BALL, 30.0, 0.0)), ball(radius))
    _, y, z = spots(sensor, frame)
    rho2 = np.minimum(y * y + z * z, radius**2)
    dent = depth - (radius - np.sqrt(radius**2 - rho2)) - (R - np.sqrt(R**2 - rho2))
    # the ball is faceted (0.2 um), nodes lie 0.1 mm apart: a slope of 1 at the rim, straight between nodes
    assert np.abs(frame.indentation - np.maximum(dent, 0.0)).max() < 2.5e-5
    # contact radius where both spheres' heights add up to the depth
    rim = math.sqrt(2.0 * depth / (1.0 / radius + 1.0 / R))
    exact = next(a for a in np.linspace(rim * 0.8, rim * 1.2, 40_001) if _lift(a, radius) >= depth)
    reach = np.sqrt(y * y + z * z)[frame.indentation > 0.0].max()
    assert reach == pytest.approx(exact, abs=1.2e-4)
    assert (frame.instance == BALL)[frame.indentation > 1e-4].all()
    assert set(np.unique(frame.instance)) == {0, BALL}
    assert set(np.unique(frame.semantic)) == {0, class_id("ball")}


def _lift(rho: float, radius: float) -> float:
    return radius - math.sqrt(radius**2 - rho**2) + R - math.sqrt(R**2 - rho**2)


def test_a_flat_face_presses_the_crown_of_the_gel() -> None:
    sensor = tactile()
    face = Part(mesh=box((0.03, 0.1, 0.1), (0.015, 0.0, 0.0)), label=FACE)
    frame = feel(sensor, touch((FACE, 20.0, 0.0)), face)
    x, y, z = spots(sensor, frame)
    dent = 1e-3 - (R - np.sqrt(R * R - y * y - z * z))
    np.testing.assert_allclose(frame.indentation, np.maximum(dent, 0.0), atol=4e-6)
    # where it is pressed the gel is flat, 1 mm in
    np.testing.assert_allclose(x[frame.indentation > 5e-6], -1e-3, atol=2e-6)


def test_a_dent_lies_where_the_ball_is_seen_from_behind() -> None:
    sensor = tactile()
    frame = feel(sensor, touch((BALL, 20.0, 0.0)), ball(0.004, y=0.004, z=0.007))
    row, column = np.unravel_index(frame.indentation.argmax(), frame.indentation.shape)
    # deepest where ball and gel have one normal: the ball's place scaled by R / (R + r); its tip is 1 mm in there.
    # y is left, z is up: seen along x that is in the upper left part of the picture
    scale = sensor.focal_px * R / (R + 0.004) / (sensor.camera_distance_m - 1e-3)
    assert column + 0.5 == pytest.approx(sensor.width / 2 - 0.004 * scale, abs=2.0)
    assert row + 0.5 == pytest.approx(sensor.height / 2 - 0.007 * scale, abs=2.0)


def test_the_solvers_overlap_is_no_depth() -> None:
    still = feel(tactile(), touch((BALL, 50.0, 0.0)), ball(0.012))
    deep = feel(tactile(), touch((BALL, 50.0, 0.8e-3)), ball(0.012, gap=-0.8e-3))
    apart = feel(tactile(), touch((BALL, 50.0, -0.2e-3)), ball(0.012, gap=0.2e-3))
    for frame in (deep, apart):
        np.testing.assert_allclose(frame.indentation, still.indentation, atol=3e-6)


def test_each_thing_goes_in_by_its_own_force() -> None:
    sensor = tactile()
    other = Part(mesh=sphere(0.004, (0.004, 0.0, -0.006), rings=96), label=FACE)
    frame = feel(sensor, touch((BALL, 10.0, 0.0), (FACE, 30.0, 0.0)), ball(0.004, z=0.006), other)
    assert frame.force == pytest.approx(40.0)
    # at z = 6 mm the gel lies 0.18 mm back
    assert frame.indentation[frame.instance == BALL].max() == pytest.approx(0.5e-3 - _ring(0.006, 0.004), abs=1e-5)
    assert frame.indentation[frame.instance == FACE].max() == pytest.approx(1.5e-3 - _ring(0.006, 0.004), abs=1e-5)


def _ring(z: float, radius: float) -> float:
    """Least distance of a ball that touches the plane x = 0 at z from the gel, along x."""
    at = np.linspace(z - radius / 2, z + radius / 2, 20_001)
    return float((radius - np.sqrt(radius**2 - (at - z) ** 2) + R - np.sqrt(R**2 - at**2)).min())


def test_what_touches_elsewhere_leaves_no_dent() -> None:
    sensor = tactile()
    beside = feel(sensor, touch((BALL, 60.0, 0.0)), ball(0.004, y=0.03))
    assert beside.force == 60.0
    assert not beside.indentation.any()
    np.testing.assert_array_equal(beside.rgb, sensor.background())
    # something near that does not touch is not there
    near = feel(sensor, touch(), ball(0.012, gap=-0.5e-3))
    np.testing.assert_array_equal(near.rgb, sensor.background())


def test_away_from_the_dent_the_picture_is_the_background() -> None:
    sensor = tactile(membrane_m=0.0003)
    frame = feel(sensor, touch((BALL, 20.0, 0.0)), ball(0.004, z=0.007))
    changed = (frame.rgb != sensor.background()).any(-1)
    assert changed[: sensor.height // 2].sum() > 2000
    assert not changed[sensor.height // 2 :].any()


def test_slopes_take_the_colour_of_the_lamp_that_they_face() -> None:
    sensor = tactile(membrane_m=0.0003)
    frame = feel(sensor, touch((BALL, 20.0, 0.0)), ball(0.005))
    change = frame.rgb.astype(float) - sensor.background()
    _, y, z = spots(sensor, frame)
    for c, angle in enumerate(np.radians((30.0, 150.0, 270.0))):
        toward = y * math.cos(angle) + z * math.sin(angle)
        ring = (np.hypot(y, z) > 0.001) & (np.hypot(y, z) < 0.0025)
        # the gel bulges inwards there: the side away from the middle towards the lamp faces it
        assert change[..., c][ring & (toward > 0.001)].mean() > 10.0
        assert change[..., c][ring & (toward < -0.001)].mean() < -10.0


def test_the_membrane_spreads_a_dent_and_keeps_its_volume() -> None:
    sharp = feel(tactile(), touch((BALL, 20.0, 0.0)), ball(0.003))
    soft = feel(tactile(membrane_m=0.0005), touch((BALL, 20.0, 0.0)), ball(0.003))
    assert soft.indentation.max() < sharp.indentation.max() - 5e-5
    assert (soft.indentation > 0).sum() > (sharp.indentation > 0).sum()
    assert (soft.indentation <= 0.005).all()


def test_noise_has_the_sigma_that_is_asked_for_and_repeats() -> None:
    sensor = tactile(noise_dn=4.0, outputs=("ideal",))
    frame = feel(sensor, touch((BALL, 20.0, 0.0)), ball(0.005), seed=3)
    again = feel(sensor, touch((BALL, 20.0, 0.0)), ball(0.005), seed=3)
    later = feel(sensor, touch((BALL, 20.0, 0.0)), ball(0.005), seed=3, index=1)
    np.testing.assert_array_equal(frame.rgb, again.rgb)
    assert (frame.rgb != later.rgb).mean() > 0.5
    error = frame.rgb.astype(float) - frame.ideal.rgb
    middle = (frame.ideal.rgb > 30) & (frame.ideal.rgb < 225)
    assert error[middle].std() == pytest.approx(math.hypot(4.0, math.sqrt(1 / 6)), rel=0.02)
    assert abs(error[middle].mean()) < 0.05
    assert sensor.silence(frame).rgb.max() == 0
    assert sensor.silence(frame).ideal.rgb.max() == 0
    np.testing.assert_array_equal(sensor.silence(frame).indentation, frame.indentation)
