"""What transmitters on the ground do to a satellite receiver: jamming and spoofing."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from simgen.records.base import F8
from simgen.registry import param
from simgen.sensors._fault import Fault
from simgen.units import NS_PER_S


@dataclass(frozen=True, kw_only=True)
class Jamming(Fault):
    """A jammer raises the noise: every carrier to noise density falls by ``loss_db``.

    Receivers track down to some 28 dB Hz, and the zenith gives 48: beyond 20 dB nothing is left. A "personal privacy
    device" of 10 mW in a car nearby reaches 30 to 60 dB within some hundred metres (Mitch et al., ION GNSS 2011).
    """

    loss_db: float = param(35.0, gt=0.0, le=100.0, doc="what it takes from the carrier to noise density")


@dataclass(frozen=True, kw_only=True)
class Spoofing(Fault):
    """False signals take the receiver over and drag its position away, at a rate that raises no alarm.

    The error is ``rate_m_s (t - from_s)``, at most ``distance_m``, towards ``azimuth_deg``; the receiver's covariance
    does not tell (Humphreys et al., ION GNSS 2008). With a very high rate it jumps, as after a change of reflections.
    """

    distance_m: float = param(30.0, gt=0.0, le=1e5, doc="how far it is dragged")
    rate_m_s: float = param(5.0, gt=0.0, le=1e6, doc="how fast")
    azimuth_deg: float = param(0.0, ge=-360.0, le=360.0, doc="whither, from north, clockwise")


def jammed_db(attacks: Sequence[Jamming], time_ns: int) -> float:
    """What jammers take at an instant, dB: noise powers add."""
    power = 1.0 + sum(10.0 ** (0.1 * a.loss_db) - 1.0 for a in attacks if a.is_on(time_ns))
    return float(10.0 * np.log10(power))


def dragged_m(attacks: Sequence[Spoofing], time_ns: int) -> tuple[F8, F8]:
    """By how much, and how fast, a position is dragged at an instant: m and m/s, world axes."""
    shift, speed = np.zeros(3), np.zeros(3)
    for attack in attacks:
        if not attack.is_on(time_ns):
            continue
        azimuth = np.radians(attack.azimuth_deg)
        toward = np.array([np.sin(azimuth), np.cos(azimuth), 0.0])
        gone = attack.rate_m_s * (time_ns / NS_PER_S - attack.from_s)
        shift += toward * min(gone, attack.distance_m)
        speed += toward * attack.rate_m_s * (gone < attack.distance_m)
    return shift, speed


__all__ = ["Jamming", "Spoofing", "dragged_m", "jammed_db"]
