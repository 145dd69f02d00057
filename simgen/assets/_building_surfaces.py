"""What buildings are made of."""

from __future__ import annotations

from dataclasses import replace
from typing import Final

from simgen.assets._building_pictures import goods_skin, pane_skins, sign_skin
from simgen.records.mesh import Surface
from simgen.rng import Stream
from simgen.shapes.colors import Color

#: the brightest parts of a lit room of some 300 lx seen through a pane, warm white (2700 K); an office's, cooler
#: (4000 K); a shop's; a lit sign's
HOME_CD_M2: Final[Color] = (62.0, 38.0, 17.0)
OFFICE_CD_M2: Final[Color] = (80.0, 70.0, 50.0)
SHOP_CD_M2: Final[Color] = (110.0, 85.0, 56.0)
SIGN_CD_M2: Final[Color] = (80.0, 75.0, 66.0)

_ROOF_TILES: Final = ((0.20, 0.075, 0.045), (0.15, 0.06, 0.042), (0.11, 0.075, 0.06), (0.075, 0.075, 0.08))
_FRAMES: Final = ((0.62, 0.62, 0.60), (0.62, 0.62, 0.60), (0.10, 0.105, 0.11), (0.17, 0.09, 0.05), (0.35, 0.37, 0.36))
_DOORS: Final = ((0.09, 0.045, 0.025), (0.03, 0.08, 0.05), (0.03, 0.05, 0.11), (0.16, 0.02, 0.02), (0.06, 0.06, 0.065))
_CLOTHS: Final = ((0.30, 0.03, 0.03), (0.03, 0.12, 0.06), (0.04, 0.08, 0.22), (0.45, 0.28, 0.05), (0.06, 0.06, 0.065))
_CLADDING: Final = ((0.10, 0.105, 0.11), (0.22, 0.13, 0.08), (0.42, 0.42, 0.41), (0.07, 0.12, 0.17), (0.34, 0.26, 0.16))
_SHEETS: Final = ((0.42, 0.44, 0.45), (0.16, 0.25, 0.36), (0.50, 0.48, 0.42), (0.20, 0.30, 0.24), (0.58, 0.59, 0.60))


def _of(color: Color, roughness: float, texture: str = "plain", scale: float = 1.0, lidar: float = 0.35) -> Surface:
    return Surface(
        class_name="building",
        base_color=color,
        roughness=roughness,
        texture=texture,
        texture_scale_m=scale,
        lidar_reflectance=lidar,
    )


def _pick(table: tuple[Color, ...], rng: Stream) -> Color:
    return table[int(rng.integers(len(table)))]


def surfaces_of(color: Color, wall: str, kind: str, rng: Stream) -> tuple[Surface, ...]:
    """All surfaces, in the order of the tags of :mod:`simgen.shapes.kit`."""
    made = wall
    if wall == "auto":
        made = "brick" if color[0] > 1.8 * color[1] else "plaster"
    texture = {"plaster": "paint", "brick": "brick", "concrete": "concrete"}[made]
    frame, cloth = _pick(_FRAMES, rng), _pick(_CLOTHS, rng)
    if kind in ("office", "high_rise"):
        frame = (0.20, 0.205, 0.21)
    trim: Color = (0.50, 0.485, 0.45) if made == "brick" or rng.random() < 0.6 else _paler(color)
    cladding = _pick(_SHEETS if kind == "hall" else _CLADDING, rng)
    plain = (
        _of(color, 0.9, texture, 1.0 if made == "brick" else 2.0, 0.5),
        _of(trim, 0.85, "paint", 2.0, 0.5),
        _of(frame, 0.45, lidar=0.5),
        _of((0.20, 0.19, 0.18), 0.9, "concrete", 2.0, 0.3),
        _of(_pick(_ROOF_TILES, rng), 0.85, "tiles", lidar=0.3),
        _of((0.16, 0.155, 0.15), 0.95, "gravel", 1.0, 0.25),
        _of(_pick(_DOORS, rng), 0.45, lidar=0.3),
        replace(_of((0.28, 0.285, 0.29), 0.45, lidar=0.4), metallic=0.4),
        _of(cladding, 0.5, lidar=0.4),
        replace(_of((0.012, 0.014, 0.014), 0.05, lidar=0.05), transmission=0.8, heat="glass"),
        _of((0.50, 0.46, 0.40), 0.8, lidar=0.5),
        _of(cloth, 0.9, "fabric", lidar=0.5),
        _of((0.60, 0.57, 0.50), 0.9, "fabric", lidar=0.6),
        _of((0.05, 0.05, 0.055), 0.6, lidar=0.1),
    )
    return (*plain, *_pictured())


def _paler(color: Color) -> Color:
    r, g, b = (c + 0.45 * (0.7 - c) for c in color)
    return r, g, b


def _pictured() -> tuple[Surface, ...]:
    """Panes by day and lit, of homes and of offices; boards and goods, which shine after dusk.

    The pictures say how much each part of a pane mirrors; to sensors that see no detail it is plain glass.
    """
    home, office = pane_skins()
    pane = replace(_of((0.12, 0.125, 0.125), 0.05, lidar=0.08), heat="glass")
    glass = replace(_of((0.14, 0.17, 0.18), 0.05, lidar=0.06), heat="glass")
    sign = replace(_of((0.30, 0.26, 0.22), 0.5, lidar=0.4), skin=sign_skin(), emission=SIGN_CD_M2, lamp="dusk")
    goods = replace(_of((0.26, 0.22, 0.18), 0.8, lidar=0.4), skin=goods_skin(), emission=SHOP_CD_M2, lamp="dusk")
    return (
        replace(pane, skin=replace(home, glow=None)),
        replace(pane, skin=home, emission=HOME_CD_M2, lamp="dusk"),
        replace(glass, skin=replace(office, glow=None)),
        replace(glass, skin=office, emission=OFFICE_CD_M2, lamp="dusk"),
        sign,
        goods,
    )
