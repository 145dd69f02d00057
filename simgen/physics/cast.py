"""Who does what: still, driven by a behaviour, riding on or towed by another, or free under PyBullet; in turn."""

from __future__ import annotations

from array import array as number_array
from dataclasses import dataclass
from typing import Any, Literal, Protocol

import numpy as np

from simgen.assembly import Assembly
from simgen.errors import EngineError, UserError
from simgen.geometry import F8, normalized
from simgen.placement.scalar import placed, product
from simgen.placement.towing import Tow
from simgen.records.actors import ActorState, Driver, Situation
from simgen.records.base import I1, I8, Bool
from simgen.scene import Entity
from simgen.units import NS_PER_S, seconds_to_ns

Role = Literal["still", "driven", "rider", "towed", "free"]

_COLUMNS = 13
#: stands for an actor whose driver does not say where it will go
_UNSAID = 9.0


class Dynamics(Protocol):
    """What moves by forces. Steps with the others: told where they are and where they go, it says where its own are."""

    def step(self, index: int, before: list[ActorState], after: list[ActorState]) -> dict[int, ActorState]:
        """States of the free actors after step ``index``, by row; ``after`` holds the others' new states already."""
        ...


@dataclass(frozen=True, kw_only=True)
class Paths:
    """The actors' root states at every step: everything that link poses need."""

    position: F8
    quaternion: F8
    speed_m_s: F8
    distance_m: F8
    steer_rad: F8
    door_share: F8
    exists: Bool
    #: 1 = left, -1 = right, 0 = straight on, 9 = its driver does not say
    indicator: I1


class Cast:
    """All actors of a scene, advanced step by step; each sees the others as of the step before."""

    def __init__(self, assembly: Assembly, time_ns: I8, dt_s: float) -> None:
        scene = assembly.scene
        self.entities = scene.entities
        self.roles = roles(self.entities)
        self.parent = [_row_of(self.entities, e.parent) for e in self.entities]
        self.leader = [_row_of(self.entities, e.leader) for e in self.entities]
        self.names = [e.name for e in self.entities]
        self._map, self._time_ns, self._dt_s = assembly.layout.map, time_ns, dt_s
        self._sizes = {e.name: m.felt_size for e, m in zip(self.entities, assembly.models, strict=True)}
        self._centers = {e.name: m.box_center for e, m in zip(self.entities, assembly.models, strict=True)}
        self._life = [(seconds_to_ns(e.appear_s), _vanish_ns(e)) for e in self.entities]
        self._order = _parents_first(self.entities, self.leader)
        self._riders = [row for row in self._order if self.parent[row] >= 0]
        self.states: list[ActorState] = [_initial(e) for e in self.entities]
        self._place_riders(self.states)
        self._tows = self._coupled(assembly)
        self._drivers: dict[int, Driver] = {
            row: e.behaviour.start(e.name, self.states[row], self._map, assembly.models[row].wheelbase_m, scene.seed)
            for row, e in enumerate(self.entities)
            if e.behaviour is not None and self.roles[row] == "driven"
        }
        self._log = [number_array("d") for _ in self.entities]
        self._moving = [row for row, role in enumerate(self.roles) if role != "still"]
        self._shared: dict[str, Any] = {}
        self._record()

    def present(self, row: int, time_ns: int) -> bool:
        """Whether the scene lets an actor be there at that instant."""
        return self._life[row][0] <= time_ns < self._life[row][1]

    def always(self, row: int) -> bool:
        """Whether an actor is there from the first instant to the last."""
        return self._life[row][0] <= 0 and self._life[row][1] > int(self._time_ns[-1])

    def root(self, row: int) -> int:
        """The actor at the top of a rider's or trailer's chain; others are their own."""
        while self.leader[row] >= 0:
            row = self.leader[row]
        return row

    def run(self, dynamics: Dynamics | None) -> Paths:
        """Advance through every step.

        Raises:
            EngineError: a behaviour steered its actor to nowhere (not a number).
        """
        if self._drivers or dynamics is not None:
            for k in range(len(self._time_ns) - 1):
                self._advance(k, dynamics)
        return self._paths()

    def _advance(self, index: int, dynamics: Dynamics | None) -> None:
        now = int(self._time_ns[index])
        before = self.states
        seen = self._seen(before, now)
        situation = Situation(
            map=self._map,
            time_s=now / NS_PER_S,
            dt_s=self._dt_s,
            actors=seen,
            sizes=self._sizes,
            centers=self._centers,
            shared=self._shared,
        )
        after = list(before)
        for row, driver in self._drivers.items():
            if self.present(row, now):
                after[row] = driver.step(before[row], situation)
        for row, tow in self._tows.items():
            tower = self.leader[row]
            after[row] = tow.step(before[tower], after[tower], before[row], self._dt_s)
        self._place_riders(after)
        if dynamics is not None:
            for row, state in dynamics.step(index, before, after).items():
                after[row] = state
            self._place_riders(after)
        self.states = after
        self._record()

    def _seen(self, states: list[ActorState], now: int) -> dict[str, ActorState]:
        """The actors as others see them: those outside their time are not there."""
        seen = dict(zip(self.names, states, strict=True))
        for row, (appear, vanish) in enumerate(self._life):
            if not appear <= now < vanish:
                seen[self.names[row]] = _absent(states[row])
        return seen

    def _place_riders(self, states: list[ActorState]) -> None:
        for row in self._riders:
            states[row] = _carried(states[self.parent[row]], self.entities[row])

    def _coupled(self, assembly: Assembly) -> dict[int, Tow]:
        """The trailers in the order in which they follow each other."""
        found = {}
        for row in (r for r in self._order if self.roles[r] == "towed"):
            tower = self.leader[row]
            if self.roles[tower] == "free":
                raise UserError(
                    f"{self.names[tower]!r} moves by forces and cannot tow {self.names[row]!r}: make it kinematic"
                )
            models = assembly.models[tower], assembly.models[row]
            found[row] = Tow.of(*models, self.states[tower], self.states[row])
        return found

    def _record(self) -> None:
        for row in self._moving if any(self._log) else range(len(self.states)):  # everybody at first
            s = self.states[row]
            said = _UNSAID if s.indicator is None else s.indicator
            rest = (s.speed_m_s, s.distance_m, s.steer_rad, s.door_share, s.exists, said)
            self._log[row].extend((*s.position, *s.quaternion, *rest))

    def _paths(self) -> Paths:
        steps, actors = len(self._time_ns), len(self.entities)
        table = np.empty((steps, actors, _COLUMNS))
        for row, log in enumerate(self._log):
            table[:, row] = np.frombuffer(log, np.float64).reshape(-1, _COLUMNS)
        table[0, :, 12] = table[min(1, steps - 1), :, 12]  # nobody has said anything before the first step
        _check_finite(table, self.names, self._time_ns)
        life = np.array([self._life[row] for row in range(actors)], np.int64).reshape(-1, 2)
        there = (life[:, 0] <= self._time_ns[:, None]) & (self._time_ns[:, None] < life[:, 1])
        for row in self._order:
            if self.leader[row] >= 0:
                there[:, row] &= there[:, self.leader[row]]
        return Paths(
            position=table[..., 0:3],
            quaternion=normalized(table[..., 3:7]),
            speed_m_s=table[..., 7],
            distance_m=table[..., 8],
            steer_rad=table[..., 9],
            door_share=table[..., 10],
            exists=there & (table[..., 11] > 0.5),
            indicator=table[..., 12].astype(np.int8),
        )


def roles(entities: tuple[Entity, ...]) -> list[Role]:
    """What moves each entity.

    Raises:
        UserError: an entity asks for two things at once.
    """
    return [_role(entity) for entity in entities]


def _role(entity: Entity) -> Role:
    if entity.parent is not None:
        if entity.physics == "dynamic" or entity.behaviour is not None:
            raise UserError(
                f"{entity.name!r} rides on {entity.parent!r}: it can have neither a behaviour of its own nor dynamic"
                " physics (remove them, or remove its parent)"
            )
        return "rider"
    if entity.towed_by is not None:
        if entity.physics == "dynamic" or entity.behaviour is not None:
            raise UserError(
                f"{entity.name!r} is towed by {entity.towed_by!r}: it can have neither a behaviour of its own nor"
                " dynamic physics"
            )
        return "towed"
    if entity.physics == "dynamic":
        if entity.behaviour is not None:
            raise UserError(
                f"{entity.name!r} is dynamic and moves by forces alone: remove its behaviour, or make it kinematic"
            )
        return "free"
    if entity.physics == "static" and entity.behaviour is not None:
        raise UserError(f"{entity.name!r} is static and never moves: remove its behaviour, or make it kinematic")
    return "still" if entity.behaviour is None or entity.behaviour.moves_joints else "driven"


def _row_of(entities: tuple[Entity, ...], name: str | None) -> int:
    if name is None:
        return -1
    rows = [row for row, entity in enumerate(entities) if entity.name == name]
    if not rows:
        raise UserError(f"there is no entity {name!r} to ride on or to be towed by")
    return rows[0]


def _parents_first(entities: tuple[Entity, ...], parent: list[int]) -> list[int]:
    depth = []
    for row in range(len(parent)):
        count, up = 0, row
        while parent[up] >= 0:
            count, up = count + 1, parent[up]
            if count > len(parent):
                raise UserError(f"{entities[row].name!r} rides on itself, by way of its parents")
        depth.append(count)
    return sorted(range(len(parent)), key=lambda row: (depth[row], row))


def _vanish_ns(entity: Entity) -> int:
    return seconds_to_ns(entity.vanish_s) if entity.vanish_s < 9e9 else np.iinfo(np.int64).max


def _initial(entity: Entity) -> ActorState:
    speed = sum(v * v for v in entity.velocity_m_s) ** 0.5
    q = normalized(entity.quaternion)
    quaternion = (float(q[0]), float(q[1]), float(q[2]), float(q[3]))
    return ActorState(position=entity.position, quaternion=quaternion, speed_m_s=speed)


def _absent(state: ActorState) -> ActorState:
    return ActorState(
        position=state.position,
        quaternion=state.quaternion,
        speed_m_s=state.speed_m_s,
        distance_m=state.distance_m,
        steer_rad=state.steer_rad,
        door_share=state.door_share,
        exists=False,
    )


def _carried(carrier: ActorState, rider: Entity) -> ActorState:
    """A rider's state: its pose on the carrier; its limbs follow the carrier's distance."""
    return ActorState(
        position=placed(carrier.position, carrier.quaternion, rider.position),
        quaternion=product(carrier.quaternion, rider.quaternion),
        speed_m_s=carrier.speed_m_s,
        distance_m=carrier.distance_m,
        steer_rad=carrier.steer_rad,
        door_share=carrier.door_share,
        exists=carrier.exists,
    )


def _check_finite(table: F8, names: list[str], time_ns: I8) -> None:
    bad = ~np.isfinite(table).all(-1)
    if bad.any():
        k, row = (int(i) for i in np.argwhere(bad)[0])
        raise EngineError(f"{names[row]!r} has no finite pose any more at {time_ns[k] / NS_PER_S:.3f} s")
