"""Flare: ghosts that a bright light leaves on the line through the picture's middle, and rays around it."""

from __future__ import annotations

import math

from simgen.kernels.inner import inner
from simgen.kernels.jit import kernel
from simgen.records.base import F4, F8


@inner
def _inside(dx: float, dy: float, radius: float, blades: int, turn: float) -> float:
    """How much of a regular polygon's image a place gets: 1 inside, less over the last twelfth before its edge."""
    sector = 2.0 * math.pi / blades
    angle = math.atan2(dy, dx) - turn
    angle -= math.floor(angle / sector + 0.5) * sector
    edge = math.sqrt(dx * dx + dy * dy) * math.cos(angle) / (radius * math.cos(sector / 2.0))
    return min(max((1.04 - edge) / 0.08, 0.0), 1.0)


@kernel
def ghosts(first: int, last: int, lights: F8, table: F8, center: F8, blades: int, turn: float, image: F4) -> None:
    """Add ghosts to rows first..last.

    Args:
        first: first row.
        last: one past the last.
        lights: (S, 5) place x, y in pixels; light of each colour, cd/m2 times pixels, that goes into ghosts.
        table: (G, 5) place along the line from the middle to the light (1 = on it), radius in pixels, share of colours.
        center: (2,) the principal point.
        blades: sides of a ghost.
        turn: angle of the first corner less half a side, rad.
        image: (H, W, 3) changed.
    """
    width = image.shape[1]
    for s in range(lights.shape[0]):
        for g in range(table.shape[0]):
            cx = center[0] + table[g, 0] * (lights[s, 0] - center[0])
            cy = center[1] + table[g, 0] * (lights[s, 1] - center[1])
            radius = table[g, 1]
            area = 0.5 * blades * radius * radius * math.sin(2.0 * math.pi / blades)
            for y in range(max(first, int(cy - 1.1 * radius)), min(last, int(cy + 1.1 * radius) + 2)):
                for x in range(max(0, int(cx - 1.1 * radius)), min(width, int(cx + 1.1 * radius) + 2)):
                    part = _inside(x + 0.5 - cx, y + 0.5 - cy, radius, blades, turn) / area
                    for c in range(3):
                        image[y, x, c] += part * table[g, 2 + c] * lights[s, 2 + c]


@kernel
def rays(first: int, last: int, lights: F8, count: int, length: float, turn: float, image: F4) -> None:
    """Add rays around lights to rows first..last; ``length``: px in which a ray falls to 1 / e.

    Along a ray its light falls exponentially, across it is a Gaussian that widens with the distance: diffraction by
    straight edges, smeared over wavelengths.
    """
    width, reach = image.shape[1], 6.0 * length
    for s in range(lights.shape[0]):
        cx, cy = lights[s, 0], lights[s, 1]
        for y in range(max(first, int(cy - reach)), min(last, int(cy + reach) + 1)):
            for x in range(max(0, int(cx - reach)), min(width, int(cx + reach) + 1)):
                dx, dy, value = x + 0.5 - cx, y + 0.5 - cy, 0.0
                for k in range(count):
                    angle = turn + 2.0 * math.pi * k / count
                    cosine, sine = math.cos(angle), math.sin(angle)
                    along, across = dx * cosine + dy * sine, dy * cosine - dx * sine
                    if along < 0.0:
                        continue
                    sigma = 0.7 + 0.02 * along
                    if abs(across) < 4.0 * sigma:
                        fall = math.exp(-along / length - 0.5 * (across / sigma) ** 2)
                        value += fall / (length * sigma * 2.5066282746 * count)
                for c in range(3):
                    image[y, x, c] += value * lights[s, 2 + c]
