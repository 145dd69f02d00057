"""Lens models: points to pixels and back. All share the interface of :class:`Projection`."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, Final

from simgen.lens.base import F8, Projection
from simgen.lens.brown_conrady import BrownConrady
from simgen.lens.equirectangular import Equirectangular
from simgen.lens.kannala_brandt import KannalaBrandt
from simgen.lens.pinhole import Pinhole

#: by name
MODELS: Final[Mapping[str, type[Projection]]] = {
    cls.model: cls for cls in (Pinhole, BrownConrady, KannalaBrandt, Equirectangular)
}
_NAMES: Final = {
    "brown_conrady": ("k1", "k2", "p1", "p2", "k3", "k4", "k5", "k6"),
    "kannala_brandt": ("k1", "k2", "k3", "k4"),
}


def projection_of(calibration: Mapping[str, Any], K: F8, width: int, height: int) -> Projection | None:
    """The lens of a stored calibration, with a frame's own K (3, 3); None where the model is unknown.

    A ``pinhole`` with distortion is read as OpenCV's Brown-Conrady.
    """
    model = calibration.get("model", "pinhole")
    raw = [float(k) for k in calibration.get("distortion") or []]
    if model == "pinhole" and any(raw):
        model = "brown_conrady"
    names = _NAMES.get(model, ())
    if model not in MODELS or (any(raw) and len(raw) > len(names)):
        return None
    extra: dict[str, Any] = dict(zip(names, raw, strict=False))
    if calibration.get("max_angle_rad") is not None:
        extra["max_angle_rad"] = float(calibration["max_angle_rad"])
    fx, fy, cx, cy = (float(K[i, j]) for i, j in ((0, 0), (1, 1), (0, 2), (1, 2)))
    return MODELS[model](width=width, height=height, fx=fx, fy=fy, cx=cx, cy=cy, **extra)


__all__ = ["MODELS", "BrownConrady", "Equirectangular", "KannalaBrandt", "Pinhole", "Projection", "projection_of"]
