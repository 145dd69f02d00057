"""Actors that forces move: rigid bodies from a model's parts, or robots and things from a description file."""

from __future__ import annotations

from array import array as number_array
from dataclasses import dataclass
from pathlib import Path

import numpy as np

from simgen.assembly import rest_pose
from simgen.errors import UserError
from simgen.geometry import F8, compose, quat_conjugate, quat_rotate
from simgen.physics.bodies import BulletLink, Material, Reading, rigid
from simgen.physics.client import Client, blamed_on
from simgen.physics.collision import Part, bounds, link_parts, mass_properties
from simgen.physics.motors import HOLDING_FORCE, Motors
from simgen.placement.scalar import placed, product
from simgen.records.actors import ActorState, JointDriver
from simgen.records.model import Model, Quaternion, Vector3
from simgen.scene import Entity


@dataclass(frozen=True, kw_only=True)
class Passenger:
    """Something that rides on a rigid body and is one with it."""

    model: Model
    position: F8
    quaternion: F8


class FreeActor:
    """One actor in PyBullet's hands, from when it appears until it vanishes."""

    def __init__(self, client: Client, row: int, entity: Entity, model: Model, passengers: list[Passenger]) -> None:
        self.row, self.entity, self.model = row, entity, model
        self.described = bool(model.description_file)
        self._client, self._passengers = client, passengers
        self.links: list[BulletLink] = []
        self.readings: list[Reading] = []
        self.bodies: tuple[int, ...] = ()
        self.reach_m = 0.5 * sum(s * s for s in model.size) ** 0.5
        self._log = number_array("d")
        self._logged = 0
        self._joint_driver: JointDriver | None = None

    @property
    def there(self) -> bool:
        """Whether PyBullet holds it now."""
        return bool(self.bodies)

    def create(self, step: int) -> None:
        """Enter PyBullet's world at a step; until then it stood still at its first pose.

        Raises:
            UserError: it has nothing that could collide, or no mass.
            EngineError: PyBullet refuses it.
        """
        with blamed_on(self.entity.name):
            if self.described:
                self._load()
            else:
                self._build()
        self.readings = [link.read() for link in self.links]
        inverse = quat_conjugate(self.links[0].axes)
        self._root_turn: Quaternion = tuple(inverse.tolist())
        self._root_shift: Vector3 = tuple(quat_rotate(inverse, -self.links[0].com).tolist())
        self._write(step + 1 - self._logged, moving=False)

    def remove(self) -> None:
        """Leave PyBullet's world; from then on it stands still where it was."""
        for body in self.bodies:
            self._client.removeBody(body)
        self.bodies = ()

    def read(self) -> None:
        """Take down where it is after a step."""
        if self.bodies:
            self.readings = [link.read() for link in self.links]
            self._write(1, moving=True)

    def state(self) -> ActorState:
        """As others see it."""
        reading = self.readings[0]
        x, y, z, w = reading[3:7]
        com: Vector3 = (reading[0], reading[1], reading[2])
        return ActorState(
            position=placed(com, (w, x, y, z), self._root_shift),
            quaternion=product((w, x, y, z), self._root_turn),
            speed_m_s=sum(v * v for v in reading[7:10]) ** 0.5,
        )

    def drive(self, time_s: float, seed: int) -> None:
        """Tell the motors of its joints where to be at an instant, if a behaviour moves them."""
        behaviour = self.entity.behaviour
        if behaviour is None or not behaviour.moves_joints or not self.there:
            return
        if self._joint_driver is None:
            self._joint_driver = behaviour.start_joints(self.entity.name, self.motors.joints, seed)
        self.motors.aim(self._joint_driver.targets(time_s))

    def frames(self, steps: int) -> list[F8]:
        """Every recorded link's pose and velocity at every step, each (K, 13)."""
        if self._logged < steps:
            self._write(steps - self._logged, moving=False)
        table = np.frombuffer(self._log, np.float64).reshape(steps, len(self.links), 13)
        return [link.frames(table[:, k]) for k, link in enumerate(self.links)]

    def motion(self, body: int, index: int) -> tuple[Vector3, Vector3, Vector3]:
        """Centre of mass, velocity and spin of PyBullet's link ``index`` of a body at the last reading."""
        at = (k for k, link in enumerate(self.links) if (link.body, link.index) == (body, index))
        r = self.readings[next(at, 0) if self.described else 0]
        return (r[0], r[1], r[2]), (r[7], r[8], r[9]), (r[10], r[11], r[12])

    def _write(self, times: int, *, moving: bool) -> None:
        for _ in range(times):
            for reading in self.readings:
                self._log.extend(reading if moving else (*reading[:7], *(0.0,) * 6))
        self._logged += times
        if times and not moving and self.bodies:
            # The step at which it appears already has its first velocity.
            width = 13 * len(self.readings)
            self._log[-width:] = number_array("d", [x for reading in self.readings for x in reading])

    def _build(self) -> None:
        model, client = self.model, self._client
        groups = [(model_parts(model), model.mass_kg)]
        for rider in self._passengers:
            groups.append(
                ([p.moved(rider.position, rider.quaternion) for p in model_parts(rider.model)], rider.model.mass_kg)
            )
        groups = [(parts, mass) for parts, mass in groups if parts]
        if not groups or min(mass for _, mass in groups) <= 0.0:
            raise UserError(f"{self.entity.name!r} is dynamic, but its model has no mesh, no shapes or no mass")
        inertia = mass_properties(groups)
        parts = [part for group, _ in groups for part in group]
        position, quaternion = np.array(self.entity.position), np.array(self.entity.quaternion)
        mass = sum(m for _, m in groups)
        body = rigid(client, parts, mass, inertia.center, inertia.quaternion, inertia.moments, position, quaternion)
        material = Material(friction=model.friction, restitution=model.restitution, rolling_m=model.rolling_m)
        material.apply(client, body)
        corners = np.array([corner for part in parts for corner in bounds(part)]) - inertia.center
        self.reach_m = float(np.sqrt((np.abs(corners).max(0) ** 2).sum()))
        self.links, self.bodies = [BulletLink.of(client, body)], (body,)
        client.resetBaseVelocity(body, list(self.entity.velocity_m_s), [0.0, 0.0, 0.0])

    def _load(self) -> None:
        entity, client, fixed = self.entity, self._client, self.entity.physics != "dynamic"
        self.bodies = _load_description(client, self.model, fixed=fixed)
        _move_together(client, self.bodies, np.array(entity.position), np.array(entity.quaternion))
        self.links = _links_by_name(client, self.bodies, self.model)
        for body in self.bodies:
            for index in range(-1, client.getNumJoints(body)):
                client.changeDynamics(body, index, linearDamping=0.0, angularDamping=0.0)
            _hold(client, body)
            if not fixed:
                client.resetBaseVelocity(body, list(entity.velocity_m_s), [0.0, 0.0, 0.0])
        self.motors = Motors(client, self.links, self.model)


def model_parts(model: Model) -> list[Part]:
    """Every convex part of a model at rest, in its root frame."""
    return [
        part.moved(*rest_pose(model, k))
        for k, link in enumerate(model.links)
        for part in link_parts(link, concave=False)
    ]


def _load_description(client: Client, model: Model, *, fixed: bool) -> tuple[int, ...]:
    path = model.description_file
    if not Path(path).is_file():
        raise UserError(f"the description file {path!r} does not exist")
    if path.lower().endswith(".sdf"):
        return tuple(client.loadSDF(path, globalScaling=model.description_scale))
    if path.lower().endswith(".xml"):
        return _load_mjcf(client, path, model)
    return (client.loadURDF(path, useFixedBase=fixed, globalScaling=model.description_scale),)


def _load_mjcf(client: Client, path: str, model: Model) -> tuple[int, ...]:
    """The one body of a file that has the model's last link; grounds and other bodies are taken away again."""
    loaded = tuple(client.loadMJCF(path))
    wanted = model.links[-1].name
    own = [body for body in loaded if wanted in _names(client, body)]
    for body in loaded:
        if body not in own[:1]:
            client.removeBody(body)
    if not own:
        raise UserError(f"{path!r}: PyBullet finds no link {wanted!r} in it")
    return (own[0],)


def _names(client: Client, body: int) -> dict[str, int]:
    """Links by name, and by that of the joint that moves them, ``_joint`` behind it if need be; the base is -1."""
    found = {client.getBodyInfo(body)[0].decode(): -1}
    joints = [client.getJointInfo(body, index) for index in range(client.getNumJoints(body))]
    found |= {joint[12].decode(): joint[0] for joint in joints if joint[12].decode() not in found}
    moved = {joint[1].decode(): joint[0] for joint in joints}
    return {**{f"{name}_joint": index for name, index in moved.items()}, **moved, **found}


def _move_together(client: Client, bodies: tuple[int, ...], position: F8, quaternion: F8) -> None:
    """Put the first body's base frame at a pose; the others keep their pose relative to it."""
    bases = [BulletLink.of(client, body) for body in bodies]
    frames = [base.frames(np.array(base.read())) for base in bases]
    turn = quat_conjugate(frames[0][3:7])
    for base, frame in zip(bases, frames, strict=True):
        base.place(*compose(position, quaternion, *compose(np.zeros(3), turn, frame[:3] - frames[0][:3], frame[3:7])))


def _links_by_name(client: Client, bodies: tuple[int, ...], model: Model) -> list[BulletLink]:
    """PyBullet's link for each of the model's, the root being the first body's base."""
    known: dict[str, tuple[int, int]] = {}
    for body in bodies:
        for name, index in _names(client, body).items():
            known.setdefault(name, (body, index))
    missing = [link.name for link in model.links[1:] if link.name not in known]
    if missing:
        raise UserError(f"{model.description_file!r} has no link {missing[0]!r} (it has: {', '.join(sorted(known))})")
    where = [(bodies[0], -1), *(known[link.name] for link in model.links[1:])]
    return [BulletLink.of(client, body, index) for body, index in where]


def _hold(client: Client, body: int) -> None:
    """Motors that keep every joint where it rests."""
    for index in range(client.getNumJoints(body)):
        info = client.getJointInfo(body, index)
        force = info[10] if info[10] > 0.0 else HOLDING_FORCE
        if info[2] in (client.JOINT_REVOLUTE, client.JOINT_PRISMATIC):
            client.setJointMotorControl2(body, index, client.POSITION_CONTROL, targetPosition=0.0, force=force)
        elif info[2] == client.JOINT_SPHERICAL:
            client.setJointMotorControlMultiDof(
                body, index, client.POSITION_CONTROL, targetPosition=[0, 0, 0, 1], force=[force] * 3
            )
