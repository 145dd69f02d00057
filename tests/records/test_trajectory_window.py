"""A pose at any nanosecond is the interpolation of the stored steps, by definition, in every form it takes."""

import numpy as np
from hypothesis import given
from hypothesis import strategies as st

from simgen import geometry as g
from simgen.records.trajectory import Trajectory
from simgen.records.window import Track, knots, motion_of

STEP = 4_166_667


def trajectory(steps: int = 40, bodies: int = 3) -> Trajectory:
    t = np.arange(steps) * 0.1
    k = np.arange(bodies)
    position = np.stack(np.broadcast_arrays(t[:, None] * (k + 1), np.sin(t)[:, None] + k, 0 * t[:, None] + k), axis=-1)
    quaternion = g.quat_from_yaw(t[:, None] * (k - 1) * 2.0)
    return Trajectory(
        time_ns=np.arange(steps, dtype=np.int64) * STEP,
        position=np.ascontiguousarray(position),
        quaternion=quaternion,
        linear_velocity=np.zeros((steps, bodies, 3), np.float32),
        angular_velocity=np.zeros((steps, bodies, 3), np.float32),
        exists=np.ones((steps, bodies), bool),
        body_actor=np.arange(bodies, dtype=np.uint32),
        actor_body=np.arange(bodies, dtype=np.uint32),
        instance=np.arange(1, bodies + 1, dtype=np.uint32),
        box_center=np.zeros((bodies, 3), np.float32),
        size=np.ones((bodies, 3), np.float32),
        signal_state=np.zeros((steps, 0), np.uint8),
    )


TRAJECTORY = trajectory()


def test_poses_at_steps_are_the_stored_ones() -> None:
    p, q = TRAJECTORY.poses(TRAJECTORY.time_ns)
    np.testing.assert_array_equal(p, TRAJECTORY.position)
    np.testing.assert_allclose(np.abs((q * TRAJECTORY.quaternion).sum(-1)), 1.0, atol=1e-14)


@given(st.integers(0, 39 * STEP))
def test_poses_between_steps_are_linear_and_slerp(t: int) -> None:
    p, q = TRAJECTORY.poses(t)
    k, w = divmod(t, STEP)
    w /= STEP
    k2 = min(k + 1, 39)
    expected = TRAJECTORY.position[k] * (1 - w) + TRAJECTORY.position[k2] * w
    np.testing.assert_allclose(p, expected, atol=1e-12)
    np.testing.assert_allclose(
        np.abs((q * g.slerp(TRAJECTORY.quaternion[k], TRAJECTORY.quaternion[k2], w)).sum(-1)), 1.0, atol=1e-12
    )


@given(st.integers(0, 30 * STEP), st.integers(1, 8 * STEP), st.floats(0.0, 1.0))
def test_motion_is_the_same_definition(start: int, length: int, u: float) -> None:
    origin = np.array([1.0, 2.0, 3.0])
    motion = motion_of(TRAJECTORY, start, start + length, origin)
    assert motion.start_ns <= start
    assert motion.end_ns >= start + length
    assert np.abs((motion.quaternion[1:] * motion.quaternion[:-1]).sum(-1).min()) >= 0.0
    t = int(start + u * length)
    s = motion.ray_time(t) * (len(motion.position) - 1)
    k = min(int(s), len(motion.position) - 2)
    w = s - k
    blended = motion.position[k] * (1 - w) + motion.position[k + 1] * w + origin
    np.testing.assert_allclose(blended[1:], TRAJECTORY.poses(t)[0], atol=3e-6)
    np.testing.assert_allclose(blended[0], 0.0, atol=1e-6)


def test_an_instant_has_one_step() -> None:
    assert len(knots(TRAJECTORY, 5000, 5000)) == 1
    motion = motion_of(TRAJECTORY, 5000, 5000, np.zeros(3))
    assert motion.position.shape[0] == 1
    assert not motion.moving.any()


def test_track_composes_offset_after_interpolation() -> None:
    times = knots(TRAJECTORY, 3 * STEP, 9 * STEP)
    p, q = TRAJECTORY.poses(times, np.array([2]))
    offset, rotation = np.array([0.5, -0.2, 1.0]), g.quat_from_euler(0.1, 0.2, 0.3)
    track = Track(time_ns=times, position=p[:, 0], quaternion=q[:, 0], offset=offset, rotation=rotation)
    at = np.array([4 * STEP + 17, 8 * STEP - 3])
    body_p, body_q = TRAJECTORY.poses(at, np.array([2]))
    expected_p, expected_q = g.compose(body_p[:, 0], body_q[:, 0], offset, rotation)
    got_p, got_q = track.at(at)
    np.testing.assert_allclose(got_p, expected_p, atol=1e-12)
    np.testing.assert_allclose(np.abs((got_q * expected_q).sum(-1)), 1.0, atol=1e-12)
