"""Broken clouds: a layer of fractal noise seen from below, with lit sides and bright rims near the sun."""

from __future__ import annotations

import math
from typing import Final

import numpy as np

from simgen.records.base import F8
from simgen.rng import stream

#: size of the sky's table where clouds are to be seen: 0.375 degrees a cell
ROWS: Final = 480
COLUMNS: Final = 960
_LATTICE: Final = 64
_OCTAVES: Final = 6
#: cells of the largest noise in one height of the layer
_SIZE: Final = 1.1
#: how much the layer curves down: heights added to the slant, so that it ends at the horizon
_CURVE: Final = 0.1
#: angle around the sun that is kept free while the sky is not closed, rad
_GAP_RAD: Final = 0.16


def cloud_layer(cells: F8, sun: F8, cover: float, seed: int) -> tuple[F8, F8]:
    """How much of the sky behind clouds hide, 0..1, and their luminance, relative; both (R, C) of the upper half.

    ``cells``: unit vectors (R, C, 3) with z > 0. Noise is cut at the level that leaves ``cover`` of the solid angle.
    """
    place = cells[..., :2] / (cells[..., 2:] + _CURVE) * _SIZE
    # how far neighbouring cells lie apart on the layer
    apart = (math.pi / ROWS) * _SIZE / (cells[..., 2] + _CURVE) ** 2 * 0.5
    density = _fractal(place, apart, seed)
    toward = sun[:2] / max(float(np.hypot(sun[0], sun[1])), 1e-6) * min(1.0, 2.0 * float(np.hypot(sun[0], sun[1])))
    shade = _fractal(place + 0.35 * toward, apart, seed)
    angle = np.arccos(np.clip((cells * sun).sum(-1), -1.0, 1.0))
    open_sky = min(max((0.97 - cover) / 0.25, 0.0), 1.0)
    density = density - 0.45 * open_sky * np.exp(-((angle / _GAP_RAD) ** 2))
    cut = _quantile(density, 1.0 - cover, np.sqrt(np.maximum(1.0 - cells[..., 2] ** 2, 0.0)))
    hides = _smooth((density - cut + 0.05) / 0.12)
    thick = np.clip((density - cut) / 0.3, 0.0, 1.0)
    lit = np.clip(0.5 + 2.2 * (density - shade), 0.0, 1.0)
    rims = 2.5 * np.exp(-angle / 0.3) * (1.0 - thick) ** 2
    return hides, (0.45 + 0.55 * lit) * (1.0 - 0.45 * thick) + rims


def _smooth(t: F8) -> F8:
    t = np.clip(t, 0.0, 1.0)
    return np.asarray(t * t * (3.0 - 2.0 * t))


def _quantile(values: F8, share: float, weight: F8) -> float:
    """The value below which that share of the weight lies."""
    order = np.argsort(values, axis=None, kind="stable")
    total = np.cumsum(weight.ravel()[order])
    return float(values.ravel()[order][min(int(np.searchsorted(total, share * total[-1])), len(order) - 1)])


def _fractal(place: F8, apart: F8, seed: int) -> F8:
    """Value noise in octaves around 0.5; those finer than the cells fade out instead of aliasing."""
    total, weight, size = np.zeros(place.shape[:-1]), 1.0, 0.0
    for octave in range(_OCTAVES):
        scale = 2.03**octave
        seen = np.clip(2.0 - 3.0 * apart * scale, 0.0, 1.0)
        table = stream(seed, "clouds", octave).random((_LATTICE, _LATTICE))
        total += weight * seen * (_lattice(place * scale + 17.3 * octave, table) - 0.5)
        size += weight
        weight *= 0.55
    return total / size * 1.6 + 0.5


def _lattice(place: F8, table: F8) -> F8:
    """Smooth values between the nodes of a table that repeats."""
    low = np.floor(place).astype(np.int64)
    share = place - low
    s = share * share * (3.0 - 2.0 * share)
    i, j = low[..., 0] % _LATTICE, low[..., 1] % _LATTICE
    k, m = (i + 1) % _LATTICE, (j + 1) % _LATTICE
    left = table[i, j] + s[..., 1] * (table[i, m] - table[i, j])
    right = table[k, j] + s[..., 1] * (table[k, m] - table[k, j])
    return np.asarray(left + s[..., 0] * (right - left))
