"""Which lidar points lie in which moving boxes, each point at its own time."""

from __future__ import annotations

import math

import numpy as np

from simgen.kernels.inner import inner
from simgen.kernels.jit import kernel
from simgen.kernels.pose import Pose, Vector, slerp, to_body, to_world
from simgen.records.base import F4, F8, I4, I8, Array

#: bins along x and along y in which boxes are listed
_BINS = 256
_NONE, _ONE = np.uint64(0), np.uint64(1)


@inner
def _reach(rooms: F8, box: int, axis: int) -> float:
    """How far a room reaches from its centre along an axis of the sensor."""
    x, y, z = rooms[box, axis], rooms[box, 3 + axis], rooms[box, 6 + axis]
    return float(abs(x) * rooms[box, 12] + abs(y) * rooms[box, 13] + abs(z) * rooms[box, 14])


@inner
def _listed(rooms: F8, axis: int, low: float, width: float, strips: Array) -> None:
    """Which rooms reach into each bin of an axis: one bit a box, zeroed (bins, words of 64 boxes)."""
    for box in range(rooms.shape[0]):
        at, reach = rooms[box, 9 + axis], _reach(rooms, box, axis)
        # a bin more on either side: points are put into bins by other arithmetic
        first = max(int((at - reach - low) / width) - 1, 0)
        final = min(int((at + reach - low) / width) + 1, _BINS - 1)
        for k in range(first, final + 1):
            strips[k, box // 64] |= _ONE << np.uint64(box % 64)


@inner
def _extent(rooms: F8, axis: int) -> tuple[float, float]:
    """Where the rooms begin along an axis, and the width of a bin."""
    low, high = np.inf, -np.inf
    for box in range(rooms.shape[0]):
        reach = _reach(rooms, box, axis)
        low, high = min(low, rooms[box, 9 + axis] - reach), max(high, rooms[box, 9 + axis] + reach)
    return low, max((high - low) / _BINS * (1.0 + 1e-9), 1e-9)


@inner
def _may_hold(rooms: F8, box: int, x: float, y: float, z: float) -> bool:
    """Whether a point of the sensor's frame is in a room."""
    x, y, z = x - rooms[box, 9], y - rooms[box, 10], z - rooms[box, 11]
    along = rooms[box, 0] * x + rooms[box, 1] * y + rooms[box, 2] * z
    across = rooms[box, 3] * x + rooms[box, 4] * y + rooms[box, 5] * z
    up = rooms[box, 6] * x + rooms[box, 7] * y + rooms[box, 8] * z
    return bool(abs(along) <= rooms[box, 12] and abs(across) <= rooms[box, 13] and abs(up) <= rooms[box, 14])


@inner
def _between(poses: F8, box: int, a: int, b: int, t: float) -> Pose:
    """The pose of a column of poses (S, B, 7), a part ``t`` of the way from knot ``a`` to ``b``."""
    # scalars by index: a view of a row would count references
    w, x, y, z = slerp(
        poses[a, box, 3],
        poses[a, box, 4],
        poses[a, box, 5],
        poses[a, box, 6],
        poses[b, box, 3],
        poses[b, box, 4],
        poses[b, box, 5],
        poses[b, box, 6],
        t,
    )
    return (
        poses[a, box, 0] + t * (poses[b, box, 0] - poses[a, box, 0]),
        poses[a, box, 1] + t * (poses[b, box, 1] - poses[a, box, 1]),
        poses[a, box, 2] + t * (poses[b, box, 2] - poses[a, box, 2]),
        w,
        x,
        y,
        z,
    )


@inner
def _holds(boxes: F8, center: F8, half: F8, box: int, a: int, b: int, t: float, at: Vector) -> bool:
    """Whether a box holds a point of the world, a part ``t`` of the way from knot ``a`` to ``b``."""
    px, py, pz, w, x, y, z = _between(boxes, box, a, b, t)
    lx, ly, lz = to_body(px, py, pz, w, x, y, z, at[0], at[1], at[2])
    return bool(
        math.fabs(lx - center[box, 0]) <= half[box, 0]
        and math.fabs(ly - center[box, 1]) <= half[box, 1]
        and math.fabs(lz - center[box, 2]) <= half[box, 2]
    )


@kernel
def points_in_boxes(
    start: int,
    stop: int,
    xyz: F4,
    offset_ns: I4,
    origin_ns: int,
    step_ns: int,
    sensor: F8,
    boxes: F8,
    center: F8,
    half: F8,
    rooms: F8,
    inside: I8,
) -> None:
    """Count points ``start`` to ``stop``.

    Most points are near no box: boxes are listed by where they may be seen from the sensor at any time, and only points
    near one of them are taken to the world.

    Args:
        start: first point.
        stop: the point after the last.
        xyz: points in the sensor's frame at their own time, (P, 3).
        offset_ns: that time, counted from where ``origin_ns`` counts from, (P).
        origin_ns: instant of the first knot.
        step_ns: spacing of the knots.
        sensor: pose of the sensor at the knots, position and quaternion, (S, 1, 7).
        boxes: pose of the boxes' actors at the knots, (S, B, 7).
        center: centre of each box in its actor's frame, (B, 3).
        half: half extents, (B, 3).
        rooms: what each box stays within all the time, in the sensor's frame: rows of the rotation into it, centre and
            half extents, (B, 15).
        inside: out, points in each box, to be added to, (B).
    """
    last, words = sensor.shape[0] - 1, (boxes.shape[1] + 63) // 64
    (low_x, width_x), (low_y, width_y) = _extent(rooms, 0), _extent(rooms, 1)
    strips_x, strips_y = np.zeros((_BINS, words), np.uint64), np.zeros((_BINS, words), np.uint64)
    _listed(rooms, 0, low_x, width_x, strips_x)
    _listed(rooms, 1, low_y, width_y, strips_y)
    scale_x, scale_y = 1.0 / width_x, 1.0 / width_y
    for k in range(start, stop):
        lx, ly, lz = np.float64(xyz[k, 0]), np.float64(xyz[k, 1]), np.float64(xyz[k, 2])
        bin_x, bin_y = (lx - low_x) * scale_x, (ly - low_y) * scale_y
        if not (0.0 <= bin_x < _BINS and 0.0 <= bin_y < _BINS):
            continue
        strip_x, strip_y = int(bin_x), int(bin_y)
        a, b, t, at = -1, -1, 0.0, (0.0, 0.0, 0.0)
        for group in range(words):
            listed, box = strips_x[strip_x, group] & strips_y[strip_y, group], 64 * group - 1
            while listed != _NONE:
                here, listed, box = listed & _ONE != _NONE, listed >> _ONE, box + 1
                if not (here and _may_hold(rooms, box, lx, ly, lz)):
                    continue
                if a < 0:
                    place = min(max((offset_ns[k] - origin_ns) / step_ns, 0.0), float(last))
                    a = min(int(place), max(last - 1, 0))
                    b, t = min(a + 1, last), place - a
                    px, py, pz, w, x, y, z = _between(sensor, 0, a, b, t)
                    at = to_world(px, py, pz, w, x, y, z, lx, ly, lz)
                inside[box] += _holds(boxes, center, half, box, a, b, t, at)
