"""Panels of a thermal camera: the white-hot picture with boxes, temperatures with a scale, and every map."""

from __future__ import annotations

import cv2
import numpy as np

from simgen.preview.camera import Panel, camera_panels, draw_boxes
from simgen.preview.colors import EMPTY
from simgen.records.base import F4, U1
from simgen.records.thermal import ThermalFrame

#: width of the scale beside a temperature map, as a share of the map's
_SCALE = 0.14


def thermal_panels(name: str, frame: ThermalFrame) -> list[Panel]:
    """Title and picture of everything the frame holds."""
    panels: list[Panel] = []
    closed = ", shutter closed" if frame.shutter[0] else ""
    if frame.image is not None:
        grey = np.repeat(frame.image[..., None], 3, axis=-1)
        panels.append((f"{name}: white hot{closed}", grey))
        if frame.boxes is not None:
            panels.append((f"{name}: 2-D and 3-D boxes, visible share", draw_boxes(grey, frame.boxes, frame.K)))
    span = _span(frame)
    if frame.temperature is not None:
        panels.append((f"{name}: measured temperature", with_scale(frame.temperature, *span)))
    if frame.surface_temperature is not None:
        panels.append((f"{name}: true temperature of surfaces", with_scale(frame.surface_temperature, *span)))
    if frame.emissivity is not None:
        panels.append((f"{name}: emissivity", with_scale(frame.emissivity, 0.2, 1.0, "")))
    return panels + camera_panels(name, frame.replace(boxes=None))


def _span(frame: ThermalFrame) -> tuple[float, float]:
    """The range that shows what stands on the ground; the sky may be far below."""
    shown = frame.surface_temperature if frame.surface_temperature is not None else frame.temperature
    if shown is None:
        return 0.0, 1.0
    hit = np.isfinite(frame.depth) if frame.depth is not None else np.ones(shown.shape, bool)
    values = shown[hit] if hit.any() else shown
    low, high = (float(v) for v in np.percentile(values, (1.0, 99.7)))
    return np.floor(low) - 2.0, max(np.ceil(high) + 1.0, np.floor(low) + 4.0)


def with_scale(values: F4, low: float, high: float, unit: str = " C") -> U1:
    """A map in colours from dark to bright, with its scale over the right edge."""
    height, width = values.shape
    bar = max(round(width * _SCALE), 44)
    out = _inferno(np.clip((values - low) / (high - low), 0.0, 1.0))
    out[:, width - bar :] = EMPTY
    top, bottom, left = round(0.06 * height), round(0.94 * height), width - round(0.88 * bar)
    ramp = np.linspace(1.0, 0.0, bottom - top)[:, None]
    out[top:bottom, left : left + max(bar // 6, 6)] = _inferno(ramp)
    size = height / 1100.0 + 0.1
    for k in range(5):
        y = round(top + (bottom - top - 1) * k / 4)
        words = f"{high - (high - low) * k / 4:.3g}{unit}"
        at = (left + max(bar // 6, 6) + 4, y + 5)
        cv2.putText(out, words, at, cv2.FONT_HERSHEY_SIMPLEX, size, (235, 235, 235), 1, cv2.LINE_AA)
    return out


def _inferno(scaled: np.ndarray) -> U1:
    table = cv2.applyColorMap(np.arange(256, dtype=np.uint8)[:, None], cv2.COLORMAP_INFERNO)[:, 0, ::-1]
    return np.asarray(table[(np.nan_to_num(scaled) * 255.0).astype(np.uint8)], np.uint8)
