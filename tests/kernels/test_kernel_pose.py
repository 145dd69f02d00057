"""Poses inside kernels agree with the plain functions of simgen.geometry."""

from __future__ import annotations

import numpy as np
import pytest
from helpers_raycast import random_motion
from hypothesis import given, settings
from hypothesis import strategies as st

from simgen import geometry
from simgen.kernels import pose
from simgen.kernels.jit import kernel
from simgen.rng import stream


@kernel
def _slerp(a, b, t):
    return pose.slerp(a[0], a[1], a[2], a[3], b[0], b[1], b[2], b[3], t)


@kernel
def _body_pose(position, quaternion, body, times, out):
    for i in range(len(times)):
        out[i] = pose.body_pose(position, quaternion, body, times[i])


@kernel
def _there_and_back(p, q, v, out):
    out[0] = pose.rotate(q[0], q[1], q[2], q[3], v[0], v[1], v[2])
    out[1] = pose.to_world(p[0], p[1], p[2], q[0], q[1], q[2], q[3], v[0], v[1], v[2])
    w = out[1]
    out[2] = pose.to_body(p[0], p[1], p[2], q[0], q[1], q[2], q[3], w[0], w[1], w[2])
    out[3] = pose.cross(p[0], p[1], p[2], v[0], v[1], v[2])
    out[4] = pose.normalise(v[0], v[1], v[2])


@kernel
def _multiply(a, b):
    return pose.multiply(a[0], a[1], a[2], a[3], b[0], b[1], b[2], b[3])


def poses(motion, body, times):
    out = np.empty((len(times), 7))
    _body_pose(motion.position, motion.quaternion, body, np.asarray(times, np.float32), out)
    return out


seeds = st.integers(0, 2**32)


@settings(max_examples=60, deadline=None)
@given(seeds, st.floats(0, 1), st.sampled_from([1e-7, 1e-3, 0.02, 0.06, 0.4, 1.5, 3.1]))
def test_slerp_is_geometry_s_to_a_millionth(seed, t, angle):
    draws = stream(seed, "slerp")
    a = geometry.normalized(draws.normal(size=4))
    b = geometry.quat_multiply(geometry.quat_from_axis_angle(draws.normal(size=3), angle), a)
    for other in (b, -b):
        found = np.array(_slerp(a, other, t))
        expected = geometry.slerp(a, other, t)
        assert np.abs(found - expected * np.sign((found * expected).sum())).max() < 1e-6
        assert abs((found**2).sum() - 1.0) < 1e-12


@settings(max_examples=30, deadline=None)
@given(seeds)
def test_transforms_are_geometry_s_and_invert(seed):
    draws = stream(seed, "transform")
    p, v, q, r = draws.normal(size=3), draws.normal(size=3), *geometry.normalized(draws.normal(size=(2, 4)))
    out = np.empty((5, 3))
    _there_and_back(p, q, v, out)
    expected = [
        geometry.quat_rotate(q, v),
        geometry.transform(p, q, v),
        v,
        geometry.cross(p, v),
        geometry.normalized(v),
    ]
    assert np.allclose(out, expected, atol=1e-12)
    assert np.allclose(_multiply(q, r), geometry.quat_multiply(q, r), atol=1e-12)


def test_the_zero_vector_stays_zero():
    out = np.empty((5, 3))
    _there_and_back(np.zeros(3), np.array([1.0, 0, 0, 0]), np.zeros(3), out)
    assert not out[4].any()


@pytest.mark.parametrize("steps", [2, 3, 9])
def test_body_pose_passes_through_every_step(steps):
    motion = random_motion(3, 4, steps, turn_rad=1.0)
    found = poses(motion, 1, np.linspace(0, 1, steps))
    assert np.allclose(found[:, :3], motion.position[:, 1], atol=1e-5)
    assert np.allclose(found[:, 3:], motion.quaternion[:, 1], atol=1e-5)


def test_body_pose_is_linear_and_slerp_between_steps():
    motion = random_motion(4, 4, 5, turn_rad=1.0)
    found = poses(motion, 2, [0.25 * 2.3, 0.25 * 3.9])
    for row, (step, part) in zip(found, [(2, 0.3), (3, 0.9)], strict=True):
        p, q = motion.position[step : step + 2, 2], motion.quaternion[step : step + 2, 2]
        assert np.allclose(row[:3], p[0] + part * (p[1] - p[0]), atol=1e-5)
        assert np.allclose(row[3:], geometry.slerp(q[0], q[1], part), atol=1e-5)


def test_times_outside_the_window_are_clamped_and_an_instant_has_one_pose():
    motion = random_motion(5, 3, 3)
    assert np.allclose(poses(motion, 1, [-1.0, 2.0])[:, :3], motion.position[[0, 2], 1])
    instant = random_motion(5, 3, 1)
    assert np.ptp(poses(instant, 1, [0.0, 0.4, 1.0]), axis=0).max() == 0.0
