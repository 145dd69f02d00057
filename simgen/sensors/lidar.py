"""Rotating lidar: every firing at its own instant, the range equation, noise and weather."""

from __future__ import annotations

import math
from dataclasses import dataclass
from statistics import NormalDist
from typing import Final

import numpy as np

from simgen.geometry import F8, IDENTITY_QUATERNION, pose_matrix
from simgen.kernels.lidar_tables import NOISE_SHARE, Receiver
from simgen.records.base import empty_table
from simgen.records.frames import STATUS_DROPPED, Frame, LidarFrame, LidarPoints
from simgen.records.surroundings import Shot
from simgen.registry import param, register
from simgen.rng import stream_key
from simgen.sensors._lidar_air import air_tables, threshold_power
from simgen.sensors._lidar_device import LidarDevice, load_device
from simgen.sensors._lidar_sweep import Turn, take_sweep
from simgen.sensors.base import Sensor

_OUTPUTS: Final = ("range_image",)
#: a datasheet's +- accuracy covers 95 % of returns: 1.96 sigma
_SIGMAS: Final = 1.96


@register("sensor", "lidar")
@dataclass(frozen=True, kw_only=True)
class Lidar(Sensor):
    """A rotating lidar of a known model.

    Power, in units of a white wall at 1 m: ``P = (rho cos(theta) + 100 retro) exp(-2 alpha R) xi(R) / R^2`` (LISA,
    Kilic et al. 2021; xi is the overlap of beam and view, Rasshofer et al. 2011). The threshold is the power of a 10 %
    wall at the datasheet's range. Receiver noise of a fifth of the threshold is added before it, so returns thin out
    smoothly. Range noise: ``sigma^2 = floor^2 + (0.09 m)^2 / (2 P/P_min)``. Intensity is the calibrated reflectance:
    power with 1/R^2 and xi taken out. Where the echo of fog or of a drop beats the surface's, it is the return.
    A frame's ``time_ns`` is the middle of the turn, and with the default start the rotor then looks forward.
    ``xyz`` is where the beam starts plus range times direction, in the sensor frame at the point's own time.
    """

    model: str = param("hdl-64e", doc="catalogue name (hdl-64e, os1-128, vlp-16) or path of a device's TOML file")
    rate_hz: float = param(10.0, gt=0.0, le=100.0, doc="turns a second")
    start_azimuth_deg: float = param(180.0, ge=-360.0, le=360.0, doc="where a turn starts; 0 = forward, 90 = left")
    min_range_m: float | None = param(None, ge=0.0, doc="nearer surfaces give no return; the device's if null")
    range_noise_m: float | None = param(None, ge=0.0, doc="fixed sigma of the range; from the signal if null")
    drop_probability: float = param(0.0, ge=0.0, le=1.0, doc="share of returns that are lost at random")
    noise: bool = param(True, doc="false = the ideal signal: no noise, no quantisation, a sharp threshold")

    def __post_init__(self) -> None:
        device = load_device(self.model)
        slow, fast = device.rate_hz
        if not slow <= self.rate_hz <= fast:
            raise ValueError(f"{self.model} turns at {slow:g} to {fast:g} Hz, so rate_hz cannot be {self.rate_hz:g}")
        if self.min_range_m is not None and self.min_range_m >= device.max_range_m:
            raise ValueError(f"min_range_m must be less than the device's range of {device.max_range_m:g} m")
        unknown = sorted(set(self.outputs) - {"points", *_OUTPUTS})
        if unknown:
            raise ValueError(f"a lidar has no output {unknown[0]!r}; it has {', '.join(_OUTPUTS)}")

    @property
    def device(self) -> LidarDevice:
        """The device's data."""
        return load_device(self.model)

    @property
    def turn(self) -> Turn:
        """One turn of the device."""
        return Turn(device=self.device, rate_hz=self.rate_hz, start_azimuth=math.radians(self.start_azimuth_deg))

    def extent_ns(self) -> tuple[int, int]:
        """Half a turn on either side of the frame's instant."""
        return self.turn.half_ns, self.turn.half_ns

    @property
    def body_from_sensor(self) -> F8:
        """A lidar's frame is its body's: x forward, y left, z up."""
        return IDENTITY_QUATERNION

    def capture(self, shot: Shot) -> Frame:
        """One turn around ``shot.time_ns``; an empty one if the device is silent then."""
        pose = pose_matrix(*shot.track.at(shot.time_ns))
        if self.dropped(shot.time_ns):
            return LidarFrame(
                time_ns=shot.time_ns,
                stamp_ns=shot.time_ns,
                status=STATUS_DROPPED,
                world_from_sensor=pose,
                points=empty_table(LidarPoints),
            )
        around = shot.surroundings
        receiver = self._receiver(stream_key(around.seed, "lidar", self.name, shot.index))
        air = air_tables(self.device, around.medium, around.particles, receiver.near)
        points, image = take_sweep(self.turn, shot, receiver, air, image="range_image" in self.outputs)
        return LidarFrame(
            time_ns=shot.time_ns, stamp_ns=shot.time_ns, world_from_sensor=pose, points=points, range_image=image
        )

    def _receiver(self, key: int) -> Receiver:
        device = self.device
        return Receiver(
            threshold=threshold_power(device),
            half=1.0 - NOISE_SHARE * NormalDist().inv_cdf(device.probability_there),
            near=device.min_range_m if self.min_range_m is None else self.min_range_m,
            far=device.max_range_m,
            overlap_near=device.overlap_m[0],
            overlap_far=device.overlap_m[1],
            range_floor=device.accuracy_m / _SIGMAS,
            range_noise=-1.0 if self.range_noise_m is None else self.range_noise_m,
            range_step=device.resolution_m,
            reflectance_step=device.reflectance_step,
            drop_probability=self.drop_probability,
            noise=self.noise,
            key=np.uint64(key),  # type: ignore[arg-type]  # numba tells numpy's integers apart by size
        )
