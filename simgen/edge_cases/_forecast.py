"""How a scene will go on: the drivers of its kinematic actors, run as physics will run them, only coarser."""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Final

import numpy as np

from simgen.assembly import eyes_of, model_of
from simgen.geometry import compose
from simgen.placement.towing import Tow
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

States = Mapping[str, ActorState]


@dataclass(frozen=True, kw_only=True, eq=False)
class Course:
    """Where everything that rides on nothing is, step by step."""

    scene: Scene
    states: Sequence[States]
    #: position, quaternion and existence of each, (K, 8)
    rows: Mapping[str, F8]


def forecast(scene: Scene, layout: WorldLayout, known: Course | None = None) -> Trajectory:
    """Every actor's box over the clip, at :data:`RATE_HZ`, if nothing unexpected happens.

    Only roots: robots keep their joints, dynamic bodies stay where they are placed. With ``known``, those entities that
    are in its scene too, unchanged, go as they go there, whatever the others do: much faster, where they do not react.

    Raises:
        UserError: a behaviour cannot start in this world.
    """
    return trajectory_of(course(scene, layout, known), layout)


def course(scene: Scene, layout: WorldLayout, known: Course | None = None) -> Course:
    """As :func:`forecast`, as states.

    Raises:
        UserError: a behaviour cannot start in this world.
    """
    count = max(math.ceil(scene.clock.duration_s * RATE_HZ), 1)
    if known is not None and len(known.states) != count + 1:
        known = None
    fresh = _fresh(scene, known)
    states = _run(scene, layout, fresh, known, count)
    rows = {e.name: _table(e.name, states, e.name in fresh, known) for e in scene.entities if e.parent is None}
    return Course(scene=scene, states=states, rows=rows)


def trajectory_of(found: Course, layout: WorldLayout) -> Trajectory:
    """The course as the record that metrics are measured from."""
    scene, count = found.scene, len(found.states) - 1
    time_s = np.arange(count + 1) / RATE_HZ
    bodies = [_placed(entity, scene, found.rows) for entity in scene.entities]
    position = np.stack([p for p, _, _ in bodies], 1) if bodies else np.zeros((count + 1, 0, 3))
    quaternion = np.stack([q for _, q, _ in bodies], 1) if bodies else np.zeros((count + 1, 0, 4))
    there = np.stack([t for _, _, t in bodies], 1) if bodies else np.zeros((count + 1, 0), bool)
    models = [model_of(entity.asset) for entity in scene.entities]
    actors = len(models)
    signals = [[SIGNAL_STATES.index(s.state(t)) for s in layout.map.signals] for t in time_s.tolist()]
    return Trajectory(
        time_ns=np.rint(time_s * 1e9).astype(np.int64),
        position=position,
        quaternion=quaternion,
        linear_velocity=_rates(position).astype(np.float32),
        angular_velocity=np.zeros(position.shape, np.float32),
        exists=_lifetimes(scene, time_s) & there,
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


def _fresh(scene: Scene, known: Course | None) -> dict[str, Entity]:
    """The roots whose way is not known, and what they tow."""
    kept = {} if known is None else {e.name: e for e in known.scene.entities}
    fresh = {e.name: e for e in scene.entities if e.parent is None and kept.get(e.name) != e}
    for entity in scene.entities:  # those in front come first
        if entity.towed_by in fresh:
            fresh[entity.name] = entity
    return fresh


def _run(scene: Scene, layout: WorldLayout, fresh: dict[str, Entity], known: Course | None, count: int) -> list[States]:
    """States at every step: those of ``fresh`` driven, the others as they are known."""
    dt_s = 1.0 / RATE_HZ
    roots = {e.name: e for e in scene.entities if e.parent is None}
    models = {e.name: model_of(e.asset) for e in scene.entities}
    sizes, centers = ({n: m.felt_size for n, m in models.items()}, {n: m.box_center for n, m in models.items()})
    lives = {name: (seconds_to_ns(e.appear_s), e.vanish_s) for name, e in roots.items()}
    first = {name: _initial(e) for name, e in roots.items()}
    found: list[States] = [first]
    drivers = _drivers(scene, layout, fresh, first)
    tows = _tows(scene, fresh, first)
    others = [name for name in roots if known is not None and name in known.rows and name not in fresh]
    shared = dict[str, Any]()
    for k in range(count):
        time_s, before = k * dt_s, found[-1]
        there = {n: s for n, s in before.items() if _lives(lives[n], time_s)}
        situation = Situation(
            map=layout.map, time_s=time_s, dt_s=dt_s, actors=there, sizes=sizes, centers=centers, shared=shared
        )
        after = dict(before)
        after.update((name, known.states[k + 1][name]) for name in others if known is not None)
        after.update((n, driver.step(before[n], situation)) for n, driver in drivers.items() if n in there)
        for name, (tower, tow) in tows.items():
            after[name] = tow.step(before[tower], after[tower], before[name], dt_s)
        found.append(after)
    return found


def _drivers(scene: Scene, layout: WorldLayout, fresh: dict[str, Entity], states: States) -> dict[str, Driver]:
    return {
        e.name: e.behaviour.start(e.name, states[e.name], layout.map, model_of(e.asset).wheelbase_m, scene.seed)
        for e in fresh.values()
        if e.behaviour is not None and e.physics == "kinematic" and not e.behaviour.moves_joints and e.towed_by is None
    }


def _tows(scene: Scene, fresh: dict[str, Entity], states: States) -> dict[str, tuple[str, Tow]]:
    """The trailers with their towers, those in front first."""
    found: dict[str, tuple[str, Tow]] = {}
    waiting = [e for e in fresh.values() if e.towed_by is not None]
    while waiting:
        ready = [e for e in waiting if all(e.towed_by != other.name for other in waiting)]
        for e in ready or waiting:
            assert e.towed_by is not None
            models = model_of(scene.entity(e.towed_by).asset), model_of(e.asset)
            found[e.name] = e.towed_by, Tow.of(*models, states[e.towed_by], states[e.name])
        waiting = [e for e in waiting if ready and e not in ready]
    return found


def _table(name: str, states: Sequence[States], fresh: bool, known: Course | None) -> F8:
    if not fresh and known is not None:
        return known.rows[name]
    if states[-1][name] is states[0][name]:  # it never moved
        return np.tile(_row(states[0][name]), (len(states), 1))
    return np.array([_row(step[name]) for step in states])


def _placed(entity: Entity, scene: Scene, rows: Mapping[str, F8]) -> tuple[F8, F8, Bool]:
    """Poses of an entity at every step, and whether it is there; those who ride go with what carries them."""
    if entity.parent is None:
        table = rows[entity.name]
        return table[:, :3], table[:, 3:7], table[:, 7] > 0.5
    position, quaternion, there = _placed(scene.entity(entity.parent), scene, rows)
    return (*compose(position, quaternion, np.array(entity.position), np.array(entity.quaternion)), there)


def _rates(position: F8) -> F8:
    """Velocities by differences, the last step's repeated."""
    steps = np.diff(position, axis=0) * RATE_HZ
    return np.concatenate([steps, steps[-1:]])


def _lifetimes(scene: Scene, time_s: F8) -> Bool:
    columns = [(time_s >= e.appear_s - 1e-9) & (time_s < e.vanish_s) for e in scene.entities]
    return np.stack(columns, 1) if columns else np.zeros((len(time_s), 0), bool)


def _lives(life: tuple[int, float], time_s: float) -> bool:
    """Whether the scene lets an actor be there at that instant."""
    return life[0] <= seconds_to_ns(time_s) and time_s < life[1]


def _initial(entity: Entity) -> ActorState:
    speed = math.hypot(*entity.velocity_m_s)
    return ActorState(position=entity.position, quaternion=entity.quaternion, speed_m_s=speed)


def _row(state: ActorState) -> tuple[float, ...]:
    return (*state.position, *state.quaternion, float(state.exists))
