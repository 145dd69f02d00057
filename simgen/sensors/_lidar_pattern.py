"""How a lidar moves its beams: what a device file says under ``pattern``, and where every firing looks.

A device has lasers and columns: in every column each laser fires once. A rotor turns with its columns; everything else
looks where optics point it at the firing's own instant since time 0 of the scene, so that patterns which do not repeat
differ from frame to frame. The functions here are plain numpy: the tests' oracle of the kernel, and what pictures use.
"""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import Final, Literal

import numpy as np

from simgen.records.base import F8

Shape = Literal["still", "turn", "saw", "triangle", "sine"]
#: the kernel knows the shapes by their place
SHAPES: Final[tuple[Shape, ...]] = ("still", "turn", "saw", "triangle", "sine")


@dataclass(frozen=True, kw_only=True)
class Rotating:
    """A rotor that turns once a frame."""

    clockwise: bool


@dataclass(frozen=True, kw_only=True)
class Prism:
    """A glass wedge that turns about the optical axis; one face is square to the axis, the other is slanted."""

    wedge: float
    index: float
    #: turns a second about the axis that points forward (right hand)
    rate_hz: float
    #: turns at time 0
    phase: float
    #: whether the light meets the slanted face first
    slant_first: bool


@dataclass(frozen=True, kw_only=True)
class Risley:
    """Prisms behind each other (Risley pair or triple); the beam is refracted at every face."""

    prisms: tuple[Prism, ...]


@dataclass(frozen=True, kw_only=True)
class Axis:
    """An angle over time: fixed, or periodic between two bounds (a turn goes all round)."""

    shape: Shape
    rate_hz: float
    #: periods at time 0
    phase: float
    low: float
    high: float

    def angle(self, time_s: F8) -> F8:
        """The angle at instants, rad."""
        part = np.mod(self.rate_hz * time_s + self.phase, 1.0)
        if self.shape == "turn":
            return 2.0 * math.pi * part
        if self.shape == "triangle":
            part = 1.0 - np.abs(2.0 * part - 1.0)
        elif self.shape == "sine":
            part = 0.5 + 0.5 * np.sin(2.0 * math.pi * part)
        elif self.shape == "still":
            part = np.zeros_like(part)
        return self.low + (self.high - self.low) * part


@dataclass(frozen=True, kw_only=True)
class Mirrors:
    """Two angles that move by themselves; each laser adds its own azimuth and elevation."""

    azimuth: Axis
    elevation: Axis


@dataclass(frozen=True, kw_only=True)
class Raster:
    """Columns from left to right over a field of view, once a frame; the lasers are its rows."""

    hfov: float


Pattern = Rotating | Risley | Mirrors | Raster


def refract(direction: F8, normal: F8, ratio: float) -> F8:
    """Snell's law in vectors: (..., 3) unit directions into a face; ``ratio`` = index before / index behind.

    ``d' = r d + (sqrt(1 - r^2 (1 - c^2)) - r c) n`` with ``c = d . n``, the normal pointing along the light. NaN where
    the light is totally reflected.
    """
    cosine = (direction * normal).sum(-1, keepdims=True)
    with np.errstate(invalid="ignore"):
        behind = np.sqrt(1.0 - ratio * ratio * (1.0 - cosine * cosine))
    return np.asarray(ratio * direction + (behind - ratio * cosine) * normal)


def through_prisms(prisms: tuple[Prism, ...], direction: F8, time_s: F8) -> F8:
    """Directions (..., 3) in the sensor frame after all prisms, at instants that broadcast with them."""
    square = np.zeros(3)
    square[0] = 1.0
    for prism in prisms:
        turned = 2.0 * math.pi * np.mod(prism.rate_hz * time_s + prism.phase, 1.0)
        sine = math.sin(prism.wedge)
        slanted = np.stack(
            [np.full_like(turned, math.cos(prism.wedge)), sine * np.cos(turned), sine * np.sin(turned)], axis=-1
        )
        faces = (slanted, square) if prism.slant_first else (square, slanted)
        direction = refract(direction, faces[0], 1.0 / prism.index)
        direction = refract(direction, faces[1], prism.index)
    return direction


def unit(azimuth: F8, elevation: F8) -> F8:
    """Unit vectors (..., 3), x forward, y left, z up."""
    azimuth, elevation = np.broadcast_arrays(azimuth, elevation)
    cosine = np.cos(elevation)
    return np.stack([cosine * np.cos(azimuth), cosine * np.sin(azimuth), np.sin(elevation)], axis=-1)
