"""Looking up the light of the sky: luminance by direction, blurred for reflections, irradiance by normal.

Tables lie on an octahedral grid for each half of the sphere (upper first), nodes on its rim included, so a look-up
needs no trigonometry and the horizon stays sharp.
"""

from __future__ import annotations

import math

from simgen.kernels.inner import inner
from simgen.kernels.wave import GLOW_AIR, GLOW_NODES, GLOW_RAD, HARMONICS, SUN, Lighting
from simgen.records.base import F4, F8

Color = tuple[float, float, float]

#: perceptual roughness of each level of a blurred sky, and from where on it is as blurred as diffuse light
GLOSS_LEVELS = (0.0, 0.35, 0.6)
GLOSS_LEVELS_END = 0.85
_GLOSS_1 = GLOSS_LEVELS[1]
_GLOSS_2 = GLOSS_LEVELS[2]


@inner
def octahedral(x: float, y: float, z: float) -> tuple[float, float]:
    """A direction's place on the grid of its half, each in 0..1."""
    scale = 1.0 / (abs(x) + abs(y) + abs(z))
    p, q = x * scale, y * scale
    return 0.5 + 0.5 * (p + q), 0.5 + 0.5 * (p - q)


@inner
def look_up(table: F4, first: int, x: float, y: float, z: float) -> Color:
    """Bilinear value in a direction (not null); ``table[first]`` is the upper half's grid, the next the lower's."""
    half = first if z >= 0.0 else first + 1
    size = table.shape[1] - 1
    u, v = octahedral(x, y, z)
    s, t = u * size, v * size
    i, j = min(int(s), size - 1), min(int(t), size - 1)
    s, t = s - i, t - j
    a, b, c, d = (1.0 - s) * (1.0 - t), (1.0 - s) * t, s * (1.0 - t), s * t
    k, m = i + 1, j + 1
    return (
        a * table[half, i, j, 0] + b * table[half, i, m, 0] + c * table[half, k, j, 0] + d * table[half, k, m, 0],
        a * table[half, i, j, 1] + b * table[half, i, m, 1] + c * table[half, k, j, 1] + d * table[half, k, m, 1],
        a * table[half, i, j, 2] + b * table[half, i, m, 2] + c * table[half, k, j, 2] + d * table[half, k, m, 2],
    )


@inner
def reflected(gloss: F4, roughness: float, x: float, y: float, z: float, matt: Color) -> Color:
    """The sky as a surface of that roughness mirrors it, from the grids (2 levels, N, N, 3), smooth to rough.

    ``matt`` is what very rough surfaces mirror: the mean over their own half of the sky, irradiance / pi.
    """
    if roughness >= GLOSS_LEVELS_END:
        return matt
    level, t = 0, roughness / _GLOSS_1
    if roughness >= _GLOSS_2:
        level, t = 2, (roughness - _GLOSS_2) / (GLOSS_LEVELS_END - _GLOSS_2)
    elif roughness >= _GLOSS_1:
        level, t = 1, (roughness - _GLOSS_1) / (_GLOSS_2 - _GLOSS_1)
    red, green, blue = look_up(gloss, 2 * level, x, y, z)
    more = matt
    if level < 2:
        more = look_up(gloss, 2 * level + 2, x, y, z)
    return red + t * (more[0] - red), green + t * (more[1] - green), blue + t * (more[2] - blue)


@inner
def irradiance(values: F8, x: float, y: float, z: float) -> Color:
    """Irradiance on a surface with that normal, lx: order-2 harmonics with the cosine lobe, in ``Lighting.values``."""
    h, v = HARMONICS, values
    xy, yz, zz, xz, xx = x * y, y * z, 3.0 * z * z - 1.0, x * z, x * x - y * y
    red = v[h, 0] + v[h + 1, 0] * y + v[h + 2, 0] * z + v[h + 3, 0] * x
    green = v[h, 1] + v[h + 1, 1] * y + v[h + 2, 1] * z + v[h + 3, 1] * x
    blue = v[h, 2] + v[h + 1, 2] * y + v[h + 2, 2] * z + v[h + 3, 2] * x
    red += v[h + 4, 0] * xy + v[h + 5, 0] * yz + v[h + 6, 0] * zz + v[h + 7, 0] * xz + v[h + 8, 0] * xx
    green += v[h + 4, 1] * xy + v[h + 5, 1] * yz + v[h + 6, 1] * zz + v[h + 7, 1] * xz + v[h + 8, 1] * xx
    blue += v[h + 4, 2] * xy + v[h + 5, 2] * yz + v[h + 6, 2] * zz + v[h + 7, 2] * xz + v[h + 8, 2] * xx
    return max(red, 0.0), max(green, 0.0), max(blue, 0.0)


@inner
def sun_disc(cosine: float, radius: float, pixel: float) -> float:
    """Share of a pixel that the sun's disc covers, by the angle to its centre; its rim is one pixel soft."""
    if cosine <= 0.0:
        return 0.0
    # the chord keeps its precision where the cosine has none left
    angle = math.sqrt(max(2.0 - 2.0 * cosine, 0.0))
    return min(max((radius - angle) / pixel + 0.5, 0.0), 1.0)


@inner
def aureole(values: F8, first: int, x: float, y: float, z: float) -> Color:
    """The summit of the glow about the sun in a direction, by rows of ``Lighting.values`` from ``first``."""
    p, q, r = x - values[SUN, 0], y - values[SUN, 1], z - values[SUN, 2]
    # so near the sun a chord is an angle
    share = math.sqrt(p * p + q * q + r * r) / GLOW_RAD
    if share >= 1.0:
        return 0.0, 0.0, 0.0
    at = math.sqrt(share) * (GLOW_NODES - 1)
    low = min(int(at), GLOW_NODES - 2)
    t, a = at - low, first + low
    b = a + 1
    return (
        values[a, 0] + t * (values[b, 0] - values[a, 0]),
        values[a, 1] + t * (values[b, 1] - values[a, 1]),
        values[a, 2] + t * (values[b, 2] - values[a, 2]),
    )


@inner
def airlight(light: Lighting, x: float, y: float, z: float) -> Color:
    """What an endless path through the air shows in a direction (of length 1); for air that is not clear."""
    red, green, blue = look_up(light.air, 0, x, y, z)
    r, g, b = aureole(light.values, GLOW_AIR, x, y, z)
    return red + r, green + g, blue + b
