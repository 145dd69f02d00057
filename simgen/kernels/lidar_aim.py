"""Firings to beams, and beams to the rays that stand for them."""

from __future__ import annotations

import math

import numpy as np

from simgen.kernels.jit import kernel
from simgen.kernels.lidar_tables import Beams, Columns, Cone, Rows, Wide
from simgen.kernels.pose import cross, normalise, rotate


@kernel
def aim(first: int, beams: Beams, columns: Columns, near: float, far: float, rows: Rows) -> None:
    """Firings of the columns from ``first`` on, as beams; row = laser * (columns in the tile) + column.

    The sensor's pose within a column is the chord between those of its start and end, some 50 us apart: exact to a
    nanometre.
    """
    # fields are taken out of their tuples before the loops: each access inside would count references
    origin, direction, start, beam, when = rows.origin, rows.direction, rows.start, rows.beam, rows.time
    position, quaternion = columns.position, columns.quaternion
    rows.near[:] = near
    rows.far[:] = far
    lasers = beams.time.shape[0]
    count = when.shape[0] // lasers
    # the rotor at each column's start; a laser's own angle is added by the sum formulas
    turn = np.empty((count, 2))
    for k in range(count):
        rotor = columns.start_azimuth + columns.spin * ((first + k) * columns.cycle)
        turn[k, 0], turn[k, 1] = math.cos(rotor), math.sin(rotor)
    for laser in range(lasers):
        fired, sine, cosine = beams.time[laser], beams.sine[laser], beams.cosine[laser]
        lateral, oz, radial = beams.lateral[laser], beams.height[laser], beams.radial[laser]
        moved = columns.spin * fired
        cm, sm = math.cos(moved), math.sin(moved)
        ct, st = math.cos(moved + beams.azimuth[laser]), math.sin(moved + beams.azimuth[laser])
        t = fired / columns.cycle
        for k in range(count):
            row, c = laser * count + k, first + k
            cr, sr = turn[k, 0], turn[k, 1]
            ca, sa = cr * ct - sr * st, sr * ct + cr * st
            dx, dy, dz = cosine * ca, cosine * sa, sine
            ox = radial * (cr * cm - sr * sm) - lateral * sa
            oy = radial * (sr * cm + cr * sm) + lateral * ca
            d, s = c + 1, 1.0 - t
            qw, qx, qy, qz = quaternion[c, 0], quaternion[c, 1], quaternion[c, 2], quaternion[c, 3]
            bw, bx, by, bz = quaternion[d, 0], quaternion[d, 1], quaternion[d, 2], quaternion[d, 3]
            f = t if qw * bw + qx * bx + qy * by + qz * bz >= 0.0 else -t
            # so short a chord is a unit quaternion to 1e-9
            qw, qx, qy, qz = s * qw + f * bw, s * qx + f * bx, s * qy + f * by, s * qz + f * bz
            wx, wy, wz = rotate(qw, qx, qy, qz, ox, oy, oz)
            origin[row, 0] = wx + s * position[c, 0] + t * position[d, 0]
            origin[row, 1] = wy + s * position[c, 1] + t * position[d, 1]
            origin[row, 2] = wz + s * position[c, 2] + t * position[d, 2]
            wx, wy, wz = rotate(qw, qx, qy, qz, dx, dy, dz)
            direction[row, 0], direction[row, 1], direction[row, 2] = wx, wy, wz
            start[row, 0], start[row, 1], start[row, 2] = ox, oy, oz
            beam[row, 0], beam[row, 1], beam[row, 2] = dx, dy, dz
            since = c * columns.cycle + fired
            when[row] = min(max((columns.since_motion + since) / columns.span, 0.0), 1.0)


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
