"""Coats of animals: the picture on the skin (u round it from the belly, v from tail to nose) and plain colours."""

from __future__ import annotations

from dataclasses import dataclass
from functools import lru_cache
from typing import Final

import numpy as np

from simgen.assets._canvas import skin_of
from simgen.records.base import F4, U1
from simgen.records.mesh import Surface
from simgen.rng import stream
from simgen.shapes.animal import Hide
from simgen.shapes.colors import Color, linear

Rgb = tuple[int, int, int]
_WIDE, _TALL = 128, 256


@dataclass(frozen=True, kw_only=True)
class Coat:
    """Colours of an animal, 8-bit sRGB."""

    name: str
    main: Rgb
    belly: Rgb
    #: muzzle and nose
    face: Rgb
    legs: Rgb
    feet: Rgb
    ears: Rgb
    tail: Rgb
    horns: Rgb = (120, 104, 80)
    #: colour of patches and their share of the skin; of a saddle on the back; of stripes round it
    patch: Rgb = (0, 0, 0)
    patches: float = 0.0
    saddle: Rgb | None = None
    stripes: Rgb | None = None
    #: hair on the crest of the neck, coloured as the tail
    mane: bool = False
    #: unevenness of the main colour
    rough: float = 0.08


def coat_picture(coat: Coat, variant: int, neck: float, head: float) -> U1:
    """The skin's picture (H, W, 4), rows from the nose down to the tail."""
    rng = stream(variant, "coat", coat.name)
    v = 1.0 - (np.arange(_TALL)[:, None] + 0.5) / _TALL
    u = (np.arange(_WIDE)[None, :] + 0.5) / _WIDE
    back = 0.5 - 0.5 * np.cos(2.0 * np.pi * u)
    image = np.broadcast_to(np.array(coat.main, np.float32), (_TALL, _WIDE, 3)).copy()
    noise = _noise(rng.normal(0.0, 1.0, (13, 5)).astype(np.float32))
    if coat.saddle is not None:
        edge = 0.42 + 0.05 * noise
        share = _step(back - edge, 0.06) * _step(neck + 0.12 - v, 0.05)
        image = _mixed(image, coat.saddle, share)
    if coat.patches > 0.0:
        level = np.quantile(noise, 1.0 - coat.patches)
        image = _mixed(image, coat.patch, _step(noise - level, 0.04))
    if coat.stripes is not None:
        wave = np.sin(2.0 * np.pi * (15.0 * v + 0.9 * noise)) * _step(back - 0.25, 0.2)
        image = _mixed(image, coat.stripes, 0.75 * _step(wave - 0.25, 0.25))
    image = _mixed(image, coat.belly, _step(0.2 - back, 0.1) * _step(head - v, 0.1) * (0.0 if coat.patches else 1.0))
    if coat.mane:
        crest = _step(back - 0.86 + 0.03 * noise, 0.03) * _step(v - neck + 0.03, 0.02) * _step(head + 0.12 - v, 0.02)
        image = _mixed(image, coat.tail, crest)
    image = _mixed(image, coat.face, _step(v - (head + 0.62 * (1.0 - head)), 0.05))
    fine = rng.normal(0.0, 1.0, (_TALL, _WIDE)).astype(np.float32)
    streak = 0.5 * fine + 0.5 * np.roll(fine, 1, 0) + 0.4 * noise
    image = image * (1.0 + coat.rough * streak[..., None])
    rgb = np.clip(image, 4.0, 250.0).astype(np.uint8)
    return np.concatenate([rgb, np.full((_TALL, _WIDE, 1), 255, np.uint8)], -1)


def _noise(coarse: F4) -> F4:
    """Smooth noise over the skin that closes round the belly."""
    import cv2

    wrapped = np.concatenate([coarse, coarse[:, :1]], 1)
    return np.asarray(cv2.resize(wrapped, (_WIDE, _TALL), interpolation=cv2.INTER_CUBIC), np.float32)


def _step(x: F4 | np.ndarray, soft: float) -> np.ndarray:
    return np.clip(0.5 + 0.5 * np.asarray(x) / soft, 0.0, 1.0).astype(np.float32)


def _mixed(image: F4, color: Rgb, share: np.ndarray) -> F4:
    s = np.broadcast_to(share, image.shape[:2])[..., None]
    return np.asarray(image * (1.0 - s) + np.array(color, np.float32) * s, np.float32)


@lru_cache(maxsize=64)
def hide_of(coat: Coat, variant: int, neck: float, head: float) -> Hide:
    """Surfaces of an animal in a coat; hair is bright at 905 nm whatever its colour."""
    skin, mean = skin_of(f"coat {coat.name}", coat_picture(coat, variant, neck, head))

    def plain(color: Color, roughness: float = 0.85) -> Surface:
        return Surface(class_name="animal", base_color=color, roughness=roughness, lidar_reflectance=0.5, heat="hair")

    shades = (coat.legs, coat.feet, coat.ears, coat.tail)
    parts = (
        *(plain(linear(*c), 0.5 if c == coat.feet else 0.85) for c in shades),
        Surface(
            class_name="animal", base_color=linear(22, 16, 12), roughness=0.12, clearcoat=1.0, lidar_reflectance=0.1
        ),
        plain(linear(*coat.horns), 0.5),
    )
    fur = Surface(class_name="animal", base_color=mean, roughness=0.85, lidar_reflectance=0.5, heat="hair", skin=skin)
    return Hide(coat=fur, parts=parts)


_BLACK: Final[Rgb] = (32, 29, 27)
_WHITE: Final[Rgb] = (226, 221, 210)


def _one(
    name: str, main: Rgb, *, light: float = 1.12, dark: Rgb = _BLACK, feet: Rgb = (48, 42, 36), **other: object
) -> Coat:
    """A coat of one colour: belly lighter, nose dark."""
    r, g, b = main
    belly = (min(int(r * light), 240), min(int(g * light), 235), min(int(b * light), 228))
    fields: dict[str, object] = {"legs": main, "ears": main, "tail": main, **other}
    return Coat(name=name, main=main, belly=belly, face=dark, feet=feet, **fields)  # type: ignore[arg-type]


COATS: Final[dict[str, tuple[Coat, ...]]] = {
    "dog": (
        _one("labrador yellow", (200, 168, 118), dark=(150, 120, 86), feet=(190, 160, 112)),
        Coat(
            name="shepherd", main=(146, 112, 76), belly=(166, 134, 96), face=(40, 34, 30), legs=(150, 116, 80),
            feet=(150, 110, 66), ears=(52, 42, 36), tail=(64, 50, 40), saddle=(38, 33, 30),
        ),
        Coat(
            name="terrier", main=_WHITE, belly=_WHITE, face=(70, 56, 46), legs=_WHITE, feet=_WHITE, ears=(128, 82, 46),
            tail=_WHITE, patch=(136, 86, 48), patches=0.3,
        ),
        _one("labrador black", (36, 33, 32), light=1.2, feet=(34, 31, 30)),
        Coat(
            name="husky", main=(96, 98, 102), belly=(220, 218, 212), face=(206, 204, 198), legs=(214, 211, 204),
            feet=(214, 211, 204), ears=(78, 78, 82), tail=(110, 112, 116), saddle=(58, 60, 64),
        ),
    ),
    "cat": (
        Coat(
            name="tabby", main=(134, 116, 94), belly=(186, 172, 150), face=(190, 176, 156), legs=(134, 116, 94),
            feet=(150, 134, 110), ears=(112, 96, 80), tail=(106, 90, 74), stripes=(66, 56, 48),
        ),
        _one("black", (34, 31, 31), light=1.15, feet=(34, 31, 31)),
        Coat(
            name="ginger", main=(196, 132, 72), belly=(222, 186, 140), face=(226, 200, 168), legs=(204, 146, 88),
            feet=(222, 196, 160), ears=(190, 124, 68), tail=(188, 120, 62), stripes=(160, 92, 42),
        ),
        Coat(
            name="piebald", main=_WHITE, belly=_WHITE, face=_WHITE, legs=_WHITE, feet=_WHITE, ears=_BLACK, tail=_BLACK,
            patch=_BLACK, patches=0.45,
        ),
    ),
    "roe_deer": (
        _one("summer", (142, 98, 66), light=1.2, tail=(190, 160, 120)),
        _one("winter", (116, 100, 86), light=1.2, tail=(214, 204, 190)),
    ),
    "red_deer": (_one("stag", (108, 78, 58), light=1.1), _one("hind", (140, 94, 62), light=1.15)),
    "cow": (
        Coat(
            name="black pied", main=(222, 216, 206), belly=(222, 210, 196), face=(96, 74, 70), legs=(214, 206, 194),
            feet=(60, 54, 48), ears=_BLACK, tail=(214, 206, 194), patch=(30, 28, 27), patches=0.52,
        ),
        _one("brown", (122, 90, 64), light=1.15, dark=(60, 48, 42), legs=(134, 94, 62)),
        Coat(
            name="red pied", main=(224, 216, 202), belly=(224, 210, 194), face=(180, 130, 108), legs=(218, 206, 190),
            feet=(84, 72, 60), ears=(140, 74, 40), tail=(218, 206, 190), patch=(140, 74, 40), patches=0.5,
        ),
        _one("black", (36, 33, 32), light=1.1),
    ),
    "horse": (
        _one("bay", (92, 60, 42), light=1.05, legs=(52, 38, 32), tail=(26, 22, 20), ears=(84, 56, 40), mane=True),
        _one("chestnut", (128, 80, 54), light=1.06, tail=(140, 84, 50), feet=(70, 58, 48), mane=True),
        _one(
            "grey", (176, 174, 172), light=1.04, dark=(90, 88, 88), legs=(130, 128, 128), tail=(150, 148, 146),
            mane=True,
        ),
        _one("black", (38, 34, 33), light=1.1, tail=(26, 24, 24), mane=True),
        Coat(
            name="skewbald", main=_WHITE, belly=_WHITE, face=(150, 110, 90), legs=_WHITE, feet=(70, 60, 50),
            ears=(130, 78, 46), tail=(214, 206, 192), patch=(126, 74, 44), patches=0.45, mane=True,
        ),
    ),
    "wild_boar": (_one("grey brown", (74, 64, 56), light=1.1, dark=(50, 44, 40), legs=(46, 40, 36), rough=0.16),),
    "sheep": (
        _one("white", (206, 198, 180), light=1.0, dark=(212, 204, 190), legs=(204, 196, 182), rough=0.14),
        Coat(
            name="blackface", main=(204, 196, 178), belly=(198, 190, 172), face=(38, 34, 32), legs=(42, 38, 36),
            feet=(34, 31, 29), ears=(40, 36, 34), tail=(200, 192, 174), rough=0.14,
        ),
    ),
}  # fmt: skip
