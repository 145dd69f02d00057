"""Tables of the sky's luminance: nodes and values of the kernels' grids, irradiance by harmonics, blurred copies."""

from __future__ import annotations

import math
from typing import Final

import numpy as np

from simgen.kernels.sky import GLOSS_LEVELS
from simgen.records.base import F4, F8, Array

#: nodes a side of blurred copies, for each half of the sphere
GLOSS_NODES: Final = 25


def row_angles(sky: Array) -> F8:
    """Solid angle of one cell of each row of a table (R, C, ...), (R,), sr."""
    rows, columns = sky.shape[:2]
    edges = np.cos(np.arange(rows + 1) * (math.pi / rows))
    return np.asarray((edges[:-1] - edges[1:]) * (2.0 * math.pi / columns))


def directions(rows: int, columns: int) -> F8:
    """Directions of a table's cells, (R, C, 3)."""
    theta = (np.arange(rows) + 0.5) * (math.pi / rows)
    phi = (np.arange(columns) + 0.5) * (2.0 * math.pi / columns)
    flat = np.sin(theta)[:, None]
    up = np.broadcast_to(np.cos(theta)[:, None], (rows, columns))
    return np.stack([flat * np.cos(phi), flat * np.sin(phi), up], axis=-1)


def hemisphere_nodes(size: int) -> F8:
    """Directions of the octahedral grids' nodes, (2, N, N, 3), the upper half first."""
    axis = np.linspace(-1.0, 1.0, size)
    u, v = np.meshgrid(axis, axis, indexing="ij")
    x, y = 0.5 * (u + v), 0.5 * (u - v)
    z = np.maximum(1.0 - np.abs(x) - np.abs(y), 0.0)
    d = np.stack([np.stack([x, y, z], -1), np.stack([x, y, -z], -1)])
    return np.asarray(d / np.sqrt((d * d).sum(-1, keepdims=True)))


def sample(sky: Array, nodes: F8) -> F8:
    """Bilinear values of a table (R, C, 3) at the nodes; rows of one half never mix with the other's."""
    rows, columns = sky.shape[:2]
    theta = np.arccos(np.clip(nodes[..., 2], -1.0, 1.0)) / math.pi * rows - 0.5
    phi = np.mod(np.arctan2(nodes[..., 1], nodes[..., 0]) / (2.0 * math.pi), 1.0) * columns - 0.5
    low_row = np.array([0, rows // 2]).reshape(2, 1, 1)
    high_row = np.array([(rows - 1) // 2, rows - 1]).reshape(2, 1, 1)
    theta = np.clip(theta, low_row, high_row)
    r, c = np.floor(theta).astype(int), np.floor(phi).astype(int)
    s, t = (theta - r)[..., None], (phi - c)[..., None]
    after = np.minimum(r + 1, high_row)
    left, right = c % columns, (c + 1) % columns
    near = sky[r, left] * (1.0 - t) + sky[r, right] * t
    return np.asarray(near * (1.0 - s) + (sky[after, left] * (1.0 - t) + sky[after, right] * t) * s, np.float64)


def harmonics(sky: Array) -> F8:
    """Irradiance as order-2 spherical harmonics, (9, 3): Ramamoorthi and Hanrahan 2001, the cosine lobe included."""
    d = directions(*sky.shape[:2])
    x, y, z = d[..., 0], d[..., 1], d[..., 2]
    basis = (np.ones_like(x), y, z, x, x * y, y * z, 3.0 * z * z - 1.0, x * z, x * x - y * y)
    norms = (0.282095, 0.488603, 0.488603, 0.488603, 1.092548, 1.092548, 0.315392, 1.092548, 0.546274)
    lobes = (math.pi, *(2.0 * math.pi / 3.0,) * 3, *(math.pi / 4.0,) * 5)
    light = np.asarray(sky, np.float64) * row_angles(sky)[:, None, None]
    moments = [
        (light * b[..., None]).sum((0, 1)) * n * n * lobe for b, n, lobe in zip(basis, norms, lobes, strict=True)
    ]
    return np.array(moments)


def _coarse(sky: Array, factor: int) -> tuple[F4, F4, F4]:
    """Directions, luminances and solid angles of the table in larger cells, each with one row a cell."""
    rows, columns = sky.shape[:2]
    light = np.asarray(sky, np.float64) * row_angles(sky)[:, None, None]
    blocks = light.reshape(rows // factor, factor, columns // factor, factor, 3).sum((1, 3))
    angle = np.repeat(row_angles(sky), columns).reshape(rows, columns)
    angle = angle.reshape(rows // factor, factor, columns // factor, factor).sum((1, 3))
    d = directions(rows // factor, columns // factor).reshape(-1, 3)
    single = np.float32
    return d.astype(single), (blocks / angle[..., None]).reshape(-1, 3).astype(single), angle.ravel().astype(single)


def gloss(sky: Array) -> F4:
    """The sky blurred by GGX lobes of rising roughness seen head-on (Karis 2013), (2 levels, N, N, 3)."""
    nodes = hemisphere_nodes(GLOSS_NODES)
    factor = max(1, sky.shape[0] // 30)
    while sky.shape[0] % factor or sky.shape[1] % factor:
        factor -= 1
    source, light, angle = _coarse(sky, factor)
    flat = nodes.reshape(-1, 3).astype(np.float32)
    cosine = flat[:, :1] * source[:, 0] + flat[:, 1:2] * source[:, 1] + flat[:, 2:] * source[:, 2]
    levels = [sample(sky, nodes).reshape(-1, 3)]
    for roughness in GLOSS_LEVELS[1:]:
        a2 = np.float32(roughness**4)
        half = (np.float32(1.0) + cosine) * np.float32(0.5)
        d = half * (a2 - np.float32(1.0)) + np.float32(1.0)
        weight = np.maximum(cosine, 0.0) * angle / (d * d)
        total = weight.sum(-1)
        levels.append(np.stack([(weight * light[:, c]).sum(-1) / total for c in range(3)], axis=-1))
    stacked = np.concatenate([level.reshape(2, GLOSS_NODES, GLOSS_NODES, 3) for level in levels])
    return np.ascontiguousarray(stacked, np.float32)
