"""Poses inside kernels: scalars in, tuples of scalars out, float64.

The interpolation is the trajectory's definition (linear and slerp of neighbouring steps), and Embree's for instances
with quaternion steps; where the arc between two steps is short, both take the normalised chord, which differs from the
arc by less than 1e-6 rad.
"""

from __future__ import annotations

import math

import numpy as np

from simgen.kernels.inner import inner
from simgen.records.base import F4

Vector = tuple[float, float, float]
Quaternion = tuple[float, float, float, float]
Pose = tuple[float, float, float, float, float, float, float]

#: cosine of the four-dimensional angle above which the chord is as good as the arc (Embree's own limit)
CHORD = 0.9995


@inner
def cross(ax: float, ay: float, az: float, bx: float, by: float, bz: float) -> Vector:
    """Cross product."""
    return ay * bz - az * by, az * bx - ax * bz, ax * by - ay * bx


@inner
def normalise(x: float, y: float, z: float) -> Vector:
    """The unit vector; a zero vector stays zero."""
    square = x * x + y * y + z * z
    scale = 1.0 / math.sqrt(square) if square > 0.0 else 0.0
    return x * scale, y * scale, z * scale


@inner
def rotate(qw: float, qx: float, qy: float, qz: float, x: float, y: float, z: float) -> Vector:
    """Rotate a vector by a unit quaternion."""
    tx, ty, tz = 2.0 * (qy * z - qz * y), 2.0 * (qz * x - qx * z), 2.0 * (qx * y - qy * x)
    return (
        x + qw * tx + qy * tz - qz * ty,
        y + qw * ty + qz * tx - qx * tz,
        z + qw * tz + qx * ty - qy * tx,
    )


@inner
def rotate_inverse(qw: float, qx: float, qy: float, qz: float, x: float, y: float, z: float) -> Vector:
    """Rotate a vector by the inverse of a unit quaternion."""
    return rotate(qw, -qx, -qy, -qz, x, y, z)


@inner
def multiply(aw: float, ax: float, ay: float, az: float, bw: float, bx: float, by: float, bz: float) -> Quaternion:
    """Hamilton product: rotate by the second first, then by the first."""
    return (
        aw * bw - ax * bx - ay * by - az * bz,
        aw * bx + ax * bw + ay * bz - az * by,
        aw * by - ax * bz + ay * bw + az * bx,
        aw * bz + ax * by - ay * bx + az * bw,
    )


@inner
def slerp(
    aw: float, ax: float, ay: float, az: float, bw: float, bx: float, by: float, bz: float, t: float
) -> Quaternion:
    """Spherical interpolation from ``a`` (t = 0) to ``b`` (t = 1) along the shorter arc."""
    cosine = aw * bw + ax * bx + ay * by + az * bz
    sign = 1.0
    if cosine < 0.0:
        sign, cosine = -1.0, -cosine
    if cosine > CHORD:
        from_a, from_b = 1.0 - t, t
    else:
        angle = math.acos(min(cosine, 1.0))
        sine = math.sin(angle)
        from_a, from_b = math.sin((1.0 - t) * angle) / sine, math.sin(t * angle) / sine
    from_b *= sign
    w, x, y, z = (
        from_a * aw + from_b * bw,
        from_a * ax + from_b * bx,
        from_a * ay + from_b * by,
        from_a * az + from_b * bz,
    )
    scale = 1.0 / math.sqrt(w * w + x * x + y * y + z * z)
    return w * scale, x * scale, y * scale, z * scale


@inner
def between(position: F4, quaternion: F4, body: int, step: int, t: float) -> Pose:
    """Pose of a body a part ``t`` of the way from one step to the next; arrays as in Motion."""
    px, py, pz = float(position[step, body, 0]), float(position[step, body, 1]), float(position[step, body, 2])
    # scalars by index: a view of a row would count references
    pw, qx, qy, qz = (
        float(quaternion[step, body, 0]),
        float(quaternion[step, body, 1]),
        float(quaternion[step, body, 2]),
        float(quaternion[step, body, 3]),
    )
    if t == 0.0:
        return px, py, pz, pw, qx, qy, qz
    after = step + 1
    w, x, y, z = slerp(
        pw,
        qx,
        qy,
        qz,
        float(quaternion[after, body, 0]),
        float(quaternion[after, body, 1]),
        float(quaternion[after, body, 2]),
        float(quaternion[after, body, 3]),
        t,
    )
    s = 1.0 - t
    return (
        s * px + t * position[after, body, 0],
        s * py + t * position[after, body, 1],
        s * pz + t * position[after, body, 2],
        w,
        x,
        y,
        z,
    )


@inner
def body_pose(position: F4, quaternion: F4, body: int, ray_time: float) -> Pose:
    """Pose of a body at a ray time: ``px, py, pz, qw, qx, qy, qz``; arrays as in Motion, time clamped to 0..1."""
    segments = position.shape[0] - 1
    # float32 as in Embree, so that both change segments at the same ray
    scaled = min(max(float(np.float32(ray_time) * np.float32(segments)), 0.0), float(segments))
    step = int(scaled)
    return between(position, quaternion, body, step, scaled - step)


@inner
def to_world(
    px: float, py: float, pz: float, qw: float, qx: float, qy: float, qz: float, x: float, y: float, z: float
) -> Vector:
    """A point of the body's frame, in the frame of its pose."""
    rx, ry, rz = rotate(qw, qx, qy, qz, x, y, z)
    return rx + px, ry + py, rz + pz


@inner
def to_body(
    px: float, py: float, pz: float, qw: float, qx: float, qy: float, qz: float, x: float, y: float, z: float
) -> Vector:
    """A point of the pose's frame, in the body's frame."""
    return rotate_inverse(qw, qx, qy, qz, x - px, y - py, z - pz)
