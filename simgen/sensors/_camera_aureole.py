"""Sunlight that a layer of weather scatters to the ground, by direction: the glow around a veiled sun.

Forward peaks of the phase function are followed through any number of scatterings, in the small-angle approximation of
Goudsmit and Saunderson (1940): the beam's Legendre moments fall by ``exp(-t (1 - a f q_l) / m0)`` on its way to the
optical depth ``t``, with ``f q_l`` the moments of the peaks (of each lobe of asymmetry g the share g^2, as in the
delta-Eddington approximation: Joseph, Wiscombe and Weinman 1976) and ``a`` the albedo. The last scattering is exact, by
the whole phase function, and its light is integrated over the line of sight. Thin air thus shows single scattering.
"""

from __future__ import annotations

import math
from functools import lru_cache
from typing import Final

import numpy as np

from simgen.kernels.wave import GLOW_NODES
from simgen.records.air import LOBES, RGB_NM, Medium
from simgen.records.base import F8

#: Legendre moments that are followed: what is left of second scatterings by the sharpest lobe is 1e-7 at the last
_DEGREES: Final = 1600
#: angles from the sun, closer together near it; as many as the kernels take of them, the first, lie within 12 degrees
ANGLES: Final = 160
#: heights (sines) of lines of sight, closer together near the horizon
HEIGHTS: Final = 24
#: turns about the sun over which fluxes are summed
_TURNS: Final = 64


def angles() -> F8:
    """Angles from the sun, (A,), rad; the kernels count on their spacing."""
    return math.pi * (np.arange(ANGLES) / (ANGLES - 1.0)) ** 2


@lru_cache(maxsize=1)
def _legendre() -> F8:
    """Polynomials at the angles, (L, A)."""
    mu = np.cos(angles())
    p = np.empty((_DEGREES, ANGLES))
    p[0], p[1] = 1.0, mu
    for n in range(2, _DEGREES):
        p[n] = ((2 * n - 1) * mu * p[n - 1] - (n - 1) * p[n - 2]) / n
    return p


@lru_cache(maxsize=1)
def _powers() -> F8:
    """Moments of the lobes, (6, L)."""
    degree = np.arange(_DEGREES)
    return np.array(LOBES)[:, None] ** degree


def _seen(path: F8, lost: F8) -> F8:
    """Mean of ``exp(-lost (1 - s / path)) exp(-s)`` over a line of sight from s = 0 to ``path``, weighted by exp(-s).

    That is the light along it, where the beam has lost ``lost`` at the ground, as a source for the whole line.
    """
    x = path - lost
    small = np.abs(x) < 1e-6
    rise = np.where(small, 1.0 - 0.5 * x, -np.expm1(-np.abs(x)) / np.where(small, 1.0, np.abs(x)))
    return np.asarray(np.exp(-np.minimum(path, lost)) * rise * path / -np.expm1(-path))


class Glow:
    """What the air sends towards the ground for each lux of a sun above the layer, as sources: cd/m2 by direction.

    A source is what an endless path through such air shows; a line of sight of optical depth t shows
    ``source (1 - exp(-t))`` of it. ``whole`` and ``wide`` are tables (3, HEIGHTS, ANGLES) by colour, height of the line
    of sight and angle from the sun: all of it, and all but what peaks send forward, which counts as sunlight on
    surfaces. ``smooth`` is ``whole`` without its summit of 12 degrees about the sun, ``summit`` (3, GLOW_NODES) that.
    """

    def __init__(self, medium: Medium, depth: F8, height: float) -> None:
        """``depth`` (3,) of the layer, ``height`` the sine of the sun's elevation."""
        self.depth, self.height = depth, height
        parts = [_sources(medium, nm, float(depth[c]), height) for c, nm in enumerate(RGB_NM)]
        self.whole, self.wide = (np.maximum(np.stack(tables), 0.0) for tables in zip(*parts, strict=True))
        self.smooth, edge = self.whole.copy(), GLOW_NODES - 1
        theta = angles()
        slope = (self.whole[..., edge + 1] - self.whole[..., edge - 1]) / (theta[edge + 1] - theta[edge - 1])
        bow = (theta[:edge] ** 2 - theta[edge] ** 2) / (2.0 * theta[edge])
        self.smooth[..., :edge] = self.whole[..., edge : edge + 1] + slope[..., None] * bow
        at, t = _between(np.array(height), HEIGHTS)
        summit = (self.whole - self.smooth)[..., :GLOW_NODES]
        self.summit = summit[:, at] * (1.0 - t) + summit[:, at + 1] * t

    def at(self, table: F8, height: F8, angle: F8) -> F8:
        """Values (..., 3) of one of the tables for lines of sight of a height (sine) at angles from the sun."""
        i, s = _between(np.clip(height, 0.0, 1.0), HEIGHTS)
        j, t = _between(np.clip(angle / math.pi, 0.0, 1.0), ANGLES)
        near = table[:, i, j] * (1.0 - t) + table[:, i, j + 1] * t
        far = table[:, i + 1, j] * (1.0 - t) + table[:, i + 1, j + 1] * t
        return np.moveaxis(near * (1.0 - s) + far * s, 0, -1)

    def flux(self, table: F8) -> F8:
        """What one of the tables gives on level ground for each lux of the sun, lx, (3,)."""
        theta = angles()[:, None]
        turn = (np.arange(_TURNS) + 0.5) * (math.pi / _TURNS)
        flat = math.sqrt(max(1.0 - self.height**2, 0.0))
        up = np.maximum(self.height * np.cos(theta) + flat * np.sin(theta) * np.cos(turn), 0.0)
        seen = self.at(table, up, np.broadcast_to(theta, up.shape))
        seen *= -np.expm1(-self.depth / np.maximum(up, 1e-6)[..., None])
        rings = (seen * up[..., None]).mean(1) * (2.0 * math.pi * np.sin(theta))
        steps = np.diff(angles())[:, None]
        return np.asarray((0.5 * (rings[1:] + rings[:-1]) * steps).sum(0))


def _between(place: F8, nodes: int) -> tuple[F8, F8]:
    """The node before a place from 0 to 1 and the share of the next, on nodes whose distance grows evenly."""
    at = np.sqrt(place) * (nodes - 1)
    low = np.minimum(at.astype(np.int64), nodes - 2)
    return low, at - low


def _sources(medium: Medium, wavelength_nm: float, depth: float, height: float) -> tuple[F8, F8]:
    """All that is scattered, and all but by peaks, for one colour: (HEIGHTS, ANGLES) each."""
    lobes, albedo = medium.lobes_at(wavelength_nm), medium.albedo_at(wavelength_nm)
    if not lobes.any() or depth <= 0.0:
        return np.zeros((HEIGHTS, ANGLES)), np.zeros((HEIGHTS, ANGLES))
    shares, g = lobes / lobes.sum(), np.array(LOBES)
    moments, peaks = (shares[:, None] * _powers()).sum(0), ((shares * g * g)[:, None] * _powers()).sum(0)
    up = np.maximum((np.arange(HEIGHTS) / (HEIGHTS - 1.0)) ** 2, 1e-6)
    path, slant = depth / up[:, None], depth / height
    once = _seen(path, np.full((1, 1), slant))
    # what is scattered once is known in closed form: only the rest is summed, whose moments fall fast
    more = (_seen(path, slant * (1.0 - albedo * peaks)[None, :]) - once) * (2.0 * np.arange(_DEGREES) + 1.0)
    mu, whole = np.cos(angles()), np.zeros((HEIGHTS, ANGLES))
    wide = np.zeros_like(whole)
    for table, share, moment in ((whole, shares, moments), (wide, shares * (1.0 - g * g), moments - peaks)):
        shapes = ((1.0 - h * h) / (1.0 + h * h - 2.0 * h * mu) ** 1.5 for h in LOBES)
        phase = sum(float(w) * s for w, s in zip(share, shapes, strict=True))
        table[:] = once * phase + np.einsum("ml,la->ma", more * moment, _legendre())
        table *= albedo / (4.0 * math.pi)
    return whole, wide
