"""Plates of traffic signs: outlines in drawing units, and thin solids that face +x."""

from __future__ import annotations

from typing import Final

import numpy as np
from numpy.typing import ArrayLike

from simgen.records.base import F8
from simgen.shapes.lattice import fan, lattice
from simgen.shapes.soup import Soup, join

#: tags of a plate's triangles
FACE, BACK = range(2)


def board(outline: ArrayLike, depth: float, thickness: float = 0.006) -> Soup:
    """A flat shape (P, 2) of (across, up), counter-clockwise from ahead and star-shaped, its face at x = depth.

    Across becomes +y, as it is to the right of somebody ahead who looks at the sign.
    """
    p = np.asarray(outline, np.float64)
    front = np.concatenate([np.full((len(p), 1), depth), p], -1)
    back = front - [thickness, 0.0, 0.0]
    walls = lattice(np.stack([back, front]), wrap=True, tags=BACK)
    return join([walls, fan(front, FACE), fan(back, BACK).flipped()])


def regular(corners: int, radius: float, turn_deg: float = 0.0) -> F8:
    """A regular polygon's outline; ``radius`` to the corners, the first at ``turn_deg`` from straight across."""
    angle = np.radians(turn_deg) + 2.0 * np.pi * np.arange(corners) / corners
    return radius * np.stack([np.cos(angle), np.sin(angle)], -1)


def rounded(outline: ArrayLike, radius: float, steps: int = 5) -> F8:
    """A convex, counter-clockwise polygon with round corners."""
    p = np.asarray(outline, np.float64)
    before, after = np.roll(p, 1, axis=0) - p, np.roll(p, -1, axis=0) - p
    before /= np.hypot(before[:, 0], before[:, 1])[:, None]
    after /= np.hypot(after[:, 0], after[:, 1])[:, None]
    half = 0.5 * np.arccos(np.clip((before * after).sum(1), -1.0, 1.0))
    middle = (before + after) / np.hypot(*(before + after).T)[:, None]
    center = p + middle * (radius / np.sin(half))[:, None]
    # from the normal of the edge that comes in to that of the edge that goes out
    start = np.arctan2(before[:, 0], -before[:, 1])
    sweep = np.pi - 2.0 * half
    angle = start[:, None] + sweep[:, None] * np.linspace(0.0, 1.0, steps)
    arcs = center[:, None] + radius * np.stack([np.cos(angle), np.sin(angle)], -1)
    return np.asarray(arcs.reshape(-1, 2))


def rectangle(half_x: float, half_y: float, radius: float = 0.06) -> F8:
    """An upright rectangle with round corners."""
    corners = [[half_x, -half_y], [half_x, half_y], [-half_x, half_y], [-half_x, -half_y]]
    return rounded(corners, radius)


_SHIELD: Final = (
    (0.0, -1.0), (0.38, -0.84), (0.72, -0.52), (0.93, -0.08), (0.98, 0.3), (0.93, 0.6), (0.78, 0.96), (0.52, 0.88),
    (0.28, 0.86), (0.0, 0.96), (-0.28, 0.86), (-0.52, 0.88), (-0.78, 0.96), (-0.93, 0.6), (-0.98, 0.3),
    (-0.93, -0.08), (-0.72, -0.52), (-0.38, -0.84),
)  # fmt: skip

#: outlines in drawing units: one unit is half the plate's width (of a triangle's side, a diamond's diagonal)
OUTLINES: Final[dict[str, F8]] = {
    "disc": regular(40, 1.0),
    "triangle": rounded(regular(3, 2.0 / 3.0**0.5, 90.0), 0.09),
    "inverted": rounded(regular(3, 2.0 / 3.0**0.5, -90.0), 0.09),
    "octagon": regular(8, 1.0 / np.cos(np.pi / 8.0), 22.5),
    "diamond": rounded(regular(4, 1.0), 0.07),
    "square": rectangle(1.0, 1.0, 0.08),
    "tall": rectangle(1.0, 1.25, 0.08),
    "tall_2_3": rectangle(1.0, 1.5, 0.08),
    "wide_2_3": rectangle(1.0, 2.0 / 3.0, 0.06),
    "wide_1_2": rectangle(1.0, 0.5, 0.05),
    "wide_1_3": rectangle(1.0, 1.0 / 3.0, 0.05),
    "wide_1_4": rectangle(1.0, 0.25, 0.04),
    "slat": rectangle(1.0, 9.0 / 48.0, 0.02),
    "pentagon": rounded([[1.0, -1.0], [1.0, 0.0], [0.0, 1.0], [-1.0, 0.0], [-1.0, -1.0]], 0.08),
    "pennant": rounded([[1.0, 0.0], [-1.0, 0.75], [-1.0, -0.75]], 0.06),
    "shield": np.array(_SHIELD),
}

__all__ = ["BACK", "FACE", "OUTLINES", "board", "rectangle", "regular", "rounded"]
