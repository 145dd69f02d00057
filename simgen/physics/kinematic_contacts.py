"""Contacts among actors that do not move by forces: found after the run, by closest points of their links.

Three sieves, each exact for what it lets go: spheres about the actors over blocks of steps, spheres step by step,
boxes about the links. PyBullet measures what remains.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import lru_cache
from itertools import combinations
from typing import Any, Final

import numpy as np

from simgen.assembly import Assembly
from simgen.geometry import F8, matrix_from_quat, quat_rotate
from simgen.physics.bodies import collision_shapes, xyzw
from simgen.physics.cast import Cast
from simgen.physics.client import Client
from simgen.physics.collision import Part, bounds, link_parts
from simgen.physics.contacts import ContactLog, Touch, dot, minus, velocity_at
from simgen.records.base import Bool
from simgen.records.model import Link, Model, Vector3
from simgen.records.trajectory import Trajectory

_BLOCK: Final = 32


def log_kinematic_contacts(assembly: Assembly, cast: Cast, trajectory: Trajectory, log: ContactLog) -> None:
    """Enter every touch of two actors of which neither is free, at every step where both exist.

    Pairs of which neither ever moves, and riders with what carries them, are left out.
    """
    pairs = list(_pairs(cast, trajectory))
    if not pairs:
        return
    spheres = _spheres(assembly, trajectory)
    near = [(a, b, steps) for a, b in pairs if len(steps := _near_steps(spheres, trajectory.exists, a, b))]
    if not near:
        return
    with Client() as client:
        probe = _Probe(client, assembly, trajectory)
        for a, b, steps in near:
            probe.search(a, b, steps, log)


def _pairs(cast: Cast, trajectory: Trajectory) -> Any:
    rows = [r for r in range(len(cast.roles)) if cast.roles[cast.root(r)] != "free"]
    moving = {r: cast.roles[cast.root(r)] == "driven" for r in rows}
    for a, b in combinations(rows, 2):
        if (moving[a] or moving[b]) and cast.root(a) != cast.root(b):
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
    return 0.6 * sum(s * s for s in model.size) ** 0.5 + 0.1


def _near_steps(spheres: _Spheres, exists: Bool, a: int, b: int) -> Any:
    reach = spheres.radius[a] + spheres.radius[b]
    gap = np.maximum(spheres.low[:, a] - spheres.high[:, b], spheres.low[:, b] - spheres.high[:, a]).max(-1)
    blocks = np.flatnonzero(gap < reach)
    if not len(blocks):
        return blocks
    steps = (blocks[:, None] * _BLOCK + np.arange(_BLOCK)).ravel()
    steps = steps[steps < len(exists)]
    apart = spheres.center[steps, a] - spheres.center[steps, b]
    return steps[((apart * apart).sum(-1) < reach * reach) & exists[steps, a] & exists[steps, b]]


@lru_cache(maxsize=512)
def _parts(link: Link) -> tuple[Part, ...]:
    return tuple(link_parts(link, concave=False))


class _Probe:
    """Measures pairs of links with PyBullet; its shapes are made when first needed."""

    def __init__(self, client: Client, assembly: Assembly, trajectory: Trajectory) -> None:
        self._client, self._assembly, self._trajectory = client, assembly, trajectory
        self._shapes: dict[int, list[tuple[int, Part]]] = {}
        self._boxes: dict[int, tuple[F8, F8]] = {}

    def search(self, a: int, b: int, steps: Any, log: ContactLog) -> None:
        """Enter the touches of two actors at some steps."""
        bodies_a, bodies_b = self._solid(a), self._solid(b)
        low_a, high_a = self._extents(bodies_a, steps)
        low_b, high_b = self._extents(bodies_b, steps)
        overlap = ((low_a[:, :, None] <= high_b[:, None]) & (low_b[:, None] <= high_a[:, :, None])).all(-1)
        for s, i, j in np.argwhere(overlap):
            self._measure(int(steps[s]), a, b, bodies_a[i], bodies_b[j], log)

    def _link(self, body: int) -> Link:
        row = int(self._assembly.body_actor[body])
        return self._assembly.models[row].links[body - int(self._assembly.actor_body[row])]

    def _solid(self, row: int) -> list[int]:
        first = int(self._assembly.actor_body[row])
        count = len(self._assembly.models[row].links)
        return [body for body in range(first, first + count) if _parts(self._link(body))]

    def _extents(self, bodies: list[int], steps: Any) -> tuple[F8, F8]:
        """World boxes (S, B, 3) about links: exact for boxes, generous for the rest."""
        corners = [_bounds(self._link(body)) for body in bodies]
        low, high = (np.array([c[k] for c in corners]).reshape(-1, 3) for k in (0, 1))
        turn = self._trajectory.quaternion[steps][:, bodies]
        center = self._trajectory.position[steps][:, bodies] + quat_rotate(turn, (low + high) / 2)
        half = (np.abs(matrix_from_quat(turn)) * ((high - low) / 2)[:, None, :]).sum(-1)
        return center - half, center + half

    def _made(self, body: int) -> list[tuple[int, Part]]:
        if body not in self._shapes:
            parts = _parts(self._link(body))
            self._shapes[body] = [(collision_shapes(self._client, p, placed=False)[0], p) for p in parts]
        return self._shapes[body]

    def _measure(self, step: int, a: int, b: int, body_a: int, body_b: int, log: ContactLog) -> None:
        t = self._trajectory
        for shape_a, part_a in self._made(body_a):
            pose_a = _pose(t, step, body_a, part_a)
            for shape_b, part_b in self._made(body_b):
                pose_b = _pose(t, step, body_b, part_b)
                points = self._client.getClosestPoints(
                    bodyA=-1,
                    bodyB=-1,
                    distance=0.0,
                    collisionShapeA=shape_a,
                    collisionShapeB=shape_b,
                    collisionShapePositionA=pose_a[0],
                    collisionShapeOrientationA=pose_a[1],
                    collisionShapePositionB=pose_b[0],
                    collisionShapeOrientationB=pose_b[1],
                )
                for point in points:
                    if point[8] < 0.0:
                        self._log(step, a, b, body_a, body_b, point, log)

    def _log(self, step: int, a: int, b: int, body_a: int, body_b: int, point: Any, log: ContactLog) -> None:
        t = self._trajectory
        gap = minus(_velocity(t, step, body_a, point[5]), _velocity(t, step, body_b, point[6]))
        touch = Touch(
            a=int(t.instance[a]),
            b=int(t.instance[b]),
            position=point[5],
            normal=point[7],
            force=0.0,
            overlap=-point[8],
            closing_speed=-dot(gap, point[7]),
        )
        log.add(int(t.time_ns[step]), touch.ordered(point[6]))


@lru_cache(maxsize=1024)
def _bounds(link: Link) -> tuple[F8, F8]:
    each = [bounds(part) for part in _parts(link)]
    return np.min([low for low, _ in each], axis=0), np.max([high for _, high in each], axis=0)


def _pose(t: Trajectory, step: int, body: int, part: Part) -> tuple[list[float], list[float]]:
    position, quaternion = t.position[step, body], t.quaternion[step, body]
    placed = part.moved(position, quaternion)
    return placed.position.tolist(), xyzw(placed.quaternion)


def _velocity(t: Trajectory, step: int, body: int, point: Vector3) -> Vector3:
    origin, speed, spin = (field[step, body].tolist() for field in (t.position, t.linear_velocity, t.angular_velocity))
    return velocity_at(tuple(origin), tuple(speed), tuple(spin), point)
