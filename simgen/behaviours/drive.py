"""Drive as traffic does: with the others, over junctions, where the seed or a route leads."""

from __future__ import annotations

import math
from dataclasses import dataclass, replace
from itertools import pairwise
from typing import Final, Literal

from simgen.behaviours._board import TICK_S, Agent, Board, board_of
from simgen.behaviours._decide import Manners, acceleration, look_distance, nearest_ahead
from simgen.behaviours._idm import Temper, quintic, stopping_acceleration
from simgen.behaviours._lane_change import must_leave, wanted_side
from simgen.behaviours._network import Network, Street, network_of
from simgen.behaviours._pose import quaternion_yaw, yaw_quaternion
from simgen.behaviours.base import Behaviour
from simgen.errors import UserError
from simgen.placement.route import find_lane, nearest_lane
from simgen.polyline import Polyline
from simgen.records.actors import ActorState, Driver, Situation
from simgen.records.roads import RoadMap
from simgen.registry import param, register
from simgen.rng import Stream, stream

#: nobody finds onto a lane from farther away
_FARTHEST_M: Final = 20.0
#: how often changing lanes is thought about, and how long not after a change, s
_RETHINK_S: Final = 0.5
_SETTLES_S: Final = 4.0
#: long vehicles avoid turns tighter than this, where they have a choice
_LONG_WHEELBASE_M: Final = 4.5
_TIGHT_M: Final = 11.0
#: a change of lane takes at least this way
_LEAST_CHANGE_M: Final = 15.0
#: indicators are set this long before a turn, s, and at least this far, m
_INDICATES_S: Final = 3.0
_INDICATES_M: Final = 15.0
#: nobody starts so fast before a junction that it could not stop there with this braking
_FIRST_BRAKING_M_S2: Final = 2.5
#: boxes of cars reach as far as their mirrors, which pass over what is low and close
_MIRROR_M: Final = 0.15
_LONG_M: Final = 3.0
#: who drives in again waits this long at least, and wants this much free road, m
_AWAY_S: Final = 1.0
_ROOM_M: Final = 12.0


@register("behaviour", "drive")
@dataclass(frozen=True, kw_only=True)
class Drive(Behaviour):
    """Drive with the traffic: behind others (IDM), past them (MOBIL), over junctions by right of way and signals.

    Along the lane the intelligent driver model (Treiber, Hennecke, Helbing 2000, Phys. Rev. E 62, 1805):
    ``a0 (1 - (v/v0)^4 - (s*/s)^2)``; changes of lane by MOBIL (Kesting, Treiber, Helbing 2007, Transp. Res. Record
    1999, 86) along a quintic curve. Stops at red and, by the dilemma rule, at yellow; at stop signs; for people on
    crosswalks. Enters junctions when those with the right of way leave a gap and there is room behind. The rear axle
    follows the lane exactly. Where lanes fork it takes ``route``, or draws by ``turn_shares``. Units: m, s.
    """

    speed_m_s: float | None = param(None, gt=0.0, le=100.0, doc="never faster than this; default: the limits decide")
    limit_share: float = param(1.0, gt=0.0, le=2.0, doc="wished speed as a share of the lane's speed limit")
    start_speed_m_s: float | None = param(None, ge=0.0, doc="speed at the start; default: the wished speed")
    lane: str = param("", doc="lane to start on; empty = the nearest", reference="lane")
    route: tuple[str, ...] = param((), doc="lanes to pass through, in order; elsewhere it draws")
    turn_shares: tuple[float, float, float] = param((0.6, 0.2, 0.2), ge=0.0, doc="straight on, left, right at forks")
    lateral_m: float = param(0.0, doc="keeps this far to the left of the lane's centre; cycles: to the right, negative")
    headway_s: float = param(1.5, gt=0.0, doc="time gap to the one ahead (T)")
    standstill_m: float = param(2.0, gt=0.0, doc="gap at rest (s0)")
    acceleration_m_s2: float = param(1.4, gt=0.0, doc="acceleration from rest (a0)")
    deceleration_m_s2: float = param(2.0, gt=0.0, doc="comfortable braking (b)")
    lateral_acceleration_m_s2: float = param(2.2, gt=0.0, doc="most that is accepted in bends")
    changes_lanes: bool = param(True, doc="changes lanes where it gains by it")
    change_s: float = param(4.0, ge=1.0, le=15.0, doc="how long a change of lane takes")
    politeness: float = param(0.2, ge=0.0, le=1.0, doc="how much the others' loss counts (p)")
    safe_braking_m_s2: float = param(4.0, gt=0.0, doc="never makes others brake harder by a change (b_safe)")
    threshold_m_s2: float = param(0.1, ge=0.0, doc="gain below which it stays in its lane")
    keep_right_m_s2: float = param(0.2, doc="what the right-hand lane is worth; negative where one keeps left")
    heeds_signals: bool = param(True, doc="stops at red lights")
    at_end: Literal["vanish", "stop", "again"] = param(
        "vanish", doc="where the lanes end: vanish, stop, or drive in again where a lane begins"
    )

    def __post_init__(self) -> None:
        if sum(self.turn_shares) <= 0.0:
            raise UserError("drive: at least one of turn_shares must be more than 0")

    def start(self, name: str, state: ActorState, road_map: RoadMap, wheelbase_m: float, seed: int) -> Driver:
        """A driver on the lane that it stands on.

        Raises:
            UserError: the world has no such lane, no lanes at all, or none near.
        """
        x, y, _ = state.position
        if self.lane:
            found = find_lane(road_map, self.lane)
        else:
            near = network_of(road_map).lane_at(x, y, quaternion_yaw(state.quaternion))
            near = near or nearest_lane(road_map, x, y, quaternion_yaw(state.quaternion), ("driving", "bike"))
            if near is None:
                raise UserError(f"drive: this world has no lanes for {name!r} to drive on; use waypoints")
            found = near
        line = Polyline(found.centerline)
        away = math.dist((x, y), line.at(line.closest((x, y))[0])[:2].tolist())
        if away > _FARTHEST_M:
            raise UserError(
                f"drive: {name!r} starts {away:.0f} m from the nearest lane, {found.name!r}; place it on a lane, "
                "or use waypoints"
            )
        network = network_of(road_map)
        for passed in self.route:
            find_lane(road_map, passed)
        if found.name not in network.by_name:
            raise UserError(f"drive: {found.name!r} is a {found.kind} lane, where nobody drives")
        rng = stream(seed, "behaviour", "drive", name)
        return _Driver(self, name, state, network, network.by_name[found.name], wheelbase_m, rng)


class _Driver:
    """Decides every tenth of a second, and moves along its route in between."""

    def __init__(
        self,
        config: Drive,
        name: str,
        state: ActorState,
        network: Network,
        street: Street,
        wheelbase_m: float,
        rng: Stream,
    ) -> None:
        self._config, self._name, self._network, self._wheelbase, self._rng = config, name, network, wheelbase_m, rng
        self._passing = list(config.route)
        self._manners = Manners(
            heeds_signals=config.heeds_signals,
            lateral_acceleration_m_s2=config.lateral_acceleration_m_s2,
            limit_share=config.limit_share,
            top_m_s=config.speed_m_s or 100.0,
        )
        s, lateral = street.track.closest(state.position[0], state.position[1])
        wished = min(self._manners.top_m_s, street.lane.speed_limit_m_s * config.limit_share)
        self._agent = Agent(
            name=name,
            temper=_temper(config),
            wished=wished,
            front=2.0,
            rear=2.0,
            half_width=0.9,
            route=[(street, -s)],
            v=wished if config.start_speed_m_s is None else config.start_speed_m_s,
            lateral=lateral,
            aim=config.lateral_m,
        )
        self._end = config.at_end if config.at_end == "again" or name != "ego" else "stop"
        #: a shift across the lane under way: from where, how long, from and to which place
        self._shift: tuple[float, float, float, float] | None = None
        if abs(lateral - config.lateral_m) > 1e-3:
            self._shift = (0.0, _LEAST_CHANGE_M, lateral, config.lateral_m)
        self._steps, self._decided = 0, -math.inf
        self._may_change_s = -math.inf
        self._side, self._away_s = 0, math.inf
        if self._shift is None:
            self._agent.lateral = config.lateral_m

    def step(self, state: ActorState, situation: Situation) -> ActorState:
        """One step; every tenth of a second a decision before it."""
        agent = self._agent
        self._steps += 1
        if self._steps == 1:
            self._board = board_of(situation)
            self._register(self._board, situation)
        board = self._board
        due = self._steps > 1 and (self._steps == 2 or situation.time_s - self._decided > TICK_S - 1e-6)
        if due or not agent.exists:
            board.refresh(situation)
        if not agent.exists:
            return self._absent(state, board, situation)
        if due:
            self._decided = math.floor(situation.time_s / TICK_S + 1e-6) * TICK_S
            self._decide(board, state)
        dt, before = situation.dt_s, agent.v
        agent.v = max(before + agent.a * dt, 0.0)
        way = 0.5 * (before + agent.v) * dt
        agent.x += way
        if not self._advance(board):
            return replace(state, speed_m_s=0.0, exists=False, indicator=0)
        return self._pose(state, way)

    # ------------------------------------------------------------------------------------------------ coming and going

    def _register(self, board: Board, situation: Situation) -> None:
        agent = self._agent
        length, width, _ = situation.sizes.get(self._name, (4.5, 1.8, 1.5))
        middle = situation.centers[self._name][0] if self._name in situation.centers else 0.5 * self._wheelbase
        agent.front, agent.rear, agent.half_width = (
            0.5 * length + middle,
            0.5 * length - middle,
            0.5 * width - (_MIRROR_M if length > _LONG_M else 0.0),
        )
        board.agents[self._name] = agent
        self._extend()
        covered = [s for s, x0 in agent.route if x0 < agent.x + agent.front and s.conflicts]
        if covered:
            board.grant(agent, covered)
        for (street, x0), (following, _) in pairwise(agent.route):
            if following.conflicts and following not in covered:
                free = max(x0 + street.stop_m - agent.x - agent.front, 0.0)
                agent.v = min(agent.v, math.sqrt(1.0 + 2.0 * _FIRST_BRAKING_M_S2 * free))

    def _extend(self) -> None:
        """Lanes ahead, as far as it looks."""
        agent, route = self._agent, self._agent.route
        while route[-1][1] + route[-1][0].length < agent.x + agent.front + look_distance(max(agent.v, agent.wished)):
            street, x0 = route[-1]
            following = self._choose(street)
            if following is None:
                return
            route.append((following, x0 + street.length))

    def _choose(self, street: Street) -> Street | None:
        """The next lane: on the way given, or drawn by shares."""
        options = street.nexts
        if not options:
            return None
        while self._passing and self._passing[0] == street.lane.name:
            self._passing.pop(0)
        if self._passing and self._passing[0] in self._network.by_name:
            return min(options, key=lambda o: self._network.hops(o, self._network.by_name[self._passing[0]]))
        if self._wheelbase > _LONG_WHEELBASE_M:
            wide = [o for o in options if min(o.bend_m) > _TIGHT_M]
            options = wide or options
        if len(options) == 1:
            return options[0]
        shares = dict(zip(("straight", "left", "right"), self._config.turn_shares, strict=True))
        weights = [shares[o.turn] for o in options]
        draw = self._rng.random() * sum(weights)
        for option, weight in zip(options, weights, strict=True):
            draw -= weight
            if draw < 0.0:
                return option
        return options[-1]

    def _advance(self, board: Board) -> bool:
        """On to the next lane where one ends; whether there is one."""
        agent = self._agent
        while agent.x > agent.route[agent.here][1] + agent.street.length:
            if agent.here + 1 == len(agent.route):
                self._leave(board)
                return False
            agent.here += 1
        while agent.here > 0 and agent.route[0][1] + agent.route[0][0].length < agent.x - agent.rear:
            board.release(agent, agent.route.pop(0)[0].row)
            agent.here -= 1
        return True

    def _leave(self, board: Board) -> None:
        agent = self._agent
        board.release_all(agent)
        agent.exists, agent.v, agent.a, agent.leaving, self._shift = False, 0.0, 0.0, None, None
        agent.waits_since, agent.blocked = None, False
        self._away_s = board.time_s + _AWAY_S + 2.0 * float(self._rng.random())

    def _absent(self, state: ActorState, board: Board, situation: Situation) -> ActorState:
        """Nowhere; drives in again when its time has come and there is room."""
        gone = replace(state, speed_m_s=0.0, exists=False, indicator=0)
        if self._end != "again" or situation.time_s < self._away_s or not self._network.entries:
            return gone
        entries = [e for e in self._network.entries if e.lane.kind == "driving"] or self._network.entries
        street = entries[int(self._rng.integers(len(entries)))]
        self._away_s = situation.time_s + _RETHINK_S
        agent = self._agent
        first = min((e.rear for e in board.entries[street.row]), default=math.inf)
        if first < agent.length + _ROOM_M:
            return gone
        agent.route, agent.here, agent.x = [(street, -agent.rear)], 0, 0.0
        agent.lateral, agent.exists, self._passing = self._config.lateral_m, True, []
        agent.wished = min(self._manners.top_m_s, street.lane.speed_limit_m_s * self._config.limit_share)
        free = max(first - agent.length - 2.0 * agent.temper.standstill_m, 1.0)
        agent.v = min(agent.wished, math.sqrt(2.0 * agent.temper.deceleration_m_s2 * free))
        self._extend()
        board.enter_anew(agent)
        self._decided = -math.inf
        return replace(self._pose(state, 0.0), exists=True)

    # ------------------------------------------------------------------------------------------------ deciding

    def _decide(self, board: Board, state: ActorState) -> None:
        agent = self._agent
        self._extend()
        if self._steps == 2:
            self._begin(board)
        agent.a = acceleration(agent, board, self._manners)
        last = agent.route[-1][0]
        if not last.nexts and (self._end == "stop" or (len(agent.route) == agent.here + 1 and must_leave(last))):
            street, x0 = agent.route[-1]
            agent.a = min(
                agent.a, stopping_acceleration(agent.v, x0 + street.length - agent.x - agent.front, agent.temper)
            )
        if self._config.changes_lanes and board.time_s >= self._may_change_s and self._shift is None:
            self._may_change_s = board.time_s + _RETHINK_S
            found = wanted_side(agent, board, state.position[0], state.position[1], agent.a)
            if found is not None:
                self._change_to(*found, state)
                board.enter_anew(agent)
        self._side = self._indicates()

    def _begin(self, board: Board) -> None:
        """No faster at the start than what the way ahead allows."""
        agent = self._agent
        agent.wished = min(self._manners.top_m_s, agent.street.lane.speed_limit_m_s * self._config.limit_share)
        ahead = nearest_ahead(agent, board, look_distance(agent.v))
        if ahead is not None:
            free = max(ahead.gap - agent.temper.standstill_m, 0.0)
            other = max(ahead.v, 0.0)
            agent.v = min(agent.v, math.sqrt(other * other + 2.0 * agent.temper.deceleration_m_s2 * free))

    def _change_to(self, street: Street, s: float, state: ActorState) -> None:
        agent = self._agent
        _, lateral = street.track.project(state.position[0], state.position[1], s)
        agent.leaving = (agent.street, agent.route[agent.here][1])
        self._side = 1 if lateral < agent.lateral else -1
        agent.route, agent.here, agent.lateral = [(street, agent.x - s)], 0, lateral
        way = max(agent.v * self._config.change_s, _LEAST_CHANGE_M)
        self._shift = (agent.x, way, lateral, self._config.lateral_m)
        self._may_change_s = math.inf
        self._extend()

    def _indicates(self) -> int:
        """Left or right: into the lane that it changes to, or into the turn that comes."""
        agent = self._agent
        if agent.leaving is not None:
            return self._side
        reach = max(_INDICATES_S * agent.v, _INDICATES_M)
        for street, x0 in agent.route[agent.here :]:
            if x0 > agent.x + agent.front + reach:
                break
            forks = any(len(b.nexts) > 1 for b in street.befores)
            if street.turn != "straight" and forks:
                return 1 if street.turn == "left" else -1
        return 0

    # ------------------------------------------------------------------------------------------------ moving

    def _pose(self, state: ActorState, way: float) -> ActorState:
        """The rear axle on the route, heading along it."""
        agent = self._agent
        slope = bend = 0.0
        if self._shift is not None:
            slope, bend = self._shifted()
        track, s, lateral = agent.street.track, agent.s, agent.lateral
        yaw, curvature = track.bearing(s)
        stretch = max(1.0 - curvature * lateral, 0.2)
        if slope:
            yaw += math.atan2(slope, stretch)
        return ActorState(
            position=track.at(s, lateral),
            quaternion=yaw_quaternion(yaw),
            speed_m_s=agent.v,
            distance_m=state.distance_m + way,
            steer_rad=math.atan(self._wheelbase * (curvature / stretch + bend)),
            indicator=self._side,
        )

    def _shifted(self) -> tuple[float, float]:
        """Move across the lane; slope and curvature of the path against the lane."""
        assert self._shift is not None
        begin, length, first, last = self._shift
        agent = self._agent
        value, slope, bend = quintic((agent.x - begin) / length)
        agent.lateral = first + (last - first) * value
        if agent.x >= begin + length:
            self._shift, agent.leaving = None, None
            self._may_change_s = self._decided + _SETTLES_S
        return (last - first) * slope / length, (last - first) * bend / (length * length)


def _temper(config: Drive) -> Temper:
    return Temper(
        headway_s=config.headway_s,
        acceleration_m_s2=config.acceleration_m_s2,
        deceleration_m_s2=config.deceleration_m_s2,
        standstill_m=config.standstill_m,
        politeness=config.politeness,
        safe_braking_m_s2=config.safe_braking_m_s2,
        threshold_m_s2=config.threshold_m_s2,
        keep_right_m_s2=config.keep_right_m_s2,
    )
