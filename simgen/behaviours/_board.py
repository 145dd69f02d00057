"""What the drivers of one run know of each other: who is where on which lane, who was let into a junction, who walks.

One :class:`Board` a run, kept in ``Situation.shared`` and renewed every tenth of a second by whoever drives first.
Everybody on it is as of the step before.
"""

from __future__ import annotations

import math
from bisect import insort
from collections.abc import Iterator
from dataclasses import dataclass, field
from operator import attrgetter
from typing import Final

import numpy as np

from simgen.behaviours._idm import Temper
from simgen.behaviours._network import Network, Street, network_of
from simgen.behaviours._pose import quaternion_yaw
from simgen.behaviours._traffic import lies_flat
from simgen.records.actors import ActorState, Situation

#: how often drivers and walkers decide, s
TICK_S: Final = 0.1
#: what is shorter than this is a person or a thing, not a vehicle
SHORT_M: Final = 1.4
#: higher than this it hangs over the road
_OVERHEAD_M: Final = 2.6
#: free space kept beside parked vehicles, beside moving ones, and beside people and cycles
BESIDE_STILL_M: Final = 0.1
BESIDE_CAR_M: Final = 0.25
BESIDE_PERSON_M: Final = 0.8
_KEY: Final = "traffic"


@dataclass(slots=True)
class Entry:
    """A body on a lane: from where to where along it, how fast along it, and its reach to the left of the middle."""

    rear: float
    front: float
    v: float
    low: float
    high: float
    beside: float
    name: str
    agent: Agent | None = None


@dataclass(slots=True, eq=False)
class Agent:
    """A driver's place on its route. ``x`` is the way of its rear axle; a street of the route begins at its ``x0``."""

    name: str
    temper: Temper
    wished: float
    front: float
    rear: float
    half_width: float
    route: list[tuple[Street, float]]
    #: where in ``route`` its rear axle is
    here: int = 0
    x: float = 0.0
    v: float = 0.0
    a: float = 0.0
    lateral: float = 0.0
    #: where across the lane it wants to be
    aim: float = 0.0
    exists: bool = True
    #: the lane that it is leaving, with the way at which that begins
    leaving: tuple[Street, float] | None = None
    #: streets of junctions that it was let into, in which order of all
    claims: dict[int, int] = field(default_factory=dict)
    #: standing at a line since, s; and whether only because there is no room behind the junction
    waits_since: float | None = None
    #: the street (row) whose light was about to turn, or just had, as it was let in, and until when it may go on
    goes_late: tuple[int, float] = (-1, -math.inf)
    blocked: bool = False

    @property
    def length(self) -> float:
        """Bumper to bumper, m."""
        return self.front + self.rear

    @property
    def sweep(self) -> tuple[float, float]:
        """What it covers across its lane, now and until it is where it wants to be."""
        return min(self.lateral, self.aim) - self.half_width, max(self.lateral, self.aim) + self.half_width

    @property
    def street(self) -> Street:
        """The lane below its rear axle."""
        return self.route[self.here][0]

    @property
    def s(self) -> float:
        """How far along that lane."""
        return self.x - self.route[self.here][1]


@dataclass(slots=True)
class Coming:
    """Somebody on the way to a street of a junction: how far its front is from it, how fast, and who it is."""

    distance: float
    v: float
    length: float
    approach: Street
    agent: Agent | None


class Board:
    """The notes themselves."""

    def __init__(self, situation: Situation) -> None:
        self.network: Network = network_of(situation.map)
        self.agents: dict[str, Agent] = {}
        #: who was let onto a street of a junction, by row, in order
        self.claims: dict[int, list[Agent]] = {}
        self.time_s = situation.time_s
        self._order = 0
        self._tick, self._known = -1, 0
        self._still: dict[str, tuple[ActorState, list[tuple[int, Entry]]]] = {}
        self._riders = frozenset(name for name in situation.actors if _carrier(name) in situation.actors)
        self.entries: list[list[Entry]] = []
        self.coming: dict[int, list[Coming]] = {}
        self.signals: dict[str, str] = {}
        #: since when each has shown what it shows, as far as it was seen, s
        self.shown_since: dict[str, float] = {}
        #: who is on a crosswalk or about to step on it: (place along it, speed along it, waits) by walking lane
        self.on_walk: list[list[tuple[float, float, bool]]] = []
        #: names of walkers who wait for a gap at a kerb
        self.wants: set[str] = set()

    def refresh(self, situation: Situation) -> bool:
        """Read everything anew if a tick has passed, or others have come; whether it did."""
        tick = math.floor(situation.time_s / TICK_S + 1e-6)
        if tick == self._tick and len(self.agents) == self._known:
            return False
        self._tick, self._known, self.time_s = tick, len(self.agents), situation.time_s
        shown: dict[str, str] = {s.name: s.obeyed(situation.time_s) for s in situation.map.signals}
        turned = {name: situation.time_s for name, state in shown.items() if self.signals.get(name) != state}
        self.signals, self.shown_since = shown, self.shown_since | turned
        self.entries = [[] for _ in self.network.streets]
        self.coming = {}
        for agent in self.agents.values():
            if agent.exists:
                self.enter(agent)
        people: list[tuple[str, ActorState]] = []
        for name, state in situation.actors.items():
            if name in self.agents or not state.exists or name in self._riders or lies_flat(name, situation):
                continue
            size = situation.sizes.get(name, (1.0, 1.0, 1.0))
            if size[0] < SHORT_M and size[1] < SHORT_M:
                people.append((name, state))
            self._enter_other(name, state, situation)
        for row in self.entries:
            row.sort(key=attrgetter("rear"))
        self._see_people(people)
        return True

    # ------------------------------------------------------------------------------------------------ bodies on lanes

    def enter(self, agent: Agent) -> None:
        """An agent on every street that it covers or leaves, and in the lists of those it comes to."""
        low, high = agent.sweep
        rear, front = agent.x - agent.rear, agent.x + agent.front
        beside = BESIDE_PERSON_M if agent.half_width < 0.6 else BESIDE_CAR_M
        reach = front + max(80.0, 10.0 * agent.v)
        for street, x0 in agent.route:
            if x0 > reach:
                break
            if x0 + street.length < rear:
                continue
            if x0 > front:
                if street.conflicts:
                    approach = agent.route[agent.here][0]
                    coming = Coming(x0 - front, agent.v, agent.length, approach, agent)
                    self.coming.setdefault(street.row, []).append(coming)
                continue
            entry = Entry(rear - x0, front - x0, agent.v, low, high, beside, agent.name, agent)
            self.entries[street.row].append(entry)
        if agent.leaving is not None:
            street, x0 = agent.leaving
            entry = Entry(rear - x0, front - x0, agent.v, -math.inf, math.inf, beside, agent.name, agent)
            self.entries[street.row].append(entry)

    def enter_anew(self, agent: Agent) -> None:
        """The same for one that has just come onto another lane, before the next tick."""
        self.enter(agent)
        for street, x0 in agent.route:
            if x0 > agent.x + agent.front:
                break
            self.entries[street.row].sort(key=attrgetter("rear"))

    def _enter_other(self, name: str, state: ActorState, situation: Situation) -> None:
        """Somebody who does not drive by these notes: a parked car, a person, the ego by another behaviour."""
        kept = self._still.get(name)
        if kept is None or kept[0] != state:
            kept = (state, list(self._projected(name, state, situation)))
            self._still[name] = kept
        for row, entry in kept[1]:
            self.entries[row].append(entry)
            if entry.v > 0.5 and entry.front - entry.rear > SHORT_M:
                self._foresee(row, entry)

    def _foresee(self, row: int, entry: Entry) -> None:
        """Another's way is not known: it may go anywhere from its lane."""
        street = self.network.streets[row]
        for following in street.nexts:
            distance = street.length - entry.front
            if following.conflicts and -entry.front < distance < max(60.0, 8.0 * entry.v):
                coming = Coming(max(distance, 0.0), entry.v, entry.front - entry.rear, street, None)
                self.coming.setdefault(following.row, []).append(coming)

    def _projected(self, name: str, state: ActorState, situation: Situation) -> Iterator[tuple[int, Entry]]:
        size = situation.sizes.get(name, (1.0, 1.0, 1.0))
        center = situation.centers.get(name, (0.3 * size[0] if size[0] > 2.2 else 0.0, 0.0, 0.5 * size[2]))
        yaw = quaternion_yaw(state.quaternion)
        c, s = math.cos(yaw), math.sin(yaw)
        x = state.position[0] + c * center[0] - s * center[1]
        y = state.position[1] + s * center[0] + c * center[1]
        low_z = state.position[2] + center[2] - 0.5 * size[2]
        reach = 0.5 * math.hypot(size[0], size[1])
        places = [(x, y)] if reach < 2.0 else [(x + d * c, y + d * s) for d in (-0.5 * size[0], 0.0, 0.5 * size[0])]
        rows = sorted({row for px, py in places for row in self.network.near(px, py)})
        person = size[0] < SHORT_M and size[1] < SHORT_M
        for row in rows:
            track = self.network.streets[row].track
            gap = track.points - (x, y)
            k = int(np.argmin((gap * gap).sum(-1)))
            at, lateral = track.project(x, y, track.s[k])
            turn = yaw - track.bearing(at)[0]
            ct, st = abs(math.cos(turn)), abs(math.sin(turn))
            along, across = 0.5 * (size[0] * ct + size[1] * st), 0.5 * (size[0] * st + size[1] * ct)
            aside = abs(lateral) - across
            off = at < -along or at > track.length + along
            if aside > 2.5 or off or low_z - track.at(at)[2] > _OVERHEAD_M:
                continue
            beside = BESIDE_PERSON_M if size[1] < 1.0 and not person else BESIDE_CAR_M
            v = state.speed_m_s * math.cos(turn)
            yield row, Entry(at - along, at + along, v, lateral - across, lateral + across, beside, name)

    # ------------------------------------------------------------------------------------------------ people

    def _see_people(self, people: list[tuple[str, ActorState]]) -> None:
        """Who is on which crosswalk, or at its kerb and about to cross."""
        walks = self.network.walks
        self.on_walk = [[] for _ in walks]
        if not walks or not people:
            return
        place = np.array([(s.position[0], s.position[1]) for _, s in people])
        yaw = np.array([quaternion_yaw(s.quaternion) for _, s in people])
        speed = np.array([s.speed_m_s for _, s in people])
        for row, walk in enumerate(walks):
            start, end = walk.centerline[0, :2], walk.centerline[-1, :2]
            along = end - start
            length = float(np.sqrt((along * along).sum()))
            unit = along / max(length, 1e-9)
            rel = place - start
            u, w = rel[:, 0] * unit[0] + rel[:, 1] * unit[1], rel[:, 1] * unit[0] - rel[:, 0] * unit[1]
            pace = speed * (np.cos(yaw) * unit[0] + np.sin(yaw) * unit[1])
            near = np.flatnonzero((np.abs(w) < walk.width_m + 0.3) & (u > -2.0) & (u < length + 2.0))
            for k in near.tolist():
                self._note(row, float(u[k]), float(pace[k]), length, people[k][0])

    def _note(self, row: int, u: float, pace: float, length: float, name: str) -> None:
        waits = name in self.wants
        inside = -0.3 < u < length + 0.3
        enters = (u <= -0.3 and pace > 0.3) or (u >= length + 0.3 and pace < -0.3)
        if waits:
            # it will step off towards the other side
            insort(self.on_walk[row], (u, 1.2 if u < 0.5 * length else -1.2, True))
        elif inside or enters:
            insort(self.on_walk[row], (u, pace, False))

    # ------------------------------------------------------------------------------------------------ claims

    def grant(self, agent: Agent, streets: list[Street]) -> None:
        """Let an agent onto the streets of a junction."""
        self._order += 1
        for street in streets:
            if street.row not in agent.claims:
                agent.claims[street.row] = self._order
                self.claims.setdefault(street.row, []).append(agent)

    def release(self, agent: Agent, row: int) -> None:
        """An agent has left a street."""
        if agent.claims.pop(row, None) is not None:
            self.claims[row].remove(agent)

    def release_all(self, agent: Agent) -> None:
        """An agent has gone."""
        for row in list(agent.claims):
            self.release(agent, row)


def board_of(situation: Situation) -> Board:
    """The run's board; made when first asked for."""
    board = situation.shared.get(_KEY)
    if board is None:
        board = situation.shared[_KEY] = Board(situation)
    assert isinstance(board, Board)
    return board


def _carrier(name: str) -> str:
    """What a rider of this name would ride on."""
    return name.rpartition("/")[0]
