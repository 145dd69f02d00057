"""How much of an object can be seen."""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import Final

import numpy as np

from simgen.geometry import inverse_transform, transform
from simgen.metrics._actors import in_box, row_of
from simgen.metrics.base import Metric
from simgen.records.base import F8, Bool
from simgen.records.constraints import Constraint
from simgen.records.evidence import Evidence
from simgen.records.trajectory import Trajectory
from simgen.registry import register
from simgen.units import seconds_to_ns

#: a driver's eye, as a share of the box: over its front axle, near the roof
EYE: Final = (0.25, 0.0, 0.4)


@register("metric", "visible_fraction")
@dataclass(frozen=True, kw_only=True)
class VisibleFraction(Metric):
    """Share of the subject that the other sees past everything else, at ``time_s`` (0 if that is negative).

    Where the other is a camera whose frames are there, it is the ``visible_fraction`` of the subject's box in the
    frame nearest to that instant, 0 if it has no box there. Before frames are rendered, or where the other is an
    actor, a grid of points in the subject's box is looked at past all other boxes, from the sensor or from
    :data:`EYE` of the actor.
    """

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
    eye, carrier = _eye(evidence, observer, step)
    if not trajectory.exists[step, subject] or (carrier >= 0 and not trajectory.exists[step, carrier]):
        return 0.0
    grid = np.stack(np.meshgrid(*[np.linspace(-0.45, 0.45, n) for n in (4, 4, 8)], indexing="ij"), -1).reshape(-1, 3)
    points = in_box(trajectory, subject, step, grid)
    hidden = np.zeros(len(points), bool)
    for row in range(len(trajectory.instance)):
        if row not in (subject, carrier) and trajectory.exists[step, row]:
            hidden |= _crosses(trajectory, row, step, eye, points)
    return float(1.0 - hidden.mean())


def _eye(evidence: Evidence, observer: str, step: int) -> tuple[F8, int]:
    """Where the observer looks from, world frame, and the row of the actor that it is or sits on (-1: none)."""
    trajectory = evidence.trajectory
    if observer not in evidence.eyes:
        row = row_of(trajectory, observer)
        return in_box(trajectory, row, step, np.array([EYE]))[0], row
    eye = evidence.eyes[observer]
    if eye.on == "world":
        return np.array(eye.position), -1
    body = trajectory.body_names.index(eye.on)
    at = transform(trajectory.position[step, body], trajectory.quaternion[step, body], np.array(eye.position))
    return at, int(trajectory.body_actor[body])


def _crosses(trajectory: Trajectory, row: int, step: int, eye: F8, points: F8) -> Bool:
    """Whether an actor's box lies between the eye and each point (slab test)."""
    body = int(trajectory.actor_body[row])
    pose = trajectory.position[step, body], trajectory.quaternion[step, body]
    start = inverse_transform(*pose, eye) - trajectory.box_center[row]
    along = inverse_transform(*pose, points) - trajectory.box_center[row] - start
    along = np.where(np.abs(along) < 1e-12, 1e-12, along)
    half = trajectory.size[row].astype(np.float64) / 2.0
    a, b = (-half - start) / along, (half - start) / along
    near, far = np.minimum(a, b).max(axis=1), np.maximum(a, b).min(axis=1)
    return np.asarray((near <= far) & (far >= 0.0) & (near <= 1.0))
