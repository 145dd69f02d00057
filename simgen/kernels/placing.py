"""Puts instances at their poses through Embree's own functions: thousands of small calls, too many for Python.

Embree slerps quaternion steps exactly, but bounds their arcs at some 50 us per step; a matrix step costs 1 us. Between
two matrices it takes the chord, which lies inside the arc by ``r angle^2 / 8`` at distance ``r`` from its origin.
So a body gets as many matrix steps as keep that below ``AIM_M``, fewer if they still keep it below ``ACCEPT_M``, and
quaternions only if it turns too fast for that.
"""

from __future__ import annotations

import math

import numpy as np

from simgen.kernels.jit import device, kernel
from simgen.kernels.native import call_four, call_one, call_three, call_two
from simgen.kernels.pose import between
from simgen.records.base import F4, F8, I8, U4, Array

#: how far from the arc a vertex may be between two steps: aimed at, and accepted before quaternions are taken
AIM_M = 5e-6
ACCEPT_M = 5e-5
#: RTC_MAX_TIME_STEP_COUNT
MAX_STEPS = 129
_ROW_MAJOR = 0x9134  # RTC_FORMAT_FLOAT3X4_ROW_MAJOR


@device
def largest_turn(quaternion: F4, body: int) -> float:
    """The largest angle that a body turns by between two steps, rad."""
    largest = 0.0
    for step in range(quaternion.shape[0] - 1):
        a, b = quaternion[step, body], quaternion[step + 1, body]
        minus = plus = 0.0
        for k in range(4):
            minus += (float(a[k]) - float(b[k])) ** 2
            plus += (float(a[k]) + float(b[k])) ** 2
        largest = max(largest, min(minus, plus))
    # the chord of unit quaternions is 2 sin(angle / 4)
    return 4.0 * math.asin(min(0.5 * math.sqrt(largest), 1.0))


@device
def chords(turn: float, radius: float, segments: int) -> int:
    """Into how many chords each segment is cut; 0 = chords will not do, take quaternions."""
    room = (MAX_STEPS - 1) // segments
    wanted = max(1, math.ceil(turn * math.sqrt(radius / (8.0 * AIM_M))))
    if wanted <= room:
        return wanted
    return room if radius * (turn / room) ** 2 <= 8.0 * ACCEPT_M else 0


@device
def _matrix(out: F4, position: F4, quaternion: F4, body: int, step: int, t: float) -> None:
    """The pose a part of the way from a step to the next as a 3x4 matrix, row by row."""
    px, py, pz, w, x, y, z = between(position, quaternion, body, step, t)
    out[0], out[1], out[2], out[3] = 1 - 2 * (y * y + z * z), 2 * (x * y - w * z), 2 * (x * z + w * y), px
    out[4], out[5], out[6], out[7] = 2 * (x * y + w * z), 1 - 2 * (x * x + z * z), 2 * (y * z - w * x), py
    out[8], out[9], out[10], out[11] = 2 * (x * z - w * y), 2 * (y * z + w * x), 1 - 2 * (x * x + y * y), pz


@device
def _decomposition(out: F4, position: F4, quaternion: F4, body: int, step: int) -> None:
    """The pose at a step as ``RTCQuaternionDecomposition``: scale 3, skew 3, shift 3, quaternion 4, translation 3."""
    for k in range(3):
        out[k], out[3 + k], out[6 + k] = np.float32(1.0), np.float32(0.0), np.float32(0.0)
        out[13 + k] = position[step, body, k]
    for k in range(4):
        out[9 + k] = quaternion[step, body, k]


@kernel
def place_instances(
    functions: Array,
    geometries: Array,
    bodies: U4,
    radii: F8,
    exists: Array,
    moving: Array,
    before: I8,
    position: F4,
    quaternion: F4,
) -> None:
    """Set time steps and poses of every instance and commit it.

    Args:
        functions: (6,) u8 addresses of rtcEnableGeometry, rtcDisableGeometry, rtcCommitGeometry,
            rtcSetGeometryTimeStepCount, rtcSetGeometryTransform and rtcSetGeometryTransformQuaternion.
        geometries: (I,) u8 handles.
        bodies: (I,) body of each instance.
        radii: (I,) farthest vertex of each instance from its body's origin, m.
        exists: (B,) whether each body is there.
        moving: (B,) whether each body's pose changes over the window.
        before: (I,) steps that each instance has now, 0 = disabled; updated.
        position: (S, B, 3) as in Motion.
        quaternion: (S, B, 4) as in Motion.
    """
    enable, disable, commit, set_count, set_matrix, set_quaternion = functions
    pose = np.empty(16, np.float32)
    for row in range(len(geometries)):
        geometry, body = geometries[row], bodies[row]
        if not exists[body]:
            if before[row] != 0:
                call_one(disable, geometry)
            before[row] = 0
            continue
        if before[row] == 0:
            call_one(enable, geometry)
        segments = position.shape[0] - 1 if moving[body] else 0
        cut = chords(largest_turn(quaternion, body), radii[row], segments) if segments > 0 else 1
        steps = segments * max(cut, 1) + 1
        if before[row] != steps:
            call_two(set_count, geometry, steps)
        for step in range(steps):
            if cut > 0:
                _matrix(pose, position, quaternion, body, step // cut, step % cut / cut)
                call_four(set_matrix, geometry, step, _ROW_MAJOR, pose.ctypes.data)
            else:
                _decomposition(pose, position, quaternion, body, step)
                call_three(set_quaternion, geometry, step, pose.ctypes.data)
        call_one(commit, geometry)
        before[row] = steps
