"""Contacts among actors that do not move by forces: found after the run, by closest points of their links.

Four sieves, each exact for what it lets go: spheres about the actors over blocks of steps, spheres step by step, boxes
about the actors, boxes about their collision parts. PyBullet measures what remains.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any, Final

import numpy as np

from simgen.assembly import Assembly
from simgen.geometry import F8, quat_rotate
from simgen.physics.bodies import collision_shapes
from simgen.physics.cast import Cast
from simgen.physics.client import Client
from simgen.physics.contacts import ContactLog, Touch, dot, minus, velocity_at
from simgen.physics.solids import Solid
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


class _Probe:
    """Measures pairs of actors with PyBullet. What they need is made when first needed, and shared by equal models."""

    def __init__(self, client: Client, assembly: Assembly, trajectory: Trajectory) -> None:
        self._client, self._assembly, self._trajectory = client, assembly, trajectory
        self._solids: dict[int, Solid] = {}
        self._extents: dict[int, tuple[F8, F8]] = {}
        self._shapes: dict[tuple[int, int], int] = {}

    def search(self, a: int, b: int, steps: I8, log: ContactLog) -> None:
        """Enter the touches of two actors at some steps."""
        if not self._solid(a).parts or not self._solid(b).parts:
            return
        steps = steps[self._meet(a, b, steps)]
        if not len(steps):
            return
        low_a, high_a = self._solid(a).part_boxes(self._trajectory, self._root(a), steps)
        low_b, high_b = self._solid(b).part_boxes(self._trajectory, self._root(b), steps)
        overlap = ((low_a[:, :, None] <= high_b[:, None]) & (low_b[:, None] <= high_a[:, :, None])).all(-1)
        found = np.argwhere(overlap)
        if len(found):
            self._measure((a, b), steps[found[:, 0]], (found[:, 1], found[:, 2]), log)

    def _meet(self, a: int, b: int, steps: I8) -> Bool:
        """Whether the boxes about the two actors do, at some steps."""
        (low_a, high_a), (low_b, high_b) = (
            (low[steps if len(low) > 1 else [0]], high[steps if len(high) > 1 else [0]])
            for low, high in (self._extent(a), self._extent(b))
        )
        meet = np.asarray(((low_a <= high_b) & (low_b <= high_a)).all(-1))
        return np.broadcast_to(meet, steps.shape)

    def _measure(self, rows: tuple[int, int], steps: I8, parts: tuple[I8, I8], log: ContactLog) -> None:
        """Enter the touches of pairs of parts, one pair at each of the steps."""
        (pa, qa), (pb, qb) = (
            self._solid(row).part_poses(self._trajectory, self._root(row), steps, part)
            for row, part in zip(rows, parts, strict=True)
        )
        for n, (step, i, j) in enumerate(zip(steps.tolist(), parts[0].tolist(), parts[1].tolist(), strict=True)):
            points = self._client.getClosestPoints(
                bodyA=-1,
                bodyB=-1,
                distance=0.0,
                collisionShapeA=self._shape(rows[0], i),
                collisionShapeB=self._shape(rows[1], j),
                collisionShapePositionA=pa[n].tolist(),
                collisionShapeOrientationA=qa[n].tolist(),
                collisionShapePositionB=pb[n].tolist(),
                collisionShapeOrientationB=qb[n].tolist(),
            )
            bodies = self._body(rows[0], i), self._body(rows[1], j)
            for point in points:
                if point[8] < 0.0:
                    self._log(step, rows, bodies, point, log)

    def _root(self, row: int) -> int:
        return int(self._assembly.actor_body[row])

    def _body(self, row: int, part: int) -> int:
        return self._root(row) + int(self._solid(row).links[part])

    def _solid(self, row: int) -> Solid:
        model = self._assembly.models[row]
        if id(model) not in self._solids:
            self._solids[id(model)] = Solid.of(model)
        return self._solids[id(model)]

    def _extent(self, row: int) -> tuple[F8, F8]:
        if row not in self._extents:
            self._extents[row] = self._solid(row).extent(self._trajectory, self._root(row))
        return self._extents[row]

    def _shape(self, row: int, part: int) -> int:
        key = id(self._assembly.models[row]), part
        if key not in self._shapes:
            self._shapes[key] = collision_shapes(self._client, self._solid(row).parts[part], placed=False)[0]
        return self._shapes[key]

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
