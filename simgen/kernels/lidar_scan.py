"""Where the firings of a scanner without a rotor look: prisms, mirrors and rasters, each firing at its own instant."""

from __future__ import annotations

import math

from simgen.kernels.inner import inner
from simgen.kernels.jit import kernel
from simgen.kernels.lidar_scan_tables import MIRRORS, RASTER, SINE, STILL, TRIANGLE, TURN, Scan
from simgen.kernels.lidar_tables import Beams, Columns, Rows
from simgen.kernels.pose import Vector, rotate, slerp
from simgen.records.base import F4, F8


@inner
def _part(start: float, since: float, rate: float, phase: float) -> float:
    """Where in its period something is, 0..1; exact to 1e-9 for hours, as the times are whole nanoseconds."""
    periods = rate * (start + since) + phase
    return periods - math.floor(periods)


@inner
def _refract(dx: float, dy: float, dz: float, nx: float, ny: float, nz: float, ratio: float) -> Vector:
    """Snell's law in vectors: ``d' = r d + (sqrt(1 - r^2 (1 - c^2)) - r c) n``, the normal pointing along the light."""
    cosine = dx * nx + dy * ny + dz * nz
    scale = math.sqrt(max(1.0 - ratio * ratio * (1.0 - cosine * cosine), 0.0)) - ratio * cosine
    return ratio * dx + scale * nx, ratio * dy + scale * ny, ratio * dz + scale * nz


@inner
def _through_prisms(prisms: F8, start: float, since: float, dx: float, dy: float, dz: float) -> Vector:
    """The direction behind the last prism; each has a face square to the axis and a slanted one."""
    for p in range(prisms.shape[0]):
        turned = 2.0 * math.pi * _part(start, since, prisms[p, 3], prisms[p, 4])
        index = prisms[p, 2]
        nx, ny, nz = prisms[p, 0], prisms[p, 1] * math.cos(turned), prisms[p, 1] * math.sin(turned)
        if prisms[p, 5] > 0.0:
            dx, dy, dz = _refract(dx, dy, dz, nx, ny, nz, 1.0 / index)
            dx, dy, dz = _refract(dx, dy, dz, 1.0, 0.0, 0.0, index)
        else:
            dx, dy, dz = _refract(dx, dy, dz, 1.0, 0.0, 0.0, 1.0 / index)
            dx, dy, dz = _refract(dx, dy, dz, nx, ny, nz, index)
    return dx, dy, dz


@inner
def _axis(axes: F8, axis: int, start: float, since: float) -> float:
    """The angle of a mirror, rad."""
    shape, low, high = axes[axis, 0], axes[axis, 3], axes[axis, 4]
    part: float = _part(start, since, axes[axis, 1], axes[axis, 2])
    if shape == TURN:
        return 2.0 * math.pi * part
    if shape == TRIANGLE:
        part = 1.0 - abs(2.0 * part - 1.0)
    elif shape == SINE:
        part = 0.5 + 0.5 * math.sin(2.0 * math.pi * part)
    elif shape == STILL:
        part = 0.0
    return float(low + (high - low) * part)


@inner
def look(scan: Scan, column: int, since: float, azimuth: float, sine: float, cosine: float) -> Vector:
    """The direction of one firing in the sensor frame."""
    sa, ca = math.sin(azimuth), math.cos(azimuth)
    if scan.kind == MIRRORS:
        across, rise = _axis(scan.axes, 0, scan.start, since), _axis(scan.axes, 1, scan.start, since)
        se, ce = math.sin(rise), math.cos(rise)
        up, level = sine * ce + cosine * se, cosine * ce - sine * se
        return level * math.cos(azimuth + across), level * math.sin(azimuth + across), up
    if scan.kind == RASTER:
        across = scan.width * (0.5 - (column + 0.5) / scan.columns)
        return cosine * math.cos(azimuth + across), cosine * math.sin(azimuth + across), sine
    return _through_prisms(scan.prisms, scan.start, since, cosine * ca, cosine * sa, sine)


@kernel
def aim_scan(first: int, beams: Beams, columns: Columns, scan: Scan, near: float, far: float, rows: Rows) -> None:
    """Firings of the columns from ``first`` on, as rays; rows as in ``aim``: laser * (columns in the tile) + column."""
    # fields are taken out of their tuples before the loops: each access inside would count references
    origin, direction, start, beam, when = rows.origin, rows.direction, rows.start, rows.beam, rows.time
    position, quaternion = columns.position, columns.quaternion
    rows.near[:] = near
    rows.far[:] = far
    lasers = beams.time.shape[0]
    count = when.shape[0] // lasers
    for laser in range(lasers):
        fired, sine, cosine, azimuth = beams.time[laser], beams.sine[laser], beams.cosine[laser], beams.azimuth[laser]
        ox, oy, oz = beams.radial[laser], beams.lateral[laser], beams.height[laser]
        t = fired / columns.cycle
        for k in range(count):
            row, c = laser * count + k, first + k
            since = math.floor(c * columns.cycle + fired + 0.5)
            dx, dy, dz = look(scan, c, since, azimuth, sine, cosine)
            qw, qx, qy, qz = slerp(
                quaternion[c, 0],
                quaternion[c, 1],
                quaternion[c, 2],
                quaternion[c, 3],
                quaternion[c + 1, 0],
                quaternion[c + 1, 1],
                quaternion[c + 1, 2],
                quaternion[c + 1, 3],
                t,
            )
            wx, wy, wz = rotate(qw, qx, qy, qz, ox, oy, oz)
            origin[row, 0] = (1.0 - t) * position[c, 0] + t * position[c + 1, 0] + wx
            origin[row, 1] = (1.0 - t) * position[c, 1] + t * position[c + 1, 1] + wy
            origin[row, 2] = (1.0 - t) * position[c, 2] + t * position[c + 1, 2] + wz
            wx, wy, wz = rotate(qw, qx, qy, qz, dx, dy, dz)
            direction[row, 0], direction[row, 1], direction[row, 2] = wx, wy, wz
            start[row, 0], start[row, 1], start[row, 2] = ox, oy, oz
            beam[row, 0], beam[row, 1], beam[row, 2] = dx, dy, dz
            when[row] = min(max((columns.since_motion + since) / columns.span, 0.0), 1.0)


@kernel
def directions(beams: Beams, columns: Columns, scan: Scan, beam: F4) -> None:
    """Where every firing of a frame looks in the sensor frame, (A, L, 3) by column and place in firing order."""
    for laser in range(beams.time.shape[0]):
        fired, sine, cosine, azimuth = beams.time[laser], beams.sine[laser], beams.cosine[laser], beams.azimuth[laser]
        slot = beams.slot[laser]
        for c in range(beam.shape[0]):
            since = math.floor(c * columns.cycle + fired + 0.5)
            dx, dy, dz = look(scan, c, since, azimuth, sine, cosine)
            beam[c, slot, 0], beam[c, slot, 1], beam[c, slot, 2] = dx, dy, dz
