"""``points_in_box`` of a lidar's boxes, counted again from the points and the trajectory."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np

from simgen.checks.base import NOTHING, Finding, FrameLook, Rule, compare
from simgen.checks.mounts import actor_poses
from simgen.geometry import inverse_transform, transform
from simgen.records.base import F8, I8, Array


@dataclass(frozen=True, kw_only=True)
class PointsInBox(Rule):
    """``points_in_box`` counts the points inside the box at their own time, whatever their label.

    Points within 3 mm of a face (float32 at 150 m) may count either way; the deviation is what is beyond that.
    """

    name = "points_in_box"
    unit = "points"
    margin_m: float = 0.003

    def frame(self, look: FrameLook) -> Finding:
        """Count again."""
        points, boxes = look.get("points"), look.get("boxes")
        if points is None or boxes is None or not hasattr(boxes, "points_in_box"):
            return NOTHING
        world = point_positions(look, points)
        rows = np.flatnonzero(np.isin(boxes.instance, look.sequence.trajectory.instance))
        if world is None or len(rows) == 0:
            return NOTHING
        times = look.frame.time_ns + points.time_offset_ns.astype(np.int64)
        bounds = np.array([self._count(look, int(boxes.instance[k]), world, times) for k in rows])
        stored = boxes.points_in_box[rows].astype(np.int64)
        deviation = np.maximum(bounds[:, 0] - stored, stored - bounds[:, 1]).clip(0)

        def example(k: int) -> str:
            low, high = bounds[k].tolist()
            return f"instance {int(boxes.instance[rows[k]])}: {int(stored[k])} stored, {low} to {high} are inside"

        return compare(deviation, 0.0, example)

    def _count(self, look: FrameLook, instance: int, world: F8, times: I8) -> tuple[int, int]:
        """Points surely and possibly inside an actor's box."""
        trajectory = look.sequence.trajectory
        row = trajectory.row(instance)
        half, center = trajectory.size[row] / 2.0, trajectory.box_center[row]
        span = np.array([times.min(initial=look.frame.time_ns), times.max(initial=look.frame.time_ns)])
        ends, _ = actor_poses(trajectory, instance, span)
        # only points near the path can be inside: the box's own reach, and twice the path for turns
        reach = float(np.abs(half).sum() + np.abs(center).sum() + 2.0 * np.abs(ends[1] - ends[0]).sum()) + 1.0
        near = np.flatnonzero(np.abs(world - ends[0]).max(axis=1, initial=0.0) < reach)
        position, quaternion = actor_poses(trajectory, instance, times[near])
        outside = (np.abs(inverse_transform(position, quaternion, world[near]) - center) - half).max(1, initial=-np.inf)
        return int((outside < -self.margin_m).sum()), int((outside <= self.margin_m).sum())


def point_positions(look: FrameLook, points: Any) -> F8 | None:
    """World positions (P, 3) of a sweep's points, each from the sensor's pose at its own time; None without a mount."""

    def positions() -> F8 | None:
        times: Array = look.frame.time_ns + points.time_offset_ns.astype(np.int64)
        poses = look.sequence.sensor_poses(look.sensor, times)
        return None if poses is None else transform(*poses, points.xyz)

    found: F8 | None = look.sequence.once("points", (look.sensor, look.index), positions)
    return found
