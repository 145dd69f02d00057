"""Which lamps a block of hits keeps, told at four of its points, and what the others give there."""

from __future__ import annotations

import math
from typing import Final

import numpy as np

from simgen.kernels.beams import beam
from simgen.kernels.inner import inner
from simgen.kernels.lamp_arrival import (
    AREA,
    BOUNCE_INDOOR,
    BOUNCE_OPEN,
    NEAREST,
    answer,
    arrival,
    bounced,
    luminance,
)
from simgen.kernels.lamp_wave import (
    AREA_RAYS,
    MOST,
    PROBE_BOUNCE,
    PROBE_COLUMNS,
    PROBE_LUX,
    PROBE_PLACE,
    PROBE_WAY,
    PROBES,
    SLOTS,
    LampWave,
)
from simgen.kernels.material import finish
from simgen.kernels.wave import (
    COAT,
    FACE,
    GLOSS,
    LAMP_BEAM,
    LAMP_CD,
    LAMP_PLACE,
    LAMP_REACH,
    OFF,
    RETRO,
    VIEW,
    Lighting,
    Wave,
)
from simgen.records.base import F4
from simgen.records.stage import NO_HIT

_NOTHING = np.uint32(NO_HIT)

#: least part of a block's light for which a lamp is kept
KEPT: Final = 0.004


@inner
def _reached(lamps: F4, px: float, py: float, pz: float) -> bool:
    """Whether any lamp reaches a point."""
    for row in range(lamps.shape[0]):
        x, y, z = lamps[row, LAMP_PLACE] - px, lamps[row, LAMP_PLACE + 1] - py, lamps[row, LAMP_PLACE + 2] - pz
        far2, reach = x * x + y * y + z * z, float(lamps[row, LAMP_REACH])
        if far2 <= reach * reach:
            return True
    return False


@inner
def claims(begin: int, end: int, light: Lighting, wave: Wave, lw: LampWave) -> bool:
    """Each lamp's claim to a block of hits: its greatest share of the light at four of them. Finds the probes.

    Returns whether any lamp reaches any of them; by day hardly one does.
    """
    lamps, state, lit = light.lamps, wave.state, False
    for row in range(lamps.shape[0]):
        lw.claim[row] = 0.0
    for k in range(PROBES):
        lw.probe[k, PROBE_PLACE] = np.inf
        i = begin + ((2 * k + 1) * (end - begin)) // (2 * PROBES)
        stop = begin + ((k + 1) * (end - begin)) // PROBES
        while i < stop and wave.instance[i] == _NOTHING:
            i += 1
        if i >= stop or wave.instance[i] == _NOTHING:
            continue
        px, py, pz = float(state[i, OFF]), float(state[i, OFF + 1]), float(state[i, OFF + 2])
        lw.probe[k, PROBE_PLACE], lw.probe[k, PROBE_PLACE + 1], lw.probe[k, PROBE_PLACE + 2] = px, py, pz
        if not _reached(lamps, px, py, pz):
            continue
        lit = True
        nx, ny, nz = float(state[i, FACE]), float(state[i, FACE + 1]), float(state[i, FACE + 2])
        vx, vy, vz = -float(state[i, VIEW]), -float(state[i, VIEW + 1]), -float(state[i, VIEW + 2])
        nv = min(max(nx * vx + ny * vy + nz * vz, 1e-3), 1.0)
        made = finish(state, i, nv)
        matt = state[i, COAT] == 0.0 and state[i, RETRO] == 0.0 and state[i, GLOSS] > 0.4
        sum_ = 0.0
        for row in range(lamps.shape[0]):
            lw.worth[row] = 0.0
            x, y, z = lamps[row, LAMP_PLACE] - px, lamps[row, LAMP_PLACE + 1] - py, lamps[row, LAMP_PLACE + 2] - pz
            far2, reach = x * x + y * y + z * z, float(lamps[row, LAMP_REACH])
            if far2 > reach * reach:
                continue
            power = luminance(
                float(lamps[row, LAMP_CD]), float(lamps[row, LAMP_CD + 1]), float(lamps[row, LAMP_CD + 2])
            )
            # nothing matt sends back more than this
            if matt and power < 0.2 * KEPT * sum_ * far2:
                continue
            got = arrival(lamps, row, px, py, pz, nx, ny, nz, vx, vy, vz)
            red, green, blue = answer(state, i, made, nx, ny, nz, vx, vy, vz, nv, got, False, 0.2)
            # what turns away a little here may face the lamp next door
            lw.worth[row] = power * max(luminance(red, green, blue), 0.02 * got[1])
            sum_ += lw.worth[row]
        if sum_ > 0.0:
            for row in range(lamps.shape[0]):
                lw.claim[row] = max(lw.claim[row], lw.worth[row] / sum_)
    return lit


@inner
def keep(light: Lighting, lw: LampWave) -> tuple[int, int]:
    """The lamps with the greatest claims, theirs becoming -1; how many, and how many slots they take."""
    lamps, kept, slots = light.lamps, 0, 0
    while kept < MOST:
        best, row = KEPT, -1
        for k in range(lamps.shape[0]):
            if lw.claim[k] > best:
                best, row = float(lw.claim[k]), k
        if row < 0:
            break
        need = AREA_RAYS if int(lamps[row, LAMP_BEAM]) == AREA else 1
        if slots + need > SLOTS:
            break
        lw.claim[row] = -1.0
        lw.kept[kept] = row
        kept += 1
        slots += need
    return kept, slots


@inner
def probe_rest(light: Lighting, lw: LampWave) -> None:
    """What the lamps that are not kept give at each probe, shadows left out."""
    lamps = light.lamps
    share = BOUNCE_INDOOR if light.indoor else BOUNCE_OPEN
    for k in range(PROBES):
        px, py, pz = float(lw.probe[k, 0]), float(lw.probe[k, 1]), float(lw.probe[k, 2])
        for c in range(PROBE_LUX, PROBE_COLUMNS):
            lw.probe[k, c] = 0.0
        if not px < np.inf:
            continue
        for row in range(lamps.shape[0]):
            x, y, z = lamps[row, LAMP_PLACE] - px, lamps[row, LAMP_PLACE + 1] - py, lamps[row, LAMP_PLACE + 2] - pz
            far2, reach = x * x + y * y + z * z, float(lamps[row, LAMP_REACH])
            if lw.claim[row] < 0.0 or far2 > reach * reach:
                continue
            d = math.sqrt(max(far2, 1e-6))
            bounce, lux = bounced(lamps, row, far2, share), 0.0
            if lw.claim[row] > 0.0:
                lux = beam(lamps, row, -x / d, -y / d, -z / d) / max(far2, NEAREST * NEAREST)
            for c in range(3):
                lw.probe[k, PROBE_LUX + c] += lux * lamps[row, LAMP_CD + c]
                lw.probe[k, PROBE_BOUNCE + c] += bounce * lamps[row, LAMP_CD + c]
            power = lux * luminance(
                float(lamps[row, LAMP_CD]), float(lamps[row, LAMP_CD + 1]), float(lamps[row, LAMP_CD + 2])
            )
            lw.probe[k, PROBE_WAY] += power * x / d
            lw.probe[k, PROBE_WAY + 1] += power * y / d
            lw.probe[k, PROBE_WAY + 2] += power * z / d


@inner
def nearest_probe(lw: LampWave, px: float, py: float, pz: float) -> int:
    """The probe of the block that is nearest to a point."""
    best, found = np.inf, 0
    for k in range(PROBES):
        x, y, z = lw.probe[k, 0] - px, lw.probe[k, 1] - py, lw.probe[k, 2] - pz
        d = x * x + y * y + z * z
        if d < best:
            best, found = d, k
    return found
