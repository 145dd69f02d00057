"""Thermal camera: an uncooled microbolometer in the long-wave infrared."""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Final

import numpy as np

from simgen.geometry import BODY_FROM_CAMERA, pose_matrix
from simgen.lens import Pinhole
from simgen.records.base import F8
from simgen.records.frames import STATUS_DROPPED, Frame
from simgen.records.surroundings import Shot
from simgen.records.thermal import ThermalFrame
from simgen.registry import param, register, suggest
from simgen.sensors._thermal_band import ZERO_C, band_table, radiance
from simgen.sensors.base import Sensor
from simgen.units import NS_PER_S

if TYPE_CHECKING:
    from simgen.sensors._thermal_detector import Shutter

#: what is stored if ``outputs`` asks for it
OPTIONAL: Final = ("ideal", "twin", "emissivity")
#: what is always stored
_ALWAYS: Final = ("raw", "temperature", "image", "surface_temperature", "depth", "semantic", "instance")
_MOST_PIXELS: Final = 4_000_000


@register("sensor", "thermal_camera")
@dataclass(frozen=True, kw_only=True)
class ThermalCamera(Sensor):
    """A long-wave infrared camera (8 to 14 um): counts, measured temperatures, and the true ones as labels.

    A pixel gets ``L = t (e B(T) + (1 - e) L_mirrored) + (1 - t) B(T_air)`` with Planck's law integrated over the band.
    Surface temperatures follow from an energy balance with sun, sky and air, or from the body or engine behind; the
    sky from Berdahl and Martin (1984); weather dims by Lorenz-Mie theory. The
    detector forgets with a time constant, adds noise (NETD at 300 K), a fixed pattern and a drift that each
    shutter correction starts anew, and counts in 14 bits. Temperatures of people, vehicles and materials are typical
    values, not measured ones.
    """

    width: int = param(640, ge=1, le=4096, doc="columns")
    height: int = param(512, ge=1, le=4096, doc="rows")
    hfov_deg: float | None = param(None, gt=0.0, lt=179.0, doc="angle of view from left to right (45 if absent)")
    focal_px: float | None = param(None, gt=0.0, doc="focal length in pixels, instead of hfov_deg")
    near_m: float = param(0.05, gt=0.0, doc="nothing nearer along the axis is seen")
    band_um: tuple[float, float] = param((8.0, 14.0), doc="shortest and longest wavelength")
    samples: int = param(3, ge=1, le=64, doc="rays a pixel, spread over its area and the detector's memory")
    time_constant_s: float = param(0.01, ge=0.0, le=0.1, doc="memory of the detector: motion smears; 0 = none")
    blur_px: float = param(0.4, ge=0.0, le=5.0, doc="sigma of the optics' Gaussian blur")
    netd_mk: float = param(50.0, ge=0.0, le=1000.0, doc="noise of a frame, as a difference of temperature at 300 K")
    pattern_mk: float = param(15.0, ge=0.0, le=1000.0, doc="fixed pattern that a correction leaves, the same way")
    column_mk: float = param(8.0, ge=0.0, le=1000.0, doc="fixed pattern of whole columns")
    drift_mk_per_min: float = param(20.0, ge=0.0, le=1000.0, doc="how fast the pattern grows after a correction")
    nuc_interval_s: float = param(180.0, ge=0.0, doc="from one shutter correction to the next; 0 = none")
    nuc_duration_s: float = param(0.4, ge=0.0, doc="how long the shutter is closed")
    span_c: tuple[float, float] = param((-40.0, 160.0), doc="temperatures of the lowest and the highest count")
    max_levels_per_k: float = param(20.0, gt=0.0, le=255.0, doc="most grey levels a kelvin that automatic gain gives")
    assumed_emissivity: float = param(1.0, gt=0.01, le=1.0, doc="what the camera takes for every surface's emissivity")
    assumed_reflected_c: float | None = param(None, ge=-100.0, le=200.0, doc="and for what they mirror; air if absent")
    air_temperature_c: float = param(15.0, ge=-60.0, le=60.0, doc="of the air at the ground")
    humidity: float = param(0.6, ge=0.01, le=1.0, doc="relative humidity of the air")
    cloud_cover: float = param(0.0, ge=0.0, le=1.0, doc="share of the sky that clouds hide from long waves")
    wind_m_s: float = param(2.0, ge=0.0, le=30.0, doc="wind that cools surfaces")

    def __post_init__(self) -> None:
        if self.hfov_deg is not None and self.focal_px is not None:
            raise ValueError("give hfov_deg or focal_px, not both")
        if self.width * self.height > _MOST_PIXELS:
            raise ValueError(f"{self.width} x {self.height} are more than {_MOST_PIXELS / 1e6:.0f} million pixels")
        if not 3.0 <= self.band_um[0] < self.band_um[1] <= 30.0:
            raise ValueError(f"band_um must be two rising wavelengths from 3 to 30 um, not {list(self.band_um)}")
        if not -150.0 <= self.span_c[0] < self.span_c[1] <= 700.0:
            raise ValueError(f"span_c must be two rising temperatures from -150 to 700, not {list(self.span_c)}")
        if 0.0 < self.nuc_interval_s <= self.nuc_duration_s:
            raise ValueError("nuc_duration_s must be shorter than nuc_interval_s")
        for wanted in self.outputs:
            if wanted not in (*OPTIONAL, *_ALWAYS):
                raise ValueError(f"a thermal camera has no output {wanted!r}{suggest(wanted, OPTIONAL)}")
        if len(set(self.outputs)) != len(self.outputs):
            raise ValueError("outputs names something twice")

    @property
    def projection(self) -> Pinhole:
        """The intrinsics."""
        focal = self.focal_px or 0.5 * self.width / math.tan(math.radians(self.hfov_deg or 45.0) / 2.0)
        cx, cy = 0.5 * self.width, 0.5 * self.height
        return Pinhole(width=self.width, height=self.height, fx=focal, fy=focal, cx=cx, cy=cy)

    @property
    def band_table(self) -> F8:
        """Band radiance of black bodies by temperature."""
        return band_table(*self.band_um)

    def calibration(self) -> dict[str, Any]:
        """Lens, band, and how counts stand for radiance: ``L = low + count (high - low) / 16383``."""
        low, high = (float(radiance(self.band_table, np.array(c + ZERO_C))) for c in self.span_c)
        return {
            "model": "pinhole",
            "width": self.width,
            "height": self.height,
            "K": self.projection.K.tolist(),
            "distortion": [],
            "near_m": self.near_m,
            "band_um": list(self.band_um),
            "span_c": list(self.span_c),
            "radiance_w_m2_sr": [low, high],
            "counts": 16383,
            "assumed_emissivity": self.assumed_emissivity,
            "time_constant_s": self.time_constant_s,
        }

    def extent_ns(self) -> tuple[int, int]:
        """As far back as the oldest sample of the detector's memory."""
        return math.ceil(self.time_constant_s * math.log(2.0 * self.samples) * NS_PER_S) + 1, 0

    @property
    def body_from_sensor(self) -> F8:
        """The camera looks along the body's x."""
        return BODY_FROM_CAMERA

    def silence(self, frame: Frame) -> Frame:
        """No counts and a black picture; the labels of the moment stay."""
        assert isinstance(frame, ThermalFrame)
        names = ("raw", "temperature", "image")
        blank = {name: np.zeros_like(a) for name, _, a in frame.arrays() if name in names}
        return frame.replace(status=STATUS_DROPPED, **blank)

    def capture(self, shot: Shot) -> ThermalFrame:
        """Take one image with its labels."""
        from simgen.sensors._thermal_air import air_of
        from simgen.sensors._thermal_detector import SHUTTER_K, blurred, shutter_at
        from simgen.sensors._thermal_render import Scan

        around = shot.surroundings
        air = air_of(
            self.band_table,
            self.band_um,
            air_c=self.air_temperature_c,
            humidity=self.humidity,
            cloud_cover=self.cloud_cover,
            medium=around.medium,
        )
        scan = Scan(self, shot, air)
        shutter = shutter_at(self, shot.time_ns, around.seed)
        value = blurred(scan.radiance(), self.blur_px)
        if shutter.closed:
            housing = self.air_temperature_c + SHUTTER_K + ZERO_C
            value = np.full_like(value, float(radiance(self.band_table, np.array(housing))))
        labels = scan.labels()
        frame = self._frame(shot, value, shutter, noisy=True)
        ideal = self._frame(shot, value, shutter, noisy=False) if "ideal" in self.outputs else None
        return frame.replace(
            depth=labels.depth,
            semantic=labels.semantic,
            instance=labels.instance,
            surface_temperature=labels.surface_temperature,
            emissivity=labels.emissivity if "emissivity" in self.outputs else None,
            ideal=ideal,
        )

    def _frame(self, shot: Shot, value: F8, shutter: Shutter, *, noisy: bool) -> ThermalFrame:
        """What the detector gives for a radiance."""
        from simgen.sensors._thermal_detector import counts, picture, temperatures

        around = shot.surroundings
        raw = counts(self, value, shot.index, shutter, around.seed, around.threads, noisy)
        image, white = picture(self, raw)
        return ThermalFrame(
            time_ns=shot.time_ns,
            stamp_ns=shot.time_ns,
            world_from_sensor=pose_matrix(*shot.track.at(shot.time_ns)),
            K=self.projection.K,
            exposure=np.array([white], np.float32),
            raw=raw,
            temperature=temperatures(self, raw),
            image=image,
            shutter=np.array([shutter.closed], np.uint8),
        )
