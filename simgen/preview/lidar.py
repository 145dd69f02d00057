"""Panels of a lidar frame: bird's-eye views with boxes, and the range image."""

from __future__ import annotations

from typing import Final

import cv2
import numpy as np

from simgen.geometry import quat_rotate
from simgen.preview.air import air_classes, flat, legend
from simgen.preview.colors import EMPTY, class_colors, distance_colors, value_colors
from simgen.preview.lidar_pattern import seen_around
from simgen.records.base import F4, U1
from simgen.records.frames import (
    BOX_IS_EGO,
    POINT_BLOOMING,
    POINT_EGO,
    POINT_GHOST,
    POINT_MIXED,
    POINT_NOISE,
    POINT_THROUGH,
    LidarBoxes,
    LidarFrame,
    LidarPoints,
)

Panel = tuple[str, U1]


#: half widths of the bird's-eye view, m: the first that holds nearly all points
_REACHES: Final = (6.0, 10.0, 16.0, 25.0, 40.0, 55.0)
#: what is out of the ordinary about a point besides weather: bit, word and colour, later ones drawn over earlier ones
_ORIGINS: Final = (
    (POINT_MIXED, "mixed", (255, 150, 40)),
    (POINT_THROUGH, "seen through", (70, 230, 200)),
    (POINT_NOISE, "noise", (255, 70, 200)),
    (POINT_BLOOMING, "halo", (255, 235, 60)),
    (POINT_GHOST, "ghost", (190, 110, 255)),
)
#: fewer points than these out of the ordinary are not worth a panel
_WORTH: Final = 20


def lidar_panels(name: str, frame: LidarFrame, size: tuple[int, int] = (900, 506)) -> list[Panel]:
    """Bird's eye by class, by intensity and by what is odd; the range image, or what the sensor sees around it."""
    points = frame.points
    reach_m = reach_of(points.xyz)
    by_class = np.maximum(class_colors(points.semantic), 60)
    by_class[points.semantic == 0] = (120, 120, 120)
    by_intensity = value_colors(np.sqrt(points.intensity), np.ones(len(points.range), bool), 0.0, 1.0)
    panels: list[Panel] = []
    for words, colors in (("by class, with boxes", by_class), ("by intensity", by_intensity)):
        picture = _birds_eye(points.xyz, colors, size, reach_m)
        if frame.boxes is not None and "boxes" in words:
            _boxes(picture, frame.boxes, reach_m)
        panels.append((f"{name}: {len(points.range):,} points {words}, {2 * reach_m:.0f} m wide", picture))
    if np.count_nonzero(points.flags & ~np.uint16(POINT_EGO)) >= _WORTH:
        panels.append((f"{name}: what is odd about points", _oddities(points, size, reach_m)))
    if frame.range_image is not None:
        strip = distance_colors(frame.range_image[::-1])
        repeat = max(1, round(size[1] * 0.35 / strip.shape[0]))
        tall = cv2.resize(strip, (size[0], strip.shape[0] * repeat), interpolation=cv2.INTER_NEAREST)
        panels.append((f"{name}: range image", np.asarray(tall, np.uint8)))
    else:
        panels.append((f"{name}: as seen from the sensor, by range", seen_around(points, size)))
    return panels


def reach_of(xyz: F4) -> float:
    """Half the width of a bird's-eye view that holds nearly all points, m."""
    if not len(xyz):
        return _REACHES[-1]
    across = float(np.percentile(np.hypot(xyz[:, 0], xyz[:, 1]), 96.0))
    return next((reach for reach in _REACHES if reach >= across), _REACHES[-1])


def _oddities(points: LidarPoints, size: tuple[int, int], reach_m: float) -> U1:
    """Bird's eye in grey, with what is out of the ordinary in colour and counted: weather by its classes."""
    grey = np.full((len(points.range), 3), 70, np.uint8)
    picture = _birds_eye(points.xyz, grey, size, reach_m)
    found = air_classes(points)
    for bit, word, color in _ORIGINS:
        mine = (points.flags & bit) > 0
        if bit == POINT_NOISE:
            mine &= (points.flags & POINT_BLOOMING) == 0
        if mine.any():
            found.append((word, color, mine))
    for _, color, mine in found:
        _dots(picture, points.xyz[mine], flat(color, int(mine.sum())), reach_m)
    legend(picture, [(f"{word} {mine.sum():,}", color) for word, color, mine in found])
    return picture


def weather_eye(points: LidarPoints, size: tuple[int, int], reach_m: float) -> U1:
    """Bird's eye by class, with what is in the air bright, named and counted."""
    colors = np.maximum(class_colors(points.semantic), 60)
    colors[points.semantic == 0] = (120, 120, 120)
    found = air_classes(points)
    for _, color, mine in found:
        colors[mine] = color
    picture = _birds_eye(points.xyz, colors, size, reach_m)
    legend(picture, [(f"{name} {mine.sum():,}", color) for name, color, mine in found])
    return picture


def _birds_eye(xyz: F4, colors: U1, size: tuple[int, int], reach_m: float) -> U1:
    """Forward is right, left is up; higher points are drawn later."""
    width, height = size
    picture = np.full((height, width, 3), EMPTY, np.uint8)
    _rings(picture, reach_m)
    _dots(picture, xyz, colors, reach_m)
    return picture


def _dots(picture: U1, xyz: F4, colors: U1, reach_m: float) -> None:
    height, width = picture.shape[:2]
    scale = width / (2 * reach_m)
    order = np.argsort(xyz[:, 2], kind="stable")
    u = (xyz[order, 0] * scale + width / 2).astype(int)
    v = (height / 2 - xyz[order, 1] * scale).astype(int)
    inside = (u >= 0) & (u < width - 1) & (v >= 0) & (v < height - 1)
    u, v, c = u[inside], v[inside], colors[order][inside]
    for du, dv in ((0, 0), (1, 0), (0, 1), (1, 1)):
        picture[v + dv, u + du] = c


def _rings(picture: U1, reach_m: float) -> None:
    """Circles every 10 m, or closer in narrow views, with their radius."""
    height, width = picture.shape[:2]
    scale, step = width / (2 * reach_m), 10 if reach_m > 20 else 5 if reach_m > 10 else 2
    for radius in range(step, 100, step):
        cv2.circle(picture, (width // 2, height // 2), round(radius * scale), (48, 52, 58), 1, cv2.LINE_AA)
        at = (round(width / 2 + radius * scale) + 3, height // 2 - 4)
        cv2.putText(picture, f"{radius} m", at, cv2.FONT_HERSHEY_SIMPLEX, 0.42, (96, 102, 110), 1, cv2.LINE_AA)


def _boxes(picture: U1, boxes: LidarBoxes, reach_m: float) -> None:
    height, width = picture.shape[:2]
    scale = width / (2 * reach_m)
    square = np.array([[1, 1, 0], [1, -1, 0], [-1, -1, 0], [-1, 1, 0]]) / 2.0
    for row in range(len(boxes.instance)):
        ego = bool(boxes.flags[row] & BOX_IS_EGO)
        if not ego and boxes.points[row] == 0:
            continue
        corners = quat_rotate(boxes.quaternion[row], square * boxes.size[row]) + boxes.center[row]
        at = np.stack([corners[:, 0] * scale + width / 2, height / 2 - corners[:, 1] * scale], axis=-1)
        color = (90, 200, 255) if ego else (255, 255, 255)
        cv2.polylines(picture, [np.clip(at, -9999, 9999).round().astype(np.int32)], True, color, 1, cv2.LINE_AA)
