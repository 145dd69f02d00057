"""How much of an object can be seen."""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import ClassVar

import numpy as np

from simgen.metrics._actors import row_of
from simgen.metrics._sight import body_points, crosses, eye_of
from simgen.metrics.base import Frames, Metric, Takes
from simgen.records.constraints import Constraint
from simgen.records.evidence import Evidence
from simgen.registry import register
from simgen.units import seconds_to_ns


@register("metric", "visible_fraction")
@dataclass(frozen=True, kw_only=True)
class VisibleFraction(Metric):
    """Share of the subject that the other sees past everything else, at ``time_s`` (0 if that is negative).

    Where the other is a camera whose frames are there, it is the ``visible_fraction`` of the subject's box in the
    frame nearest to that instant, 0 if it has no box there. Before frames are rendered, or where the other is an
    actor, a grid of points in the subject's box is looked at past all other boxes, from the sensor or from
    the driver's eye of the actor (over the front axle, near the roof).
    """

    takes: ClassVar[Takes] = "labels"
    looks_at: ClassVar[Frames] = "nearest"

    def measure(self, asked: Constraint, evidence: Evidence) -> float:
        """0..1."""
        time_ns = seconds_to_ns(max(asked.time_s, 0.0))
        subject = row_of(evidence.trajectory, asked.subject)
        if asked.other in evidence.seen:
            return _in_picture(evidence, asked.other, int(evidence.trajectory.instance[subject]), time_ns)
        return _past_boxes(evidence, asked.other, subject, evidence.trajectory.nearest(time_ns))


def _in_picture(evidence: Evidence, camera: str, instance: int, time_ns: int) -> float:
    seen = evidence.seen[camera]
    frame = seen.nearest(time_ns)
    if frame is None:
        return math.nan
    rows = seen.rows(instance, frame)
    return float(seen.visible_fraction[rows[0]]) if len(rows) else 0.0


def _past_boxes(evidence: Evidence, observer: str, subject: int, step: int) -> float:
    trajectory = evidence.trajectory
    eye, carrier = eye_of(evidence, observer, step)
    if not trajectory.exists[step, subject] or (carrier >= 0 and not trajectory.exists[step, carrier]):
        return 0.0
    points = body_points(trajectory, subject, step)
    hidden = np.zeros(len(points), bool)
    for row in range(len(trajectory.instance)):
        if row not in (subject, carrier) and trajectory.exists[step, row]:
            hidden |= crosses(trajectory, row, step, eye, points)
    return float(1.0 - hidden.mean())
