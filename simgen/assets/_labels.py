"""Pictures drawn for things: packs, labels, covers, screens. Every word on them is invented.

Each is drawn once for its style, variant and size, and then shared (surfaces compare pictures by identity).
"""

from __future__ import annotations

from collections.abc import Callable
from functools import lru_cache
from typing import Any, Final

import numpy as np

from simgen.assets._pictures import linear_of, picture_of
from simgen.records.base import F4
from simgen.records.mesh import Surface
from simgen.records.picture import Picture, Skin
from simgen.rng import Stream, stream

_BRANDS: Final = (
    "MALVA", "Orbino", "TERRO", "Kestrel", "Lumo", "VIVANT", "Nordal", "Pipla", "SOLENO", "Brakka", "Fjella", "Mistri",
    "ZENITO", "Calda", "Ruvo", "HALDEN", "Tamari", "Elmo", "QUINTA", "Bosco",
)  # fmt: skip
_GOODS: Final = (
    "crunch flakes", "whole oats", "tomato soup", "green tea", "fine pasta", "corn puffs", "rice", "biscuits", "cocoa",
    "honey muesli", "chick peas", "orange drink", "spring water", "lemonade", "olive oil", "detergent", "crackers",
)  # fmt: skip
_TITLES: Final = (
    "The Long Tide", "Field Notes", "A Quiet Engine", "Maps of Salt", "Winter Garden", "On Bridges", "Small Stars",
    "Atlas of Rooms", "The Last Orchard", "Measure Twice",
)  # fmt: skip
_FONTS: Final = (0, 2, 3, 4)  # of OpenCV's Hershey fonts: simplex, duplex, complex, triplex
_DARK: Final = (30, 30, 34)
_WHITE: Final = (244, 243, 238)

Canvas = Any


def pictured(style: str, variant: int, width: int, height: int, **surface: Any) -> Surface:
    """A surface with a drawn picture of that size in pixels; its plain colour is the picture's mean."""
    picture, mean = drawn(style, variant, width, height)
    glow = surface.pop("glow_cd_m2", 0.0)
    if glow:
        emission = tuple(glow * c for c in mean)
        surface["emission"] = emission
        skin = Skin(color=picture, glow=picture)
    else:
        skin = Skin(color=picture)
    return Surface(base_color=mean, skin=skin, **surface)


@lru_cache(maxsize=1024)
def drawn(style: str, variant: int, width: int, height: int) -> tuple[Picture, tuple[float, float, float]]:
    """The picture and its mean linear colour."""
    rng = stream(variant, "label", style)
    canvas = np.zeros((height, width, 3), np.uint8)
    _STYLES[style](canvas, rng)
    mean: F4 = linear_of(canvas).reshape(-1, 3).mean(0)
    rgba = np.concatenate([canvas, np.full((height, width, 1), 255, np.uint8)], -1)
    r, g, b = (round(float(c), 4) for c in mean)
    return picture_of(f"{style}-{variant}", rgba, srgb=True), (r, g, b)


def hue(rng: Stream, value: float = 0.8, saturation: float = 0.8) -> tuple[int, int, int]:
    """A drawn colour of that value and saturation, 8-bit sRGB."""
    h = 6.0 * float(rng.random())
    k = (np.array([5.0, 3.0, 1.0]) + h) % 6.0
    rgb = value * (1.0 - saturation * np.clip(np.minimum(k, 4.0 - k), 0.0, 1.0))
    r, g, b = (round(255.0 * float(c)) for c in rgb)
    return r, g, b


def _fill(canvas: Canvas, color: tuple[int, int, int]) -> None:
    canvas[:] = color


def _word(canvas: Canvas, text: str, middle: tuple[float, float], width: float, color: Any, font: int = 2) -> None:
    """A word, centred, as wide as asked (at most a third of the picture high)."""
    import cv2

    (w, h), _ = cv2.getTextSize(text, font, 1.0, 2)
    scale = min(width / w, 0.33 * canvas.shape[0] / h)
    thick = max(round(2.6 * scale), 1)
    (w, h), _ = cv2.getTextSize(text, font, scale, thick)
    at = (int(middle[0] - 0.5 * w), int(middle[1] + 0.5 * h))
    cv2.putText(canvas, text, at, font, scale, color, thick, cv2.LINE_AA)


def _lines(canvas: Canvas, x: int, y: int, width: int, count: int, step: int, rng: Stream, color: Any) -> None:
    """Small print that nobody reads."""
    for k in range(count):
        length = int(width * rng.uniform(0.6, 1.0))
        canvas[y + k * step : y + k * step + max(step // 3, 1), x : x + length] = color


def barcode(canvas: Canvas, x: int, y: int, width: int, height: int, rng: Stream) -> None:
    """Bars on white, with the quiet zone around them."""
    canvas[y : y + height, x : x + width] = _WHITE
    modules = max(width - 8, 8)
    bars = np.repeat(rng.random(modules // 2 + 1) < 0.5, 2)[:modules]
    strip = canvas[y + 3 : y + height - 5, x + 4 : x + 4 + modules]
    strip[:, bars[: strip.shape[1]]] = (12, 12, 12)


def _fruit(canvas: Canvas, middle: tuple[int, int], size: int, rng: Stream) -> None:
    """A picture of the goods: a bowl, a pile, a sun or leaves."""
    import cv2

    x, y = middle
    which = int(rng.integers(4))
    first, second = hue(rng, 0.9, 0.75), hue(rng, 0.95, 0.6)
    if which == 0:
        cv2.ellipse(canvas, (x, y), (size, int(0.75 * size)), 0, 0, 180, _WHITE, -1, cv2.LINE_AA)
        for _ in range(14):
            at = int(x + rng.uniform(-0.8, 0.8) * size), int(y - rng.uniform(0.0, 0.25) * size)
            cv2.circle(canvas, at, max(size // 6, 1), first, -1, cv2.LINE_AA)
        cv2.ellipse(canvas, (x, y), (size, size // 6), 0, 0, 180, (210, 210, 205), 2, cv2.LINE_AA)
    elif which == 1:
        for _ in range(9):
            at = int(x + rng.uniform(-0.7, 0.7) * size), int(y + rng.uniform(-0.4, 0.5) * size)
            cv2.circle(canvas, at, size // 3, first, -1, cv2.LINE_AA)
            cv2.circle(canvas, (at[0] - size // 10, at[1] - size // 10), size // 8, second, -1, cv2.LINE_AA)
    elif which == 2:
        for angle in range(0, 360, 30):
            c, s = np.cos(np.radians(angle)), np.sin(np.radians(angle))
            cv2.line(canvas, (x, y), (int(x + size * c), int(y + size * s)), second, max(size // 9, 1), cv2.LINE_AA)
        cv2.circle(canvas, (x, y), int(0.6 * size), first, -1, cv2.LINE_AA)
    else:
        for angle in range(0, 360, 45):
            cv2.ellipse(canvas, (x, y), (size, size // 4), angle, 0, 200, first, -1, cv2.LINE_AA)
        cv2.circle(canvas, (x, y), size // 4, second, -1, cv2.LINE_AA)


def _front(tile: Canvas, rng: Stream, ground: tuple[int, int, int], accent: tuple[int, int, int], brand: str) -> None:
    """What a pack shows its buyers: brand on a band, a picture, what it is, how much."""
    import cv2

    h, w = tile.shape[:2]
    fade = np.linspace(1.0, float(rng.uniform(0.6, 1.1)), h)[:, None, None]
    tile[:] = np.clip(np.array(ground) * fade, 0, 255).astype(np.uint8)
    if rng.random() < 0.5:
        cv2.ellipse(tile, (w // 2, int(0.2 * h)), (int(0.75 * w), int(0.22 * h)), 0, 0, 360, accent, -1, cv2.LINE_AA)
    else:
        tile[int(0.08 * h) : int(0.3 * h)] = accent
    ink = _WHITE if sum(accent) < 420 else _DARK
    _word(tile, brand, (0.5 * w, 0.19 * h), 0.8 * w, ink, _FONTS[int(rng.integers(4))])
    _fruit(tile, (w // 2, int(0.62 * h)), int(min(0.34 * w, 0.2 * h)), rng)
    low = _WHITE if sum(ground) < 420 else _DARK
    _word(tile, _GOODS[int(rng.integers(len(_GOODS)))], (0.5 * w, 0.4 * h), 0.72 * w, low, 0)
    _word(tile, f"{int(rng.integers(2, 20)) * 50} g", (0.78 * w, 0.93 * h), 0.26 * w, low, 0)


def _schemed(rng: Stream) -> tuple[tuple[int, int, int], tuple[int, int, int], str]:
    pale = rng.random() < 0.3
    ground = hue(rng, 0.95, 0.12) if pale else hue(rng, float(rng.uniform(0.45, 0.9)), float(rng.uniform(0.55, 0.95)))
    accent = hue(rng, float(rng.uniform(0.35, 0.95)), float(rng.uniform(0.5, 1.0)))
    return ground, accent, _BRANDS[int(rng.integers(len(_BRANDS)))]


def _pack(canvas: Canvas, rng: Stream) -> None:
    """A folding box: tiles for front and back, sides, and top."""
    ground, accent, brand = _schemed(rng)
    t = canvas.shape[1] // 3
    h = canvas.shape[0]
    _front(canvas[:, :t], rng, ground, accent, brand)
    side = canvas[:, t : 2 * t]
    _fill(side, ground)
    side[int(0.06 * h) : int(0.2 * h)] = accent
    _word(side, brand, (0.5 * t, 0.13 * h), 0.7 * t, _WHITE if sum(accent) < 420 else _DARK)
    side[int(0.28 * h) : int(0.62 * h), int(0.12 * t) : int(0.88 * t)] = _WHITE
    _lines(side, int(0.16 * t), int(0.31 * h), int(0.66 * t), 9, max(int(0.033 * h), 2), rng, (70, 70, 70))
    barcode(side, int(0.2 * t), int(0.72 * h), int(0.6 * t), int(0.2 * h), rng)
    top = canvas[:, 2 * t :]
    _fill(top, accent)
    _word(top, brand, (0.5 * t, 0.5 * h), 0.8 * t, _WHITE if sum(accent) < 420 else _DARK)


def _round(canvas: Canvas, rng: Stream) -> None:
    """A wrap for something round: the front twice, between them small print and a barcode."""
    ground, accent, brand = _schemed(rng)
    h, w = canvas.shape[:2]
    _fill(canvas, ground)
    q = w // 4
    state = rng.bit_generator.state
    for start in (q // 2, q // 2 + 2 * q):
        rng.bit_generator.state = state
        _front(canvas[:, start : start + q], rng, ground, accent, brand)
    ink = _WHITE if sum(ground) < 420 else _DARK
    _lines(canvas, q // 2 + q + q // 6, int(0.25 * h), int(0.6 * q), 8, max(h // 14, 2), rng, ink)
    barcode(canvas, q // 2 + 3 * q + q // 5, int(0.3 * h), int(0.6 * q), int(0.4 * h), rng)


def _carton(canvas: Canvas, rng: Stream) -> None:
    """Brown board: this way up, a mark, and on one side a shipping label; tape over the top."""
    import cv2

    t = canvas.shape[1] // 3
    h = canvas.shape[0]
    tone = rng.uniform(0.85, 1.1)
    board = np.array([176, 140, 98]) * tone
    grain = rng.normal(0.0, 3.0, (h, 1, 1)) + rng.normal(0.0, 3.0, canvas.shape[:2])[..., None]
    canvas[:] = np.clip(board + grain, 0, 255).astype(np.uint8)
    ink = (60, 44, 30) if rng.random() < 0.7 else hue(rng, 0.5, 0.8)
    brand = _BRANDS[int(rng.integers(len(_BRANDS)))]
    for start in (0, t):
        _word(canvas[:, start : start + t], brand, (0.5 * t, 0.3 * h), 0.55 * t, ink, _FONTS[int(rng.integers(4))])
        for k in range(2):
            x, y = int(start + (0.78 + 0.1 * k) * t), int(0.72 * h)
            cv2.arrowedLine(canvas, (x, y + h // 9), (x, y - h // 12), ink, max(t // 70, 1), cv2.LINE_AA, 0, 0.45)
    lx, ly, lw, lh = int(0.12 * t), int(0.5 * h), int(0.4 * t), int(0.38 * h)
    canvas[ly : ly + lh, lx : lx + lw] = _WHITE
    _lines(canvas, lx + lw // 10, ly + lh // 12, int(0.7 * lw), 5, max(lh // 12, 2), rng, (50, 50, 50))
    barcode(canvas, lx + lw // 10, ly + int(0.55 * lh), int(0.8 * lw), int(0.4 * lh), rng)
    tape = (196, 166, 118) if rng.random() < 0.6 else (225, 222, 210)
    band = slice(int(0.44 * h), int(0.56 * h))
    canvas[band, 2 * t :] = tape
    middle = slice(int(0.47 * t), int(0.53 * t))
    canvas[: int(0.18 * h), middle] = np.array(tape)


def _book(canvas: Canvas, rng: Stream) -> None:
    """Tiles: head and foot (leaves), spine and fore-edge, cover."""
    t = canvas.shape[1] // 3
    h = canvas.shape[0]
    ground = hue(rng, float(rng.uniform(0.25, 0.9)), float(rng.uniform(0.1, 0.9)))
    ink = _WHITE if sum(ground) < 400 else _DARK
    title = _TITLES[int(rng.integers(len(_TITLES)))]
    _fill(canvas, ground)
    leaves = 205 + 22 * (np.arange(h) % 3 == 0)
    canvas[:, :t] = leaves[:, None, None].astype(np.uint8)
    _word(canvas[:, t : 2 * t], title, (0.5 * t, 0.5 * h), 0.7 * t, ink, 3)
    cover = canvas[:, 2 * t :]
    _fruit(cover, (t // 2, int(0.62 * h)), int(0.22 * t), rng)
    _word(cover, title, (0.5 * t, 0.24 * h), 0.8 * t, ink, 3)
    _word(cover, _BRANDS[int(rng.integers(len(_BRANDS)))], (0.5 * t, 0.92 * h), 0.35 * t, ink, 0)


def _screen(canvas: Canvas, rng: Stream) -> None:
    """A desktop with a few windows of text and a chart."""
    import cv2

    h, w = canvas.shape[:2]
    a, b = np.array(hue(rng, 0.5, 0.7)), np.array(hue(rng, 0.8, 0.6))
    mix = np.linspace(0.0, 1.0, w)[None, :, None] * 0.6 + np.linspace(0.0, 0.4, h)[:, None, None]
    canvas[:] = (a * (1 - mix) + b * mix).astype(np.uint8)
    for _ in range(int(rng.integers(1, 4))):
        x, y = int(rng.uniform(0.02, 0.45) * w), int(rng.uniform(0.02, 0.35) * h)
        ww, hh = int(rng.uniform(0.35, 0.52) * w), int(rng.uniform(0.4, 0.6) * h)
        canvas[y : y + hh, x : x + ww] = (238, 240, 243) if rng.random() < 0.6 else (32, 34, 40)
        canvas[y : y + hh // 12, x : x + ww] = (120, 126, 136)
        _lines(canvas, x + ww // 14, y + hh // 6, int(0.8 * ww), 8, max(hh // 12, 2), rng, hue(rng, 0.6, 0.4))
        if rng.random() < 0.5:
            k = np.arange(20)
            line = np.stack([x + ww * (k + 1) / 22, y + hh * rng.uniform(0.4, 0.9, 20)], -1).astype(np.int32)
            cv2.polylines(canvas, [line], False, hue(rng, 0.9, 0.9), max(w // 160, 1), cv2.LINE_AA)
    canvas[int(0.95 * h) :] = (28, 30, 34)


def _keys(canvas: Canvas, rng: Stream) -> None:
    """Rows of keys, a space bar below."""
    h, w = canvas.shape[:2]
    dark = rng.random() < 0.7
    _fill(canvas, (46, 47, 50) if dark else (196, 198, 202))
    cap = (18, 18, 20) if dark else (236, 237, 238)
    mark = (190, 190, 190) if dark else (70, 70, 74)
    rows, columns = 5, 14
    for r in range(rows):
        y0, y1 = int((r + 0.1) * h / rows), int((r + 0.9) * h / rows)
        edges = [(float(c), c + 1.0) for c in range(columns)]
        if r == rows - 1:
            edges = [(0, 1.5), (1.5, 2.7), (2.7, 4), (4, 9.5), (9.5, 11), (11, 12), (12, 13), (13, 14)]
        for a, b in edges:
            x0, x1 = int((a + 0.08) * w / columns), int((b - 0.08) * w / columns)
            canvas[y0:y1, x0:x1] = cap
            if b - a < 1.2:
                my, mx = (y0 + y1) // 2, (x0 + x1) // 2
                canvas[my - h // 50 : my + h // 50 + 1, mx - w // 160 : mx + w // 160 + 1] = mark


def _apple(canvas: Canvas, rng: Stream) -> None:
    """Skin of an apple: red or green over yellow, streaked from stem to blossom, freckled."""
    h, w = canvas.shape[:2]
    base = np.array((206, 188, 74) if rng.random() < 0.7 else (140, 172, 60))
    blush = np.array((168, 24, 30) if rng.random() < 0.65 else (120, 168, 52))
    around = 0.55 + 0.45 * np.sin(2.0 * np.pi * (np.arange(w) / w + rng.random()))
    streak = np.clip(around[None] + rng.normal(0.0, 0.18, (1, w)) + rng.normal(0.0, 0.05, (h, w)), 0.0, 1.0)[..., None]
    canvas[:] = np.clip(base * (1 - streak) + blush * streak, 0, 255).astype(np.uint8)
    spots = rng.random((h, w)) < 0.004
    canvas[spots] = (222, 206, 150)


def _peel(canvas: Canvas, rng: Stream) -> None:
    """Pitted peel of an orange or lemon."""
    h, w = canvas.shape[:2]
    base = np.array((232, 122, 18) if rng.random() < 0.65 else (232, 204, 48))
    pits = rng.normal(0.0, 9.0, (h, w, 1)) + rng.normal(0.0, 5.0, (h, w // 4, 1)).repeat(4, 1)[:, :w]
    canvas[:] = np.clip(base + pits * [1.0, 0.8, 0.3], 0, 255).astype(np.uint8)


def _banana(canvas: Canvas, rng: Stream) -> None:
    """Yellow peel, green at the ends, with brown freckles by age."""
    h, w = canvas.shape[:2]
    ends = np.clip(np.abs(np.linspace(-1.0, 1.0, h)) * 3.0 - 2.1, 0.0, 1.0)[:, None, None] * rng.uniform(0.2, 1.0)
    canvas[:] = np.clip(np.array((234, 196, 48)) * (1 - ends) + np.array((130, 146, 50)) * ends, 0, 255).astype(
        np.uint8
    )
    canvas[rng.random((h, w)) < rng.uniform(0.0, 0.03)] = (92, 62, 30)


def _exit_sign(canvas: Canvas, rng: Stream) -> None:
    """White on green (ISO 7010 E001): an arrow, a door and a running figure."""
    import cv2

    h, w = canvas.shape[:2]
    _fill(canvas, (0, 132, 74))
    cv2.rectangle(canvas, (int(0.62 * w), int(0.14 * h)), (int(0.9 * w), int(0.86 * h)), _WHITE, -1)
    cv2.circle(canvas, (int(0.56 * w), int(0.24 * h)), int(0.07 * h), _WHITE, -1, cv2.LINE_AA)
    thick = max(h // 10, 1)
    for a, b in (((0.55, 0.36), (0.5, 0.6)), ((0.5, 0.6), (0.6, 0.7)), ((0.6, 0.7), (0.58, 0.88)),
                 ((0.5, 0.6), (0.42, 0.82)),
                 ((0.55, 0.38), (0.65, 0.5)), ((0.54, 0.38), (0.44, 0.48))):  # fmt: skip
        cv2.line(canvas, (int(a[0] * w), int(a[1] * h)), (int(b[0] * w), int(b[1] * h)), _WHITE, thick, cv2.LINE_AA)
    cv2.arrowedLine(canvas, (int(0.34 * w), h // 2), (int(0.08 * w), h // 2), _WHITE, thick, cv2.LINE_AA, 0, 0.5)


def _notice(canvas: Canvas, rng: Stream) -> None:
    """A sheet on a board: heading and lines."""
    h, w = canvas.shape[:2]
    _fill(canvas, (240, 240, 236))
    canvas[: int(0.18 * h)] = hue(rng, 0.6, 0.7)
    _word(canvas, "NOTICE", (0.5 * w, 0.1 * h), 0.6 * w, _WHITE)
    _lines(canvas, w // 10, int(0.28 * h), int(0.8 * w), 10, max(int(0.06 * h), 2), rng, (60, 60, 64))


def _door_number(canvas: Canvas, rng: Stream) -> None:
    """A room's number on a plate."""
    h, w = canvas.shape[:2]
    _fill(canvas, (222, 224, 226))
    _word(canvas, f"{int(rng.integers(1, 4))}.{int(rng.integers(1, 60)):02d}", (0.5 * w, 0.4 * h), 0.7 * w, _DARK)
    _lines(canvas, w // 6, int(0.72 * h), int(0.66 * w), 2, max(h // 10, 2), rng, (90, 90, 94))


_STYLES: Final[dict[str, Callable[[Canvas, Stream], None]]] = {
    "pack": _pack, "round": _round, "carton": _carton, "book": _book, "screen": _screen, "keys": _keys,
    "apple": _apple, "peel": _peel, "banana": _banana, "exit": _exit_sign, "notice": _notice, "door": _door_number,
}  # fmt: skip

__all__ = ["barcode", "drawn", "hue", "pictured"]
