"""What a surface does with one ray of light: value, sample and density, for paths that bounce.

Three lobes: a clear coat, GGX microfacets (a mixture of metal and dielectric) and what is matt. Microfacets: Walter et
al. 2007, height-correlated Smith (Heitz 2014), Schlick's Fresnel, sampled by their visible normals (Heitz 2018, in the
form of Dupuy and Benyoub 2023). Matt is the base under dielectric facets, coupled to them as in Kelemen and
Szirmay-Kalos 2001, ``(1 - E(l)) (1 - E(v)) / (1 - mean E)``, and what metal facets pass to one another (Kulla and Conty
2017, the same form). So the whole is reciprocal, and a white surface without a coat sends back all light.

All directions are unit vectors away from the surface in its own frame (z = the normal); all values include the cosine.
"""

from __future__ import annotations

import math
from typing import Final

import numpy as np

from simgen.kernels.brdf import DIELECTRIC
from simgen.kernels.inner import inner
from simgen.kernels.pose import Vector, normalise
from simgen.records.base import F8

#: smallest alpha: a reflection is blurred by a tenth of a degree at least
SMOOTHEST: Final = 0.002
#: alpha below which a lobe is a mirror: lamps are found by its rays alone, and it does not count as a bounce
SHARP: Final = 0.01
#: least chance of a ray for a lobe that is there, so that faint mirror images do not sparkle
_LEAST: Final = 0.12

#: metal, fade of the dielectric's facets, alpha, weight of the coat, its alpha; chances of coat, facets and matt lobe;
#: light that is stopped on its way to the viewer by dielectric facets, by perfect metal facets, by the coat; the means
#: of the first two over all directions; Smith's roots for the view, of facets and coat; perceptual roughness of both
Lobes = tuple[
    float,
    float,
    float,
    float,
    float,
    float,
    float,
    float,
    float,
    float,
    float,
    float,
    float,
    float,
    float,
    float,
    float,
]


@inner
def _albedo(table: F8, rough: float, cosine: float) -> tuple[float, float]:
    """Scale and bias of ``f0`` in the microfacets' albedo, from a table (R, C, 4) over roughness and cosine."""
    rows, columns = table.shape[0] - 1, table.shape[1] - 1
    s, t = min(max(rough, 0.0), 1.0) * rows, min(max(cosine, 0.0), 1.0) * columns
    i, j = min(int(s), rows - 1), min(int(t), columns - 1)
    s, t = s - i, t - j
    a, b, c, d = (1.0 - s) * (1.0 - t), (1.0 - s) * t, s * (1.0 - t), s * t
    return (
        a * table[i, j, 0] + b * table[i, j + 1, 0] + c * table[i + 1, j, 0] + d * table[i + 1, j + 1, 0],
        a * table[i, j, 1] + b * table[i, j + 1, 1] + c * table[i + 1, j, 1] + d * table[i + 1, j + 1, 1],
    )


@inner
def dielectric_albedo(table: F8, rough: float, cosine: float) -> float:
    """Share of light that dielectric microfacets send back for a cosine."""
    scale, bias = _albedo(table, rough, cosine)
    return DIELECTRIC * scale + bias


@inner
def _means(table: F8, rough: float) -> tuple[float, float]:
    """The albedo of a dielectric's and of a perfect metal's facets, averaged over directions by their cosine."""
    rows = table.shape[0] - 1
    s = min(max(rough, 0.0), 1.0) * rows
    i = min(int(s), rows - 1)
    s -= i
    return (
        float(table[i, 0, 2] + s * (table[i + 1, 0, 2] - table[i, 0, 2])),
        float(table[i, 0, 3] + s * (table[i + 1, 0, 3] - table[i, 0, 3])),
    )


@inner
def _handed_on(color: float, mean: float) -> float:
    """Colour of light after several metal facets, ``F^2 E / (1 - F (1 - E))`` with the mean Fresnel reflectance F."""
    f = color + (1.0 - color) / 21.0
    return f * f * mean / (1.0 - f * (1.0 - mean))


@inner
def prepare(
    table: F8, bright: float, rough: float, metal: float, coat: float, coat_rough: float, vz: float, widen: float
) -> Lobes:
    """Lobes of a material seen under the cosine ``vz``; ``bright`` is the largest channel of its colour.

    ``widen`` is a lower limit of alpha: after a rough bounce sharp images cost noise and show nothing.
    """
    # over the last tenth before roughness 1 dielectric facets fade away: 1 is Lambert's surface
    fade = (1.0 - metal) * max(min((1.0 - rough) * 10.0, 1.0), 0.0)
    alpha, coat_alpha = max(rough * rough, SMOOTHEST, widen), max(coat_rough * coat_rough, SMOOTHEST, widen)
    over, root, coat_root, smooth, coat_smooth = 0.0, 1.0, 1.0, 1.0, 1.0
    if coat > 0.0:
        coat_smooth, coat_root = math.sqrt(coat_alpha), _root(coat_alpha, vz)
        over = coat * dielectric_albedo(table, coat_smooth, vz)
    own, own_mean, full, full_mean, second = 0.0, 0.0, 1.0, 1.0, 0.0
    if fade + metal > 0.0:
        smooth, root = math.sqrt(alpha), _root(alpha, vz)
        scale, bias = _albedo(table, smooth, vz)
        own_mean, full_mean = _means(table, smooth)
        own, full = DIELECTRIC * scale + bias, scale + bias
        second = fade * own + metal * (bright * scale + bias)
        # of the dielectric share: facets that have faded stop nothing
        faded = fade / max(1.0 - metal, 1e-9)
        own, own_mean = faded * own, faded * own_mean
    third = bright * (1.0 - metal) * (1.0 - own) + metal * _handed_on(bright, full_mean) * (1.0 - full)
    first = max(over, _LEAST) if coat > 0.0 else 0.0
    second = max((1.0 - over) * second, _LEAST * min(10.0 * (fade + metal), 1.0))
    third *= 1.0 - over
    total = max(first + second + third, 1e-12)
    return (
        metal,
        fade,
        alpha,
        coat,
        coat_alpha,
        first / total,
        second / total,
        third / total,
        own,
        full,
        over,
        own_mean,
        full_mean,
        root,
        coat_root,
        smooth,
        coat_smooth,
    )


@inner
def _root(alpha: float, cosine: float) -> float:
    """What Smith's masking needs of a direction."""
    a2 = alpha * alpha
    return math.sqrt(a2 + (1.0 - a2) * cosine * cosine)


@inner
def _facets(alpha: float, root: float, vz: float, lz: float, hz2: float) -> tuple[float, float]:
    """Microfacets for one pair of directions: value times cosine without Fresnel, density of visible normals' mirrors.

    ``hz2``: square of the half vector's cosine. GGX: Walter et al. 2007, eq. 33; shadowing: Heitz 2014, eq. 99;
    density ``G1(v) D / (4 v.n)``: Heitz 2018, eq. 17.
    """
    a2 = alpha * alpha
    t = hz2 * (a2 - 1.0) + 1.0
    d = a2 / (math.pi * t * t)
    other = math.sqrt(a2 + (1.0 - a2) * lz * lz)
    return 0.5 * d * lz / max(lz * root + vz * other, 1e-9), 0.5 * d / (vz + root)


#: red, green, blue and density of the rough lobes, then of the sharp ones
Pair = tuple[float, float, float, float, float, float, float, float]


@inner
def evaluate(
    table: F8,
    lobes: Lobes,
    red: float,
    green: float,
    blue: float,
    vx: float,
    vy: float,
    vz: float,
    lx: float,
    ly: float,
    lz: float,
) -> Pair:
    """BSDF times cosine, and the density with which ``sample`` takes that direction, rough and sharp lobes apart."""
    metal, fade, alpha, coat, coat_alpha, first, second, third, own, full, over, own_mean, full_mean = lobes[:13]
    root, coat_root, smooth, coat_smooth = lobes[13:]
    r0, g0, b0, p0, r1, g1, b1, p1 = 0.0, 0.0, 0.0, 0.0, 0.0, 0.0, 0.0, 0.0
    if lz <= 0.0 or vz <= 0.0:
        return r0, g0, b0, p0, r1, g1, b1, p1
    # the half vector's length is twice its cosine to either direction
    twice = max(2.0 + 2.0 * (vx * lx + vy * ly + vz * lz), 1e-12)
    hz2 = min((vz + lz) * (vz + lz) / twice, 1.0)
    q = 1.0 - min(0.5 * math.sqrt(twice), 1.0)
    rise, under = q * q * q * q * q, 1.0
    if coat > 0.0:
        value, density = _facets(coat_alpha, coat_root, vz, lz, hz2)
        value *= coat * (DIELECTRIC + (1.0 - DIELECTRIC) * rise)
        if coat_alpha < SHARP:
            r1, g1, b1, p1 = value, value, value, first * density
        else:
            r0, g0, b0, p0 = value, value, value, first * density
        under = (1.0 - over) * (1.0 - coat * dielectric_albedo(table, coat_smooth, lz))
    if fade + metal > 0.0:
        value, density = _facets(alpha, root, vz, lz, hz2)
        value *= under
        glass = fade * (DIELECTRIC + (1.0 - DIELECTRIC) * rise)
        fr, fg, fb = red + (1.0 - red) * rise, green + (1.0 - green) * rise, blue + (1.0 - blue) * rise
        fr, fg, fb = glass + metal * fr, glass + metal * fg, glass + metal * fb
        if alpha < SHARP:
            r1, g1, b1, p1 = r1 + value * fr, g1 + value * fg, b1 + value * fb, p1 + second * density
        else:
            r0, g0, b0, p0 = r0 + value * fr, g0 + value * fg, b0 + value * fb, p0 + second * density
    if third > 0.0:
        lambert = under * lz / math.pi
        base, several = 1.0 - metal, 0.0
        if fade + metal > 0.0:
            scale, bias = _albedo(table, smooth, lz)
            faded = fade / max(1.0 - metal, 1e-9)
            base *= (1.0 - own) * (1.0 - faded * (DIELECTRIC * scale + bias)) / max(1.0 - own_mean, 1e-6)
            several = metal * (1.0 - full) * max(1.0 - scale - bias, 0.0) / max(1.0 - full_mean, 1e-6)
        r0 += lambert * (base * red + several * _handed_on(red, full_mean))
        g0 += lambert * (base * green + several * _handed_on(green, full_mean))
        b0 += lambert * (base * blue + several * _handed_on(blue, full_mean))
        p0 += third * lz / math.pi
    return r0, g0, b0, p0, r1, g1, b1, p1


@inner
def sample_facets(alpha: float, vx: float, vy: float, vz: float, u: float, w: float) -> Vector:
    """Direction mirrored by a visible microfacet's normal: caps of the sphere (Dupuy and Benyoub 2023)."""
    sx, sy, sz = normalise(alpha * vx, alpha * vy, vz)
    angle = 2.0 * math.pi * u
    z = (1.0 - w) * (1.0 + sz) - sz
    flat = math.sqrt(max(1.0 - z * z, 0.0))
    hx, hy, hz = normalise(
        alpha * (flat * math.cos(angle) + sx), alpha * (flat * math.sin(angle) + sy), max(z + sz, 1e-9)
    )
    twice = 2.0 * (vx * hx + vy * hy + vz * hz)
    return twice * hx - vx, twice * hy - vy, twice * hz - vz


@inner
def sample_cosine(u: float, w: float) -> Vector:
    """Direction with a density of cosine / pi: Shirley and Chiu's concentric map of the square."""
    a, b = 2.0 * u - 1.0, 2.0 * w - 1.0
    if a == 0.0 and b == 0.0:
        return 0.0, 0.0, 1.0
    if abs(a) > abs(b):
        r, angle = a, 0.25 * math.pi * b / a
    else:
        r, angle = b, 0.5 * math.pi - 0.25 * math.pi * a / b
    return r * math.cos(angle), r * math.sin(angle), math.sqrt(max(1.0 - r * r, 0.0))


@inner
def sample(lobes: Lobes, vx: float, vy: float, vz: float, choice: float, u: float, w: float) -> tuple[float, ...]:
    """A direction from one of the lobes, and whether that lobe is sharp (1) or rough (0)."""
    alpha, coat_alpha, first, second = lobes[2], lobes[4], lobes[5], lobes[6]
    if choice < first:
        x, y, z = sample_facets(coat_alpha, vx, vy, vz, u, w)
        return x, y, z, 1.0 if coat_alpha < SHARP else 0.0
    if choice < first + second:
        x, y, z = sample_facets(alpha, vx, vy, vz, u, w)
        return x, y, z, 1.0 if alpha < SHARP else 0.0
    x, y, z = sample_cosine(u, w)
    return x, y, z, 0.0


def albedo_table(rows: int = 33, columns: int = 65, samples: int = 1024) -> F8:
    """Albedo of GGX microfacets over perceptual roughness and cosine, (R, C, 4): scale, bias, means.

    Scale and bias are of ``f0``. By visible normals: the weight of a sample is ``G2 / G1``, its Fresnel
    ``f0 (1 - q) + q`` with Schlick's ``q = (1 - v.h)^5``. The means over directions, of a dielectric and of a perfect
    metal, are the same in all columns.
    """
    k = np.arange(samples) + 0.5
    u, w = k / samples, np.mod(k * 0.6180339887498949, 1.0)
    alpha = np.maximum(np.linspace(0.0, 1.0, rows) ** 2, SMOOTHEST)[:, None, None]
    vz = np.maximum(np.linspace(0.0, 1.0, columns), 1e-4)[None, :, None]
    vx = np.sqrt(1.0 - vz * vz)
    length = np.sqrt((alpha * vx) ** 2 + vz**2)
    sx, sz = alpha * vx / length, vz / length
    z = (1.0 - w) * (1.0 + sz) - sz
    flat = np.sqrt(np.maximum(1.0 - z * z, 0.0))
    hx, hy, hz = alpha * (flat * np.cos(2 * math.pi * u) + sx), alpha * flat * np.sin(2 * math.pi * u), z + sz
    norm = np.sqrt(hx * hx + hy * hy + hz * hz)
    hx, hz = hx / norm, hz / norm
    vh = vx * hx + vz * hz
    lz = 2.0 * vh * hz - vz
    a2 = alpha * alpha
    smith_l, smith_v = np.sqrt(a2 + (1.0 - a2) * lz * lz), np.sqrt(a2 + (1.0 - a2) * vz * vz)
    weight = np.where(lz > 0.0, lz * (vz + smith_v) / np.maximum(lz * smith_v + vz * smith_l, 1e-12), 0.0)
    rise = np.clip(1.0 - vh, 0.0, 1.0) ** 5
    scale, bias = (weight * (1.0 - rise)).mean(-1), (weight * rise).mean(-1)
    cosine = np.linspace(0.0, 1.0, columns)
    columns_of = [scale, bias]
    for f0 in (DIELECTRIC, 1.0):
        sent = 2.0 * cosine * (f0 * scale + bias)
        mean = 0.5 * (sent[:, 1:] + sent[:, :-1]).mean(-1, keepdims=True)
        columns_of.append(np.broadcast_to(mean, scale.shape))
    return np.ascontiguousarray(np.stack(columns_of, -1))
