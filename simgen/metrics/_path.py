"""An actor's path, and others against it."""

from __future__ import annotations

import math
from typing import Final

import numpy as np

from simgen.geometry import quat_rotate
from simgen.metrics._actors import box_centers, speeds
from simgen.metrics._boxes import upright
from simgen.polyline import Polyline
from simgen.records.base import F8, Array
from simgen.records.trajectory import Trajectory

_VERTEX_M: Final = 0.25


def driven_path(trajectory: Trajectory, row: int) -> Polyline | None:
    """The line along which an actor's box centre moves, while it exists; None if it stays where it is.

    It has a vertex about every :data:`_VERTEX_M`: on a curve of 10 m radius the line is within a millimetre of the true
    one, and it is many times quicker to search than one of a vertex every physics step.
    """
    center = box_centers(trajectory, row)[trajectory.exists[:, row]]
    gone = np.concatenate([[0.0], np.cumsum(np.sqrt((np.diff(center[:, :2], axis=0) ** 2).sum(1)))])[: len(center)]
    if not len(gone) or gone[-1] < 1e-3:
        return None
    chosen = np.unique(np.searchsorted(gone, np.arange(0.0, gone[-1], _VERTEX_M)))
    return Polyline(center[np.append(chosen, len(center) - 1)])


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
    rest = points[..., :2] - end[:2]
    beyond = rest[..., 0] * math.cos(angle) + rest[..., 1] * math.sin(angle)
    aside = rest[..., 1] * math.cos(angle) - rest[..., 0] * math.sin(angle)
    past = (s >= path.length - 1e-9) & (beyond > 0.0)
    return np.where(past, path.length + beyond, s), np.where(past, aside, lateral)


def nose(path: Polyline, trajectory: Trajectory, row: int) -> F8:
    """Where the front of the actor's box is along its own path, at every step."""
    s, _ = path.closest(box_centers(trajectory, row))
    return s + float(trajectory.size[row, 0]) / 2.0


def headways(path: Polyline, trajectory: Trajectory, ego: int, rows: Array, steps: Array | slice = slice(None)) -> F8:
    """Time gaps of an actor to others ahead in its path, s, (steps, rows): see ``time_headway_s``."""
    boxes = upright(trajectory, rows, steps)
    s, lateral = closest_extended(path, boxes.center)
    heading = path.heading(s)
    course = np.stack([np.cos(heading), np.sin(heading)], -1)
    cosine = np.abs((boxes.ahead * course).sum(-1))
    sine = np.abs((boxes.left * course).sum(-1))
    along, across = (
        cosine * boxes.half[..., 0] + sine * boxes.half[..., 1],
        sine * boxes.half[..., 0] + cosine * boxes.half[..., 1],
    )
    front, speed = nose(path, trajectory, ego)[steps, None], speeds(trajectory, ego)[steps, None]
    there = trajectory.exists[steps][:, rows] & trajectory.exists[steps, ego, None]
    ahead = there & (np.abs(lateral) - across < trajectory.size[ego, 1] / 2.0) & (s > front) & (speed > 0.01)
    gap = np.maximum(s - along - front, 0.0)
    return np.where(ahead, gap / np.where(ahead, speed, 1.0), math.inf)
