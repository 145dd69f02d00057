"""Colours of light: CIE chromaticities as linear sRGB; and how pictures show luminance: one tone curve for all."""

from __future__ import annotations

from functools import cache
from typing import Final

import numpy as np
from numpy.typing import NDArray

F8 = NDArray[np.float64]
Color = tuple[float, float, float]

#: linear-sRGB weights of luminance (Rec. 709)
LUMINANCE: Final = (0.2126, 0.7152, 0.0722)
#: CIE 1931 XYZ to linear sRGB, D65 (IEC 61966-2-1)
RGB_FROM_XYZ: Final = (
    (3.2404542, -1.5371385, -0.4985314),
    (-0.9692660, 1.8760108, 0.0415560),
    (0.0556434, -0.2040259, 1.0572252),
)
#: brightening of dark and middle tones by the curve
LIFT: Final = 4.5
#: steepness of the middle tones. With both, streets by day have a mean grey of 0.41 to 0.44 and a spread of 0.16 to
#: 0.27; real driving pictures have 0.33 to 0.47 and 0.17 to 0.35
CONTRAST: Final = 1.8


def tint(x: float, y: float) -> Color:
    """Linear sRGB of a chromaticity at a luminance of exactly 1; what lies outside the gamut is clipped at 0."""
    xyz = (x / y, 1.0, (1.0 - x - y) / y)
    rgb = [max(sum(m * v for m, v in zip(row, xyz, strict=True)), 0.0) for row in RGB_FROM_XYZ]
    level = sum(c * w for c, w in zip(rgb, LUMINANCE, strict=True))
    return rgb[0] / level, rgb[1] / level, rgb[2] / level


def planckian(kelvin: float) -> Color:
    """Linear sRGB of a black body at a luminance of 1, 1667 to 25000 K.

    Chromaticity by the cubic splines of Kim et al. (US patent 7 024 034, 2006), within 0.001 of the locus.
    """
    k = 1000.0 / kelvin
    if kelvin <= 4000.0:
        x = -0.2661239 * k**3 - 0.2343589 * k**2 + 0.8776956 * k + 0.179910
    else:
        x = -3.0258469 * k**3 + 2.1070379 * k**2 + 0.2226347 * k + 0.240390
    if kelvin <= 2222.0:
        y = -1.1063814 * x**3 - 1.34811020 * x**2 + 2.18555832 * x - 0.20219683
    elif kelvin <= 4000.0:
        y = -0.9549476 * x**3 - 1.37418593 * x**2 + 2.09137015 * x - 0.16748867
    else:
        y = 3.0817580 * x**3 - 5.87338670 * x**2 + 3.75112997 * x - 0.37001483
    return tint(x, y)


def scaled(color: Color, level: float) -> Color:
    """A colour times a level: a tint of luminance 1 becomes so many cd, cd/m2 or lx."""
    return color[0] * level, color[1] * level, color[2] * level


def tone(x: F8) -> F8:
    """Display luminance for a share of white: Reinhard et al. 2002, eq. 4, on ``LIFT x``, with contrast; 1 at 1."""
    v = LIFT * x
    return np.asarray((v * (1.0 + v / LIFT**2) / (1.0 + v)) ** CONTRAST)


def srgb(linear: F8) -> F8:
    """Linear light to sRGB, IEC 61966-2-1; sRGB(0.0031308) = 0.04045."""
    x = np.clip(linear, 0.0, 1.0)
    return np.where(x <= 0.0031308, 12.92 * x, 1.055 * np.power(x, 1.0 / 2.4) - 0.055)


@cache
def shares_of_white() -> F8:
    """What each byte of a picture shows, as a share of white (256,): :func:`srgb` and :func:`tone` undone."""
    byte = np.arange(256) / 255.0
    linear = np.where(byte <= 0.04045, byte / 12.92, ((byte + 0.055) / 1.055) ** 2.4)
    # tone: u = v (1 + v / L^2) / (1 + v), a quadratic in v
    u = linear ** (1.0 / CONTRAST)
    v = 0.5 * LIFT**2 * (u - 1.0 + np.sqrt((1.0 - u) ** 2 + 4.0 * u / LIFT**2))
    table = v / LIFT
    table.setflags(write=False)
    return np.asarray(table)
