"""Active stereo camera, such as the RealSense D400 series."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, ClassVar

from simgen.records.base import U1
from simgen.records.surroundings import Shot
from simgen.registry import param, register
from simgen.rng import stream_key
from simgen.sensors._depth_camera import DepthCamera

if TYPE_CHECKING:
    from simgen.kernels.depth_match import Answer, Limits
    from simgen.sensors._depth_image import Exposed


@register("sensor", "stereo_depth")
@dataclass(frozen=True, kw_only=True)
class StereoDepth(DepthCamera):
    """Two imagers side by side and a projector of dots: ``Z = f B / d``, ``sigma_Z = Z^2 sigma_d / (f B)``.

    ``sigma_d^2 = floor^2 + 2 sigma_n^2 / sum I_u^2`` over the matching window (Foerstner 1982; Matthies and Kanade
    1989): I is the left imager's picture in electrons, the scene's light plus dots that fade with 1/R^2, sigma_n^2 its
    shot and read noise. No depth where that exceeds a limit, where the right imager cannot see (rays are cast), nearer
    than the largest disparity, on mirror-like surfaces. Beside an edge the surface with more texture in the window
    wins. Disparity comes in steps (1/32 px on the D400: 5.9 mm at 2 m). The frame is the left imager's.
    """

    kind: ClassVar[str] = "stereo"
    optional: ClassVar[tuple[str, ...]] = (*DepthCamera.optional, "infrared_right")

    model: str = param("d435", doc="catalogue name (d435, d455) or path of a device's YAML file")
    disparity_noise_px: float | None = param(
        None, ge=0.0, le=10.0, doc="sigma of the disparity on good texture; the device's if absent"
    )
    disparity_bias_px: float = param(0.0, ge=-5.0, le=5.0, doc="what a bad calibration adds to every disparity")
    disparity_sigma_limit_px: float = param(0.5, gt=0.0, le=10.0, doc="no depth where the disparity is less certain")

    def calibration(self) -> dict[str, Any]:
        """The imager's, the second one's place, and the limits of matching."""
        return {
            **super().calibration(),
            "disparity_noise_px": self._floor,
            "disparity_bias_px": self.disparity_bias_px,
            "disparity_sigma_limit_px": self.disparity_sigma_limit_px,
            "max_disparity_px": self.device.max_disparity_px,
        }

    @property
    def _floor(self) -> float:
        return self.device.disparity_noise_px if self.disparity_noise_px is None else self.disparity_noise_px

    def limits(self, *, noisy: bool) -> Limits:
        """What turns a disparity into a measurement."""
        from simgen.kernels.depth_match import Limits

        return Limits(
            gain=self.projection.fx * self.baseline,
            step=self.device.disparity_step_px,
            most=self.device.max_disparity_px,
            near=self.range_m[0],
            far=self.range_m[1],
            unit=self.device.depth_unit_m,
            doubtful=self.disparity_sigma_limit_px,
            noise=self._floor,
            bias=self.disparity_bias_px,
            noisy=noisy,
        )

    def measure(self, exposed: Exposed, limits: Limits, key: int) -> Answer:
        """Match the left picture's windows."""
        from simgen.kernels.depth_match import match

        (image, sums), out = exposed.image(exposed.electrons), exposed.blank()
        noise = exposed.noise(key)
        exposed.rows(lambda a, b: match(a, b, image, sums, exposed.reach, noise, limits, out))
        return out

    def right_picture(self, shot: Shot, exposed: Exposed) -> U1 | None:
        """The right imager's picture, exposed as long as the left one's."""
        if "infrared_right" not in self.outputs:
            return None
        from simgen.sensors._depth_image import Exposed as Exposing
        from simgen.sensors._depth_image import picture
        from simgen.sensors._depth_view import look

        right = Exposing(self, look(self, shot, right_m=self.baseline), exposed.threads, exposed.exposure_s)
        key = stream_key(shot.surroundings.seed, "infrared right", self.name, shot.index)
        return picture(right, key, noisy=self.noise)
