"""Faces of traffic signs: plates, rims and glyphs as thin solids that face +x."""

from __future__ import annotations

from typing import Final

import numpy as np
from numpy.typing import ArrayLike

from simgen.records.base import F8
from simgen.shapes.primitives import bar, prism
from simgen.shapes.soup import Soup, join

#: strokes of letters and digits in a cell of 1 x 2: pairs of end points (across, up)
_SEGMENTS: Final[dict[str, tuple[float, float, float, float]]] = {
    "a": (0, 2, 1, 2),
    "b": (1, 2, 1, 1),
    "c": (1, 1, 1, 0),
    "d": (0, 0, 1, 0),
    "e": (0, 1, 0, 0),
    "f": (0, 2, 0, 1),
    "g": (0, 1, 1, 1),
    "t": (0.5, 2, 0.5, 0),
}
_GLYPHS: Final[dict[str, str]] = {
    "0": "abcdef", "1": "bc", "2": "abged", "3": "abgcd", "4": "fgbc", "5": "afgcd", "6": "afgedc", "7": "abc",
    "8": "abcdefg", "9": "abcdfg", "S": "afgcd", "T": "at", "O": "abcdef", "P": "abefg",
}  # fmt: skip


def plate(outline: ArrayLike, depth: float, thickness: float = 0.006) -> Soup:
    """A flat shape (P, 2) of (across, up), counter-clockwise seen from ahead, its face at x = depth."""
    flat = prism(np.asarray(outline, np.float64), depth - thickness, depth)
    # across becomes +y, up +z, the prism's axis +x: a turn, so the winding stays
    return Soup(flat.vertices[:, [2, 0, 1]], flat.triangles, flat.tags)


def regular(corners: int, radius: float, turn_deg: float = 0.0) -> F8:
    """A regular polygon's outline; ``radius`` to the corners, the first at ``turn_deg`` from straight across."""
    angle = np.radians(turn_deg) + 2.0 * np.pi * np.arange(corners) / corners
    return radius * np.stack([np.cos(angle), np.sin(angle)], -1)


def text(words: str, height: float, depth: float) -> Soup:
    """Letters and digits, centred, as strokes on a face at x = depth."""
    half, stroke = 0.5 * height, 0.17 * height
    wide, step = 0.5 * height * 0.9, 0.5 * height * 0.9 + 1.9 * stroke
    left = 0.5 * (step * (len(words) - 1) + wide)
    parts = []
    for k, glyph in enumerate(words):
        for name in _GLYPHS[glyph]:
            x0, y0, x1, y1 = _SEGMENTS[name]
            # seen from ahead, +y is to the right
            start = [depth, -left + k * step + x0 * wide, (y0 - 1.0) * half]
            stop = [depth, -left + k * step + x1 * wide, (y1 - 1.0) * half]
            grow = 0.5 * stroke * np.sign(np.array(stop) - np.array(start))
            parts.append(bar(np.array(start) - grow, np.array(stop) + grow, *_thin(start, stop, stroke)))
    return join(parts)


def _thin(start: list[float], stop: list[float], stroke: float) -> tuple[float, float]:
    """Width and depth of a stroke so that it lies flat on the plate."""
    return (0.005, stroke) if start[2] == stop[2] else (stroke, 0.005)
