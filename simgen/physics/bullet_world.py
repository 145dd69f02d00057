"""Everything that free bodies can meet, in one PyBullet world, stepped along with the kinematic actors.

Materials: Bullet multiplies the friction of both partners, and their restitution. What has no mass (ground, walls,
kinematic actors) has restitution 1, so a free body's own value decides how it bounces off them.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from simgen.assembly import Assembly, model_of, prop_asset, rest_pose
from simgen.geometry import F8, compose, quat_from_yaw, quat_rotate
from simgen.physics.bodies import Material, immovable, xyzw
from simgen.physics.cast import Cast
from simgen.physics.client import Client, blamed_on
from simgen.physics.collision import link_parts, shape_parts, triangle_part
from simgen.physics.contacts import ContactLog, Touch, dot, minus, velocity_at
from simgen.physics.free import FreeActor, Passenger
from simgen.physics.puppets import Puppet
from simgen.records.actors import ActorState
from simgen.records.base import I8
from simgen.records.layout import WorldLayout
from simgen.records.model import Model, Vector3
from simgen.records.window import relative_pose
from simgen.units import NS_PER_S
from simgen.weather.base import together

#: puppets stand in the way of free bodies from this far, m
_NEAR_M = 1.0


@dataclass(frozen=True, kw_only=True)
class Belt:
    """A body that stays where it is while its surface runs: friction carries along what lies on it."""

    client: Client
    body: int
    position: list[float]
    #: xyzw
    quaternion: list[float]
    velocity: list[float]

    @classmethod
    def of(cls, client: Client, body: int, position: F8, quaternion: F8, belt_m_s: Vector3) -> Belt:
        """Of a link at a pose, whose surface runs at a velocity in the link's frame."""
        velocity = quat_rotate(quaternion, np.array(belt_m_s)).tolist()
        return cls(client=client, body=body, position=position.tolist(), quaternion=xyzw(quaternion), velocity=velocity)

    def run(self) -> None:
        """Before a step: back to its place, with the velocity that contacts shall see."""
        self.client.resetBasePositionAndOrientation(self.body, self.position, self.quaternion)
        self.client.resetBaseVelocity(self.body, self.velocity, [0.0, 0.0, 0.0])


class BulletWorld:
    """The free actors of a scene and what stands in their way."""

    def __init__(self, client: Client, assembly: Assembly, cast: Cast, time_ns: I8, dt_s: float) -> None:
        self.contacts = ContactLog()
        self._client, self._cast, self._time_ns, self._dt_s = client, cast, time_ns, dt_s
        entities, models = assembly.scene.entities, assembly.models
        self._instances = [e.instance for e in entities]
        self._puppets: dict[int, Puppet] = {}
        self._body_row: dict[int, int] = {}
        self.actors: dict[int, FreeActor] = {}
        carried = {r for r in range(len(entities)) if cast.root(r) != r and cast.roles[cast.root(r)] == "free"}
        self._belts: list[Belt] = []
        self._seed = assembly.scene.seed
        _build_layout(client, assembly.layout, _grip(assembly), self._belts)
        for row, (entity, model) in enumerate(zip(entities, models, strict=True)):
            role = cast.roles[row]
            if role == "free" or (role == "still" and model.description_file):
                self.actors[row] = FreeActor(client, row, entity, model, _passengers(cast, models, row))
            elif role == "still" and cast.always(row):
                self._build_still(assembly, row)
            elif row not in carried:
                self._puppets[row] = Puppet(client, row, entity.name, model)
                self._body_row.update(dict.fromkeys(self._puppets[row].bodies, row))
        self._come_and_go(0)

    def step(self, index: int, before: list[ActorState], after: list[ActorState]) -> dict[int, ActorState]:
        """Advance from step ``index`` to the next; see :class:`~simgen.physics.cast.Dynamics`."""
        self._move_puppets(index, before, after)
        for belt in self._belts:
            belt.run()
        for actor in self.actors.values():
            actor.drive(int(self._time_ns[index + 1]) / NS_PER_S, self._seed)
        self._client.stepSimulation()
        # The points were found where the step began; the impulses acted until it ended.
        self._log_contacts(int(self._time_ns[index]))
        for actor in self.actors.values():
            actor.read()
        self._come_and_go(index + 1)
        return {row: a.state() for row, a in self.actors.items() if a.there and self._cast.roles[row] == "free"}

    def _come_and_go(self, index: int) -> None:
        now = int(self._time_ns[index])
        for row, actor in self.actors.items():
            present = self._cast.present(row, now)
            if present and not actor.there:
                actor.create(index)
                self._body_row.update(dict.fromkeys(actor.bodies, row))
            elif actor.there and not present:
                actor.remove()

    def _build_still(self, assembly: Assembly, row: int) -> None:
        entity = assembly.scene.entities[row]
        with blamed_on(entity.name):
            pose = np.array(entity.position), np.array(entity.quaternion)
            bodies = _stand(self._client, assembly.models[row], *pose, self._belts)
        self._body_row.update(dict.fromkeys(bodies, row))

    def _move_puppets(self, index: int, before: list[ActorState], after: list[ActorState]) -> None:
        now = int(self._time_ns[index])
        free = [(r[:3], a.reach_m) for a in self.actors.values() if a.there for r in a.readings]
        for row, puppet in self._puppets.items():
            if before[row].exists and self._cast.present(row, now) and _near(puppet, before[row], free):
                puppet.move(before[row], after[row], self._dt_s)
            else:
                puppet.leave()

    def _log_contacts(self, time_ns: int) -> None:
        for point in self._client.getContactPoints():
            distance, force = point[8], point[9]
            if distance > 0.0 and force <= 0.0:
                continue
            a, b = (self._body_row.get(body, -1) for body in point[1:3])
            if a == b:
                continue
            gap = minus(
                self._velocity(a, point[1], point[3], point[5]), self._velocity(b, point[2], point[4], point[6])
            )
            touch = Touch(
                a=self._instances[a] if a >= 0 else 0,
                b=self._instances[b] if b >= 0 else 0,
                position=point[5],
                normal=point[7],
                force=force,
                overlap=-distance,
                closing_speed=-dot(gap, point[7]),
            )
            self.contacts.add(time_ns, touch.ordered(point[6]))

    def _velocity(self, row: int, body: int, link: int, point: Vector3) -> Vector3:
        if row in self.actors:
            return velocity_at(*self.actors[row].motion(body, link), point)
        if row in self._puppets:
            return self._puppets[row].velocity(body, point)
        return (0.0, 0.0, 0.0)


def _near(puppet: Puppet, state: ActorState, free: list[tuple[tuple[float, ...], float]]) -> bool:
    x, y, z = puppet.centre(state)
    for spot, reach in free:
        limit = puppet.reach_m + reach + _NEAR_M
        if (spot[0] - x) ** 2 + (spot[1] - y) ** 2 + (spot[2] - z) ** 2 < limit * limit:
            return True
    return False


def _passengers(cast: Cast, models: tuple[Model, ...], row: int) -> list[Passenger]:
    """Everything that rides on a free actor, in its root frame."""
    riders = [r for r in range(len(models)) if r != row and cast.root(r) == row]
    root = cast.states[row]
    found = []
    for r in riders:
        p, q = _relative(root, cast.states[r])
        found.append(Passenger(model=models[r], position=p, quaternion=q))
    return found


def _relative(root: ActorState, other: ActorState) -> tuple[F8, F8]:
    return relative_pose(
        np.array(root.position), np.array(root.quaternion), np.array(other.position), np.array(other.quaternion)
    )


def _grip(assembly: Assembly) -> float:
    """What weather makes of the ground's friction at the start; nothing under a roof."""
    if assembly.layout.indoor or not assembly.scene.weather:
        return 1.0
    return together(assembly.scene.weather).surface.grip


def _build_layout(client: Client, layout: WorldLayout, grip: float, belts: list[Belt]) -> None:
    """Ground, walls and untracked props; what has no shapes collides as it looks, triangle by triangle.

    ``grip``: friction relative to the dry ground's.
    """
    origin, still = np.zeros(3), np.array([1.0, 0.0, 0.0, 0.0])
    material = Material(friction=layout.friction * grip, restitution=1.0)
    with blamed_on("the world"):
        for shape in layout.shapes:
            for part in shape_parts(shape, layout.mesh, concave=True):
                immovable(client, part, material, origin, still)
        if not layout.shapes and len(layout.mesh.triangles):
            immovable(client, triangle_part(layout.mesh), material, origin, still)
    for prop in layout.props:
        if not prop.tracked:
            with blamed_on(prop.name):
                pose = np.array(prop.position), quat_from_yaw(prop.yaw_rad)
                _stand(client, model_of(prop_asset(prop)), *pose, belts)


def _stand(client: Client, model: Model, position: F8, quaternion: F8, belts: list[Belt]) -> list[int]:
    """The bodies of a model that never moves, every link at rest; those whose surface runs are added to the belts."""
    material = Material(friction=model.friction, restitution=1.0)
    bodies = []
    for k, link in enumerate(model.links):
        pose = compose(position, quaternion, *rest_pose(model, k))
        for part in link_parts(link, concave=True):
            bodies += immovable(client, part, material, *pose)
            if any(link.belt_m_s):
                belts.append(Belt.of(client, bodies[-1], *pose, link.belt_m_s))
    return bodies


__all__ = ["BulletWorld"]
