"""The light of a scene while lightning strikes: a brighter sky, and the channel as what casts shadows."""

from __future__ import annotations

import math
from collections.abc import Sequence
from typing import Final

import numpy as np

from simgen.colorimetry import LUMINANCE
from simgen.records.base import F8
from simgen.records.flash import Flash
from simgen.records.lights import LightField
from simgen.rng import stream

#: lumens a watt of light from 0.4 to 1.1 um, as of daylight in that band
LUMENS_W: Final = 130.0
#: color of the light, linear RGB with a luminance of 1: bluish white
_COLOR: Final = np.array([0.86, 0.99, 1.42]) / (np.array([0.86, 0.99, 1.42]) * LUMINANCE).sum()
#: height of the clouds' base and of a flash within them, m
_BASE_M, _CLOUD_M = 1500.0, 4500.0
#: light that clouds send down, as a share of what goes straight to the scene: of a channel below them, and of a flash
#: within (half of it leaves upwards)
CLOUD_SHARE: Final = 0.5
#: share of the channel's light that is in the sky's table, where one sees it; the rest counts as what casts shadows
_SHOWN: Final = 0.1
#: rows from which on the table can show a channel
_ROWS: Final = 480
#: what ground sends back
_GROUND: Final = 0.2


def lit(field: LightField, flashes: Sequence[Flash], start_s: float, end_s: float) -> LightField:
    """The mean light over an exposure; the field itself where no stroke falls into it."""
    energies = [flash.energy_j(start_s, end_s) for flash in flashes]
    # a hundred-thousandth of a stroke is nothing
    shining = [(e, f) for e, f in zip(energies, flashes, strict=True) if e > 1.0]
    if not shining:
        return field
    for energy, flash in shining:
        lux = energy * LUMENS_W / (end_s - start_s) / (4.0 * math.pi * flash.distance_m**2)
        field = _with(field, flash, lux)
    return field


def direction(flash: Flash) -> F8:
    """Unit vector towards the middle of its channel, or to where it glows in the clouds."""
    up = math.atan2(0.5 * _BASE_M if flash.to_ground else _CLOUD_M, flash.distance_m)
    return _towards(math.radians(flash.from_deg), up)


def _towards(azimuth: float, elevation: float) -> F8:
    flat = math.cos(elevation)
    return np.array([flat * math.sin(azimuth), flat * math.cos(azimuth), math.sin(elevation)])


def _with(field: LightField, flash: Flash, lux: float) -> LightField:
    """A field with one flash more, of an illuminance in free air."""
    sky = np.asarray(field.sky, np.float64)
    if flash.to_ground:
        factor = max(1, -(-_ROWS // len(sky)))
        sky = sky.repeat(factor, 0).repeat(factor, 1)
    cells, angles = _cells(sky)
    glow = _glow(cells, angles, direction(flash), flash.distance_m) * CLOUD_SHARE * lux
    sun, toward, seen = np.asarray(field.sun_illuminance, np.float64), field.sun_direction, field.sun_seen
    ground = float((glow * angles * np.maximum(cells[..., 2], 0.0)).sum())
    if flash.to_ground:
        channel = _channel(cells, angles, flash)
        casts = lux > float((sun * LUMINANCE).sum())
        sky += (channel * lux * (_SHOWN if casts else 1.0))[..., None] * _COLOR
        ground += lux * max(float(direction(flash)[2]), 0.0)
        if casts:
            # what cast shadows before stays as light from its place
            at = np.unravel_index(int(np.argmax((cells * toward).sum(-1))), angles.shape)
            sky[at] += sun / angles[at]
            sun, toward, seen = lux * (1.0 - _SHOWN) * _COLOR, direction(flash), 0.0
    glow = np.where(cells[..., 2] > 0.0, glow, _GROUND * ground / math.pi)
    return field.replace(
        sky=np.asarray(sky + glow[..., None] * _COLOR, np.float32),
        sun_illuminance=np.asarray(sun, np.float32),
        sun_direction=np.asarray(toward, np.float64),
        sun_seen=seen,
    )


def _cells(sky: F8) -> tuple[F8, F8]:
    """Directions (R, C, 3) and solid angles (R, C) of a table's cells."""
    rows, columns = sky.shape[:2]
    theta, phi = (np.arange(rows) + 0.5) * (np.pi / rows), (np.arange(columns) + 0.5) * (2.0 * np.pi / columns)
    flat = np.sin(theta)[:, None]
    up = np.broadcast_to(np.cos(theta)[:, None], (rows, columns))
    edges = np.cos(np.arange(rows + 1) * (np.pi / rows))
    angles = np.broadcast_to(((edges[:-1] - edges[1:]) * (2.0 * np.pi / columns))[:, None], (rows, columns))
    return np.stack([flat * np.cos(phi), flat * np.sin(phi), up], -1), angles


def _glow(cells: F8, angles: F8, toward: F8, distance_m: float) -> F8:
    """Luminance of clouds around a flash, (R, C), whose integral over the upper half is 1; wider the nearer it is."""
    sharp = 2.0 + distance_m / 600.0
    above = np.where(cells[..., 2] > 0.0, np.exp(sharp * ((cells * toward).sum(-1) - 1.0)), 0.0)
    return np.asarray(above / (above * angles).sum())


def _channel(cells: F8, angles: F8, flash: Flash) -> F8:
    """The channel as luminance of cells, (R, C), whose integral is 1: a path that wanders from the clouds down."""
    rows, columns = angles.shape
    rng = stream(flash.seed, "channel")
    heights = np.linspace(_BASE_M, 0.0, 400)
    # steps of a few metres whose sum wanders by a tenth of the height
    aside = np.cumsum(rng.normal(0.0, 0.1 * _BASE_M / math.sqrt(400.0), 400))
    azimuth = math.radians(flash.from_deg) + np.arctan2(aside - aside[-1], flash.distance_m)
    elevation = np.arctan2(heights, flash.distance_m)
    row = np.clip(((0.5 * np.pi - elevation) / np.pi * rows).astype(np.int64), 0, rows // 2 - 1)
    # columns run from east counter-clockwise
    column = (np.mod(0.5 * np.pi - azimuth, 2.0 * np.pi) / (2.0 * np.pi) * columns).astype(np.int64) % columns
    shown = np.zeros((rows, columns))
    # one cell a row: as thin as the table can show
    thin, first = np.unique(row, return_index=True)
    shown[thin, column[first]] = 1.0
    return np.asarray(shown / (shown * angles).sum())
