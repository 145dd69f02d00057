"""Looking up the light of the sky: luminance by direction, blurred for reflections, irradiance by normal.

Tables lie on an octahedral grid for each half of the sphere (upper first), nodes on its rim included, so a look-up
needs no trigonometry and the horizon stays sharp.
"""

from __future__ import annotations

import math

from simgen.kernels.jit import device
from simgen.records.base import F4

Color = tuple[float, float, float]

#: perceptual roughness of each level of a blurred sky
GLOSS_LEVELS = (0.0, 0.35, 0.6, 1.0)


@device
def octahedral(x: float, y: float, z: float) -> tuple[float, float]:
    """A direction's place on the grid of its half, each in 0..1."""
    scale = 1.0 / (abs(x) + abs(y) + abs(z))
    p, q = x * scale, y * scale
    return 0.5 + 0.5 * (p + q), 0.5 + 0.5 * (p - q)


@device
def look_up(table: F4, x: float, y: float, z: float) -> Color:
    """Bilinear value of a table (2, N, N, 3) in a direction (not null)."""
    half = 0 if z >= 0.0 else 1
    size = table.shape[1] - 1
    u, v = octahedral(x, y, z)
    s, t = u * size, v * size
    i, j = min(int(s), size - 1), min(int(t), size - 1)
    s, t = s - i, t - j
    a, b, c, d = (1.0 - s) * (1.0 - t), (1.0 - s) * t, s * (1.0 - t), s * t
    grid = table[half]
    return (
        a * grid[i, j, 0] + b * grid[i, j + 1, 0] + c * grid[i + 1, j, 0] + d * grid[i + 1, j + 1, 0],
        a * grid[i, j, 1] + b * grid[i, j + 1, 1] + c * grid[i + 1, j, 1] + d * grid[i + 1, j + 1, 1],
        a * grid[i, j, 2] + b * grid[i, j + 1, 2] + c * grid[i + 1, j, 2] + d * grid[i + 1, j + 1, 2],
    )


@device
def reflected(gloss: F4, roughness: float, x: float, y: float, z: float) -> Color:
    """The sky as a surface of that roughness mirrors it, from a table (levels, 2, N, N, 3)."""
    if roughness < 0.35:
        level, t = 0, roughness / 0.35
    elif roughness < 0.6:
        level, t = 1, (roughness - 0.35) / 0.25
    else:
        level, t = 2, min((roughness - 0.6) / 0.4, 1.0)
    ar, ag, ab = look_up(gloss[level], x, y, z)
    br, bg, bb = look_up(gloss[level + 1], x, y, z)
    return ar + t * (br - ar), ag + t * (bg - ag), ab + t * (bb - ab)


@device
def irradiance(harmonics: F4, channel: int, x: float, y: float, z: float) -> float:
    """Irradiance on a surface with that normal, order-2 harmonics (9, 3) with the cosine lobe in them, lx."""
    h = harmonics
    value = (
        h[0, channel]
        + h[1, channel] * y
        + h[2, channel] * z
        + h[3, channel] * x
        + h[4, channel] * x * y
        + h[5, channel] * y * z
        + h[6, channel] * (3.0 * z * z - 1.0)
        + h[7, channel] * x * z
        + h[8, channel] * (x * x - y * y)
    )
    return max(value, 0.0)


@device
def sun_disc(cosine: float, radius: float, pixel: float) -> float:
    """Share of a pixel that the sun's disc covers, by the angle to its centre; its rim is one pixel soft."""
    if cosine <= 0.0:
        return 0.0
    # the chord keeps its precision where the cosine has none left
    angle = math.sqrt(max(2.0 - 2.0 * cosine, 0.0))
    return min(max((radius - angle) / pixel + 0.5, 0.0), 1.0)
