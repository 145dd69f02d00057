"""What needs a pixel's neighbours: smoothing the sky's share, finding edges, averaging their samples; and the tone.

Arrays are passed one by one and indexed whole: a bundle or a row's view in these inner loops costs more than the work.
``surface`` and ``light`` have the columns of :class:`~simgen.kernels.wave.Layers`.
"""

from __future__ import annotations

import math

import numpy as np

from simgen.kernels.inner import inner
from simgen.kernels.jit import kernel
from simgen.kernels.shading import openness
from simgen.kernels.wave import AMBIENT, DEPTH, DIRECT, NORMAL, PLACE_RAY
from simgen.records.base import F4, F8, I8, U1, U4

#: out-of-plane distance, as a share of depth, up to which a neighbour lies on the same surface
_PLANE = 0.01
#: cosine between normals of one smooth surface
_SMOOTH = 0.85
#: contrast below which no edge is worth smoothing
_CONTRAST = 0.03


@inner
def _along(surface: F4, a: int, rays: F4, pixel: int, right: float, down: float) -> float:
    """The normal of pixel a times the ray of a pixel: (right, down, 1) of a pinhole, which has no table of rays."""
    nx, ny, nz = float(surface[a, NORMAL]), float(surface[a, NORMAL + 1]), float(surface[a, NORMAL + 2])
    if rays.shape[0] == 0:
        return nx * right + ny * down + nz
    x, y, z = rays[pixel, PLACE_RAY], rays[pixel, PLACE_RAY + 1], rays[pixel, PLACE_RAY + 2]
    return float(nx * x + ny * y + nz * z)


@inner
def plane_of(surface: F4, pixel: int, rays: F4, right: float, down: float) -> float:
    """Distance of a pixel's tangent plane from the camera, less a sign."""
    return float(surface[pixel, DEPTH] * _along(surface, pixel, rays, pixel, right, down))


@inner
def same_surface(surface: F4, a: int, plane: float, b: int, rays: F4, right: float, down: float) -> bool:
    """Whether pixel b continues the surface of pixel a, which lies in that plane."""
    z = float(surface[b, DEPTH])
    if not z < np.inf:
        return False
    nx, ny, nz = float(surface[a, NORMAL]), float(surface[a, NORMAL + 1]), float(surface[a, NORMAL + 2])
    cosine = nx * surface[b, NORMAL] + ny * surface[b, NORMAL + 1] + nz * surface[b, NORMAL + 2]
    if cosine < _SMOOTH:
        return False
    return bool(abs(_along(surface, a, rays, b, right, down) * z - plane) < _PLANE * surface[a, DEPTH])


@inner
def luminance(light: F4, row: int) -> float:
    """Luminance of a linear RGB row."""
    return 0.2126 * float(light[row, 0]) + 0.7152 * float(light[row, 1]) + 0.0722 * float(light[row, 2])


@kernel
def smooth_sky(
    first: int, last: int, width: int, height: int, lens: F8, rays: F4, surface: F4, free: U1, out: F4
) -> None:
    """Mean of the 16 sky rays around each pixel of rows first..last that start on the same surface.

    ``lens``: fx, fy, cx, cy; ``rays``: places of all pixels with their rays (H W, 5), no rows for a pinhole.
    """
    right, down = 1.0 / lens[0], 1.0 / lens[1]
    left, top = 0.5 - lens[2], 0.5 - lens[3]
    column = np.empty(width, np.int64)
    for y in range(first, last):
        low_y, high_y = max(y - 1, 0), min(y + 3, height)
        for x in range(width):
            column[x] = 0
        for oy in range(low_y, high_y):
            for x in range(width):
                column[x] += int(free[oy * width + x])
        # how many of the block's rays got through: one column comes in and one goes out at each step
        seen = column[0] + (column[1] if width > 1 else 0)
        for x in range(width):
            pixel = y * width + x
            out[pixel] = free[pixel]
            seen += column[x + 2] if x + 2 < width else 0
            seen -= column[x - 2] if x >= 2 else 0
            if not surface[pixel, DEPTH] < np.inf:
                continue
            low_x, high_x = max(x - 1, 0), min(x + 3, width)
            if seen == 0 or seen == (high_x - low_x) * (high_y - low_y):
                continue
            total, kept, plane = 0, 0, plane_of(surface, pixel, rays, (x + left) * right, (y + top) * down)
            for oy in range(low_y, high_y):
                for ox in range(low_x, high_x):
                    other = oy * width + ox
                    if same_surface(surface, pixel, plane, other, rays, (ox + left) * right, (oy + top) * down):
                        kept += 1
                        total += int(free[other])
            if kept > 0:
                out[pixel] = total / kept


@inner
def _blind(rays: F4, pixel: int) -> bool:
    """Whether a pixel lies outside the image circle: it must not darken the average."""
    if rays.shape[0] == 0:
        return False
    k = PLACE_RAY
    return bool(rays[pixel, k] == 0.0 and rays[pixel, k + 1] == 0.0 and rays[pixel, k + 2] == 0.0)


@inner
def _all_open(smooth: F4, width: int, height: int, x: int, y: int) -> bool:
    """Whether nothing hides the sky from a pixel and the four means around it: then their average needs no look."""
    if smooth[y * width + x] != 1.0:
        return False
    if x < 2 or y < 2 or x + 2 >= width or y + 2 >= height:
        return False
    above, below = (y - 2) * width + x, (y + 2) * width + x
    return bool(
        smooth[above - 2] == 1.0 and smooth[above + 2] == 1.0 and smooth[below - 2] == 1.0 and smooth[below + 2] == 1.0
    )


@kernel
def combine(
    first: int,
    last: int,
    width: int,
    height: int,
    lens: F8,
    rays: F4,
    surface: F4,
    light: F4,
    smooth: F4,
    indoor: bool,
    share: F4,
    logs: F8,
) -> None:
    """Add the sky's light to the sun's, for rows first..last: the first three columns of ``light`` become the radiance.

    ``smooth`` (no rows = nothing hides the sky) is averaged over four neighbouring means, 64 rays in all; ``share``
    gets the part of the sky's light that arrives, ``logs`` (H,) the sum of the logarithms of every second pixel's
    luminance.
    """
    right, down = 1.0 / lens[0], 1.0 / lens[1]
    left, top = 0.5 - lens[2], 0.5 - lens[3]
    for y in range(first, last):
        logs[y] = 0.0
        for x in range(width):
            pixel, factor = y * width + x, 1.0
            shaded = smooth.shape[0] > 0 and surface[pixel, DEPTH] < np.inf
            if shaded and not _all_open(smooth, width, height, x, y):
                total, kept, plane = 0.0, 0, plane_of(surface, pixel, rays, (x + left) * right, (y + top) * down)
                for k in range(4):
                    ox, oy = x + 4 * (k & 1) - 2, y + 4 * (k >> 1) - 2
                    if 0 <= ox < width and 0 <= oy < height:
                        other = oy * width + ox
                        if same_surface(surface, pixel, plane, other, rays, (ox + left) * right, (oy + top) * down):
                            total += float(smooth[other])
                            kept += 1
                free = total / kept if kept > 0 else float(smooth[pixel])
                factor = openness(free, indoor)
            share[pixel] = factor
            for c in range(3):
                light[pixel, DIRECT + c] = light[pixel, DIRECT + c] + light[pixel, AMBIENT + c] * factor
            if x & 1 == 0 and not _blind(rays, pixel):
                logs[y] += math.log(max(luminance(light, pixel), 1e-6))


@inner
def _visible(light: F4, a: int, b: int) -> bool:
    """Whether two pixels differ by more than the eye forgives."""
    contrast, bright = 0.0, 0.0
    for c in range(3):
        p, q = float(light[a, DIRECT + c]), float(light[b, DIRECT + c])
        contrast, bright = max(contrast, abs(p - q)), max(bright, max(p, q))
    return contrast > _CONTRAST * bright


@kernel
def find_edges(
    first: int, last: int, width: int, height: int, lens: F8, rays: F4, surface: F4, light: F4, key: U4, edge: U1
) -> None:
    """Mark both sides of every visible edge between a pixel of rows first..last and its right or lower neighbour.

    Pixels are only ever set, never cleared, so it does not matter which thread comes first.
    """
    right, down = 1.0 / lens[0], 1.0 / lens[1]
    left, top = 0.5 - lens[2], 0.5 - lens[3]
    for y in range(first, last):
        for x in range(width):
            a = y * width + x
            plane = 0.0
            if key[a] != 0:
                plane = plane_of(surface, a, rays, (x + left) * right, (y + top) * down)
            for k in range(2):
                ox, oy = x + 1 - k, y + k
                if ox >= width or oy >= height:
                    continue
                b = oy * width + ox
                whole = key[a] == key[b] and (
                    key[a] == 0 or same_surface(surface, a, plane, b, rays, (ox + left) * right, (oy + top) * down)
                )
                if not whole and _visible(light, a, b):
                    edge[a] = 1
                    edge[b] = 1


@inner
def _share_there(
    width: int, height: int, surface: F4, key: U4, share: F4, x: int, y: int, wanted: np.uint32, depth: float
) -> float:
    """The sky's share at the neighbour of a pixel (or the pixel itself) that shows what a sample has hit."""
    best, value = np.inf, float(share[y * width + x])
    for oy in range(max(y - 1, 0), min(y + 2, height)):
        for ox in range(max(x - 1, 0), min(x + 2, width)):
            other = oy * width + ox
            far = float(surface[other, DEPTH])
            miss = abs(far - depth) if far < np.inf else 1e30
            if (int(key[other]) >> 1) != (int(wanted) >> 1):
                miss += 1e6
            if miss < best:
                best, value = miss, float(share[other])
    return value


@kernel
def average(
    first: int,
    last: int,
    width: int,
    height: int,
    surface: F4,
    light: F4,
    key: U4,
    share: F4,
    pixels: I8,
    home: F4,
    sample_surface: F4,
    sample_light: F4,
    sample_key: U4,
    per_pixel: int,
    own: bool,
    white: float,
    linear: F4,
) -> None:
    """Mean of each pixel's extra samples, and of its own ray if ``own`` is set, in linear light.

    ``home`` (N, >= 2) says where in the image what a sample has met is to be looked up.

    What is shown is cut at white before, or the edge of a lamp would stay a staircase; ``linear`` (if it has rows) gets
    the plain mean. Samples become their full radiance on the way.
    """
    scale = 1.0 / (per_pixel + 1 if own else per_pixel)
    for k in range(first, last):
        pixel = pixels[k]
        for row in range(k * per_pixel, (k + 1) * per_pixel):
            if sample_key[row] != 0:
                z = float(sample_surface[row, DEPTH])
                x, y = int(home[row, 0]), int(home[row, 1])
                there = _share_there(width, height, surface, key, share, x, y, sample_key[row], z)
                for c in range(3):
                    sample_light[row, DIRECT + c] += sample_light[row, AMBIENT + c] * there
        for c in range(3):
            plain = float(light[pixel, DIRECT + c]) if own else 0.0
            shown = min(plain, white)
            for row in range(k * per_pixel, (k + 1) * per_pixel):
                value = float(sample_light[row, DIRECT + c])
                plain += value
                shown += min(value, white)
            light[pixel, DIRECT + c] = shown * scale
            if linear.shape[0] > 0:
                linear[pixel, c] = plain * scale


@kernel
def develop(first: int, last: int, light: F4, white: float, curve: U1, rgb: U1) -> None:
    """Radiance to sRGB bytes through a table over the square root of the share of white."""
    top = curve.shape[0] - 1
    for i in range(first, last):
        for c in range(3):
            x = min(max(float(light[i, DIRECT + c]) / white, 0.0), 1.0)
            rgb[i, c] = curve[int(math.sqrt(x) * top + 0.5)]
