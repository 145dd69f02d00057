"""What a driver does about what lies ahead: the one in front, lights, junctions, crosswalks, bends."""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import Final

from simgen.behaviours._board import BESIDE_CAR_M, BESIDE_STILL_M, SHORT_M, Agent, Board, Entry
from simgen.behaviours._idm import (
    HARDEST_M_S2,
    closing_term,
    following_acceleration,
    free_acceleration,
    stopping_acceleration,
)
from simgen.behaviours._junctions import may_enter, stops_inside, time_for
from simgen.behaviours._network import Street, Zebra

#: braking that is still comfortable when a light turns yellow (dilemma zone; ITE's clearance formula uses 3.05 m/s2)
YELLOW_M_S2: Final = 3.0
#: stops this far before lines
SHORT_OF_M: Final = 0.4
#: who stands, has waited so long and sees red for less than this may still turn, s
_STANDS_M_S, _WAITED_S, _SLIPS_S = 0.3, 15.0, 3.0
#: who was let in like that goes on for as long, s
_GOES_S: Final = 5.0
#: how long it takes to come to the speed that a bend allows
_BEND_S: Final = 0.3
_BEND_SLOWING: Final = 0.7
_LIMIT_SLOWING_M_S2: Final = 1.2
#: a person who waits at a zebra is let go if this braking is enough
_LETS_GO_M_S2: Final = 2.5
_BESIDE_WALKER_M: Final = 1.0


@dataclass(frozen=True, kw_only=True)
class Ahead:
    """The nearest body on the route."""

    gap: float
    v: float
    entry: Entry


@dataclass(frozen=True, kw_only=True)
class Manners:
    """What a driver keeps to."""

    heeds_signals: bool
    lateral_acceleration_m_s2: float
    limit_share: float
    top_m_s: float


def look_distance(v: float) -> float:
    """How far ahead a driver looks."""
    return max(80.0, v * v / 3.0 + 6.0 * v + 30.0)


def nearest_ahead(agent: Agent, board: Board, look: float) -> Ahead | None:
    """The first body on the route that reaches into what this one sweeps."""
    front, middle = agent.x + agent.front, agent.x + 0.5 * (agent.front - agent.rear)
    best: Ahead | None = None
    route = agent.route[agent.here :]
    if agent.leaving is not None:
        route = [agent.leaving, *route]
    for street, x0 in route:
        if x0 > front + look:
            break
        low, high = agent.sweep
        for entry in board.entries[street.row]:
            if entry.agent is agent or x0 + 0.5 * (entry.rear + entry.front) <= middle:
                continue
            gap = x0 + entry.rear - front
            if gap > look or (best is not None and gap >= best.gap):
                break
            stands = entry.agent is None and abs(entry.v) < 0.1 and entry.front - entry.rear > SHORT_M
            beside = BESIDE_STILL_M if stands else max(entry.beside, BESIDE_CAR_M)
            if entry.high > low - beside and entry.low < high + beside:
                best = Ahead(gap=gap, v=entry.v, entry=entry)
                break
    return best


def allowed_speed(agent: Agent, manners: Manners) -> float:
    """What bends and limits, here and ahead, let it drive."""
    v, grip = agent.v, manners.lateral_acceleration_m_s2
    street, s = agent.street, agent.s + _BEND_S * agent.v
    best = grip * street.bend_m[street.track.index(min(s, street.length))]
    for following, x0 in agent.route[agent.here + 1 :]:
        d = max(x0 - agent.x - _BEND_S * v, 0.0)
        if d > 60.0 and d > v * v / 2.0:
            break
        limit = following.lane.speed_limit_m_s * manners.limit_share
        best = min(best, grip * following.bend_m[0] + 2.0 * _BEND_SLOWING * grip * d)
        best = min(best, limit * limit + 2.0 * _LIMIT_SLOWING_M_S2 * d)
    return math.sqrt(best)


def acceleration(agent: Agent, board: Board, manners: Manners) -> float:
    """Everything together: the least of what each thing ahead asks for, m/s2."""
    v, temper = agent.v, agent.temper
    agent.wished = min(manners.top_m_s, agent.street.lane.speed_limit_m_s * manners.limit_share)
    free = free_acceleration(v, agent.wished, temper)
    found = [free, (allowed_speed(agent, manners) - v) / _BEND_S]
    ahead = nearest_ahead(agent, board, look_distance(v))
    if ahead is not None:
        found.append(free - closing_term(v, ahead.gap, ahead.v, temper))
    found += [free - closing_term(v, gap, speed, temper) for gap, speed in stops_inside(agent, board)]
    line = stop_line(agent, board, manners, ahead)
    if line is not None:
        found.append(stopping_acceleration(v, line - SHORT_OF_M, temper))
    walk = crosswalk_stop(agent, board)
    if walk is not None:
        found.append(stopping_acceleration(v, walk - SHORT_OF_M, temper))
    return max(min(found), -HARDEST_M_S2)


# ---------------------------------------------------------------------------------------------------- lines


def stop_line(agent: Agent, board: Board, manners: Manners, ahead: Ahead | None) -> float | None:
    """Free length to the next line that it must stop at, asking for leave into junctions on the way; None = go."""
    front = agent.x + agent.front
    look = look_distance(agent.v)
    for k in range(agent.here, len(agent.route)):
        street, x0 = agent.route[k]
        if x0 > front + look:
            break
        following = agent.route[k + 1] if k + 1 < len(agent.route) else None
        gap = x0 + street.stop_m - front
        if gap < -1.0:
            if following is not None and following[0].conflicts and following[0].row not in agent.claims:
                board.grant(agent, [s for s, _ in _group(agent, k + 1)])  # it began beyond its line
            continue
        shown = board.signals.get(street.lane.signal, "off") if manners.heeds_signals else "off"
        if _must_wait(agent, street, shown, gap) and not _goes_late(agent, board, street, shown):
            _give_back(agent, board, k + 1)
            return gap
        if following is None or not following[0].conflicts or following[0].row in agent.claims:
            continue
        if _asks(agent, board, k, gap, shown, ahead):
            continue
        return gap
    return None


def _must_wait(agent: Agent, street: Street, shown: str, gap: float) -> bool:
    """Whether the light says stop, and stopping is still possible."""
    needed = agent.v**2 / (2.0 * max(gap, 0.01))
    if shown in ("red", "red_yellow"):
        return needed <= HARDEST_M_S2 and (gap > 0.0 or agent.v < 2.0)
    if shown == "yellow":
        # who has waited in vain for a gap uses the yellow to get away
        return needed < YELLOW_M_S2 and agent.waits_since is None and gap > 0.0
    return False


def _goes_late(agent: Agent, board: Board, street: Street, shown: str) -> bool:
    """Whether one who waited for a gap through the whole green leaves as the red begins, before the others start.

    Without these "sneakers" (Highway Capacity Manual: up to two a cycle) a turn across a full road never comes about.
    """
    row, until_s = agent.goes_late
    if row == street.row and board.time_s < until_s:
        return True
    if shown != "red" or agent.waits_since is None or agent.v > _STANDS_M_S:
        return False
    long = board.time_s - agent.waits_since > _WAITED_S
    return long and board.time_s - board.shown_since.get(street.lane.signal, -math.inf) < _SLIPS_S


def _give_back(agent: Agent, board: Board, k: int) -> None:
    for street, x0 in agent.route[k:]:
        if x0 > agent.x + agent.front - 1.0:
            board.release(agent, street.row)


def _group(agent: Agent, k: int) -> list[tuple[Street, float]]:
    """The streets of a junction that follow each other on the route, from one on."""
    found: list[tuple[Street, float]] = []
    for street, x0 in agent.route[k:]:
        if not street.conflicts or (found and street.lane.junction != found[0][0].lane.junction):
            break
        found.append((street, x0))
    return found


def _asks(agent: Agent, board: Board, k: int, gap: float, shown: str, ahead: Ahead | None) -> bool:
    """Ask for leave; whether it is given."""
    street, temper = agent.route[k][0], agent.temper
    near = gap < agent.v**2 / (2.0 * temper.deceleration_m_s2) + 2.0 * agent.v + 6.0
    before = ahead is not None and ahead.gap < gap and (ahead.entry.agent is None or not ahead.entry.agent.claims)
    if not near or before:
        return False
    stands = agent.v < _STANDS_M_S and gap < 3.0
    if stands and agent.waits_since is None:
        agent.waits_since = board.time_s
    if street.lane.must_stop and shown == "off" and agent.waits_since is None:
        return False
    group = _group(agent, k + 1)
    after = agent.route[k + 1 + len(group)][0] if k + 1 + len(group) < len(agent.route) else None
    if not may_enter(agent, board, group, after):
        return False
    board.grant(agent, [s for s, _ in group])
    if shown in ("yellow", "red"):
        agent.goes_late = street.row, board.time_s + _GOES_S
    agent.waits_since = None
    return True


# ---------------------------------------------------------------------------------------------------- crosswalks


def crosswalk_stop(agent: Agent, board: Board) -> float | None:
    """Free length to the nearest crosswalk that somebody needs."""
    front = agent.x + agent.front
    look = agent.v**2 / 3.0 + 12.0
    for street, x0 in agent.route[agent.here :]:
        if x0 > front + look:
            break
        for zebra in street.zebras:
            gap = x0 + zebra.start_m - 0.6 - front
            if -0.6 < gap < look and _needed(agent, board, zebra, gap):
                return gap
    return None


def _needed(agent: Agent, board: Board, zebra: Zebra, gap: float) -> bool:
    """Whether somebody is on the way over, and not past it, before this one would be gone."""
    width = zebra.end_m - zebra.start_m
    clears = time_for(gap + width + agent.length + 1.0, agent.v, agent.temper.acceleration_m_s2, max(agent.v, 4.0))
    needed = agent.v**2 / (2.0 * max(gap, 0.1))
    reach = agent.half_width + _BESIDE_WALKER_M
    for row, middle in zebra.paths:
        for u, pace, waits in board.on_walk[row]:
            away = abs(u - middle)
            if waits:
                if needed < _LETS_GO_M_S2 and gap > 0.2:
                    return True
            elif away < reach:
                return True
            comes = pace * (middle - u) > 0.2 * away
            if comes and (away - reach) / abs(pace) < clears + 1.0:
                return True
    return False


__all__ = [
    "Ahead",
    "Manners",
    "acceleration",
    "allowed_speed",
    "crosswalk_stop",
    "following_acceleration",
    "look_distance",
    "nearest_ahead",
    "stop_line",
]
