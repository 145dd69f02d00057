"""A storyboard at work: acts, events and their triggers, step by step."""

from __future__ import annotations

import math
import operator
from collections import deque
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any, Final

from simgen.behaviours._places import Spot, resolve
from simgen.behaviours._pose import quaternion_yaw
from simgen.openscenario.model import Act, Action, Condition, Event, Script, Trigger
from simgen.records.actors import ActorState, Situation

_SAME: Final = 1e-6
_RULES: Final[Mapping[str, Callable[[float, float], bool]]] = {
    "greaterThan": operator.gt,
    "lessThan": operator.lt,
    "greaterOrEqual": operator.ge,
    "lessOrEqual": operator.le,
    "equalTo": lambda a, b: abs(a - b) < _SAME,
    "notEqualTo": lambda a, b: abs(a - b) >= _SAME,
}


@dataclass(eq=False)
class Command:
    """An action for one actor, until it is done."""

    action: Action
    done: bool = False


class Story:
    """The state of every element, and what the actors are told."""

    def __init__(self, script: Script, actor_of: Callable[[str], str]) -> None:
        self.script, self._actor_of = script, actor_of
        self._time = -math.inf
        self._state: dict[str, str] = {}
        self._told: dict[str, list[Command]] = {}
        self._working: dict[str, list[Command]] = {}
        self._count: dict[str, int] = {}
        #: transitions of the step before, which conditions see, and of this one
        self._seen: set[tuple[str, str]] = set()
        self._new: set[tuple[str, str]] = set()
        self._before: dict[int, bool] = {}
        self._history: dict[int, deque[tuple[float, bool]]] = {}
        self._still_since: dict[str, float] = {}
        for name, action in script.init:
            if action.kind != "TeleportAction":
                self._told.setdefault(name, []).append(Command(action))

    def take(self, entity: str) -> list[Command]:
        """What an entity is told now."""
        return self._told.pop(entity, [])

    def update(self, situation: Situation) -> None:
        """Go on to this instant, once."""
        if situation.time_s == self._time:
            return
        self._time = situation.time_s
        self._seen, self._new = self._new, set()
        for name, state in situation.actors.items():
            if abs(state.speed_m_s) > 0.01:
                self._still_since.pop(name, None)
            else:
                self._still_since.setdefault(name, situation.time_s)
        over = self.script.stop is not None and self._holds(self.script.stop, situation)
        for act in self.script.acts:
            self._advance_act(act, situation, over=over)

    # ------------------------------------------------------------------------------------------------ elements

    def _enter(self, path: str, state: str) -> None:
        before = self._state.get(path, "standbyState")
        self._state[path] = state
        if state == "runningState":
            self._new.add((path, "startTransition"))
        elif before == "runningState":
            self._new.add((path, "endTransition"))

    def _advance_act(self, act: Act, situation: Situation, *, over: bool) -> None:
        state = self._state.get(act.path, "standbyState")
        if state == "standbyState" and (act.start is None or self._holds(act.start, situation)):
            self._enter(act.path, "runningState")
            for group in act.groups:
                self._enter(group.path, "runningState")
                for path, _ in group.maneuvers:
                    self._enter(path, "runningState")
            state = "runningState"
        if state != "runningState":
            return
        stopped = over or (act.stop is not None and self._holds(act.stop, situation))
        for group in act.groups:
            for path, events in group.maneuvers:
                for event in events:
                    self._advance_event(event, events, group.actors, situation, stopped=stopped)
                if all(self._state.get(e.path) == "completeState" for e in events):
                    self._complete(path)
            if all(self._state.get(path) == "completeState" for path, _ in group.maneuvers):
                self._complete(group.path)
        if all(self._state.get(group.path) == "completeState" for group in act.groups):
            self._complete(act.path)

    def _complete(self, path: str) -> None:
        if self._state.get(path) != "completeState":
            self._enter(path, "completeState")

    def _advance_event(
        self, event: Event, siblings: tuple[Event, ...], actors: tuple[str, ...], situation: Situation, *, stopped: bool
    ) -> None:
        state = self._state.get(event.path, "standbyState")
        if state == "runningState" and (stopped or all(c.done for c in self._working[event.path])):
            self._end(event)
        elif stopped and state == "standbyState":
            self._enter(event.path, "completeState")
        elif state == "standbyState" and (event.start is None or self._holds(event.start, situation)):
            running = [e for e in siblings if self._state.get(e.path) == "runningState"]
            if running and event.priority == "skip":
                self._enter(event.path, "completeState")
                return
            if event.priority in ("overwrite", "override"):
                for other in running:
                    self._end(other)
            self._start(event, actors)

    def _start(self, event: Event, actors: tuple[str, ...]) -> None:
        self._enter(event.path, "runningState")
        self._count[event.path] = self._count.get(event.path, 0) + 1
        self._working[event.path] = []
        for actor in actors:
            for action in event.actions:
                command = Command(action)
                self._working[event.path].append(command)
                self._told.setdefault(actor, []).append(command)

    def _end(self, event: Event) -> None:
        for command in self._working.get(event.path, ()):
            command.done = True
        again = self._count.get(event.path, 0) < event.most
        self._enter(event.path, "standbyState" if again else "completeState")

    # ------------------------------------------------------------------------------------------------ conditions

    def _holds(self, trigger: Trigger, situation: Situation) -> bool:
        """Whether a group of conditions holds; all are looked at, for their edges and delays."""
        groups = [[self._condition(c, situation) for c in group] for group in trigger]
        return any(all(group) for group in groups)

    def _condition(self, condition: Condition, situation: Situation) -> bool:
        key = id(condition)
        now = self._value(condition, situation)
        before = self._before.get(key, False)
        self._before[key] = now
        rising, falling = now and not before, before and not now
        found = {"none": now, "rising": rising, "falling": falling, "risingOrFalling": rising or falling}[
            condition.edge
        ]
        if condition.delay_s <= 0.0:
            return found
        past = self._history.setdefault(key, deque())
        past.append((situation.time_s, found))
        while len(past) > 1 and past[1][0] <= situation.time_s - condition.delay_s + 1e-9:
            past.popleft()
        return past[0][1] and past[0][0] <= situation.time_s - condition.delay_s + 1e-9

    def _value(self, condition: Condition, situation: Situation) -> bool:
        v = condition.values
        if condition.kind == "SimulationTimeCondition":
            return _RULES[v["rule"]](situation.time_s, v["value"])
        if condition.kind == "StoryboardElementStateCondition":
            return self._element_is(v["ref"], v["state"])
        held = [self._of_entity(condition, name, situation) for name in condition.entities]
        return any(held) if condition.any_of else bool(held) and all(held)

    def _element_is(self, ref: str, state: str) -> bool:
        paths = [path for path in {*self._state} if path == ref or path.endswith("/" + ref)]
        if state.endswith("Transition"):
            return any((path, state) in self._seen for path in paths)
        return any(self._state[path] == state for path in paths) or (not paths and state == "standbyState")

    def _of_entity(self, condition: Condition, name: str, situation: Situation) -> bool:
        actor = self._actor_of(name)
        state = situation.actors.get(actor)
        if state is None or not state.exists:
            return False
        v = condition.values
        if condition.kind == "ReachPositionCondition":
            spot = resolve(v["position"], situation.map, self.spots(situation))
            return bool(math.dist((spot.x, spot.y), state.position[:2]) <= v["value"])
        value = self._measure(condition.kind, v, actor, state, situation)
        return value is not None and bool(_RULES[v["rule"]](value, v["value"]))

    def _measure(
        self, kind: str, v: Mapping[str, Any], actor: str, state: ActorState, situation: Situation
    ) -> float | None:
        """The number that a condition compares; None where it has none (nobody is ahead)."""
        if kind == "SpeedCondition":
            return state.speed_m_s
        if kind == "TraveledDistanceCondition":
            return state.distance_m
        if kind == "StandStillCondition":
            return situation.time_s - self._still_since.get(actor, situation.time_s)
        other = situation.actors.get(self._actor_of(v["entity"])) if "entity" in v else None
        if other is None and "position" not in v:
            return None
        along, across, reach = self._apart(v, actor, state, other, situation)
        if kind == "RelativeDistanceCondition":
            if v["type"] == "longitudinal":
                return max(abs(along) - reach, 0.0)
            return abs(across) if v["type"] == "lateral" else math.hypot(along, across)
        if kind == "TimeHeadwayCondition":
            return (abs(along) - reach) / state.speed_m_s if state.speed_m_s > 0.01 else None
        turn = 0.0 if other is None else quaternion_yaw(other.quaternion) - quaternion_yaw(state.quaternion)
        closing = state.speed_m_s - (0.0 if other is None else other.speed_m_s * math.cos(turn))
        closing = closing if along > 0.0 else -closing
        return (abs(along) - reach) / closing if closing > 0.01 else None

    def _apart(
        self, v: Mapping[str, Any], actor: str, state: ActorState, other: ActorState | None, situation: Situation
    ) -> tuple[float, float, float]:
        """Ahead and to the left in the actor's frame, and what lies between the boxes' ends and their roots."""
        if other is None:
            spot = resolve(v["position"], situation.map, self.spots(situation))
            x, y = spot.x, spot.y
        else:
            x, y = other.position[:2]
        yaw = quaternion_yaw(state.quaternion)
        dx, dy = x - state.position[0], y - state.position[1]
        along, across = math.cos(yaw) * dx + math.sin(yaw) * dy, math.cos(yaw) * dy - math.sin(yaw) * dx
        reach = 0.0
        if v.get("freespace"):
            mine, theirs = self._ends(actor, situation), (0.0, 0.0)
            if other is not None:
                theirs = self._ends(self._actor_of(v["entity"]), situation)
            reach = mine[0] + theirs[1] if along > 0.0 else mine[1] + theirs[0]
        return along, across, reach

    def _ends(self, actor: str, situation: Situation) -> tuple[float, float]:
        """How far a box reaches ahead of its root frame, and behind it."""
        length = situation.sizes.get(actor, (4.5, 1.8, 1.5))[0]
        middle = situation.centers[actor][0] if actor in situation.centers else 0.0
        return 0.5 * length + middle, 0.5 * length - middle

    def spots(self, situation: Situation) -> dict[str, Spot]:
        """Where the entities are."""
        found = {}
        for entity in self.script.entities:
            state = situation.actors.get(self._actor_of(entity.name))
            if state is not None:
                x, y, z = state.position
                found[entity.name] = Spot(x=x, y=y, z=z, yaw=quaternion_yaw(state.quaternion))
        return found
