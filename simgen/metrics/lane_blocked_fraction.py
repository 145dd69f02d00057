"""How much of a lane something takes up."""

from __future__ import annotations

from dataclasses import dataclass
from typing import ClassVar

import numpy as np

from simgen.geometry import quat_rotate
from simgen.metrics._actors import box_centers, row_of
from simgen.metrics.base import Metric
from simgen.polyline import Polyline
from simgen.records.base import F8
from simgen.records.constraints import Constraint
from simgen.records.evidence import Evidence
from simgen.records.roads import Lane, RoadMap
from simgen.records.trajectory import Trajectory
from simgen.registry import register
from simgen.units import seconds_to_ns

_CORNERS = np.stack(np.meshgrid(*[[-0.5, 0.5]] * 3, indexing="ij"), -1).reshape(-1, 3)


@register("metric", "lane_blocked_fraction")
@dataclass(frozen=True, kw_only=True)
class LaneBlockedFraction(Metric):
    """Share of the width of a lane that the subject's box covers, seen along the lane, at ``time_s`` (0 if negative).

    The lane for driving that the other's lane leads to, or that is nearest to the subject if no other is named.
    """

    needs_frames: ClassVar[bool] = False

    def measure(self, asked: Constraint, evidence: Evidence) -> float:
        """0..1; nan if the map has no lane for driving."""
        trajectory = evidence.trajectory
        step = trajectory.nearest(seconds_to_ns(max(asked.time_s, 0.0)))
        row = row_of(trajectory, asked.subject)
        corners = _corners(trajectory, row, step)
        lane = _lane(asked, evidence, corners.mean(0))
        if lane is None:
            return float("nan")
        _, lateral = Polyline(lane.centerline).closest(corners)
        half = lane.width_m / 2.0
        low, high = np.clip([float(lateral.min()), float(lateral.max())], -half, half)
        return float((high - low) / lane.width_m)


def _corners(trajectory: Trajectory, row: int, step: int) -> F8:
    body = int(trajectory.actor_body[row])
    quaternion = trajectory.quaternion[step, body]
    local = trajectory.box_center[row] + _CORNERS * trajectory.size[row]
    return np.asarray(trajectory.position[step, body] + quat_rotate(quaternion, local))


def _lane(asked: Constraint, evidence: Evidence, place: F8) -> Lane | None:
    lanes = [lane for lane in evidence.map.lanes if lane.kind == "driving"]
    if asked.other:
        trajectory = evidence.trajectory
        start = box_centers(trajectory, row_of(trajectory, asked.other))[trajectory.nearest(0)]
        own = min(lanes, key=lambda lane: _away(lane, start), default=None)
        lanes = [] if own is None else _onwards(evidence.map, own)
    return min(lanes, key=lambda lane: _away(lane, place), default=None)


def _onwards(road_map: RoadMap, lane: Lane) -> list[Lane]:
    """The lane and all that can follow it."""
    found = {lane.name: lane}
    waiting = [lane]
    while waiting:
        following = [road_map.lane(name) for name in waiting.pop().successors if name not in found]
        found |= {lane.name: lane for lane in following}
        waiting += following
    return list(found.values())


def _away(lane: Lane, place: F8) -> float:
    line = Polyline(lane.centerline)
    s, _ = line.closest(place)
    gap = line.at(s)[:2] - place[:2]
    return float((gap * gap).sum())
