"""Firings to beams, and beams to the rays that stand for them."""

from __future__ import annotations

import math
from typing import Final

import numpy as np

from simgen.kernels.inner import inner
from simgen.kernels.jit import kernel
from simgen.kernels.lidar_tables import Beams, Columns, Cone, Rows, Wide
from simgen.kernels.pose import cross, normalise, rotate
from simgen.records.base import F8

#: by column: where the rotor looks, to its left and up in world axes, and the sensor's place; then how much all of that
#: differs at the column's end; three each
AXES: Final = 24


@inner
def rotor_axes(columns: Columns, c: int, cr: float, sr: float, axes: F8, row: int) -> None:
    """A row of :data:`AXES` for a column whose rotor has a cosine and a sine at its start."""
    position, q = columns.position, columns.quaternion
    for end in range(2):
        a, at = c + end, 12 * end
        axes[row, at], axes[row, at + 1], axes[row, at + 2] = rotate(q[a, 0], q[a, 1], q[a, 2], q[a, 3], cr, sr, 0.0)
        axes[row, at + 3], axes[row, at + 4], axes[row, at + 5] = rotate(
            q[a, 0], q[a, 1], q[a, 2], q[a, 3], -sr, cr, 0.0
        )
        axes[row, at + 6], axes[row, at + 7], axes[row, at + 8] = rotate(
            q[a, 0], q[a, 1], q[a, 2], q[a, 3], 0.0, 0.0, 1.0
        )
        for axis in range(3):
            axes[row, at + 9 + axis] = position[a, axis]
    for k in range(12):
        axes[row, 12 + k] -= axes[row, k]


@kernel
def aim(first: int, beams: Beams, columns: Columns, near: float, far: float, rows: Rows) -> None:
    """Firings of the columns from ``first`` on, as beams; row = laser * (columns in the tile) + column.

    The sensor's axes and place within a column lie on the chords between those of its start and end, some 50 us apart:
    exact to a nanometre.
    """
    # fields are taken out of their tuples before the loops: each access inside would count references
    origin, direction, start, beam, when = rows.origin, rows.direction, rows.start, rows.beam, rows.time
    rows.near[:] = near
    rows.far[:] = far
    lasers = beams.time.shape[0]
    count = when.shape[0] // lasers
    # the rotor at each column's start; a laser's own angle is added by the sum formulas
    turn, axes = np.empty((count, 2)), np.empty((count, AXES))
    for k in range(count):
        rotor = columns.start_azimuth + columns.spin * ((first + k) * columns.cycle)
        turn[k, 0], turn[k, 1] = math.cos(rotor), math.sin(rotor)
        rotor_axes(columns, first + k, turn[k, 0], turn[k, 1], axes, k)
    span, since_motion, cycle = columns.span, columns.since_motion, columns.cycle
    for laser in range(lasers):
        fired, sine, cosine = beams.time[laser], beams.sine[laser], beams.cosine[laser]
        lateral, up, radial = beams.lateral[laser], beams.height[laser], beams.radial[laser]
        moved = columns.spin * fired
        angle, t = moved + beams.azimuth[laser], fired / cycle
        # along the rotor's axes: of the direction, and of where it starts
        ahead, aside = cosine * math.cos(angle), cosine * math.sin(angle)
        on = radial * math.cos(moved) - lateral * math.sin(angle)
        off = radial * math.sin(moved) + lateral * math.cos(angle)
        for k in range(count):
            row = laser * count + k
            for axis in range(3):
                x = axes[k, axis] + t * axes[k, 12 + axis]
                y = axes[k, 3 + axis] + t * axes[k, 15 + axis]
                z = axes[k, 6 + axis] + t * axes[k, 18 + axis]
                there = axes[k, 9 + axis] + t * axes[k, 21 + axis]
                direction[row, axis] = ahead * x + aside * y + sine * z
                origin[row, axis] = on * x + off * y + up * z + there
            cr, sr = turn[k, 0], turn[k, 1]
            start[row, 0], start[row, 1], start[row, 2] = on * cr - off * sr, on * sr + off * cr, up
            beam[row, 0], beam[row, 1], beam[row, 2] = ahead * cr - aside * sr, ahead * sr + aside * cr, sine
            when[row] = min(max((since_motion + (first + k) * cycle + fired) / span, 0.0), 1.0)


@kernel
def spread(first: int, tile: int, columns: Columns, cone: Cone, rows: Rows, wide: Wide) -> None:
    """The rays of every beam of a tile of so many columns: ray ``k`` of beam ``i`` is row ``i K + k``.

    Across and up are the beam's own: up lies in the plane of the beam and the sensor's z.
    """
    origin, direction, when, least, far = rows.origin, rows.direction, rows.time, rows.near, rows.far
    to_origin, to_direction, to_when = wide.origin, wide.direction, wide.time
    near, to_far, ray, before, gain, flag = wide.near, wide.far, wide.ray, wide.before, wide.gain, wide.flag
    across, up, q = cone.across, cone.up, columns.quaternion
    rays = across.shape[0]
    for i in range(when.shape[0]):
        c = first + i % tile
        zx, zy, zz = rotate(q[c, 0], q[c, 1], q[c, 2], q[c, 3], 0.0, 0.0, 1.0)
        dx, dy, dz = float(direction[i, 0]), float(direction[i, 1]), float(direction[i, 2])
        ux, uy, uz = cross(zx, zy, zz, dx, dy, dz)
        ux, uy, uz = normalise(ux, uy, uz)
        vx, vy, vz = cross(dx, dy, dz, ux, uy, uz)
        for k in range(rays):
            row, a, b = i * rays + k, across[k], up[k]
            unit = 1.0 / math.sqrt(1.0 + a * a + b * b)
            to_direction[row, 0] = unit * (dx + a * ux + b * vx)
            to_direction[row, 1] = unit * (dy + a * uy + b * vy)
            to_direction[row, 2] = unit * (dz + a * uz + b * vz)
            to_origin[row, 0], to_origin[row, 1], to_origin[row, 2] = origin[i, 0], origin[i, 1], origin[i, 2]
            to_when[row], near[row], to_far[row] = when[i], least[i], far[i]
            ray[row], before[row], gain[row], flag[row] = row, 0.0, 1.0, 0
