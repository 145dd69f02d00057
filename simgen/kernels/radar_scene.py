"""What a radar's echoes come from: whose body a point is on, how it moves, in which direction it lies."""

from __future__ import annotations

import math

import numpy as np

from simgen.kernels.inner import inner
from simgen.kernels.pose import to_body, to_world
from simgen.kernels.radar_tables import Echoes, Grid, Met, RadarFound, Solid
from simgen.records.radar import RADAR_CLUTTER, RADAR_EGO, RADAR_GHOST, RADAR_MOVING_PART

Vector = tuple[float, float, float]

#: a wheel or limb whose point moves less than this against the trunk is part of it, m/s
_STILL = 0.1


@inner
def point_velocity(solid: Solid, body: int, x: float, y: float, z: float) -> Vector:
    """Velocity of a body's point that is at a place now: v + omega x r, from the poses before and after."""
    if body == 0 or solid.span <= 0.0:
        return 0.0, 0.0, 0.0
    p = solid.poses
    lx, ly, lz = to_body(
        p[0, body, 0], p[0, body, 1], p[0, body, 2], p[0, body, 3], p[0, body, 4], p[0, body, 5], p[0, body, 6], x, y, z
    )
    ax, ay, az = to_world(
        p[2, body, 0],
        p[2, body, 1],
        p[2, body, 2],
        p[2, body, 3],
        p[2, body, 4],
        p[2, body, 5],
        p[2, body, 6],
        lx,
        ly,
        lz,
    )
    bx, by, bz = to_world(
        p[1, body, 0],
        p[1, body, 1],
        p[1, body, 2],
        p[1, body, 3],
        p[1, body, 4],
        p[1, body, 5],
        p[1, body, 6],
        lx,
        ly,
        lz,
    )
    return (ax - bx) / solid.span, (ay - by) / solid.span, (az - bz) / solid.span


@inner
def _moves_by_itself(solid: Solid, label: int, body: int, x: float, y: float, z: float) -> bool:
    """Whether a point of a body moves otherwise than if it were fixed to the object's trunk."""
    trunk = solid.trunk[label]
    if trunk == body:
        return False
    ax, ay, az = point_velocity(solid, body, x, y, z)
    bx, by, bz = point_velocity(solid, trunk, x, y, z)
    return (ax - bx) ** 2 + (ay - by) ** 2 + (az - bz) ** 2 > _STILL * _STILL


@inner
def identify(
    row: int,
    target: int,
    x: float,
    y: float,
    z: float,
    solid: Solid,
    found: RadarFound,
    met: Met,
    echoes: Echoes,
    flags: int,
) -> None:
    """Who it is that was hit at a place: label, body, class and flags of an echo."""
    instance = found.instance[row]
    label, body = solid.instance_label[instance], int(solid.instance_body[instance])
    if label == 0:
        flags |= RADAR_CLUTTER
    elif _moves_by_itself(solid, label, body, x, y, z):
        flags |= RADAR_MOVING_PART
    if solid.ego[label] != 0:
        flags |= RADAR_EGO
    echoes.label[target] = np.uint32(0) if flags & RADAR_GHOST else label
    echoes.source[target] = label
    echoes.body[target] = body
    echoes.class_id[target] = solid.class_id[met.surface[row]]
    echoes.flags[target] = np.uint16(flags)


@inner
def angles_of(row: int, grid: Grid) -> Vector:
    """Azimuth and elevation of a ray, rad, and its solid angle, sr."""
    up = grid.elevation + (row // grid.columns) * grid.elevation_step
    left = grid.azimuth + (row % grid.columns) * grid.azimuth_step
    return left, up, grid.azimuth_step * grid.elevation_step * math.cos(up)
