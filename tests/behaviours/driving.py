"""A little stage for behaviours: steps drivers as physics does, and keeps every state."""

from __future__ import annotations

import math
from dataclasses import dataclass

import numpy as np

from simgen import registry
from simgen.placement.route import route_from
from simgen.records.actors import ActorState, Situation
from simgen.records.model import Vector3
from simgen.records.roads import RoadMap

HZ = 240
CAR: Vector3 = (4.7, 1.85, 1.45)
PERSON: Vector3 = (0.4, 0.6, 1.75)


def yaw_state(x: float, y: float, z: float = 0.0, yaw: float = 0.0) -> ActorState:
    return ActorState(position=(x, y, z), quaternion=(math.cos(yaw / 2), 0.0, 0.0, math.sin(yaw / 2)))


def on_lane(road_map: RoadMap, lane: str, at_m: float, lateral_m: float = 0.0) -> ActorState:
    line = route_from(road_map, lane).line
    x, y, z = (float(c) for c in line.at(at_m, lateral_m))
    return yaw_state(x, y, z, float(line.heading(at_m)))


@dataclass
class Actor:
    behaviour: str
    parameters: dict[str, object]
    state: ActorState
    size: Vector3 = CAR
    wheelbase: float = 2.76

    @property
    def center(self) -> Vector3:
        """As of a car with overhangs of 0.97 m, or of a person."""
        return (0.5 * self.wheelbase, 0.0, 0.5 * self.size[2])


def play(
    road_map: RoadMap, actors: dict[str, Actor], seconds: float, hz: int = HZ, seed: int = 0
) -> dict[str, list[ActorState]]:
    drivers = {
        name: registry.get("behaviour", a.behaviour)(**a.parameters).start(name, a.state, road_map, a.wheelbase, seed)
        for name, a in actors.items()
    }
    states = {name: a.state for name, a in actors.items()}
    log = {name: [a.state] for name, a in actors.items()}
    sizes = {name: a.size for name, a in actors.items()}
    centers = {name: a.center for name, a in actors.items()}
    shared: dict[str, object] = {}
    for k in range(round(seconds * hz)):
        situation = Situation(
            map=road_map, time_s=k / hz, dt_s=1.0 / hz, actors=states, sizes=sizes, centers=centers, shared=shared
        )
        states = {name: driver.step(states[name], situation) for name, driver in drivers.items()}
        for name, state in states.items():
            log[name].append(state)
    return log


def track(states: list[ActorState]) -> np.ndarray:
    """Positions (K, 3) of the states that exist."""
    return np.array([s.position for s in states if s.exists])


def path_length(states: list[ActorState]) -> float:
    steps = np.diff(track(states)[:, :2], axis=0)
    return float(np.sqrt((steps**2).sum(-1)).sum())
