"""Which lidar points lie in which moving boxes, each point at its own time."""

from __future__ import annotations

import math

import numpy as np

from simgen.kernels.jit import device, kernel
from simgen.kernels.pose import rotate_inverse, slerp, to_world
from simgen.records.base import F4, F8, I4, I8, Array

#: bins along x and along y in which boxes are listed
_BINS = 256
_ONE = np.uint64(1)


@device
def _strips(boxes: F8, middle: int, reach: F8, axis: int, low: float, width: float) -> Array:
    """Which boxes reach into each bin of an axis: one bit a box, (bins, words of 64 boxes)."""
    strips = np.zeros((_BINS, (reach.shape[0] + 63) // 64), np.uint64)
    for box in range(reach.shape[0]):
        at = boxes[middle, box, axis]
        first = max(int((at - reach[box] - low) / width), 0)
        final = min(int((at + reach[box] - low) / width), _BINS - 1)
        for k in range(first, final + 1):
            strips[k, box // 64] |= _ONE << np.uint64(box % 64)
    return strips


@device
def _extent(boxes: F8, middle: int, reach: F8, axis: int) -> tuple[float, float]:
    """Where the boxes begin along an axis, and the width of a bin."""
    low, high = np.inf, -np.inf
    for box in range(reach.shape[0]):
        low = min(low, boxes[middle, box, axis] - reach[box])
        high = max(high, boxes[middle, box, axis] + reach[box])
    return low, max((high - low) / _BINS * (1.0 + 1e-9), 1e-9)


@device
def _holds(
    boxes: F8,
    center: F8,
    half: F8,
    reach: F8,
    box: int,
    middle: int,
    a: int,
    b: int,
    t: float,
    wx: float,
    wy: float,
    wz: float,
) -> bool:
    """Whether a box, a part ``t`` of the way from knot ``a`` to ``b``, holds a point of the world."""
    mx, my, mz = wx - boxes[middle, box, 0], wy - boxes[middle, box, 1], wz - boxes[middle, box, 2]
    if mx * mx + my * my + mz * mz > reach[box] * reach[box]:
        return False
    w, x, y, z = slerp(
        boxes[a, box, 3],
        boxes[a, box, 4],
        boxes[a, box, 5],
        boxes[a, box, 6],
        boxes[b, box, 3],
        boxes[b, box, 4],
        boxes[b, box, 5],
        boxes[b, box, 6],
        t,
    )
    lx, ly, lz = rotate_inverse(
        w,
        x,
        y,
        z,
        wx - (boxes[a, box, 0] + t * (boxes[b, box, 0] - boxes[a, box, 0])),
        wy - (boxes[a, box, 1] + t * (boxes[b, box, 1] - boxes[a, box, 1])),
        wz - (boxes[a, box, 2] + t * (boxes[b, box, 2] - boxes[a, box, 2])),
    )
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
    reach: F8,
    inside: I8,
) -> None:
    """Count points ``start`` to ``stop``.

    Args:
        start: first point.
        stop: the point after the last.
        xyz: points in the sensor's frame at their own time, (P, 3).
        offset_ns: that time, counted from where ``origin_ns`` counts from, (P).
        origin_ns: instant of the first knot.
        step_ns: spacing of the knots.
        sensor: pose of the sensor at the knots, position and quaternion, (S, 7).
        boxes: pose of the boxes' actors at the knots, (S, B, 7).
        center: centre of each box in its actor's frame, (B, 3).
        half: half extents, (B, 3).
        reach: radius about an actor's place at the middle knot that its box stays within, (B).
        inside: out, points in each box, to be added to, (B).
    """
    last = sensor.shape[0] - 1
    middle = last // 2
    (low_x, width_x), (low_y, width_y) = _extent(boxes, middle, reach, 0), _extent(boxes, middle, reach, 1)
    strips_x = _strips(boxes, middle, reach, 0, low_x, width_x)
    strips_y = _strips(boxes, middle, reach, 1, low_y, width_y)
    a, b, t, known = 0, 0, 0.0, False
    px = py = pz = qw = qx = qy = qz = 0.0
    for k in range(start, stop):
        # points come in firing order, many at one instant: the sensor's pose is worked out once for those
        if not known or offset_ns[k] != offset_ns[k - 1]:
            known = True
            place = min(max((offset_ns[k] - origin_ns) / step_ns, 0.0), float(last))
            a = min(int(place), max(last - 1, 0))
            b, t = min(a + 1, last), place - a
            # scalars by index: a view of a row would count references
            qw, qx, qy, qz = slerp(
                sensor[a, 3],
                sensor[a, 4],
                sensor[a, 5],
                sensor[a, 6],
                sensor[b, 3],
                sensor[b, 4],
                sensor[b, 5],
                sensor[b, 6],
                t,
            )
            px = sensor[a, 0] + t * (sensor[b, 0] - sensor[a, 0])
            py = sensor[a, 1] + t * (sensor[b, 1] - sensor[a, 1])
            pz = sensor[a, 2] + t * (sensor[b, 2] - sensor[a, 2])
        wx, wy, wz = to_world(px, py, pz, qw, qx, qy, qz, float(xyz[k, 0]), float(xyz[k, 1]), float(xyz[k, 2]))
        bin_x, bin_y = (wx - low_x) / width_x, (wy - low_y) / width_y
        if not (0.0 <= bin_x < _BINS and 0.0 <= bin_y < _BINS):
            continue
        strip_x, strip_y = int(bin_x), int(bin_y)
        for group in range(strips_x.shape[1]):
            listed, box = strips_x[strip_x, group] & strips_y[strip_y, group], 64 * group
            while listed != np.uint64(0):
                if listed & _ONE != np.uint64(0):
                    inside[box] += _holds(boxes, center, half, reach, box, middle, a, b, t, wx, wy, wz)
                listed, box = listed >> _ONE, box + 1
