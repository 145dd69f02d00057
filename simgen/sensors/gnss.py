"""A satellite receiver: positions that err as satellites, buildings and the air make them err."""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import Any, Final, Literal

import numpy as np

from simgen.geometry import IDENTITY_QUATERNION, pose_matrix
from simgen.records.base import F8, Bool, empty_table
from simgen.records.frames import STATUS_DROPPED, Frame
from simgen.records.navigation import (
    FIX_FLOAT,
    FIX_NONE,
    FIX_RTK,
    FIX_SINGLE,
    GnssFrame,
    Satellites,
)
from simgen.records.surroundings import Shot
from simgen.registry import param, register
from simgen.rng import stream
from simgen.sensors._drift import gauss_markov_row
from simgen.sensors._gnss_attack import Jamming, Spoofing, dragged_m, jammed_db
from simgen.sensors._gnss_sight import look
from simgen.sensors._gnss_signals import Signals, receive, table_of
from simgen.sensors._gnss_sky import sky_at
from simgen.sensors._gnss_solution import Solution, obliquity, solve_excluding
from simgen.sensors.base import Sensor

_OUTPUTS: Final = ("ideal", "satellites")
#: half the time over which the velocity is taken
_AROUND_NS: Final = 1_000_000
#: how much less a receiver trusts a code range for every dB that is missing at that elevation, m
_DOUBT_M_DB: Final = 0.5
#: room for every identity of a satellite
_IDENTITIES: Final = 128
#: what it takes to fix the ambiguities of the carrier phase
_RTK_FEWEST: Final = 5
_RTK_WORST_DOP: Final = 6.0


@register("sensor", "gnss")
@dataclass(frozen=True, kw_only=True)
class Gnss(Sensor):
    """Position, velocity and covariance from the satellites that a ray reaches.

    The nominal GPS and Galileo constellations stand over the scene's origin at the light's date. A ray to each
    satellite decides whether it is seen, mirror rays over the walls around whether it arrives by one reflection.
    Ranges err by a Gauss-Markov process per satellite (air, orbit, clock; ``x' = phi x + sigma sqrt(1 - phi^2) w``,
    ``phi = exp(-dt / tau)``, times the obliquity of the ionosphere), by white noise that follows the strength, by
    multipath (Braasch 1996), and by the whole extra path where only the reflection is seen. A weighted least-squares
    fix turns them into a position. It trusts signals less that are weaker than they should be, and leaves out those
    whose residual is too large while there are six or more; fewer than four satellites give none. The receiver does
    not know which satellites are reflections, so in a canyon its covariance is too small, as in life. ``mode: rtk``
    fixes the carrier phase (5 satellites in sight and a PDOP below 6), else floats on corrected code, else falls back
    to ``single``. Jamming raises the noise under all signals; spoofing moves the fix and leaves its covariance as it
    is.
    """

    rate_hz: float = param(5.0, gt=0.0, le=100.0, doc="positions a second")
    mode: Literal["single", "rtk"] = param("single", doc="single = metres, from the code; rtk = cm, with corrections")
    constellations: tuple[str, ...] = param(("gps", "galileo"), doc="gps (27 satellites), galileo (24)")
    mask_deg: float = param(10.0, ge=0.0, le=60.0, doc="satellites below this elevation are not used")
    drift_m: float = param(0.8, ge=0.0, le=100.0, doc="deviation of a zenith range's slow error (air, orbit, clock)")
    drift_tau_s: float = param(300.0, gt=0.0, le=1e6, doc="its correlation time")
    code_noise_m: float = param(0.25, ge=0.0, le=100.0, doc="white noise of a range at the zenith")
    doppler_noise_m_s: float = param(0.03, ge=0.0, le=10.0, doc="white noise of a range rate at the zenith")
    rtk_drift_m: float = param(0.004, ge=0.0, le=1.0, doc="what corrections leave of the slow error")
    phase_noise_m: float = param(0.002, ge=0.0, le=0.1, doc="white noise of the carrier phase at the zenith")
    reflection_db: float = param(8.0, ge=0.0, le=60.0, doc="what a signal loses at a wall")
    reflection_range_m: float = param(150.0, ge=0.0, le=1000.0, doc="how far off walls reflect; 0 = no multipath")
    exclusion: float = param(4.0, gt=0.0, doc="a satellite whose residual is more sigmas than this is left out")
    near_m: float = param(0.3, ge=0.0, le=10.0, doc="surfaces nearer than this (the antenna's own mount) are ignored")
    jamming: tuple[Jamming, ...] = param((), doc="stretches in which a transmitter drowns the satellites")
    spoofing: tuple[Spoofing, ...] = param((), doc="stretches in which false signals drag the position away")
    noise: bool = param(True, doc="false = the ideal signal alone")

    def __post_init__(self) -> None:
        unknown = sorted(set(self.outputs) - set(_OUTPUTS))
        if unknown:
            raise ValueError(f"a gnss has no output {unknown[0]!r}; it has {', '.join(_OUTPUTS)}")
        if self.mount.path is not None:
            raise ValueError("an antenna moves with what carries it: mount gnss on an entity, not on a path")
        wrong = sorted(set(self.constellations) - {"gps", "galileo"})
        if wrong or not self.constellations:
            raise ValueError(f"constellations are gps, galileo or both, not {', '.join(wrong) or 'none'}")

    def extent_ns(self) -> tuple[int, int]:
        """The millisecond on either side over which the velocity is taken."""
        return _AROUND_NS, _AROUND_NS

    @property
    def body_from_sensor(self) -> F8:
        """The antenna's frame is its body's."""
        return IDENTITY_QUATERNION

    def calibration(self) -> dict[str, Any]:
        """How far to trust it."""
        return {"mode": self.mode, "mask_deg": self.mask_deg, "constellations": list(self.constellations)}

    def silence(self, frame: Frame) -> Frame:
        """No position, no satellites."""
        assert isinstance(frame, GnssFrame)
        table = None if frame.satellites is None else empty_table(Satellites)
        return _without_fix(frame).replace(status=STATUS_DROPPED, satellites=table)

    def capture(self, shot: Shot) -> Frame:
        """One position."""
        ideal = self._true(shot)
        out = self._measured(ideal, shot) if self.noise else ideal
        return out.replace(ideal=ideal) if "ideal" in self.outputs else out

    def _true(self, shot: Shot) -> GnssFrame:
        """The position as it is."""
        antenna, quaternion = shot.track.at(shot.time_ns)
        ahead, behind = (shot.track.at(shot.time_ns + side)[0] for side in (_AROUND_NS, -_AROUND_NS))
        return GnssFrame(
            time_ns=shot.time_ns,
            stamp_ns=shot.time_ns,
            world_from_sensor=pose_matrix(antenna, quaternion),
            geodetic=shot.surroundings.place.geodetic_of(antenna),
            position=antenna,
            velocity=(ahead - behind) / (2e-9 * _AROUND_NS),
            covariance=np.zeros((3, 3)),
            fix=np.array([FIX_RTK], np.uint8),
            used=np.zeros(1, np.uint8),
            dop=np.zeros(3, np.float32),
        )

    def _measured(self, true: GnssFrame, shot: Shot) -> GnssFrame:
        """The position that a receiver computes from its signals, by the best way that is open to it."""
        antenna, mask = true.position, math.radians(self.mask_deg)
        sky = sky_at(shot.surroundings.place, antenna, 1e-9 * shot.time_ns, self.constellations).above(mask)
        sight = look(shot.view, shot.time_ns, antenna, sky.toward, self.near_m, self.reflection_range_m)
        signals = receive(sky, sight, true.velocity, self.reflection_db, jammed_db(self.jamming, shot.time_ns))
        rate_error = self.doppler_noise_m_s * signals.weakness * self._draws("doppler", signals, shot)
        for way in self._ways(signals, shot):
            found, kept = solve_excluding(
                sky.toward, way.error, rate_error + signals.rate_bias, way.sigma, way.usable, self.exclusion
            )
            if found is not None and found.dop[2] < way.worst_dop and kept.sum() >= way.fewest:
                dragged = dragged_m(self.spoofing, shot.time_ns)
                frame = _fixed(true, found, way.fix, int(kept.sum()), shot, dragged)
                return self._with_table(frame, signals, kept, way.error)
        none = np.zeros(len(sky.id), bool)
        return self._with_table(_without_fix(true), signals, none, np.zeros(len(none)))

    def _ways(self, signals: Signals, shot: Shot) -> list[_Way]:
        """Kinds of fix that the mode allows, best first."""
        white = signals.weakness * self._draws("code", signals, shot)
        slow, direct = self._slow(signals, shot), signals.tracked & signals.sight.clear
        code_sigma = np.hypot(self.code_noise_m * signals.weakness, _DOUBT_M_DB * signals.missing_db)
        oblique = obliquity(signals.sky.elevation)
        single = _Way(
            fix=FIX_SINGLE,
            usable=signals.tracked,
            error=self.code_noise_m * white + self.drift_m * oblique * slow + signals.detour,
            sigma=np.maximum(np.hypot(code_sigma, self.drift_m * oblique), 1e-3),
        )
        if self.mode == "single":
            return [single]
        left = self.rtk_drift_m * slow
        fixed = _Way(
            fix=FIX_RTK,
            usable=direct,
            error=self.phase_noise_m * white + left + signals.phase_bias,
            sigma=np.maximum(np.hypot(self.phase_noise_m * signals.weakness, self.rtk_drift_m), 1e-4),
            fewest=_RTK_FEWEST,
            worst_dop=_RTK_WORST_DOP,
        )
        floating = _Way(
            fix=FIX_FLOAT,
            usable=direct,
            error=self.code_noise_m * white + left + signals.code_bias,
            sigma=np.maximum(np.hypot(code_sigma, self.rtk_drift_m), 1e-3),
        )
        return [fixed, floating, single]

    def _slow(self, signals: Signals, shot: Shot) -> F8:
        """The Gauss-Markov state of each satellite, deviation 1, (S,)."""
        phi = math.exp(-1.0 / (self.rate_hz * self.drift_tau_s))
        names = ("gnss", self.name, "drift")
        state = gauss_markov_row(shot.surroundings.seed, names, shot.index, _IDENTITIES, phi, 1.0)
        return np.asarray(state[signals.sky.id])

    def _draws(self, purpose: str, signals: Signals, shot: Shot) -> F8:
        """A normal for each satellite, which belongs to its identity and the frame, (S,)."""
        drawn = stream(shot.surroundings.seed, "gnss", self.name, purpose, shot.index).standard_normal(_IDENTITIES)
        return np.asarray(drawn[signals.sky.id])

    def _with_table(self, frame: GnssFrame, signals: Signals, used: Bool, error: F8) -> GnssFrame:
        wanted = "satellites" in self.outputs
        return frame.replace(satellites=table_of(signals, used, error)) if wanted else frame


@dataclass(frozen=True, kw_only=True)
class _Way:
    """A kind of fix: which satellites it can use, how their ranges err, and what they are taken for; (S,)."""

    fix: int
    usable: Bool
    error: F8
    sigma: F8
    fewest: int = 4
    worst_dop: float = math.inf


def _fixed(true: GnssFrame, found: Solution, fix: int, used: int, shot: Shot, dragged: tuple[F8, F8]) -> GnssFrame:
    """The fix, moved by what spoofing makes of it: a position and a velocity."""
    position = true.position + found.error + dragged[0]
    return true.replace(
        geodetic=shot.surroundings.place.geodetic_of(position),
        position=position,
        velocity=true.velocity + found.velocity_error + dragged[1],
        covariance=found.covariance,
        fix=np.array([fix], np.uint8),
        used=np.array([used], np.uint8),
        dop=np.array(found.dop, np.float32),
    )


def _without_fix(frame: GnssFrame) -> GnssFrame:
    zero = np.zeros(3)
    return frame.replace(
        geodetic=zero,
        position=zero,
        velocity=zero,
        covariance=np.zeros((3, 3)),
        fix=np.array([FIX_NONE], np.uint8),
        used=np.zeros(1, np.uint8),
        dop=np.zeros(3, np.float32),
    )


__all__ = ["Gnss"]
