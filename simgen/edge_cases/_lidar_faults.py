"""Faults that begin in a lidar in mid-clip, and how much they take."""

from __future__ import annotations

import dataclasses

from simgen.edge_cases._devices import frames_from
from simgen.errors import UserError
from simgen.records.constraints import Constraint
from simgen.scene import Scene
from simgen.sensors.lidar import Lidar

#: a sweep reaches over half a turn to either side of its instant
_TURN_S = 0.11


def set_in(scene: Scene, lidar: Lidar, at_s: float, case: str) -> Lidar:
    """The lidar whose faults begin at an instant.

    Where no sweep is whole before it, the lidar stores its ``ideal`` signal, against which losses can be measured.

    Raises:
        UserError: it has faults already, which begin at another time, or takes no sweep afterwards.
    """
    frames_from(scene, lidar, at_s, case)
    if lidar.faults_from_s != at_s and _ill(lidar):
        begin = f"{lidar.faults_from_s:g}"
        raise UserError(f"{case}: the faults of {lidar.name!r} begin at {begin} s: give at_s: {begin}")
    outputs = lidar.outputs
    if at_s - lidar.start_s < _TURN_S and "ideal" not in outputs:
        outputs = (*outputs, "ideal")
    return dataclasses.replace(lidar, faults_from_s=at_s, outputs=outputs)


def lost_from(scene: Scene, lidar: Lidar, at_s: float, share: float, case: str) -> Constraint:
    """At least so much is lost of the worst sweep from an instant on."""
    last = frames_from(scene, lidar, at_s, case)[-1]
    return Constraint(kind="returns_lost", subject=lidar.name, asked=share, tolerance=0.0, relation="at_least",
                      time_s=at_s, until_s=last)  # fmt: skip


def _ill(lidar: Lidar) -> bool:
    return bool(lidar.dead_rings) or max(lidar.packet_loss, lidar.drop_probability, lidar.crosstalk) > 0.0
