"""An image processor: from counts under a colour mosaic to sRGB bytes."""

from __future__ import annotations

import math

import numpy as np

from simgen.kernels.inner import inner
from simgen.kernels.jit import kernel
from simgen.records.base import F4, F8, I8, U1, U2


@kernel
def balance(first: int, last: int, black: float, scale: float, gains: F8, bayer: I8, raw: U2, out: F4) -> None:
    """Rows first..last of counts as shares of white, each colour times its gain; what is clipped becomes white."""
    for y in range(first, last):
        for x in range(raw.shape[1]):
            share = (float(raw[y, x]) - black) * scale * gains[bayer[y & 1, x & 1]]
            out[y, x] = min(share, 1.0)


@inner
def _at(plane: F4, y: int, x: int) -> float:
    """A value of the mosaic; beyond the border the mirrored one, which has the same colour."""
    height, width = plane.shape
    y = -y if y < 0 else (2 * height - 2 - y if y >= height else y)
    x = -x if x < 0 else (2 * width - 2 - x if x >= width else x)
    return float(plane[min(max(y, 0), height - 1), min(max(x, 0), width - 1)])


@inner
def _colours(plane: F4, y: int, x: int, bayer: I8) -> tuple[float, float, float]:
    """Red, green and blue of a pixel: gradient-corrected bilinear (Malvar, He and Cutler 2004)."""
    own = _at(plane, y, x)
    up, down, left, right = _at(plane, y - 1, x), _at(plane, y + 1, x), _at(plane, y, x - 1), _at(plane, y, x + 1)
    vertical, horizontal = _at(plane, y - 2, x) + _at(plane, y + 2, x), _at(plane, y, x - 2) + _at(plane, y, x + 2)
    corners = _at(plane, y - 1, x - 1) + _at(plane, y - 1, x + 1) + _at(plane, y + 1, x - 1) + _at(plane, y + 1, x + 1)
    colour = bayer[y & 1, x & 1]
    if colour == 1:
        along = 0.625 * own + 0.5 * (left + right) + 0.0625 * vertical - 0.125 * (horizontal + corners)
        across = 0.625 * own + 0.5 * (up + down) + 0.0625 * horizontal - 0.125 * (vertical + corners)
        if bayer[y & 1, (x + 1) & 1] == 0:
            return along, own, across
        return across, own, along
    green = 0.5 * own + 0.25 * (up + down + left + right) - 0.125 * (vertical + horizontal)
    other = 0.75 * own + 0.25 * corners - 0.1875 * (vertical + horizontal)
    if colour == 0:
        return own, green, other
    return other, green, own


@kernel
def demosaic(first: int, last: int, bayer: I8, matrix: F8, plane: F4, out: F4) -> None:
    """Rows first..last of a mosaic as linear sRGB shares of white; ``matrix`` (3, 3) turns the imager's colours.

    A mosaic of one colour only is a grey picture.
    """
    mono = bayer[0, 0] == bayer[0, 1] and bayer[0, 0] == bayer[1, 0]
    for y in range(first, last):
        for x in range(plane.shape[1]):
            if mono:
                red = green = blue = float(plane[y, x])
            else:
                red, green, blue = _colours(plane, y, x, bayer)
            for c in range(3):
                out[y, x, c] = matrix[c, 0] * red + matrix[c, 1] * green + matrix[c, 2] * blue


@inner
def _shade(curve: U1, value: float) -> float:
    """Through the tone table over the square root of the share of white."""
    return float(curve[int(math.sqrt(min(max(value, 0.0), 1.0)) * (curve.shape[0] - 1) + 0.5)])


@inner
def _grey(curve: U1, image: F4, y: int, x: int) -> float:
    y, x = min(max(y, 0), image.shape[0] - 1), min(max(x, 0), image.shape[1] - 1)
    return _shade(curve, 0.2126 * image[y, x, 0] + 0.7152 * image[y, x, 1] + 0.0722 * image[y, x, 2])


@kernel
def show(first: int, last: int, scale: float, rows: F8, curve: U1, sharpening: float, image: F4, rgb: U1) -> None:
    """Rows first..last of linear light, times ``scale`` and ``rows`` (H,), through the tone table to bytes.

    ``sharpening``: how many times the difference from the mean of 3 x 3 grey values is added.
    """
    for y in range(first, last):
        factor = scale * rows[y]
        for x in range(image.shape[1]):
            detail = 0.0
            if sharpening > 0.0:
                total = 0.0
                for oy in range(-1, 2):
                    for ox in range(-1, 2):
                        total += _grey(curve, image, y + oy, x + ox)
                detail = sharpening * (_grey(curve, image, y, x) - total / 9.0)
            for c in range(3):
                value = _shade(curve, image[y, x, c] * factor) + detail
                rgb[y, x, c] = np.uint8(min(max(value, 0.0), 255.0) + 0.5)
