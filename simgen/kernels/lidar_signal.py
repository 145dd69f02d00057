"""From the power of an echo to a return: what the receiver makes of it.

The same for one echo at a time and for a loop over many, which is compiled to vector instructions: hence no branches.
"""

from __future__ import annotations

import math
from typing import Final, NamedTuple

import numpy as np

from simgen.kernels.inner import inner, spliced
from simgen.kernels.lidar_tables import Receiver
from simgen.kernels.noise import straight_draws

#: speckle and laser power vary the signal by this share of itself (an estimate)
SPECKLE: Final = 0.05
#: range noise of a return at the threshold times sqrt(2), m (LISA)
RANGE_SPREAD: Final = 0.09
#: a device that corrects near returns for the overlap of beam and view does so at most twentyfold
LEAST_OVERLAP: Final = 0.05
#: lanes of a firing's draws: each echo has two, for signal and chance
SIGNAL_LANE: Final = 0
CHANCE_LANE: Final = 1
#: a power lower than the threshold by so many of the noise's standard deviations is not heard
HOPELESS: Final = 8.0

_ZERO, _ONE = np.float32(0.0), np.float32(1.0)


class Ear(NamedTuple):
    """The numbers of a :class:`Receiver`, without its arrays."""

    half: float
    sigma: float
    near: float
    far: float
    fold: float
    range_floor: float
    range_noise: float
    range_step: float
    drop_probability: float
    noise: bool


@inner
def ear_of(receiver: Receiver) -> Ear:
    """What :func:`heard` needs of a receiver."""
    return Ear(
        receiver.half,
        receiver.sigma,
        receiver.near,
        receiver.far,
        receiver.fold,
        receiver.range_floor,
        receiver.range_noise,
        receiver.range_step,
        receiver.drop_probability,
        receiver.noise,
    )


@spliced
def overlap(near: float, far: float, distance: float) -> float:
    """Share of the beam that the receiver sees: a ramp from 0 to 1."""
    ramp = (distance - near) / (far - near)
    return 1.0 if distance >= far else (ramp if ramp > 0.0 else 0.0)


@spliced
def heard(
    ear: Ear, power: float, distance: float, extra: float, n: np.float32, m: np.float32, chance: np.float32
) -> tuple[float, float]:
    """Signal and range as the device reports them, from two normals and a uniform; a signal of 0 = no return.

    Noise adds to the power before the threshold, so the chance of a return falls smoothly, ``Phi((s - half)/sigma)``,
    and weak returns are biased upwards as in a real receiver.
    """
    reported = distance + extra
    reported -= ear.fold if reported >= ear.fold else 0.0
    there = power > 0.0 and reported - extra <= ear.far
    if not ear.noise:
        return (power if there and power >= 1.0 else 0.0), reported
    spread = math.sqrt(ear.sigma * ear.sigma + SPECKLE * SPECKLE * power * power)
    measured = power + float(n) * spread
    there &= power >= ear.half - HOPELESS * ear.sigma and measured >= ear.half and measured > 0.0
    there &= not float(chance) < ear.drop_probability
    sigma = math.sqrt(ear.range_floor * ear.range_floor + RANGE_SPREAD * RANGE_SPREAD / (2.0 * power))
    sigma = ear.range_noise if ear.range_noise >= 0.0 else sigma
    reported = math.floor((reported + sigma * float(m)) / ear.range_step + 0.5) * ear.range_step
    there &= reported >= ear.near
    return (measured if there else 0.0), reported


@inner
def measure(
    receiver: Receiver, power: float, distance: float, extra: float, counter: int, echo: int
) -> tuple[float, float]:
    """What is :func:`heard` of one echo of a firing."""
    if power <= 0.0:
        return 0.0, 0.0
    n, m, chance = _ZERO, _ZERO, _ONE
    if receiver.noise:
        n, m, chance = straight_draws(receiver.key, counter, SIGNAL_LANE + 2 * echo)
    return heard(ear_of(receiver), power, distance, extra, n, m, chance)


@spliced
def shown(signal: float, threshold: float, distance: float, opens: float, open_: float) -> float:
    """The calibrated reflectance of a signal: distance and overlap taken out."""
    seen = overlap(opens, open_, distance)
    return signal * threshold * distance * distance / (seen if seen > LEAST_OVERLAP else LEAST_OVERLAP)
