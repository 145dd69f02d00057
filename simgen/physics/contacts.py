"""Who touches whom: collected pair by pair, handed over sorted."""

from __future__ import annotations

from dataclasses import dataclass, field

import numpy as np

from simgen.records.base import empty_table
from simgen.records.model import Vector3
from simgen.records.trajectory import Contacts


def minus(a: Vector3, b: Vector3) -> Vector3:
    """Difference of two vectors."""
    return (a[0] - b[0], a[1] - b[1], a[2] - b[2])


def dot(a: Vector3, b: Vector3) -> float:
    """Inner product of two vectors."""
    return a[0] * b[0] + a[1] * b[1] + a[2] * b[2]


def velocity_at(origin: Vector3, velocity: Vector3, spin: Vector3, point: Vector3) -> Vector3:
    """Velocity of a body's material point: ``v + w x r``."""
    x, y, z = minus(point, origin)
    return (
        velocity[0] + spin[1] * z - spin[2] * y,
        velocity[1] + spin[2] * x - spin[0] * z,
        velocity[2] + spin[0] * y - spin[1] * x,
    )


@dataclass(frozen=True, kw_only=True)
class Touch:
    """One touching pair: ``position`` on a, ``normal`` from b to a."""

    a: int
    b: int
    position: Vector3
    normal: Vector3
    force: float
    overlap: float
    closing_speed: float

    def ordered(self, other_position: Vector3) -> Touch:
        """The same with the smaller instance id first and the world (0) last."""
        if self.a != 0 and (self.b == 0 or self.a < self.b):
            return self
        normal = (-self.normal[0], -self.normal[1], -self.normal[2])
        return Touch(
            a=self.b,
            b=self.a,
            position=other_position,
            normal=normal,
            force=self.force,
            overlap=self.overlap,
            closing_speed=self.closing_speed,
        )

    def merged(self, other: Touch) -> Touch:
        """Two points of one pair: the deeper one, with both forces."""
        deep = self if self.overlap >= other.overlap else other
        return Touch(
            a=deep.a,
            b=deep.b,
            position=deep.position,
            normal=deep.normal,
            force=self.force + other.force,
            overlap=deep.overlap,
            closing_speed=deep.closing_speed,
        )


@dataclass(frozen=True, kw_only=True)
class ContactLog:
    """Contacts as they come; one row a pair and step."""

    rows: dict[tuple[int, int, int], Touch] = field(default_factory=dict)

    def add(self, time_ns: int, touch: Touch) -> None:
        """Enter a point; points of the same pair and step are merged."""
        key = (time_ns, touch.a, touch.b)
        known = self.rows.get(key)
        self.rows[key] = touch if known is None else known.merged(touch)

    def table(self) -> Contacts:
        """Everything, by time and then by pair."""
        if not self.rows:
            return empty_table(Contacts)  # type: ignore[no-any-return]
        keys = sorted(self.rows)
        touches = [self.rows[key] for key in keys]
        f4 = np.float32
        return Contacts(
            time_ns=np.array([key[0] for key in keys], np.int64),
            actor_a=np.array([t.a for t in touches], np.uint32),
            actor_b=np.array([t.b for t in touches], np.uint32),
            position=np.array([t.position for t in touches], f4),
            normal=np.array([t.normal for t in touches], f4),
            normal_force=np.array([t.force for t in touches], f4),
            overlap=np.array([t.overlap for t in touches], f4),
            closing_speed=np.array([t.closing_speed for t in touches], f4),
        )
