"""Pictures that surfaces carry: texels of several sizes, ready to be filtered."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from simgen.records.base import I8, U1


@dataclass(frozen=True, kw_only=True, eq=False)
class Picture:
    """A picture and all its halvings, whole first, 1 x 1 last, rows from the top.

    Colours are 8-bit sRGB codes, each level averaged in linear light; other quantities are linear. Two pictures are
    equal only if they are one object, so that surfaces share what they can.
    """

    name: str
    #: (N, 4) codes of all levels end to end
    texels: U1
    #: width and height of each level
    sizes: tuple[tuple[int, int], ...]


@dataclass(frozen=True, kw_only=True)
class Skin:
    """The pictures of a surface, laid on by texture coordinates (u right, v up, repeated beyond 0..1).

    A surface's colour, roughness and so on are then those of the whole, for all that sees no detail.
    """

    #: colour (sRGB), times ``tint``
    color: Picture | None = None
    #: roughness in its second channel and metalness in its third (linear), as glTF has them; times ``gloss``
    finish: Picture | None = None
    #: emission (sRGB), times that of the surface
    glow: Picture | None = None
    #: linear factors on the picture
    tint: tuple[float, float, float] = (1.0, 1.0, 1.0)
    gloss: tuple[float, float] = (1.0, 1.0)

    @property
    def pictures(self) -> tuple[Picture | None, ...]:
        """Colour, finish and glow."""
        return self.color, self.finish, self.glow


def gathered(skins: Sequence[Skin | None]) -> tuple[U1, I8, I8]:
    """Every picture once, end to end.

    Returns texels (N, 4); of each level of each picture its first texel, width and height (L, 3); and for each skin
    the first level of its colour, finish and glow (S, 3), -1 = none.
    """
    row: dict[Picture, int] = {}
    levels: list[tuple[int, int, int]] = []
    first = 0
    for picture in (p for skin in skins if skin is not None for p in skin.pictures if p is not None):
        if picture in row:
            continue
        row[picture] = len(levels)
        for width, height in picture.sizes:
            levels.append((first, width, height))
            first += width * height
    texels = np.concatenate([p.texels for p in row]) if row else np.empty((0, 4), np.uint8)
    which = [[-1 if p is None else row[p] for p in skin.pictures] if skin else [-1, -1, -1] for skin in skins]
    return texels, np.array(levels, np.int64).reshape(-1, 3), np.array(which, np.int64).reshape(-1, 3)
