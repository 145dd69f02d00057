"""A light field and the air, made ready for the camera's kernels: tables that need no trigonometry.

Fog lies as a layer over the ground and changes the light itself (:mod:`simgen.sensors._camera_layer`).
"""

from __future__ import annotations

import hashlib
import math
from collections import OrderedDict
from functools import lru_cache
from typing import Final

import numpy as np

from simgen.kernels.wave import LAMP_COLUMNS, Lighting
from simgen.records.air import RGB_NM, Medium
from simgen.records.base import F4
from simgen.records.lights import LightField
from simgen.sensors._camera_layer import Layer
from simgen.sensors._camera_sky import gloss, harmonics, hemisphere_nodes, sample
from simgen.taxonomy import class_id

#: nodes a side of a smooth sky's table, of one with clouds or a picture, and of the air's, for each half of the sphere:
#: nodes lie 1.4, 0.35 and 1.4 degrees apart
SKY_NODES: Final = 129
FINE_SKY_NODES: Final = 513
AIR_NODES: Final = 129
#: rows from which on a table of luminance has details
_FINE_ROWS: Final = 240
_NO_AIR: Final = np.zeros((0, 1, 1, 3), np.float32)

#: tables for the kernels, and the sky's that lights surfaces
_Made = tuple[Lighting, F4]
_made: OrderedDict[bytes, _Made] = OrderedDict()


def lighting(field: LightField, medium: Medium, above: Medium | None = None) -> Lighting:
    """The kernels' tables for a light and an air; kept for the last few, since they hold for a whole sequence.

    ``above``: what volumes that cover the ground hold besides, spread over the layer's height. It dims and spreads the
    light as the medium does, but is not part of what the kernels see through.
    """
    return _tables(field, medium, above)[0]


def lighting_sky(field: LightField, medium: Medium, above: Medium | None = None) -> F4:
    """The sky (2, N, N, 3) as it lights surfaces: without the glow around the sun, which counts as sunlight."""
    return _tables(field, medium, above)[1]


def _tables(field: LightField, medium: Medium, above: Medium | None) -> _Made:
    media = (medium,) if above is None else (medium, above)
    key = _digest(field) + b"".join(a.tobytes() for m in media for _, _, a in m.arrays())
    if key not in _made:
        _made[key] = _lighting(field, medium, above)
        while len(_made) > 8:
            _made.popitem(last=False)
    return _made[key]


@lru_cache(maxsize=8)
def _digest(field: LightField) -> bytes:
    """Of a field's values; fields themselves are told apart by identity, so each is digested once."""
    digest = hashlib.blake2b(digest_size=16)
    for part in (field.sun_direction, field.sun_illuminance, field.sky):
        digest.update(np.ascontiguousarray(part).tobytes())
    digest.update(repr((field.sky.shape, field.sun_radius_rad, field.sun_seen)).encode())
    return digest.digest()


def _lighting(field: LightField, medium: Medium, above: Medium | None) -> _Made:
    extinction = np.array([medium.extinction_at(nm) for nm in RGB_NM])
    nodes = hemisphere_nodes(FINE_SKY_NODES if len(field.sky) >= _FINE_ROWS else SKY_NODES)
    clear = np.asarray(sample(field.sky, nodes), np.float64)
    everything = medium if above is None else medium + above
    sky, lit, seen, air = np.asarray(field.sky, np.float64), clear, clear, _NO_AIR
    sun, airlight, disc = np.asarray(field.sun_illuminance, np.float64), np.zeros(3), np.ones(3)
    summit = np.zeros((0, 3))
    if any(everything.extinction_at(nm) > 0.0 for nm in RGB_NM):
        layer = Layer(field, everything)
        sun, sky, airlight, summit = layer.sun, layer.sky, layer.horizon(), layer.summit()
        lit, coarse = sample(sky, nodes), hemisphere_nodes(AIR_NODES)
        air = np.ascontiguousarray(layer.look(coarse, sample(field.sky, coarse))[1], np.float32)
        # volumes veil what is seen behind them by themselves
        veil = layer if above is None else Layer(field, medium)
        seen, disc = veil.look(nodes, clear)[0] if extinction.any() else clear, veil.unscattered
        summit = np.concatenate([summit, veil.summit() * (1.0 - disc)])
    # the visible disc is dimmed by the whole depth: what is scattered forward leaves the disc for its surroundings
    disc = field.sun_seen * field.sun_illuminance * disc / (math.pi * math.sin(field.sun_radius_rad) ** 2)
    rows = (field.sun_direction, sun, disc, extinction, airlight, *harmonics(sky), np.zeros(3), *summit)
    light = Lighting(
        values=np.ascontiguousarray(np.stack(rows), np.float64),
        sky=np.ascontiguousarray(seen, np.float32),
        gloss=gloss(sky),
        sun_radius=float(field.sun_radius_rad),
        sky_class=class_id("sky"),
        lamps=np.zeros((0, LAMP_COLUMNS), np.float32),
        indoor=False,
        rooms=np.zeros((0, 6), np.float32),
        air=air,
    )
    return light, light.sky if lit is clear else np.ascontiguousarray(lit, np.float32)
