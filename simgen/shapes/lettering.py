"""Letters and digits as strokes, drawn by us, and pictures made of them: plates, liveries, roof signs."""

from __future__ import annotations

from functools import lru_cache
from itertools import pairwise
from typing import Final

import numpy as np

from simgen.records.base import F8, U1
from simgen.records.picture import Picture
from simgen.shapes.colors import Color

#: polylines on a grid of 4 x 6 steps, (across, up) in pairs of digits; "|" lifts the pen
_STROKES: Final[dict[str, str]] = {
    "A": "00 26 40|12 32", "B": "00 06 26 35 34 23 03|23 32 31 20 00", "C": "41 30 10 01 05 16 36 45",
    "D": "00 06 26 44 42 20 00", "E": "40 00 06 46|03 33", "F": "00 06 46|03 33",
    "G": "45 36 16 05 01 10 30 41 43 23", "H": "00 06|40 46|03 43", "I": "20 26", "J": "01 10 20 31 36",
    "K": "00 06|46 03 40", "L": "06 00 40", "M": "00 06 23 46 40", "N": "00 06 40 46",
    "O": "10 01 05 16 36 45 41 30 10", "P": "00 06 36 45 44 33 03", "Q": "10 01 05 16 36 45 41 30 10|22 40",
    "R": "00 06 36 45 44 33 03|23 40", "S": "01 10 30 41 42 33 13 04 05 16 36 45", "T": "20 26|06 46",
    "U": "06 01 10 30 41 46", "V": "06 20 46", "W": "06 10 23 30 46", "X": "00 46|06 40", "Y": "06 23 46|23 20",
    "Z": "06 46 00 40", "0": "10 01 05 16 36 45 41 30 10", "1": "04 26 20", "2": "05 16 36 45 44 00 40",
    "3": "05 16 36 45 44 33 13|33 42 41 30 10 01", "4": "30 36 02 42", "5": "46 06 03 33 42 41 30 10 01",
    "6": "36 16 04 01 10 30 41 42 33 03", "7": "06 46 10", "8": "13 04 05 16 36 45 44 33 13 02 01 10 30 41 42 33",
    "9": "10 30 42 45 36 16 05 04 13 43", "-": "13 33", ".": "20 21", "/": "00 46", ":": "21 22|24 25",
}  # fmt: skip
#: width of a stroke and from letter to letter, in steps of the grid
_PEN: Final = 0.95
_PITCH: Final = 5.6


def _segments(words: str) -> F8:
    """Strokes of a line of text, (S, 4): both ends; 0 = where the first letter and the line begin."""
    found: list[list[float]] = []
    for k, letter in enumerate(words.upper()):
        for line in _STROKES[letter].split("|") if letter in _STROKES else ():
            points = [(k * _PITCH + float(p[0]), float(p[1])) for p in line.split()]
            found += [[*a, *b] for a, b in pairwise(points)]
    return np.array(found, np.float64).reshape(-1, 4)


@lru_cache(maxsize=256)
def coverage(words: str, width_px: int, height_px: int, margin: float = 0.16, stretch: float = 1.25) -> F8:
    """How much of each pixel letters cover, (height, width), rows from the top, 0..1: centred, as large as they fit.

    ``margin``: share of the height left free above and below. Letters are squeezed to a width of at least
    1 / ``stretch`` of their natural one, then they get smaller.
    """
    strokes = _segments(words)
    if len(strokes) == 0:
        return np.zeros((height_px, width_px))
    long = _PITCH * len(words) - _PITCH + 4.0 + 2.0 * _PEN
    up = (1.0 - 2.0 * margin) * height_px / (6.0 + _PEN)
    along = min(up, 0.96 * width_px / long)
    up = min(up, stretch * along)
    x = (np.arange(width_px) + 0.5 - 0.5 * width_px) / along + 0.5 * (long - 2.0 * _PEN)
    y = 3.0 - (np.arange(height_px) + 0.5 - 0.5 * height_px) / up
    distance = np.full((height_px, width_px), 9.0)
    for x0, y0, x1, y1 in strokes:
        near = slice(*np.searchsorted(x, (min(x0, x1) - _PEN, max(x0, x1) + _PEN)))
        px, py = x[None, near] - x0, y[:, None] - y0
        length2 = (x1 - x0) ** 2 + (y1 - y0) ** 2
        t = np.clip((px * (x1 - x0) + py * (y1 - y0)) / length2, 0.0, 1.0)
        away = np.hypot(px - t * (x1 - x0), py - t * (y1 - y0))
        distance[:, near] = np.minimum(distance[:, near], away)
    return np.clip((0.5 * _PEN - distance) * min(along, up) + 0.5, 0.0, 1.0)


def srgb_codes(linear: F8) -> U1:
    """8-bit sRGB codes of linear light 0..1 (IEC 61966-2-1)."""
    c = np.clip(linear, 0.0, 1.0)
    coded = np.where(c <= 0.0031308, c * 12.92, 1.055 * c ** (1.0 / 2.4) - 0.055)
    return np.round(255.0 * coded).astype(np.uint8)


def picture(name: str, linear: F8) -> Picture:
    """A picture from linear light (H, W, 3) with all its halvings; both sides are powers of two."""
    light, levels, sizes = linear, [], []
    while True:
        height, width = light.shape[:2]
        levels.append(np.concatenate([srgb_codes(light), np.full((height, width, 1), 255, np.uint8)], -1))
        sizes.append((width, height))
        if height == width == 1:
            break
        if height > 1:
            light = 0.5 * (light[::2] + light[1::2])
        if width > 1:
            light = 0.5 * (light[:, ::2] + light[:, 1::2])
    return Picture(name=name, texels=np.concatenate([v.reshape(-1, 4) for v in levels]), sizes=tuple(sizes))


def inked(cover: F8, ink: Color, ground: Color | F8) -> F8:
    """Linear light (H, W, 3) of letters on a ground: one colour, or a picture (H, W, 3)."""
    return np.asarray(cover[..., None] * np.array(ink) + (1.0 - cover[..., None]) * np.asarray(ground))


def writable(letter: str) -> bool:
    """Whether there are strokes for a letter, or it is a space."""
    return letter == " " or letter.upper() in _STROKES


__all__ = ["coverage", "inked", "picture", "srgb_codes", "writable"]
