"""What is measured of a finished sequence: what became of its constraints, and how dangerous it was."""

from __future__ import annotations

from simgen import registry
from simgen.metrics._actors import box_centers, row_of
from simgen.metrics._bracket import moved
from simgen.metrics._depth import depth_lost_of
from simgen.metrics._health import HealthLog
from simgen.metrics._looks import levels_of
from simgen.metrics._sequence import measures_of
from simgen.metrics.base import Metric
from simgen.records.constraints import Constraint, Outcome
from simgen.records.evidence import Evidence


def metric_of(kind: str) -> Metric:
    """The metric of that name.

    Raises:
        UserError: there is none; the message suggests the nearest name.
    """
    metric = registry.get("metric", kind)()
    assert isinstance(metric, Metric)
    return metric


def measure(constraint: Constraint, evidence: Evidence) -> Outcome:
    """The value that was reached, and whether it is within the tolerance.

    Raises:
        UserError: the kind is unknown, or the constraint names an actor or a sensor that is not there.
    """
    achieved = float(metric_of(constraint.kind).measure(constraint, evidence))
    return Outcome(constraint=constraint, achieved=achieved, holds=constraint.holds(achieved))


__all__ = [
    "HealthLog",
    "Metric",
    "box_centers",
    "depth_lost_of",
    "levels_of",
    "measure",
    "measures_of",
    "metric_of",
    "moved",
    "row_of",
]
