"""The pixels of an imager after EMVA 1288: from light to counts, with noise that stays and noise that does not."""

from __future__ import annotations

import math
from typing import NamedTuple

from simgen.kernels.inner import inner
from simgen.kernels.jit import kernel
from simgen.kernels.noise import normal2, poisson, uniform2
from simgen.records.base import F4, F8, I8, U2

#: means from which a Poisson count is drawn through its quantiles (Cornish and Fisher 1938): skewness to second order
MANY = 300.0
#: lane of the normals, past those of a Poisson draw
_LANE = 128


class Chip(NamedTuple):
    """What turns light into counts."""

    #: electrons a cd/m2 in a pixel of response 1, for this exposure
    electrons: float
    #: electrons that come without light, for this exposure
    dark: float
    read: float
    well: float
    #: counts an electron
    gain: float
    black: float
    most: float
    #: whether anything is drawn
    noisy: bool
    #: seconds, for hot pixels
    time_s: float


@kernel
def fixed(first: int, last: int, key: int, prnu: float, dsnu: float, hot: float, out: F4) -> None:
    """What is special about pixels first..last and never changes: ``out`` (P, 3).

    Columns: response less 1, dark signal (electrons), further dark current (electrons a second). A share ``hot`` of the
    pixels has one between 300 and 30,000, even in its logarithm.
    """
    for i in range(first, last):
        a, b = normal2(key, i, 0)
        out[i, 0], out[i, 1], out[i, 2] = prnu * a, dsnu * b, 0.0
        if hot > 0.0:
            u, v = uniform2(key, i, 1)
            if u < hot:
                out[i, 2] = 300.0 * math.exp(v * 4.605170186)


@inner
def _count(mean: float, z: float, key: int, pixel: int) -> float:
    """A Poisson count, from a standard normal where it is large."""
    if mean < MANY:
        return float(poisson(mean, key, pixel, 0))
    return math.floor(mean + math.sqrt(mean) * z + (z * z - 1.0) / 6.0 + 0.5)


@kernel
def read_out(
    first: int, last: int, key: int, chip: Chip, mix: F8, bayer: I8, rows: F8, image: F4, pixels: F4, raw: U2
) -> None:
    """Counts of rows first..last.

    Args:
        first: first row.
        last: one past the last.
        key: of this frame's noise.
        chip: the electronics.
        mix: (3, 3) response of each colour's pixels to red, green and blue light.
        bayer: (2, 2) colour of the pixels of even and odd rows and columns.
        rows: (H,) share of the light that each row gets (flicker).
        image: (H, W, 3) cd/m2 on the imager.
        pixels: (H W, 3) from :func:`fixed`.
        raw: (H, W) written.
    """
    width = image.shape[1]
    for y in range(first, last):
        for x in range(width):
            i, c = y * width + x, bayer[y & 1, x & 1]
            light = mix[c, 0] * image[y, x, 0] + mix[c, 1] * image[y, x, 1] + mix[c, 2] * image[y, x, 2]
            mean = max(light, 0.0) * chip.electrons * rows[y] * max(1.0 + pixels[i, 0], 0.0)
            mean += chip.dark + pixels[i, 2] * chip.time_s
            value = mean
            if chip.noisy:
                a, b = normal2(key, i, _LANE)
                value = _count(mean, b, key, i) + chip.read * a
            value = min(value + pixels[i, 1], chip.well)
            raw[y, x] = int(min(max(math.floor(value * chip.gain + chip.black + 0.5), 0.0), chip.most))


__all__ = ["MANY", "Chip", "fixed", "read_out"]
