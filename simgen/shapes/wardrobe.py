"""Who somebody is: body, clothes and colours, and how they are drawn for a variant."""

from __future__ import annotations

from dataclasses import dataclass
from functools import lru_cache
from typing import Final

import numpy as np

from simgen.records.mesh import Surface
from simgen.records.picture import Skin
from simgen.shapes.body import Body, blended
from simgen.shapes.clothes import shoe
from simgen.shapes.colors import CLOTHES, HAIRS, SKINS, Color, resolve
from simgen.shapes.face import eyes, face, pattern

#: colours of irises, linear
_IRISES: Final = ((0.045, 0.022, 0.01), (0.02, 0.011, 0.006), (0.07, 0.11, 0.16), (0.07, 0.09, 0.05))


@dataclass(frozen=True, kw_only=True)
class Who:
    """A body: ``age`` is "child", "adult" or "elderly"; ``build`` 1 = the average; ``strong`` 0..1 trained."""

    height_m: float
    age: str = "adult"
    female: bool = False
    build: float = 1.0
    strong: float = 0.0
    #: "african", "asian", "caucasian", or "" for their mean
    origin: str = ""

    def mix(self) -> dict[str, float]:
        """Shares of the baked bodies."""
        shares = _child(self.height_m, self.female) if self.age == "child" else self._grown()
        if self.origin and self.age != "child":
            sex = "woman" if self.female else "man"
            shares[f"{sex}_{self.origin}"] = 0.9
            shares[f"{sex}_even"] = shares.get(f"{sex}_even", 0.0) - 0.9
        return shares

    def _grown(self) -> dict[str, float]:
        sex = "woman" if self.female else "man"
        heavy = float(np.clip((self.build - 1.0) / 0.35, 0.0, 1.0))
        slim = float(np.clip((1.0 - self.build) / 0.18, 0.0, 1.0))
        if self.age == "elderly":
            fat = 0.5 * (1.0 + heavy - slim)
            return {f"old_{sex}_slim": 1.0 - fat, f"old_{sex}_heavy": fat}
        average = 1.0 - heavy - slim - self.strong * (1.0 - heavy)
        return {
            f"{sex}_average": average,
            f"{sex}_heavy": heavy,
            f"{sex}_slim": slim,
            f"{sex}_strong": self.strong * (1.0 - heavy),
        }


def _child(height_m: float, female: bool) -> dict[str, float]:
    """Between four, eight and twelve years by height (WHO: 1.03, 1.28 and 1.50 m)."""
    old = "girl_12" if female else "boy_12"
    steps = ((1.03, "child_4"), (1.28, "child_8"), (1.5, old))
    at = np.interp(height_m, [h for h, _ in steps], [0.0, 1.0, 2.0])
    return {name: w for k, (_, name) in enumerate(steps) if (w := max(0.0, 1.0 - abs(float(at) - k))) > 0.0}


@lru_cache(maxsize=64)
def body_of(who: Who) -> Body:
    """A body whose stature, shoes included, is the height asked for."""
    body = blended(who.mix())
    crown = float(body.skin[:, 2].max() - body.joint("pelvis")[2])
    legs = body.length("left_thigh") + body.length("left_shank") - float(shoe(body, "left").vertices[:, 2].min())
    return blended(who.mix(), who.height_m / (crown + legs + 0.012))


@dataclass(frozen=True, kw_only=True)
class Clothes:
    """What somebody looks like; colours are names or linear reflectances."""

    class_name: str
    top: str | Color
    trousers: str | Color
    skin: str | Color
    hair: str | Color
    shoes: str | Color = "black"
    extra: str | Color = "black"
    trim: str | Color = "white"
    hat: str | Color = "black"
    top_kind: str = "shirt"
    trousers_kind: str = "trousers"
    hair_style: str = "short"
    headwear: str = "none"
    female: bool = False
    child: bool = False
    beard: float = 0.0
    iris: int = 0
    short_sleeves: bool = False
    #: "plain", "stripes", "checks" or "print", in the colour of the trim
    pattern: str = "plain"
    #: a vest over the top, in the colour of ``extra``
    vest: bool = False

    def surfaces(self) -> tuple[Surface, ...]:
        """In the order of the tags of :mod:`simgen.shapes.clothes`.

        Raises:
            UserError: an unknown colour.
        """
        top = resolve("top", self.top, CLOTHES)
        skin, hair = resolve("skin", self.skin, SKINS), resolve("hair", self.hair, HAIRS)
        face_skin = Skin(color=face(skin, hair, self.female, self.beard, self.child))
        ball = Skin(color=eyes(_IRISES[self.iris % len(_IRISES)]))
        shoes = resolve("shoes", self.shoes, CLOTHES)
        sole: Color = (0.6, 0.59, 0.56) if self.iris % 2 else (0.03, 0.028, 0.026)
        trim = resolve("trim", self.trim, CLOTHES)
        print_ = None if self.pattern == "plain" else Skin(color=pattern(self.pattern, top, trim))
        return (
            self._cloth(top, print_),
            self._cloth(resolve("trousers", self.trousers, CLOTHES)),
            self._plain(skin, 0.5, "skin", face_skin),
            self._plain(hair, 0.55, "hair"),
            self._plain(shoes, 0.5, "cloth"),
            self._cloth(resolve("backpack", self.extra, CLOTHES)),
            self._plain((0.6, 0.58, 0.55), 0.15, "skin", ball),
            self._plain(sole, 0.8, "cloth"),
            self._cloth(trim),
            Surface(class_name=self.class_name, base_color=(0.55, 0.56, 0.57), roughness=0.4, retro=0.3, heat="cloth"),
            self._cloth((0.75, 0.75, 0.74)),
            self._cloth(resolve("hat", self.hat, CLOTHES)),
        )

    def _cloth(self, color: Color, skin: Skin | None = None) -> Surface:
        # dyes hardly absorb near infrared: cloth is bright at 905 nm whatever its colour
        return Surface(
            class_name=self.class_name,
            base_color=color,
            roughness=0.9,
            lidar_reflectance=0.55,
            texture="fabric",
            texture_scale_m=0.01,
            heat="cloth",
            skin=skin,
        )

    def _plain(self, color: Color, rough: float, heat: str, skin: Skin | None = None) -> Surface:
        return Surface(
            class_name=self.class_name, base_color=color, roughness=rough, lidar_reflectance=0.45, heat=heat, skin=skin
        )
