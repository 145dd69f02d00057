"""How the joints of an articulated entity move, read off the stored poses of its links."""

from __future__ import annotations

from typing import Any

import numpy as np

from simgen.assembly import Assembly
from simgen.errors import UserError
from simgen.geometry import F8, compose, inverse_transform, normalized, quat_conjugate, quat_multiply
from simgen.records.model import Link, Model
from simgen.records.surroundings import Joints
from simgen.records.trajectory import Trajectory
from simgen.sensors.base import Sensor


def joints_of(assembly: Assembly, trajectory: Trajectory, sensor: Sensor) -> Joints:
    """The joints of the entity that carries a sensor, at every physics step.

    A link's pose is its parent's, times its rest pose, times the joint: what is left over is the joint's motion.

    Raises:
        UserError: the entity has no joints that move, or does not exist.
    """
    entity, model = _carrier(assembly, sensor)
    rows = _movable(model)
    first = assembly.body(entity)
    position = np.empty((len(trajectory.time_ns), len(rows)))
    for column, row in enumerate(rows):
        link = model.links[row]
        parent, child = first + link.parent, first + row
        rest = compose(trajectory.position[:, parent], trajectory.quaternion[:, parent], link.position, link.quaternion)
        position[:, column] = _motion(link, rest, (trajectory.position[:, child], trajectory.quaternion[:, child]))
    return Joints(
        time_ns=trajectory.time_ns,
        position=position,
        names=tuple(model.links[row].name for row in rows),
        kinds=tuple(model.links[row].joint.kind for row in rows),
    )


def joint_table(assembly: Assembly, sensor: Sensor) -> dict[str, Any]:
    """Names and kinds of the joints that a sensor reads, for its calibration.

    Raises:
        UserError: the entity has no joints that move, or does not exist.
    """
    _, model = _carrier(assembly, sensor)
    links = [model.links[row] for row in _movable(model)]
    wanted = tuple(getattr(sensor, "joints", ()))
    links = [link for name in wanted for link in links if link.name == name] if wanted else links
    return {"joints": [link.name for link in links], "joint_kinds": [link.joint.kind for link in links]}


def _carrier(assembly: Assembly, sensor: Sensor) -> tuple[str, Model]:
    entity = sensor.mount.on.split("/", 1)[0]
    known = {e.name for e in assembly.scene.entities}
    # names such as ``parked/0`` have a slash of their own
    entity = sensor.mount.on if sensor.mount.on in known else entity
    if entity not in known:
        raise UserError(f"sensor {sensor.name!r} reads joints, so it must be mounted on an entity, not {entity!r}")
    model = assembly.model(entity)
    if not _movable(model):
        raise UserError(f"sensor {sensor.name!r} is mounted on {entity!r}, which has no joints that move")
    return entity, model


def _movable(model: Model) -> list[int]:
    return [row for row, link in enumerate(model.links) if row and link.joint.kind != "fixed"]


def _motion(link: Link, rest: tuple[F8, F8], pose: tuple[F8, F8]) -> F8:
    """Angle about or way along the joint's axis, (K,): its value at rest, and what it moved from there."""
    axis = normalized(link.joint.axis)
    if link.joint.kind == "slide":
        return np.asarray((inverse_transform(*rest, pose[0]) * axis).sum(-1)) + link.joint.rest
    turn = quat_multiply(quat_conjugate(rest[1]), pose[1])
    angle = np.unwrap(2.0 * np.arctan2((turn[:, 1:] * axis).sum(-1), turn[:, 0]))
    # a quaternion and its negative are one turn: the first angle is the one within half a turn
    return np.asarray(angle - 2.0 * np.pi * np.round(angle[0] / (2.0 * np.pi))) + link.joint.rest


__all__ = ["joint_table", "joints_of"]
