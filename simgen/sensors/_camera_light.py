"""A light field and the air, made ready for the camera's kernels: tables that need no trigonometry.

Fog lies as a layer over the ground and changes the light itself: the sun fades, the sky gets even. What the layer
scatters is spread by an energy balance (delta-scaled two-stream: Joseph, Wiscombe and Weinman 1976; Bohren 1987).
"""

from __future__ import annotations

import hashlib
import math
from collections import OrderedDict
from functools import lru_cache
from typing import Final

import numpy as np

from simgen.kernels.sky import GLOSS_LEVELS
from simgen.kernels.wave import LAMP_COLUMNS, Lighting
from simgen.records.air import RGB_NM, Medium
from simgen.records.base import F4, F8, Array
from simgen.records.lights import LightField
from simgen.taxonomy import class_id

#: nodes a side of a smooth sky's table, of one with clouds or a picture, and of blurred copies, for each half of the
#: sphere: nodes lie 1.4 and 0.35 degrees apart
SKY_NODES: Final = 129
FINE_SKY_NODES: Final = 513
GLOSS_NODES: Final = 25
#: rows from which on a table of luminance has details
_FINE_ROWS: Final = 240
#: thickness of the layer that a medium fills over the ground, m
LAYER_M: Final = 100.0
#: a diffuse flux passes an optical depth as a beam passes 1.66 of it (Elsasser 1942)
DIFFUSIVITY: Final = 1.66
#: elevation (sine) below which a path through the layer gets no longer
_FLATTEST: Final = 0.002


_made: OrderedDict[bytes, Lighting] = OrderedDict()


def lighting(field: LightField, medium: Medium) -> Lighting:
    """The kernels' tables for a light and an air; kept for the last few, since they hold for a whole sequence."""
    key = _digest(field) + b"".join(a.tobytes() for _, _, a in medium.arrays())
    if key not in _made:
        _made[key] = _lighting(field, medium)
        while len(_made) > 8:
            _made.popitem(last=False)
    return _made[key]


@lru_cache(maxsize=8)
def _digest(field: LightField) -> bytes:
    """Of a field's values; fields themselves are told apart by identity, so each is digested once."""
    digest = hashlib.blake2b(digest_size=16)
    for part in (field.sun_direction, field.sun_illuminance, field.sky):
        digest.update(np.ascontiguousarray(part).tobytes())
    digest.update(repr((field.sky.shape, field.sun_radius_rad)).encode())
    return digest.digest()


def _lighting(field: LightField, medium: Medium) -> Lighting:
    extinction = np.array([medium.extinction_at(nm) for nm in RGB_NM])
    sun, sky, airlight = through_layer(field, medium)
    nodes = hemisphere_nodes(FINE_SKY_NODES if len(sky) >= _FINE_ROWS else SKY_NODES)
    table = np.ascontiguousarray(sample(sky, nodes), np.float32)
    area = math.pi * math.sin(field.sun_radius_rad) ** 2
    # the visible disc is dimmed by the whole depth: what is scattered forward leaves the disc for its surroundings
    path = LAYER_M / max(float(field.sun_direction[2]), 0.02)
    disc = field.sun_illuminance * np.exp(-extinction * path) / area
    rows = (field.sun_direction, sun, disc, extinction, airlight, *harmonics(sky))
    return Lighting(
        values=np.ascontiguousarray(np.stack(rows), np.float64),
        sky=table,
        gloss=_gloss(sky),
        sun_radius=float(field.sun_radius_rad),
        sky_class=class_id("sky"),
        lamps=np.zeros((0, LAMP_COLUMNS), np.float32),
        indoor=False,
        rooms=np.zeros((0, 6), np.float32),
    )


def through_layer(field: LightField, medium: Medium) -> tuple[F8, F8, F8]:
    """Sun (3,) in lx, sky (R, C, 3) and airlight (3,) in cd/m2 under the layer that the medium fills.

    Sun and sky pass by the delta-scaled depth. Where nothing is absorbed, the light that arrives on the ground is that
    above the layer times ``1 / (1 + 0.75 (1 - g) tau)``; the rest of it comes from the layer with one luminance, the
    airlight, which is also what an endless path along the horizon shows. Where the air absorbs, that rest loses the
    share of one scattering and what diffuse light loses on half the way (an estimate).
    """
    extinction = np.array([medium.extinction_at(nm) for nm in RGB_NM])
    albedo = np.array([medium.albedo_at(nm) for nm in RGB_NM])
    cosine, peak = (np.array([medium.moment_at(nm, order) for nm in RGB_NM]) for order in (1, 2))
    sky = np.asarray(field.sky, np.float64)
    sun = np.asarray(field.sun_illuminance, np.float64)
    if not extinction.any():
        return sun, sky, np.zeros(3)
    rows = sky.shape[0]
    up = np.cos((np.arange(rows) + 0.5) * (math.pi / rows))
    weight = _row_angles(sky) * np.maximum(up, 0.0)
    height = float(max(field.sun_direction[2], 0.0))
    # depth, albedo and mean cosine once the forward peak counts as not scattered
    tau, slant = extinction * LAYER_M * (1.0 - albedo * peak), np.maximum(np.abs(up), _FLATTEST)
    albedo, cosine = albedo * (1.0 - peak) / (1.0 - albedo * peak), (cosine - peak) / (1.0 - peak)
    passed_sun = np.exp(-tau / max(height, _FLATTEST))
    passed = np.exp(-tau[None, :] / slant[:, None])
    above = (sky.sum(1) * weight[:, None]).sum(0) + sun * height
    kept = (sky.sum(1) * weight[:, None] * passed).sum(0) + sun * height * passed_sun
    spread = np.maximum(above / (1.0 + 0.75 * (1.0 - cosine) * tau) - kept, 0.0)
    spread *= albedo * np.exp(-0.5 * DIFFUSIVITY * (1.0 - albedo) * tau)
    below = kept + spread
    fill = ((1.0 - passed) * weight[:, None]).sum(0) * sky.shape[1]
    airlight = spread / np.maximum(fill, 1e-12)
    veiled = sky * passed[:, None, :] + airlight * (1.0 - passed[:, None, :])
    # the ground gets less light now and sends back less, seen from a man's height through the same air
    near = np.exp(-extinction[None, :] * 1.7 / slant[:, None])[:, None, :]
    ground = sky * (below / np.maximum(above, 1e-12)) * near + airlight * (1.0 - near)
    return sun * passed_sun, np.where(up[:, None, None] > 0.0, veiled, ground), airlight


def _row_angles(sky: Array) -> F8:
    rows, columns = sky.shape[:2]
    edges = np.cos(np.arange(rows + 1) * (math.pi / rows))
    return np.asarray((edges[:-1] - edges[1:]) * (2.0 * math.pi / columns))


def _directions(rows: int, columns: int) -> F8:
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
    d = _directions(*sky.shape[:2])
    x, y, z = d[..., 0], d[..., 1], d[..., 2]
    basis = (np.ones_like(x), y, z, x, x * y, y * z, 3.0 * z * z - 1.0, x * z, x * x - y * y)
    norms = (0.282095, 0.488603, 0.488603, 0.488603, 1.092548, 1.092548, 0.315392, 1.092548, 0.546274)
    lobes = (math.pi, *(2.0 * math.pi / 3.0,) * 3, *(math.pi / 4.0,) * 5)
    light = np.asarray(sky, np.float64) * _row_angles(sky)[:, None, None]
    moments = [
        (light * b[..., None]).sum((0, 1)) * n * n * lobe for b, n, lobe in zip(basis, norms, lobes, strict=True)
    ]
    return np.array(moments)


def _coarse(sky: Array, factor: int) -> tuple[F4, F4, F4]:
    """Directions, luminances and solid angles of the table in larger cells, each with one row a cell."""
    rows, columns = sky.shape[:2]
    light = np.asarray(sky, np.float64) * _row_angles(sky)[:, None, None]
    blocks = light.reshape(rows // factor, factor, columns // factor, factor, 3).sum((1, 3))
    angle = np.repeat(_row_angles(sky), columns).reshape(rows, columns)
    angle = angle.reshape(rows // factor, factor, columns // factor, factor).sum((1, 3))
    d = _directions(rows // factor, columns // factor).reshape(-1, 3)
    single = np.float32
    return d.astype(single), (blocks / angle[..., None]).reshape(-1, 3).astype(single), angle.ravel().astype(single)


def _gloss(sky: Array) -> F4:
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
