"""Rotations of single vectors in plain Python: in the step loop numpy's overhead would cost more than the physics."""

from __future__ import annotations

import math

from simgen.physics.articulation import WALKING_SPEED
from simgen.records.actors import ActorState
from simgen.records.model import Joint, Model, Quaternion, Vector3


def rotated(q: Quaternion, v: Vector3) -> Vector3:
    """Scalar twin of :func:`simgen.geometry.quat_rotate`."""
    w, x, y, z = q
    tx, ty, tz = 2.0 * (y * v[2] - z * v[1]), 2.0 * (z * v[0] - x * v[2]), 2.0 * (x * v[1] - y * v[0])
    return (
        v[0] + w * tx + (y * tz - z * ty),
        v[1] + w * ty + (z * tx - x * tz),
        v[2] + w * tz + (x * ty - y * tx),
    )


def product(a: Quaternion, b: Quaternion) -> Quaternion:
    """Scalar twin of :func:`simgen.geometry.quat_multiply`."""
    return (
        a[0] * b[0] - a[1] * b[1] - a[2] * b[2] - a[3] * b[3],
        a[0] * b[1] + a[1] * b[0] + a[2] * b[3] - a[3] * b[2],
        a[0] * b[2] - a[1] * b[3] + a[2] * b[0] + a[3] * b[1],
        a[0] * b[3] + a[1] * b[2] - a[2] * b[1] + a[3] * b[0],
    )


def placed(position: Vector3, q: Quaternion, point: Vector3) -> Vector3:
    """A point of a frame, in the frame's parent."""
    x, y, z = rotated(q, point)
    return (position[0] + x, position[1] + y, position[2] + z)


def about(axis: Vector3, angle: float) -> Quaternion:
    """Scalar twin of :func:`simgen.geometry.quat_from_axis_angle`."""
    x, y, z = axis
    share = math.sin(0.5 * angle) / math.sqrt(x * x + y * y + z * z)
    return (math.cos(0.5 * angle), share * x, share * y, share * z)


def turn_between(a: Quaternion, b: Quaternion) -> Vector3:
    """Axis times angle of the shorter turn from one orientation to another, in the world's axes."""
    w, x, y, z = product(b, (a[0], -a[1], -a[2], -a[3]))
    if w < 0.0:
        w, x, y, z = -w, -x, -y, -z
    sine = math.sqrt(x * x + y * y + z * z)
    share = 2.0 * math.atan2(sine, w) / sine if sine > 1e-9 else 2.0
    return (share * x, share * y, share * z)


def link_poses(model: Model, state: ActorState) -> list[tuple[Vector3, Quaternion]]:
    """Scalar twin of :func:`simgen.physics.articulation.link_poses`, for one actor at one step."""
    poses = [(state.position, state.quaternion)]
    for link in model.links[1:]:
        position, quaternion = poses[link.parent]
        turn = product(quaternion, link.quaternion)
        angle = _angle(link.joint, state)
        if angle is not None:
            turn = product(turn, about(link.joint.axis, angle))
        poses.append((placed(position, quaternion, link.position), turn))
    return poses


def _angle(joint: Joint, state: ActorState) -> float | None:
    if joint.kind == "wheel":
        return state.distance_m / joint.radius_m
    if joint.kind == "steer":
        return state.steer_rad
    if joint.kind == "door":
        return state.door_share * joint.upper
    if joint.kind != "gait":
        return None
    phase = 2.0 * math.pi * state.distance_m / joint.stride_m
    angle = joint.offset_rad
    for n, amplitude in enumerate(joint.cosines_rad, start=1):
        angle += amplitude * math.cos(n * phase)
    for n, amplitude in enumerate(joint.sines_rad, start=1):
        angle += amplitude * math.sin(n * phase)
    return min(abs(state.speed_m_s) / WALKING_SPEED, 1.0) * angle
