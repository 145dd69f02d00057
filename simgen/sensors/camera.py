"""A camera with everything that can be known about its pixels."""

from __future__ import annotations

import math
from dataclasses import dataclass, field, fields, replace
from functools import cached_property
from typing import Any, Final, Self

import numpy as np
from numpy.typing import ArrayLike

from simgen.geometry import BODY_FROM_CAMERA
from simgen.lens import Projection
from simgen.records.base import F8, I8
from simgen.records.frames import STATUS_DROPPED, CameraFrame, Frame
from simgen.records.surroundings import Shot
from simgen.registry import param, register, suggest
from simgen.sensors._camera_exposure import Exposure, Memory
from simgen.sensors._camera_faults import Faults
from simgen.sensors._camera_imager import Imager
from simgen.sensors._camera_lens import Lens, lens_calibration
from simgen.sensors._camera_meter import LONGEST_S
from simgen.sensors._camera_optics import Optics
from simgen.sensors._front_glass import FrontGlass
from simgen.sensors.base import Sensor
from simgen.units import NS_PER_S

#: what is stored if ``outputs`` asks for it
OPTIONAL: Final = ("normal", "flow", "linear", "raw", "ideal", "transmittance", "twin", "glass")
#: side of a pixel where no imager says otherwise
DEFAULT_PIXEL_UM: Final = 3.0
#: blur of a lens before a colour mosaic where nothing says otherwise
MOSAIC_BLUR_PX: Final = 0.5
#: what is always stored; asking for it changes nothing
_ALWAYS: Final = ("rgb", "depth", "range", "semantic", "instance")
#: how long a shutter is open for flashes of lightning where the camera has none, s
_NO_SHUTTER_S: Final = 0.01
#: a picture of this size takes some 6 GB while it is made
_MOST_PIXELS: Final = 50_000_000


@register("sensor", "camera")
@dataclass(frozen=True, kw_only=True)
class Camera(Sensor):
    """A camera: colour, distance, class and instance of every pixel; normals, flow and radiance on request.

    A pinhole unless ``lens`` says otherwise: Brown-Conrady, Kannala-Brandt or equirectangular. A pinhole stores
    ``depth`` along its axis, every other lens ``range`` along the ray; what a lens does not see is black, unlabelled.

    Light: sun and lamps with shadows, sky by order-2 harmonics dimmed where something hides it, GGX reflections (Heitz
    2014, Schlick 1994), rays that mirrors and panes send on, Koschmieder's law in the air ``I = J t + A (1 - t)``,
    ``t = exp(-alpha d)``, with an airlight ``A`` for every direction; volumes and lamps in the air by a grid.
    Exposure after ISO 2720 and ISO 12232 (``EV100 = log2(L 100 / 12.5)``, white = ``1.2 * 2^EV100``), tone after
    Reinhard et al. 2002, sRGB.
    With ``readout_s`` the shutter rolls: row r is exposed at the frame's time + (r + 0.5 - H / 2) * readout / H.
    Every label is that of the pixel's centre; extra samples smooth the colour alone.
    """

    outputs: tuple[str, ...] = param(
        (),
        doc="to store as well: normal, flow, linear (radiance, cd/m2), raw (counts), ideal (no device's flaws), "
        "transmittance (of the air), twin (the same instant in clear air), glass (share of each pixel that what "
        "is on the lens leaves clear)",
    )
    model: str | None = param(None, doc="named camera, or the path of a camera file, whose values stand behind these")
    width: int = param(1280, ge=1, le=16384, doc="columns")
    height: int = param(720, ge=1, le=16384, doc="rows")
    hfov_deg: float | None = param(
        None,
        gt=0.0,
        le=360.0,
        doc="angle of view from left to right (80; fisheye 180, panorama 360) if focal_px is absent",
    )
    focal_px: float | None = param(
        None, gt=0.0, le=1e7, doc="focal length in pixels (a panorama's: pixels per rad), instead"
    )
    cx_px: float | None = param(None, ge=-1e6, le=1e6, doc="principal point from the left edge; the middle if absent")
    cy_px: float | None = param(None, ge=-1e6, le=1e6, doc="principal point from the upper edge; the middle if absent")
    lens: Lens = field(default_factory=Lens, metadata={"doc": "lens model and its coefficients; a pinhole if absent"})
    readout_s: float = param(0.0, ge=0.0, le=1.0, doc="time from the first row to the last; 0 = global shutter")
    exposure_ev: float | None = param(None, ge=-10.0, le=24.0, doc="exposure value at ISO 100; none = from each frame")
    optics: Optics = field(default_factory=Optics, metadata={"doc": "aperture, focus, and what the glass does"})
    exposure: Exposure = field(default_factory=Exposure, metadata={"doc": "time and sensitivity, or automatic"})
    imager: Imager | None = param(None, doc="pixels that count photons; none = an ideal picture")
    glass: FrontGlass | None = param(
        None, doc="pane that rain and melted snow meet: drops grow on it, run and are wiped; none = it stays clean"
    )
    faults: Faults = field(default_factory=Faults, metadata={"doc": "what is wrong with it"})
    antialias: int = param(4, ge=0, le=16, doc="extra samples for pixels on an edge")
    sky_rays: int = param(1, ge=0, le=1, doc="rays a pixel that find what hides the sky: soft contact shadows")
    reflections: int = param(
        2, ge=0, le=2, doc="how often rays go on from mirrors, wet or painted surfaces and through panes; 0 = never"
    )
    particles: bool = param(True, doc="draw drops and flakes that are near one by one; else they only veil")
    near_m: float = param(0.05, gt=0.0, le=1e4, doc="nothing nearer along the axis is seen")
    quality: str = param("fast", choices=("fast", "high"), doc="how light is found: by estimates, or by bouncing paths")
    samples: int = param(16, ge=1, le=4096, doc="paths a pixel, if quality is high; powers of two are most even")
    bounces: int = param(2, ge=0, le=64, doc="times that light may bounce on its way to what is seen, if high")
    denoise: bool = param(True, doc="smooth what noise is left, guided by surfaces, if high")

    def __post_init__(self) -> None:
        if self.model is not None:
            raise ValueError(
                "model is for scene files; in Python: simgen.scenario.cameras.expand.camera_of(model, ...)"
            )
        if self.hfov_deg is not None and self.focal_px is not None:
            raise ValueError("give hfov_deg or focal_px, not both")
        wrong = (None if self.focal_px else self.lens.fault(self.hfov_deg)) or self.projection.fault()
        if wrong is not None:
            raise ValueError(wrong)
        if self.exposure_ev is not None and self.exposure != Exposure():
            raise ValueError("give exposure_ev or exposure, not both")
        if self.width * self.height > _MOST_PIXELS:
            raise ValueError(
                f"{self.width} x {self.height} are {self.width * self.height / 1e6:.0f} million pixels, "
                f"more than the {_MOST_PIXELS / 1e6:.0f} million that a picture may have"
            )
        if self.glass is not None and self.lens.model == "equirectangular":
            raise ValueError("glass: a panorama is put together from several cameras and has no pane of its own")
        if "raw" in self.outputs and self.imager is None:
            raise ValueError("outputs: raw needs an imager, for instance imager: {}")
        if "twin" in self.outputs and self.faults.frozen is not None:
            raise ValueError("outputs: a camera that sends old pictures again (faults.frozen) has no twin")
        for wanted in self.outputs:
            if wanted not in (*OPTIONAL, *_ALWAYS):
                raise ValueError(f"a camera has no output {wanted!r}{suggest(wanted, (*OPTIONAL, *_ALWAYS))}")
        if len(set(self.outputs)) != len(self.outputs):
            raise ValueError("outputs names something twice")
        wrong = self._device_fault() or (None if self.rate_hz is None else self.rate_fault(self.rate_hz))
        if wrong is not None:
            raise ValueError(wrong)

    def _device_fault(self) -> str | None:
        """Why there is no such device, or None."""
        focal_m = self.projection.fx * self.pixel_um * 1e-6
        if self.optics.focus_m is not None and self.optics.focus_m <= focal_m:
            return f"optics.focus_m {self.optics.focus_m:g} lies within the focal length, {focal_m * 1e3:.3g} mm"
        dead = self.faults.dead
        if dead is not None and (dead.rows > self.height or dead.columns > self.width):
            lost = f"{dead.rows} rows and {dead.columns} columns"
            return f"faults.dead: {lost} cannot be dead in a picture of {self.height} rows and {self.width} columns"
        return None

    def rate_fault(self, rate_hz: float) -> str | None:
        """Exposure and readout end before the next frame begins."""
        for name, long_s in (("readout_s", self.readout_s), ("exposure.time_s", self.exposure.longest_s)):
            if long_s * rate_hz > 1.0:
                return f"{name} {long_s:g} is longer than a frame at {rate_hz:g} Hz: shorten it, or lower rate_hz"
        return None

    @property
    def is_ideal(self) -> bool:
        """Whether nothing happens to the light between the scene and the tone curve."""
        return self.imager is None and self.glass is None and self.optics.is_clear and self.faults == Faults()

    @property
    def folds(self) -> bool:
        """Whether the exposure follows with a lag, or a picture may be sent again."""
        return self.exposure.lag_s > 0.0 or self.faults.frozen is not None

    @property
    def core_px(self) -> float:
        """Sigma of the lens's blur, px; pixels under a colour mosaic need one, or fine detail gets coloured."""
        if self.optics.blur_px is not None:
            return self.optics.blur_px
        return 0.0 if self.imager is None or self.imager.bayer == "mono" else MOSAIC_BLUR_PX

    @property
    def pixel_um(self) -> float:
        """Side of a pixel, um: it turns the focal length in pixels into millimetres."""
        return DEFAULT_PIXEL_UM if self.imager is None else self.imager.pixel_um

    @cached_property
    def projection(self) -> Projection:
        """The lens with its intrinsics: projects points and finds the rays of pixels."""
        middle = 0.5 * self.width if self.cx_px is None else self.cx_px
        height = 0.5 * self.height if self.cy_px is None else self.cy_px
        return self.lens.projection(
            self.width, self.height, hfov_deg=self.hfov_deg, focal_px=self.focal_px, cx=middle, cy=height
        )

    @property
    def K(self) -> F8:  # noqa: N802 - the field's own name
        """Intrinsic matrix (3, 3); the centre of the first pixel is (0.5, 0.5)."""
        return self.projection.K

    def project(self, points: ArrayLike) -> F8:
        """Pixel positions (..., 2) of points (..., 3) in the camera frame; NaN where the lens does not see them."""
        return self.projection.project(points)

    def row_times(self, time_ns: int) -> I8:
        """The instant of every row, i8 (H,) ns; one for the whole image if the shutter is global."""
        if self.readout_s == 0.0:
            return np.array([time_ns], np.int64)
        offset = (np.arange(self.height) + 0.5 - self.height / 2.0) * (self.readout_s * NS_PER_S / self.height)
        return np.asarray(time_ns + np.rint(offset).astype(np.int64))

    def calibration(self) -> dict[str, Any]:
        """Lens model, size, intrinsics and shutter; what raw counts mean, where there are any."""
        pixels = {} if self.imager is None else {"imager": self._told(self.imager)}
        return {
            **lens_calibration(self.projection),
            "pixel_origin": "the centre of the first pixel is (0.5, 0.5)",
            "readout_s": self.readout_s,
            "near_m": self.near_m,
            **pixels,
        }

    def _told(self, imager: Imager) -> dict[str, Any]:
        """The imager for whoever uses its counts."""
        faults = self.faults
        return {
            **{name: getattr(imager, name) for name in ("bits", "black_level", "bayer", "pixel_um", "full_well_e")},
            "f_number": self.optics.f_number,
            "faults": [f.name for f in fields(faults) if getattr(faults, f.name) is not None],
        }

    def silence(self, frame: Frame) -> Frame:
        """A black picture; the labels of the moment stay."""
        assert isinstance(frame, CameraFrame)
        black = {name: np.zeros_like(a) for name, _, a in frame.arrays() if name in ("rgb", "raw", "linear")}
        ideal = None if frame.ideal is None else self.silence(frame.ideal)
        return frame.replace(status=STATUS_DROPPED, ideal=ideal, **black)

    def in_clear_air(self) -> Self:
        """No rain meets the glass then (nothing has fallen), and nobody wipes it."""
        clear = super().in_clear_air()
        return clear if self.glass is None else replace(clear, glass=replace(self.glass, wiper_s=None))

    @property
    def needs_course(self) -> bool:
        """What is on the pane has come there on the way."""
        return self.glass is not None or (self.faults.dirt is not None and self.faults.dirt.grows)

    @property
    def needs_next(self) -> bool:
        """Flow needs the next frame's world."""
        return "flow" in self.outputs

    def extent_ns(self) -> tuple[int, int]:
        """Half the readout and half the exposure before and after."""
        half = math.ceil((self.readout_s + self.longest_s) * NS_PER_S / 2.0)
        return half, half

    @property
    def lit_s(self) -> float:
        """Exposure and readout; without a shutter as if it were open for 10 ms."""
        return self.readout_s + (self.longest_s or _NO_SHUTTER_S)

    @property
    def longest_s(self) -> float:
        """The longest that the shutter is open, s; 0 = every row is one instant."""
        return self.exposure.time_s or (0.0 if self.imager is None else LONGEST_S)

    @property
    def aperture_m(self) -> float:
        """Diameter of the aperture, m; 0 if everything is sharp. The focal length is ``focal_px`` pixels long."""
        if self.optics.focus_m is None:
            return 0.0
        return self.projection.fx * self.pixel_um * 1e-6 / self.optics.f_number

    @property
    def body_from_sensor(self) -> F8:
        """The camera looks along the body's x."""
        return BODY_FROM_CAMERA

    def capture(self, shot: Shot) -> CameraFrame:
        """Take one picture with its labels."""
        from simgen.sensors._camera_render import Picture

        return Picture(self, shot).frame()

    def clear(self, shot: Shot, frame: Frame) -> CameraFrame:
        """The twin of a picture, exposed as that was; white balance is the twin's own."""
        from simgen.sensors._camera_render import Picture
        from simgen.sensors._camera_twin import metered_before, same_exposure

        assert isinstance(frame, CameraFrame)
        picture = Picture(self, shot)
        picture.given_ev = metered_before(self, frame)
        return same_exposure(picture.frame(), frame)

    def begin(self, shot: Shot) -> Memory:
        """Nothing is known before the first frame: its exposure is that which it would settle at."""
        return Memory()

    def fold(self, shot: Shot, state: Memory) -> tuple[CameraFrame, Memory]:
        """One picture whose exposure follows the ones before."""
        from simgen.sensors._camera_render import Picture

        after = self._look(shot, state)
        frame = Picture(self, shot, ev=after.ev).frame()
        frozen = self.faults.frozen
        if frozen is None:
            return frame, after
        if frozen.is_on(shot.time_ns) and state.rgb is not None:
            frame = frame.replace(rgb=state.rgb, raw=state.raw)
        return frame, replace(after, rgb=frame.rgb, raw=frame.raw)

    def skip(self, shot: Shot, state: Memory) -> Memory:
        """The state after a frame; its picture is needed only if it may be sent again."""
        return self._look(shot, state) if self.faults.frozen is None else self.fold(shot, state)[1]

    def _look(self, shot: Shot, state: Memory) -> Memory:
        """The exposure of a frame, and what it metered for the next."""
        lag_s = self.exposure.lag_s
        if lag_s == 0.0:
            return Memory(time_ns=shot.time_ns)
        from simgen.sensors._camera_lag import metered_ev

        metered = metered_ev(self, shot)
        ev = state.exposure(shot.time_ns, lag_s)
        return Memory(time_ns=shot.time_ns, ev=metered if ev is None else ev, metered=metered)
