"""An inertial measurement unit: three gyroscopes and three accelerometers."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import asdict, dataclass, field
from typing import Any, Final

import numpy as np

from simgen.geometry import IDENTITY_QUATERNION, pose_matrix
from simgen.records.base import F8, I8
from simgen.records.frames import STATUS_DROPPED, Frame
from simgen.records.navigation import ImuFrame
from simgen.records.surroundings import Run
from simgen.registry import param, register
from simgen.rng import stream
from simgen.sensors._drift import random_walk, white_noise
from simgen.sensors._imu_device import ImuDevice, Triad, imu_of, load_imu
from simgen.sensors._inertial import felt
from simgen.sensors._samples import Samples
from simgen.sensors.base import SeriesSensor

_OUTPUTS: Final = ("ideal",)


@register("sensor", "imu")
@dataclass(frozen=True, kw_only=True)
class Imu(SeriesSensor):
    """Specific force and angular rate in the sensor's axes, with the errors of a named unit.

    Ideal: ``f = R' (a - g)`` and the turning rate, of the mounted point itself (the lever arm is its path's), from the
    steps of the trajectory: second differences seen through a triangle of two physics steps, step rotations through a
    box of one, then a Gaussian window of ``bandwidth_hz``. At rest it reads +9.81 m/s2 upwards, in free fall 0.

    Errors (Kalibr's model; Furgale, Rehder and Siegwart 2013): per sample, white noise of ``sigma / sqrt(dt)`` and a
    step of the bias of ``sigma_b sqrt(dt)``, so the Allan deviation is ``sigma / sqrt(tau)`` and
    ``sigma_b sqrt(tau / 3)``; a bias, a scale and misalignments drawn once a sequence; quantisation and saturation.
    """

    model: str = param("adis16448", doc="catalogue name (adis16448, bmi160, hg4930) or path of a unit's YAML file")
    rate_hz: float = param(200.0, gt=0.0, le=10000.0, doc="samples a second")
    gyro: Triad = field(default_factory=Triad, metadata={"doc": "errors of the gyroscopes, rad/s; the model's if null"})
    accel: Triad = field(default_factory=Triad, metadata={"doc": "of the accelerometers, m/s2; the model's if null"})
    bandwidth_hz: float | None = param(None, gt=0.0, le=1e5, doc="low-pass of both, -3 dB; the model's if null")
    gravity_m_s2: float | None = param(
        9.81, ge=0.0, le=100.0, doc="the physics' by default; null = WGS84's at the origin's latitude and height"
    )
    earth_rotation: bool = param(False, doc="whether the gyroscopes feel the Earth turn (15 deg/h)")
    noise: bool = param(True, doc="false = the ideal signal alone")

    def __post_init__(self) -> None:
        imu_of(self.model)
        unknown = sorted(set(self.outputs) - set(_OUTPUTS))
        if unknown:
            raise ValueError(f"an imu has no output {unknown[0]!r}; it has {', '.join(_OUTPUTS)}")
        if self.mount.path is not None:
            raise ValueError("an imu moves with what carries it: mount it on an entity, not on a path")

    @property
    def device(self) -> ImuDevice:
        """The unit, with what this configuration changes."""
        base = load_imu(self.model)
        return ImuDevice(
            name=base.name,
            bandwidth_hz=self.bandwidth_hz or base.bandwidth_hz,
            gyro=self.gyro.over(base.gyro),
            accel=self.accel.over(base.accel),
        )

    @property
    def body_from_sensor(self) -> F8:
        """An IMU's frame is its body's: x forward, y left, z up."""
        return IDENTITY_QUATERNION

    def calibration(self) -> dict[str, Any]:
        """The declared errors, as filters want them."""
        device = self.device
        return {
            "rate_hz": self.rate_hz,
            "bandwidth_hz": device.bandwidth_hz,
            "gravity_m_s2": self.gravity_m_s2,
            "gyro": asdict(device.gyro),
            "accel": asdict(device.accel),
        }

    def silence(self, frame: Frame) -> Frame:
        """Nothing measured; the biases go on."""
        return frame.replace(status=STATUS_DROPPED, angular_velocity=np.zeros(3), linear_acceleration=np.zeros(3))

    def record(self, run: Run) -> Sequence[Frame]:
        """Every sample of the sequence."""
        gravity = run.place.gravity_m_s2 if self.gravity_m_s2 is None else self.gravity_m_s2
        turning = run.place.earth_rate if self.earth_rotation else np.zeros(3)
        force, rate = felt(run.track, run.time_ns, gravity, turning, self.device.bandwidth_hz)
        pose = pose_matrix(*run.track.at(run.time_ns))
        ideal = _samples(run.time_ns, pose, rate, force)
        if not self.noise:
            return ideal.twinned(ideal) if "ideal" in self.outputs else ideal
        gyro, gyro_bias = disturbed(rate, self.device.gyro, self.rate_hz, run.seed, self.name, "gyro")
        accel, accel_bias = disturbed(force, self.device.accel, self.rate_hz, run.seed, self.name, "accel")
        noisy = _samples(run.time_ns, pose, gyro, accel, gyro_bias=gyro_bias, accel_bias=accel_bias)
        return noisy.twinned(ideal) if "ideal" in self.outputs else noisy


def disturbed(true: F8, triad: Triad, rate_hz: float, seed: int, name: str, part: str) -> tuple[F8, F8]:
    """What a triad reports of true values (N, 3), and the bias in it (N, 3)."""
    e = {key: float(value) for key, value in asdict(triad).items()}
    names = ("imu", name, part)
    draws = stream(seed, *names, "turn on").standard_normal(12)
    bias = e["turn_on_bias"] * draws[:3] + random_walk(seed, names, len(true), rate_hz, e["random_walk"])
    x, y, z = true.T
    lean = math.radians(e["misalignment_deg"]) * draws[6:]
    turned = np.stack([lean[0] * y + lean[1] * z, lean[2] * x + lean[3] * z, lean[4] * x + lean[5] * y], axis=-1)
    out = true * (1.0 + e["scale_factor"] * draws[3:6]) + turned + bias
    out += white_noise(seed, names, len(true), rate_hz, e["noise_density"])
    if e["resolution"] > 0.0:
        out = np.round(out / e["resolution"]) * e["resolution"]
    return np.clip(out, -e["range"], e["range"]), bias


def _samples(time_ns: I8, pose: F8, rate: F8, force: F8, **biases: F8) -> Samples:
    columns = {"world_from_sensor": pose, "angular_velocity": rate, "linear_acceleration": force, **biases}
    return Samples(ImuFrame, time_ns, columns)


__all__ = ["Imu", "disturbed"]
