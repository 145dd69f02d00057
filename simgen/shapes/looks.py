"""How people look, drawn for a variant: age, sex, body, skin, hair and clothes, as in a European street."""

from __future__ import annotations

from dataclasses import dataclass, replace
from functools import lru_cache

import numpy as np

from simgen.rng import Stream, stream
from simgen.shapes.wardrobe import Clothes, Who


@dataclass(frozen=True, kw_only=True)
class Look:
    """Who, in what, and with what."""

    who: Who
    clothes: Clothes
    carried: str = "none"
    #: where in the cycle the first step begins, 0..1
    phase: float = 0.0


#: shares of kinds; a share of 0 for men or women is written out
_TOPS = {"t_shirt": 0.24, "shirt": 0.18, "sweater": 0.16, "hoodie": 0.12, "jacket": 0.2, "coat": 0.07, "suit": 0.03}
_WOMEN_TOPS = {
    "t_shirt": 0.18, "blouse": 0.16, "sweater": 0.17, "hoodie": 0.07, "jacket": 0.16, "coat": 0.09, "dress": 0.1,
    "tank": 0.05, "suit": 0.02,
}  # fmt: skip
_BOTTOMS = {"jeans": 0.5, "trousers": 0.38, "shorts": 0.12}
_WOMEN_BOTTOMS = {"jeans": 0.42, "trousers": 0.22, "leggings": 0.16, "skirt": 0.13, "shorts": 0.07}
_TOP_COLORS = {
    "black": 0.13, "charcoal": 0.08, "grey": 0.09, "white": 0.12, "navy": 0.11, "blue": 0.07, "denim": 0.05,
    "red": 0.06,
    "burgundy": 0.04, "olive": 0.05, "khaki": 0.03, "cream": 0.05, "beige": 0.03, "green": 0.03, "teal": 0.02,
    "yellow": 0.02, "orange": 0.01, "pink": 0.01,
}  # fmt: skip
_BOTTOM_COLORS = {
    "denim": 0.3,
    "navy": 0.14,
    "black": 0.2,
    "charcoal": 0.14,
    "khaki": 0.08,
    "grey": 0.08,
    "olive": 0.04,
    "beige": 0.02,
}
_SHOES = {"black": 0.36, "white": 0.26, "brown": 0.14, "grey": 0.08, "navy": 0.06, "red": 0.04, "beige": 0.06}
_SKINS = {"light": 0.3, "fair": 0.28, "medium": 0.17, "tan": 0.1, "brown": 0.09, "dark": 0.06}
_ORIGINS = {
    "dark": "african",
    "brown": "african",
    "tan": "",
    "medium": "asian",
    "fair": "caucasian",
    "light": "caucasian",
}
_HAIRS = {"black": 0.22, "brown": 0.5, "blond": 0.22, "red": 0.06}
_STYLES = {"short": 0.66, "buzz": 0.18, "fringe": 0.1, "none": 0.06}
_WOMEN_STYLES = {"long": 0.4, "bob": 0.18, "ponytail": 0.2, "bun": 0.1, "short": 0.12}
_CARRIED = {
    "none": 0.66,
    "backpack": 0.13,
    "shopping_bag": 0.07,
    "handbag": 0.05,
    "phone": 0.05,
    "umbrella": 0.02,
    "pram": 0.02,
}


def _pick(rng: Stream, shares: dict[str, float]) -> str:
    total = np.cumsum(list(shares.values()))
    return list(shares)[int(np.searchsorted(total / total[-1], rng.random(), side="right"))]


@lru_cache(maxsize=4096)
def adult(variant: int, female: bool | None = None, age: str = "") -> Look:
    """An adult; variant 0 is a plain man in navy. Sex and age may be given."""
    rng = stream(variant, "person")
    draws = rng.random(8)
    woman = bool(draws[0] < 0.5) if female is None else female
    old = (age or ("elderly" if draws[1] < 0.16 else "adult")) == "elderly"
    if variant == 0:
        clothes = Clothes(class_name="person", top="navy", trousers="charcoal", skin="fair", hair="brown", female=woman)
        return Look(who=Who(height_m=1.74, female=bool(female), age=age or "adult"), clothes=clothes)
    tall = float(rng.normal(1.635 if woman else 1.765, 0.065)) - (0.045 if old else 0.0)
    build = float(np.clip(np.exp(rng.normal(0.03, 0.13)), 0.84, 1.33))
    skin = _pick(rng, _SKINS)
    who = Who(
        height_m=float(np.clip(tall, 1.46, 2.02)), female=woman, age="elderly" if old else "adult", build=build,
        strong=float(np.clip(rng.normal(0.2, 0.3), 0.0, 0.9)), origin=_ORIGINS[skin],
    )  # fmt: skip
    clothes = _clothes(rng, woman, old, skin, "person")
    carried = _pick(rng, _CARRIED)
    if old and draws[2] < 0.25:
        carried = "stick"
    return Look(who=who, clothes=clothes, carried=carried, phase=float(draws[3]))


@lru_cache(maxsize=4096)
def child(variant: int, height_m: float | None = None) -> Look:
    """A child of three to twelve years; variant 0 wears yellow."""
    rng = stream(variant, "child")
    draws = rng.random(8)
    if variant == 0:
        clothes = Clothes(
            class_name="child", top="yellow", trousers="denim", skin="fair", hair="brown", shoes="white", extra="red",
            top_kind="t_shirt", trousers_kind="jeans", child=True,
        )  # fmt: skip
        return Look(who=Who(height_m=height_m or 1.22, age="child", build=1.0), clothes=clothes)
    girl = bool(draws[0] < 0.5)
    skin = _pick(rng, _SKINS)
    bright = {
        "red": 2.0, "blue": 2.0, "yellow": 1.5, "pink": 2.5 if girl else 0.2, "white": 1.0, "navy": 1.0, "green": 1.5,
        "teal": 1.0, "purple": 1.2 if girl else 0.3, "orange": 1.0, "grey": 1.0,
    }  # fmt: skip
    styles = {"long": 0.4, "ponytail": 0.35, "bob": 0.25} if girl else {"short": 0.7, "fringe": 0.2, "buzz": 0.1}
    feet = {"white": 1.0, "red": 1.0, "blue": 1.0, "black": 1.0, "pink": 0.6 if girl else 0.0}
    tops = {"t_shirt": 0.4, "hoodie": 0.25, "jacket": 0.2, "sweater": 0.1, "dress": 0.12 if girl else 0.0}
    clothes = Clothes(
        class_name="child", top=_pick(rng, bright), trim=_pick(rng, bright), trousers=_pick(rng, _BOTTOM_COLORS),
        skin=skin, hair="black" if skin in ("dark", "brown") else _pick(rng, _HAIRS), shoes=_pick(rng, feet),
        extra=_pick(rng, bright), top_kind=_pick(rng, tops), child=True, iris=int(draws[4] * 4), female=girl,
        trousers_kind=_pick(rng, {"jeans": 0.5, "trousers": 0.25, "shorts": 0.15, "leggings": 0.2 if girl else 0.0}),
        hair_style=_pick(rng, styles),
        headwear="cap" if draws[5] < 0.1 else "beanie" if draws[5] < 0.15 else "none", hat=_pick(rng, bright),
        pattern=_pick(rng, {"plain": 0.55, "stripes": 0.25, "print": 0.2}),
    )  # fmt: skip
    tall = height_m or float(rng.uniform(0.96, 1.5))
    carried = "backpack" if draws[6] < 0.3 else "none"
    return Look(
        who=Who(height_m=tall, age="child", female=girl), clothes=clothes, carried=carried, phase=float(draws[3])
    )


def _clothes(rng: Stream, woman: bool, old: bool, skin: str, class_name: str) -> Clothes:
    draws = rng.random(6)
    hairs = {"black": 1.0} if skin in ("dark", "brown") else _HAIRS
    hair = "grey" if (old and draws[0] < 0.85) or draws[0] < 0.06 else _pick(rng, hairs)
    styles = _WOMEN_STYLES if woman else _STYLES
    style = "none" if old and not woman and draws[1] < 0.3 else _pick(rng, styles)
    top = _pick(rng, _WOMEN_TOPS if woman else _TOPS)
    bottom = _pick(rng, _WOMEN_BOTTOMS if woman else _BOTTOMS)
    if old or top in ("coat", "suit", "jacket"):
        bottom = {"shorts": "trousers", "leggings": "trousers"}.get(bottom, bottom)
    color = _pick(rng, _TOP_COLORS)
    below = _pick(rng, _BOTTOM_COLORS)
    if top == "suit":
        color = _pick(rng, {"charcoal": 1, "navy": 1, "black": 1, "grey": 0.5})
        bottom, below = "trousers", color
    hats = {"none": 0.86, "cap": 0.06, "beanie": 0.05, "hat": 0.03}
    patterns = {"plain": 0.66, "stripes": 0.13, "checks": 0.11, "print": 0.1}
    return Clothes(
        class_name=class_name, top=color, trousers=below, skin=skin, hair=hair, shoes=_pick(rng, _SHOES),
        trim=_pick(rng, _TOP_COLORS), extra=_pick(rng, _TOP_COLORS), hat=_pick(rng, _TOP_COLORS), top_kind=top,
        trousers_kind=bottom, hair_style=style, headwear=_pick(rng, hats), female=woman,
        beard=0.0 if woman or draws[2] < 0.55 else float(0.3 + 0.6 * draws[3]), iris=int(draws[4] * 4),
        pattern=_pick(rng, patterns) if top in ("t_shirt", "shirt", "sweater", "blouse", "dress", "tank") else "plain",
    )  # fmt: skip


@lru_cache(maxsize=1024)
def cyclist(variant: int) -> Look:
    """An adult dressed for a bicycle; six in ten wear a helmet."""
    look, rng = adult(variant), stream(variant, "cyclist")
    helmet = variant == 0 or bool(rng.random() < 0.6)
    clothes = replace(
        look.clothes,
        class_name="rider",
        top_kind={"dress": "blouse", "coat": "jacket"}.get(look.clothes.top_kind, look.clothes.top_kind),
        trousers_kind="leggings" if look.clothes.trousers_kind == "skirt" else look.clothes.trousers_kind,
        headwear="helmet" if helmet else "none",
        hat=_pick(rng, {"white": 1.0, "black": 1.2, "grey": 0.6, "red": 0.5, "blue": 0.4, "hi_vis": 0.3}),
    )
    if variant == 0:
        clothes = replace(clothes, top="red", shoes="white", hat="white", extra="white")
    who = replace(look.who, height_m=float(np.clip(look.who.height_m, 1.66, 1.98)))
    return replace(look, who=who, clothes=clothes, carried="backpack" if look.carried == "backpack" else "none")


def at_work(look: Look, role: str) -> Look:
    """The same person in a construction worker's or a police officer's clothes."""
    plain = replace(look.clothes, pattern="plain", short_sleeves=False)
    if role == "construction_worker":
        colors = ("hi_vis", "orange") if look.phase < 0.6 else ("orange", "hi_vis")
        work = replace(
            plain, top="charcoal", top_kind="sweater", trousers="navy", trousers_kind="trousers", shoes="brown",
            vest=True, extra=colors[0], headwear="hard_hat", hat="white" if look.phase < 0.5 else "yellow",
        )  # fmt: skip
    else:
        work = replace(
            plain, top="navy", top_kind="jacket", trousers="navy", trousers_kind="trousers", shoes="black",
            vest=look.phase < 0.5, extra="hi_vis", headwear="police_cap", hat="navy", trim="black",
        )  # fmt: skip
    return replace(look, clothes=work, carried="none")
