"""Rotations hold their algebra: inverses, compositions, round trips, and the conventions of the docs."""

import numpy as np
from hypothesis import given
from hypothesis import strategies as st

from simgen import geometry as g

angle = st.floats(-3.1, 3.1)
vector = st.tuples(*[st.floats(-50, 50)] * 3)


def quaternion(r: float, p: float, y: float) -> g.F8:
    return g.quat_from_euler(r, p / 2.1, y)


@given(angle, angle, angle, vector)
def test_matrix_and_quaternion_rotate_alike(r: float, p: float, y: float, v: tuple[float, float, float]) -> None:
    q = quaternion(r, p, y)
    by_matrix = (g.matrix_from_quat(q) * np.array(v)).sum(-1)
    np.testing.assert_allclose(by_matrix, g.quat_rotate(q, v), atol=1e-10)


@given(angle, angle, angle)
def test_quaternion_matrix_round_trip(r: float, p: float, y: float) -> None:
    q = quaternion(r, p, y)
    back = g.quat_from_matrix(g.matrix_from_quat(q))
    assert abs(abs(float((q * back).sum())) - 1.0) < 1e-12


@given(angle, angle, angle, vector, vector)
def test_transform_inverse(
    r: float, p: float, y: float, t: tuple[float, float, float], v: tuple[float, float, float]
) -> None:
    q = quaternion(r, p, y)
    np.testing.assert_allclose(g.inverse_transform(t, q, g.transform(t, q, v)), v, atol=1e-9)


@given(angle, angle, st.floats(0.0, 1.0))
def test_slerp_turns_at_constant_speed(a: float, b: float, w: float) -> None:
    q = g.slerp(g.quat_from_yaw(a), g.quat_from_yaw(b), w)
    turn = (b - a + np.pi) % (2 * np.pi) - np.pi
    if abs(abs(turn) - np.pi) < 1e-3:
        return
    expected = g.quat_from_yaw(a + w * turn)
    assert abs(abs(float((q * expected).sum())) - 1.0) < 1e-12


def test_conventions() -> None:
    np.testing.assert_allclose(g.quat_rotate(g.quat_from_yaw(np.pi / 2), [1, 0, 0]), [0, 1, 0], atol=1e-15)
    np.testing.assert_allclose(g.quat_rotate(g.quat_from_euler(0, 0.5, 0), [1, 0, 0])[2], -np.sin(0.5))
    np.testing.assert_allclose(g.quat_rotate(g.BODY_FROM_CAMERA, [0, 0, 1]), [1, 0, 0], atol=1e-15)
    np.testing.assert_allclose(g.quat_rotate(g.BODY_FROM_CAMERA, [1, 0, 0]), [0, -1, 0], atol=1e-15)
    np.testing.assert_allclose(g.quat_from_axis_angle([0, 0, 2], 1.2), g.quat_from_yaw(1.2), atol=1e-15)


@given(vector, vector)
def test_look_at_points_x_at_the_target(eye: tuple[float, float, float], target: tuple[float, float, float]) -> None:
    if np.linalg.norm(np.subtract(eye, target)[:2]) < 1e-3:
        return
    q = g.look_at(eye, target)
    np.testing.assert_allclose(g.quat_rotate(q, [1, 0, 0]), g.normalized(np.subtract(target, eye)), atol=1e-9)
    assert g.quat_rotate(q, [0, 0, 1])[2] > 0.0


def test_look_straight_down_is_a_rotation() -> None:
    m = g.matrix_from_quat(g.look_at([0, 0, 5], [0, 0, 0]))
    np.testing.assert_allclose((m[:, None, :] * m[None, :, :]).sum(-1), np.eye(3), atol=1e-12)
    np.testing.assert_allclose(m[:, 0], [0, 0, -1], atol=1e-12)
