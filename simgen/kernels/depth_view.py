"""What a depth camera's imager sees: rays to its surfaces and from there to other viewpoints, and the dots on them.

Images are flat, row by row. ``lens`` is fx, fy, cx, cy, near; positions are relative to the motion's origin.
"""

from __future__ import annotations

import math

import numpy as np

from simgen.kernels.jit import device, kernel
from simgen.records.base import F4, F8, I8, Bool

#: columns of the surfaces' table
NEAR_INFRARED = 0
ROUGHNESS = 1
METALLIC = 2
ALBEDO = 3
RETRO = 4
TRANSMISSION = 5

#: reflectance of a dielectric seen head-on
_DIELECTRIC = 0.04
#: how much brighter than a white matt surface sheeting is that sends all light straight back
_RETRO_GAIN = 100.0


@kernel
def aim(
    start: int,
    stop: int,
    width: int,
    lens: F8,
    eye: F8,
    turn: F8,
    ray_time: float,
    origin: F4,
    direction: F4,
    time: F4,
    near: F4,
    far: F4,
) -> None:
    """Rays through pixel centres; a direction's length along the optical axis is 1, so distance is depth."""
    for i in range(start, stop):
        v = i // width
        x = (i - v * width + 0.5 - lens[2]) / lens[0]
        y = (v + 0.5 - lens[3]) / lens[1]
        for axis in range(3):
            origin[i, axis] = eye[axis]
            direction[i, axis] = turn[axis, 0] * x + turn[axis, 1] * y + turn[axis, 2]
        time[i] = ray_time
        near[i] = lens[4]
        far[i] = np.inf


@kernel
def aim_back(
    start: int, stop: int, eye: F8, target: F8, distance: F4, direction: F4, away: F4, origin: F4, near: F4, far: F4
) -> None:
    """Rays from what was hit to another viewpoint, of length 1 there; those that hit nothing are inactive.

    ``direction`` holds the rays that hit; ``away`` and ``origin`` get the new ones.
    """
    for i in range(start, stop):
        near[i], far[i] = 0.0, 0.0
        if not math.isfinite(distance[i]):
            for axis in range(3):
                origin[i, axis], away[i, axis] = 0.0, 1.0
            continue
        square = 0.0
        for axis in range(3):
            place = eye[axis] + float(distance[i]) * float(direction[i, axis])
            step = target[axis] - place
            origin[i, axis], away[i, axis] = place, step
            square += step * step
        # a step off the surface: above the rounding of positions, below the size of what counts as hidden
        near[i] = (3e-4 + 1e-5 * float(distance[i])) / max(math.sqrt(square), 1e-6)
        far[i] = 1.0


@device
def _own_share(table: F4, row: int, cosine: float) -> float:
    """Share of a surface's light that carries its own texture.

    The rest is mirrored (Schlick's Fresnel; what GGX blurs by alpha counts as its own) or comes through a pane.
    """
    metallic, albedo = float(table[row, METALLIC]), float(table[row, ALBEDO])
    head_on = _DIELECTRIC + metallic * (albedo - _DIELECTRIC)
    mirrored = head_on + (1.0 - head_on) * (1.0 - cosine) ** 5
    scattered = albedo * (1.0 - metallic) * (1.0 - mirrored)
    alpha = float(table[row, ROUGHNESS]) ** 2
    own = (scattered + mirrored * alpha) / max(scattered + mirrored, 1e-6)
    return own * (1.0 - float(table[row, TRANSMISSION]))


@device
def _dots(jitter: F4, x: float, y: float, sigma: float) -> float:
    """Brightness of the pattern, of mean 1, in cells of size 1: one round dot a cell, off its middle by the table's."""
    rows, columns = jitter.shape[0], jitter.shape[1]
    i, j, total = math.floor(x), math.floor(y), 0.0
    for di in range(-1, 2):
        for dj in range(-1, 2):
            p, q = int(i) + di, int(j) + dj
            dx = x - p - 0.5 - jitter[q % rows, p % columns, 0]
            dy = y - q - 0.5 - jitter[q % rows, p % columns, 1]
            total += math.exp(-0.5 * (dx * dx + dy * dy) / (sigma * sigma))
    return total / (2.0 * math.pi * sigma * sigma)


@kernel
def illuminate(
    start: int,
    stop: int,
    width: int,
    lens: F8,
    projector: F8,
    jitter: F4,
    extinction: float,
    table: F4,
    rows: I8,
    depth: F4,
    normal: F4,
    shadow: Bool,
    pattern: F4,
    own: F4,
    cosine: F4,
) -> None:
    """The projector's luminance on every pixel, the share of its own texture and the cosine of the view.

    ``projector`` is its x in the camera's frame, illuminance at 1 m, pitch and dot in tangents. ``rows`` are the rows
    of the table, -1 where nothing is hit; ``normal`` is in the camera's frame. ``L = rho cos E / (pi R^2)``.
    """
    offset, lux, pitch, dot = projector[0], projector[1], projector[2], projector[3]
    for i in range(start, stop):
        pattern[i], own[i], cosine[i] = 0.0, 1.0, 1.0
        row = rows[i]
        if row < 0:
            continue
        v, z = i // width, float(depth[i])
        x = (i - v * width + 0.5 - lens[2]) / lens[0]
        y = (v + 0.5 - lens[3]) / lens[1]
        nx, ny, nz = float(normal[i, 0]), float(normal[i, 1]), float(normal[i, 2])
        length = math.sqrt(x * x + y * y + 1.0)
        facing = min(max(-(nx * x + ny * y + nz) / length, 0.0), 1.0)
        cosine[i] = facing
        own[i] = _own_share(table, row, facing)
        if shadow[i] or lux <= 0.0:
            continue
        a, b = x - offset / z, y
        reach = z * math.sqrt(a * a + b * b + 1.0)
        toward = max(-(nx * a + ny * b + nz) * z / reach, 0.0)
        reflectance = float(table[row, NEAR_INFRARED]) * own[i] * toward + _RETRO_GAIN * float(table[row, RETRO])
        through = math.exp(-extinction * (reach + z * length))
        pattern[i] = reflectance * lux * through / (math.pi * reach * reach) * _dots(jitter, a / pitch, b / pitch, dot)
