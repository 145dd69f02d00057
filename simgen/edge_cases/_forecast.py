"""How a scene will go on: the drivers of its kinematic actors, run as physics will run them, only coarser."""

from __future__ import annotations

import math
from typing import Any, Final

import numpy as np

from simgen.assembly import eyes_of, model_of
from simgen.geometry import compose
from simgen.records.actors import ActorState, Driver, Situation
from simgen.records.base import F8, Bool
from simgen.records.evidence import Evidence
from simgen.records.layout import WorldLayout
from simgen.records.roads import SIGNAL_STATES
from simgen.records.trajectory import Trajectory
from simgen.scene import Entity, Scene
from simgen.units import seconds_to_ns

#: steps a second: a quarter of the usual physics rate is enough for behaviours, which integrate exactly or nearly so
RATE_HZ: Final = 60


def forecast(scene: Scene, layout: WorldLayout) -> Trajectory:
    """Every actor's box over the clip, at :data:`RATE_HZ`, if nothing unexpected happens.

    Only roots: robots keep their joints, dynamic bodies stay where they are placed, trailers where they start.

    Raises:
        UserError: a behaviour cannot start in this world.
    """
    count = max(math.ceil(scene.clock.duration_s * RATE_HZ), 1)
    time_s = np.arange(count + 1) / RATE_HZ
    rows = _rows(scene, layout, count)
    bodies = [_placed(entity, scene, rows) for entity in scene.entities]
    position = np.stack([p for p, _ in bodies], 1) if bodies else np.zeros((count + 1, 0, 3))
    quaternion = np.stack([q for _, q in bodies], 1) if bodies else np.zeros((count + 1, 0, 4))
    models = [model_of(entity.asset) for entity in scene.entities]
    actors = len(models)
    signals = [[SIGNAL_STATES.index(s.state(t)) for s in layout.map.signals] for t in time_s.tolist()]
    return Trajectory(
        time_ns=np.rint(time_s * 1e9).astype(np.int64),
        position=position,
        quaternion=quaternion,
        linear_velocity=_rates(position).astype(np.float32),
        angular_velocity=np.zeros(position.shape, np.float32),
        exists=_exists(scene, time_s),
        body_actor=np.arange(actors, dtype=np.uint32),
        actor_body=np.arange(actors, dtype=np.uint32),
        instance=np.array([entity.instance for entity in scene.entities], np.uint32),
        box_center=np.array([m.box_center for m in models], np.float32).reshape(actors, 3),
        size=np.array([m.size for m in models], np.float32).reshape(actors, 3),
        signal_state=np.array(signals, np.uint8).reshape(count + 1, len(layout.map.signals)),
        actor_names=tuple(entity.name for entity in scene.entities),
        body_names=tuple(entity.name for entity in scene.entities),
        signal_names=tuple(signal.name for signal in layout.map.signals),
    )


def evidence_of(scene: Scene, layout: WorldLayout, trajectory: Trajectory) -> Evidence:
    """What can be measured before anything is rendered."""
    return Evidence(trajectory=trajectory, map=layout.map, eyes=eyes_of(scene))


def _rows(scene: Scene, layout: WorldLayout, count: int) -> dict[str, F8]:
    """Position and quaternion at every step, (K, 7), of everything that rides on nothing."""
    dt_s = 1.0 / RATE_HZ
    models = {e.name: model_of(e.asset) for e in scene.entities}
    sizes = {name: model.size for name, model in models.items()}
    centers = {name: model.box_center for name, model in models.items()}
    states = {e.name: _initial(e) for e in scene.entities if e.parent is None}
    drivers = _drivers(scene, layout, states)
    driven: dict[str, list[tuple[float, ...]]] = {name: [_row(states[name])] for name in drivers}
    shared = dict[str, Any]()
    for k in range(count):
        seen = _present(states, scene, k * dt_s)
        situation = Situation(
            map=layout.map, time_s=k * dt_s, dt_s=dt_s, actors=seen, sizes=sizes, centers=centers, shared=shared
        )
        states = states | {name: driver.step(states[name], situation) for name, driver in drivers.items()}
        for name in drivers:
            driven[name].append(_row(states[name]))
    still = {name: np.tile(_row(state), (count + 1, 1)) for name, state in states.items() if name not in drivers}
    return still | {name: np.array(rows) for name, rows in driven.items()}


def _placed(entity: Entity, scene: Scene, rows: dict[str, F8]) -> tuple[F8, F8]:
    """Poses of an entity at every step; those who ride go with what carries them."""
    if entity.parent is None:
        return rows[entity.name][:, :3], rows[entity.name][:, 3:]
    carrier = _placed(scene.entity(entity.parent), scene, rows)
    return compose(*carrier, np.array(entity.position), np.array(entity.quaternion))


def _rates(position: F8) -> F8:
    """Velocities by differences, the last step's repeated."""
    steps = np.diff(position, axis=0) * RATE_HZ
    return np.concatenate([steps, steps[-1:]])


def _exists(scene: Scene, time_s: F8) -> Bool:
    columns = [(time_s >= e.appear_s - 1e-9) & (time_s < e.vanish_s) for e in scene.entities]
    return np.stack(columns, 1) if columns else np.zeros((len(time_s), 0), bool)


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
    return (*state.position, *state.quaternion)
