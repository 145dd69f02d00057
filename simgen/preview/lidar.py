"""Panels of a lidar frame: bird's-eye views with boxes, and the range image."""

from __future__ import annotations

import cv2
import numpy as np

from simgen.geometry import quat_rotate
from simgen.preview.colors import EMPTY, class_colors, distance_colors, value_colors
from simgen.preview.lidar_pattern import seen_around
from simgen.records.base import F4, U1
from simgen.records.frames import BOX_IS_EGO, LidarBoxes, LidarFrame

Panel = tuple[str, U1]


def lidar_panels(
    name: str, frame: LidarFrame, size: tuple[int, int] = (900, 506), reach_m: float = 55.0
) -> list[Panel]:
    """Bird's eye by class and by intensity, and the range image, or what the sensor sees around it."""
    points = frame.points
    by_class = np.maximum(class_colors(points.semantic), 60)
    by_class[points.semantic == 0] = (120, 120, 120)
    by_intensity = value_colors(np.sqrt(points.intensity), np.ones(len(points.range), bool), 0.0, 1.0)
    panels: list[Panel] = []
    for words, colors in (("by class, with boxes", by_class), ("by intensity", by_intensity)):
        picture = _birds_eye(points.xyz, colors, size, reach_m)
        if frame.boxes is not None and "boxes" in words:
            _boxes(picture, frame.boxes, reach_m)
        panels.append((f"{name}: {len(points.range):,} points {words}, {2 * reach_m:.0f} m wide", picture))
    if frame.range_image is not None:
        strip = distance_colors(frame.range_image[::-1])
        repeat = max(1, round(size[1] * 0.35 / strip.shape[0]))
        tall = cv2.resize(strip, (size[0], strip.shape[0] * repeat), interpolation=cv2.INTER_NEAREST)
        panels.append((f"{name}: range image", np.asarray(tall, np.uint8)))
    else:
        panels.append((f"{name}: as seen from the sensor, by range", seen_around(points, size)))
    return panels


def _birds_eye(xyz: F4, colors: U1, size: tuple[int, int], reach_m: float) -> U1:
    """Forward is right, left is up; higher points are drawn later."""
    width, height = size
    picture = np.full((height, width, 3), EMPTY, np.uint8)
    scale = width / (2 * reach_m)
    _rings(picture, scale)
    order = np.argsort(xyz[:, 2], kind="stable")
    u = (xyz[order, 0] * scale + width / 2).astype(int)
    v = (height / 2 - xyz[order, 1] * scale).astype(int)
    inside = (u >= 0) & (u < width - 1) & (v >= 0) & (v < height - 1)
    u, v, c = u[inside], v[inside], colors[order][inside]
    for du, dv in ((0, 0), (1, 0), (0, 1), (1, 1)):
        picture[v + dv, u + du] = c
    return picture


def _rings(picture: U1, scale: float) -> None:
    center = (picture.shape[1] // 2, picture.shape[0] // 2)
    for radius in range(10, 100, 10):
        cv2.circle(picture, center, round(radius * scale), (48, 52, 58), 1, cv2.LINE_AA)


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
