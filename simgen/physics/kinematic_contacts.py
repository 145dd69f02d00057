"""Contacts among actors that do not move by forces: found after the run, by closest points of their links.

Three sieves, each exact for what it lets go: spheres about the actors over blocks of steps, spheres step by step,
boxes about the links. PyBullet measures what remains.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any, Final

import numpy as np

from simgen.assembly import Assembly
from simgen.geometry import F8, compose, matrix_from_quat, quat_rotate
from simgen.physics.bodies import collision_shapes
from simgen.physics.cast import Cast
from simgen.physics.client import Client
from simgen.physics.collision import Part, bounds, link_parts
from simgen.physics.contacts import ContactLog, Touch, dot, minus, velocity_at
from simgen.records.base import I8, Bool
from simgen.records.model import Model, Vector3
from simgen.records.trajectory import Trajectory

_BLOCK: Final = 32


def log_kinematic_contacts(assembly: Assembly, cast: Cast, trajectory: Trajectory, log: ContactLog) -> None:
    """Enter every touch of two actors of which neither is free, at every step where both exist.

    Pairs of which neither ever moves, and riders with what carries them, are left out.
    """
    driven = [cast.roles[cast.root(row)] == "driven" for row in range(len(cast.roles))]
    if not any(driven):
        return
    spheres = _spheres(assembly, trajectory)
    pairs = _pairs(cast, _near_pairs(spheres, np.array(driven)))
    near = [(a, b, steps) for a, b in pairs if len(steps := _near_steps(spheres, trajectory.exists, a, b))]
    if not near:
        return
    with Client() as client:
        probe = _Probe(client, assembly, trajectory)
        for a, b, steps in near:
            probe.search(a, b, steps, log)


def _pairs(cast: Cast, near: list[tuple[int, int]]) -> Iterator[tuple[int, int]]:
    for a, b in near:
        free = "free" in (cast.roles[cast.root(a)], cast.roles[cast.root(b)])
        if not free and cast.root(a) != cast.root(b):
            yield a, b


@dataclass(frozen=True, kw_only=True)
class _Spheres:
    """Centres (K, M, 3) and radii (M) about the actors; boxes of the centres over blocks of steps (J, M, 3)."""

    center: F8
    radius: F8
    low: F8
    high: F8


def _spheres(assembly: Assembly, trajectory: Trajectory) -> _Spheres:
    roots = trajectory.actor_body
    turn = trajectory.quaternion[:, roots]
    center = trajectory.position[:, roots] + quat_rotate(turn, trajectory.box_center)
    radius = np.array([_radius(model) for model in assembly.models])
    starts = np.arange(0, len(center), _BLOCK)
    return _Spheres(
        center=center,
        radius=radius,
        low=np.minimum.reduceat(center, starts, axis=0),
        high=np.maximum.reduceat(center, starts, axis=0),
    )


def _radius(model: Model) -> float:
    """Of a sphere about the box's centre that limbs stay within, however they swing."""
    return 0.6 * float(np.sqrt(sum(s * s for s in model.size))) + 0.1


def _near_pairs(spheres: _Spheres, driven: Bool) -> list[tuple[int, int]]:
    """Pairs in order of which one is driven and whose spheres' boxes meet in some block; block by block in numpy."""
    reach = spheres.radius[:, None] + spheres.radius[None]
    found = np.zeros(reach.shape, np.bool_)
    for low, high in zip(spheres.low, spheres.high, strict=True):
        apart = np.zeros(reach.shape)
        for axis in range(3):
            np.maximum(apart, low[:, None, axis] - high[None, :, axis], out=apart)
            np.maximum(apart, low[None, :, axis] - high[:, None, axis], out=apart)
        found |= apart < reach
    found &= driven[:, None] | driven[None]
    return [(int(a), int(b)) for a, b in np.argwhere(np.triu(found, 1))]


def _near_steps(spheres: _Spheres, exists: Bool, a: int, b: int) -> I8:
    reach = spheres.radius[a] + spheres.radius[b]
    gap = np.maximum(spheres.low[:, a] - spheres.high[:, b], spheres.low[:, b] - spheres.high[:, a]).max(-1)
    blocks = np.flatnonzero(gap < reach)
    if not len(blocks):
        return blocks
    steps = (blocks[:, None] * _BLOCK + np.arange(_BLOCK)).ravel()
    steps = steps[steps < len(exists)].astype(np.int64)
    apart = spheres.center[steps, a] - spheres.center[steps, b]
    found: I8 = steps[((apart * apart).sum(-1) < reach * reach) & exists[steps, a] & exists[steps, b]]
    return found


@dataclass(frozen=True, kw_only=True)
class _Solids:
    """Every collision part of an actor, with the link that carries it."""

    parts: tuple[Part, ...]
    bodies: I8
    shapes: tuple[int, ...]
    low: F8
    high: F8

    def poses(self, t: Trajectory, steps: I8) -> tuple[F8, F8, F8, F8]:
        """Of the parts at some steps: positions, quaternions (xyzw), and the lowest and highest corners of boxes.

        The boxes are exact for boxes and generous for the rest.
        """
        link_p, link_q = t.position[steps][:, self.bodies], t.quaternion[steps][:, self.bodies]
        center = link_p + quat_rotate(link_q, (self.low + self.high) / 2)
        half = (np.abs(matrix_from_quat(link_q)) * ((self.high - self.low) / 2)[:, None, :]).sum(-1)
        own_p, own_q = np.array([p.position for p in self.parts]), np.array([p.quaternion for p in self.parts])
        position, quaternion = compose(link_p, link_q, own_p, own_q)
        return position, quaternion[..., [1, 2, 3, 0]], center - half, center + half


class _Probe:
    """Measures pairs of parts with PyBullet; its shapes are made when first needed."""

    def __init__(self, client: Client, assembly: Assembly, trajectory: Trajectory) -> None:
        self._client, self._assembly, self._trajectory = client, assembly, trajectory
        self._made: dict[int, _Solids] = {}

    def search(self, a: int, b: int, steps: I8, log: ContactLog) -> None:
        """Enter the touches of two actors at some steps."""
        solids_a, solids_b = self._solids(a), self._solids(b)
        if not solids_a.parts or not solids_b.parts:
            return
        pa, qa, low_a, high_a = solids_a.poses(self._trajectory, steps)
        pb, qb, low_b, high_b = solids_b.poses(self._trajectory, steps)
        overlap = ((low_a[:, :, None] <= high_b[:, None]) & (low_b[:, None] <= high_a[:, :, None])).all(-1)
        for s, i, j in np.argwhere(overlap).tolist():
            points = self._client.getClosestPoints(
                bodyA=-1,
                bodyB=-1,
                distance=0.0,
                collisionShapeA=solids_a.shapes[i],
                collisionShapeB=solids_b.shapes[j],
                collisionShapePositionA=pa[s, i].tolist(),
                collisionShapeOrientationA=qa[s, i].tolist(),
                collisionShapePositionB=pb[s, j].tolist(),
                collisionShapeOrientationB=qb[s, j].tolist(),
            )
            for point in points:
                if point[8] < 0.0:
                    bodies = int(solids_a.bodies[i]), int(solids_b.bodies[j])
                    self._log(int(steps[s]), (a, b), bodies, point, log)

    def _solids(self, row: int) -> _Solids:
        if row not in self._made:
            model, first = self._assembly.models[row], int(self._assembly.actor_body[row])
            found = [(p, first + k) for k, link in enumerate(model.links) for p in link_parts(link, concave=False)]
            corners = [bounds(part) for part, _ in found]
            self._made[row] = _Solids(
                parts=tuple(part for part, _ in found),
                bodies=np.array([body for _, body in found], np.int64),
                shapes=tuple(collision_shapes(self._client, part, placed=False)[0] for part, _ in found),
                low=np.array([low for low, _ in corners]).reshape(-1, 3),
                high=np.array([high for _, high in corners]).reshape(-1, 3),
            )
        return self._made[row]

    def _log(self, step: int, rows: tuple[int, int], bodies: tuple[int, int], point: Any, log: ContactLog) -> None:
        t = self._trajectory
        gap = minus(_velocity(t, step, bodies[0], point[5]), _velocity(t, step, bodies[1], point[6]))
        touch = Touch(
            a=int(t.instance[rows[0]]),
            b=int(t.instance[rows[1]]),
            position=point[5],
            normal=point[7],
            force=0.0,
            overlap=-point[8],
            closing_speed=-dot(gap, point[7]),
        )
        log.add(int(t.time_ns[step]), touch.ordered(point[6]))


def _velocity(t: Trajectory, step: int, body: int, point: Vector3) -> Vector3:
    origin, speed, spin = (field[step, body].tolist() for field in (t.position, t.linear_velocity, t.angular_velocity))
    return velocity_at(tuple(origin), tuple(speed), tuple(spin), point)
