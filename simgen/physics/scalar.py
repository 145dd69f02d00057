"""Poses of an actor's links in plain Python: in the step loop numpy's overhead would cost more than the physics."""

from __future__ import annotations

import math

from simgen.physics.articulation import WALKING_SPEED
from simgen.placement.scalar import about, placed, product
from simgen.records.actors import ActorState
from simgen.records.model import Joint, Model, Quaternion, Vector3


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
