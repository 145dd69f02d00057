"""Kinematic actors as free bodies meet them: one PyBullet body a link, moved from step to step.

They are kept far away until something free is near, so that they cost nothing.
"""

from __future__ import annotations

from typing import Final

import numpy as np

from simgen.physics.bodies import Material, rigid
from simgen.physics.client import Client, blamed_on
from simgen.physics.collision import link_parts
from simgen.physics.contacts import minus, velocity_at
from simgen.physics.scalar import link_poses
from simgen.placement.scalar import placed, rotated, turn_between
from simgen.records.actors import ActorState
from simgen.records.model import Model, Quaternion, Vector3

#: where absent puppets wait, m
_LIMBO_M: Final = -20_000.0


class Puppet:
    """The collision bodies of one kinematic actor."""

    def __init__(self, client: Client, row: int, name: str, model: Model) -> None:
        self.row, self.model = row, model
        self.reach_m = 0.6 * sum(s * s for s in model.size) ** 0.5
        self._client = client
        self._links: list[tuple[int, int]] = []
        self._known: tuple[ActorState, list[tuple[Vector3, Quaternion]]] | None = None
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
                    self._links.append((k, body))
        self.leave()

    @property
    def bodies(self) -> list[int]:
        """PyBullet's ids."""
        return [body for _, body in self._links]

    def centre(self, state: ActorState) -> Vector3:
        """The middle of its box."""
        return placed(state.position, state.quaternion, self.model.box_center)

    def move(self, before: ActorState, after: ActorState, dt_s: float) -> None:
        """Stand where the step begins, with the velocity that ends where it ends."""
        if self._known is None or self._known[0] is not before:
            self._known = (before, link_poses(self.model, before))
        here, there = self._known[1], link_poses(self.model, after)
        self._known = (after, there)
        for k, body in self._links:
            (p, q), (p_next, q_next) = here[k], there[k]
            x, y, z = minus(p_next, p)
            bx, by, bz = rotated(q, self.model.links[k].belt_m_s)
            velocity: Vector3 = (x / dt_s + bx, y / dt_s + by, z / dt_s + bz)
            x, y, z = turn_between(q, q_next)
            spin: Vector3 = (x / dt_s, y / dt_s, z / dt_s)
            self._client.resetBasePositionAndOrientation(body, p, (q[1], q[2], q[3], q[0]))
            self._client.resetBaseVelocity(body, velocity, spin)
            self.motions[body] = (p, velocity, spin)
        self._away = False

    def leave(self) -> None:
        """Wait far away, out of everything's reach."""
        if not self._away:
            for _, body in self._links:
                spot = (0.0, 0.0, _LIMBO_M - 100.0 * body)
                self._client.resetBasePositionAndOrientation(body, spot, (0.0, 0.0, 0.0, 1.0))
                self._client.resetBaseVelocity(body, (0.0, 0.0, 0.0), (0.0, 0.0, 0.0))
            self._away = True

    def velocity(self, body: int, point: Vector3) -> Vector3:
        """Of the material point of a link's body that is at a place."""
        return velocity_at(*self.motions[body], point)
