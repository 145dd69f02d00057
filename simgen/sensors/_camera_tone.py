"""Exposure and tone: from luminance to sRGB bytes."""

from __future__ import annotations

import math
from functools import cache
from typing import Final

import numpy as np

from simgen.colorimetry import srgb, tone
from simgen.records.base import F8, U1

#: steps of the tone table over the square root of luminance; fine enough that no byte is skipped in the dark
STEPS: Final = 4096
#: darkest average that exposure follows, cd/m2: below, night stays dark
DARKEST: Final = 0.02
#: average below which exposure follows the dark only in part, and how far: a street at night looks like night, and
#: not like a day of another colour
DIM: Final = 10.0
FOLLOWS: Final = 0.75
#: calibration of a reflected-light meter, cd s/m2 (ISO 2720)
METER: Final = 12.5


def ev_of_average(luminance: float) -> float:
    """Exposure value at ISO 100 for an average luminance: ``EV100 = log2(L 100 / 12.5)``."""
    return math.log2(max(luminance, DARKEST) * 100.0 / METER)


def adapted(luminance: float) -> float:
    """The average that automatic exposure works for: the true one, or ``D (L / D)^0.75`` below the dim ``D``, cd/m2."""
    return luminance if luminance >= DIM else DIM * (max(luminance, DARKEST) / DIM) ** FOLLOWS


def white_of_ev(ev: float) -> float:
    """Luminance that saturates at an exposure value: ``1.2 * 2^EV100`` (ISO 12232), cd/m2."""
    return float(1.2 * 2.0**ev)


def ev_of_white(white: float) -> float:
    """The inverse of :func:`white_of_ev`."""
    return math.log2(white / 1.2)


def average_luminance(logs: F8, count: int) -> float:
    """Geometric mean from the rows' sums of logarithms over so many pixels; the sun's disc hardly counts."""
    return math.exp(float(logs.sum()) / max(count, 1))


@cache
def curve() -> U1:
    """The tone table: sRGB bytes over the square root of the share of white."""
    x = np.linspace(0.0, 1.0, STEPS) ** 2
    table = np.rint(srgb(tone(x)) * 255.0).astype(np.uint8)
    table.setflags(write=False)
    return table
