"""Lines of sight past actors' boxes."""

from __future__ import annotations

from typing import Final

import numpy as np

from simgen.geometry import inverse_transform, transform
from simgen.metrics._actors import in_box, row_of
from simgen.records.base import F8, Bool
from simgen.records.evidence import Evidence
from simgen.records.trajectory import Trajectory

#: a driver's eye, as a share of the box: over its front axle, near the roof
EYE: Final = (0.25, 0.0, 0.4)


def body_points(trajectory: Trajectory, row: int, step: int) -> F8:
    """A grid of points in an actor's box, (128, 3), world frame."""
    grid = np.stack(np.meshgrid(*[np.linspace(-0.45, 0.45, n) for n in (4, 4, 8)], indexing="ij"), -1).reshape(-1, 3)
    return in_box(trajectory, row, step, grid)


def eye_of(evidence: Evidence, observer: str, step: int) -> tuple[F8, int]:
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


def crosses(trajectory: Trajectory, row: int, step: int, eye: F8, points: F8) -> Bool:
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
