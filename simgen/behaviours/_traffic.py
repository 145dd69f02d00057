"""What a driver sees ahead on its track: who is in the way, how far, and how fast they move along it."""

from __future__ import annotations

import math
from dataclasses import dataclass

import numpy as np

from simgen.behaviours._pose import quaternion_yaw
from simgen.behaviours._track import Track
from simgen.records.actors import ActorState, Situation
from simgen.records.model import Vector3

#: free space kept to what stands beside the track
_SIDE_M = 0.25
#: what rises less than this over the ground is driven over: water, ice, leaves, holes
_FLAT_M = 0.05


@dataclass(frozen=True, kw_only=True)
class Obstacle:
    """Something on the track ahead: free length to it, and its speed along the track."""

    gap_m: float
    speed_m_s: float


def front_and_half_width(name: str, situation: Situation, wheelbase_m: float) -> tuple[float, float]:
    """How far an actor's front reaches ahead of its root frame, and half its width."""
    length, width, _ = situation.sizes.get(name, (4.5, 1.8, 1.5))
    ahead = situation.centers[name][0] if name in situation.centers else 0.5 * wheelbase_m
    return ahead + 0.5 * length, 0.5 * width


def lies_flat(name: str, situation: Situation) -> bool:
    """Whether a thing is so low that nobody brakes for it."""
    center = situation.centers.get(name)
    return center is not None and center[2] + 0.5 * situation.sizes[name][2] < _FLAT_M


def nearest_obstacle(
    name: str,
    state: ActorState,
    situation: Situation,
    track: Track,
    s: float,
    reach: tuple[float, float],
    look_m: float,
) -> Obstacle | None:
    """The first actor whose box reaches into the corridor that this one will sweep.

    ``reach``: this one's front end ahead of its root, and half its width.
    """
    front, half_width = reach
    found: Obstacle | None = None
    x, y, _ = state.position
    first, last = track.index(s), track.index(s + look_m + front) + 2
    ahead = track.points[first:last]
    for other, seen in situation.actors.items():
        # what it carries and tows is called name/...
        if other == name or other.startswith(f"{name}/") or not seen.exists or lies_flat(other, situation):
            continue
        size = situation.sizes.get(other, (1.0, 1.0, 1.0))
        if abs(seen.position[0] - x) > look_m + size[0] + 10.0 or abs(seen.position[1] - y) > look_m + size[0] + 10.0:
            continue
        obstacle = _in_corridor(seen, size, _center(other, seen, size, situation), track, ahead, first, half_width)
        if obstacle is None or obstacle[0] <= s + front - 0.5 * size[0]:
            continue
        gap = obstacle[0] - obstacle[1] - (s + front)
        if found is None or gap < found.gap_m:
            found = Obstacle(gap_m=gap, speed_m_s=obstacle[2])
    return found


def _center(name: str, state: ActorState, size: Vector3, situation: Situation) -> tuple[float, float]:
    """The middle of an actor's box; vehicles' root frames lie below the rear axle."""
    guess = 0.3 * size[0] if size[0] > 2.2 else 0.0
    ahead = situation.centers[name][0] if name in situation.centers else guess
    yaw = quaternion_yaw(state.quaternion)
    return state.position[0] + ahead * math.cos(yaw), state.position[1] + ahead * math.sin(yaw)


def _in_corridor(
    state: ActorState,
    size: Vector3,
    center: tuple[float, float],
    track: Track,
    ahead: np.ndarray[tuple[int, ...], np.dtype[np.float64]],
    first: int,
    half_width: float,
) -> tuple[float, float, float] | None:
    """Where on the track a box lies, half its length along it, and its speed along it; None if it is beside it."""
    gap = ahead - np.array(center)
    distance2 = (gap * gap).sum(-1)
    k = int(np.argmin(distance2))
    s, lateral = track.project(center[0], center[1], track.s[min(first + k, len(track.s) - 1)])
    turn = quaternion_yaw(state.quaternion) - track.bearing(s)[0]
    c, t = abs(math.cos(turn)), abs(math.sin(turn))
    along, across = 0.5 * (size[0] * c + size[1] * t), 0.5 * (size[0] * t + size[1] * c)
    if abs(lateral) > across + half_width + _SIDE_M:
        return None
    return s, along, state.speed_m_s * math.cos(turn)
