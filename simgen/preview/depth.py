"""Panels of a depth camera: measured and true depth on one scale, their difference, why pixels have none."""

from __future__ import annotations

from typing import Final

import cv2
import numpy as np

from simgen.preview.camera import Panel, camera_panels
from simgen.preview.colors import EMPTY, distance_colors, value_colors
from simgen.records.base import F4, U1
from simgen.records.depth_frames import HOLE_FAINT, HOLE_WORDS, DepthFrame

#: colours of the reasons, by value of ``hole``
_REASONS: Final = np.array(
    [(74, 80, 88), EMPTY, (230, 80, 100), (84, 146, 228), (240, 190, 50), (120, 220, 230), (226, 110, 200), (0, 0, 0)],
    np.uint8,
)


def depth_panels(name: str, frame: DepthFrame) -> list[Panel]:
    """Title and picture of everything the frame holds."""
    truth, measured = frame.depth, frame.depth_measured
    assert truth is not None
    seen = np.isfinite(truth)
    near, far = (float(v) for v in np.percentile(truth[seen], (0.5, 99.5))) if seen.any() else (0.5, 5.0)
    share = float((frame.hole == 0).mean())
    panels: list[Panel] = []
    for words, infrared in (("infra-red", frame.infrared), ("infra-red, right imager", frame.infrared_right)):
        if infrared is not None:
            panels.append((f"{name}: {words}", _gray(infrared)))
    panels += [
        (f"{name}: depth as measured, {near:.2f} to {far:.2f} m, {share:.0%} of pixels", _depth(measured, near, far)),
        (f"{name}: why there is none", _reasons(frame.hole)),
        error_panel(name, frame),
    ]
    shown = camera_panels(name, frame.replace(depth=None))
    return [*shown[:2], *panels, (f"{name}: true depth, same scale", _depth(truth, near, far)), *shown[2:]]


def error_panel(name: str, frame: DepthFrame) -> Panel:
    """Measured less true, blue = too near, red = too far, on a scale that 95 % of the pixels fit."""
    assert frame.depth is not None
    measured = frame.hole == 0
    truth = np.where(measured, frame.depth, 0.0)
    error = np.where(measured & np.isfinite(truth), frame.depth_measured - truth, 0.0)
    full = max(float(np.percentile(np.abs(error[measured]), 95)) if measured.any() else 0.0, 1e-3)
    return f"{name}: measured less true, +-{1e3 * full:.0f} mm", value_colors(error, measured, -full, full)


def _depth(depth: F4, near: float, far: float) -> U1:
    return distance_colors(depth, near, max(far, near * 1.05))


def _gray(picture: U1) -> U1:
    """A linear picture, brightened for the eye."""
    table = np.rint(255.0 * (np.arange(256) / 255.0) ** (1 / 2.2)).astype(np.uint8)
    return np.repeat(table[picture][..., None], 3, axis=-1)


def _reasons(hole: U1) -> U1:
    """Each reason in its colour, with a legend of those that occur."""
    picture = np.ascontiguousarray(_REASONS[np.minimum(hole, len(_REASONS) - 1)])
    scale = max(picture.shape[1] / 700.0, 0.35)
    y = round(6 * scale)
    for reason in range(1, HOLE_FAINT + 1):
        share = float((hole == reason).mean())
        if share >= 5e-4:
            words = f"{HOLE_WORDS[reason]} {share:.1%}"
            (w, h), _ = cv2.getTextSize(words, cv2.FONT_HERSHEY_SIMPLEX, 0.55 * scale, 1)
            x, low = round(6 * scale), y + h + round(8 * scale)
            color = tuple(int(c) for c in np.maximum(_REASONS[reason], 90))
            cv2.rectangle(picture, (x, y), (x + w + round(8 * scale), low), EMPTY, -1)
            at = (x + round(4 * scale), low - round(4 * scale))
            cv2.putText(picture, words, at, cv2.FONT_HERSHEY_SIMPLEX, 0.55 * scale, color, 1, cv2.LINE_AA)
            y = low + round(2 * scale)
    return picture
