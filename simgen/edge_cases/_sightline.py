"""How far those who may hide somebody are from the line of sight: what a search for a hiding place follows."""

from __future__ import annotations

import math
from collections.abc import Sequence
from typing import Final

import numpy as np

from simgen.edge_cases._look import MARGIN, miss
from simgen.metrics import box_centers, row_of
from simgen.metrics._sight import eye_of
from simgen.records.base import F8
from simgen.records.constraints import Constraint
from simgen.records.evidence import Evidence
from simgen.units import seconds_to_ns

#: gaps count in units of this angle, rad
_UNIT_RAD: Final = 0.02
#: a gap larger than this is as good as none known
_MOST: Final = 150.0


def sight_gaps(
    asked: Sequence[Constraint], evidence: Evidence, achieved: Sequence[float], hiders: Sequence[str]
) -> list[float]:
    """For each constraint that wants somebody hidden: the angle, in 0.02 rad, that the nearest hider is off.

    Raises:
        UserError: a constraint names an actor that is not there.
    """
    return [
        _gap(constraint, evidence, value, [name for name in hiders if name != constraint.subject])
        for constraint, value in zip(asked, achieved, strict=True)
        if constraint.kind == "visible_fraction" and (constraint.asked <= 0.5 and constraint.relation != "at_least")
    ]


def _gap(asked: Constraint, evidence: Evidence, achieved: float, hiders: list[str]) -> float:
    if not hiders or abs(miss(asked, achieved)) <= MARGIN:
        return 0.0
    trajectory = evidence.trajectory
    step = trajectory.nearest(seconds_to_ns(max(asked.time_s, 0.0)))
    eye, _ = eye_of(evidence, asked.other, step)
    subject = _seen(evidence, asked.subject, step, eye)
    return min(min(_off(subject, _seen(evidence, name, step, eye)) for name in hiders), _MOST)


def _seen(evidence: Evidence, name: str, step: int, eye: F8) -> tuple[float, float, float]:
    """Direction, distance and half width (rad) of an actor as seen from above."""
    trajectory = evidence.trajectory
    row = row_of(trajectory, name)
    x, y, _ = (box_centers(trajectory, row)[step] - eye).tolist()
    distance = max(math.hypot(x, y), 0.1)
    return math.atan2(y, x), distance, float(np.arctan2(float(trajectory.size[row, :2].min()) / 2.0, distance))


def _off(subject: tuple[float, float, float], hider: tuple[float, float, float]) -> float:
    """How far a hider is off the line, and how far it is behind the one to hide."""
    apart = abs(math.remainder(subject[0] - hider[0], 2.0 * math.pi)) - max(hider[2] - subject[2], 0.0)
    behind = max(hider[1] + 0.5 - subject[1], 0.0) / max(subject[1], 1.0)
    return (max(apart, 0.0) + behind) / _UNIT_RAD
