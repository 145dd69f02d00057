"""From what an imager sees to depth: how well a window can be matched, which surface wins it, noise, steps and limits.

Images are flat, row by row; kernels work on whole rows of pixels. The noise of a pixel depends on (key, pixel) alone.
"""

from __future__ import annotations

import math
from typing import NamedTuple

import numpy as np

from simgen.kernels.depth_noise import LANE_SIDE
from simgen.kernels.jit import device, kernel
from simgen.kernels.noise import normal2
from simgen.records.base import F4, U1, U2, Bool
from simgen.records.depth_frames import (
    HOLE_FAINT,
    HOLE_FAR,
    HOLE_HIDDEN,
    HOLE_NEAR,
    HOLE_NOTHING,
    HOLE_SHINY,
    MEASURED,
)

#: disparities farther apart than this are different surfaces to a matching window, px
JUMP_PX = 1.0
#: less of its own texture than this and a surface is a mirror
OWN_LEAST = 0.5


class Limits(NamedTuple):
    """What turns a disparity into a measurement."""

    #: focal length times baseline, px m
    gain: float
    step: float
    most: float
    near: float
    far: float
    unit: float
    #: sigma of the disparity beyond which there is no match, px
    doubtful: float
    noise: float
    bias: float
    #: false = the noiseless signal: no noise, no steps, no doubt
    noisy: bool


class Image(NamedTuple):
    """What is known of every pixel, flat (H W)."""

    width: int
    height: int
    #: disparity of the true depth, px; 0 = nothing hit
    disparity: F4
    #: squared horizontal steps of brightness that belong to the pixel, electrons squared
    energy: F4
    #: variance of the brightness, electrons squared
    variance: F4
    own: F4
    cosine: F4
    hidden: Bool


class Answer(NamedTuple):
    """What the device delivers, flat (H W)."""

    measured: F4
    z16: U2
    hole: U1
    sigma: F4


@kernel
def steps(first: int, last: int, image: Image, signal: F4) -> None:
    """Fill ``image.energy`` from a signal (electrons): squared steps between neighbours in a row.

    A step across the edge of a surface moves with the nearer one, so it belongs to its pixel alone.
    """
    width, disparity = image.width, image.disparity
    for v in range(first, last):
        for u in range(width):
            i, total = v * width + u, 0.0
            for side in (-1, 1):
                if 0 <= u + side < width:
                    j = i + side
                    step = float(signal[j]) - float(signal[i])
                    apart = float(disparity[i]) - float(disparity[j])
                    share = 0.5 if abs(apart) <= JUMP_PX else (1.0 if apart > 0.0 else 0.0)
                    total += share * step * step
            image.energy[i] = total * float(image.own[i]) ** 2


@kernel
def gather(first: int, last: int, image: Image, reach: int, sums: F4) -> None:
    """Along rows, over the window: energy, variance, lowest and highest disparity, (H W, 4)."""
    width = image.width
    for v in range(first, last):
        for u in range(width):
            energy, variance, low, high = 0.0, 0.0, np.inf, -np.inf
            for k in range(max(u - reach, 0), min(u + reach, width - 1) + 1):
                i = v * width + k
                energy += image.energy[i]
                variance += image.variance[i]
                low = min(low, float(image.disparity[i]))
                high = max(high, float(image.disparity[i]))
            i = v * width + u
            sums[i, 0], sums[i, 1], sums[i, 2], sums[i, 3] = energy, variance, low, high


@device
def _window(image: Image, sums: F4, u: int, v: int, reach: int) -> tuple[float, float, float, float]:
    """Energy, mean variance, lowest and highest disparity of the window about a pixel."""
    energy, variance, low, high = 0.0, 0.0, np.inf, -np.inf
    top, bottom = max(v - reach, 0), min(v + reach, image.height - 1)
    for k in range(top, bottom + 1):
        i = k * image.width + u
        energy += sums[i, 0]
        variance += sums[i, 1]
        low, high = min(low, float(sums[i, 2])), max(high, float(sums[i, 3]))
    count = (bottom - top + 1) * (min(u + reach, image.width - 1) - max(u - reach, 0) + 1)
    return energy, variance / count, low, high


@device
def _slope(image: Image, u: int, v: int) -> float:
    """How much the disparity changes from pixel to pixel on the surface at a pixel, the gentler side of each axis."""
    i, here = v * image.width + u, float(image.disparity[v * image.width + u])
    across, down = np.inf, np.inf
    if u > 0:
        across = abs(float(image.disparity[i - 1]) - here)
    if u < image.width - 1:
        across = min(across, abs(float(image.disparity[i + 1]) - here))
    if v > 0:
        down = abs(float(image.disparity[i - image.width]) - here)
    if v < image.height - 1:
        down = min(down, abs(float(image.disparity[i + image.width]) - here))
    return (across if math.isfinite(across) else 0.0) + (down if math.isfinite(down) else 0.0)


@device
def _winner(image: Image, u: int, v: int, reach: int) -> tuple[float, float]:
    """Disparity and energy of the surface with most texture in a window that holds several.

    A window matches at the disparity where most of its texture agrees: a pixel beside a contrasty foreground gets the
    foreground's depth. Of several surfaces nearer (or farther) the one closest in the image stands for all.
    """
    width = image.width
    here = float(image.disparity[v * width + u])
    apart = JUMP_PX + reach * _slope(image, u, v)
    own, nearer, farther = 0.0, 0.0, 0.0
    best_near, best_far, near_square, far_square = here, here, np.inf, np.inf
    for q in range(max(v - reach, 0), min(v + reach, image.height - 1) + 1):
        for p in range(max(u - reach, 0), min(u + reach, width - 1) + 1):
            there, energy = float(image.disparity[q * width + p]), float(image.energy[q * width + p])
            square = float((p - u) * (p - u) + (q - v) * (q - v))
            if abs(there - here) <= apart:
                own += energy
            elif there > here:
                nearer += energy
                if square < near_square:
                    near_square, best_near = square, there
            else:
                farther += energy
                if square < far_square:
                    far_square, best_far = square, there
    if nearer > own and nearer >= farther:
        return best_near, nearer
    if farther > own:
        return best_far, farther
    return here, own


@device
def _deliver(out: Answer, i: int, hole: int, disparity: float, sigma_px: float, limits: Limits) -> None:
    """A disparity becomes a depth, or a reason why not."""
    out.measured[i], out.z16[i], out.sigma[i] = 0.0, 0, 0.0
    depth = limits.gain / disparity if disparity > 0.0 else np.inf
    if hole != HOLE_NOTHING:
        if disparity > limits.most or depth < limits.near:
            hole = HOLE_NEAR
        elif depth > limits.far or depth / limits.unit > 65535.0:
            hole = HOLE_FAR
    out.hole[i] = hole
    if hole == MEASURED:
        out.measured[i] = depth
        out.z16[i] = np.uint16(math.floor(depth / limits.unit + 0.5))
        out.sigma[i] = depth * depth * sigma_px / limits.gain
        if out.z16[i] == 0:
            out.hole[i], out.measured[i], out.sigma[i] = HOLE_NEAR, 0.0, 0.0


@device
def _stepped(disparity: float, step: float) -> float:
    return math.floor(disparity / step + 0.5) * step


@kernel
def match(first: int, last: int, image: Image, sums: F4, reach: int, noise: F4, limits: Limits, out: Answer) -> None:
    """Stereo: ``sigma_d^2 = floor^2 + 2 sigma_n^2 / sum I_u^2`` over the window (Foerstner 1982), ``Z = f B / d``."""
    for v in range(first, last):
        for u in range(image.width):
            i, hole = v * image.width + u, MEASURED
            disparity = float(image.disparity[i])
            energy, variance, low, high = _window(image, sums, u, v, reach)
            if limits.noisy and high - low > JUMP_PX:
                disparity, energy = _winner(image, u, v, reach)
            square = 2.0 * variance / energy if energy > 0.0 else np.inf
            sigma = math.sqrt(limits.noise * limits.noise + square)
            if disparity <= 0.0:
                hole = HOLE_NOTHING
            elif image.hidden[i] or u + 0.5 - disparity < 0.0:
                hole = HOLE_HIDDEN
            elif image.own[i] < OWN_LEAST:
                hole = HOLE_SHINY
            elif limits.noisy and not sigma <= limits.doubtful:
                hole = HOLE_FAINT
            if limits.noisy and hole == MEASURED:
                disparity = _stepped(disparity + limits.bias + sigma * float(noise[i]), limits.step)
            _deliver(out, i, hole, disparity, sigma, limits)


@device
def nguyen(depth: float, angle: float) -> float:
    """Sigma of a Kinect's depth along the axis, m: Nguyen, Izadi and Lovell 2012; the angle is the surface's."""
    steep = angle / (0.5 * math.pi - min(angle, 1.5))
    return 0.0012 + 0.0019 * (depth - 0.4) ** 2 + 0.0001 / math.sqrt(depth) * steep * steep


@device
def _sideways(image: Image, u: int, v: int, angle: float, key: int) -> int:
    """The pixel whose surface is measured here: another one's only across an edge (``sigma_L``, Nguyen et al. 2012)."""
    i = v * image.width + u
    sigma = 0.8 + 0.035 * angle / (0.5 * math.pi - min(angle, 1.5))
    a, b = normal2(key, i, LANE_SIDE)
    p = min(max(u + math.floor(sigma * a + 0.5), 0), image.width - 1)
    q = min(max(v + math.floor(sigma * b + 0.5), 0), image.height - 1)
    j = q * image.width + p
    apart = JUMP_PX + (abs(p - u) + abs(q - v)) * _slope(image, u, v)
    return j if abs(float(image.disparity[j]) - float(image.disparity[i])) > apart else i


@kernel
def decode(
    first: int, last: int, image: Image, sums: F4, reach: int, key: int, noise: F4, limits: Limits, out: Answer
) -> None:
    """Structured light: the pattern must stand out (``sigma_d^2 = sigma_n^2 / sum P_u^2``); noise after Nguyen et al.

    Theirs is what a device delivers, so the steps' own share, ``step^2 / 12``, is taken out before they are made.
    """
    for v in range(first, last):
        for u in range(image.width):
            i, hole, sigma = v * image.width + u, MEASURED, 0.0
            angle = math.acos(min(max(float(image.cosine[i]), 0.0), 1.0))
            j = _sideways(image, u, v, angle, key) if limits.noisy else i
            disparity = float(image.disparity[j])
            energy, variance, _, _ = _window(image, sums, j % image.width, j // image.width, reach)
            if disparity <= 0.0:
                hole = HOLE_NOTHING
            elif image.hidden[j]:
                hole = HOLE_HIDDEN
            elif image.own[j] < OWN_LEAST:
                hole = HOLE_SHINY
            elif limits.noisy and not variance <= limits.doubtful * limits.doubtful * energy:
                hole = HOLE_FAINT
            if disparity > 0.0:
                depth = limits.gain / disparity
                slope = depth * depth / limits.gain
                sigma = nguyen(depth, math.acos(min(max(float(image.cosine[j]), 0.0), 1.0))) / slope
                if limits.noisy and hole == MEASURED:
                    before = math.sqrt(max(sigma * sigma - limits.step * limits.step / 12.0, 0.0))
                    disparity = _stepped(disparity + before * float(noise[i]), limits.step)
            _deliver(out, i, hole, disparity, sigma, limits)
