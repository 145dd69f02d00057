"""How single particles scatter light, as geometrical optics has it: clear spheres of water, white flakes."""

from __future__ import annotations

import math
from functools import cache, lru_cache
from typing import Final

import numpy as np

from simgen.records.air import Particles
from simgen.records.base import F8

#: refractive index of water in the visible (Hale and Querry 1973: 1.333 at 589 nm)
WATER: Final = 1.333
#: nodes of the tables, even in the cosine of the angle
_NODES: Final = 1025
#: rays of the table for water, and passes of light inside a drop that are followed: with the rainbow's, two
_RAYS: Final = 200_000
_PASSES: Final = 4
#: share of a flake's light that has come through it and leaves it evenly; the rest comes off it as off a white ball
THROUGH: Final = 0.5
#: how much of a hailstone is clear
CLEAR_ICE: Final = 0.5
#: directions over which surroundings are averaged
_DIRECTIONS: Final = 256


def mixture(kind: Particles) -> tuple[float, float]:
    """How much of a kind is clear, and how much is white, its albedo included."""
    if kind.looks == "water":
        return 1.0, 0.0
    return (0.0, kind.reflectivity) if kind.looks == "flake" else (CLEAR_ICE, (1.0 - CLEAR_ICE) * 0.9)


@cache
def phases() -> F8:
    """Phase functions of water and of white, (2, N), 1/sr, at even cosines of the angle from back (-1) to forward.

    Their integral over the sphere is 1. Times the illuminance on a particle they are the mean luminance of its disc:
    what diffraction takes from the light around it and puts back beside it counts as not touched.
    """
    return np.ascontiguousarray(np.stack([_water(), _white()]))


def _edges() -> F8:
    """Bounds of the bins about the nodes."""
    middle = (np.arange(_NODES - 1) + 0.5) * (2.0 / (_NODES - 1)) - 1.0
    return np.concatenate([[-1.0], middle, [1.0]])


def _water() -> F8:
    """By tracing rays through a sphere with Fresnel's coefficients for both polarisations (Bohren and Huffman 1983,
    section 7.2): mirrored outside, straight through, after one reflection inside (the rainbow), and so on; what is left
    after that leaves evenly."""
    b = np.sqrt((np.arange(_RAYS) + 0.5) / _RAYS)
    into, out = np.arcsin(b), np.arcsin(b / WATER)
    across = ((np.cos(into) - WATER * np.cos(out)) / (np.cos(into) + WATER * np.cos(out))) ** 2
    along = ((WATER * np.cos(into) - np.cos(out)) / (WATER * np.cos(into) + np.cos(out))) ** 2
    edges, found, left = _edges(), np.zeros(_NODES), 1.0
    for passes in range(_PASSES):
        if passes == 0:
            turn, share = math.pi - 2.0 * into, 0.5 * (across + along)
        else:
            turn = 2.0 * (into - out) + (passes - 1) * (math.pi - 2.0 * out)
            went = [(1.0 - r) ** 2 * r ** (passes - 1) for r in (across, along)]
            share = 0.5 * (went[0] + went[1])
        found += np.histogram(np.cos(turn), edges, weights=share / _RAYS)[0]
        left -= float(share.mean())
    density = found / (2.0 * math.pi * np.diff(edges)) + left / (4.0 * math.pi)
    return np.asarray(density / _integral(density))


def _white() -> F8:
    """Half of a matt white ball (Lambert's phase law), half even; an estimate for aggregates of crystals."""
    back = np.arccos(np.clip(-np.linspace(-1.0, 1.0, _NODES), -1.0, 1.0))
    ball = 2.0 / (3.0 * math.pi**2) * (np.sin(back) + (math.pi - back) * np.cos(back))
    density = (1.0 - THROUGH) * ball + THROUGH / (4.0 * math.pi)
    return np.asarray(density / _integral(density))


def _integral(density: F8) -> float:
    """Over the sphere, by the trapezoidal rule, as the values are interpolated."""
    return float(2.0 * math.pi * (density[1:] + density[:-1]).sum() / (_NODES - 1))


@lru_cache(maxsize=1)
def samples() -> F8:
    """Directions all around, z forward, and what each weighs for water and for white, (K, 5); weights add up to 1."""
    k = np.arange(_DIRECTIONS) + 0.5
    up, angle = 1.0 - 2.0 * k / _DIRECTIONS, math.pi * (1.0 + math.sqrt(5.0)) * k
    flat = np.sqrt(1.0 - up * up)
    at = np.linspace(-1.0, 1.0, _NODES)
    weight = np.stack([np.interp(up, at, row) for row in phases()], -1)
    weight /= weight.sum(0)
    return np.ascontiguousarray(
        np.concatenate([np.stack([flat * np.cos(angle), flat * np.sin(angle), up], -1), weight], -1)
    )
