"""nuScenes' 18 fields, from what the device measures alone."""

from __future__ import annotations

from typing import Final

import numpy as np

from simgen.records.base import F8, U1, Array
from simgen.records.radar import RADAR_FOLDED, NuScenesRadar, RadarDetections

#: over ground, slower than this stands still, m/s; up to twice that it may
STILL_M_S: Final = 0.5
#: cross-sections below this are low, dBsm
LOW_DBSM: Final = -10.0
#: false alarm probability by the margin over the threshold, dB: code 1 from the first on, then 2 ...
_MARGINS_DB: Final = (6.0, 3.0, 1.5, 0.5)
#: codes of standard deviations: class k is below 0.005 * 2000^(k / 30)
_FINEST: Final = 0.005
_RATIO: Final = 2000.0
_CLASSES: Final = 30


def rms_code(sigma: Array) -> U1:
    """Code of a standard deviation: the first class that holds it, 31 beyond the last."""
    floor = np.maximum(np.asarray(sigma, np.float64), 1e-9)
    code = np.ceil(_CLASSES * np.log(floor / _FINEST) / np.log(_RATIO))
    return np.asarray(np.clip(code, 0, _CLASSES + 1), np.uint8)


def dynamics(over_ground: Array, folded: Array) -> U1:
    """``dyn_prop`` from the radial velocity over ground: receding is moving, approaching oncoming."""
    speed = np.abs(over_ground)
    code = np.where(over_ground > 0.0, 0, 2)
    code = np.where(speed < 2.0 * STILL_M_S, 3, code)
    code = np.where(speed < STILL_M_S, 1, code)
    return np.where(folded, 4, code).astype(np.uint8)


def nuscenes_of(found: RadarDetections, threshold_db: float) -> NuScenesRadar:
    """The fields of nuScenes, row by row."""
    x, y, z = np.ascontiguousarray(found.xyz.T)
    ca, sa, ce = np.cos(found.azimuth), np.sin(found.azimuth), np.cos(found.elevation)
    folded = (found.flags & RADAR_FOLDED) != 0
    margin = found.snr - np.float32(threshold_db)
    pdh = 1 + sum((margin < limit).astype(np.uint8) for limit in _MARGINS_DB)
    along, across = found.range_sigma, found.range * found.azimuth_sigma

    def turned(a: Array, b: Array) -> tuple[F8, F8]:
        return np.hypot(a * ca, b * sa), np.hypot(a * sa, b * ca)

    x_sigma, y_sigma = turned(along, across)
    speed = np.abs(found.radial_velocity) * found.azimuth_sigma
    vx_sigma, vy_sigma = turned(found.velocity_sigma, speed)
    one = np.ones(len(x), np.uint8)
    return NuScenesRadar(
        x=x,
        y=y,
        z=z,
        dyn_prop=dynamics(found.velocity_over_ground, folded),
        id=np.arange(len(x)).astype(np.int16),
        rcs=found.rcs,
        vx=found.radial_velocity * ce * ca,
        vy=found.radial_velocity * ce * sa,
        vx_comp=found.velocity_over_ground * ce * ca,
        vy_comp=found.velocity_over_ground * ce * sa,
        is_quality_valid=one,
        ambig_state=np.where(folded, 1, 3).astype(np.uint8),
        x_rms=rms_code(x_sigma),
        y_rms=rms_code(y_sigma),
        invalid_state=np.where(found.rcs < LOW_DBSM, 4, 0).astype(np.uint8),
        pdh0=np.asarray(pdh, np.uint8),
        vx_rms=rms_code(vx_sigma),
        vy_rms=rms_code(vy_sigma),
    )
