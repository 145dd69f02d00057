"""What people carry and wear over their clothes: packs, bags, sticks, umbrellas, phones."""

from __future__ import annotations

import numpy as np
from numpy.typing import ArrayLike

from simgen.shapes.body import Body
from simgen.shapes.clothes import EXTRA
from simgen.shapes.lattice import loft, section
from simgen.shapes.pieces import Piece, rigid_piece
from simgen.shapes.soup import Soup, join


def rings(rows: ArrayLike, power: float = 2.0, segments: int = 12) -> Soup:
    """A loft through rows of (z, half_x, half_y, shift_x), z rising."""
    r = np.asarray(rows, np.float64)
    center = np.stack([r[:, 3], np.zeros(len(r)), r[:, 0]], -1)
    return loft(section(center, r[:, 1], r[:, 2], segments, power))


def back_at(body: Body, share: float) -> float:
    """How far back the trunk reaches from the chest's joint at a share of the trunk's height, over the clothes."""
    hips, neck = body.joint("pelvis"), body.joint("neck")
    z = hips[2] + share * (neck[2] - hips[2])
    near = body.cloth[
        (np.abs(body.cloth[:, 2] - z) < 0.06 * (neck[2] - hips[2]) + 0.02) & (np.abs(body.cloth[:, 1]) < 0.09)
    ]
    return float(near[:, 0].min() - body.joint("chest")[0])


def trunk_of(body: Body) -> float:
    """Hips to neck."""
    return float(body.joint("neck")[2] - body.joint("pelvis")[2])


def backpack(body: Body) -> list[Piece]:
    """A day pack on the back."""
    h = trunk_of(body)
    low = float(body.joint("pelvis")[2] - body.joint("chest")[2])
    at = min(back_at(body, 0.75), back_at(body, 0.5)) - 0.015
    deep, wide = 0.11 * h, 0.24 * h
    shape = [
        [low + 0.22 * h, 0.5 * deep, 0.85 * wide, at - 0.9 * deep],
        [low + 0.25 * h, 0.9 * deep, wide, at - 0.95 * deep],
        [low + 0.5 * h, deep, wide, at - deep], [low + 0.8 * h, 0.85 * deep, 0.95 * wide, at - 0.85 * deep],
        [low + 0.93 * h, 0.5 * deep, 0.7 * wide, at - 0.55 * deep],
    ]  # fmt: skip
    pocket = [
        [low + 0.27 * h, 0.3 * deep, 0.75 * wide, at - 1.9 * deep],
        [low + 0.31 * h, 0.42 * deep, 0.8 * wide, at - 1.9 * deep],
        [low + 0.5 * h, 0.38 * deep, 0.8 * wide, at - 1.85 * deep],
        [low + 0.54 * h, 0.2 * deep, 0.7 * wide, at - 1.8 * deep],
    ]  # fmt: skip
    soup = join([rings(shape, 3.5, 14), rings(pocket, 3.5, 12)]).tagged(EXTRA)
    return [rigid_piece(body, "chest", soup)]
