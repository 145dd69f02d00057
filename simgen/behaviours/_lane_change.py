"""Whether to change lanes (MOBIL), and who would be before and behind over there."""

from __future__ import annotations

import math
from typing import Final

from simgen.behaviours._board import Agent, Board, Entry
from simgen.behaviours._idm import Temper, changes_lane, following_acceleration
from simgen.behaviours._network import Street

#: no change of lane slower than this
SLOWEST_M_S: Final = 3.0
#: nor on the last metres before a stop line, m + s of driving
_BEFORE_LINE_M: Final = 20.0
_BEFORE_LINE_S: Final = 4.0
_LEAST_GAP_M: Final = 1.5
_OTHERS: Final = Temper()
#: gaps that are enough to leave a lane that ends: at rest, and per speed, and braking for those who are faster
_FIT_M: Final = 2.0
_FIT_S: Final = 0.3
_FIT_M_S2: Final = 3.0


def must_leave(street: Street) -> bool:
    """Whether a lane ends beside one that goes on."""
    return not street.nexts and any(n is not None and n.nexts for n in (street.left, street.right))


def wanted_side(agent: Agent, board: Board, x: float, y: float, here: float) -> tuple[Street, float] | None:
    """The neighbouring lane to change to, and the place on it; ``here``: the acceleration on this lane."""
    street = agent.street
    left = street.stop_m - agent.s
    ends = must_leave(street)
    if street.conflicts or agent.v < (0.5 if ends else SLOWEST_M_S):
        return None
    if not ends and left < _BEFORE_LINE_M + _BEFORE_LINE_S * agent.v:
        return None
    for neighbour, to_right in ((street.right, True), (street.left, False)):
        if neighbour is None or neighbour.lane.kind != street.lane.kind or (ends and not neighbour.nexts):
            continue
        s, _ = neighbour.track.project(x, y, agent.s * neighbour.length / street.length)
        if not 0.0 < s < neighbour.length:
            continue
        if ends:
            if _fits(agent, board, neighbour, s):
                return neighbour, s
        elif _worth_it(agent, board, neighbour, s, here, to_right=to_right):
            return neighbour, s
    return None


def _fits(agent: Agent, board: Board, street: Street, s: float) -> bool:
    """Whether there is just enough room for one who must get over."""
    front, behind = _around(agent, board, street, s)
    v = agent.v
    good = front is None or front[0] > _FIT_M + _FIT_S * v + max(v - front[1].v, 0.0) ** 2 / (2.0 * _FIT_M_S2)
    if behind is not None:
        closing = max(behind[1].v - v, 0.0)
        good = good and behind[0] > _FIT_M + _FIT_S * behind[1].v + closing**2 / (2.0 * _FIT_M_S2)
    return good


def _worth_it(agent: Agent, board: Board, street: Street, s: float, here: float, *, to_right: bool) -> bool:
    front, behind = _around(agent, board, street, s)
    gap_front = math.inf if front is None else front[0]
    gap_behind = math.inf if behind is None else behind[0]
    if min(gap_front, gap_behind) < _LEAST_GAP_M:
        return False
    there = _following(agent.v, agent.wished, gap_front, None if front is None else front[1].v, agent.temper)
    before = after = 0.0
    if behind is not None:
        entry = behind[1]
        temper = entry.agent.temper if entry.agent is not None else _OTHERS
        wished = entry.agent.wished if entry.agent is not None else entry.v + 1.0
        open_gap = gap_front + agent.length + gap_behind
        before = _following(entry.v, wished, open_gap, None if front is None else front[1].v, temper)
        after = _following(entry.v, wished, gap_behind, agent.v, temper)
    relief = _relief(agent, board)
    return changes_lane(here, there, (before, after), relief, temper=agent.temper, to_right=to_right)


def _following(v: float, wished: float, gap: float, ahead: float | None, temper: Temper) -> float:
    return following_acceleration(v, max(wished, 0.5), min(gap, 1e4), v if ahead is None else ahead, temper)


def _relief(agent: Agent, board: Board) -> tuple[float, float]:
    """Acceleration of the one behind on this lane, before and after this one has gone."""
    mine, front, behind = agent.s, math.inf, -math.inf
    follower: Entry | None = None
    speed = 0.0
    for entry in board.entries[agent.street.row]:
        if entry.agent is agent:
            continue
        if entry.rear > mine and entry.rear < front:
            front, speed = entry.rear, entry.v
        if entry.front < mine and entry.front > behind:
            behind, follower = entry.front, entry
    if follower is None or follower.agent is None:
        return 0.0, 0.0
    temper, wished, v = follower.agent.temper, follower.agent.wished, follower.v
    now = _following(v, wished, mine - agent.rear - behind, agent.v, temper)
    then = _following(v, wished, front - behind, None if math.isinf(front) else speed, temper)
    return now, then


def _around(
    agent: Agent, board: Board, street: Street, s: float
) -> tuple[tuple[float, Entry] | None, tuple[float, Entry] | None]:
    """(gap, entry) of who would be in front and who would be behind on another lane."""
    front, rear = s + agent.front, s - agent.rear
    ahead: tuple[float, Entry] | None = None
    behind: tuple[float, Entry] | None = None
    places = [(0.0, street), *((street.length, n) for n in street.nexts), *((-b.length, b) for b in street.befores)]
    for x0, piece in places:
        for entry in board.entries[piece.row]:
            if entry.agent is agent or entry.low > 1.5 or entry.high < -1.5:
                continue
            if x0 + 0.5 * (entry.rear + entry.front) > s + 0.5 * (agent.front - agent.rear):
                gap = x0 + entry.rear - front
                ahead = (gap, entry) if ahead is None or gap < ahead[0] else ahead
            else:
                gap = rear - x0 - entry.front
                behind = (gap, entry) if behind is None or gap < behind[0] else behind
    return ahead, behind
