"""Points of what floats and falls, told apart by class."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final

import cv2
import numpy as np

from simgen.records.base import U1, Bool
from simgen.records.frames import POINT_WEATHER, LidarPoints
from simgen.taxonomy import class_id

Color = tuple[int, int, int]

#: bright on a dark ground, and unlike each other: the taxonomy's own are as pale as what they stand for
AIR_COLORS: Final[Mapping[str, Color]] = {
    "rain": (80, 165, 255),
    "snow": (255, 255, 255),
    "hail": (150, 255, 150),
    "fog": (205, 165, 255),
    "dust": (255, 180, 80),
    "smoke": (255, 120, 120),
    "spray": (70, 235, 215),
}


def air_classes(points: LidarPoints) -> list[tuple[str, Color, Bool]]:
    """Name, colour and mask (P,) of each class of weather that returned points, the most frequent first."""
    flagged = (points.flags & POINT_WEATHER) > 0
    found = [(name, color, flagged & (points.semantic == class_id(name))) for name, color in AIR_COLORS.items()]
    return sorted((row for row in found if row[2].any()), key=lambda row: -int(row[2].sum()))


def legend(picture: U1, rows: list[tuple[str, Color]], scale: float = 0.62) -> None:
    """Words in their colours down the picture's upper left corner."""
    for line, (words, color) in enumerate(rows):
        at = (round(20 * scale), round(scale * (38 * line + 58)))
        cv2.putText(picture, words, at, cv2.FONT_HERSHEY_SIMPLEX, scale, color, max(1, round(scale)), cv2.LINE_AA)


def flat(color: Color, count: int) -> U1:
    """One colour for so many points, (count, 3)."""
    return np.tile(np.array(color, np.uint8), (count, 1))


__all__ = ["AIR_COLORS", "air_classes", "flat", "legend"]
