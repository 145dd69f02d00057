"""Rotations and rigid motions, written out by hand: no BLAS, so the same bits on every number of threads.

Quaternions are ``w, x, y, z``, unit. Poses are named ``world_from_x``: they take x's coordinates to the world's.
Every function works on any leading dimensions, in float64.
"""

from __future__ import annotations

import numpy as np
from numpy.typing import ArrayLike, NDArray

F8 = NDArray[np.float64]

IDENTITY_QUATERNION: F8 = np.array([1.0, 0.0, 0.0, 0.0])


def normalized(vector: ArrayLike) -> F8:
    """The unit vector of each row; a zero vector stays zero."""
    v = np.asarray(vector, dtype=np.float64)
    length = np.sqrt((v * v).sum(-1, keepdims=True))
    return v / np.where(length == 0.0, 1.0, length)


def cross(a: ArrayLike, b: ArrayLike) -> F8:
    """Cross product of the last dimension."""
    p, q = np.asarray(a, dtype=np.float64), np.asarray(b, dtype=np.float64)
    px, py, pz = p[..., 0], p[..., 1], p[..., 2]
    qx, qy, qz = q[..., 0], q[..., 1], q[..., 2]
    x = py * qz - pz * qy
    # filled in place: np.stack costs more than the product, and thousands of small ones are taken
    out = np.empty((*np.shape(x), 3))
    out[..., 0] = x
    out[..., 1] = pz * qx - px * qz
    out[..., 2] = px * qy - py * qx
    return out


def quat_multiply(a: ArrayLike, b: ArrayLike) -> F8:
    """Hamilton product: rotate by ``b`` first, then by ``a``."""
    p, q = np.asarray(a, dtype=np.float64), np.asarray(b, dtype=np.float64)
    pw, px, py, pz = p[..., 0], p[..., 1], p[..., 2], p[..., 3]
    qw, qx, qy, qz = q[..., 0], q[..., 1], q[..., 2], q[..., 3]
    return np.stack(
        [
            pw * qw - px * qx - py * qy - pz * qz,
            pw * qx + px * qw + py * qz - pz * qy,
            pw * qy - px * qz + py * qw + pz * qx,
            pw * qz + px * qy - py * qx + pz * qw,
        ],
        axis=-1,
    )


def quat_conjugate(q: ArrayLike) -> F8:
    """The inverse rotation of a unit quaternion."""
    out: F8 = np.asarray(q, dtype=np.float64) * np.array([1.0, -1.0, -1.0, -1.0])
    return out


def quat_rotate(q: ArrayLike, v: ArrayLike) -> F8:
    """Rotate vectors by unit quaternions."""
    quat, vec = np.asarray(q, dtype=np.float64), np.asarray(v, dtype=np.float64)
    t = 2.0 * cross(quat[..., 1:], vec)
    return vec + quat[..., :1] * t + cross(quat[..., 1:], t)


def quat_from_axis_angle(axis: ArrayLike, angle_rad: ArrayLike) -> F8:
    """Rotation by an angle about an axis (of any length but zero)."""
    half = np.asarray(angle_rad, dtype=np.float64)[..., None] / 2.0
    vector = np.sin(half) * normalized(axis)
    return np.concatenate([np.broadcast_to(np.cos(half), (*vector.shape[:-1], 1)), vector], axis=-1)


def quat_from_euler(roll_rad: ArrayLike, pitch_rad: ArrayLike, yaw_rad: ArrayLike) -> F8:
    """Intrinsic z-y-x (yaw, then pitch, then roll), as in ROS REP-103; positive pitch points the nose down."""
    r, p, y = (np.asarray(a, dtype=np.float64) / 2.0 for a in (roll_rad, pitch_rad, yaw_rad))
    cr, sr, cp, sp, cy, sy = np.cos(r), np.sin(r), np.cos(p), np.sin(p), np.cos(y), np.sin(y)
    return np.stack(
        [
            cr * cp * cy + sr * sp * sy,
            sr * cp * cy - cr * sp * sy,
            cr * sp * cy + sr * cp * sy,
            cr * cp * sy - sr * sp * cy,
        ],
        axis=-1,
    )


def quat_from_yaw(yaw_rad: ArrayLike) -> F8:
    """Rotation about the world's z axis."""
    half = np.asarray(yaw_rad, dtype=np.float64) / 2.0
    zero = np.zeros_like(half)
    return np.stack([np.cos(half), zero, zero, np.sin(half)], axis=-1)


def yaw_of(q: ArrayLike) -> F8:
    """Heading about z of a rotated x axis, in radians."""
    w, x, y, z = np.moveaxis(np.asarray(q, dtype=np.float64), -1, 0)
    return np.asarray(np.arctan2(2.0 * (w * z + x * y), 1.0 - 2.0 * (y * y + z * z)))


def matrix_from_quat(q: ArrayLike) -> F8:
    """Rotation matrices (..., 3, 3) of unit quaternions."""
    w, x, y, z = np.moveaxis(np.asarray(q, dtype=np.float64), -1, 0)
    rows = [
        [1 - 2 * (y * y + z * z), 2 * (x * y - w * z), 2 * (x * z + w * y)],
        [2 * (x * y + w * z), 1 - 2 * (x * x + z * z), 2 * (y * z - w * x)],
        [2 * (x * z - w * y), 2 * (y * z + w * x), 1 - 2 * (x * x + y * y)],
    ]
    return np.stack([np.stack(row, axis=-1) for row in rows], axis=-2)


def quat_from_matrix(m: ArrayLike) -> F8:
    """Unit quaternions (w >= 0) of rotation matrices (..., 3, 3); Bar-Itzhack's largest-component method."""
    a = np.asarray(m, dtype=np.float64)
    xx, yy, zz = a[..., 0, 0], a[..., 1, 1], a[..., 2, 2]
    four = np.stack([1 + xx + yy + zz, 1 + xx - yy - zz, 1 - xx + yy - zz, 1 - xx - yy + zz], axis=-1)
    s, d = np.zeros((*a.shape[:-2], 4, 4)), four
    s[..., 0, 1], s[..., 0, 2], s[..., 0, 3] = (
        a[..., 2, 1] - a[..., 1, 2],
        a[..., 0, 2] - a[..., 2, 0],
        a[..., 1, 0] - a[..., 0, 1],
    )
    s[..., 1, 2], s[..., 1, 3], s[..., 2, 3] = (
        a[..., 0, 1] + a[..., 1, 0],
        a[..., 0, 2] + a[..., 2, 0],
        a[..., 1, 2] + a[..., 2, 1],
    )
    s = s + np.swapaxes(s, -1, -2)
    for k in range(4):
        s[..., k, k] = d[..., k]
    best = np.take_along_axis(s, np.argmax(d, axis=-1)[..., None, None], axis=-2)[..., 0, :]
    q = normalized(best)
    return np.where(q[..., :1] < 0.0, -q, q)


def slerp(a: ArrayLike, b: ArrayLike, t: ArrayLike) -> F8:
    """Spherical interpolation along the shorter arc; near-parallel pairs fall back to normalised lerp."""
    p, q = np.asarray(a, dtype=np.float64), np.asarray(b, dtype=np.float64)
    w = np.asarray(t, dtype=np.float64)[..., None]
    dot = (p * q).sum(-1, keepdims=True)
    q = np.where(dot < 0.0, -q, q)
    dot = np.minimum(np.abs(dot), 1.0)
    angle = np.arccos(dot)
    near = angle < 1e-6
    sine = np.where(near, 1.0, np.sin(angle))
    from_a = np.where(near, 1.0 - w, np.sin((1.0 - w) * angle) / sine)
    from_b = np.where(near, w, np.sin(w * angle) / sine)
    return normalized(from_a * p + from_b * q)


def transform(position: ArrayLike, quaternion: ArrayLike, points: ArrayLike) -> F8:
    """Take points from a frame to its parent."""
    return quat_rotate(quaternion, points) + np.asarray(position, dtype=np.float64)


def inverse_transform(position: ArrayLike, quaternion: ArrayLike, points: ArrayLike) -> F8:
    """Take points from the parent into the frame."""
    moved = np.asarray(points, dtype=np.float64) - np.asarray(position, dtype=np.float64)
    return quat_rotate(quat_conjugate(quaternion), moved)


def compose(pa: ArrayLike, qa: ArrayLike, pb: ArrayLike, qb: ArrayLike) -> tuple[F8, F8]:
    """``a_from_c`` from ``a_from_b`` and ``b_from_c``, each as position and quaternion."""
    return transform(pa, qa, pb), normalized(quat_multiply(qa, qb))


def pose_matrix(position: ArrayLike, quaternion: ArrayLike) -> F8:
    """Homogeneous matrices (..., 4, 4)."""
    r = matrix_from_quat(quaternion)
    out = np.zeros((*r.shape[:-2], 4, 4))
    out[..., :3, :3] = r
    out[..., :3, 3] = position
    out[..., 3, 3] = 1.0
    return out


def look_at(eye: ArrayLike, target: ArrayLike, up: ArrayLike = (0.0, 0.0, 1.0)) -> F8:
    """Quaternion of a body frame (x forward, y left, z up) at ``eye`` that looks at ``target``."""
    forward = normalized(np.asarray(target, dtype=np.float64) - np.asarray(eye, dtype=np.float64))
    left = cross(up, forward)
    if float((left * left).sum()) < 1e-12:
        left = np.array([0.0, 1.0, 0.0])
    left = normalized(left)
    return quat_from_matrix(np.stack([forward, left, cross(forward, left)], axis=-1))


#: body (x forward, y left, z up) from camera (x right, y down, z forward)
BODY_FROM_CAMERA: F8 = np.array([0.5, -0.5, 0.5, -0.5])
