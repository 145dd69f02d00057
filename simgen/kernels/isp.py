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
def _grey_of(image: F4, y: int, x: int) -> float:
    return 0.2126 * float(image[y, x, 0]) + 0.7152 * float(image[y, x, 1]) + 0.0722 * float(image[y, x, 2])


@kernel
def soothe(first: int, last: int, floor: float, slope: float, strength: float, image: F4, out: F4) -> None:
    """Rows first..last with less noise: means over neighbours that differ by no more than noise does.

    ``floor`` and ``slope``: variance of a share of white, ``floor + slope * share``. Colour (differences from grey) is
    averaged over 5 x 5 pixels two apart, because demosaicing spreads its noise; grey over 3 x 3. A neighbour weighs
    ``1 / (1 + (d / 2 sigma)^2)^2`` of what it differs by. ``strength``: 0 = as it was, 1 = the means.
    """
    height, width = image.shape[0], image.shape[1]
    for y in range(first, last):
        for x in range(width):
            grey = _grey_of(image, y, x)
            spread = 4.0 * (floor + slope * max(grey, 0.0))
            red, blue = float(image[y, x, 0]) - grey, float(image[y, x, 2]) - grey
            sum_red, sum_blue, sum_colour, sum_grey, weight_grey = 0.0, 0.0, 0.0, 0.0, 0.0
            for oy in range(-4, 5, 2):
                for ox in range(-4, 5, 2):
                    v, u = min(max(y + oy, 0), height - 1), min(max(x + ox, 0), width - 1)
                    other = _grey_of(image, v, u)
                    r, b = float(image[v, u, 0]) - other, float(image[v, u, 2]) - other
                    d2 = (other - grey) ** 2 + 0.15 * ((r - red) ** 2 + (b - blue) ** 2)
                    w = 1.0 / (1.0 + d2 / spread)
                    sum_red, sum_blue, sum_colour = sum_red + w * w * r, sum_blue + w * w * b, sum_colour + w * w
            for oy in range(-1, 2):
                for ox in range(-1, 2):
                    v, u = min(max(y + oy, 0), height - 1), min(max(x + ox, 0), width - 1)
                    other = _grey_of(image, v, u)
                    w = 1.0 / (1.0 + (other - grey) ** 2 / spread)
                    sum_grey, weight_grey = sum_grey + w * w * other, weight_grey + w * w
            red += strength * (sum_red / sum_colour - red)
            blue += strength * (sum_blue / sum_colour - blue)
            # grey keeps its grain: half of what colour loses
            grey += 0.5 * strength * (sum_grey / weight_grey - grey)
            out[y, x, 0], out[y, x, 2] = grey + red, grey + blue
            out[y, x, 1] = grey - (0.2126 * red + 0.0722 * blue) / 0.7152


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
