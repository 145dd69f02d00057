"""What single particles do to the beams of a tile: their echoes, and what they leave of the light behind them."""

from __future__ import annotations

from simgen.kernels.air import brightest_drop
from simgen.kernels.inner import inner
from simgen.kernels.jit import kernel
from simgen.kernels.lidar_echo import power_of
from simgen.kernels.lidar_met_tables import Drops, Met
from simgen.kernels.lidar_tables import Air, Place, Pulses, Receiver
from simgen.records.base import F8, I8, U2


@inner
def lifted(lift: F8, step: float, distance: float) -> float:
    """What the medium's light is multiplied by where what is met one by one is taken out of it, up to a range."""
    at = distance / step
    last = lift.shape[0] - 1
    if at >= last:
        return float(lift[last])
    low = int(at)
    return float(lift[low] + (at - low) * (lift[low + 1] - lift[low]))


@inner
def _keep(power: F8, distance: F8, name: U2, found: float, at: float, kind: int) -> None:
    """Keep the two brightest, the brightest first."""
    if found > power[0]:
        power[1], distance[1], name[1] = power[0], distance[0], name[0]
        power[0], distance[0], name[0] = found, at, kind
    elif found > power[1]:
        power[1], distance[1], name[1] = found, at, kind


@kernel
def dim(
    place: Place,
    receiver: Receiver,
    air: Air,
    lift: F8,
    step: float,
    bright: F8,
    names: U2,
    start: I8,
    met: Met,
    pulses: Pulses,
    drops: Drops,
) -> None:
    """Dim the pulses of a tile by what its beams meet, and list what that sends back.

    A particle covers a share of the beam, and what lies behind it loses what it takes there and back. The medium holds
    all particles: those that are met one by one are taken out of it by ``lift``, at every ``step`` of range, the
    inverse of what they leave on average. What lies beyond panes and mirrors is dimmed as the pane is.
    """
    _dim(place, receiver, air, lift, step, bright, names, start, met, pulses, drops)


@inner
def _dim(
    place: Place,
    receiver: Receiver,
    air: Air,
    lift: F8,
    step: float,
    bright: F8,
    names: U2,
    start: I8,
    met: Met,
    pulses: Pulses,
    drops: Drops,
) -> None:
    """The loop of :func:`dim`, where no access to a bundle counts references."""
    reach, response, following = pulses.range, pulses.response, pulses.following
    beam_range, cover, block, kind = met.range, met.cover, met.block, met.kind
    power, distance, name = drops.power, drops.range, drops.name
    near, opens, open_, threshold = receiver.near, receiver.overlap_near, receiver.overlap_far, receiver.threshold
    alpha, key, some = air.extinction, receiver.key, air.drop_mass.shape[0] > 0
    first, count, lasers, per_beam = place.column, place.columns, place.lasers, place.per_beam
    for row in range(power.shape[0]):
        beam = (first + row % count) * lasers + row // count
        low, high = start[beam], start[beam + 1]
        nearest = float(reach[row * per_beam])
        for k in range(1, per_beam):
            nearest = min(nearest, float(reach[row * per_beam + k]))
        for k in range(2):
            power[row, k], distance[row, k], name[row, k] = 0.0, 0.0, 0
        left = 1.0
        for m in range(low, high):
            at = float(beam_range[m])
            if at >= nearest:
                break
            shine = bright[kind[m]] * cover[m] * left * lifted(lift, step, at)
            found = power_of(near, opens, open_, threshold, alpha, at, shine)
            _keep(power[row], distance[row], name[row], found, at, names[kind[m]])
            left *= (1.0 - block[m]) ** 2
        if some:
            found, at, what = brightest_drop(air, nearest, key, beam)
            if found > 0.0:
                left = lifted(lift, step, at)
                for m in range(low, high):
                    left *= (1.0 - block[m]) ** 2 if beam_range[m] < at else 1.0
                _keep(power[row], distance[row], name[row], found * left, at, what)
        for k in range(per_beam):
            ray = row * per_beam + k
            at = float(reach[ray])
            left = lifted(lift, step, at)
            for m in range(low, high):
                left *= (1.0 - block[m]) ** 2 if beam_range[m] < at else 1.0
            while ray >= 0:
                response[ray] *= left
                ray = following[ray]
