"""The light that an actor drives towards."""

from __future__ import annotations

import numpy as np

from simgen.metrics._actors import box_centers, row_of
from simgen.polyline import Polyline
from simgen.records.base import Bool
from simgen.records.evidence import Evidence
from simgen.records.roads import SIGNAL_STATES, RoadMap


def green_ahead(actor: str, evidence: Evidence) -> Bool | None:
    """Whether the light of the lane that an actor is on at time 0 shows green, at every step, (K,).

    None if no light stands at that lane's end.

    Raises:
        UserError: there is no such actor.
    """
    trajectory = evidence.trajectory
    place = box_centers(trajectory, row_of(trajectory, actor))[trajectory.nearest(0), :2]
    signal = signal_ahead(evidence.map, place.tolist())
    if not signal:
        return None
    shown = trajectory.signal_state[:, trajectory.signal_names.index(signal)]
    return np.asarray(shown == SIGNAL_STATES.index("green"))


def signal_ahead(road_map: RoadMap, place: tuple[float, float]) -> str:
    """The signal of the lane for driving that is nearest to a place; empty if it has none."""

    def away(line: Polyline) -> float:
        gap = line.at(line.closest(place)[0])[:2] - place
        return float((gap * gap).sum())

    lanes = [lane for lane in road_map.lanes if lane.kind == "driving"]
    near = min(lanes, key=lambda lane: away(Polyline(lane.centerline)), default=None)
    return "" if near is None else near.signal
