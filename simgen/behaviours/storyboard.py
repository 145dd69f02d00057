"""Do what an OpenSCENARIO storyboard says."""

from __future__ import annotations

import math
import re
from bisect import bisect_right
from dataclasses import dataclass
from itertools import pairwise
from typing import Any, Final

from simgen.behaviours._network import Street, network_of
from simgen.behaviours._places import lane_named, nearest_street, resolve, shifted
from simgen.behaviours._pose import quaternion_yaw, wrapped, yaw_quaternion
from simgen.behaviours._story import Command, Story
from simgen.behaviours._track import Track
from simgen.behaviours.base import Behaviour
from simgen.errors import UserError
from simgen.openscenario.model import Script
from simgen.openscenario.read import read_script
from simgen.placement.route import nearest_lane
from simgen.polyline import Polyline
from simgen.records.actors import ActorState, Driver, Situation
from simgen.records.roads import RoadMap
from simgen.registry import param, register

_SLOWEST_M_S: Final = 0.3


@register("behaviour", "storyboard")
@dataclass(frozen=True, kw_only=True)
class Storyboard(Behaviour):
    """What one entity does in an OpenSCENARIO storyboard: speeds, changes of lane, routes and trajectories on triggers.

    Scenes write ``openscenario: {file: ...}`` instead, which adds every entity with this behaviour. Without an action
    an entity keeps its speed and its place in its lane, as the standard's default controller does. Units: m, s. ASAM
    OpenSCENARIO XML 1.0 to 1.3.
    """

    text: str = param(doc="the file itself, so that the scene is whole without it")
    entity: str = param(doc="whose part it is")
    ego: str = param("", doc="which entity the scene calls ego")

    def start(self, name: str, state: ActorState, road_map: RoadMap, wheelbase_m: float, seed: int) -> Driver:
        """A driver that listens to the run's storyboard.

        Raises:
            UserError: the text has faults, or has no such entity.
        """
        script = read_script(self.text, "storyboard")
        if self.entity not in [e.name for e in script.entities]:
            raise UserError(f"storyboard: there is no entity {self.entity!r} in it")
        return _Player(self, script, state, road_map, wheelbase_m)


def actor_name(entity: str, ego: str) -> str:
    """What the scene calls an entity of a file."""
    word = re.sub(r"[^A-Za-z0-9_-]", "_", entity)
    return "ego" if entity == ego else word if re.match(r"[A-Za-z_]", word) else f"_{word}"


@dataclass(kw_only=True)
class _Change:
    """A value on its way from one to another, over a time or a way."""

    shape: str
    first: float
    last: float
    over_s: float = 0.0
    over_m: float = 0.0
    begin_s: float = 0.0
    begin_m: float = 0.0
    command: Command

    def at(self, time_s: float, way_m: float) -> tuple[float, bool]:
        """The value, and whether it has arrived."""
        if self.over_m > 0.0:
            share = (way_m - self.begin_m) / self.over_m
        else:
            share = (time_s - self.begin_s) / self.over_s if self.over_s > 0.0 else 1.0
        share = min(max(share, 0.0), 1.0)
        eased = {"linear": share, "cubic": share * share * (3.0 - 2.0 * share), "step": 1.0}.get(
            self.shape, 0.5 - 0.5 * math.cos(math.pi * share)
        )
        return self.first + (self.last - self.first) * eased, share >= 1.0 - 1e-9


#: for the same change, by shape: how much longer it takes if the greatest rate is given
_PEAK: Final = {"linear": 1.0, "cubic": 1.5, "sinusoidal": 0.5 * math.pi, "step": 0.0}
#: and for the greatest second derivative: T = sqrt(this * change / most)
_BEND: Final = {"linear": 4.0, "cubic": 6.0, "sinusoidal": 0.5 * math.pi**2, "step": 0.0}


class _Player:
    """One entity on its lane, its line or its trajectory."""

    def __init__(
        self, config: Storyboard, script: Script, state: ActorState, road_map: RoadMap, wheelbase_m: float
    ) -> None:
        self._config, self._script, self._map, self._wheelbase = config, script, road_map, wheelbase_m
        self._network = network_of(road_map)
        self._v, self._way, self._lateral = 0.0, 0.0, 0.0
        self._street: Street | None = None
        self._passing: list[str] = []
        self._speed: _Change | None = None
        self._aside: _Change | None = None
        self._line: _Trajectory | None = None
        self._goal: tuple[float, float, Command] | None = None
        self._side: int | None = None
        self._find_lane(state.position[0], state.position[1], quaternion_yaw(state.quaternion))

    def _find_lane(self, x: float, y: float, yaw: float) -> None:
        """The lane that it is on; a straight line ahead where there is none."""
        self._street = nearest_street(self._network, x, y, yaw)
        if self._street is not None:
            self._track = self._street.track
        else:
            walk = nearest_lane(self._map, x, y, yaw, ("sidewalk", "crosswalk", "bike"))
            near = walk is not None and abs(float(Polyline(walk.centerline).closest((x, y))[1])) < 1.0
            ahead = [(x, y), (x + 1000.0 * math.cos(yaw), y + 1000.0 * math.sin(yaw))]
            self._track = Track(Polyline(walk.centerline) if near and walk is not None else Polyline(ahead), 1.0)
        self._s, self._lateral = self._track.closest(x, y)
        self._lean = wrapped(yaw - self._track.bearing(min(max(self._s, 1e-3), self._track.length - 1e-3))[0])
        if self._street is not None and abs(self._lean) < 0.5 * math.pi:
            self._lean = 0.0

    def step(self, state: ActorState, situation: Situation) -> ActorState:
        """Listen, then move."""
        story = _story_of(situation, self._config, self._script)
        story.update(situation)
        for command in story.take(self._config.entity):
            self._obey(command, state, situation, story)
        dt, end = situation.dt_s, situation.time_s + situation.dt_s
        if self._line is not None:
            return self._follow(state, situation)
        before = self._v
        if self._speed is not None:
            self._v, arrived = self._speed.at(end, self._way + before * dt)
            if arrived or self._speed.command.done:
                self._speed.command.done, self._speed = True, None
        way = 0.5 * (before + self._v) * dt
        self._way += way
        lateral = self._lateral
        if self._aside is not None:
            self._lateral, arrived = self._aside.at(end, self._way)
            if arrived or self._aside.command.done:
                self._aside.command.done, self._aside, self._side = True, None, None
        self._advance(way)
        return self._pose(state, way, (self._lateral - lateral) / max(way, _SLOWEST_M_S * dt))

    def _advance(self, way: float) -> None:
        yaw_along = math.cos(self._lean)
        self._s += way * (1.0 if yaw_along > 0.0 else -1.0)
        while self._street is not None and self._s > self._track.length and self._street.nexts:
            self._s -= self._track.length
            self._street = self._next(self._street)
            self._track = self._street.track

    def _next(self, street: Street) -> Street:
        while self._passing and self._passing[0] == street.lane.name:
            self._passing.pop(0)
        if self._passing:
            goal = self._network.by_name[self._passing[0]]
            return min(street.nexts, key=lambda n: self._network.hops(n, goal))
        return min(street.nexts, key=lambda n: n.turn != "straight")

    def _pose(self, state: ActorState, way: float, slope: float) -> ActorState:
        x, y, z = self._track.at(self._s, self._lateral)
        yaw, bend = self._track.bearing(self._s)
        if self._goal is not None and math.dist((x, y), self._goal[:2]) < 2.0:
            self._goal[2].done, self._goal = True, None
        return ActorState(
            position=(x, y, z),
            quaternion=yaw_quaternion(yaw + self._lean + math.atan(slope)),
            speed_m_s=self._v,
            distance_m=state.distance_m + way,
            steer_rad=math.atan(self._wheelbase * bend),
            exists=state.exists,
            indicator=self._side,
        )

    # ------------------------------------------------------------------------------------------------ actions

    def _obey(self, command: Command, state: ActorState, situation: Situation, story: Story) -> None:
        v, kind = command.action.values, command.action.kind
        if kind == "SpeedAction":
            self._change_speed(command, v, situation, story)
        elif kind in ("LaneChangeAction", "LaneOffsetAction"):
            self._change_lane(command, kind, v, state, situation, story)
        elif kind == "FollowTrajectoryAction":
            self._line = _Trajectory(v, command, state, situation, story)
        elif kind == "TeleportAction":
            spot = resolve(v["position"], self._map, story.spots(situation))
            self._find_lane(spot.x, spot.y, spot.yaw)
            command.done = True
        else:
            self._take_route(command, kind, v, situation, story)

    def _change_speed(self, command: Command, v: Any, situation: Situation, story: Story) -> None:
        target = float(v["target"])
        if "entity" in v:
            other = situation.actors[actor_name(v["entity"], self._config.ego)].speed_m_s
            target = other + target if v["type"] == "delta" else other * target
        if self._speed is not None:
            self._speed.command.done = True
        if v["shape"] == "step":
            self._v, self._speed, command.done = target, None, True
            return
        self._speed = self._changed(command, v, self._v, target, situation)

    def _changed(self, command: Command, v: Any, first: float, last: float, situation: Situation) -> _Change:
        value, shape = float(v["value"]), str(v["shape"])
        if v["dimension"] == "rate":
            over_s = _PEAK[shape] * abs(last - first) / max(value, 1e-6)
        else:
            over_s = value if v["dimension"] == "time" else 0.0
        return _Change(
            shape=shape,
            first=first,
            last=last,
            over_s=over_s,
            over_m=value if v["dimension"] == "distance" else 0.0,
            begin_s=situation.time_s,
            begin_m=self._way,
            command=command,
        )

    def _change_lane(
        self, command: Command, kind: str, v: Any, state: ActorState, situation: Situation, story: Story
    ) -> None:
        if self._aside is not None:
            self._aside.command.done = True
        if kind == "LaneOffsetAction":
            over = math.sqrt(_BEND[v["shape"]] * abs(v["target"] - self._lateral) / max(v["most"], 1e-3))
            dynamics = {"shape": v["shape"], "dimension": "time", "value": over}
            self._aside = self._changed(command, dynamics, self._lateral, float(v["target"]), situation)
            return
        street = self._target_lane(command, v, situation)
        x, y, _ = state.position
        s, lateral = street.track.closest(x, y)
        self._side = 1 if lateral < v["offset"] else -1
        self._street, self._track, self._s, self._lateral, self._lean = street, street.track, s, lateral, 0.0
        self._aside = self._changed(command, v, lateral, float(v["offset"]), situation)

    def _target_lane(self, command: Command, v: Any, situation: Situation) -> Street:
        where = command.action.where
        if "entity" not in v:
            road = "" if self._street is None else self._street.lane.name.split("/")[0]
            return lane_named(self._network, road, str(v["target"]), where)
        other = situation.actors[actor_name(v["entity"], self._config.ego)]
        street = nearest_street(self._network, other.position[0], other.position[1], quaternion_yaw(other.quaternion))
        target = None if street is None else shifted(street, int(v["target"]))
        if target is None:
            raise UserError(f"{where}: there is no lane {v['target']:+d} from {v['entity']!r}")
        return target

    def _take_route(self, command: Command, kind: str, v: Any, situation: Situation, story: Story) -> None:
        points = v["points"] if kind == "AssignRouteAction" else (v["position"],)
        self._passing = []
        for point in points:
            spot = resolve(point, self._map, story.spots(situation))
            street = nearest_street(self._network, spot.x, spot.y, spot.yaw)
            if street is not None and (self._street is None or street.row != self._street.row):
                self._passing.append(street.lane.name)
            if kind == "AcquirePositionAction":
                self._goal = (spot.x, spot.y, command)
        command.done = command.done or kind == "AssignRouteAction"

    def _follow(self, state: ActorState, situation: Situation) -> ActorState:
        """Along a trajectory; back to lanes at its end."""
        assert self._line is not None
        end = situation.time_s + situation.dt_s
        x, y, yaw, self._v, over = self._line.at(end, self._v * situation.dt_s, self._v)
        way = math.dist((x, y), state.position[:2])
        self._way += way
        if over or self._line.command.done:
            self._line.command.done, self._line = True, None
            self._find_lane(x, y, yaw)
        return ActorState(
            position=(x, y, state.position[2]),
            quaternion=yaw_quaternion(yaw),
            speed_m_s=self._v,
            distance_m=state.distance_m + way,
            exists=state.exists,
        )


class _Trajectory:
    """A polyline, by its own clock or at the actor's speed."""

    def __init__(self, v: Any, command: Command, state: ActorState, situation: Situation, story: Story) -> None:
        self.command = command
        spots = [resolve(p, situation.map, story.spots(situation)) for p in v["points"]]
        self._line = Polyline([(p.x, p.y) for p in spots])
        self._s = 0.0
        self._times: list[float] | None = None
        if v["times"] is not None:
            base = 0.0 if v["absolute"] else situation.time_s
            self._times = [base + v["offset"] + v["scale"] * t for t in v["times"]]
            self._marks = [0.0]
            for a, b in pairwise(spots):
                self._marks.append(self._marks[-1] + math.dist((a.x, a.y), (b.x, b.y)))

    def at(self, time_s: float, way: float, v: float) -> tuple[float, float, float, float, bool]:
        """Place, heading and speed, and whether this was its end."""
        if self._times is not None:
            times, marks = self._times, self._marks
            k = min(max(bisect_right(times, time_s) - 1, 0), len(times) - 2)
            span = max(times[k + 1] - times[k], 1e-9)
            share = min(max((time_s - times[k]) / span, 0.0), 1.0)
            self._s = marks[k] + share * (marks[k + 1] - marks[k])
            v = (marks[k + 1] - marks[k]) / span if times[0] <= time_s < times[-1] else v
            over = time_s >= times[-1]
        else:
            self._s = min(self._s + way, self._line.length)
            over = self._s >= self._line.length
        x, y, _ = (float(c) for c in self._line.at(self._s))
        return x, y, float(self._line.heading(self._s)), v, over


def _story_of(situation: Situation, config: Storyboard, script: Script) -> Story:
    story = situation.shared.get("storyboard")
    if not isinstance(story, Story):
        story = situation.shared["storyboard"] = Story(script, lambda entity: actor_name(entity, config.ego))
    return story
