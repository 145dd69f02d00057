"""Samples of a pixel over its area, the aperture and the exposure."""

from __future__ import annotations

import math

from simgen.kernels.inner import inner
from simgen.kernels.jit import kernel
from simgen.kernels.lens import BROWN_CONRADY, PINHOLE, ray_of
from simgen.kernels.noise import philox
from simgen.kernels.wave import PLACE_RAY, PLACE_SHARE, PLACE_START, Optics
from simgen.records.base import F4, F8, I8

_UNIT = 1.0 / 4294967296.0


@inner
def open_aperture(optics: Optics, places: F4, at: int, radius: float, focus: float, a: float, b: float) -> None:
    """Move a sample's ray to a place on the aperture, so that it still meets the others in the focus.

    The focus is a plane for rectilinear lenses and a sphere for the others, whose pupil turns towards the ray.
    """
    x, y, z = float(places[at, PLACE_RAY]), float(places[at, PLACE_RAY + 1]), float(places[at, PLACE_RAY + 2])
    flat = optics.model in (PINHOLE, BROWN_CONRADY)
    r, angle = radius * math.sqrt(a), 2.0 * math.pi * b
    p, q = r * math.cos(angle), r * math.sin(angle)
    sx, sy, sz, scale = p, q, 0.0, focus / z if flat else focus
    if not flat:
        # orthonormal basis about the ray: Duff et al., JCGT 6(1), 2017
        sign = 1.0 if z >= 0.0 else -1.0
        e = -1.0 / (sign + z)
        f = x * y * e
        sx = p * (1.0 + sign * x * x * e) + q * f
        sy, sz = p * sign * f + q * (sign + y * y * e), -p * sign * x - q * y
    dx, dy, dz = scale * x - sx, scale * y - sy, scale * z - sz
    size = 1.0 / dz if optics.model == PINHOLE else 1.0 / math.sqrt(dx * dx + dy * dy + dz * dz)
    places[at, PLACE_RAY], places[at, PLACE_RAY + 1], places[at, PLACE_RAY + 2] = dx * size, dy * size, dz * size
    places[at, PLACE_START], places[at, PLACE_START + 1], places[at, PLACE_START + 2] = sx, sy, sz


@kernel
def fill_samples(
    first: int,
    last: int,
    pattern: F8,
    shifted: bool,
    optics: Optics,
    aperture: float,
    focus: float,
    key: int,
    pixels: I8,
    places: F4,
) -> None:
    """Places (N per pixel, 9) of the samples of pixels first..last: over the pixel, the aperture and the exposure.

    ``pattern`` holds shares of time, column, row, area and angle of the aperture, one row a sample. With ``shifted``
    every pixel shifts time and aperture by shares of its own: what is smeared far would show steps otherwise, what is
    smeared little would get grain.
    """
    count = pattern.shape[0]
    for k in range(first, last):
        pixel = int(pixels[k])
        column, row = pixel % optics.width, pixel // optics.width
        when, where, around = 0.0, 0.0, 0.0
        if shifted:
            a, b, c, _ = philox(key, pixel, 0)
            when, where, around = (a * _UNIT - 0.5) / count, b * _UNIT, c * _UNIT
        for s in range(count):
            at = k * count + s
            u, v = column + pattern[s, 1], row + pattern[s, 2]
            x, y, z = ray_of(optics.model, optics.lens, u, v)
            places[at, 0], places[at, 1] = u, v
            places[at, PLACE_RAY], places[at, PLACE_RAY + 1], places[at, PLACE_RAY + 2] = x, y, z
            for axis in range(3):
                places[at, PLACE_START + axis] = 0.0
            places[at, PLACE_SHARE] = pattern[s, 0] + when - 0.5
            if aperture > 0.0 and not (x == 0.0 and y == 0.0 and z == 0.0):
                p, q = pattern[s, 3] + where, pattern[s, 4] + around
                open_aperture(optics, places, at, 0.5 * aperture, focus, p - math.floor(p), q - math.floor(q))
