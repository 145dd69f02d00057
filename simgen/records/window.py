"""From a trajectory to what one frame needs of it: the bodies' motion and a mount's track."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from simgen.geometry import compose, quat_conjugate, quat_multiply, quat_rotate, slerp
from simgen.records.base import F4, F8, I8, U4, Array, Record, array
from simgen.records.stage import Motion
from simgen.records.trajectory import Trajectory


@dataclass(frozen=True, kw_only=True, eq=False)
class Jolt(Record):
    """From an instant on, whatever sits at a place of a body sits elsewhere: a sensor that was knocked."""

    time_ns: int
    position: F8 = array("3", "f8", unit="m", doc="displacement, applied in the body's frame before the mount")
    quaternion: F8 = array("4", "f8", doc="its rotation")

    @classmethod
    def between(cls, time_ns: int, before: tuple[F8, F8], after: tuple[F8, F8]) -> Jolt:
        """The jolt that takes a mount's pose to another: ``after = jolt * before``."""
        turn = quat_multiply(after[1], quat_conjugate(before[1]))
        return cls(time_ns=time_ns, position=after[0] - quat_rotate(turn, before[0]), quaternion=turn)

    def applied(self, time_ns: Array, position: F8, quaternion: F8) -> tuple[F8, F8]:
        """A body's poses (..., 3), (..., 4) at instants, displaced from the jolt on."""
        moved = compose(position, quaternion, self.position, self.quaternion)
        since = np.asarray(time_ns >= self.time_ns)[..., None]
        return np.where(since, moved[0], position), np.where(since, moved[1], quaternion)


@dataclass(frozen=True, kw_only=True, eq=False)
class Track(Record):
    """The path of a sensor: a body's stored poses around a window, and the sensor's fixed offset on that body."""

    time_ns: I8 = array("S", "i8", unit="ns", doc="knots: physics steps, or one instant")
    position: F8 = array("S 3", "f8", unit="m", doc="of the carrying body, world frame")
    quaternion: F8 = array("S 4", "f8", doc="world from body")
    offset: F8 = array("3", "f8", unit="m", doc="of the sensor in the body's frame")
    rotation: F8 = array("4", "f8", doc="body from sensor")
    jolt: Jolt | None = None

    def at(self, time_ns: int | Array) -> tuple[F8, F8]:
        """Sensor positions (..., 3) and quaternions world-from-sensor (..., 4) at instants."""
        t = np.asarray(time_ns, np.int64)
        last = len(self.time_ns) - 1
        low = np.clip(np.searchsorted(self.time_ns, t, side="right") - 1, 0, max(last - 1, 0))
        high = np.minimum(low + 1, last)
        span = np.maximum(self.time_ns[high] - self.time_ns[low], 1)
        w = np.clip((t - self.time_ns[low]) / span, 0.0, 1.0)
        p = self.position[low] + w[..., None] * (self.position[high] - self.position[low])
        q = slerp(self.quaternion[low], self.quaternion[high], w)
        if self.jolt is not None:
            p, q = self.jolt.applied(t, p, q)
        return compose(p, q, self.offset, self.rotation)


@dataclass(frozen=True, kw_only=True, eq=False)
class Touching(Record):
    """What touches an actor during one physics step, one row each. Contacts are known by actor, not by link."""

    instance: U4 = array("T", "u4", doc="instance id of the other one; 0 = the world")
    force: F4 = array("T", "f4", unit="N", doc="sum of the normal forces; 0 if neither moves by forces")
    overlap: F4 = array("T", "f4", unit="m", doc="how deep the two overlap at the step's start; negative = a gap")


def touching(trajectory: Trajectory, body: int, time_ns: int) -> Touching:
    """What touches the actor of a body in the physics step that an instant lies in."""
    own = trajectory.instance[trajectory.body_actor[body]]
    c, step = trajectory.contacts, trajectory.time_ns[trajectory.nearest(time_ns)]
    rows = np.arange(*np.searchsorted(c.time_ns, [step, step + 1]))
    rows = rows[(c.actor_a[rows] == own) | (c.actor_b[rows] == own)]
    other = np.where(c.actor_a[rows] == own, c.actor_b[rows], c.actor_a[rows])
    return Touching(instance=other, force=c.normal_force[rows], overlap=c.overlap[rows])


def knots(trajectory: Trajectory, start_ns: int, end_ns: int) -> I8:
    """The physics steps that enclose a window, or the one instant if it is one."""
    if start_ns >= end_ns:
        return np.array([start_ns], np.int64)
    step, zero, last = trajectory.step_ns, int(trajectory.time_ns[0]), trajectory.end_ns
    first = zero + (max(start_ns, zero) - zero) // step * step
    count = -(-(min(end_ns, last) - first) // step)
    return first + step * np.arange(max(count, 1) + 1, dtype=np.int64)


def motion_of(trajectory: Trajectory, start_ns: int, end_ns: int, origin: F8) -> Motion:
    """The bodies' poses over a window, the world first, relative to an origin.

    Contract: ``end_ns`` is at most the trajectory's end; steps after it repeat its last pose.
    """
    times = knots(trajectory, start_ns, end_ns)
    p, q = trajectory.poses(times)
    world_p = np.zeros((len(times), 1, 3))
    world_q = np.broadcast_to(np.array([1.0, 0.0, 0.0, 0.0]), (len(times), 1, 4))
    position = np.concatenate([world_p, p], axis=1) - origin
    quaternion = _same_half(np.concatenate([world_q, q], axis=1))
    middle = trajectory.nearest((start_ns + end_ns) // 2)
    exists = np.concatenate([[True], trajectory.exists[middle][trajectory.body_actor]])
    moving = (position != position[:1]).any((0, 2)) | (quaternion != quaternion[:1]).any((0, 2))
    return Motion(
        start_ns=int(times[0]),
        end_ns=int(times[-1]),
        origin=np.asarray(origin, np.float64),
        position=np.ascontiguousarray(position, np.float32),
        quaternion=np.ascontiguousarray(quaternion, np.float32),
        exists=exists,
        moving=moving,
    )


def _same_half(quaternion: F8) -> F8:
    """Flip signs so that neighbouring steps lie in the same half-space (the shorter arc)."""
    out = np.array(quaternion)
    for k in range(1, len(out)):
        flip = (out[k] * out[k - 1]).sum(-1, keepdims=True) < 0.0
        out[k] = np.where(flip, -out[k], out[k])
    return out


def relative_pose(pa: F8, qa: F8, pb: F8, qb: F8) -> tuple[F8, F8]:
    """``a_from_b`` of two world poses."""
    inverse = quat_conjugate(qa)
    return quat_rotate(inverse, pb - pa), quat_multiply(inverse, qb)


__all__ = ["Jolt", "Touching", "Track", "knots", "motion_of", "relative_pose", "touching"]
