"""Small pictures of bouncing paths."""

from typing import Any

import numpy as np
from helpers_stage import Bench, Part, track

from simgen.geometry import look_at
from simgen.records.air import Medium
from simgen.records.frames import CameraFrame
from simgen.records.lights import LampTable, LightField
from simgen.records.mesh import Surface
from simgen.sensors.camera import Camera

OUT = ("linear", "normal")


def finish(color: float | tuple[float, float, float] = 0.5, **fields: Any) -> Surface:
    """A matt surface, or what the fields say."""
    base = color if isinstance(color, tuple) else (color,) * 3
    return Surface(**{"class_name": "object", "base_color": base, "roughness": 1.0, **fields})


def camera(**fields: Any) -> Camera:
    """A small camera with plain paths."""
    usual = {"name": "c", "width": 48, "height": 36, "hfov_deg": 50.0, "outputs": OUT, "quality": "high"}
    return Camera(**{**usual, "denoise": False, "exposure_ev": 10.0, **fields})


def capture(
    parts: list[Part],
    light: LightField,
    eye: tuple[float, float, float],
    target: tuple[float, float, float],
    *,
    lamps: LampTable | None = None,
    medium: Medium | None = None,
    threads: int = 2,
    engine: Any = None,
    **fields: Any,
) -> CameraFrame:
    """A picture from the eye towards the target."""
    with Bench(parts, light, medium, engine) as bench:
        if lamps is not None:
            bench.stage = bench.stage.replace(lamps=lamps)
        return camera(**fields).capture(bench.shot(track(eye, look_at(eye, target)), threads=threads))


def relative(a: np.ndarray, b: np.ndarray) -> float:
    """Mean absolute difference over the mean of b."""
    return float(np.abs(a - b).mean() / np.abs(b).mean())
