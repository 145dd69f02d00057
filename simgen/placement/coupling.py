"""What couples to what: a vehicle and its trailer at the start, and the room that they take together."""

from __future__ import annotations

from dataclasses import replace
from typing import Final

import numpy as np

from simgen.errors import UserError
from simgen.geometry import compose
from simgen.records.model import Model, Quaternion, Vector3

#: what couples must agree in height this far, m: a tow ball is not a fifth wheel
HEIGHT_FAULT_M: Final = 0.35
#: where a vehicle without a coupling of its own has a tow ball: before its rear end, and over the ground (UN R55: 0.35
#: to 0.42 m)
BALL_BEFORE_END_M: Final = 0.06
BALL_HEIGHT_M: Final = 0.4


def coupling_of(model: Model) -> Vector3:
    """Where a trailer couples to a vehicle, in its root frame; a tow ball if the model says nothing."""
    if model.coupling is not None:
        return model.coupling
    return (model.box_center[0] - 0.5 * model.size[0] + BALL_BEFORE_END_M, 0.0, BALL_HEIGHT_M)


def kingpin_of(tower: Model, trailer: Model) -> Vector3:
    """What of a trailer couples to its tower, in the trailer's root frame.

    Raises:
        UserError: it is no trailer, the tower has no wheels to tow with, or their couplings differ in height.
    """
    if trailer.kingpin is None:
        raise UserError(f"{trailer.name} is no trailer: it has nothing to couple; take semitrailer or trailer")
    if tower.wheelbase_m <= 0.0 and tower.kingpin is None:
        raise UserError(f"{tower.name} tows nothing: it is no vehicle; give the trailer to a car or a lorry")
    here, there = coupling_of(tower)[2], trailer.kingpin[2]
    if abs(here - there) > HEIGHT_FAULT_M:
        raise UserError(
            f"{trailer.name} does not fit {tower.name}: its coupling is {there:.2f} m over the ground, the vehicle's"
            f" {here:.2f} m; semitrailers need a tractor_unit, other trailers a tow ball"
        )
    return trailer.kingpin


def start_pose(tower: Model, trailer: Model, position: Vector3, quaternion: Quaternion) -> tuple[Vector3, Quaternion]:
    """A trailer straight behind its tower, on the same plane.

    Raises:
        UserError: the two do not couple.
    """
    p, q = compose(position, quaternion, np.array([_behind(tower, trailer), 0.0, 0.0]), np.array([1.0, 0.0, 0.0, 0.0]))
    return (float(p[0]), float(p[1]), float(p[2])), (float(q[0]), float(q[1]), float(q[2]), float(q[3]))


def train_of(tower: Model, trailer: Model) -> Model:
    """The tower with the box that both fill while they stand in line.

    Raises:
        UserError: the two do not couple.
    """
    shift = np.array([_behind(tower, trailer), 0.0, 0.0])
    centers = np.array([tower.box_center, np.add(trailer.box_center, shift)])
    half = 0.5 * np.array([tower.size, trailer.size])
    low, high = (centers - half).min(0), (centers + half).max(0)
    size, middle = (high - low).tolist(), (0.5 * (low + high)).tolist()
    return replace(tower, size=(size[0], size[1], size[2]), box_center=(middle[0], middle[1], middle[2]))


def _behind(tower: Model, trailer: Model) -> float:
    """The trailer's origin in the tower's frame, along x, while they stand in line."""
    return coupling_of(tower)[0] - kingpin_of(tower, trailer)[0]
