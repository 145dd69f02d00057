"""Which lidar points lie in which moving boxes, each point at its own time."""

from __future__ import annotations

import math

from simgen.kernels.jit import kernel
from simgen.kernels.pose import rotate_inverse, slerp, to_world
from simgen.records.base import F4, F8, I4, I8


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
    for k in range(start, stop):
        place = min(max((offset_ns[k] - origin_ns) / step_ns, 0.0), float(last))
        a = min(int(place), max(last - 1, 0))
        b, t = min(a + 1, last), place - a
        p, q = sensor[a], sensor[b]
        w, x, y, z = slerp(p[3], p[4], p[5], p[6], q[3], q[4], q[5], q[6], t)
        wx, wy, wz = to_world(
            p[0] + t * (q[0] - p[0]),
            p[1] + t * (q[1] - p[1]),
            p[2] + t * (q[2] - p[2]),
            w,
            x,
            y,
            z,
            float(xyz[k, 0]),
            float(xyz[k, 1]),
            float(xyz[k, 2]),
        )
        for box in range(boxes.shape[1]):
            mx, my, mz = wx - boxes[middle, box, 0], wy - boxes[middle, box, 1], wz - boxes[middle, box, 2]
            if mx * mx + my * my + mz * mz > reach[box] * reach[box]:
                continue
            u, v = boxes[a, box], boxes[b, box]
            w, x, y, z = slerp(u[3], u[4], u[5], u[6], v[3], v[4], v[5], v[6], t)
            lx, ly, lz = rotate_inverse(
                w,
                x,
                y,
                z,
                wx - (u[0] + t * (v[0] - u[0])),
                wy - (u[1] + t * (v[1] - u[1])),
                wz - (u[2] + t * (v[2] - u[2])),
            )
            if (
                math.fabs(lx - center[box, 0]) <= half[box, 0]
                and math.fabs(ly - center[box, 1]) <= half[box, 1]
                and math.fabs(lz - center[box, 2]) <= half[box, 2]
            ):
                inside[box] += 1
