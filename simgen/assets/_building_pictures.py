"""Pictures of what is behind a building's panes, of goods in shops, and of the names over them; all drawn here."""

from __future__ import annotations

from functools import cache
from itertools import pairwise
from typing import Final

import numpy as np

from simgen.assets._pictures import picture_of
from simgen.records.base import F4, U1
from simgen.records.picture import Picture, Skin
from simgen.rng import Stream, stream
from simgen.shapes.walls import OFFICES, PANES, SIGNS

#: pixels of a cell: width and height
_PANE: Final = (96, 128)
_OFFICE: Final = (96, 96)
_GOODS: Final = (256, 192)
_SIGN: Final = (384, 48)

#: what double glazing sends back when looked at straight (two panes, four faces), as a mirror's colour
_MIRROR: Final = (0.125, 0.14, 0.145)
_SUN_GLASS: Final = (0.15, 0.20, 0.22)

#: made-up names, with their board's and letters' 8-bit sRGB colours
NAMES: Final = (
    ("MIRABEL", (34, 38, 44), (238, 232, 216)), ("OSTARA CAFE", (88, 40, 28), (246, 226, 180)),
    ("BLUMEN LINNE", (36, 86, 52), (250, 246, 236)), ("VELO KONTOR", (232, 178, 30), (24, 24, 28)),
    ("NORDSTERN", (20, 52, 110), (240, 240, 240)), ("PASTA FINA", (168, 28, 30), (250, 244, 230)),
    ("OPTIK HALDER", (236, 236, 232), (20, 70, 130)), ("STADT APOTHEKE", (200, 26, 34), (250, 250, 250)),
    ("KIOSK 24", (240, 196, 20), (170, 20, 26)), ("SALON LOCKE", (30, 28, 30), (226, 180, 190)),
    ("BUCH & BLATT", (52, 34, 58), (240, 226, 190)), ("MARKT HALLE", (26, 116, 60), (252, 250, 240)),
    ("BACKHAUS KORN", (122, 76, 36), (252, 238, 206)), ("ELEKTRO VOSS", (16, 60, 140), (250, 214, 40)),
    ("SCHUH SEIDEL", (196, 190, 178), (60, 40, 32)), ("TABAK EWALD", (110, 18, 24), (246, 226, 150)),
    ("BISTRO LUNE", (22, 78, 84), (246, 240, 220)), ("REISEN FERN", (18, 120, 190), (252, 252, 252)),
    ("HOLZ & HEIM", (74, 60, 44), (232, 216, 184)), ("PIZZA NERO", (24, 24, 24), (214, 40, 36)),
    ("TEXTIL REIN", (226, 96, 30), (252, 250, 246)), ("UHREN TAKT", (28, 34, 50), (206, 176, 110)),
    ("SPIELE ECK", (120, 40, 130), (250, 226, 60)), ("FOTO LINSE", (230, 230, 226), (30, 30, 34)),
    ("GARTEN GRUEN", (60, 130, 44), (252, 252, 240)), ("BANK MERKUR", (14, 44, 84), (232, 232, 236)),
    ("TEE STUBE", (52, 78, 44), (240, 232, 206)), ("MOBIL PUNKT", (204, 20, 110), (252, 252, 252)),
    ("EIS TONI", (244, 214, 224), (190, 30, 80)), ("IMBISS AMBER", (236, 150, 20), (40, 24, 16)),
    ("KUNST RAHMEN", (66, 66, 70), (236, 236, 230)), ("FRISCH & CO", (44, 150, 70), (255, 250, 230)),
)  # fmt: skip


def _codes(linear: F4) -> U1:
    c = np.clip(linear, 0.0, 1.0)
    coded = np.where(c <= 0.0031308, c * 12.92, 1.055 * c ** (1.0 / 2.4) - 0.055)
    opaque = np.full((*c.shape[:2], 1), 255, np.uint8)
    return np.concatenate([np.round(255.0 * coded).astype(np.uint8), opaque], -1)


def _tiled(cells: list[F4], columns: int) -> F4:
    """Cells (h, w, 3) row by row."""
    rows = [np.concatenate(cells[k : k + columns], 1) for k in range(0, len(cells), columns)]
    return np.concatenate(rows, 0)


class _Pane:
    """One window: its colour, how much of it mirrors, and how it glows; v counts from the top, both 0..1."""

    def __init__(self, size: tuple[int, int], mirror: tuple[float, float, float]) -> None:
        w, h = size
        self.u, self.v = np.meshgrid((np.arange(w) + 0.5) / w, (np.arange(h) + 0.5) / h)
        self.color: F4 = np.broadcast_to(np.array(mirror, np.float32), (h, w, 3)).copy()
        self.metal: F4 = np.ones((h, w), np.float32)
        self.glow: F4 = np.full((h, w, 3), 0.0, np.float32)

    def lay(self, where: np.ndarray, color: np.ndarray, glow: np.ndarray, metal: float = 0.18) -> None:
        """Cover a part: colour (…, 3), glow (…, 3)."""
        self.color[where] = np.broadcast_to(color, self.color.shape)[where]
        self.glow[where] = np.broadcast_to(glow, self.glow.shape)[where]
        self.metal[where] = metal

    def room(self, warm: float, rng: Stream) -> None:
        """What is lit behind: the ceiling brightest, a wall, dark furniture below."""
        u, v = self.u, self.v
        level = 0.35 + 0.5 * np.exp(-(((u - rng.uniform(0.3, 0.7)) / 0.35) ** 2) - ((v - 0.1) / 0.5) ** 2)
        level = np.where(v > 0.72 + 0.08 * np.sin(7.0 * u + rng.uniform(0.0, 6.0)), 0.3 * level, level)
        self.glow[:] = level[..., None] * np.array([1.0, 1.0 - 0.1 * warm, 1.0 - 0.25 * warm])

    def curtain(self, where: np.ndarray, tone: tuple[float, float, float], through: float, phase: float) -> None:
        """Cloth in folds."""
        fold = 0.82 + 0.18 * np.sin(2.0 * np.pi * (9.0 * self.u + 0.3 * np.sin(3.0 * self.v) + phase))
        shade = (0.75 + 0.25 * self.v)[..., None]
        cloth = fold[..., None] * np.array(tone) * shade
        self.lay(where, cloth, through * fold[..., None] * np.array(tone) / max(tone))

    def blind(self, bottom: float, tone: float, through: float, slats: int = 22) -> None:
        """Slats from the top down."""
        slat = 0.85 + 0.15 * np.cos(2.0 * np.pi * slats * self.v)
        level = (slat * tone)[..., None] * np.array([1.0, 0.99, 0.95])
        self.lay(self.v < bottom, level, through * slat[..., None] * np.array([1.0, 0.95, 0.85]))


def _home(k: int, rng: Stream) -> _Pane:
    pane = _Pane(_PANE, _MIRROR)
    pane.room(1.0, rng)
    u, v, phase = pane.u, pane.v, float(rng.uniform())
    cloth = ((0.46, 0.44, 0.40), (0.30, 0.16, 0.12), (0.40, 0.38, 0.30), (0.20, 0.24, 0.30), (0.50, 0.48, 0.46))[k % 5]
    if k in (1, 6, 14):
        edge = {1: 0.26, 6: 0.16, 14: 0.33}[k]
        pane.curtain((u < edge) | (u > 1.0 - edge), cloth, 0.5, phase)
    elif k in (2, 12):
        pane.curtain(v > -1.0, (0.36, 0.355, 0.34), 0.7, phase)
    elif k == 8:
        pane.curtain(u < 0.38, cloth, 0.5, phase)
    elif k == 11:
        pane.curtain(v > 0.55, (0.42, 0.41, 0.40), 0.65, phase)
    elif k in (3, 4, 9):
        pane.blind({3: 0.5, 4: 0.97, 9: 0.3}[k], 0.42 if k != 4 else 0.34, 0.3)
    if k in (5, 13):
        for _ in range(9):
            x, y, r = rng.uniform(0.15, 0.85), rng.uniform(0.72, 0.9), rng.uniform(0.05, 0.11)
            leaf = ((u - x) / r) ** 2 + ((v - y) / (0.75 * r)) ** 2 < 1.0
            pane.lay(leaf, np.array([0.05, 0.11, 0.03]), np.array([0.05, 0.08, 0.02]), 0.3)
    return pane


def _office(k: int, rng: Stream) -> _Pane:
    pane = _Pane(_OFFICE, _SUN_GLASS)
    u, v = pane.u, pane.v
    lamps = (np.abs((u * 3.0) % 1.0 - 0.5) < 0.32) & (np.abs(v - 0.16) < 0.03)
    level = np.where(v < 0.3, 0.55, 0.42 - 0.2 * v)
    level = np.where(v > 0.78 + 0.06 * np.sin(9.0 * u + k), 0.12, level)
    level = np.where(lamps, 1.0, level)
    pane.glow[:] = level[..., None] * np.array([1.0, 0.97, 0.9])
    if k in (2, 5):
        pane.blind(0.2 if k == 2 else 0.45, 0.36, 0.35, 16)
    if k == 7:
        pane.blind(0.7, 0.30, 0.3, 16)
    pane.color[:] *= float(rng.uniform(0.9, 1.1))
    return pane


def _picture(name: str, cells: list[F4], columns: int, *, srgb: bool = True) -> Picture:
    whole = _tiled(cells, columns)
    if srgb:
        return picture_of(name, _codes(whole), srgb=True)
    codes = np.round(255.0 * np.clip(whole, 0.0, 1.0)).astype(np.uint8)
    return picture_of(name, np.concatenate([codes, np.full((*codes.shape[:2], 1), 255, np.uint8)], -1), srgb=False)


def _finish(panes: list[_Pane]) -> list[F4]:
    """Roughness in the second channel, metalness in the third: panes are smooth, cloth behind them mirrors less."""
    return [np.stack([p.metal * 0.0, np.full_like(p.metal, 0.05), p.metal], -1) for p in panes]


@cache
def pane_skins() -> tuple[Skin, Skin]:
    """Homes and offices, by day and by night."""
    skins = []
    for name, make, (columns, rows) in (("homes", _home, PANES), ("offices", _office, OFFICES)):
        panes = [make(k, stream(0, "panes", name, k)) for k in range(columns * rows)]
        skins.append(
            Skin(
                color=_picture(f"{name}/color", [p.color for p in panes], columns),
                finish=_picture(f"{name}/finish", _finish(panes), columns, srgb=False),
                glow=_picture(f"{name}/glow", [p.glow for p in panes], columns),
            )
        )
    return skins[0], skins[1]


@cache
def goods_skin() -> Skin:
    """Shelves of small things, clothes on rails, a counter below lamps, and books."""
    cells = [_goods(k, stream(0, "goods", k)) for k in range(4)]
    picture = _picture("goods", cells, 4)
    return Skin(color=picture, glow=picture)


def _goods(kind: int, rng: Stream) -> F4:
    w, h = _GOODS
    cell = np.full((h, w, 3), 0.45, np.float32) * np.array([1.0, 0.94, 0.84], np.float32)
    shelves = {0: 5, 1: 2, 2: 3, 3: 6}[kind]
    edges = np.linspace(14, h - 6, shelves + 1).astype(int)
    for top, bottom in pairwise(edges):
        cell[top : bottom - 4] *= 0.55
        x = 3
        while x < w - 4:
            wide = int(rng.integers(*((6, 18), (5, 10), (16, 34), (3, 7))[kind]))
            tall = int((bottom - top - 6) * rng.uniform(0.45, 0.95))
            grey = 0.08 + 0.4 * float(rng.random()) ** 1.5
            tone = grey * (0.55 + 0.9 * rng.random(3))
            if kind == 1:
                tone = tone * 0.5 + 0.25 * float(rng.random())
            low = bottom - 4 if kind != 1 else top + 4 + tall
            cell[low - tall : low, x : min(x + wide - 1, w)] = tone
            x += wide + int(rng.integers(0, 3))
        cell[bottom - 4 : bottom] = (0.30, 0.24, 0.17)
    return cell


@cache
def sign_skin() -> Skin:
    """Names over shops; they shine after dusk where their surface does."""
    cells = [_sign(*NAMES[k % len(NAMES)]) for k in range(SIGNS[0] * SIGNS[1])]
    picture = _picture("signs", cells, SIGNS[0])
    return Skin(color=picture, glow=picture)


def _sign(name: str, board: tuple[int, int, int], letters: tuple[int, int, int]) -> F4:
    """A name in capital letters of even height, in the middle of a board."""
    import cv2

    w, h = _SIGN
    mask = np.zeros((4 * h, 4 * w), np.uint8)
    font, thick = (cv2.FONT_HERSHEY_DUPLEX, 14) if sum(map(ord, name)) % 2 else (cv2.FONT_HERSHEY_TRIPLEX, 11)
    size, _ = cv2.getTextSize(name, font, 1.0, 1)
    scale = min(3.7 * w / size[0], 2.3 * h / size[1])
    at = (int(2 * w - 0.5 * scale * size[0]), int(2 * h + 0.5 * scale * size[1]))
    cv2.putText(mask, name, at, font, scale, 255, thick, cv2.LINE_AA)
    share = cv2.resize(mask, (w, h), interpolation=cv2.INTER_AREA).astype(np.float32)[..., None] / 255.0
    ground, ink = (_linear(c) for c in (board, letters))
    return np.asarray(ground * (1.0 - share) + ink * share, np.float32)


def _linear(code: tuple[int, int, int]) -> F4:
    c = np.array(code, np.float32) / 255.0
    return np.where(c <= 0.04045, c / 12.92, ((c + 0.055) / 1.055) ** 2.4).astype(np.float32)
