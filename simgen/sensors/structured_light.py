"""Structured-light depth camera, such as the first Kinect."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, ClassVar

from simgen.registry import param, register
from simgen.sensors._depth_camera import DepthCamera

if TYPE_CHECKING:
    from simgen.kernels.depth_match import Answer, Limits
    from simgen.sensors._depth_image import Exposed


@register("sensor", "structured_light")
@dataclass(frozen=True, kw_only=True)
class StructuredLight(DepthCamera):
    """An infra-red imager and, to its right, a projector whose dots it knows (Kinect v1).

    Noise after Nguyen, Izadi and Lovell 2012: along the axis ``0.0012 + 0.0019 (z - 0.4)^2 + 0.0001 / sqrt(z) (th /
    (pi/2 - th))^2`` m, steps included; across it ``0.8 + 0.035 th / (pi/2 - th)`` px, which frays edges. Disparity in
    steps of 1/8 px (Khoshelham and Elberink 2012). No depth in the projector's shadow (rays are cast), outside the
    range, on mirror-like surfaces, and where the dots do not stand out of the noise: ``sigma_n^2 / sum P_u^2`` over the
    window exceeds a limit, as in sunlight, far away or on black.
    """

    kind: ClassVar[str] = "structured_light"

    model: str = param("kinect_v1", doc="catalogue name (kinect_v1) or path of a device's YAML file")
    disparity_sigma_limit_px: float = param(0.25, gt=0.0, le=10.0, doc="no depth where dots are found less certainly")

    def calibration(self) -> dict[str, Any]:
        """The imager's, the projector's place, and the limits of decoding."""
        return {**super().calibration(), "disparity_sigma_limit_px": self.disparity_sigma_limit_px}

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
            noise=0.0,
            bias=0.0,
            noisy=noisy,
        )

    def measure(self, exposed: Exposed, limits: Limits, key: int) -> Answer:
        """Find the pattern's dots."""
        from simgen.kernels.depth_match import decode
        from simgen.sensors._depth_image import word

        (image, sums), out = exposed.image(exposed.signal), exposed.blank()
        noise, lanes = exposed.noise(key), word(key)
        exposed.rows(lambda a, b: decode(a, b, image, sums, exposed.reach, lanes, noise, limits, out))
        return out
