"""An actor's path, and others against it."""

from __future__ import annotations

import math

import numpy as np

from simgen.geometry import quat_rotate
from simgen.metrics._actors import box_centers
from simgen.polyline import Polyline
from simgen.records.base import F8
from simgen.records.trajectory import Trajectory


def driven_path(trajectory: Trajectory, row: int) -> Polyline | None:
    """The line along which an actor's box centre moves, while it exists; None if it stays where it is."""
    center = box_centers(trajectory, row)[trajectory.exists[:, row]]
    steps = np.abs(np.diff(center[:, :2], axis=0)).max(axis=1, initial=0.0)
    moved = np.concatenate([[True], steps > 1e-4])[: len(center)]
    return Polyline(center[moved]) if np.count_nonzero(moved) > 1 else None


def against(path: Polyline, trajectory: Trajectory, row: int) -> tuple[F8, F8, F8, F8]:
    """Of an actor against a path, at every step: ``s``, lateral offset, and its half extents along and across it."""
    center = box_centers(trajectory, row)
    s, lateral = closest_extended(path, center)
    ahead = quat_rotate(trajectory.quaternion[:, int(trajectory.actor_body[row])], np.array([1.0, 0.0, 0.0]))
    turn = np.arctan2(ahead[:, 1], ahead[:, 0]) - path.heading(s)
    length, width = trajectory.size[row, 0] / 2.0, trajectory.size[row, 1] / 2.0
    sine, cosine = np.abs(np.sin(turn)), np.abs(np.cos(turn))
    return s, lateral, cosine * length + sine * width, sine * length + cosine * width


def closest_extended(path: Polyline, points: F8) -> tuple[F8, F8]:
    """As ``path.closest``, with the last segment prolonged without end."""
    s, lateral = path.closest(points)
    end, angle = path.at(path.length), float(path.heading(path.length))
    rest = points[:, :2] - end[:2]
    beyond = rest[:, 0] * math.cos(angle) + rest[:, 1] * math.sin(angle)
    aside = rest[:, 1] * math.cos(angle) - rest[:, 0] * math.sin(angle)
    past = (s >= path.length - 1e-9) & (beyond > 0.0)
    return np.where(past, path.length + beyond, s), np.where(past, aside, lateral)


def nose(path: Polyline, trajectory: Trajectory, row: int) -> F8:
    """Where the front of the actor's box is along its own path, at every step."""
    s, _ = path.closest(box_centers(trajectory, row))
    return s + float(trajectory.size[row, 0]) / 2.0
