"""Lidar: every firing at its own instant, the range equation, echoes of beams that have a width, noise and weather."""

from __future__ import annotations

import math
from dataclasses import dataclass, replace
from typing import Any, Final

from simgen.geometry import F8, IDENTITY_QUATERNION, pose_matrix
from simgen.kernels.lidar_tables import MOST_RAYS
from simgen.records.base import empty_table
from simgen.records.frames import STATUS_DROPPED, Frame, LidarFrame, LidarPoints
from simgen.records.surroundings import Shot
from simgen.registry import param, register, suggest
from simgen.sensors._lidar_device import LidarDevice, device_of, load_device
from simgen.sensors._lidar_sweep import Setup, Turn, take_sweep
from simgen.sensors._lidar_window import LidarWindow
from simgen.sensors.base import Sensor
from simgen.units import seconds_to_ns

_OUTPUTS: Final = ("range_image", "deskewed", "reflectivity", "ideal", "twin")
_RETURNS: Final = ("strongest", "last", "first")


@register("sensor", "lidar")
@dataclass(frozen=True, kw_only=True)
class Lidar(Sensor):
    """A lidar of a known model.

    Power, in units of a white wall at 1 m: ``P = (rho cos(theta) + gloss + 100 retro) exp(-2 alpha R) xi(R) / R^2``
    (LISA, Kilic et al. 2021; xi is the overlap of beam and view, Rasshofer et al. 2011; gloss is the GGX lobe). The
    threshold is the power of a 10 % wall at the datasheet's range. Receiver noise is added before it (in full sun a
    fifth of the threshold; its variance falls with the light), so returns thin out smoothly. Range noise:
    ``sigma^2 = floor^2 + (0.09 m)^2 / (2 P/P_min)``. Intensity is the calibrated reflectance: power with 1/R^2 and xi
    taken out. With several ``beam_rays`` the beam has a width: its rays' pulses add up to a waveform whose peaks are
    the echoes (as in HELIOS++, Winiwarter et al. 2022). Panes and mirrors are followed; fog and drops have echoes of
    their own. A frame's ``time_ns`` is the middle of the turn, and with the default start the rotor then looks forward.
    ``xyz`` is where the beam starts plus range times direction, in the sensor frame at the point's own time.
    """

    model: str = param("hdl-64e", doc="catalogue name (simgen list lidar) or path of a device's YAML file")
    rate_hz: float = param(10.0, gt=0.0, le=100.0, doc="turns or frames a second")
    start_azimuth_deg: float = param(180.0, ge=-360.0, le=360.0, doc="where a turn starts; 0 = forward, 90 = left")
    returns: tuple[str, ...] = param(("strongest",), doc="echoes that a firing returns: strongest, last, first")
    beam_rays: int | None = param(
        None, ge=1, le=MOST_RAYS, doc="rays that share a beam's width; 1 for one return, 8 for several if null"
    )
    min_range_m: float | None = param(None, ge=0.0, doc="nearer surfaces give no return; the device's if null")
    range_noise_m: float | None = param(None, ge=0.0, doc="fixed sigma of the range; from the signal if null")
    noise: bool = param(True, doc="false = the ideal signal: no noise, no quantisation, a sharp threshold")
    sunlight_klx: float | None = param(
        None, ge=0.0, le=150.0, doc="light on the ground that adds to the noise; the scene's if null"
    )
    blooming: float = param(
        2e-5, ge=0.0, le=0.1, doc="share of a retro-reflector's light that strays into a beam one degree aside"
    )
    drop_probability: float = param(0.0, ge=0.0, le=1.0, doc="share of returns that are lost at random")
    dead_rings: tuple[int, ...] = param((), doc="lasers that never return anything, by ring")
    packet_loss: float = param(0.0, ge=0.0, le=1.0, doc="share of packets that the network loses")
    packet_columns: int = param(12, ge=1, le=4096, doc="columns of firings in a packet")
    crosstalk: float = param(0.0, ge=0.0, le=1.0, doc="share of firings that catch another lidar's pulse")
    faults_from_s: float = param(
        0.0, ge=0.0, doc="when dead rings, lost packets and returns, crosstalk and folded ranges begin"
    )
    window: LidarWindow | None = param(None, doc="what is on the device's window; none = it stays clean")
    fold_range_m: float | None = param(
        None, gt=0.0, doc="echoes from farther arrive after the next pulse and seem this much nearer; never if null"
    )

    def __post_init__(self) -> None:
        device = device_of(self.model)
        device.check_use(
            rate_hz=self.rate_hz,
            outputs=self.outputs,
            start_azimuth_deg=self.start_azimuth_deg,
            returns=len(self.returns),
            model=self.model,
        )
        if self.min_range_m is not None and self.min_range_m >= device.max_range_m:
            raise ValueError(f"min_range_m must be less than the device's range of {device.max_range_m:g} m")
        unknown = sorted(set(self.outputs) - {"points", *_OUTPUTS})
        if unknown:
            raise ValueError(f"a lidar has no output {unknown[0]!r}; it has {', '.join(_OUTPUTS)}")
        self._check_returns()
        outside = [ring for ring in self.dead_rings if not 0 <= ring < device.lasers]
        if outside:
            raise ValueError(f"dead_rings: {self.model} has rings 0 to {device.lasers - 1}, not {outside[0]}")
        if self.fold_range_m is not None and self.fold_range_m < device.max_range_m / 2.0:
            raise ValueError(f"fold_range_m must be at least half the device's range of {device.max_range_m:g} m")

    def _check_returns(self) -> None:
        if not self.returns:
            raise ValueError("returns must name one echo at least: strongest, last, first")
        for name in self.returns:
            if name not in _RETURNS:
                raise ValueError(f"there is no return {name!r}{suggest(name, _RETURNS)}")
        if len(set(self.returns)) != len(self.returns):
            raise ValueError("returns names an echo twice")

    @property
    def device(self) -> LidarDevice:
        """The device's data."""
        return load_device(self.model)

    @property
    def turn(self) -> Turn:
        """One turn of the device."""
        return Turn(device=self.device, rate_hz=self.rate_hz, start_azimuth=math.radians(self.start_azimuth_deg))

    @property
    def rays_per_beam(self) -> int:
        """How many rays share a beam."""
        from simgen.sensors._lidar_receiver import SEVERAL

        return self.beam_rays or (1 if len(self.returns) == 1 else SEVERAL)

    @property
    def needs_course(self) -> bool:
        """What is on the window has come there on the way."""
        return self.window is not None

    def extent_ns(self) -> tuple[int, int]:
        """Half a turn on either side of the frame's instant."""
        return self.turn.half_ns, self.turn.half_ns

    @property
    def body_from_sensor(self) -> F8:
        """A lidar's frame is its body's: x forward, y left, z up."""
        return IDENTITY_QUATERNION

    def silence(self, frame: Frame) -> Frame:
        """No points; the ideal signal stays."""
        assert isinstance(frame, LidarFrame)
        image = None if frame.range_image is None else frame.range_image * 0.0
        return super().silence(frame).replace(range_image=image)

    def capture(self, shot: Shot) -> LidarFrame:
        """One turn around ``shot.time_ns``; an empty one if the device is silent then."""
        if self.dropped(shot.time_ns) and "ideal" not in self.outputs:
            return self._frame(shot, empty_table(LidarPoints), None).replace(status=STATUS_DROPPED)
        now = self if shot.time_ns >= seconds_to_ns(self.faults_from_s) else self._faultless()
        frame = self._frame(shot, *now._measured(shot))
        if "ideal" not in self.outputs:
            return frame
        kept = tuple(name for name in self.outputs if name != "ideal")
        twin = replace(self._faultless(), noise=False, blooming=0.0, window=None, outputs=kept)
        return frame.replace(ideal=twin._frame(shot, *twin._measured(shot)))

    def _faultless(self) -> Lidar:
        """The same device without its faults."""
        perfect: dict[str, Any] = {"dead_rings": (), "packet_loss": 0.0, "crosstalk": 0.0, "drop_probability": 0.0}
        return replace(self, fold_range_m=None, faults_from_s=0.0, **perfect)

    def _measured(self, shot: Shot) -> tuple[LidarPoints, Any]:
        from simgen.sensors._lidar_air import varied_air
        from simgen.sensors._lidar_extra import with_extras
        from simgen.sensors._lidar_receiver import alarm_chance, cone_of, lost_firings, receiver_of
        from simgen.sensors._lidar_swarm import swarm_of

        around, device = shot.surroundings, self.device
        receiver = receiver_of(self, shot)
        air, swarm = swarm_of(device, around, receiver.near)
        setup = Setup(
            turn=self.turn,
            receiver=receiver,
            air=air,
            swarm=swarm,
            cone=cone_of(*device.divergence_hv_rad, self.rays_per_beam),
            alarm=alarm_chance(receiver) if self.noise else 0.0,
            crosstalk=self.crosstalk,
            blooming=self.blooming if self.noise else 0.0,
            lost=lost_firings(self, device, self.turn.columns, around.seed, shot.index),
            window=self._dimmed(shot),
            **varied_air(device, around, shot.view.motion.origin),
        )
        points, image = take_sweep(setup, shot, image="range_image" in self.outputs)
        return with_extras(points, self.outputs, shot, device.reflectance_white), image

    def _dimmed(self, shot: Shot) -> Any:
        """What the window lets through."""
        if self.window is None:
            return None
        # loaded and compiled for those lidars alone
        from simgen.sensors._lidar_grime import window_share

        return window_share(self, shot)

    def _frame(self, shot: Shot, points: LidarPoints, image: Any) -> LidarFrame:
        pose = pose_matrix(*shot.track.at(shot.time_ns))
        return LidarFrame(
            time_ns=shot.time_ns, stamp_ns=shot.time_ns, world_from_sensor=pose, points=points, range_image=image
        )
