"""How much of the light along many rays parts of the air that differ take away, for sensors that look along them."""

from __future__ import annotations

import math

import numpy as np

from simgen.kernels.inner import inner
from simgen.kernels.jit import kernel
from simgen.kernels.volumes import column
from simgen.records.base import F4, F8


@inner
def _depth(
    row: F8,
    lattice: F4,
    extinction: F8,
    x: float,
    y: float,
    z: float,
    dx: float,
    dy: float,
    dz: float,
    far: float,
    time: float,
) -> float:
    """Optical depth of all volumes from a place along a direction of any length; ``far`` is in its lengths."""
    length = math.sqrt(dx * dx + dy * dy + dz * dz)
    total = 0.0
    for v in range(row.shape[0]):
        total += extinction[v, 0] * column(
            row, lattice, v, x, y, z, dx / length, dy / length, dz / length, far * length, time
        )
    return total


@kernel
def veil(
    first: int,
    last: int,
    row: F8,
    lattice: F4,
    extinction: F8,
    eye: F8,
    direction: F4,
    distance: F4,
    time: float,
    glow: float,
    value: F8,
) -> None:
    """Radiances along rays that start at one place: dimmed, and what the air itself sends (``glow``) added."""
    x, y, z = eye[0], eye[1], eye[2]
    for i in range(first, last):
        dx, dy, dz = np.float64(direction[i, 0]), np.float64(direction[i, 1]), np.float64(direction[i, 2])
        through = math.exp(-_depth(row, lattice, extinction, x, y, z, dx, dy, dz, np.float64(distance[i]), time))
        value[i] = value[i] * through + glow * (1.0 - through)


@kernel
def there_and_back(
    first: int,
    last: int,
    row: F8,
    lattice: F4,
    extinction: F8,
    lamp: F8,
    eye: F8,
    direction: F4,
    distance: F4,
    time: float,
    value: F4,
) -> None:
    """Dim the light of a lamp that comes back from where rays from an eye end, on both its ways; 0 stays 0."""
    x, y, z = eye[0], eye[1], eye[2]
    for i in range(first, last):
        far = np.float64(distance[i])
        if not (far < np.inf and value[i] > 0.0):
            continue
        dx, dy, dz = np.float64(direction[i, 0]), np.float64(direction[i, 1]), np.float64(direction[i, 2])
        depth = _depth(row, lattice, extinction, x, y, z, dx, dy, dz, far, time)
        dx, dy, dz = x + far * dx - lamp[0], y + far * dy - lamp[1], z + far * dz - lamp[2]
        depth += _depth(row, lattice, extinction, lamp[0], lamp[1], lamp[2], dx, dy, dz, 1.0, time)
        value[i] *= math.exp(-depth)
