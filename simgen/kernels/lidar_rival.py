"""What the air itself sends back to plain beams, as loud as it would be heard: who wins against the surface behind it.

Only beams in which the air's echo may be what is returned have to go the long way, through
:func:`simgen.kernels.lidar.receive`, which makes the same draws again.
"""

from __future__ import annotations

import math

import numpy as np

from simgen.kernels.air import soft_echo
from simgen.kernels.jit import kernel
from simgen.kernels.lidar_met_tables import Drops
from simgen.kernels.lidar_signal import HOPELESS, SIGNAL_LANE, SPECKLE
from simgen.kernels.lidar_tables import Air, Place, Pulses, Receiver, Soft
from simgen.kernels.noise import straight_draws
from simgen.records.base import F8


@kernel
def rivals(
    place: Place, receiver: Receiver, air: Air, soft: Soft, drops: Drops, drawn: bool, pulses: Pulses, rival: F8
) -> None:
    """Signal of the echo of the air in each beam of a tile, (N,): 0 = none is heard, inf = it has to be looked at.

    As ``measure`` has it, but for the bounds of the range. ``drawn``: drops are drawn beam by beam by ``receive``.
    """
    reach, following, peak = pulses.range, pulses.following, air.soft_peak.shape[0] > 0
    varied, soft_power, dropped, single = soft.power.shape[0] > 0, soft.power, drops.power, drops.power.shape[0] > 0
    key, noise, half, sigma = receiver.key, receiver.noise, receiver.half, receiver.sigma
    missed, faint = receiver.drop_probability, receiver.half - HOPELESS * receiver.sigma
    count, lasers = place.columns, place.lasers
    power, n, chance = np.empty(count), np.zeros(count, np.float32), np.ones(count, np.float32)
    for laser in range(lasers):
        base, some = laser * count, False
        for k in range(count):
            row = base + k
            echo, look = 0.0, drawn
            if varied and soft_power[row] >= 0.0:
                echo = float(soft_power[row])
            elif peak:
                echo = soft_echo(air, float(reach[row]))
            if single and dropped[row, 0] > 0.0:
                look |= echo > 0.0 or dropped[row, 1] > 0.0
                echo = dropped[row, 0]
            # behind a gap between leaves there may be no echo of a surface, and other lanes
            look |= echo > 0.0 and following[row] != -1
            power[k] = np.inf if look else echo
            some |= power[k] > 0.0
            rival[row] = 0.0
        if not some:
            continue
        if noise:
            for k in range(count):
                # the air's echo is the second where there is a surface
                lane = SIGNAL_LANE + (2 if reach[base + k] < np.inf else 0)
                n[k], _, chance[k] = straight_draws(key, (place.column + k) * lasers + laser, lane)
        for k in range(count):
            if power[k] == np.inf:
                rival[base + k] = np.inf
            elif not noise:
                rival[base + k] = power[k] if power[k] >= 1.0 else 0.0
            elif power[k] > 0.0 and power[k] >= faint and not float(chance[k]) < missed:
                measured = power[k] + float(n[k]) * math.sqrt(sigma * sigma + SPECKLE * SPECKLE * power[k] * power[k])
                rival[base + k] = measured if measured >= half and measured > 0.0 else 0.0
