"""The forces between people: all walkers of a run at once, every tenth of a second.

The social force model: a will to go one's way at one's own pace (relaxation time 0.5 s), and repulsion from others that
looks ahead by their next step (Helbing, Molnar 1995, Phys. Rev. E 51, 4282: V0 = 2.1 m2/s2, sigma = 0.3 m, step 2 s,
half as strong from behind); bodies that nearly touch push apart (Helbing, Farkas, Vicsek 2000, Nature 407, 487:
A = 2000 N / 80 kg, B = 0.08 m); obstacles push with U0 = 10 m2/s2, R = 0.2 m.
"""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import Final

import numpy as np

from simgen.behaviours._board import SHORT_M, TICK_S
from simgen.behaviours._pose import quaternion_yaw
from simgen.records.actors import ActorState, Situation
from simgen.records.base import F8

RELAXATION_S: Final = 0.5
POTENTIAL_M2_S2: Final = 2.1
RANGE_M: Final = 0.3
STEP_S: Final = 2.0
SIGHT_COS: Final = math.cos(math.radians(100.0))
BEHIND: Final = 0.5
BODY_M_S2: Final = 25.0
BODY_RANGE_M: Final = 0.08
WALL_M2_S2: Final = 10.0
WALL_RANGE_M: Final = 0.2
#: nobody walks faster than this times the wished speed (Helbing and Molnar's 1.3)
FASTEST: Final = 1.3
#: most that legs can do, m/s2
STRONGEST_M_S2: Final = 6.0
_REACH_M: Final = 6.0
_KEY: Final = "crowd"


@dataclass(slots=True, eq=False)
class Walker:
    """One who walks: place, velocity, wish; and the acceleration that the crowd gives."""

    name: str
    radius: float
    x: float
    y: float
    vx: float = 0.0
    vy: float = 0.0
    ax: float = 0.0
    ay: float = 0.0
    #: wished velocity
    wx: float = 0.0
    wy: float = 0.0
    pace: float = 1.34
    exists: bool = True


class Crowd:
    """All walkers of a run."""

    def __init__(self) -> None:
        self.walkers: dict[str, Walker] = {}
        self._tick = -1

    def push(self, situation: Situation) -> None:
        """Give every walker its acceleration until the next tick, once a tick."""
        tick = math.floor(situation.time_s / TICK_S + 1e-6)
        if tick == self._tick:
            return
        self._tick = tick
        walkers = [w for w in self.walkers.values() if w.exists]
        if not walkers:
            return
        place, velocity = _pairs(walkers, "x", "y"), _pairs(walkers, "vx", "vy")
        wish = _pairs(walkers, "wx", "wy")
        others = self._others(situation)
        all_places = np.concatenate([place, others[0]])
        all_speeds = np.concatenate([velocity, others[1]])
        radius = np.array([w.radius for w in walkers])
        radii = np.concatenate([radius, others[2]])
        force = (wish - velocity) / RELAXATION_S
        force += _repulsion(place, wish, radius, all_places, all_speeds, radii)
        force += _walls(place, radius, situation, self.walkers)
        self._apply(walkers, velocity, force)

    def _apply(self, walkers: list[Walker], velocity: F8, force: F8) -> None:
        strength = np.sqrt((force * force).sum(-1))
        force *= np.minimum(1.0, STRONGEST_M_S2 / np.maximum(strength, 1e-9))[:, None]
        after = velocity + force * TICK_S
        speed = np.sqrt((after * after).sum(-1))
        most = FASTEST * np.array([w.pace for w in walkers])
        after *= np.minimum(1.0, most / np.maximum(speed, 1e-9))[:, None]
        for walker, (ax, ay) in zip(walkers, ((after - velocity) / TICK_S).tolist(), strict=True):
            walker.ax, walker.ay = ax, ay

    def _others(self, situation: Situation) -> tuple[F8, F8, F8]:
        """People who walk by other rules."""
        found: list[tuple[float, float, float, float, float]] = []
        for name, state in situation.actors.items():
            if name in self.walkers or not state.exists or not _is_person(name, situation):
                continue
            yaw, v = quaternion_yaw(state.quaternion), state.speed_m_s
            found.append((*state.position[:2], v * math.cos(yaw), v * math.sin(yaw), 0.3))
        table = np.array(found).reshape(-1, 5)
        return table[:, :2], table[:, 2:4], table[:, 4]


def crowd_of(situation: Situation) -> Crowd:
    """The run's crowd; made when first asked for."""
    crowd = situation.shared.get(_KEY)
    if crowd is None:
        crowd = situation.shared[_KEY] = Crowd()
    assert isinstance(crowd, Crowd)
    return crowd


def _pairs(walkers: list[Walker], first: str, second: str) -> F8:
    return np.array([(getattr(w, first), getattr(w, second)) for w in walkers]).reshape(-1, 2)


def _is_person(name: str, situation: Situation) -> bool:
    size = situation.sizes.get(name, (1.0, 1.0, 1.0))
    return size[0] < SHORT_M and size[1] < SHORT_M and size[2] > 0.6


def _repulsion(place: F8, wish: F8, radius: F8, others: F8, velocity: F8, radii: F8) -> F8:
    """(N, 2): the sum over all others near, each an ellipse that reaches where its next step will take it."""
    away = place[:, None] - others[None]
    distance = np.sqrt((away * away).sum(-1))
    near = (distance < _REACH_M) & (distance > 1e-6)
    i, j = np.nonzero(near)
    if not len(i):
        return np.zeros_like(place)
    r, d = away[i, j], distance[i, j]
    step = velocity[j] * STEP_S
    beyond = r - step
    e = np.maximum(np.sqrt((beyond * beyond).sum(-1)), 1e-6)
    b = 0.5 * np.sqrt(np.maximum((d + e) ** 2 - (step * step).sum(-1), 1e-6))
    size = POTENTIAL_M2_S2 / RANGE_M * np.exp(-b / RANGE_M) * (d + e) / (4.0 * b)
    push = size[:, None] * (r / d[:, None] + beyond / e[:, None])
    # what is outside the field of view counts half
    length = np.sqrt((wish[i] * wish[i]).sum(-1)) * np.sqrt((push * push).sum(-1))
    seen = -(wish[i] * push).sum(-1) >= SIGHT_COS * length
    push *= np.where(seen, 1.0, BEHIND)[:, None]
    body = BODY_M_S2 * np.exp(np.minimum((radius[i] + radii[j] - d) / BODY_RANGE_M, 2.0))
    push += body[:, None] * r / d[:, None]
    total = np.zeros_like(place)
    np.add.at(total, i, push)
    return total


def _walls(place: F8, radius: F8, situation: Situation, walkers: dict[str, Walker]) -> F8:
    """(N, 2): away from parked and waiting vehicles and from whatever else stands about."""
    boxes = [
        _box(name, state, situation)
        for name, state in situation.actors.items()
        if state.exists and name not in walkers and state.speed_m_s < 1.0 and not _is_person(name, situation)
    ]
    if not boxes:
        return np.zeros_like(place)
    x, y, c, s, half_x, half_y = np.array(boxes).T
    dx, dy = place[:, :1] - x, place[:, 1:] - y
    u, w = c * dx + s * dy, c * dy - s * dx
    pu, pw = u - np.clip(u, -half_x, half_x), w - np.clip(w, -half_y, half_y)
    d = np.sqrt(pu * pu + pw * pw)
    inside = d < 1e-6
    # from inside the way out is across
    pw = np.where(inside, np.sign(w) + (w == 0.0), pw)
    d = np.where(inside, 1.0, d)
    size = WALL_M2_S2 / WALL_RANGE_M * np.exp(-(np.where(inside, 0.0, d) - radius[:, None] + 0.35) / WALL_RANGE_M)
    size = np.where(d < 3.0, size, 0.0) / d
    fu, fw = size * pu, size * pw
    return np.stack([(c * fu - s * fw).sum(-1), (s * fu + c * fw).sum(-1)], -1)


def _box(name: str, state: ActorState, situation: Situation) -> tuple[float, float, float, float, float, float]:
    size = situation.sizes.get(name, (1.0, 1.0, 1.0))
    center = situation.centers.get(name, (0.0, 0.0, 0.0))
    yaw = quaternion_yaw(state.quaternion)
    c, s = math.cos(yaw), math.sin(yaw)
    x = state.position[0] + c * center[0] - s * center[1]
    y = state.position[1] + s * center[0] + c * center[1]
    return x, y, c, s, 0.5 * size[0], 0.5 * size[1]
