"""Colours by name, as linear sRGB reflectances, and the check of a colour parameter."""

from __future__ import annotations

from typing import Final

from simgen.errors import UserError
from simgen.registry import suggest

Color = tuple[float, float, float]


def linear(red: int, green: int, blue: int) -> Color:
    """Linear reflectance of an 8-bit sRGB colour (IEC 61966-2-1), rounded to six digits."""
    r, g, b = (_decode(c / 255.0) for c in (red, green, blue))
    return r, g, b


def _decode(v: float) -> float:
    return round(v / 12.92 if v <= 0.04045 else ((v + 0.055) / 1.055) ** 2.4, 6)


#: car paints; the first eight are about nine tenths of the cars on the road (Axalta popularity report)
PAINTS: Final[dict[str, Color]] = {
    "white": linear(232, 233, 231),
    "black": linear(28, 29, 32),
    "grey": linear(104, 108, 113),
    "silver": linear(178, 181, 184),
    "blue": linear(28, 62, 122),
    "red": linear(150, 24, 27),
    "green": linear(34, 74, 54),
    "beige": linear(176, 160, 132),
    "yellow": linear(232, 178, 24),
    "orange": linear(214, 92, 22),
    "brown": linear(84, 60, 46),
    "light_blue": linear(110, 150, 190),
    "dark_green": linear(20, 44, 34),
    "dark_blue": linear(18, 28, 58),
}

#: cloth, and plain words for anything else
CLOTHES: Final[dict[str, Color]] = {
    **PAINTS,
    "navy": linear(30, 38, 66),
    "denim": linear(56, 76, 110),
    "khaki": linear(150, 134, 98),
    "charcoal": linear(52, 54, 58),
    "cream": linear(222, 210, 184),
    "burgundy": linear(104, 26, 38),
    "olive": linear(88, 92, 52),
    "pink": linear(222, 138, 158),
    "purple": linear(98, 60, 128),
    "teal": linear(30, 112, 116),
    "hi_vis": linear(206, 226, 40),
}

#: skin, light to dark (spread over the Fitzpatrick types)
SKINS: Final[dict[str, Color]] = {
    "light": linear(232, 190, 168),
    "fair": linear(218, 170, 142),
    "medium": linear(190, 140, 108),
    "tan": linear(160, 110, 78),
    "brown": linear(116, 76, 52),
    "dark": linear(72, 46, 34),
}

HAIRS: Final[dict[str, Color]] = {
    "black": linear(26, 22, 20),
    "brown": linear(66, 44, 30),
    "blond": linear(176, 140, 88),
    "red": linear(128, 58, 28),
    "grey": linear(150, 148, 144),
}


def resolve(name: str, color: str | Color, table: dict[str, Color]) -> Color:
    """The linear colour that a parameter means.

    Raises:
        UserError: no such name, or not three numbers between 0 and 1.
    """
    if isinstance(color, str):
        if color not in table:
            raise UserError(f"{name}: unknown colour {color!r}{suggest(color, tuple(table))}")
        return table[color]
    if len(color) != 3 or not all(0.0 <= c <= 1.0 for c in color):
        raise UserError(f"{name}: a colour is a name or three linear reflectances between 0 and 1, not {color!r}")
    r, g, b = (float(c) for c in color)
    return r, g, b
