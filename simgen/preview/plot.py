"""Small diagrams: lines and dots over two axes with round numbers, drawn with OpenCV alone."""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import Final

import cv2
import numpy as np

from simgen.records.base import F8, U1

Color = tuple[int, int, int]

PAPER: Final[Color] = (255, 255, 255)
INK: Final[Color] = (40, 42, 48)
GRID: Final[Color] = (228, 230, 233)
GRAY: Final[Color] = (165, 168, 174)
RED: Final[Color] = (208, 60, 52)
GREEN: Final[Color] = (38, 148, 74)
BLUE: Final[Color] = (44, 98, 208)
ORANGE: Final[Color] = (232, 138, 22)
_FONT: Final = cv2.FONT_HERSHEY_SIMPLEX
#: left, top, right, bottom, px
_MARGIN: Final = (92, 46, 22, 58)
#: fractional bits of OpenCV's coordinates
_SHIFT: Final = 4


@dataclass(frozen=True, kw_only=True)
class Diagram:
    """A sheet with two axes; draw on it, then take ``picture``."""

    picture: U1
    x: tuple[float, float]
    y: tuple[float, float]

    def _at(self, x: F8, y: F8) -> np.ndarray:
        """Pixels with fractional bits, (N, 2) int."""
        left, top, right, bottom = _MARGIN
        height, width = self.picture.shape[:2]
        u = left + (x - self.x[0]) / (self.x[1] - self.x[0]) * (width - left - right)
        v = height - bottom - (y - self.y[0]) / (self.y[1] - self.y[0]) * (height - top - bottom)
        out = np.stack([u, v], axis=-1)
        return np.asarray(np.clip(out, -20000, 20000) * (1 << _SHIFT)).round().astype(np.int32)

    def line(self, x: F8, y: F8, color: Color, thickness: int = 2) -> None:
        """A line through points (N,), (N,)."""
        points = self._at(np.asarray(x, np.float64), np.asarray(y, np.float64))
        if len(points) > 1:
            inner = self._inner()
            cv2.polylines(inner, [points - self._corner()], False, color, thickness, cv2.LINE_AA, _SHIFT)

    def dots(self, x: F8, y: F8, color: Color, radius: int = 4) -> None:
        """A dot at each point (N,), (N,)."""
        inner, corner = self._inner(), self._corner()
        for point in self._at(np.asarray(x, np.float64), np.asarray(y, np.float64)):
            at = (point - corner).tolist()
            cv2.circle(inner, at, radius << _SHIFT, color, -1, cv2.LINE_AA, _SHIFT)

    def legend(self, *entries: tuple[str, Color]) -> None:
        """Names of the colours over the diagram."""
        x = _MARGIN[0]
        for words, color in entries:
            cv2.line(self.picture, (x, 26), (x + 26, 26), color, 4, cv2.LINE_AA)
            cv2.putText(self.picture, words, (x + 34, 32), _FONT, 0.62, INK, 1, cv2.LINE_AA)
            x += 34 + cv2.getTextSize(words, _FONT, 0.62, 1)[0][0] + 28

    def _inner(self) -> U1:
        left, top, right, bottom = _MARGIN
        return self.picture[top : self.picture.shape[0] - bottom, left : self.picture.shape[1] - right]

    @staticmethod
    def _corner() -> np.ndarray:
        return np.array([_MARGIN[0] << _SHIFT, _MARGIN[1] << _SHIFT], np.int32)


def diagram(
    x: tuple[float, float], y: tuple[float, float], labels: tuple[str, str], size: tuple[int, int] = (900, 506)
) -> Diagram:
    """An empty sheet with axes over two ranges, their names at the ends; size is width, height."""
    out = Diagram(picture=np.full((size[1], size[0], 3), PAPER, np.uint8), x=_widened(x), y=_widened(y))
    left, top, right, bottom = _MARGIN
    width, height = size
    for value in round_numbers(*out.x, 8):
        u = int(out._at(np.array([value]), np.array([out.y[0]]))[0, 0]) >> _SHIFT
        cv2.line(out.picture, (u, top), (u, height - bottom), GRID, 1)
        _centred(out.picture, _short(value), u, height - bottom + 24)
    for value in round_numbers(*out.y, 6):
        v = int(out._at(np.array([out.x[0]]), np.array([value]))[0, 1]) >> _SHIFT
        cv2.line(out.picture, (left, v), (width - right, v), GRID, 1)
        words = _short(value)
        w = cv2.getTextSize(words, _FONT, 0.55, 1)[0][0]
        cv2.putText(out.picture, words, (left - 8 - w, v + 6), _FONT, 0.55, INK, 1, cv2.LINE_AA)
    cv2.rectangle(out.picture, (left, top), (width - right, height - bottom), GRAY, 1)
    _centred(out.picture, labels[0], (left + width - right) // 2, height - 8)
    cv2.putText(out.picture, labels[1], (8, 32), _FONT, 0.55, INK, 1, cv2.LINE_AA)
    return out


def map_diagram(points: F8, labels: tuple[str, str] = ("east, m", "north, m")) -> Diagram:
    """A sheet of one scale that holds points (N, 2)."""
    size = (900, 506)
    left, top, right, bottom = _MARGIN
    low, high = points.min(0), points.max(0)
    middle, span = 0.5 * (low + high), np.maximum(1.12 * (high - low), 1.0)
    scale = max(span[0] / (size[0] - left - right), span[1] / (size[1] - top - bottom))
    half_x, half_y = 0.5 * scale * (size[0] - left - right), 0.5 * scale * (size[1] - top - bottom)
    x = (float(middle[0] - half_x), float(middle[0] + half_x))
    y = (float(middle[1] - half_y), float(middle[1] + half_y))
    return diagram(x, y, labels, size)


def reach(*values: F8, least: float = 1e-6) -> tuple[float, float]:
    """A range that holds all values, and a little more."""
    every = np.concatenate([np.asarray(v, np.float64).ravel() for v in values])
    low, high = float(every.min()), float(every.max())
    room = max(0.06 * (high - low), 0.5 * (least - (high - low)), 0.0)
    return low - room, high + room


def round_numbers(low: float, high: float, most: int) -> list[float]:
    """Multiples of 1, 2 or 5 times a power of ten within a range, at most so many."""
    step = 10.0 ** math.floor(math.log10((high - low) / most))
    step *= next(m for m in (1.0, 2.0, 5.0, 10.0) if (high - low) / (m * step) <= most)
    return [k * step for k in range(math.ceil(low / step), math.floor(high / step) + 1)]


def _widened(span: tuple[float, float]) -> tuple[float, float]:
    low, high = span
    return (low, high) if high - low > 1e-9 else (low - 0.5, high + 0.5)


def _short(value: float) -> str:
    return f"{value:.4g}" if abs(value) > 1e-12 else "0"


def _centred(picture: U1, words: str, x: int, y: int) -> None:
    w = cv2.getTextSize(words, _FONT, 0.55, 1)[0][0]
    cv2.putText(picture, words, (x - w // 2, y), _FONT, 0.55, INK, 1, cv2.LINE_AA)


__all__ = ["BLUE", "GRAY", "GREEN", "INK", "ORANGE", "RED", "Diagram", "diagram", "map_diagram", "reach"]
