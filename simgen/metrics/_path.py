"""An actor's path, and others against it."""

from __future__ import annotations

import math
from typing import Final

import numpy as np

from simgen.geometry import quat_rotate
from simgen.metrics._actors import box_centers, speeds
from simgen.metrics._boxes import Upright, dot, upright
from simgen.polyline import Polyline
from simgen.records.base import F8, Array, Bool
from simgen.records.trajectory import Trajectory

_VERTEX_M: Final = 0.25
_COARSE_M: Final = 4.0


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


def nose(path: Polyline, trajectory: Trajectory, row: int, steps: Array | slice = slice(None)) -> F8:
    """Where the front of the actor's box is along its own path, at some steps."""
    s, _ = path.closest(box_centers(trajectory, row)[steps])
    return s + float(trajectory.size[row, 0]) / 2.0


def headways(path: Polyline, trajectory: Trajectory, ego: int, rows: Array, steps: Array | None = None) -> F8:
    """Time gaps of an actor to others ahead in its path, s, (steps, rows): see ``time_headway_s``."""
    at = np.arange(len(trajectory.time_ns)) if steps is None else steps
    boxes, width = upright(trajectory, rows, at[:, None]), float(trajectory.size[ego, 1])
    front, speed = nose(path, trajectory, ego, at), speeds(trajectory, ego)[at]
    out = np.full((len(at), len(rows)), np.inf)
    there = trajectory.exists[at][:, rows] & trajectory.exists[at, ego, None] & (speed > 0.01)[:, None]
    k, m = np.nonzero(there & _may_be_in(path, boxes, width))
    s, along, across = _tails(path, boxes[k, m])
    ahead = (across < width / 2.0) & (s > front[k])
    k, m, gap = k[ahead], m[ahead], (s - along - front[k])[ahead]
    out[k, m] = np.maximum(gap, 0.0) / speed[k]
    return out


def _tails(path: Polyline, boxes: Upright) -> tuple[F8, F8, F8]:
    """Of boxes against a path: ``s`` of the centre, half extent along, and how far aside the nearest side is."""
    s, lateral = closest_extended(path, boxes.center)
    heading = path.heading(s)
    course = np.stack([np.cos(heading), np.sin(heading)], -1)
    cosine, sine = np.abs(dot(boxes.ahead, course)), np.abs(dot(boxes.left, course))
    length, width = boxes.half[..., 0], boxes.half[..., 1]
    return s, cosine * length + sine * width, np.abs(lateral) - (sine * length + cosine * width)


def _may_be_in(path: Polyline, boxes: Upright, width_m: float) -> Bool:
    """Whether boxes come near a coarse copy of the path: only of those has the nearest place to be found exactly."""
    coarse = Polyline(path.at(np.linspace(0.0, path.length, max(round(path.length / _COARSE_M), 2))))
    _, lateral = closest_extended(coarse, boxes.center)
    reach = np.sqrt(dot(boxes.half[..., :2], boxes.half[..., :2])) + width_m / 2.0
    # a chord of 4 m is 1 m off a circle of 2.5 m radius, which nobody drives
    return np.asarray(np.abs(lateral) < reach + 1.0)
