"""A tiny vector language: shapes in drawing units, filled without jagged edges into a picture for a surface."""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field, replace
from functools import lru_cache
from typing import Final

import numpy as np
from numpy.typing import ArrayLike

from simgen.assets._pictures import linear_of, picture_of
from simgen.errors import UserError
from simgen.records.base import F8, U1
from simgen.records.picture import Picture, Skin

#: 8-bit sRGB
Ink = tuple[int, int, int]

#: near the middle of the chromaticity boxes of EN 12899-1 and 23 CFR 655 (sheeting by day)
WHITE: Final[Ink] = (232, 233, 230)
BLACK: Final[Ink] = (24, 24, 26)
RED: Final[Ink] = (186, 22, 30)
BLUE: Final[Ink] = (12, 78, 156)
YELLOW: Final[Ink] = (244, 190, 8)
GREEN: Final[Ink] = (0, 108, 76)
ORANGE: Final[Ink] = (238, 112, 20)
BROWN: Final[Ink] = (104, 66, 40)
GREY: Final[Ink] = (128, 130, 132)
LIME: Final[Ink] = (196, 224, 32)

#: samples an edge is averaged over, along each axis
_OVER: Final = 4


@dataclass(frozen=True, kw_only=True, eq=False)
class Mark:
    """A filled polygon (width 0) or a stroke with round ends; ``ink`` picks among the colours of a drawing."""

    points: F8
    width: float = 0.0
    ink: int = 0


Drawing = tuple[Mark, ...]


def fill(*points: tuple[float, float], ink: int = 0) -> Mark:
    """A polygon."""
    return Mark(points=np.array(points, np.float64), ink=ink)


def stroke(width: float, *points: tuple[float, float], ink: int = 0) -> Mark:
    """A line of a width."""
    return Mark(points=np.array(points, np.float64), width=width, ink=ink)


def disc(x: float, y: float, radius: float, ink: int = 0) -> Mark:
    """A filled circle."""
    return Mark(points=arc(x, y, radius, 0.0, 354.0, 60), ink=ink)


def ring(x: float, y: float, radius: float, width: float, ink: int = 0) -> Mark:
    """A circle's line."""
    return Mark(points=arc(x, y, radius, 0.0, 360.0, 49), width=width, ink=ink)


def rect(x0: float, y0: float, x1: float, y1: float, ink: int = 0) -> Mark:
    """An upright rectangle."""
    return fill((x0, y0), (x1, y0), (x1, y1), (x0, y1), ink=ink)


def arc(x: float, y: float, radius: float, start_deg: float, stop_deg: float, count: int = 17) -> F8:
    """Points (count, 2) of a circular arc."""
    angle = np.radians(np.linspace(start_deg, stop_deg, count))
    return np.stack([x + radius * np.cos(angle), y + radius * np.sin(angle)], -1)


def arrow(width: float, points: ArrayLike, head: float = 2.6, ink: int = 0) -> Drawing:
    """A line with a flat start and a triangular head of ``head`` widths at its last point."""
    p = np.asarray(points, np.float64)
    reach = 0.85 * head * width
    step = np.diff(p, axis=0)
    left = np.cumsum(np.hypot(step[:, 0], step[:, 1])[::-1])[::-1]
    kept = np.flatnonzero(left > reach)
    last = int(kept[-1]) if len(kept) else 0
    share = (left[last] - reach) / np.hypot(*step[last])
    neck = p[last] + share * step[last]
    along = (p[-1] - neck) / np.hypot(*(p[-1] - neck))
    side = 0.5 * head * width * np.array([-along[1], along[0]])
    tip = Mark(points=np.array([neck + side, p[-1], neck - side]), ink=ink)
    return *band(width, np.concatenate([p[: last + 1], [neck + 0.03 * along]]), ink), tip


def band(width: float, points: ArrayLike, ink: int = 0) -> Drawing:
    """A line with flat ends and mitred corners."""
    p = np.asarray(points, np.float64)
    step = np.diff(p, axis=0)
    normal = np.stack([-step[:, 1], step[:, 0]], -1) / np.hypot(step[:, 0], step[:, 1])[:, None]
    mean = np.concatenate([normal[:1], 0.5 * (normal[:-1] + normal[1:]), normal[-1:]])
    side = 0.5 * width * mean / (mean**2).sum(1)[:, None].clip(0.3)
    return (Mark(points=np.concatenate([p + side, (p - side)[::-1]]), ink=ink),)


def placed(
    drawing: Iterable[Mark], x: float = 0.0, y: float = 0.0, size: float = 1.0, *, flip: bool = False
) -> Drawing:
    """Scaled about the origin, mirrored if asked, and moved."""
    factor = np.array([-size if flip else size, size])
    return tuple(replace(m, points=m.points * factor + [x, y], width=m.width * size) for m in drawing)


def turned(drawing: Iterable[Mark], angle_deg: float) -> Drawing:
    """Turned about the origin, counter-clockwise."""
    c, s = np.cos(np.radians(angle_deg)), np.sin(np.radians(angle_deg))
    return tuple(
        replace(
            m, points=np.stack([c * m.points[:, 0] - s * m.points[:, 1], s * m.points[:, 0] + c * m.points[:, 1]], -1)
        )
        for m in drawing
    )


class Canvas:
    """A picture of a rectangle of drawing units: x to the right, y up."""

    def __init__(self, low: tuple[float, float], high: tuple[float, float], ground: Ink, pixels: int = 256) -> None:
        self.low, self.high = np.array(low), np.array(high)
        span = self.high - self.low
        # powers of two halve evenly
        shape = [int(2 ** np.clip(np.round(np.log2(pixels * s / span.max())), 4, 11)) for s in span]
        self._size = shape[0], shape[1]
        self._scale = np.array(self._size) * _OVER / span
        self._image = np.full((shape[1] * _OVER, shape[0] * _OVER, 3), ground, np.uint8)

    def draw(self, drawing: Iterable[Mark], *inks: Ink) -> None:
        """Marks one over the other, each in the colour that it picks."""
        import cv2

        for mark in drawing:
            if mark.width > 0.0:
                points = self._pixels(mark.points, 1.0).round().astype(np.int32)
                thick = max(round(mark.width * float(self._scale.min())), 1)
                cv2.polylines(self._image, [points], False, inks[mark.ink], thick, cv2.LINE_8)
            else:
                points = self._pixels(mark.points, 16.0).round().astype(np.int32)
                cv2.fillPoly(self._image, [points], inks[mark.ink], cv2.LINE_8, 4)

    def write(
        self, words: str, ink: Ink, x: float, y: float, height: float, width: float = 0.0, weight: float = 0.2
    ) -> None:
        """Letters centred on a place, ``height`` units tall, narrowed to ``width`` where that is given and less.

        Raises:
            UserError: a letter that the stroke font lacks.
        """
        import cv2

        if not words.strip():
            return
        mask = _lettering(words, weight)
        tall = max(round(height * self._scale[1]), 1)
        wide = max(round(mask.shape[1] * tall / mask.shape[0] * self._scale[0] / self._scale[1]), 1)
        if width > 0.0:
            wide = min(wide, max(round(width * self._scale[0]), 1))
        small = cv2.resize(mask, (wide, tall), interpolation=cv2.INTER_AREA)
        cx, cy = self._pixels(np.array([[x, y]]), 1.0)[0]
        left, top = round(cx - 0.5 * wide), round(cy - 0.5 * tall)
        rows, cols = self._image.shape[:2]
        r0, c0, r1, c1 = max(top, 0), max(left, 0), min(top + tall, rows), min(left + wide, cols)
        if r0 >= r1 or c0 >= c1:
            return
        share = small[r0 - top : r1 - top, c0 - left : c1 - left, None].astype(np.float32) / np.float32(255.0)
        part = self._image[r0:r1, c0:c1]
        part[:] = np.round(part * (1.0 - share) + np.array(ink, np.float32) * share).astype(np.uint8)

    def _pixels(self, points: F8, factor: float) -> F8:
        x = (points[:, 0] - self.low[0]) * self._scale[0] - 0.5
        y = (self.high[1] - points[:, 1]) * self._scale[1] - 0.5
        return factor * np.stack([x, y], -1)

    def rgba(self) -> U1:
        """Pixels (H, W, 4), rows from the top."""
        import cv2

        small = cv2.resize(self._image, self._size, interpolation=cv2.INTER_AREA)
        return np.concatenate([small, np.full((*small.shape[:2], 1), 255, np.uint8)], -1)

    def uv(self, points: F8) -> F8:
        """Texture coordinates of places (..., 2) in drawing units."""
        return np.asarray((points - self.low) / (self.high - self.low))


@dataclass(frozen=True)
class _Print:
    """A picture told from others by its digest."""

    name: str
    digest: bytes
    pixels: U1 = field(compare=False, repr=False)


def skin_of(name: str, rgba: U1) -> tuple[Skin, tuple[float, float, float]]:
    """A skin that shows a picture, and the picture's mean in linear light; equal pictures are one object."""
    digest = hashlib.blake2b(rgba.tobytes() + str(rgba.shape).encode(), digest_size=16).digest()
    return _skin(_Print(name, digest, rgba))


@lru_cache(maxsize=256)
def _skin(printed: _Print) -> tuple[Skin, tuple[float, float, float]]:
    picture: Picture = picture_of(printed.name, printed.pixels, srgb=True)
    r, g, b = (round(float(v), 5) for v in linear_of(printed.pixels[..., :3]).mean((0, 1)))
    return Skin(color=picture), (r, g, b)


def _lettering(words: str, weight: float) -> U1:
    """A mask of letters cropped to their ink across and to the capitals' height; strokes of a share of it."""
    import cv2

    check_words(words)
    font, scale = cv2.FONT_HERSHEY_SIMPLEX, 5.0
    # capitals of the font are 21 units tall, from its base line
    cap = round(21.0 * scale)
    thick = max(round(weight * cap * 1.1), 1)
    parts = [_glyph(c, font, scale, cap, thick) for c in words]
    gap = np.zeros((parts[0].shape[0], round(0.12 * cap)), np.uint8)
    row = np.concatenate([p for part in parts for p in (part, gap)][:-1], 1)
    return np.asarray(row)


def _glyph(letter: str, font: int, scale: float, cap: int, thick: int) -> U1:
    import cv2

    if letter == " ":
        return np.zeros((cap + thick, round(0.35 * cap)), np.uint8)
    if letter == "0":
        # signs have no stroke through the nought
        round_one = _glyph("O", font, scale, cap, thick)
        size = (round(0.86 * round_one.shape[1]), round_one.shape[0])
        return np.asarray(cv2.resize(round_one, size, interpolation=cv2.INTER_AREA))
    (wide, _), _ = cv2.getTextSize(letter, font, scale, thick)
    image = np.zeros((cap + thick, wide + 4 * thick), np.uint8)
    cv2.putText(image, letter, (2 * thick, cap + thick // 2), font, scale, 255, thick, cv2.LINE_AA)
    used = np.flatnonzero(image.max(0))
    return image[:, used[0] : used[-1] + 1] if len(used) else image[:, :thick]


def check_words(words: str) -> None:
    """Complain about letters that signs cannot show.

    Raises:
        UserError: anything but printable ASCII.
    """
    bad = [c for c in words if not 32 <= ord(c) < 127]
    if bad:
        raise UserError(f"text: signs are lettered in plain ASCII, not {bad[0]!r}; write it without accents")


def merged(*drawings: Sequence[Mark]) -> Drawing:
    """Several drawings as one."""
    return tuple(m for d in drawings for m in d)
