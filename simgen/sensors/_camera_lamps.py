"""The lamps of a stage where they are at an instant, as rows for the kernels, and their light on a tile of rays."""

from __future__ import annotations

import math
import threading
from collections.abc import Callable
from functools import cache
from typing import Final

import numpy as np

from simgen.geometry import quat_rotate
from simgen.kernels.lamp_wave import new_lamp_wave
from simgen.kernels.wave import (
    LAMP_AXIS,
    LAMP_BEAM,
    LAMP_CD,
    LAMP_COLUMNS,
    LAMP_CONE,
    LAMP_PLACE,
    LAMP_RADIUS,
    LAMP_REACH,
    LAMP_U,
    LAMP_UP,
    LAMP_V,
    Layers,
    Lighting,
    Onward,
    Wave,
)
from simgen.records.base import F4, F8, Bool
from simgen.records.lights import LUMINANCE_RGB, LampTable
from simgen.records.rays import NativeView, Rays
from simgen.records.stage import Motion

#: illuminance below which a lamp is not worth a ray, lx, and the same as a share of daylight
FAINTEST_LUX: Final = 0.02
FAINTEST_SHARE: Final = 0.002
#: lamps that reach less far are left out, m: by day those of signals and cars light nothing but themselves
SHORTEST_M: Final = 3.0
#: directions over which beams are averaged; a low beam of 10 degrees gets some 30 of them
_DIRECTIONS: Final = 4096
_RAY_PARTS: Final = ("origin", "direction", "time", "near", "far")
_local = threading.local()


def lamp_rows(table: LampTable, motion: Motion, ray_time: float, daylight_lux: float = 0.0) -> F4:
    """Lamps that shine, world frame less the motion's origin, (L, LAMP_COLUMNS); bodies as at that ray time.

    Where there is daylight, lamps reach only as far as they matter beside it.
    """
    on = table.intensity.max(-1, initial=0.0) > 0.0
    if not on.any():
        return np.zeros((0, LAMP_COLUMNS), np.float32)
    body = table.body[on]
    last = len(motion.position) - 1
    low = min(int(ray_time * last), max(last - 1, 0))
    share = ray_time * last - low
    high = min(low + 1, last)
    position = motion.position[low, body] * (1.0 - share) + motion.position[high, body] * share
    quaternion = motion.quaternion[low, body] * (1.0 - share) + motion.quaternion[high, body] * share
    quaternion = quaternion / np.sqrt((quaternion**2).sum(-1, keepdims=True))
    rows = np.zeros((int(on.sum()), LAMP_COLUMNS), np.float32)
    rows[:, LAMP_PLACE : LAMP_PLACE + 3] = position + quat_rotate(quaternion, table.position[on])
    for column, vectors in (
        (LAMP_AXIS, table.axis),
        (LAMP_UP, table.up),
        (LAMP_U, table.half_u),
        (LAMP_V, table.half_v),
    ):
        rows[:, column : column + 3] = quat_rotate(quaternion, vectors[on])
    rows[:, LAMP_CD : LAMP_CD + 3] = table.intensity[on]
    rows[:, LAMP_BEAM] = table.beam[on]
    rows[:, LAMP_CONE : LAMP_CONE + 2] = table.cone[on]
    rows[:, LAMP_RADIUS] = table.radius[on]
    candela = table.intensity[on] @ np.array(LUMINANCE_RGB, np.float32)
    rows[:, LAMP_REACH] = np.sqrt(candela / max(FAINTEST_LUX, FAINTEST_SHARE * daylight_lux))
    matters = np.asarray(motion.exists)[body] & (rows[:, LAMP_REACH] > SHORTEST_M)
    return with_fluxes(np.ascontiguousarray(rows[matters]))


def with_fluxes(rows: F4) -> F4:
    """The rows, with what each beam sends out in all."""
    if len(rows):
        from simgen.kernels import lamps as kernels

        kernels.solid_angles(rows, _everywhere())
    return rows


@cache
def _everywhere() -> F8:
    """Directions spread evenly over the sphere, (N, 3): a Fibonacci lattice (Gonzalez 2010)."""
    k = np.arange(_DIRECTIONS) + 0.5
    up, angle = 1.0 - 2.0 * k / _DIRECTIONS, math.pi * (1.0 + math.sqrt(5.0)) * k
    flat = np.sqrt(1.0 - up * up)
    return np.ascontiguousarray(np.stack([flat * np.cos(angle), flat * np.sin(angle), up], -1))


def light_tile(first: int, native: NativeView, light: Lighting, wave: Wave, layers: Layers, onward: Onward) -> None:
    """Add the lamps' light to a tile of rays that has just been shaded and is still in its wave."""
    from simgen.kernels import lamps as kernels

    scratch = getattr(_local, "scratch", None)
    if scratch is None or len(scratch.claim) != len(light.lamps):
        scratch = _local.scratch = new_lamp_wave(kernels.CHUNK, len(light.lamps))
    kernels.light_tile(first, native.occluded8, native.scene, light, wave, layers, onward, scratch)


def light_staged(
    first: int, occluded: Callable[[Rays], Bool], light: Lighting, wave: Wave, layers: Layers, onward: Onward
) -> None:
    """The same around an engine that is asked from Python."""
    from simgen.kernels import lamps as kernels

    scratch = new_lamp_wave(len(wave.instance), len(light.lamps))
    count = kernels.stage_lamps(first, light, wave, onward, scratch)
    turn, asked = 0, count
    while asked:
        rays = (a[:count] for a in (scratch.origin, scratch.direction, scratch.time, scratch.near, scratch.far))
        scratch.blocked[:count] = occluded(Rays(**dict(zip(_RAY_PARTS, rays, strict=True))))
        asked = kernels.stage_again(count, turn, light, wave, scratch)
        turn += 1
    kernels.stage_lit(first, light, wave, scratch, layers)
