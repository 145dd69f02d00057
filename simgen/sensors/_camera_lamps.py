"""The lamps of a stage where they are at an instant, as rows for the kernels."""

from __future__ import annotations

from typing import Final

import numpy as np

from simgen.geometry import quat_rotate
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
)
from simgen.records.base import F4
from simgen.records.lights import LampTable
from simgen.records.stage import Motion

#: illuminance below which a lamp is not worth a ray, lx
FAINTEST_LUX: Final = 0.02


def lamp_rows(table: LampTable, motion: Motion, ray_time: float) -> F4:
    """Lamps that shine, world frame less the motion's origin, (L, LAMP_COLUMNS); bodies as at that ray time."""
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
    rows[:, LAMP_REACH] = np.sqrt(table.intensity[on].max(-1) / FAINTEST_LUX)
    exists = np.asarray(motion.exists)[body]
    return np.ascontiguousarray(rows[exists])
