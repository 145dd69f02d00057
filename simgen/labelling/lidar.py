"""Boxes of a lidar sweep, and how many of its points fall on each."""

from __future__ import annotations

from typing import Final

import numpy as np

from simgen.assembly import Assembly
from simgen.geometry import F8, quat_conjugate, quat_rotate
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
    spheres = _spheres(sensor, boxes, center, half)
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
            spheres,
            parts[start // _TILE],
        )

    run_tiles(count, len(points.xyz), _TILE, threads)
    return np.asarray(np.sum(parts, axis=0), np.int64)


def _spheres(sensor: F8, boxes: F8, center: F8, half: F8) -> F8:
    """Centre and radius, (B, 4), in the sensor's frame, of what each box stays within all the time.

    The actor's place as seen by the sensor at the middle knot; no knot is farther from it than ``travelled``, and no
    instant farther from a knot than ``step``: the way of the actor to the sensor, and the sensor's turn times distance.
    """
    apart = boxes[..., :3] - sensor[..., :3]
    seen = quat_rotate(quat_conjugate(sensor[..., 3:]), apart)
    middle = seen[(len(seen) - 1) // 2]
    travelled = np.sqrt(((seen - middle) ** 2).sum(-1)).max(0)
    chord = np.sqrt((np.diff(_near(sensor[:, 0, 3:]), axis=0) ** 2).sum(-1))
    turned = 4.0 * np.arcsin(np.minimum(0.5 * chord, 1.0)).max(initial=0.0)
    step = np.sqrt((np.diff(apart, axis=0) ** 2).sum(-1)).max(0, initial=0.0)
    step += turned * np.sqrt((apart**2).sum(-1)).max(0)
    radius = np.sqrt((center**2).sum(-1)) + np.sqrt((half**2).sum(-1))
    return np.concatenate([middle, (radius + travelled + step)[:, None]], axis=-1)


def _near(quaternion: F8) -> F8:
    """The same rotations, (S, 4), each in the half of the one before."""
    same = (quaternion[1:] * quaternion[:-1]).sum(-1) >= 0.0
    return np.asarray(quaternion * np.cumprod(np.append(1.0, np.where(same, 1.0, -1.0)))[:, None])
