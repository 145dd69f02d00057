"""What the parameters of people have in common: those that are given override what their variant draws."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

from simgen.shapes.looks import Look

Paint = str | tuple[float, float, float]


def overridden(look: Look, height_m: float | None, build: float | None, **given: Any) -> Look:
    """A look with every value that is not None in place of the drawn one."""
    clothes = {k: v for k, v in given.items() if v is not None}
    who = look.who
    who = replace(
        who, height_m=who.height_m if height_m is None else height_m, build=who.build if build is None else build
    )
    return replace(look, who=who, clothes=replace(look.clothes, **clothes))


def lower(shorts: bool | None, kind: str | None) -> str | None:
    """The kind of trousers that two parameters ask for; None = neither."""
    if kind is not None:
        return kind
    return None if shorts is None else "shorts" if shorts else "trousers"
