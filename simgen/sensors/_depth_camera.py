"""What stereo and structured-light cameras share: the imager, its exposure, the frame and its outputs."""

from __future__ import annotations

from abc import abstractmethod
from dataclasses import dataclass, replace
from functools import cached_property
from typing import TYPE_CHECKING, Any, ClassVar, Final

import numpy as np

from simgen.geometry import BODY_FROM_CAMERA, F8
from simgen.lens import Pinhole
from simgen.records.base import F4
from simgen.records.depth_frames import HOLE_SILENT, DepthFrame
from simgen.records.frames import STATUS_DROPPED, Frame
from simgen.records.surroundings import Shot
from simgen.registry import param, suggest
from simgen.rng import stream_key
from simgen.sensors._camera_tone import ev_of_white
from simgen.sensors._depth_device import DepthDevice, load_depth_device
from simgen.sensors.base import Sensor
from simgen.sensors.camera import Camera

if TYPE_CHECKING:
    from simgen.kernels.depth_match import Answer, Limits
    from simgen.sensors._depth_image import Exposed

ALWAYS: Final = ("depth", "depth_measured", "depth_z16", "hole", "semantic", "instance")


@dataclass(frozen=True, kw_only=True)
class DepthCamera(Sensor):
    """Base of depth cameras: an imager, and a second viewpoint (camera or projector) to its right.

    Abstract; each kind says how a match errs.
    """

    kind: ClassVar[str]
    #: what is stored if ``outputs`` asks for it
    optional: ClassVar[tuple[str, ...]] = ("rgb", "normal", "flow", "infrared", "depth_sigma", "ideal", "twin")

    width: int | None = param(None, ge=8, le=8192, doc="columns; the device's if absent")
    height: int | None = param(None, ge=8, le=8192, doc="rows; the device's if absent")
    hfov_deg: float | None = param(
        None, gt=0.0, lt=179.0, doc="angle of view from left to right; the device's if absent"
    )
    focal_px: float | None = param(None, gt=0.0, doc="focal length in pixels, instead of hfov_deg")
    cx_px: float | None = param(None, doc="principal point from the left edge; the middle if absent")
    cy_px: float | None = param(None, doc="principal point from the upper edge; the middle if absent")
    near_m: float = param(0.05, gt=0.0, doc="nothing nearer along the axis is seen")
    exposure_ev: float | None = param(None, ge=-10.0, le=24.0, doc="exposure of the colour picture; none = by itself")
    antialias: int = param(4, ge=0, le=16, doc="extra samples for pixels on an edge")
    baseline_m: float | None = param(None, gt=0.0, le=10.0, doc="to the second viewpoint; the device's if absent")
    min_range_m: float | None = param(None, ge=0.0, doc="nearer surfaces give no depth; the device's if absent")
    max_range_m: float | None = param(None, gt=0.0, doc="farther surfaces give no depth; the device's if absent")
    projector: bool = param(True, doc="whether the infra-red pattern is on")
    ambient_infrared: float = param(
        1.0, ge=0.0, le=100.0, doc="infra-red in the ambient light against daylight's: LED 0.05, incandescent 5"
    )
    imager_exposure_s: float | None = param(None, gt=0.0, le=1.0, doc="of the depth imager; none = from each frame")
    noise: bool = param(True, doc="false = the ideal signal: no noise, no steps, no doubtful matches")

    def __post_init__(self) -> None:
        device = self.device
        if self.hfov_deg is not None and self.focal_px is not None:
            raise ValueError("give hfov_deg or focal_px, not both")
        if self.rate_hz is not None and self.rate_hz > device.max_rate_hz:
            raise ValueError(
                f"{device.name} gives at most {device.max_rate_hz:g} frames a second, so rate_hz cannot be "
                f"{self.rate_hz:g}"
            )
        if self.range_m[0] >= self.range_m[1]:
            raise ValueError(f"min_range_m {self.range_m[0]:g} must be less than max_range_m {self.range_m[1]:g}")
        known = (*self.optional, *ALWAYS)
        for wanted in self.outputs:
            if wanted not in known:
                raise ValueError(f"this depth camera has no output {wanted!r}{suggest(wanted, known)}")
        if len(set(self.outputs)) != len(self.outputs):
            raise ValueError("outputs names something twice")
        self._imager()  # an impossible lens is refused here; nothing is kept, so that only fields are in the instance

    @property
    def _model(self) -> str:
        return str(getattr(self, "model", ""))

    @property
    def device(self) -> DepthDevice:
        """The device's data."""
        return load_depth_device(self._model, self.kind)

    @cached_property
    def imager(self) -> Camera:
        """The camera that the depth is aligned with: global shutter, no lens distortion (the device rectifies)."""
        return self._imager()

    def _imager(self) -> Camera:
        hfov = self.hfov_deg
        if hfov is None and self.focal_px is None:
            hfov = self.device.hfov_deg
        passed = tuple(name for name in ("flow",) if name in self.outputs)
        return Camera(
            name=self.name,
            width=self.width or self.device.width,
            height=self.height or self.device.height,
            hfov_deg=hfov,
            focal_px=self.focal_px,
            cx_px=self.cx_px,
            cy_px=self.cy_px,
            near_m=self.near_m,
            exposure_ev=self.exposure_ev,
            antialias=self.antialias,
            outputs=("linear", "normal", *passed),
        )

    @property
    def projection(self) -> Pinhole:
        """The intrinsics."""
        lens = self.imager.projection
        assert isinstance(lens, Pinhole)
        return lens

    @property
    def K(self) -> F8:  # noqa: N802 - the field's own name
        """Intrinsic matrix (3, 3); the centre of the first pixel is (0.5, 0.5)."""
        return self.projection.K

    @property
    def baseline(self) -> float:
        """Distance to the second viewpoint, m."""
        return self.device.baseline_m if self.baseline_m is None else self.baseline_m

    @property
    def range_m(self) -> tuple[float, float]:
        """Nearest and farthest depth that is delivered."""
        low = self.device.min_range_m if self.min_range_m is None else self.min_range_m
        return low, self.device.max_range_m if self.max_range_m is None else self.max_range_m

    def calibration(self) -> dict[str, Any]:
        """The imager's, and what turns disparities into depth."""
        return {
            **self.imager.calibration(),
            "device": self.device.name,
            "kind": self.kind,
            "baseline_m": self.baseline,
            "depth_unit_m": self.device.depth_unit_m,
            "disparity_step_px": self.device.disparity_step_px,
            "window_px": self.device.window_px,
            "range_m": list(self.range_m),
            "noise": self.noise,
        }

    def silence(self, frame: Frame) -> Frame:
        """No depth, black pictures; the labels of the moment stay."""
        assert isinstance(frame, DepthFrame)
        pictures = ("rgb", "infrared", "infrared_right", "depth_measured", "depth_z16", "depth_sigma")
        blank: dict[str, Any] = {name: np.zeros_like(a) for name, _, a in frame.arrays() if name in pictures}
        blank["hole"] = np.full_like(frame.hole, HOLE_SILENT)
        inner = None if frame.ideal is None else self.silence(frame.ideal)
        return frame.replace(status=STATUS_DROPPED, ideal=inner, **blank)

    @property
    def needs_next(self) -> bool:
        """Flow needs the next frame's world."""
        return "flow" in self.outputs

    def extent_ns(self) -> tuple[int, int]:
        """All pixels see the same instant."""
        return 0, 0

    @property
    def body_from_sensor(self) -> F8:
        """The imager looks along the body's x."""
        return BODY_FROM_CAMERA

    @abstractmethod
    def limits(self, *, noisy: bool) -> Limits:
        """What turns a disparity into a measurement."""

    @abstractmethod
    def measure(self, exposed: Exposed, limits: Limits, key: int) -> Answer:
        """Depth from what the imager recorded."""

    def capture(self, shot: Shot) -> DepthFrame:
        """Take one depth picture with its labels."""
        from simgen.sensors._depth_image import Exposed, picture
        from simgen.sensors._depth_view import look

        seed, index = shot.surroundings.seed, shot.index
        exposed = Exposed(self, look(self, shot, other_m=self.baseline), shot.surroundings.threads)
        answer = self.measure(exposed, self.limits(noisy=self.noise), stream_key(seed, "depth", self.name, index))
        frame, shape = exposed.seen.frame, (self.projection.height, self.projection.width)
        infrared = None
        if "infrared" in self.outputs:
            infrared = picture(exposed, stream_key(seed, "infrared", self.name, index), noisy=self.noise)
        found = DepthFrame(
            time_ns=frame.time_ns,
            stamp_ns=frame.stamp_ns,
            world_from_sensor=frame.world_from_sensor,
            K=frame.K,
            exposure=frame.exposure,
            exposure_time=np.array([exposed.exposure_s], np.float32),
            rgb=frame.rgb if "rgb" in self.outputs else None,
            depth=frame.depth,
            normal=frame.normal if "normal" in self.outputs else None,
            semantic=frame.semantic,
            instance=frame.instance,
            flow=frame.flow,
            flow_valid=frame.flow_valid,
            infrared=infrared,
            infrared_right=self.right_picture(shot, exposed),
            **self._delivered(answer, shape),
        )
        return found.replace(ideal=self._ideal(found, exposed)) if "ideal" in self.outputs else found

    def clear(self, shot: Shot, frame: Frame) -> DepthFrame:
        """The twin of a depth picture: colour and infra-red are exposed as there."""
        assert isinstance(frame, DepthFrame)
        assert frame.exposure_time is not None
        ev = ev_of_white(float(frame.exposure[0])) if self.exposure_ev is None else self.exposure_ev
        time_s = self.imager_exposure_s or float(frame.exposure_time[0])
        return replace(self, exposure_ev=ev, imager_exposure_s=time_s).capture(shot).replace(exposure=frame.exposure)

    def right_picture(self, shot: Shot, exposed: Exposed) -> Any:
        """The second imager's picture, if there is one and it is asked for."""
        return None

    def _delivered(self, answer: Answer, shape: tuple[int, int]) -> dict[str, Any]:
        sigma: F4 | None = answer.sigma.reshape(shape) if "depth_sigma" in self.outputs else None
        return {
            "depth_measured": answer.measured.reshape(shape),
            "depth_z16": answer.z16.reshape(shape),
            "hole": answer.hole.reshape(shape),
            "depth_sigma": sigma,
        }

    def _ideal(self, frame: DepthFrame, exposed: Exposed) -> DepthFrame:
        """What a device without noise, steps and doubt would deliver from the same place: hidden parts stay holes."""
        answer = self.measure(exposed, self.limits(noisy=False), 0)
        fields = self._delivered(answer, (self.projection.height, self.projection.width))
        return DepthFrame(
            time_ns=frame.time_ns,
            stamp_ns=frame.stamp_ns,
            world_from_sensor=frame.world_from_sensor,
            K=frame.K,
            exposure=frame.exposure,
            **{**fields, "depth_sigma": None},
        )
