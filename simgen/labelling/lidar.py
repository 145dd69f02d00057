"""Boxes of a lidar sweep, and how many of its points fall on each."""

from __future__ import annotations

from typing import Final

import numpy as np

from simgen.assembly import Assembly
from simgen.geometry import F8, quat_conjugate, quat_multiply, quat_rotate
from simgen.labelling.boxes import Placed, place
from simgen.records.base import I8
from simgen.records.frames import LidarBoxes, LidarFrame, LidarPoints
from simgen.records.surroundings import Shot
from simgen.records.trajectory import Trajectory
from simgen.records.window import Track, knots
from simgen.sensors.base import Sensor

#: boxes farther than this are listed only if points fall on them, m
LISTED_RANGE_M: Final = 150.0
#: boxes are grown by this, so that rounding does not put points on a face outside, m
MARGIN_M: Final = 0.001
#: points a tile of the counting kernel
_TILE: Final = 16_384


def lidar_boxes(
    frame: LidarFrame, sensor: Sensor, assembly: Assembly, trajectory: Trajectory, shot: Shot
) -> LidarBoxes:
    """Every existing object that is within :data:`LISTED_RANGE_M` (to its centre) or has points.

    ``points`` counts by label. ``points_in_box`` takes each point to the box where both are at the point's own time.
    """
    placed = place(assembly, trajectory, frame.time_ns, frame.world_from_sensor, shot.surroundings.ego_instances)
    points = label_counts(frame.points, placed.instance)
    inside = counts_in_boxes(frame.points, frame.time_ns, placed, trajectory, shot.track, shot.surroundings.threads)
    distance = np.sqrt((placed.center**2).sum(-1))
    keep = np.flatnonzero((distance <= LISTED_RANGE_M) | (points > 0) | (inside > 0))
    return LidarBoxes(
        **placed.columns(keep),
        flags=placed.flags[keep].astype(np.uint16),
        points=points[keep].astype(np.uint32),
        points_in_box=inside[keep].astype(np.uint32),
    )


def label_counts(points: LidarPoints, instance: I8) -> I8:
    """Points labelled with each instance."""
    counts = np.bincount(points.instance, minlength=int(instance.max(initial=0)) + 1)
    return np.asarray(counts[instance], np.int64)


def counts_in_boxes(
    points: LidarPoints, time_ns: int, placed: Placed, trajectory: Trajectory, track: Track, threads: int
) -> I8:
    """Points inside each box, each at its own time."""
    total = np.zeros(len(placed.rows), np.int64)
    if not len(points.xyz) or not len(placed.rows):
        return total
    from simgen.kernels.box_points import points_in_boxes
    from simgen.kernels.tiles import run_tiles

    first, last = (time_ns + int(f(points.time_offset_ns)) for f in (np.min, np.max))
    times = knots(trajectory, first, last)
    step = int(times[1] - times[0]) if len(times) > 1 else 1
    sensor = np.concatenate(track.at(times), axis=-1)[:, None]
    bodies = trajectory.actor_body[placed.rows].astype(np.int64)
    boxes = np.concatenate(trajectory.poses(times, bodies), axis=-1)
    center = trajectory.box_center[placed.rows].astype(np.float64)
    half = placed.size / 2 + MARGIN_M
    rooms = _rooms(sensor, boxes, center, half)
    parts = [np.zeros_like(total) for _ in range(-(-len(points.xyz) // _TILE))]

    def count(start: int, stop: int) -> None:
        points_in_boxes(
            start,
            stop,
            points.xyz,
            points.time_offset_ns,
            int(times[0]) - time_ns,
            step,
            sensor,
            boxes,
            center,
            half,
            rooms,
            parts[start // _TILE],
        )

    run_tiles(count, len(points.xyz), _TILE, threads)
    return np.asarray(np.sum(parts, axis=0), np.int64)


def _rooms(sensor: F8, boxes: F8, center: F8, half: F8) -> F8:
    """What each box stays within all the time, as the sensor sees it, (B, 15): a box that is grown on all sides.

    Rows of the rotation into it, its centre, its half extents. It is the box at the middle knot; no point of the box is
    farther from its place there than ``slack``: what it has moved at any knot, and what it can move between two.
    """
    apart, reach = boxes[..., :3] - sensor[..., :3], np.sqrt((center**2).sum(-1)) + np.sqrt((half**2).sum(-1))
    inverse = quat_conjugate(sensor[..., 3:])
    seen, turned = quat_rotate(inverse, apart), quat_multiply(inverse, boxes[..., 3:])
    middle = (len(seen) - 1) // 2
    slack = (_length(seen - seen[middle]) + reach * _angle(turned, turned[middle])).max(0)
    own, theirs = (_angle(poses[1:, :, 3:], poses[:-1, :, 3:]).max(0, initial=0.0) for poses in (sensor, boxes))
    step = _length(np.diff(apart, axis=0)).max(0, initial=0.0)
    slack += step + own * (_length(apart).max(0) + reach) + theirs * reach
    rotation = quat_rotate(turned[middle][:, None], np.eye(3)).reshape(-1, 9)
    place = seen[middle] + quat_rotate(turned[middle], center)
    return np.concatenate([rotation, place, half + slack[:, None]], axis=-1)


def _length(vectors: F8) -> F8:
    return np.asarray(np.sqrt((vectors**2).sum(-1)))


def _angle(a: F8, b: F8) -> F8:
    """Between two rotations, rad."""
    chord = np.minimum(_length(a - b), _length(a + b))
    return np.asarray(4.0 * np.arcsin(np.minimum(0.5 * chord, 1.0)))
