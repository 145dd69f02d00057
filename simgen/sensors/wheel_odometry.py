"""Wheel odometry: where two encoders say that a vehicle went."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, Final

import numpy as np

from simgen.geometry import IDENTITY_QUATERNION, pose_matrix, quat_conjugate, quat_rotate
from simgen.records.base import F8, I8
from simgen.records.frames import STATUS_DROPPED, Frame
from simgen.records.navigation import OdometryFrame
from simgen.records.surroundings import Run
from simgen.registry import param, register
from simgen.rng import stream
from simgen.sensors._drift import normals
from simgen.sensors._samples import Samples
from simgen.sensors._wheels import (
    Steps,
    Unknowns,
    covariances,
    steps_from_ways,
    steps_of,
    thrown,
    walked,
    wheel_ways,
)
from simgen.sensors.base import SeriesSensor
from simgen.units import NS_PER_S

_OUTPUTS: Final = ("ideal",)


@register("sensor", "wheel_odometry")
@dataclass(frozen=True, kw_only=True)
class WheelOdometry(SeriesSensor):
    """Pose, speed and yaw rate from the encoders of a left and a right wheel (a car's rear wheels, a robot's drive).

    Between two samples the body drives an arc. Its way and its turns get the errors of the odometry motion model of
    Thrun, Burgard and Fox (2005, table 5.6), whose alphas are *variances* per square of the motion of one sample; so
    the spread over a way depends on the rate: alphas belong to a rate. The wheels roll that arc on radii and a track
    that differ from the nominal ones, slip by ``slip`` times the acceleration, and are counted in whole ticks.
    Pose, twist and wheel speeds come from the ticks with nominal numbers, as a controller computes them, and the
    covariance from all declared errors but slip. Mount it between the wheels, at the axle (a car's own origin).
    """

    rate_hz: float = param(50.0, gt=0.0, le=1000.0, doc="samples a second")
    wheel_radius_m: float = param(0.32, gt=0.0, le=5.0, doc="nominal radius of the wheels")
    track_m: float = param(1.55, gt=0.0, le=10.0, doc="nominal distance between the wheels")
    ticks_per_turn: int = param(8192, ge=1, le=10_000_000, doc="counts of an encoder in one turn of its wheel")
    alphas: tuple[float, float, float, float] = param(
        (1e-4, 1e-6, 1e-4, 1e-3), ge=0.0, le=1.0, doc="a1 (rad2/rad2), a2 (rad2/m2), a3 (m2/m2), a4 (m2/rad2)"
    )
    radius_error: float = param(0.005, ge=0.0, le=0.2, doc="deviation of both radii from the nominal one, a share")
    radius_difference: float = param(2e-4, ge=0.0, le=0.1, doc="deviation of the right radius from the left, a share")
    track_error: float = param(0.005, ge=0.0, le=0.2, doc="deviation of the track from the nominal one, a share")
    slip: float = param(0.002, ge=0.0, le=0.1, doc="share that the wheels turn too far per m/s2 of acceleration")
    noise: bool = param(True, doc="false = the ideal signal alone")

    def __post_init__(self) -> None:
        unknown = sorted(set(self.outputs) - set(_OUTPUTS))
        if unknown:
            raise ValueError(f"a wheel_odometry has no output {unknown[0]!r}; it has {', '.join(_OUTPUTS)}")
        if self.mount.path is not None:
            raise ValueError("wheels roll under what carries them: mount wheel_odometry on an entity, not on a path")

    @property
    def body_from_sensor(self) -> F8:
        """The frame of what carries it: x forward, y left, z up."""
        return IDENTITY_QUATERNION

    def calibration(self) -> dict[str, Any]:
        """The nominal numbers that turn ticks into ways."""
        return {
            "wheel_radius_m": self.wheel_radius_m,
            "track_m": self.track_m,
            "ticks_per_turn": self.ticks_per_turn,
            "rate_hz": self.rate_hz,
        }

    def silence(self, frame: Frame) -> Frame:
        """Nothing counted that anybody hears of; the wheels turn on, and so do the counts."""
        zero = {name: np.zeros_like(value) for name, _, value in frame.arrays() if name != "world_from_sensor"}
        return frame.replace(status=STATUS_DROPPED, **zero)

    def record(self, run: Run) -> Sequence[Frame]:
        """Every sample of the sequence."""
        before = run.time_ns[:1] - round(NS_PER_S / self.rate_hz)
        position, quaternion = run.track.at(np.concatenate([before, run.time_ns]))
        steps = steps_of(position, quaternion)
        pose = pose_matrix(position[1:], quaternion[1:])
        ideal = self._ideal(run.time_ns, pose, steps, _relative(position[1:], quaternion[1:], steps))
        out = self._measured(run, pose, steps) if self.noise else ideal
        return out.twinned(ideal) if "ideal" in self.outputs else out

    def _ideal(self, time_ns: I8, pose: F8, steps: Steps, true: F8) -> Samples:
        """The path as it is, counted by wheels that are as they should be."""
        rolled = wheel_ways(steps, self.track_m) / self.wheel_radius_m
        columns = {
            "world_from_sensor": pose,
            "pose": true,
            "twist": self.rate_hz * np.stack([steps.driven, steps.turned], axis=-1),
            "wheel_speed": self.rate_hz * rolled,
            "ticks": np.floor(_from_first(rolled) / self._tick_rad).astype(np.int64),
            "covariance": np.zeros((len(true), 3, 3)),
        }
        return Samples(OdometryFrame, time_ns, columns)

    def _measured(self, run: Run, pose: F8, steps: Steps) -> Samples:
        phase = stream(run.seed, "odometry", self.name, "phase").random(2)
        rolled = self._rolled(run, steps)
        total = _from_first(rolled) / self._tick_rad
        counts = np.floor(np.concatenate([total[:1] - rolled[:1] / self._tick_rad, total]) + phase).astype(np.int64)
        # the first step lies before the first sample: it shows in the speeds, not in the pose
        told = steps_from_ways(np.diff(counts, axis=0) * (self._tick_rad * self.wheel_radius_m), self.track_m)
        since = Steps(driven=_without_first(told.driven), turned=_without_first(told.turned))
        unknown = Unknowns(scale=self.radius_error, difference=self.radius_difference, track=self.track_error)
        tick_m = self._tick_rad * self.wheel_radius_m
        columns = {
            "world_from_sensor": pose,
            "pose": walked(since)[0],
            "twist": self.rate_hz * np.stack([told.driven, told.turned], axis=-1),
            "wheel_speed": self.rate_hz * self._tick_rad * np.diff(counts, axis=0),
            "ticks": counts[1:],
            "covariance": covariances(since, self.alphas, unknown, tick_m, self.track_m),
        }
        return Samples(OdometryFrame, run.time_ns, columns)

    def _rolled(self, run: Run, steps: Steps) -> F8:
        """How far the real wheels turn in each step, (N, 2), rad."""
        noisy = thrown(steps, self.alphas, normals(run.seed, ("odometry", self.name, "motion"), len(steps.driven), 3))
        scale, difference, track = stream(run.seed, "odometry", self.name, "build").standard_normal(3)
        radius = self.wheel_radius_m * (1.0 + self.radius_error * scale)
        apart = 0.5 * self.radius_difference * difference
        ways = wheel_ways(noisy, self.track_m * (1.0 + self.track_error * track))
        speed = self.rate_hz * steps.driven
        acceleration = self.rate_hz * np.diff(speed, prepend=speed[:1])
        slipped = ways * (1.0 + self.slip * acceleration)[:, None]
        return np.asarray(slipped / (radius * np.array([1.0 - apart, 1.0 + apart])))

    @property
    def _tick_rad(self) -> float:
        return 2.0 * math.pi / self.ticks_per_turn


def _relative(position: F8, quaternion: F8, steps: Steps) -> F8:
    """The true x, y and unwrapped yaw against the first pose, (N, 3)."""
    moved = quat_rotate(quat_conjugate(quaternion[:1]), position - position[:1])
    return np.concatenate([moved[:, :2], np.cumsum(_without_first(steps.turned))[:, None]], axis=-1)


def _from_first(per_step: F8) -> F8:
    """Running sums that are 0 at the first sample."""
    return np.cumsum(_without_first(per_step), axis=0)


def _without_first(values: F8) -> F8:
    out = values.copy()
    out[:1] = 0.0
    return out


__all__ = ["WheelOdometry"]
