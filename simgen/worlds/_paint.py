"""Words and zigzag lines on roads, as quads a paint's thickness above them."""

from __future__ import annotations

import math
from typing import Final

import numpy as np

from simgen.polyline import Polyline
from simgen.records.base import F8
from simgen.shapes.ground_surfaces import PAINT_M

#: strokes of letters in a cell of 1 x 1 (across to the right, up): pairs of end points
_STROKES: Final[dict[str, tuple[tuple[float, float, float, float], ...]]] = {
    "S": ((0, 1, 1, 1), (0, 0.5, 0, 1), (0, 0.5, 1, 0.5), (1, 0, 1, 0.5), (0, 0, 1, 0)),
    "C": ((0, 1, 1, 1), (0, 0, 0, 1), (0, 0, 1, 0)),
    "H": ((0, 0, 0, 1), (1, 0, 1, 1), (0, 0.5, 1, 0.5)),
    "O": ((0, 1, 1, 1), (0, 0, 0, 1), (0, 0, 1, 0), (1, 0, 1, 1)),
    "L": ((0, 0, 0, 1), (0, 0, 1, 0)),
    "T": ((0, 1, 1, 1), (0.5, 0, 0.5, 1)),
    "P": ((0, 0, 0, 1), (0, 1, 1, 1), (0, 0.5, 1, 0.5), (1, 0.5, 1, 1)),
    "U": ((0, 0, 0, 1), (0, 0, 1, 0), (1, 0, 1, 1)),
    "B": ((0, 0, 0, 1), (0, 1, 1, 1), (0, 0.5, 1, 0.5), (0, 0, 1, 0), (1, 0, 1, 1)),
    "3": ((0, 1, 1, 1), (0, 0.5, 1, 0.5), (0, 0, 1, 0), (1, 0, 1, 1)),
    "0": ((0, 1, 1, 1), (0, 0, 0, 1), (0, 0, 1, 0), (1, 0, 1, 1)),
}


def letters(words: str, at: tuple[float, float], heading: float, *, tall_m: float, wide_m: float) -> F8:
    """Quads (K, 4, 3) of letters to be read by those who drive along ``heading``; ``at`` is the middle of their foot.

    They are stretched along the road, as such letters are.
    """
    cell = wide_m / len(words)
    wide, stroke = 0.62 * cell, 0.17 * cell
    long = 0.10 * tall_m
    rects = []
    for k, glyph in enumerate(words):
        left = -0.5 * wide_m + k * cell + 0.5 * (cell - wide)
        for x0, y0, x1, y1 in _STROKES[glyph]:
            low = (left + min(x0, x1) * wide, min(y0, y1) * tall_m)
            high = (left + max(x0, x1) * wide, max(y0, y1) * tall_m)
            grow = (0.5 * stroke, 0.0) if x0 == x1 else (0.5 * stroke, 0.5 * long)
            rects.append((low[0] - grow[0], high[0] + grow[0], low[1] - grow[1], high[1] + grow[1]))
    across0, across1, up0, up1 = np.array(rects).T
    # right of the reader is -y of a frame whose x points ahead
    local = [(up0, -across1), (up1, -across1), (up1, -across0), (up0, -across0)]
    return _placed(np.stack([np.stack(p, -1) for p in local], 1), at, heading)


def _placed(flat: F8, at: tuple[float, float], heading: float) -> F8:
    """Points (..., 2) of a frame on the road, in the world."""
    c, s = math.cos(heading), math.sin(heading)
    x, y = c * flat[..., 0] - s * flat[..., 1] + at[0], s * flat[..., 0] + c * flat[..., 1] + at[1]
    return np.stack([x, y, np.full_like(x, PAINT_M)], -1)


def zigzag(line: Polyline, start_m: float, end_m: float, aside_m: float, width_m: float = 0.12) -> F8:
    """Quads (K, 4, 3) of a zigzag along a line, to its left: who stands here is in the way of children."""
    count = max(int((end_m - start_m) / 2.0), 1)
    s = np.linspace(start_m, end_m, count + 1)
    lateral = aside_m + np.where(np.arange(count + 1) % 2 == 0, -0.35, 0.35)
    p = line.at(s, lateral)
    step = p[1:, :2] - p[:-1, :2]
    normal = np.stack([-step[:, 1], step[:, 0]], -1) / np.hypot(*step.T)[:, None] * 0.5 * width_m
    side = np.concatenate([normal, np.zeros((count, 1))], 1)
    quads = np.stack([p[:-1] + side, p[:-1] - side, p[1:] - side, p[1:] + side], 1)
    quads[..., 2] += PAINT_M
    return np.asarray(quads)
