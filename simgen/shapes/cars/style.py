"""Styling within a class: what a variant changes besides dimensions, drawn once per variant."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

from simgen.rng import stream
from simgen.shapes.colors import PAINTS, Color, linear, resolve

#: share of new cars by colour, about (Axalta Global Automotive Color Popularity Report 2023)
FLEET: Final = {
    "white": 0.33, "black": 0.2, "grey": 0.18, "silver": 0.09, "blue": 0.08, "red": 0.05, "green": 0.015,
    "beige": 0.015, "brown": 0.01, "light_blue": 0.01, "dark_blue": 0.01, "orange": 0.005, "yellow": 0.005,
}  # fmt: skip
CLOTHS: Final[tuple[Color, ...]] = (
    linear(46, 46, 48), linear(46, 46, 48), linear(70, 70, 74), linear(128, 116, 98), linear(96, 62, 44),
)  # fmt: skip


@dataclass(frozen=True, kw_only=True)
class Style:
    """Choices by number are rows of the shapes in the modules that draw them."""

    lamp: int = 0
    tail: int = 0
    grille: int = 0
    intake: int = 0
    wheel: int = 0
    #: rims: 0 silver, 1 grey, 2 black
    rim: int = 0
    chrome: bool = True
    #: second colour: "" none, "roof"
    two_tone: bool = False
    #: 0 none, 1 fin, 2 rod
    antenna: int = 1
    dark_mirrors: bool = False
    privacy: bool = False
    #: metres by which belt, nose and windscreen differ from the class's lines
    belt: float = 0.0
    nose: float = 0.0
    rake: float = 0.0
    fogs: bool = True
    #: dark cladding along sills and arches: a level of the wall, and a ring's width in metres
    cladding: tuple[float, float] = (0.07, 0.0)
    rails: int = 0
    exhausts: int = 1
    cloth: Color = CLOTHS[0]


def style_of(kind: str, variant: int, *, rugged: bool = False) -> Style:
    """The styling of one variant of a class; ``rugged`` ones have cladding and rails."""
    rng = stream(variant, "car styling", kind)

    def pick(count: int) -> int:
        return int(rng.integers(0, count))

    def chance(share: float) -> bool:
        return bool(rng.random() < share)

    return Style(
        lamp=pick(6),
        tail=pick(5),
        grille=pick(6),
        intake=pick(4),
        wheel=pick(7),
        rim=(0, 0, 0, 1, 2)[pick(5)],
        chrome=chance(0.55),
        two_tone=chance(0.15) and kind in ("city_car", "hatchback", "suv"),
        antenna=(1, 1, 2, 0)[pick(4)],
        dark_mirrors=chance(0.25),
        privacy=chance(0.35),
        belt=float(rng.uniform(-0.015, 0.02)),
        nose=float(rng.uniform(-0.02, 0.02)),
        rake=float(rng.uniform(-0.06, 0.06)),
        fogs=chance(0.6),
        cladding=(float(rng.uniform(0.12, 0.2)), 0.055)
        if rugged and chance(0.8)
        else (float(rng.uniform(0.0, 0.09)), 0.0),
        rails=(1, 1, 2, 0)[pick(4)] if rugged else 0,
        exhausts=pick(3),
        cloth=CLOTHS[pick(len(CLOTHS))],
    )


def painted(name: str, color: str | Color, kind: str, variant: int) -> Color:
    """The linear colour that a paint parameter means; ``fleet`` draws one as often as it is seen on roads.

    Raises:
        UserError: no such name, or not three numbers between 0 and 1.
    """
    if color != "fleet":
        return resolve(name, color, {**PAINTS, "fleet": PAINTS["white"]})
    rng = stream(variant, "car paint", kind)
    chosen = str(rng.choice(list(FLEET), p=[v / sum(FLEET.values()) for v in FLEET.values()]))
    # no two greys are quite the same
    shade = 1.0 + 0.12 * rng.uniform(-1.0, 1.0)
    r, g, b = (round(c * float(shade + 0.02 * rng.uniform(-1.0, 1.0)), 5) for c in PAINTS[chosen])
    return min(r, 1.0), min(g, 1.0), min(b, 1.0)


__all__ = ["CLOTHS", "FLEET", "Style", "painted", "style_of"]
