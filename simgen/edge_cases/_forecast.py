"""How a scene will go on: the drivers of its kinematic actors, run as physics will run them, only coarser."""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import Any, Final

import numpy as np

from simgen.assembly import model_of
from simgen.errors import UserError
from simgen.geometry import quat_rotate, transform, yaw_of
from simgen.polyline import Polyline
from simgen.records.actors import ActorState, Driver, Situation
from simgen.records.base import F8
from simgen.records.layout import WorldLayout
from simgen.records.model import Model
from simgen.registry import suggest
from simgen.scene import Entity, Scene
from simgen.units import seconds_to_ns

#: steps a second: a quarter of the usual physics rate is enough for behaviours, which integrate exactly or nearly so
RATE_HZ: Final = 60


@dataclass(frozen=True, kw_only=True, eq=False)
class Forecast:
    """The ego, step by step."""

    time_s: F8
    #: how far it has come
    s: F8
    #: centre of its box, (K, 3)
    center: F8
    speed_m_s: F8
    #: length and width of its box
    length_m: float
    width_m: float

    @property
    def nose(self) -> F8:
        """Where the front of its box is along its path, at every step."""
        return self.s + self.length_m / 2.0

    def time_to(self, place_s: float, time_s: float) -> float:
        """Seconds from its nose to a place on its path, at the speed of an instant; inf if it stands."""
        speed = float(np.interp(time_s, self.time_s, self.speed_m_s))
        nose = float(np.interp(time_s, self.time_s, self.nose))
        return (place_s - nose) / speed if speed > 0.01 else math.inf

    def when(self, place_s: float, time_to_s: float) -> float | None:
        """When :meth:`time_to` a place falls to a value; None if it never does."""
        ahead = self.nose + self.speed_m_s * time_to_s - place_s
        past = np.flatnonzero((ahead[1:] >= 0.0) & (ahead[:-1] < 0.0))
        if len(past) == 0:
            return None
        k = int(past[0])
        share = float(ahead[k] / (ahead[k] - ahead[k + 1]))
        return float(self.time_s[k] + share * (self.time_s[k + 1] - self.time_s[k]))

    def path(self) -> Polyline:
        """The line along which the box's centre moves.

        Raises:
            UserError: it stands still.
        """
        if self.s[-1] < 1.0:
            raise UserError("the ego hardly moves: give it a speed_m_s or a behaviour, or lengthen clock.duration_s")
        # a vertex every half metre is as good as one every step, and quicker to search
        chosen = np.unique(np.searchsorted(self.s, np.arange(0.0, self.s[-1], 0.5)))
        return Polyline(self.center[np.append(chosen, len(self.s) - 1)])


def ego_of(scene: Scene, case: str) -> Entity:
    """The scene's ego.

    Raises:
        UserError: there is none.
    """
    try:
        return scene.entity("ego")
    except KeyError:
        raise UserError(f"{case} needs an ego: add 'ego: {{asset: sedan, lane: ..., speed_m_s: ...}}'") from None


def group_of(scene: Scene, name: str, case: str) -> tuple[Entity, ...]:
    """The entities of a name or group.

    Raises:
        UserError: there are none; the message suggests the nearest name.
    """
    found = scene.group(name)
    if not found:
        known = tuple(dict.fromkeys(e.group or e.name for e in scene.entities if e.name != "ego"))
        raise UserError(f"{case}: nothing in the scene is called {name!r}{suggest(name, known)}")
    return found


def forecast_ego(scene: Scene, layout: WorldLayout) -> Forecast:
    """Where the ego will be if nothing unexpected happens.

    Raises:
        UserError: a behaviour cannot start in this world.
    """
    ego = scene.entity("ego")
    dt_s = 1.0 / RATE_HZ
    count = max(math.ceil(scene.clock.duration_s / dt_s), 1)
    sizes = {e.name: model_of(e.asset).size for e in scene.entities}
    centers = {e.name: model_of(e.asset).box_center for e in scene.entities}
    states = {e.name: _initial(e) for e in scene.entities if e.parent is None}
    drivers = _drivers(scene, layout, states)
    rows, shared = [_row(states["ego"])], dict[str, Any]()
    for k in range(count):
        seen = _present(states, scene, k * dt_s)
        situation = Situation(
            map=layout.map, time_s=k * dt_s, dt_s=dt_s, actors=seen, sizes=sizes, centers=centers, shared=shared
        )
        states = states | {name: driver.step(states[name], situation) for name, driver in drivers.items()}
        rows.append(_row(states["ego"]))
    table = np.array(rows)
    model = model_of(ego.asset)
    center = transform(table[:, 0:3], table[:, 3:7], np.array(model.box_center))
    step = np.diff(center[:, :2], axis=0)
    return Forecast(
        s=np.concatenate([[0.0], np.cumsum(np.sqrt((step * step).sum(-1)))]),
        time_s=np.arange(count + 1, dtype=np.float64) * dt_s,
        center=center,
        speed_m_s=table[:, 7],
        length_m=model.size[0],
        width_m=model.size[1],
    )


@dataclass(frozen=True, kw_only=True)
class Beside:
    """A box against a path: where its centre is, and how far it reaches along and across."""

    s: float
    lateral: float
    along: float
    across: float

    @classmethod
    def of(cls, path: Polyline, entity: Entity, model: Model) -> Beside:
        """The box of an entity where the scene puts it."""
        quaternion = np.array(entity.quaternion)
        center = np.array(entity.position) + quat_rotate(quaternion, np.array(model.box_center))
        s, lateral = path.closest(center)
        turn = float(yaw_of(quaternion)) - float(path.heading(s))
        length, width = model.size[0] / 2.0, model.size[1] / 2.0
        sine, cosine = abs(math.sin(turn)), abs(math.cos(turn))
        return cls(
            s=float(s),
            lateral=float(lateral),
            along=cosine * length + sine * width,
            across=sine * length + cosine * width,
        )


def _drivers(scene: Scene, layout: WorldLayout, states: dict[str, ActorState]) -> dict[str, Driver]:
    return {
        e.name: e.behaviour.start(e.name, states[e.name], layout.map, model_of(e.asset).wheelbase_m, scene.seed)
        for e in scene.entities
        if e.behaviour is not None and e.parent is None and e.physics == "kinematic"
    }


def _present(states: dict[str, ActorState], scene: Scene, time_s: float) -> dict[str, ActorState]:
    """The actors that the scene lets be there at that instant."""
    now = seconds_to_ns(time_s)
    there = {e.name: seconds_to_ns(e.appear_s) <= now and time_s < e.vanish_s for e in scene.entities}
    return {name: state for name, state in states.items() if there[name]}


def _initial(entity: Entity) -> ActorState:
    return ActorState(position=entity.position, quaternion=entity.quaternion)


def _row(state: ActorState) -> tuple[float, ...]:
    return (*state.position, *state.quaternion, state.speed_m_s)
