"""Link poses of a model from its root's pose and how far it has travelled, over any number of steps at once."""

from __future__ import annotations

from typing import Final

import numpy as np

from simgen.geometry import F8, compose, quat_from_axis_angle
from simgen.records.model import Joint, Model

#: below this speed a gait fades into the rest pose, m/s
WALKING_SPEED: Final = 0.8


def link_poses(
    model: Model, position: F8, quaternion: F8, distance_m: F8, speed_m_s: F8, steer_rad: F8, door_share: F8
) -> tuple[F8, F8]:
    """World poses of every link of a model.

    Args:
        model: links and joints.
        position: of the root, (..., 3).
        quaternion: of the root, (..., 4), unit.
        distance_m: travelled so far, (...).
        speed_m_s: current speed, (...).
        steer_rad: steering angle, (...).
        door_share: how far doors stand open, 0..1, (...).

    Returns:
        Positions (..., L, 3) and quaternions (..., L, 4), links in the model's order.
    """
    shape = np.broadcast_shapes(position.shape[:-1], distance_m.shape)
    positions = np.empty((*shape, len(model.links), 3))
    quaternions = np.empty((*shape, len(model.links), 4))
    positions[..., 0, :], quaternions[..., 0, :] = position, quaternion
    for k, link in enumerate(model.links[1:], start=1):
        turn = joint_rotation(link.joint, distance_m, speed_m_s, steer_rad, door_share)
        rest_p, rest_q = np.array(link.position), np.array(link.quaternion)
        local_q = rest_q if turn is None else compose(rest_p, rest_q, np.zeros(3), turn)[1]
        parent = positions[..., link.parent, :], quaternions[..., link.parent, :]
        positions[..., k, :], quaternions[..., k, :] = compose(*parent, rest_p, local_q)
    return positions, quaternions


def joint_rotation(joint: Joint, distance_m: F8, speed_m_s: F8, steer_rad: F8, door_share: F8) -> F8 | None:
    """Rotation (..., 4) of a link about its rest pose; None for joints that the path does not move."""
    if joint.kind == "wheel":
        return quat_from_axis_angle(joint.axis, distance_m / joint.radius_m)
    if joint.kind == "steer":
        return quat_from_axis_angle(joint.axis, steer_rad)
    if joint.kind == "door":
        return quat_from_axis_angle(joint.axis, door_share * joint.upper)
    if joint.kind == "gait":
        return quat_from_axis_angle(joint.axis, gait_angle(joint, distance_m, speed_m_s))
    return None


def gait_angle(joint: Joint, distance_m: F8, speed_m_s: F8) -> F8:
    """The Fourier series of a gait, in radians: ``s (a0 + sum a_n cos n phi + b_n sin n phi)``.

    ``phi = 2 pi distance / stride``; ``s`` falls linearly from 1 to 0 below :data:`WALKING_SPEED`.
    """
    phase = 2.0 * np.pi * distance_m / joint.stride_m
    angle = np.full(np.shape(phase), joint.offset_rad)
    for n, amplitude in enumerate(joint.cosines_rad, start=1):
        angle = angle + amplitude * np.cos(n * phase)
    for n, amplitude in enumerate(joint.sines_rad, start=1):
        angle = angle + amplitude * np.sin(n * phase)
    return np.asarray(np.minimum(np.abs(speed_m_s) / WALKING_SPEED, 1.0) * angle)


def moves(model: Model) -> bool:
    """Whether any link moves against the root as the actor travels."""
    return any(link.joint.kind in ("wheel", "steer", "gait", "door") for link in model.links)
