"""Rectangles that shine: the irradiance they give, in closed form, and where highlights of them lie."""

from __future__ import annotations

import math

from simgen.kernels.inner import inner
from simgen.kernels.pose import Vector, cross, normalise
from simgen.kernels.wave import LAMP_PLACE, LAMP_U, LAMP_V
from simgen.records.base import F4


@inner
def _corner(lamps: F4, row: int, k: int, px: float, py: float, pz: float) -> Vector:
    """A corner of the rectangle, seen from a point; they follow one another around it."""
    p = 1.0 if k == 0 or k == 3 else -1.0
    q = 1.0 if k < 2 else -1.0
    a, u, v = LAMP_PLACE, LAMP_U, LAMP_V
    return (
        lamps[row, a] + p * lamps[row, u] + q * lamps[row, v] - px,
        lamps[row, a + 1] + p * lamps[row, u + 1] + q * lamps[row, v + 1] - py,
        lamps[row, a + 2] + p * lamps[row, u + 2] + q * lamps[row, v + 2] - pz,
    )


@inner
def _edge(ax: float, ay: float, az: float, bx: float, by: float, bz: float, nx: float, ny: float, nz: float) -> float:
    """An edge's part of Lambert's sum: the angle it spans times the cosine to its plane's normal."""
    ax, ay, az = normalise(ax, ay, az)
    bx, by, bz = normalise(bx, by, bz)
    cx, cy, cz = cross(ax, ay, az, bx, by, bz)
    size = math.sqrt(cx * cx + cy * cy + cz * cz)
    if size < 1e-9:
        return 0.0
    angle = math.atan2(size, ax * bx + ay * by + az * bz)
    return angle * (cx * nx + cy * ny + cz * nz) / size


@inner
def polygon_factor(lamps: F4, row: int, px: float, py: float, pz: float, nx: float, ny: float, nz: float) -> float:
    """Irradiance on a surface at p with normal n that the rectangle gives at a luminance of 1, sr.

    Lambert 1760 (Baum, Rushmeier and Winget 1989): half the sum over the edges of angle times ``normal . n``; what lies
    below the surface's horizon is cut off. Sign-free: which way the corners run does not matter.
    """
    total, cut = 0.0, 0
    ex, ey, ez, fx, fy, fz = 0.0, 0.0, 0.0, 0.0, 0.0, 0.0
    ax, ay, az = _corner(lamps, row, 0, px, py, pz)
    a = ax * nx + ay * ny + az * nz
    for k in range(4):
        bx, by, bz = _corner(lamps, row, (k + 1) & 3, px, py, pz)
        b = bx * nx + by * ny + bz * nz
        if a > 0.0 and b > 0.0:
            total += _edge(ax, ay, az, bx, by, bz, nx, ny, nz)
        elif a > 0.0 or b > 0.0:
            t = a / (a - b)
            cx, cy, cz = ax + t * (bx - ax), ay + t * (by - ay), az + t * (bz - az)
            cut += 1
            if a > 0.0:
                total += _edge(ax, ay, az, cx, cy, cz, nx, ny, nz)
                ex, ey, ez = cx, cy, cz
            else:
                total += _edge(cx, cy, cz, bx, by, bz, nx, ny, nz)
                fx, fy, fz = cx, cy, cz
        ax, ay, az, a = bx, by, bz, b
    if cut == 2:
        # along the horizon, from where the outline goes under to where it comes up
        total += _edge(ex, ey, ez, fx, fy, fz, nx, ny, nz)
    return abs(0.5 * total)


@inner
def nearest_on(
    lamps: F4,
    row: int,
    px: float,
    py: float,
    pz: float,
    rx: float,
    ry: float,
    rz: float,
    ax: float,
    ay: float,
    az: float,
) -> Vector:
    """The point of the rectangle nearest to a ray from p along r (Karis 2013), seen from p; ``a``: the lamp's axis."""
    lx, ly, lz = lamps[row, LAMP_PLACE] - px, lamps[row, LAMP_PLACE + 1] - py, lamps[row, LAMP_PLACE + 2] - pz
    toward = rx * ax + ry * ay + rz * az
    along = lx * ax + ly * ay + lz * az
    t = along / toward if abs(toward) > 1e-4 else 0.0
    if t <= 0.0:
        t = max(lx * rx + ly * ry + lz * rz, 0.0)
    dx, dy, dz = t * rx - lx, t * ry - ly, t * rz - lz
    x, y, z = lx, ly, lz
    for axis in range(2):
        k = LAMP_U if axis == 0 else LAMP_V
        ux, uy, uz = float(lamps[row, k]), float(lamps[row, k + 1]), float(lamps[row, k + 2])
        s = (dx * ux + dy * uy + dz * uz) / max(ux * ux + uy * uy + uz * uz, 1e-12)
        s = min(max(s, -1.0), 1.0)
        x, y, z = x + s * ux, y + s * uy, z + s * uz
    return x, y, z
