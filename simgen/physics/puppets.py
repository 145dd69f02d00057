"""Kinematic actors as free bodies meet them: one PyBullet body a link, moved from step to step.

They are kept far away until something free is near, so that they cost nothing.
"""

from __future__ import annotations

from typing import Final

import numpy as np

from simgen.geometry import F8, quat_conjugate, quat_multiply
from simgen.physics.articulation import link_poses
from simgen.physics.bodies import BulletLink, Material, rigid
from simgen.physics.client import Client, blamed_on
from simgen.physics.collision import link_parts
from simgen.physics.contacts import velocity_at
from simgen.physics.scalar import placed
from simgen.physics.velocity import rotation_vector
from simgen.records.actors import ActorState
from simgen.records.model import Model, Vector3

#: where absent puppets wait, m
_LIMBO_M: Final = -20_000.0


class Puppet:
    """The collision bodies of one kinematic actor."""

    def __init__(self, client: Client, row: int, name: str, model: Model) -> None:
        self.row, self.model = row, model
        self.reach_m = 0.6 * sum(s * s for s in model.size) ** 0.5
        self._client = client
        self._links: list[tuple[int, BulletLink]] = []
        self.motions: dict[int, tuple[Vector3, Vector3, Vector3]] = {}
        self._away = False
        material = Material(friction=model.friction, restitution=1.0)
        with blamed_on(name):
            for k, link in enumerate(model.links):
                parts = link_parts(link, concave=False)
                if parts:
                    still = np.array([1.0, 0.0, 0.0, 0.0])
                    body = rigid(client, parts, 0.0, np.zeros(3), still, np.ones(3), np.zeros(3), still)
                    material.apply(client, body)
                    self._links.append((k, BulletLink.of(client, body)))
        self.leave()

    @property
    def bodies(self) -> list[int]:
        """PyBullet's ids."""
        return [link.body for _, link in self._links]

    def centre(self, state: ActorState) -> Vector3:
        """The middle of its box."""
        return placed(state.position, state.quaternion, self.model.box_center)

    def move(self, before: ActorState, after: ActorState, dt_s: float) -> None:
        """Stand where the step begins, with the velocity that ends where it ends."""
        position, quaternion = _poses(self.model, before, after)
        velocity = (position[1] - position[0]) / dt_s
        turned = _between(quaternion[0], quaternion[1]) / dt_s
        for k, link in self._links:
            link.place(position[0, k], quaternion[0, k])
            self._client.resetBaseVelocity(link.body, velocity[k].tolist(), turned[k].tolist())
            self.motions[link.body] = (_triple(position[0, k]), _triple(velocity[k]), _triple(turned[k]))
        self._away = False

    def leave(self) -> None:
        """Wait far away, out of everything's reach."""
        if not self._away:
            for _, link in self._links:
                spot = np.array([0.0, 0.0, _LIMBO_M - 100.0 * link.body])
                link.place(spot, np.array([1.0, 0.0, 0.0, 0.0]))
                self._client.resetBaseVelocity(link.body, [0.0, 0.0, 0.0], [0.0, 0.0, 0.0])
            self._away = True

    def velocity(self, body: int, point: Vector3) -> Vector3:
        """Of the material point of a link's body that is at a place."""
        return velocity_at(*self.motions[body], point)


def _poses(model: Model, before: ActorState, after: ActorState) -> tuple[F8, F8]:
    states = (before, after)
    return link_poses(
        model,
        np.array([s.position for s in states]),
        np.array([s.quaternion for s in states]),
        np.array([s.distance_m for s in states]),
        np.array([s.speed_m_s for s in states]),
        np.array([s.steer_rad for s in states]),
    )


def _between(a: F8, b: F8) -> F8:
    return rotation_vector(quat_multiply(b, quat_conjugate(a)))


def _triple(v: F8) -> Vector3:
    return (float(v[0]), float(v[1]), float(v[2]))
