"""Cross-sections of what a radar's rays hit: facets of rough surfaces in the limit of geometric optics.

Each hit is a patch of surface of area ``dOmega R^2 / cos``. Its slopes are normal with covariance C (Ulaby, Moore and
Fung 1982, Kirchhoff's stationary phase), so that it sends back, per area,

    ``sigma0 = power / (2 cos^4 sqrt(det C)) exp(-t C^-1 t / 2)``, ``t`` = the slope that would look back at the sensor,

plus Lambert's ``4 diffuse cos^2`` and ``4 corner cos``. C is the material's slope variance, that of diffraction at the
largest flat patch, and the spread of the normals over the ray's own footprint, from its neighbours in the grid. So few
rays give the right mean on curved bodies: a sphere's sum is ``pi r^2``, an endless mirror's ``pi R^2``.
"""

from __future__ import annotations

import math

from simgen.kernels.inner import inner
from simgen.kernels.pose import normalise
from simgen.kernels.radar_tables import Link, Matter, Met, RadarFound, RadarRows

#: how the view changes to a neighbour: whether it is on the same face, and the change of normal less the way back
Change = tuple[bool, float, float, float]

#: cosine below which a patch is seen edge-on
_EDGE = 0.02
#: slope variance of a footprint that is wider than the object
_UNKNOWN = 0.0625
#: neighbours whose view differs by more than this are on another face
_CREASE = 0.5


@inner
def _step(row: int, other: int, inside: bool, rows: RadarRows, found: RadarFound, met: Met) -> Change:
    """How the view of the surface (normal less the way back) changes to a neighbour, if it is on the same face."""
    if not inside or found.instance[other] != found.instance[row]:
        return False, 0.0, 0.0, 0.0
    n, d = met.normal, rows.direction
    x = n[other, 0] + d[other, 0] - n[row, 0] - d[row, 0]
    y = n[other, 1] + d[other, 1] - n[row, 1] - d[row, 1]
    z = n[other, 2] + d[other, 2] - n[row, 2] - d[row, 2]
    return x * x + y * y + z * z < _CREASE * _CREASE, x, y, z


@inner
def _change(
    row: int, before: int, after: int, has_before: bool, has_after: bool, rows: RadarRows, found: RadarFound, met: Met
) -> Change:
    """The change over one step of the grid, from both neighbours or the one that is there."""
    a, ax, ay, az = _step(row, after, has_after, rows, found, met)
    b, bx, by, bz = _step(row, before, has_before, rows, found, met)
    if a and b:
        return True, 0.5 * (ax - bx), 0.5 * (ay - by), 0.5 * (az - bz)
    if a:
        return True, ax, ay, az
    return b, -bx, -by, -bz


@inner
def changes(row: int, columns: int, rows: RadarRows, found: RadarFound, met: Met) -> tuple[Change, Change]:
    """The change of view over one step to the left and one upwards."""
    total, k = met.cosine.shape[0], row % columns
    left = _change(row, row - 1, row + 1, k > 0, k < columns - 1, rows, found, met)
    above = _change(row, row - columns, row + columns, row >= columns, row + columns < total, rows, found, met)
    return left, above


@inner
def _lobe(
    row: int,
    columns: int,
    hx: float,
    hy: float,
    hz: float,
    slope: float,
    diffraction: float,
    rows: RadarRows,
    found: RadarFound,
    met: Met,
) -> float:
    """``exp(-t C^-1 t / 2) / (2 cos^4 sqrt(det C))`` of a patch, for facets that face a direction ``h``."""
    n = met.normal
    nx, ny, nz = n[row, 0], n[row, 1], n[row, 2]
    cosine = min(max(nx * hx + ny * hy + nz * hz, _EDGE), 1.0)
    # the first axis of the tangent plane lies in the plane of incidence
    ex, ey, ez = hx - cosine * nx, hy - cosine * ny, hz - cosine * nz
    if ex * ex + ey * ey + ez * ez < 1e-12:
        ex, ey, ez = (1.0 - nx * nx, -nx * ny, -nx * nz) if abs(nx) < 0.9 else (-ny * nx, 1.0 - ny * ny, -ny * nz)
    ex, ey, ez = normalise(ex, ey, ez)
    fx, fy, fz = ny * ez - nz * ey, nz * ex - nx * ez, nx * ey - ny * ex
    least = slope * slope + diffraction
    a, b, c = least, 0.0, least
    for known, x, y, z in changes(row, columns, rows, found, met):
        if known:
            # angles stand for slopes: the same near the mirror direction, and bounded at a body's rim
            p, q = x * ex + y * ey + z * ez, x * fx + y * fy + z * fz
            a, b, c = a + p * p / 12.0, b + p * q / 12.0, c + q * q / 12.0
        else:
            a, c = a + 0.5 * _UNKNOWN, c + 0.5 * _UNKNOWN
    determinant = max(a * c - b * b, 1e-18)
    t2 = (1.0 - cosine * cosine) / (cosine * cosine)
    square = cosine * cosine
    return float(math.exp(-0.5 * t2 * c / determinant) / (2.0 * square * square * math.sqrt(determinant)))


@inner
def patch(
    row: int,
    columns: int,
    solid_angle: float,
    way: float,
    link: Link,
    matter: Matter,
    rows: RadarRows,
    found: RadarFound,
    met: Met,
) -> float:
    """Cross-section of a ray's patch at the end of a way of that length, m2."""
    at, cosine, d = met.surface[row], max(met.cosine[row], _EDGE), rows.direction
    hx, hy, hz = -float(d[row, 0]), -float(d[row, 1]), -float(d[row, 2])
    sigma0 = 4.0 * matter.diffuse[at] * cosine * cosine + 4.0 * matter.corner[at] * cosine
    if matter.power[at] > 0.0:
        lobe = _lobe(row, columns, hx, hy, hz, matter.slope[at], link.diffraction, rows, found, met)
        sigma0 += matter.power[at] * lobe
    return float(sigma0 * solid_angle * way * way / cosine)


@inner
def patch_towards(
    row: int,
    columns: int,
    sx: float,
    sy: float,
    sz: float,
    solid_angle: float,
    way: float,
    link: Link,
    matter: Matter,
    rows: RadarRows,
    found: RadarFound,
    met: Met,
) -> float:
    """The same for what a patch sends towards a unit vector ``s``, m2: facets that face the half vector shine.

    What corners send goes back where it came from, so it is not in here.
    """
    at, cosine, n, d = met.surface[row], max(met.cosine[row], _EDGE), met.normal, rows.direction
    out = n[row, 0] * sx + n[row, 1] * sy + n[row, 2] * sz
    if out <= 0.0:
        return 0.0
    hx, hy, hz = normalise(sx - float(d[row, 0]), sy - float(d[row, 1]), sz - float(d[row, 2]))
    sigma0 = 4.0 * matter.diffuse[at] * cosine * out
    if matter.power[at] > 0.0:
        lobe = _lobe(row, columns, hx, hy, hz, matter.slope[at], link.diffraction, rows, found, met)
        sigma0 += matter.power[at] * lobe
    return float(sigma0 * solid_angle * way * way / cosine)


@inner
def fresnel(power: float, cosine: float) -> float:
    """Reflected power of a smooth face, mean of both polarisations, from that straight on."""
    if power >= 0.85:
        return power
    root = math.sqrt(power)
    n = (1.0 + root) / (1.0 - root)
    inside = math.sqrt(1.0 - (1.0 - cosine * cosine) / (n * n))
    s = (cosine - n * inside) / (cosine + n * inside)
    p = (n * cosine - inside) / (n * cosine + inside)
    return 0.5 * (s * s + p * p)
