"""The lens of a camera as a user declares it, and as its calibration tells it."""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import Any, Final

import numpy as np

from simgen.lens import BrownConrady, Equirectangular, KannalaBrandt, Pinhole, Projection
from simgen.registry import param

#: coefficients that each model has
_COEFFICIENTS: Final = {
    "pinhole": (),
    "brown_conrady": ("k1", "k2", "k3", "k4", "k5", "k6", "p1", "p2"),
    "kannala_brandt": ("k1", "k2", "k3", "k4"),
    "equirectangular": (),
}
#: angle of view if neither it nor a focal length is given, and the one that no camera of the model can reach, degrees
_USUAL_DEG: Final = {"pinhole": 80.0, "brown_conrady": 80.0, "kannala_brandt": 180.0, "equirectangular": 360.0}
_WIDEST_DEG: Final = {"pinhole": 179.0, "brown_conrady": 178.0, "kannala_brandt": 360.0, "equirectangular": 360.0}


@dataclass(frozen=True, kw_only=True)
class Lens:
    """Where the lens puts directions in the image: on rays, so that every label is distorted like the picture.

    ``brown_conrady``: OpenCV's k1..k6, p1, p2. ``kannala_brandt``: OpenCV's fisheye, k1..k4, beyond 180 degrees too.
    ``equirectangular``: columns are longitudes, rows latitudes.
    """

    model: str = param(
        "pinhole", choices=("pinhole", "brown_conrady", "kannala_brandt", "equirectangular"), doc="lens model"
    )
    k1: float = param(0.0, doc="radial coefficients, in OpenCV's order and meaning")
    k2: float = param(0.0, doc="as k1")
    k3: float = param(0.0, doc="as k1")
    k4: float = param(0.0, doc="as k1")
    k5: float = param(0.0, doc="as k1; brown_conrady only")
    k6: float = param(0.0, doc="as k1; brown_conrady only")
    p1: float = param(0.0, doc="tangential coefficients; brown_conrady only")
    p2: float = param(0.0, doc="as p1")
    max_angle_deg: float | None = param(
        None, gt=0.0, le=180.0, doc="angle from the axis beyond which the image is black; none = the image shows it all"
    )

    def __post_init__(self) -> None:
        for name in ("k1", "k2", "k3", "k4", "k5", "k6", "p1", "p2"):
            value = getattr(self, name)
            if not math.isfinite(value):
                raise ValueError(f"{name} must be a finite number")
            if value != 0.0 and name not in _COEFFICIENTS[self.model]:
                raise ValueError(f"a {self.model} lens has no coefficient {name}")
        if self.max_angle_deg is not None and self.model not in ("brown_conrady", "kannala_brandt"):
            raise ValueError(
                f"max_angle_deg is for brown_conrady and kannala_brandt: a {self.model} has no image circle"
            )

    def fault(self, hfov_deg: float | None) -> str | None:
        """Why the model cannot have that angle of view, or its usual one, or None."""
        hfov_deg = _USUAL_DEG[self.model] if hfov_deg is None else hfov_deg
        widest = _WIDEST_DEG[self.model]
        if hfov_deg >= widest and self.model in ("pinhole", "brown_conrady"):
            return (
                f"hfov_deg {hfov_deg:g} is outside the model: a {self.model} lens sees less than {widest:g} degrees; "
                "for more: lens: {model: kannala_brandt}"
            )
        half = math.radians(hfov_deg) / 2.0
        lens = self._model(1, 1, 1.0, 0.0, 0.0)
        if isinstance(lens, BrownConrady | KannalaBrandt) and half > lens.grows_until_rad * (1.0 + 1e-9):
            reach = math.degrees(lens.grows_until_rad)
            return (
                f"hfov_deg {hfov_deg:g} is outside the model: with these coefficients it can be inverted up to "
                f"{reach:.1f} degrees off the axis: give hfov_deg of at most {math.floor(20.0 * reach) / 10.0:g}"
            )
        return None

    def projection(
        self, width: int, height: int, *, hfov_deg: float | None, focal_px: float | None, cx: float, cy: float
    ) -> Projection:
        """The model for an image; an angle of view counts from the left to the right edge of a centred image."""
        focal = focal_px
        if focal is None:
            half = math.radians(hfov_deg or _USUAL_DEG[self.model]) / 2.0
            focal = 0.5 * width / self._spread(half)
        return self._model(width, height, focal, cx, cy)

    def _spread(self, half: float) -> float:
        """Image radius over the focal length of an angle from the axis."""
        if self.model == "equirectangular":
            return half
        lens = self._model(1, 1, 1.0, 0.0, 0.0)
        if isinstance(lens, KannalaBrandt):
            return float(lens.radius(np.array(half)))
        tangent = math.tan(half)
        return float(lens.radius(np.array(tangent))) if isinstance(lens, BrownConrady) else tangent

    def _model(self, width: int, height: int, focal: float, cx: float, cy: float) -> Projection:
        frame: dict[str, Any] = {"width": width, "height": height, "fx": focal, "fy": focal, "cx": cx, "cy": cy}
        own: dict[str, Any] = {name: getattr(self, name) for name in _COEFFICIENTS[self.model]}
        if self.model == "pinhole":
            return Pinhole(**frame)
        if self.model == "equirectangular":
            return Equirectangular(**frame)
        own["max_angle_rad"] = None if self.max_angle_deg is None else math.radians(self.max_angle_deg)
        return BrownConrady(**frame, **own) if self.model == "brown_conrady" else KannalaBrandt(**frame, **own)


def lens_calibration(lens: Projection) -> dict[str, Any]:
    """Model, size, intrinsics and coefficients in OpenCV's order, as JSON-able values."""
    told = {
        "model": lens.model,
        "width": lens.width,
        "height": lens.height,
        "K": lens.K.tolist(),
        "distortion": list(lens.distortion),
    }
    if isinstance(lens, BrownConrady | KannalaBrandt):
        return {**told, "max_angle_rad": lens.limit_rad, "distances": lens.measure}
    return told if isinstance(lens, Pinhole) else {**told, "distances": lens.measure}


__all__ = ["Lens", "lens_calibration"]
