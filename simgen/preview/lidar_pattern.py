"""Where lidars look: the points of a frame on a plain wall, and what a sensor sees around it by direction."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import cv2
import numpy as np

from simgen.preview.colors import EMPTY, distance_colors, value_colors
from simgen.records.base import F8, U1, Bool
from simgen.records.frames import LidarFrame, LidarPoints

_PAPER = (250, 250, 248)
_INK = (28, 30, 34)
_GRID = (54, 58, 64)
#: fewer points than this are drawn as two by two pixels
_FEW = 60_000


def seen_around(points: LidarPoints, size: tuple[int, int]) -> U1:
    """Every point at its azimuth (left is left) and elevation, coloured by range; width covers what there is."""
    picture = np.full((size[1], size[0], 3), EMPTY, np.uint8)
    if len(points.range) == 0:
        return picture
    xyz = points.xyz.astype(np.float64)
    azimuth = np.degrees(np.arctan2(xyz[:, 1], xyz[:, 0]))
    elevation = np.degrees(np.arctan2(xyz[:, 2], np.hypot(xyz[:, 0], xyz[:, 1])))
    half = max(float(np.abs(azimuth).max()), 1.0)
    low, high = float(elevation.min()), float(elevation.max())
    scale = min(0.5 * (size[0] - 3) / half, (size[1] - 3) / max(high - low, 1.0))
    colors = distance_colors(points.range[None])[0]
    order = np.argsort(-points.range, kind="stable")
    u = 0.5 * size[0] - scale * azimuth
    v = 0.5 * size[1] - scale * (elevation - 0.5 * (low + high))
    for du, dv in ((0, 0), (1, 0), (0, 1), (1, 1)) if len(order) < _FEW else ((0, 0),):
        _dots(picture, u[order] + du, v[order] + dv, colors[order])
    return picture


def wall_sheet(
    frames: Mapping[str, Sequence[LidarFrame]],
    *,
    distance_m: float,
    span_m: tuple[float, float] = (44.0, 22.0),
    columns: int = 6,
    width: int = 4100,
) -> U1:
    """One panel an entry: its frames on a wall across x, coloured by time from the first point to the last.

    Points farther than half a metre from the wall's face are left out. Returns (H, W, 3) u1 RGB.
    """
    gap, cell = 16, (width - 16 * (columns + 1)) // columns
    height = round(cell * span_m[1] / span_m[0])
    rows = -(-len(frames) // columns)
    sheet = np.full((76 + rows * (height + 44) + gap, width, 3), _PAPER, np.uint8)
    words = f"Where lidars look: a wall {distance_m:g} m away, {span_m[0]:g} x {span_m[1]:g} m"
    _text(sheet, words, (gap, 34), 0.9, 2)
    _text(
        sheet,
        "colour = time, from blue to red; lines every 5 m; what does not repeat is shown after several frames too",
        (gap, 62),
        0.55,
        1,
    )
    for k, (name, taken) in enumerate(frames.items()):
        x, y = gap + (k % columns) * (cell + gap), 76 + (k // columns) * (height + 44)
        count = sum(int(_on_wall(frame.points, distance_m).sum()) for frame in taken)
        _text(sheet, f"{name}: {count:,} points", (x, y + 26), 0.65, 1)
        sheet[y + 36 : y + 36 + height, x : x + cell] = _wall(taken, distance_m, span_m, (cell, height))
    return sheet


def _wall(frames: Sequence[LidarFrame], distance_m: float, span_m: tuple[float, float], size: tuple[int, int]) -> U1:
    picture = np.full((size[1], size[0], 3), EMPTY, np.uint8)
    scale = size[0] / span_m[0]
    for k in range(-10, 11):
        u, v = round(size[0] / 2 + 5 * k * scale), round(size[1] / 2 + 5 * k * scale)
        cv2.line(picture, (u, 0), (u, size[1]), _GRID, 1)
        cv2.line(picture, (0, v), (size[0], v), _GRID, 1)
    hits = [_on_wall(frame.points, distance_m) for frame in frames]
    xyz = np.concatenate([f.points.xyz[on] for f, on in zip(frames, hits, strict=True)]).astype(np.float64)
    time = np.concatenate(
        [(f.time_ns + f.points.time_offset_ns[on]) * 1e-9 for f, on in zip(frames, hits, strict=True)]
    )
    if len(time):
        colors = value_colors(time, np.ones(len(time), bool), float(time.min()), float(time.max()))
        _dots(picture, size[0] / 2 - scale * xyz[:, 1], size[1] / 2 - scale * xyz[:, 2], colors)
    return picture


def _on_wall(points: LidarPoints, distance_m: float) -> Bool:
    return np.asarray(np.abs(points.xyz[:, 0] - distance_m) < 0.5)


def _dots(picture: U1, u: F8, v: F8, colors: U1) -> None:
    """One pixel a point; the last one wins."""
    column, row = np.floor(u).astype(int), np.floor(v).astype(int)
    inside = (column >= 0) & (column < picture.shape[1]) & (row >= 0) & (row < picture.shape[0])
    picture[row[inside], column[inside]] = colors[inside]


def _text(picture: U1, words: str, at: tuple[int, int], size: float, thick: int) -> None:
    cv2.putText(picture, words, at, cv2.FONT_HERSHEY_SIMPLEX, size, _INK, thick, cv2.LINE_AA)
