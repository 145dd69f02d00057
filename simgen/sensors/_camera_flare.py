"""Which lights of a picture are bright enough for a flare, and what their ghosts look like."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

import numpy as np

from simgen.kernels import flare
from simgen.kernels.tiles import run_tiles
from simgen.records.base import F4, F8

if TYPE_CHECKING:
    from simgen.sensors.camera import Camera

_ROWS: Final = 32
#: a light is what is so many times brighter than white, and sends so much that a ghost can be seen (whites x pixels)
_BRIGHT: Final = 8.0
_LEAST: Final = 500.0
#: lights that a picture may have; the strongest come first
_MOST: Final = 8
#: pixels that belong together, a side
_BLOCK: Final = 24
#: ghosts: place on the line (1 = the light itself), radius as a share of the picture's width, colour, share of light
_GHOSTS: Final = (
    (-0.28, 0.018, (1.0, 0.85, 0.6), 0.12),
    (-0.55, 0.045, (0.6, 1.0, 0.75), 0.24),
    (-1.05, 0.070, (0.85, 0.75, 1.0), 0.26),
    (0.35, 0.012, (1.0, 0.7, 0.5), 0.10),
    (0.62, 0.030, (0.7, 0.9, 1.0), 0.16),
    (-1.45, 0.028, (1.0, 0.9, 0.8), 0.12),
)
#: angle of the aperture's blades
_TURN: Final = 0.26


def bright_lights(image: F4, white: float) -> F8:
    """The strong lights of a picture (H, W, 3), (S, 5): place x, y in pixels, and light, cd/m2 times pixels, by colour.

    What is far brighter than white counts; pixels of neighbouring blocks are one light, at their centre of gravity.
    """
    rows, columns = np.nonzero(image.max(-1) > _BRIGHT * white)
    if len(rows) == 0:
        return np.zeros((0, 5))
    value = image[rows, columns].astype(np.float64)
    down, across = -(-image.shape[0] // _BLOCK) + 2, -(-image.shape[1] // _BLOCK) + 2
    block = (rows // _BLOCK + 1) * across + columns // _BLOCK + 1
    sums = np.zeros((5, down * across))
    for k, weight in enumerate((columns + 0.5, rows + 0.5, None, None, None)):
        amount = value.sum(-1) * weight if weight is not None else value[:, k - 2]
        sums[k] = np.bincount(block, amount, down * across)
    return _gathered(sums, across, _LEAST * white)


def _gathered(sums: F8, across: int, least: float) -> F8:
    """The strongest block with its eight neighbours is a light, and so on with what is left."""
    around = np.array([dy * across + dx for dy in (-1, 0, 1) for dx in (-1, 0, 1)])
    found: list[tuple[float, ...]] = []
    while len(found) < _MOST:
        best = int(sums[2:].sum(0).argmax())
        group = sums[:, best + around].sum(1)
        if group[2:].mean() < least:
            break
        total = group[2:].sum()
        found.append((group[0] / total, group[1] / total, *group[2:]))
        sums[:, best + around] = 0.0
    return np.array(found, np.float64).reshape(-1, 5)


def add_flare(camera: Camera, image: F4, white: float, threads: int) -> F4:
    """The picture with the ghosts and rays of its lights; their light, far below 1 %, is taken from nowhere."""
    optics, lens = camera.optics, camera.projection
    lights = bright_lights(image, white) if optics.flare > 0.0 or optics.starburst > 0.0 else np.zeros((0, 5))
    if len(lights) == 0:
        return image
    out, center = image.copy(), np.array([lens.cx, lens.cy])
    share = np.array([1.0, 1.0, optics.flare, optics.flare, optics.flare])
    table = np.array([(p, r * lens.width, *(np.array(c) * 3.0 / sum(c) * s)) for p, r, c, s in _GHOSTS])
    # a straight edge bends light to both sides: opposite blades of an even number share their rays
    count = optics.blades if optics.blades % 2 == 0 else 2 * optics.blades
    burst = np.array([1.0, 1.0, optics.starburst, optics.starburst, optics.starburst])

    def tile(a: int, b: int) -> None:
        if optics.flare > 0.0:
            flare.ghosts(a, b, lights * share, table, center, optics.blades, _TURN, out)
        if optics.starburst > 0.0:
            flare.rays(a, b, lights * burst, count, 0.035 * lens.width, _TURN, out)

    run_tiles(tile, len(out), _ROWS, threads)
    return out


__all__ = ["add_flare", "bright_lights"]
