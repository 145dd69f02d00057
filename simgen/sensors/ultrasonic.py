"""Ultrasonic ranger, such as a parking sensor."""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Final

import numpy as np

from simgen.geometry import F8, IDENTITY_QUATERNION, pose_matrix
from simgen.records.base import F4
from simgen.records.frames import STATUS_DROPPED, Frame
from simgen.records.surroundings import Shot
from simgen.records.ultrasonic import ECHO_FALSE, EchoFrame
from simgen.registry import param, register, suggest
from simgen.rng import stream
from simgen.sensors._ultrasonic_air import absorption_db_m, sound_speed
from simgen.sensors.base import Sensor

if TYPE_CHECKING:
    from simgen.sensors._ultrasonic_echo import Beam, Echo

_OUTPUTS: Final = ("envelope", "ideal")
#: the air in which ``wall_range_m`` holds
_STANDARD: Final = (20.0, 0.5)


@register("sensor", "ultrasonic")
@dataclass(frozen=True, kw_only=True)
class Ultrasonic(Sensor):
    """A cone of sound and the first echo above a threshold.

    Power from a wide wall falls with ``1 / (4 R^2)``, from a ball of radius a with ``a^2 / (4 R^2 (R + a)^2)``, from
    what scatters evenly with ``R^-4``; the air takes ``alpha(f, T, humidity)`` dB/m (ISO 9613-1), there and back. Most
    surfaces mirror a wave of 7 mm: a smooth wall that is tilted by more than the beam gives no echo. Speed of sound
    ``331.3 sqrt(1 + T / 273.15)`` m/s; the device assumes a temperature of its own, and errs where the air has another.
    The sensor looks along its body's x.
    """

    rate_hz: float = param(20.0, gt=0.0, le=100.0, doc="pings a second")
    opening_deg: tuple[float, float] = param(
        (60.0, 30.0), doc="full angle, horizontal and vertical, at which the pressure is half (-6 dB, one way)"
    )
    frequency_hz: float = param(48_000.0, ge=20_000.0, le=400_000.0, doc="of the sound")
    cycles: int = param(16, ge=1, le=256, doc="length of the pulse in periods")
    min_range_m: float = param(0.15, ge=0.0, doc="nearer echoes drown in the transducer's ringing")
    max_range_m: float = param(5.5, gt=0.0, le=50.0, doc="the device stops listening there")
    wall_range_m: float = param(
        6.0, gt=0.0, le=100.0, doc="how far a wide hard wall is just heard, 20 C, 50 % humidity: sets the threshold"
    )
    resolution_m: float = param(0.01, gt=0.0, le=1.0, doc="step of the reported range")
    noise_m: float = param(0.003, ge=0.0, le=1.0, doc="sigma of the range before its steps")
    threshold_noise: float = param(0.1, ge=0.0, le=1.0, doc="sigma of the receiver's noise as a share of the threshold")
    ground_rejection_db: float = param(15.0, ge=0.0, le=100.0, doc="how much the ground's own echo is suppressed")
    crosstalk: float = param(0.0, ge=0.0, le=1.0, doc="share of pings that hear another device's, at any range")
    miss: float = param(0.0, ge=0.0, le=1.0, doc="share of echoes that are lost at random")
    air_temperature_c: float = param(20.0, ge=-60.0, le=80.0, doc="of the air")
    assumed_temperature_c: float = param(20.0, ge=-60.0, le=80.0, doc="by which the device turns time into range")
    humidity: float = param(0.5, ge=0.0, le=1.0, doc="relative humidity of the air")
    rays: int = param(20_000, ge=100, le=1_000_000, doc="rays over the beam")
    noise: bool = param(True, doc="false = the ideal signal: no noise, no steps, no false echo, the right temperature")

    def __post_init__(self) -> None:
        if not all(0.5 <= angle <= 85.0 for angle in self.opening_deg):
            raise ValueError(f"opening_deg must be two angles from 0.5 to 85, not {self.opening_deg}")
        if self.min_range_m >= self.max_range_m:
            raise ValueError(
                f"min_range_m must be less than max_range_m ({self.max_range_m:g}), not {self.min_range_m:g}"
            )
        longest = sound_speed(self.air_temperature_c) / (2.0 * self.max_range_m)
        if self.rate_hz > longest:
            raise ValueError(
                f"an echo from max_range_m ({self.max_range_m:g} m) needs {1e3 / longest:.0f} ms, so rate_hz can be at "
                f"most {longest:.3g}, not {self.rate_hz:g}"
            )
        for wanted in self.outputs:
            if wanted not in (*_OUTPUTS, "range"):
                raise ValueError(f"an ultrasonic sensor has no output {wanted!r}{suggest(wanted, _OUTPUTS)}")

    def extent_ns(self) -> tuple[int, int]:
        """The world stands still for the length of a ping."""
        return 0, 0

    @property
    def body_from_sensor(self) -> F8:
        """The sensor looks along the body's x."""
        return IDENTITY_QUATERNION

    @property
    def pulse_m(self) -> float:
        """Half the length of the pulse: echoes nearer to each other melt into one."""
        return 0.5 * sound_speed(self.air_temperature_c) * self.cycles / self.frequency_hz

    @property
    def threshold(self) -> float:
        """Power of the echo of a wide hard wall straight on at ``wall_range_m``."""
        alpha = absorption_db_m(self.frequency_hz, *_STANDARD)
        return float(10.0 ** (-0.2 * alpha * self.wall_range_m) / (4.0 * self.wall_range_m**2))

    def calibration(self) -> dict[str, Any]:
        """The beam, and what turns time into range."""
        return {
            "opening_deg": list(self.opening_deg),
            "range_m": [self.min_range_m, self.max_range_m],
            "resolution_m": self.resolution_m,
            "pulse_m": self.pulse_m,
            "speed_m_s": sound_speed(self.air_temperature_c),
            "assumed_speed_m_s": sound_speed(self.assumed_temperature_c if self.noise else self.air_temperature_c),
            "threshold_amplitude": 2.0 * math.sqrt(self.threshold),
            "noise_m": self.noise_m if self.noise else 0.0,
        }

    def silence(self, frame: Frame) -> Frame:
        """No echo."""
        assert isinstance(frame, EchoFrame)
        none = _columns(math.inf, math.inf, 0.0, 0, 0, 0)
        envelope = None if frame.envelope is None else np.zeros_like(frame.envelope)
        inner = None if frame.ideal is None else self.silence(frame.ideal)
        return frame.replace(status=STATUS_DROPPED, ideal=inner, envelope=envelope, **none)

    def capture(self, shot: Shot) -> EchoFrame:
        """One ping."""
        from simgen.sensors._ultrasonic_echo import heard, ping

        back = ping(self._beam(), shot)
        power = heard(back, self.pulse_m, self.min_range_m, self.max_range_m)
        frame = self._frame(shot, back, power, noisy=self.noise)
        if "ideal" in self.outputs:
            frame = frame.replace(ideal=self._frame(shot, back, power, noisy=False).replace(envelope=None))
        return frame

    def _beam(self) -> Beam:
        from simgen.sensors._ultrasonic_echo import Beam

        width, height = self.opening_deg
        return Beam(
            opening_rad=(math.radians(width), math.radians(height)),
            rays=self.rays,
            max_range_m=self.max_range_m,
            absorption_db_m=absorption_db_m(self.frequency_hz, self.air_temperature_c, self.humidity),
            ground_rejection_db=self.ground_rejection_db,
        )

    def _frame(self, shot: Shot, back: Any, power: F8, *, noisy: bool) -> EchoFrame:
        from simgen.sensors._ultrasonic_echo import first_echo

        draw = stream(shot.surroundings.seed, "ultrasonic", self.name, shot.index)
        wander, error = draw.standard_normal(2) if noisy else (0.0, 0.0)
        lost, other, where = draw.random(3)
        # the threshold is one of pressure, whose square is the power
        level = self.threshold * max(1.0 + self.threshold_noise * wander, 0.05) ** 2
        echo = first_echo(back, power, level, self.pulse_m, self.min_range_m)
        columns = self._reported(echo, noisy, error) if not (noisy and lost < self.miss) else None
        if noisy and other < self.crosstalk:
            strange = self.min_range_m + where * (self.max_range_m - self.min_range_m)
            if columns is None or strange < columns["range"][0]:
                columns = _columns(
                    self._stepped(strange), self._flight(strange), 2.0 * math.sqrt(level), 0, 0, ECHO_FALSE
                )
        position, quaternion = shot.track.at(shot.time_ns)
        return EchoFrame(
            time_ns=shot.time_ns,
            stamp_ns=shot.time_ns,
            world_from_sensor=pose_matrix(position, quaternion),
            envelope=self._envelope(power) if "envelope" in self.outputs else None,
            **(columns or _columns(math.inf, math.inf, 0.0, 0, 0, 0)),
        )

    def _reported(self, echo: Echo, noisy: bool, error: float) -> dict[str, Any] | None:
        """An echo as the device says it; None if there is none."""
        if not math.isfinite(echo.range_m):
            return None
        flight, distance = self._flight(echo.range_m), echo.range_m
        if noisy:
            flight += 2.0 * self.noise_m * error / sound_speed(self.air_temperature_c)
            distance = self._stepped(0.5 * flight * sound_speed(self.assumed_temperature_c))
        return _columns(distance, flight, 2.0 * math.sqrt(echo.power), echo.semantic, echo.instance, 0)

    def _flight(self, distance: float) -> float:
        return 2.0 * distance / sound_speed(self.air_temperature_c)

    def _stepped(self, distance: float) -> float:
        return max(math.floor(distance / self.resolution_m + 0.5), 0) * self.resolution_m

    def _envelope(self, power: F8) -> F4:
        """Pressure in steps of the resolution: the loudest of each."""
        from simgen.sensors._ultrasonic_echo import BIN_M

        steps = math.ceil(self.max_range_m / self.resolution_m)
        place = np.minimum((np.arange(len(power)) + 0.5) * BIN_M / self.resolution_m, steps - 1).astype(np.int64)
        loudest = np.zeros(steps)
        np.maximum.at(loudest, place, power)
        return (2.0 * np.sqrt(loudest)).astype(np.float32)


def _columns(
    distance: float, flight: float, amplitude: float, semantic: int, instance: int, flags: int
) -> dict[str, Any]:
    f4 = np.float32
    return {
        "range": np.array([distance], f4),
        "time_of_flight": np.array([flight], f4),
        "amplitude": np.array([amplitude], f4),
        "semantic": np.array([semantic], np.uint16),
        "instance": np.array([instance], np.uint32),
        "flags": np.array([flags], np.uint8),
    }
