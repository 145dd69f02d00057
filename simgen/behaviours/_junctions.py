"""Who may enter a junction, and where one must stop inside it.

Everybody asks for leave before driving onto lanes that others cross. It is given in turn, to the first at each line,
if nobody who was let in before is in the way, nobody with the right of way comes too soon (gap acceptance), and there
is room behind the junction. Whoever was let in earlier goes first at every crossing of paths, so there are no circles
of drivers that wait for each other.
"""

from __future__ import annotations

import math
from collections.abc import Iterator
from typing import Final

from simgen.behaviours._board import Agent, Board, Coming
from simgen.behaviours._network import Conflict, Street

#: time left between two who cross, at the least, s
CLEARANCE_S: Final = 1.0
#: stops this far before the path of somebody who goes first, m
_SHORT_OF_M: Final = 1.0
#: room that is kept free behind a junction, m
_ROOM_M: Final = 2.0
#: who has waited this long no longer lets those go first who stand at their lines, s
_PATIENCE_S: Final = 2.0
_STANDS_M_S: Final = 0.5
_RED: Final = frozenset(("red", "red_yellow"))


def time_for(distance: float, v: float, acceleration: float, top: float) -> float:
    """How long a distance takes that begins at ``v`` and speeds up to ``top``, s."""
    if distance <= 0.0:
        return 0.0
    top = max(top, v, 0.5)
    reach = (top * top - v * v) / (2.0 * acceleration)
    if distance <= reach:
        return (math.sqrt(v * v + 2.0 * acceleration * distance) - v) / acceleration
    return (top - v) / acceleration + (distance - reach) / top


def may_enter(agent: Agent, board: Board, group: list[tuple[Street, float]], after: Street | None) -> bool:
    """Whether an agent may drive onto streets of a junction now; ``after``: where it leaves the junction to."""
    agent.blocked = not _has_room(agent, board, group, after)
    if agent.blocked:
        return False
    return all(
        _yields_nothing(agent, board, street, x0, conflict)
        for street, x0 in group
        for conflict in street.conflicts
        if conflict.kind != "fork"
    )


def _has_room(agent: Agent, board: Board, group: list[tuple[Street, float]], after: Street | None) -> bool:
    """Nobody stops in a junction: behind it there must be room, also for those who were let in before."""
    if after is None:
        return True
    rows = {street.row for street, _ in group}
    queue = [e for e in board.entries[after.row] if e.agent is not agent and e.low < 1.0 and e.high > -1.0]
    last = min(queue, key=lambda e: e.rear, default=None)
    free = math.inf if last is None else last.rear + 1.5 * max(last.v - 1.0, 0.0)
    for row in rows | {c.other.row for street, _ in group for c in street.conflicts if c.kind == "merge"}:
        for other in board.claims.get(row, ()):
            going = any(s is after and x0 > other.x + other.front for s, x0 in other.route)
            if other is not agent and going:
                free -= other.length + _ROOM_M
    return free >= agent.length + _ROOM_M


def _yields_nothing(agent: Agent, board: Board, street: Street, x0: float, conflict: Conflict) -> bool:
    start = x0 + conflict.start_m - (agent.x + agent.front)
    end = x0 + conflict.end_m - (agent.x - agent.rear)
    top = min(agent.wished, math.sqrt(2.0 * street.bend_m[0]) if street.turn != "straight" else 60.0)
    arrives = time_for(start, agent.v, agent.temper.acceleration_m_s2, top)
    leaves = time_for(end, agent.v, agent.temper.acceleration_m_s2, max(top, 3.0))
    for other in board.claims.get(conflict.other.row, ()):
        if other is not agent and not _lets_pass(agent, other, conflict, arrives, x0 + street.length):
            return False
    if _others_in_the_way(board, conflict):
        return False
    first = conflict.other.row in street.yields_to
    for coming in board.coming.get(conflict.other.row, ()):
        if coming.agent is agent or (coming.agent is not None and conflict.other.row in coming.agent.claims):
            continue
        if (first or coming.agent is None) and _comes_too_soon(agent, board, coming, conflict, arrives, leaves):
            return False
    return True


def _place(agent: Agent, row: int) -> float | None:
    """The way at which a street of an agent's route begins."""
    return next((x0 for street, x0 in agent.route if street.row == row), None)


def _lets_pass(agent: Agent, other: Agent, conflict: Conflict, arrives: float, end_x: float) -> bool:
    """Whether one who was let in before is past the shared stretch, or will be in time."""
    x0 = _place(other, conflict.other.row)
    if x0 is None:
        return True
    left = x0 + conflict.other_end_m - (other.x - other.rear)
    if left <= 0.0:
        return True
    if conflict.kind == "merge":
        # it is followed, if it is ahead on the way to where both go
        mine = end_x - (agent.x + agent.front)
        return x0 + conflict.other.length - (other.x - other.rear) < mine - 1.0
    if other.v < 1.0:
        return False
    return time_for(left, other.v, 0.5, max(other.v, 4.0)) + CLEARANCE_S < arrives


def _others_in_the_way(board: Board, conflict: Conflict) -> bool:
    """Those who drive by other rules are waited for where they are on the shared stretch or on the way to it."""
    for entry in board.entries[conflict.other.row]:
        there = entry.agent is None and entry.low < 1.0 and entry.high > -1.0 and entry.rear < conflict.other_end_m
        if there and (entry.front > conflict.other_start_m or entry.v > _STANDS_M_S):
            return True
    return False


def _comes_too_soon(
    agent: Agent, board: Board, coming: Coming, conflict: Conflict, arrives: float, leaves: float
) -> bool:
    """Gap acceptance: whether one with the right of way would be there before this one is gone."""
    signal = coming.approach.lane.signal
    if signal and board.signals.get(signal, "off") in _RED:
        return False
    other = coming.agent
    waited = 0.0 if agent.waits_since is None else board.time_s - agent.waits_since
    if other is not None and coming.v < _STANDS_M_S:
        if other.blocked or other.waits_since is None:
            return False
        longer = (other.waits_since, other.name) < (agent.waits_since or math.inf, agent.name)
        if waited > _PATIENCE_S and not longer:
            return False
    top = coming.v + 2.0 if other is None else other.wished
    soonest = time_for(coming.distance + conflict.other_start_m, coming.v, 1.5, top)
    latest = (coming.distance + conflict.other_end_m + coming.length) / max(coming.v, 1.0)
    if coming.v > 1.0 and latest + CLEARANCE_S < arrives:
        return False
    # who waits long takes smaller gaps (Pollatschek, Polus, Livneh 2002, Transp. Res. B 36, 649)
    margin = agent.temper.headway_s * max(1.0 - waited / 40.0, 0.4)
    return soonest < leaves + margin


def stops_inside(agent: Agent, board: Board) -> Iterator[tuple[float, float]]:
    """(gap, speed) of those who were let in before and whose paths are still ahead."""
    front = agent.x + agent.front
    for street, x0 in agent.route:
        order = agent.claims.get(street.row)
        if order is None:
            continue
        for conflict in street.conflicts:
            if x0 + conflict.end_m < agent.x - agent.rear:
                continue
            for other in board.claims.get(conflict.other.row, ()):
                if other is agent:
                    continue
                found = _stop_for(agent, other, street, x0, conflict, other.claims[conflict.other.row] < order)
                if found is not None:
                    yield found
            if conflict.kind == "fork":
                for entry in board.entries[conflict.other.row]:
                    if entry.agent is None and front - x0 < entry.front and entry.rear < conflict.other_end_m:
                        yield entry.rear - (front - x0), entry.v


def _stop_for(
    agent: Agent, other: Agent, street: Street, x0: float, conflict: Conflict, earlier: bool
) -> tuple[float, float] | None:
    theirs = _place(other, conflict.other.row)
    if theirs is None:
        return None
    rear, front = other.x - other.rear - theirs, agent.x + agent.front - x0
    if rear > conflict.other_end_m:
        return None
    if conflict.kind == "fork":
        ahead = other.x + other.front - theirs > front
        return (rear - front, other.v) if ahead and rear < conflict.other_end_m else None
    if not earlier:
        return None
    if conflict.kind == "merge":
        gap = (street.length - front) - (conflict.other.length - rear)
        if gap > 0.0:
            return gap, other.v
    if front > conflict.start_m + 0.5:
        return None
    return max(conflict.start_m - _SHORT_OF_M - front, 0.0) + agent.temper.standstill_m, 0.0
