"""Rotations of single vectors in plain Python: in a step loop numpy's overhead would cost more than the physics."""

from __future__ import annotations

import math

from simgen.records.model import Quaternion, Vector3


def rotated(q: Quaternion, v: Vector3) -> Vector3:
    """Scalar twin of :func:`simgen.geometry.quat_rotate`."""
    w, x, y, z = q
    tx, ty, tz = 2.0 * (y * v[2] - z * v[1]), 2.0 * (z * v[0] - x * v[2]), 2.0 * (x * v[1] - y * v[0])
    return (
        v[0] + w * tx + (y * tz - z * ty),
        v[1] + w * ty + (z * tx - x * tz),
        v[2] + w * tz + (x * ty - y * tx),
    )


def product(a: Quaternion, b: Quaternion) -> Quaternion:
    """Scalar twin of :func:`simgen.geometry.quat_multiply`."""
    return (
        a[0] * b[0] - a[1] * b[1] - a[2] * b[2] - a[3] * b[3],
        a[0] * b[1] + a[1] * b[0] + a[2] * b[3] - a[3] * b[2],
        a[0] * b[2] - a[1] * b[3] + a[2] * b[0] + a[3] * b[1],
        a[0] * b[3] + a[1] * b[2] - a[2] * b[1] + a[3] * b[0],
    )


def placed(position: Vector3, q: Quaternion, point: Vector3) -> Vector3:
    """A point of a frame, in the frame's parent."""
    x, y, z = rotated(q, point)
    return (position[0] + x, position[1] + y, position[2] + z)


def about(axis: Vector3, angle: float) -> Quaternion:
    """Scalar twin of :func:`simgen.geometry.quat_from_axis_angle`."""
    x, y, z = axis
    share = math.sin(0.5 * angle) / math.sqrt(x * x + y * y + z * z)
    return (math.cos(0.5 * angle), share * x, share * y, share * z)


def turn_between(a: Quaternion, b: Quaternion) -> Vector3:
    """Axis times angle of the shorter turn from one orientation to another, in the world's axes."""
    w, x, y, z = product(b, (a[0], -a[1], -a[2], -a[3]))
    if w < 0.0:
        w, x, y, z = -w, -x, -y, -z
    sine = math.sqrt(x * x + y * y + z * z)
    share = 2.0 * math.atan2(sine, w) / sine if sine > 1e-9 else 2.0
    return (share * x, share * y, share * z)
