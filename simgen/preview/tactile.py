"""Panels of a tactile sensor: what its camera sees, how that differs from the untouched gel, and the labels."""

from __future__ import annotations

import numpy as np

from simgen.preview.camera import Panel
from simgen.preview.colors import EMPTY, class_colors, instance_colors, value_colors
from simgen.records.base import U1
from simgen.records.tactile import TactileFrame

#: grey on both sides, so that a portrait fills its cell's width
_SHAPE = 4.0 / 3.0


def tactile_panels(name: str, frame: TactileFrame) -> list[Panel]:
    """Title and picture of everything the frame holds."""
    force = 0.0 if frame.force is None else float(frame.force[0])
    panels: list[Panel] = [(f"{name}: gel from behind, {force:.3g} N", _wide(frame.rgb))]
    deep = frame.indentation
    if deep is not None:
        most = float(deep.max())
        words = f"{name}: indentation, up to {1e3 * most:.2f} mm"
        panels.append((words, _wide(value_colors(deep, deep > 0.01 * most, 0.0, max(most, 1e-6)))))
    if frame.instance is not None:
        panels.append((f"{name}: instance that presses", _wide(instance_colors(frame.instance))))
    if frame.semantic is not None:
        panels.append((f"{name}: its class", _wide(class_colors(frame.semantic))))
    return panels


def _wide(picture: U1) -> U1:
    """With borders left and right if it is higher than wide."""
    height, width = picture.shape[:2]
    add = max(round((_SHAPE * height - width) / 2), 0)
    out = np.full((height, width + 2 * add, 3), EMPTY, np.uint8)
    out[:, add : add + width] = picture
    return out
