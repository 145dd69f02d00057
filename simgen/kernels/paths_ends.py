"""How light paths begin, and what becomes of the light that they bring home."""

from __future__ import annotations

from simgen.kernels.aim import aim
from simgen.kernels.jit import kernel
from simgen.kernels.lens import ray_of
from simgen.kernels.paths_tables import (
    APERTURE,
    BETA,
    EXPOSURE,
    KEEN,
    LIT,
    PATH_COLUMNS,
    PIXEL,
    SEEN_COLUMNS,
    Asking,
    Paths,
    Plan,
    pixel_seed,
)
from simgen.kernels.smear_samples import open_aperture
from simgen.kernels.sobol import pair
from simgen.kernels.wave import PLACE_COLUMNS, PLACE_RAY, PLACE_SHARE, PLACE_START, RAY_BEFORE, RAY_HIDES, Optics, Wave
from simgen.records.base import F4


@kernel
def begin(plan: Plan, optics: Optics, first: int, paths: Paths, wave: Wave) -> None:
    """Rays through jittered places of the pixels from ``first``, all samples of a pixel side by side.

    Where places have columns for it, also spread over the exposure and the aperture.
    """
    places = paths.places
    for i in range(wave.time.shape[0]):
        pixel = first + i // plan.samples
        index, seed = i % plan.samples, pixel_seed(plan.key, pixel)
        u, w = pair(index, seed, PIXEL)
        places[i, 0], places[i, 1] = pixel % plan.width + u, pixel // plan.width + w
        if places.shape[1] > PLACE_RAY:
            x, y, z = ray_of(optics.model, optics.lens, float(places[i, 0]), float(places[i, 1]))
            places[i, PLACE_RAY], places[i, PLACE_RAY + 1], places[i, PLACE_RAY + 2] = x, y, z
            if places.shape[1] == PLACE_COLUMNS:
                places[i, PLACE_START], places[i, PLACE_START + 1], places[i, PLACE_START + 2] = 0.0, 0.0, 0.0
                places[i, PLACE_SHARE] = pair(index, seed, EXPOSURE)[0] - 0.5
                if plan.aperture > 0.0 and not (x == 0.0 and y == 0.0 and z == 0.0):
                    a, b = pair(index, seed, APERTURE)
                    open_aperture(optics, places, i, 0.5 * plan.aperture, plan.focus, a, b)
        paths.owner[i] = i
        for c in range(PATH_COLUMNS):
            paths.state[i, c] = 0.0
        for c in range(3):
            paths.state[i, BETA + c] = 1.0
        paths.state[i, KEEN] = 1.0
        paths.given[i, RAY_BEFORE], paths.given[i, RAY_HIDES] = 0.0, 0.0
        for c in range(SEEN_COLUMNS):
            paths.seen[i, c] = 0.0
    aim(optics, places, 0, wave)


@kernel
def gather(count: int, asking: Asking, column: int, paths: Paths) -> None:
    """Light that got through, to those columns of the paths that asked."""
    for k in range(count):
        if not asking.blocked[k]:
            for c in range(3):
                paths.seen[asking.owner[k], column + c] += asking.gain[k, c]


@kernel
def settle(samples: int, first: int, count: int, paths: Paths, picture: F4) -> None:
    """Means over each pixel's samples, to the picture: rows as ``Paths.seen``, then the variance of lit luminance."""
    seen = paths.seen
    for p in range(count):
        for c in range(SEEN_COLUMNS):
            total = 0.0
            for k in range(p * samples, (p + 1) * samples):
                total += float(seen[k, c])
            picture[first + p, c] = total / samples
        mean, square = 0.0, 0.0
        for k in range(p * samples, (p + 1) * samples):
            bright = 0.2126 * float(seen[k, LIT]) + 0.7152 * float(seen[k, LIT + 1]) + 0.0722 * float(seen[k, LIT + 2])
            mean += bright
            square += bright * bright
        mean /= samples
        spread = max(square / samples - mean * mean, 0.0)
        picture[first + p, SEEN_COLUMNS] = spread / max(samples - 1, 1)
