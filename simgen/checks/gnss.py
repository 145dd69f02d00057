"""A satellite position agrees with its satellites, with itself, and with where the antenna is."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from simgen.checks.base import NOTHING, Finding, FrameLook, Rule, compare
from simgen.records.base import F8
from simgen.records.geodetic import ecef_from_geodetic
from simgen.records.navigation import FIX_NONE, SIGHT_LINE, GnssFrame, Satellites
from simgen.sensors._gnss_solution import inverse


@dataclass(frozen=True, kw_only=True)
class GnssPosition(Rule):
    """The error is within six sigma where all satellites are in plain sight; the DOP is that of the satellites used;
    latitude and longitude lie as far from the truth as the metres do.

    Without the table of satellites only the last is tested, and that only beside the ideal position.
    """

    name = "gnss_position"
    unit = "of what is allowed"
    sigmas: float = 6.0

    def frame(self, look: FrameLook) -> Finding:
        """Look at one position."""
        frame = look.frame
        if not isinstance(frame, GnssFrame) or int(frame.fix[0]) == FIX_NONE:
            return NOTHING
        found = self._same_place(look, frame)
        if frame.satellites is None or not frame.satellites.used.any():
            return found
        found += _dilution(frame, frame.satellites)
        return found + self._within(frame, frame.satellites)

    def _within(self, frame: GnssFrame, table: Satellites) -> Finding:
        used = table.used > 0
        if (table.sight[used] != SIGHT_LINE).any() or table.excess[used].any():
            return NOTHING
        error = frame.position - frame.world_from_sensor[:3, 3]
        weights = inverse(frame.covariance)
        if weights is None:
            return compare(np.array([np.inf]), 1.0, lambda _: "its covariance is not positive")
        far = float(np.sqrt(((weights * error).sum(-1) * error).sum()))
        return compare(np.array([far / self.sigmas]), 1.0, lambda _: f"the position is {far:.1f} sigma off")

    def _same_place(self, look: FrameLook, frame: GnssFrame) -> Finding:
        frames = look.sequence.frames[look.sensor]
        if "ideal" not in frames.variants:
            return NOTHING
        ideal = frames.variant("ideal")
        apart = ecef_from_geodetic(frame.geodetic) - ecef_from_geodetic(ideal.geodetic[look.index])
        metres = frame.position - ideal.position[look.index]
        error = abs(_length(apart) - _length(metres))
        return compare(np.array([error / 1e-6]), 1.0, lambda _: f"geodetic and position differ by {error:.2e} m")


def _length(vector: F8) -> float:
    return float(np.sqrt((vector * vector).sum()))


def _dilution(frame: GnssFrame, table: Satellites) -> Finding:
    """The DOP again, from azimuth and elevation."""
    used = table.used > 0
    azimuth, elevation = table.azimuth[used].astype(np.float64), table.elevation[used].astype(np.float64)
    flat = np.cos(elevation)
    rows = np.stack([flat * np.sin(azimuth), flat * np.cos(azimuth), np.sin(elevation), np.ones(len(flat))], axis=-1)
    q = inverse((rows[:, :, None] * rows[:, None, :]).sum(0))
    told = frame.dop.astype(np.float64)
    if q is None or len(flat) != int(frame.used[0]):
        return compare(np.array([np.inf]), 1.0, lambda _: f"{len(flat)} satellites do not make this position")
    seen = np.sqrt(np.array([q[0, 0] + q[1, 1], q[2, 2], q[0, 0] + q[1, 1] + q[2, 2]]))
    return compare(
        np.abs(seen / told - 1.0) / 1e-3, 1.0, lambda k: f"DOP {told[k]:.3f}, its satellites give {seen[k]:.3f}"
    )
