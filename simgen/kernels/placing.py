"""Puts instances at their poses: those at rest through Embree's own functions, those that move into a table.

Embree's trees over moving instances cost some 2 us per instance and motion step to build, and fast turning bodies need
many steps. So moving instances are the primitives of one user geometry (:mod:`simgen.kernels.moving`) with one box
each, around all places that the instance comes through in the window.
"""

from __future__ import annotations

import math

import numpy as np

from simgen.kernels.jit import device, kernel
from simgen.kernels.native import call_four, call_one
from simgen.kernels.pose import between
from simgen.records.base import F4, F8, I8, U1, U4, Array

#: boxes are grown by this, m, and by this share of their farthest coordinate: what float32 may round off
ROOM_M = 1e-4
ROOM_SHARE = 1e-6
_ROW_MAJOR = 0x9134  # RTC_FORMAT_FLOAT3X4_ROW_MAJOR


@device
def _matrix(out: F4, position: F4, quaternion: F4, body: int, step: int) -> None:
    """The pose at a step as a 3x4 matrix, row by row."""
    px, py, pz, w, x, y, z = between(position, quaternion, body, step, 0.0)
    out[0], out[1], out[2], out[3] = 1 - 2 * (y * y + z * z), 2 * (x * y - w * z), 2 * (x * z + w * y), px
    out[4], out[5], out[6], out[7] = 2 * (x * y + w * z), 1 - 2 * (x * x + z * z), 2 * (y * z - w * x), py
    out[8], out[9], out[10], out[11] = 2 * (x * z - w * y), 2 * (y * z + w * x), 1 - 2 * (x * x + y * y), pz


@device
def turn_between(quaternion: F4, body: int, step: int) -> float:
    """The angle that a body turns by from a step to the next, rad."""
    minus = plus = 0.0
    for k in range(4):
        a, b = float(quaternion[step, body, k]), float(quaternion[step + 1, body, k])
        minus += (a - b) ** 2
        plus += (a + b) ** 2
    # the chord of unit quaternions is 2 sin(angle / 4)
    return 4.0 * math.asin(min(0.5 * math.sqrt(min(minus, plus)), 1.0))


@device
def swept_box(
    out: F4, row: int, matrix: F4, boxes: F8, owner: int, radius: float, position: F4, quaternion: F4, body: int
) -> None:
    """Box around an instance at all times of the window, in ``out[row]``: lower corner, a gap, upper corner, a gap.

    Between two steps every vertex stays inside the chord of its two places, widened by the arc's height over the
    chord, at most ``r angle^2 / 8`` at distance r from the body's origin.
    """
    turn, farthest = 0.0, 0.0
    for axis in range(3):
        out[row, axis], out[row, 4 + axis] = np.inf, -np.inf
    for step in range(position.shape[0]):
        _matrix(matrix, position, quaternion, body, step)
        if step > 0:
            turn = max(turn, turn_between(quaternion, body, step - 1))
        for axis in range(3):
            middle, half = float(matrix[4 * axis + 3]), 0.0
            for k in range(3):
                weight = float(matrix[4 * axis + k])
                middle += weight * boxes[owner, k]
                half += math.fabs(weight) * boxes[owner, 3 + k]
            out[row, axis] = min(out[row, axis], np.float32(middle - half))
            out[row, 4 + axis] = max(out[row, 4 + axis], np.float32(middle + half))
            farthest = max(farthest, math.fabs(middle) + half)
    room = radius * turn * turn / 8.0 + ROOM_M + ROOM_SHARE * farthest
    for axis in range(3):
        out[row, axis] -= room
        out[row, 4 + axis] += room


@kernel
def place_instances(
    functions: Array,
    geometries: Array,
    bodies: U4,
    boxes: F8,
    radii: F8,
    exists: Array,
    moving: Array,
    enabled: U1,
    position: F4,
    quaternion: F4,
    movers: I8,
    bounds: F4,
) -> int:
    """Set the pose of every instance at rest and list those that move; gives their number.

    Args:
        functions: (4,) u8 addresses of rtcEnableGeometry, rtcDisableGeometry, rtcCommitGeometry and
            rtcSetGeometryTransform.
        geometries: (I,) u8 handles.
        bodies: (I,) body of each instance.
        boxes: (I, 6) middle and half extents of each instance in its body's frame, m.
        radii: (I,) farthest vertex of each instance from its body's origin, m.
        exists: (B,) whether each body is there.
        moving: (B,) whether each body's pose changes over the window.
        enabled: (I,) whether each instance is enabled now; updated.
        position: (S, B, 3) as in Motion.
        quaternion: (S, B, 4) as in Motion.
        movers: (I,) out: rows of the instances that exist and move.
        bounds: (I, 8) out: their boxes, as RTCBounds.
    """
    enable, disable, commit, set_matrix = functions
    pose = np.empty(16, np.float32)
    count = 0
    for row in range(len(geometries)):
        geometry, body = geometries[row], bodies[row]
        moves = moving[body] and position.shape[0] > 1
        if not exists[body] or moves:
            if enabled[row] != 0:
                call_one(disable, geometry)
            enabled[row] = 0
            if exists[body]:
                swept_box(bounds, count, pose, boxes, row, radii[row], position, quaternion, body)
                movers[count] = row
                count += 1
            continue
        if enabled[row] == 0:
            call_one(enable, geometry)
        enabled[row] = 1
        _matrix(pose, position, quaternion, body, 0)
        call_four(set_matrix, geometry, 0, _ROW_MAJOR, pose.ctypes.data)
        call_one(commit, geometry)
    return count
