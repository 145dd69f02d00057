"""What arrives from each satellite: how strong, by which way, and how wrong its range is."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

import numpy as np

from simgen.records.base import F8, Bool
from simgen.records.navigation import SIGHT_BLOCKED, SIGHT_LINE, SIGHT_REFLECTED, Satellites
from simgen.sensors._gnss_sight import Sight
from simgen.sensors._gnss_sky import Sky
from simgen.sensors._gnss_solution import code_multipath, fading_db, phase_multipath

#: strength of a satellite at the zenith and how much less it is at the horizon; weakest that is tracked, dB Hz
_ZENITH_DBHZ: Final = 48.0
_HORIZON_DB: Final = 10.0
_WEAKEST_DBHZ: Final = 28.0


@dataclass(frozen=True, kw_only=True)
class Signals:
    """Every satellite above the mask; all arrays (S,)."""

    sky: Sky
    sight: Sight
    #: carrier to noise density, dB Hz; 0 = blocked
    cn0: F8
    #: amplitude of a reflection against the direct signal
    share: float
    #: error of the range rate where only a reflection arrives, m/s
    rate_bias: F8

    @property
    def tracked(self) -> Bool:
        """Whether a receiver holds the signal."""
        return np.asarray(self.cn0 >= _WEAKEST_DBHZ)

    @property
    def weakness(self) -> F8:
        """Noise against that of the zenith's strength: its amplitude goes with the root of the power."""
        return np.asarray(10.0 ** ((_ZENITH_DBHZ - np.maximum(self.cn0, 10.0)) / 20.0))

    @property
    def missing_db(self) -> F8:
        """How much weaker than under the open sky at that elevation."""
        return np.maximum(_open_sky(self.sky) - self.cn0, 0.0)

    @property
    def code_bias(self) -> F8:
        """Error of a direct code range by its reflection, m."""
        return np.where(self.sight.clear, code_multipath(self.sight.excess, self.share), 0.0)

    @property
    def phase_bias(self) -> F8:
        """The same of the carrier phase, m."""
        return np.where(self.sight.clear, phase_multipath(self.sight.excess, self.share), 0.0)

    @property
    def detour(self) -> F8:
        """Error of whatever arrives: of the direct signal, or the whole extra path of the reflection, m."""
        return np.where(self.sight.clear, self.code_bias, self.sight.excess)


def receive(sky: Sky, sight: Sight, velocity: F8, reflection_db: float, jammed_db: float = 0.0) -> Signals:
    """Signals at an antenna of that velocity (world, m/s), with walls that take so much of a reflection.

    ``jammed_db``: by how much a jammer raises the noise, and so takes from every carrier to noise density.
    """
    share = float(min(10.0 ** (-reflection_db / 20.0), 0.99))
    direct = _open_sky(sky) + fading_db(sight.excess, share)
    by_wall = np.where(sight.excess > 0.0, _open_sky(sky) - reflection_db, 0.0)
    # a wall at rest: what is measured along the arrival is taken for the direction of the satellite
    turned = ((sky.toward - sight.arrival) * velocity).sum(-1)
    return Signals(
        sky=sky,
        sight=sight,
        cn0=np.maximum(np.where(sight.clear, direct, by_wall) - jammed_db, 0.0),
        share=share,
        rate_bias=np.where(sight.clear, 0.0, turned),
    )


def _open_sky(sky: Sky) -> F8:
    """Strength without anything in the way, (S,), dB Hz."""
    return np.asarray(_ZENITH_DBHZ - _HORIZON_DB * (1.0 - np.sin(sky.elevation)))


def table_of(signals: Signals, used: Bool, range_error: F8) -> Satellites:
    """The signals as a frame's table."""
    sight, f4 = signals.sight, np.float32
    kind = np.where(sight.clear, SIGHT_LINE, np.where(sight.excess > 0.0, SIGHT_REFLECTED, SIGHT_BLOCKED))
    return Satellites(
        id=signals.sky.id,
        azimuth=signals.sky.azimuth.astype(f4),
        elevation=signals.sky.elevation.astype(f4),
        sight=kind.astype(np.uint8),
        used=used.astype(np.uint8),
        cn0=np.where(signals.tracked, signals.cn0, 0.0).astype(f4),
        excess=sight.excess.astype(f4),
        range_error=np.where(used, range_error, 0.0).astype(f4),
    )


__all__ = ["Signals", "receive", "table_of"]
