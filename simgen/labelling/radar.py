"""Boxes of a radar frame, and how many of its detections are theirs."""

from __future__ import annotations

import math
from typing import Final

import numpy as np

from simgen.assembly import Assembly
from simgen.labelling.boxes import place
from simgen.records.radar import RadarBoxes, RadarFrame
from simgen.records.surroundings import Shot
from simgen.records.trajectory import Trajectory

#: boxes farther than this are listed only if detections are theirs, m
LISTED_RANGE_M: Final = 250.0
#: and those this far outside the forward half-space, rad
LISTED_ANGLE: Final = math.radians(90.0)


def radar_boxes(frame: RadarFrame, assembly: Assembly, trajectory: Trajectory, shot: Shot) -> RadarBoxes:
    """Every existing object ahead of the radar within :data:`LISTED_RANGE_M` (to its centre), or with detections."""
    placed = place(assembly, trajectory, frame.time_ns, frame.world_from_sensor, shot.surroundings.ego_instances)
    labels = frame.detections.instance
    if frame.ideal is not None:
        assert isinstance(frame.ideal, RadarFrame)
        labels = np.concatenate([labels, frame.ideal.detections.instance])
    counts = np.bincount(frame.detections.instance, minlength=int(placed.instance.max(initial=0)) + 1)
    distance = np.sqrt((placed.center**2).sum(-1))
    angle = np.arctan2(np.abs(placed.center[:, 1]), placed.center[:, 0])
    listed = (distance <= LISTED_RANGE_M) & (angle <= LISTED_ANGLE)
    keep = np.flatnonzero(listed | np.isin(placed.instance, labels))
    return RadarBoxes(
        **placed.columns(keep),
        flags=placed.flags[keep].astype(np.uint16),
        detections=counts[placed.instance[keep]].astype(np.uint32),
    )
