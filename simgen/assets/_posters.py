"""Posters that advertise nothing real."""

from __future__ import annotations

from typing import Final

import numpy as np

from simgen.assets._canvas import Canvas, Ink, Mark, disc, rect
from simgen.rng import stream

_GROUNDS: Final[tuple[Ink, ...]] = (
    (214, 60, 52),
    (28, 92, 150),
    (236, 190, 40),
    (40, 128, 92),
    (230, 228, 220),
    (96, 48, 120),
)
_WORDS: Final = ("FRESH", "SUMMER", "NEW", "OPEN AIR", "COFFEE", "SALE", "JAZZ", "TRAVEL", "MUSEUM", "BREAD")


def poster(variant: int, tall: float) -> Canvas:
    """A picture one unit wide and ``tall`` high: a ground, a big shape, a headline and small print."""
    rng = stream(variant, "poster")
    ground, other, ink = (_GROUNDS[k] for k in rng.permutation(len(_GROUNDS))[:3])
    canvas = Canvas((0.0, 0.0), (1.0, tall), ground, 256)
    x, y = rng.uniform(0.25, 0.75), rng.uniform(0.35, 0.6) * tall
    if rng.uniform() < 0.5:
        canvas.draw([disc(x, y, 0.3)], other)
        canvas.draw([disc(x + 0.1, y - 0.08, 0.14)], ink)
    else:
        t = np.linspace(0.0, 1.0, 20)
        for k in range(4):
            wave = np.stack([t, (0.2 + 0.12 * k) * tall + 0.08 * np.sin(6.0 * t + k + x * 9.0)], -1)
            canvas.draw([Mark(points=wave, width=0.07)], other if k % 2 else ink)
    light: Ink = (245, 244, 240) if sum(ground) < 480 else (26, 26, 30)
    canvas.write(_WORDS[int(rng.integers(len(_WORDS)))], light, 0.5, 0.86 * tall, 0.13, 0.85)
    canvas.draw(
        [
            rect(0.1, 0.05 * tall + 0.035 * k, 0.1 + rng.uniform(0.4, 0.8), 0.05 * tall + 0.035 * k + 0.016)
            for k in range(3)
        ],
        light,
    )
    return canvas
