"""What became of a scene's constraints: measured from the stored trajectory and statuses, never from the plan."""

from __future__ import annotations

import math
from collections.abc import Callable, Mapping, Sequence
from typing import Final

import numpy as np

from simgen.errors import UserError
from simgen.geometry import inverse_transform, quat_rotate, transform
from simgen.polyline import Polyline
from simgen.records.base import F8, Array, Bool
from simgen.records.constraints import Constraint, Outcome
from simgen.records.frames import STATUS_DROPPED
from simgen.records.trajectory import Trajectory
from simgen.registry import suggest
from simgen.units import seconds_to_ns

Statuses = Mapping[str, Sequence[int]]
#: the driver's or the sensor's eye, as a share of the box: over its front axle, near the roof
EYE: Final = (0.25, 0.0, 0.4)


def measure(constraint: Constraint, trajectory: Trajectory, statuses: Statuses) -> Outcome:
    """The value that was reached, and whether it is within the tolerance.

    ``inf`` stands for what never came about.

    Args:
        constraint: what was asked.
        trajectory: the stored poses.
        statuses: ``status`` of every frame, by sensor.

    Raises:
        UserError: the kind is unknown, or the constraint names an actor or a sensor that is not there.
    """
    if constraint.kind not in KINDS:
        raise UserError(f"unknown constraint {constraint.kind!r}{suggest(constraint.kind, tuple(KINDS))}")
    achieved = float(KINDS[constraint.kind](constraint, trajectory, statuses))
    return Outcome(
        constraint=constraint, achieved=achieved, holds=abs(achieved - constraint.asked) <= constraint.tolerance
    )


def time_to_collision(constraint: Constraint, trajectory: Trajectory, statuses: Statuses) -> float:
    """Seconds that the subject needs to where the other enters its path, at the instant when it enters.

    The path is the one that the subject's box really sweeps, prolonged straight on; its nose is the front of the
    box, its speed the one of that instant. This is the time that is left to react.
    """
    ego, other = row_of(trajectory, constraint.subject), row_of(trajectory, constraint.other)
    path = driven_path(trajectory, ego)
    if path is None:
        return math.inf
    s, lateral, along, across = _against(path, trajectory, other)
    nose = _nose(path, trajectory, ego)
    inside = (np.abs(lateral) - across < trajectory.size[ego, 1] / 2.0) & _both_exist(trajectory, ego, other)
    # it enters ahead of the nose: what crosses behind the ego, or touches its flank, is no such conflict
    step = _first(inside & (s > nose))
    if step is None:
        return math.inf
    velocity = trajectory.linear_velocity[step, int(trajectory.actor_body[ego])].astype(np.float64)
    speed = math.hypot(velocity[0], velocity[1])
    return float((s[step] - along[step] - nose[step]) / speed) if speed > 0.01 else math.inf


def minimum_distance(constraint: Constraint, trajectory: Trajectory, statuses: Statuses) -> float:
    """Smallest horizontal distance between the two boxes' circumscribed circles; 0 where they meet."""
    a, b = row_of(trajectory, constraint.subject), row_of(trajectory, constraint.other)
    gap = box_centers(trajectory, a)[:, :2] - box_centers(trajectory, b)[:, :2]
    radius = sum(math.hypot(*trajectory.size[k, :2].tolist()) / 2.0 for k in (a, b))
    distance = np.sqrt((gap * gap).sum(-1)) - radius
    together = _both_exist(trajectory, a, b)
    return max(0.0, float(distance[together].min())) if together.any() else math.inf


def visible_fraction(constraint: Constraint, trajectory: Trajectory, statuses: Statuses) -> float:
    """Share of the subject's box that the other sees past all other boxes, at ``time_s`` (0 if that is negative).

    A grid of points in the subject's box is looked at from :data:`EYE` of the other's.
    """
    subject, observer = row_of(trajectory, constraint.subject), row_of(trajectory, constraint.other)
    step = trajectory.nearest(seconds_to_ns(max(constraint.time_s, 0.0)))
    if not (trajectory.exists[step, subject] and trajectory.exists[step, observer]):
        return 0.0
    eye = _in_box(trajectory, observer, step, np.array([EYE]))[0]
    grid = np.stack(np.meshgrid(*[np.linspace(-0.45, 0.45, n) for n in (4, 4, 8)], indexing="ij"), -1).reshape(-1, 3)
    points = _in_box(trajectory, subject, step, grid)
    hidden = np.zeros(len(points), bool)
    for row in range(len(trajectory.instance)):
        if row not in (subject, observer) and trajectory.exists[step, row]:
            hidden |= _crosses(trajectory, row, step, eye, points)
    return float(1.0 - hidden.mean())


def frames_dropped(constraint: Constraint, trajectory: Trajectory, statuses: Statuses) -> float:
    """Number of the sensor's frames that were not delivered."""
    if constraint.subject not in statuses:
        raise UserError(f"no sensor {constraint.subject!r}{suggest(constraint.subject, tuple(statuses))}")
    return float(sum(status == STATUS_DROPPED for status in statuses[constraint.subject]))


#: kind of constraint -> its measure
KINDS: Final[dict[str, Callable[[Constraint, Trajectory, Statuses], float]]] = {
    "time_to_collision_s": time_to_collision,
    "minimum_distance_m": minimum_distance,
    "visible_fraction": visible_fraction,
    "frames_dropped": frames_dropped,
}


def row_of(trajectory: Trajectory, name: str) -> int:
    """The actor row of a name.

    Raises:
        UserError: there is no such actor.
    """
    if name not in trajectory.actor_names:
        raise UserError(f"no actor {name!r}{suggest(name, trajectory.actor_names)}")
    return trajectory.actor_names.index(name)


def box_centers(trajectory: Trajectory, row: int) -> F8:
    """Centre of an actor's box at every step, (K, 3), world frame."""
    body = int(trajectory.actor_body[row])
    return transform(trajectory.position[:, body], trajectory.quaternion[:, body], trajectory.box_center[row])


def driven_path(trajectory: Trajectory, row: int) -> Polyline | None:
    """The line along which an actor's box centre moves, while it exists; None if it stays where it is."""
    center = box_centers(trajectory, row)[trajectory.exists[:, row]]
    steps = np.abs(np.diff(center[:, :2], axis=0)).max(axis=1, initial=0.0)
    moved = np.concatenate([[True], steps > 1e-4])[: len(center)]
    return Polyline(center[moved]) if np.count_nonzero(moved) > 1 else None


def _against(path: Polyline, trajectory: Trajectory, row: int) -> tuple[F8, F8, F8, F8]:
    """Of an actor against a path, at every step: ``s``, lateral offset, and its half extents along and across it."""
    center = box_centers(trajectory, row)
    s, lateral = _closest_extended(path, center)
    ahead = quat_rotate(trajectory.quaternion[:, int(trajectory.actor_body[row])], np.array([1.0, 0.0, 0.0]))
    turn = np.arctan2(ahead[:, 1], ahead[:, 0]) - path.heading(s)
    length, width = trajectory.size[row, 0] / 2.0, trajectory.size[row, 1] / 2.0
    sine, cosine = np.abs(np.sin(turn)), np.abs(np.cos(turn))
    return s, lateral, cosine * length + sine * width, sine * length + cosine * width


def _closest_extended(path: Polyline, points: F8) -> tuple[F8, F8]:
    """As ``path.closest``, with the last segment prolonged without end."""
    s, lateral = path.closest(points)
    end, angle = path.at(path.length), float(path.heading(path.length))
    rest = points[:, :2] - end[:2]
    beyond = rest[:, 0] * math.cos(angle) + rest[:, 1] * math.sin(angle)
    aside = rest[:, 1] * math.cos(angle) - rest[:, 0] * math.sin(angle)
    past = (s >= path.length - 1e-9) & (beyond > 0.0)
    return np.where(past, path.length + beyond, s), np.where(past, aside, lateral)


def _nose(path: Polyline, trajectory: Trajectory, row: int) -> F8:
    """Where the front of the actor's box is along its own path, at every step."""
    s, _ = path.closest(box_centers(trajectory, row))
    return s + float(trajectory.size[row, 0]) / 2.0


def _both_exist(trajectory: Trajectory, a: int, b: int) -> Bool:
    return trajectory.exists[:, a] & trajectory.exists[:, b]


def _first(mask: Bool) -> int | None:
    return int(np.argmax(mask)) if mask.any() else None


def _in_box(trajectory: Trajectory, row: int, step: int, shares: Array) -> F8:
    """World positions of points given as shares of an actor's box (-0.5..0.5 on each axis)."""
    body = int(trajectory.actor_body[row])
    local = trajectory.box_center[row] + shares * trajectory.size[row]
    return transform(trajectory.position[step, body], trajectory.quaternion[step, body], local)


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
