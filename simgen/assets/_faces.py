"""What a kind of traffic sign is: an outline, a size, and what is drawn on it."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Final

import numpy as np

from simgen.assets._arrows import ARROWS
from simgen.assets._canvas import BLACK, GREEN, RED, WHITE, YELLOW, Canvas, Drawing, Ink, Mark, band, placed
from simgen.assets._symbols import SYMBOLS
from simgen.records.base import F8
from simgen.shapes.signs import OUTLINES

Painter = Callable[[Canvas, str], None]

PICTURES: Final = {**SYMBOLS, **ARROWS}


@dataclass(frozen=True, kw_only=True)
class Face:
    """A sign's plate; lengths of ``width_m`` are those of the outline's two drawing units."""

    outline: str
    width_m: float
    ground: Ink
    paint: Painter
    #: what is written on it if the user says nothing; "" where the kind has no words
    words: str = ""
    #: one board for each turn, degrees: a crossbuck has two
    turns: tuple[float, ...] = (0.0,)

    @property
    def points(self) -> F8:
        """The plate's outline in drawing units."""
        return OUTLINES[self.outline]

    def canvas(self, words: str) -> Canvas:
        """The face as a picture."""
        low, high = self.points.min(0), self.points.max(0)
        made = Canvas((float(low[0]), float(low[1])), (float(high[0]), float(high[1])), self.ground)
        self.paint(made, words)
        return made


def inset(outline: F8, share: float, ink: int = 0, center: tuple[float, float] = (0.0, 0.0)) -> Mark:
    """An outline shrunk about a place."""
    return Mark(points=(outline - center) * share + center, ink=ink)


def framed(canvas: Canvas, outline: str, ink: Ink, inner: Ink, border: float = 0.07, gap: float = 0.0) -> None:
    """A border along a plate's rim, ``gap`` away from it: shrunk outlines, even in width."""
    points = OUTLINES[outline]
    half = np.abs(points).max(0)
    for depth, color in ((gap, ink), (gap + border, inner)):
        factor = (half - depth) / half if outline.startswith(("tall", "wide", "square", "slat")) else 1.0 - depth
        canvas.draw([Mark(points=points * factor)], color)


def symbol(name: str, x: float = 0.0, y: float = 0.0, size: float = 0.5) -> Drawing:
    """A pictogram or arrow at a place; ``size`` is half its box."""
    return placed(PICTURES[name], x, y, size)


def inks(ink: Ink, ground: Ink) -> tuple[Ink, ...]:
    """The colours of a pictogram: its own, the one behind it, then a signal's lamps."""
    return ink, ground, RED, YELLOW, GREEN


def slash(width: float, reach: float, *, rising: bool = False) -> Drawing:
    """A diagonal bar from the upper left to the lower right, or rising."""
    s = -1.0 if rising else 1.0
    d = reach * 0.7071
    return band(width, [[-d * s, d], [d * s, -d]])


def lines(canvas: Canvas, words: str, ink: Ink, height: float, width: float, y: float = 0.0, gap: float = 1.45) -> None:
    """Words separated by | as centred lines."""
    rows = words.split("|")
    for k, row in enumerate(rows):
        canvas.write(row, ink, 0.0, y + height * gap * (0.5 * (len(rows) - 1) - k), height, width)


def plain_text(ink: Ink, ground: Ink, outline: str, height: float, border: bool = True) -> Painter:
    """Lines of words in a frame."""

    def paint(canvas: Canvas, words: str) -> None:
        if border:
            framed(canvas, outline, ink, ground, 0.035, 0.035)
        half = float(OUTLINES[outline][:, 1].max())
        rows = words.count("|") + 1
        lines(canvas, words, ink, min(height, 1.4 * half / (1.45 * rows)), 1.75)

    return paint


#: a plate below a sign
SUPPLEMENT: Final = Face(
    outline="wide_1_3", width_m=0.6, ground=WHITE, paint=plain_text(BLACK, WHITE, "wide_1_3", 0.34), words="100 m"
)
