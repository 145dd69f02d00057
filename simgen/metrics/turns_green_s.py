"""When a light turns green."""

from __future__ import annotations

import math
from dataclasses import dataclass

import numpy as np

from simgen.metrics._actors import box_centers, row_of
from simgen.metrics.base import Metric
from simgen.polyline import Polyline
from simgen.records.constraints import Constraint
from simgen.records.evidence import Evidence
from simgen.records.roads import SIGNAL_STATES, RoadMap
from simgen.registry import register


@register("metric", "turns_green_s")
@dataclass(frozen=True, kw_only=True)
class TurnsGreen(Metric):
    """When the light of the lane that the subject is on at time 0 first turns green."""

    def measure(self, asked: Constraint, evidence: Evidence) -> float:
        """Seconds; inf if it never does, or no light stands at that lane's end."""
        trajectory = evidence.trajectory
        now = trajectory.nearest(0)
        signal = signal_ahead(
            evidence.map, box_centers(trajectory, row_of(trajectory, asked.subject))[now, :2].tolist()
        )
        if not signal:
            return math.inf
        green = trajectory.signal_state[:, trajectory.signal_names.index(signal)] == SIGNAL_STATES.index("green")
        turns = np.flatnonzero(green[1:] & ~green[:-1] & (trajectory.time_ns[1:] > 0))
        return float(trajectory.time_ns[turns[0] + 1]) * 1e-9 if len(turns) else math.inf


def signal_ahead(road_map: RoadMap, place: tuple[float, float]) -> str:
    """The signal of the lane for driving that is nearest to a place; empty if it has none."""

    def away(line: Polyline) -> float:
        gap = line.at(line.closest(place)[0])[:2] - place
        return float((gap * gap).sum())

    lanes = [lane for lane in road_map.lanes if lane.kind == "driving"]
    near = min(lanes, key=lambda lane: away(Polyline(lane.centerline)), default=None)
    return "" if near is None else near.signal
