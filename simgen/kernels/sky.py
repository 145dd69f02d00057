"""Looking up the light of the sky: luminance by direction, blurred for reflections, irradiance by normal.

Tables lie on an octahedral grid for each half of the sphere (upper first), nodes on its rim included, so a look-up
needs no trigonometry and the horizon stays sharp.
"""

from __future__ import annotations

import math

from simgen.kernels.inner import inner
from simgen.kernels.wave import HARMONICS
from simgen.records.base import F4, F8

Color = tuple[float, float, float]

#: perceptual roughness of each level of a blurred sky
GLOSS_LEVELS = (0.0, 0.35, 0.6, 1.0)
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
def reflected(gloss: F4, roughness: float, x: float, y: float, z: float) -> Color:
    """The sky as a surface of that roughness mirrors it, from the grids (2 levels, N, N, 3), smooth to rough."""
    if roughness < _GLOSS_1:
        level, t = 0, roughness / _GLOSS_1
    elif roughness < _GLOSS_2:
        level, t = 1, (roughness - _GLOSS_1) / (_GLOSS_2 - _GLOSS_1)
    else:
        level, t = 2, min((roughness - _GLOSS_2) / (1.0 - _GLOSS_2), 1.0)
    red, green, blue = 0.0, 0.0, 0.0
    for k in range(2):
        r, g, b = look_up(gloss, 2 * (level + k), x, y, z)
        w = t if k == 1 else 1.0 - t
        red, green, blue = red + w * r, green + w * g, blue + w * b
    return red, green, blue


@inner
def irradiance(values: F8, channel: int, x: float, y: float, z: float) -> float:
    """Irradiance on a surface with that normal, lx: order-2 harmonics with the cosine lobe, in ``Lighting.values``."""
    h, c = HARMONICS, channel
    value = (
        values[h, c]
        + values[h + 1, c] * y
        + values[h + 2, c] * z
        + values[h + 3, c] * x
        + values[h + 4, c] * x * y
        + values[h + 5, c] * y * z
        + values[h + 6, c] * (3.0 * z * z - 1.0)
        + values[h + 7, c] * x * z
        + values[h + 8, c] * (x * x - y * y)
    )
    return max(float(value), 0.0)


@inner
def sun_disc(cosine: float, radius: float, pixel: float) -> float:
    """Share of a pixel that the sun's disc covers, by the angle to its centre; its rim is one pixel soft."""
    if cosine <= 0.0:
        return 0.0
    # the chord keeps its precision where the cosine has none left
    angle = math.sqrt(max(2.0 - 2.0 * cosine, 0.0))
    return min(max((radius - angle) / pixel + 0.5, 0.0), 1.0)
