"""How much of one actor a certain other hides."""

from __future__ import annotations

from dataclasses import dataclass

from simgen.metrics._actors import row_of
from simgen.metrics._sight import body_points, crosses, eye_of
from simgen.metrics.base import Metric
from simgen.records.constraints import Constraint
from simgen.records.evidence import Evidence
from simgen.registry import register
from simgen.units import seconds_to_ns


@register("metric", "occluded_by")
@dataclass(frozen=True, kw_only=True)
class OccludedBy(Metric):
    """Share of the subject that the body of ``other`` alone hides, at ``time_s`` (0 if negative); boxes, not pixels.

    Looked at from the driver's eye of the actor ``ego``; with ``other: NAME@WATCHER`` from another actor's eye or from
    a sensor. Needs no frames; what a camera really sees is ``visible_fraction``.
    """

    def measure(self, asked: Constraint, evidence: Evidence) -> float:
        """0..1; 0 if one of them is not there."""
        trajectory = evidence.trajectory
        name, _, watcher = asked.other.partition("@")
        subject, other = row_of(trajectory, asked.subject), row_of(trajectory, name)
        step = trajectory.nearest(seconds_to_ns(max(asked.time_s, 0.0)))
        if not (trajectory.exists[step, subject] and trajectory.exists[step, other]):
            return 0.0
        eye, _ = eye_of(evidence, watcher or "ego", step)
        return float(crosses(trajectory, other, step, eye, body_points(trajectory, subject, step)).mean())
