"""Panels of a radar frame: bird's-eye views of detections with velocities, and the maps."""

from __future__ import annotations

import math
from typing import Final

import cv2
import numpy as np

from simgen.geometry import quat_rotate
from simgen.preview.colors import EMPTY, value_colors
from simgen.records.base import F4, U1
from simgen.records.frames import BOX_IS_EGO
from simgen.records.radar import (
    RADAR_CLUTTER,
    RADAR_FALSE_ALARM,
    RADAR_GHOST,
    RADAR_MULTIPATH,
    RadarBoxes,
    RadarDetections,
    RadarFrame,
)

Panel = tuple[str, U1]
Color = tuple[int, int, int]

#: full colour, m/s over ground, and how far ahead an arrow points, s
FULL_M_S: Final = 25.0
_AHEAD_S: Final = 0.4
#: detections farther than this get a view of their own, m
_NEAR_M: Final = 80.0
_GHOST: Final = (255, 220, 60)
_NOISE: Final = (150, 150, 160)
_RING: Final = (58, 62, 70)


def radar_panels(name: str, frame: RadarFrame, size: tuple[int, int] = (900, 506)) -> list[Panel]:
    """Bird's eye, near and whole, coloured by the speed over ground, and the maps; sizes are width, height."""
    found = frame.detections
    far = float(found.range.max(initial=0.0))
    views = [_NEAR_M] if far <= 1.2 * _NEAR_M else [_NEAR_M, 10.0 * math.ceil(far / 10.0)]
    panels: list[Panel] = []
    for reach in views:
        words = f"{name}: {len(found.range)} detections, {reach:.0f} m; red away, blue towards, yellow ghost"
        panels.append((words, birds_eye(frame, size, reach)))
    if frame.range_doppler is not None:
        panels.append((f"{name}: range (up) by radial velocity, dB", _map(frame.range_doppler, size)))
    if frame.range_azimuth is not None:
        panels.append((f"{name}: range (up) by azimuth (left is left), dB", _map(frame.range_azimuth[:, ::-1], size)))
    return panels


def birds_eye(frame: RadarFrame, size: tuple[int, int], reach_m: float) -> U1:
    """Forward is right, left is up; the sensor is at the left edge. Dots are objects, small ones clutter.

    A triangle has come by way of the road, a diamond is a ghost, a cross is noise.
    """
    width, height = size
    picture = np.full((height, width, 3), EMPTY, np.uint8)
    scale = (width - 30) / reach_m
    origin = (20, height // 2)
    step = 10 if reach_m <= 100.0 else 50
    for radius in range(step, int(reach_m) + step, step):
        cv2.circle(picture, origin, round(radius * scale), _RING, 1, cv2.LINE_AA)
        _write(picture, f"{radius} m", (round(origin[0] + radius * scale) - 44, height - 10), (130, 134, 142))
    if frame.boxes is not None:
        _boxes(picture, frame.boxes, scale, origin)
    found = frame.detections
    for row in np.argsort(found.instance > 0, kind="stable"):
        _mark(picture, found, int(row), scale, origin)
    cv2.circle(picture, origin, 6, (255, 255, 255), -1, cv2.LINE_AA)
    return picture


def speed_color(over_ground: float) -> Color:
    """Red for what recedes, blue for what approaches, light grey for what stands still."""
    share = float(np.clip(over_ground / FULL_M_S, -1.0, 1.0))
    grey, full = np.array([205.0, 208.0, 212.0]), np.array([255.0, 70.0, 50.0] if share > 0.0 else [70.0, 150.0, 255.0])
    strength = abs(share) ** 0.5 if abs(share) > 0.02 else 0.0
    r, g, b = grey + strength * (full - grey)
    return int(r), int(g), int(b)


def _mark(picture: U1, found: RadarDetections, row: int, scale: float, origin: tuple[int, int]) -> None:
    x, y = float(found.xyz[row, 0]), float(found.xyz[row, 1])
    u, v = round(origin[0] + x * scale), round(origin[1] - y * scale)
    if not (0 <= u < picture.shape[1] and 0 <= v < picture.shape[0]):
        return
    flags, speed = int(found.flags[row]), float(found.velocity_over_ground[row])
    if flags & RADAR_FALSE_ALARM:
        cv2.drawMarker(picture, (u, v), _NOISE, cv2.MARKER_TILTED_CROSS, 11, 2, cv2.LINE_AA)
        return
    color = speed_color(speed)
    if flags & RADAR_GHOST:
        _polygon(picture, [(u - 7, v), (u, v - 7), (u + 7, v), (u, v + 7)], _GHOST)
    elif flags & RADAR_MULTIPATH:
        _polygon(picture, [(u - 7, v + 6), (u + 7, v + 6), (u, v - 7)], color)
    else:
        cv2.circle(picture, (u, v), 3 if flags & RADAR_CLUTTER else 5, color, -1, cv2.LINE_AA)
    if abs(speed) > 1.0:
        tip = _AHEAD_S * speed * scale / max(math.hypot(x, y), 0.1)
        cv2.arrowedLine(picture, (u, v), (round(u + tip * x), round(v - tip * y)), color, 1, cv2.LINE_AA, tipLength=0.2)


def _polygon(picture: U1, corners: list[tuple[int, int]], color: Color) -> None:
    cv2.polylines(picture, [np.array(corners, np.int32)], True, color, 2, cv2.LINE_AA)


def _boxes(picture: U1, boxes: RadarBoxes, scale: float, origin: tuple[int, int]) -> None:
    square = np.array([[1, 1, 0], [1, -1, 0], [-1, -1, 0], [-1, 1, 0]]) / 2.0
    for row in range(len(boxes.instance)):
        if boxes.flags[row] & BOX_IS_EGO:
            continue
        corners = quat_rotate(boxes.quaternion[row], square * boxes.size[row]) + boxes.center[row]
        at = np.stack([origin[0] + corners[:, 0] * scale, origin[1] - corners[:, 1] * scale], axis=-1)
        seen = boxes.detections[row] > 0
        color = (235, 235, 240) if seen else (96, 100, 108)
        cv2.polylines(picture, [np.clip(at, -9999, 9999).round().astype(np.int32)], True, color, 1, cv2.LINE_AA)


def _map(decibels: F4, size: tuple[int, int]) -> U1:
    """A map with range upwards; colours from the noise to the strongest echo."""
    high = max(float(decibels.max(initial=0.0)), 20.0)
    colors = value_colors(decibels[::-1], np.ones(decibels.shape, bool), -2.0, 0.85 * high)
    picture = np.asarray(cv2.resize(colors, size, interpolation=cv2.INTER_NEAREST), np.uint8)
    _write(picture, f"-2 to {0.85 * high:.0f} dB", (12, 26), (255, 255, 255))
    return picture


def _write(picture: U1, words: str, at: tuple[int, int], color: Color) -> None:
    cv2.putText(picture, words, at, cv2.FONT_HERSHEY_SIMPLEX, 0.5, color, 1, cv2.LINE_AA)
