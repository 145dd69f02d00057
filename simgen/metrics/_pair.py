"""Two actors, or an actor and what looks at it, at the instants of a question."""

from __future__ import annotations

from collections.abc import Callable

import numpy as np

from simgen.geometry import transform
from simgen.metrics._actors import both_exist, row_of
from simgen.metrics._boxes import Upright, upright
from simgen.metrics._when import asked_instants
from simgen.records.base import F8, Bool
from simgen.records.constraints import Constraint
from simgen.records.evidence import Evidence


def boxes_of_pair(asked: Constraint, evidence: Evidence) -> tuple[Upright, Upright, Bool]:
    """The boxes of subject and other at every step, (K,), and at which steps both are there and asked about.

    Raises:
        UserError: there is no such actor.
    """
    trajectory = evidence.trajectory
    a, b = row_of(trajectory, asked.subject), row_of(trajectory, asked.other)
    both = upright(trajectory, np.array([a, b]))
    when = asked_instants(asked, trajectory.time_ns) & both_exist(trajectory, a, b)
    return both[:, 0], both[:, 1], when


def sensor_point(evidence: Evidence, sensor: str) -> Upright:
    """Where a sensor is at every step, as a box without extent, (K,)."""
    trajectory, eye = evidence.trajectory, evidence.eyes[sensor]
    place = np.array(eye.position)
    count = len(trajectory.time_ns)
    center, velocity = np.tile(place, (count, 1)), np.zeros((count, 3))
    if eye.on != "world":
        body = trajectory.body_names.index(eye.on)
        center = transform(trajectory.position[:, body], trajectory.quaternion[:, body], place)
        velocity = trajectory.linear_velocity[:, body].astype(np.float64)
    ahead = np.tile([1.0, 0.0], (count, 1))
    return Upright(center=center, ahead=ahead, half=np.zeros((count, 3)), velocity=velocity)


def extreme(values: F8, when: Bool, pick: Callable[[F8], float], nothing: float) -> float:
    """The least or largest value at some instants, or what stands for none."""
    return float(pick(values[when])) if when.any() else nothing
