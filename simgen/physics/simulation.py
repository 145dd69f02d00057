"""The whole run: actors step by step, then every link's pose and velocity, then contacts."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

import numpy as np

from simgen.assembly import Assembly, wind_of
from simgen.geometry import F8, cross
from simgen.physics.articulation import link_poses
from simgen.physics.bullet_world import BulletWorld
from simgen.physics.cast import Cast, Paths
from simgen.physics.client import Client
from simgen.physics.clock import lead_steps, step_ns, step_times
from simgen.physics.contacts import ContactLog
from simgen.physics.kinematic_contacts import log_kinematic_contacts
from simgen.physics.lead_in import led_in, led_in_frames
from simgen.physics.signals import signal_states
from simgen.physics.swaying import sway_poses
from simgen.physics.velocity import angular_velocity, linear_velocity
from simgen.records.base import I8
from simgen.records.model import Model
from simgen.records.trajectory import Trajectory
from simgen.units import NS_PER_S


def simulate(assembly: Assembly) -> Trajectory:
    """Run the physics of a scene: the pose of every body at every physics step, and who touches whom.

    It depends on the scene's entities, world, clock, wind and seed only, never on its sensors; the same input gives the
    same bits. The trajectory reaches from 0.2 s before the sequence to at least 0.2 s past its end.

    Raises:
        UserError: an entity asks for what cannot be (a dynamic body with a behaviour, a parent that is not there).
        EngineError: PyBullet failed, or a behaviour lost its actor.
    """
    times = step_times(assembly.scene.clock)
    dt_s = step_ns(assembly.scene.clock) / NS_PER_S
    cast = Cast(assembly, times, dt_s)
    log = ContactLog()
    moved = any(e.behaviour is not None and e.behaviour.moves_joints for e in assembly.scene.entities)
    if "free" in cast.roles or moved:
        with Client(dt_s) as client:
            world = BulletWorld(client, assembly, cast, times, dt_s)
            paths = cast.run(world)
            fallen = {row: actor.frames(len(times)) for row, actor in world.actors.items() if actor.links}
        log = world.contacts
    else:
        paths, fallen = cast.run(None), {}
    lead = lead_steps(assembly.scene.clock)
    trajectory = _whole(assembly, cast, led_in(paths, lead), _led(fallen, lead, dt_s), dt_s, lead)
    log_kinematic_contacts(assembly, cast, trajectory.from_zero(), log)
    return trajectory.replace(contacts=log.table())


def _led(fallen: dict[int, list[F8]], lead: int, dt_s: float) -> dict[int, list[F8]]:
    return {row: [led_in_frames(frames, lead, dt_s) for frames in links] for row, links in fallen.items()}


def _whole(
    assembly: Assembly, cast: Cast, paths: Paths, fallen: dict[int, list[F8]], dt_s: float, lead: int
) -> Trajectory:
    step = step_ns(assembly.scene.clock)
    times = step * np.arange(-lead, len(paths.position) - lead, dtype=np.int64)
    bodies = _Bodies.empty(len(times), len(assembly.body_actor))
    _fill(assembly, cast, paths, fallen, bodies, times, dt_s)
    return _trajectory(assembly, times, paths, bodies)


@dataclass(frozen=True, kw_only=True)
class _Bodies:
    """Poses (K, E, 3), (K, E, 4) and velocities of all bodies, filled actor by actor."""

    position: F8
    quaternion: F8
    linear: np.ndarray
    angular: np.ndarray

    @classmethod
    def empty(cls, steps: int, bodies: int) -> _Bodies:
        """Room for everything."""
        return cls(
            position=np.empty((steps, bodies, 3)),
            quaternion=np.empty((steps, bodies, 4)),
            linear=np.zeros((steps, bodies, 3), np.float32),
            angular=np.zeros((steps, bodies, 3), np.float32),
        )


def _fill(
    assembly: Assembly,
    cast: Cast,
    paths: Paths,
    fallen: dict[int, list[F8]],
    bodies: _Bodies,
    times: I8,
    dt_s: float,
) -> None:
    groups: dict[tuple[int, str], list[int]] = {}
    for row, model in enumerate(assembly.models):
        role = "still" if cast.roles[cast.root(row)] == "still" else "moving"
        if row not in fallen:
            groups.setdefault((id(model), role), []).append(row)
    for (_, role), rows in groups.items():
        _fill_kinematic(assembly, paths, rows, bodies, dt_s if role == "moving" else None)
        _fill_swaying(assembly, paths, rows, bodies, times, dt_s)
    for row, frames in fallen.items():
        _fill_fallen(assembly, row, frames, bodies)


def _columns(assembly: Assembly, rows: Iterable[int]) -> np.ndarray:
    """Bodies (A, L) of actors that share a model."""
    first = assembly.actor_body[list(rows)].astype(np.int64)
    return first[:, None] + np.arange(len(assembly.models[next(iter(rows))].links))


def _fill_kinematic(assembly: Assembly, paths: Paths, rows: list[int], bodies: _Bodies, dt_s: float | None) -> None:
    """Actors that share a model, all steps at once; without ``dt_s`` they are still and one step serves for all."""
    steps = slice(None) if dt_s is not None else slice(0, 1)
    position, quaternion = link_poses(
        assembly.models[rows[0]],
        paths.position[steps, rows],
        paths.quaternion[steps, rows],
        paths.distance_m[steps, rows],
        paths.speed_m_s[steps, rows],
        paths.steer_rad[steps, rows],
        paths.door_share[steps, rows],
    )
    columns = _columns(assembly, rows)
    bodies.position[:, columns], bodies.quaternion[:, columns] = position, quaternion
    if dt_s is not None:
        bodies.linear[:, columns] = linear_velocity(position, dt_s)
        bodies.angular[:, columns] = angular_velocity(quaternion, dt_s)


def _fill_swaying(assembly: Assembly, paths: Paths, rows: list[int], bodies: _Bodies, times: I8, dt_s: float) -> None:
    """The foliage of plants that share a model, where there is wind."""
    model = assembly.models[rows[0]]
    link = next((k for k, part in enumerate(model.links) if part.joint.kind == "sway"), None)
    wind = None if link is None else wind_of(assembly.scene)
    if link is None or wind is None:
        return
    columns = _columns(assembly, rows)[:, link]
    root = paths.position[0, rows], paths.quaternion[0, rows]
    position, quaternion = sway_poses(model, link, wind, root, times)
    bodies.position[:, columns], bodies.quaternion[:, columns] = position, quaternion
    bodies.angular[:, columns] = angular_velocity(quaternion, dt_s)


def _fill_fallen(assembly: Assembly, row: int, frames: list[F8], bodies: _Bodies) -> None:
    """An actor that PyBullet moved: one frame a link, or the root's alone and the links fixed to it."""
    model, columns = assembly.models[row], _columns(assembly, [row])[0]
    if len(frames) == len(columns):
        table = np.stack(frames, axis=1)
    else:
        table = _rigid_links(model, frames[0])
    bodies.position[:, columns], bodies.quaternion[:, columns] = table[..., :3], table[..., 3:7]
    bodies.linear[:, columns], bodies.angular[:, columns] = table[..., 7:10], table[..., 10:13]


def _rigid_links(model: Model, root: F8) -> F8:
    zero = np.zeros(len(root))
    position, quaternion = link_poses(model, root[:, :3], root[:, 3:7], zero, zero, zero, zero)
    spin = np.broadcast_to(root[:, None, 10:13], position.shape)
    velocity = root[:, None, 7:10] + cross(spin, position - root[:, None, :3])
    return np.concatenate([position, quaternion, velocity, spin], axis=-1)


def _trajectory(assembly: Assembly, times: I8, paths: Paths, bodies: _Bodies) -> Trajectory:
    entities, models = assembly.scene.entities, assembly.models
    road_map = assembly.layout.map
    return Trajectory(
        time_ns=times,
        position=bodies.position,
        quaternion=bodies.quaternion,
        linear_velocity=bodies.linear,
        angular_velocity=bodies.angular,
        exists=paths.exists,
        body_actor=assembly.body_actor,
        actor_body=assembly.actor_body,
        instance=np.array([e.instance for e in entities], np.uint32),
        box_center=np.array([m.box_center for m in models], np.float32).reshape(-1, 3),
        size=np.array([m.size for m in models], np.float32).reshape(-1, 3),
        signal_state=signal_states(road_map, times),
        indicator=paths.indicator,
        actor_names=tuple(e.name for e in entities),
        body_names=assembly.body_names,
        signal_names=tuple(s.name for s in road_map.signals),
    )
