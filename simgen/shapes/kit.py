"""Parts of buildings: triangles, flat pieces that carry a piece of a picture, and what bodies collide with."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

import numpy as np
from numpy.typing import ArrayLike

from simgen.geometry import quat_from_yaw, quat_rotate
from simgen.records.base import F8, I8
from simgen.shapes.soup import Soup, join

#: what a building's triangles are made of: the order of its surfaces
(
    WALL, TRIM, FRAME, PLINTH, ROOF, FLAT, DOOR, METAL, CLADDING, SHOP_GLASS, ROOM, AWNING, STRIPE, PIPE,
    PANE, LIT_PANE, OFFICE, LIT_OFFICE, SIGN, GOODS,
) = range(20)  # fmt: skip
#: the first of those that carry pictures
FIRST_PICTURE: Final = PANE

_QUADS: Final = np.array([[0, 1, 3, 2], [4, 6, 7, 5], [0, 4, 5, 1], [2, 3, 7, 6], [0, 2, 6, 4], [1, 5, 7, 3]])
_BOX: Final[I8] = np.concatenate([_QUADS[:, [0, 1, 2]], _QUADS[:, [0, 2, 3]]])


@dataclass(frozen=True, kw_only=True, eq=False)
class Kit:
    """Parts in one frame: ``soup``; flat pieces ``quads`` (N, 4, 3), counter-clockwise from the lower left, with their
    corners in the picture ``uv`` (N, 4, 2) and their ``tags`` (N,); and points of convex solids.
    """

    soup: Soup
    quads: F8
    uv: F8
    tags: I8
    solids: tuple[F8, ...] = ()

    @classmethod
    def of(cls, *soups: Soup, solids: Sequence[F8] = ()) -> Kit:
        """From soups without pictures."""
        soup = join(soups) if soups else Soup.of(np.empty((0, 3)), np.empty((0, 3), np.int64))
        return cls(soup=soup, quads=np.empty((0, 4, 3)), uv=np.empty((0, 4, 2)), tags=_none(), solids=tuple(solids))

    @classmethod
    def pictures(cls, quads: F8, uv: F8, tags: ArrayLike) -> Kit:
        """Flat pieces alone."""
        tag = np.broadcast_to(np.asarray(tags, np.int64), (len(quads),)).copy()
        return cls(soup=Kit.of().soup, quads=quads, uv=uv, tags=tag)

    def moved(self, offset: ArrayLike = (0.0, 0.0, 0.0), yaw_rad: float = 0.0) -> Kit:
        """Turned about z first, then shifted."""
        q, shift = quat_from_yaw(yaw_rad), np.asarray(offset, np.float64)
        return Kit(
            soup=self.soup.moved(shift, q),
            quads=quat_rotate(q, self.quads.reshape(-1, 3)).reshape(-1, 4, 3) + shift,
            uv=self.uv,
            tags=self.tags,
            solids=tuple(quat_rotate(q, points) + shift for points in self.solids),
        )


def _none() -> I8:
    return np.empty(0, np.int64)


def together(kits: Sequence[Kit]) -> Kit:
    """All parts in one."""
    return Kit(
        soup=join([k.soup for k in kits]),
        quads=np.concatenate([k.quads for k in kits]),
        uv=np.concatenate([k.uv for k in kits]),
        tags=np.concatenate([k.tags for k in kits]),
        solids=tuple(points for k in kits for points in k.solids),
    )


def boxes(low: ArrayLike, high: ArrayLike, tag: int, *, faces: str = "all") -> Soup:
    """Boxes from their lower to their upper corners, (N, 3) each. ``faces="front"`` leaves out those at the least x."""
    a, b = np.asarray(low, np.float64).reshape(-1, 3), np.asarray(high, np.float64).reshape(-1, 3)
    bit = np.array([[x, y, z] for x in (0, 1) for y in (0, 1) for z in (0, 1)], np.float64)
    corners = a[:, None] * (1.0 - bit) + b[:, None] * bit
    one = np.delete(_BOX, [0, 6], axis=0) if faces == "front" else _BOX
    triangles = one[None] + 8 * np.arange(len(a))[:, None, None]
    return Soup.of(corners.reshape(-1, 3), triangles.reshape(-1, 3), tag)


def block(low: ArrayLike, high: ArrayLike, tag: int, *, solid: bool = True) -> Kit:
    """One box, and the same as a solid."""
    soup = boxes(low, high, tag)
    return Kit.of(soup, solids=(soup.vertices,) if solid else ())


def upright(rects: ArrayLike, x: float) -> F8:
    """Quads (N, 4, 3) at a depth from rectangles (N, 4): y from, y to, z from, z to; they face +x."""
    y0, y1, z0, z1 = np.asarray(rects, np.float64).reshape(-1, 4).T
    depth = np.full_like(y0, x)
    corners = [(y0, z0), (y1, z0), (y1, z1), (y0, z1)]
    return np.stack([np.stack([depth, y, z], -1) for y, z in corners], 1)


def flat_faces(rects: ArrayLike, x: float, tag: int) -> Soup:
    """Plain rectangles at a depth, facing +x; see :func:`upright`."""
    quads = upright(rects, x)
    first = 4 * np.arange(len(quads))[:, None]
    triangles = np.stack([first + np.array([0, 1, 2]), first + np.array([0, 2, 3])], 1)
    return Soup.of(quads.reshape(-1, 3), triangles.reshape(-1, 3), tag)


def cells_uv(cells: ArrayLike, columns: int, rows: int, inset: float = 0.01) -> F8:
    """Corners (N, 4, 2) of cells of a picture that is divided into columns and rows, counted from the upper left."""
    k = np.asarray(cells, np.int64)
    u, v = (k % columns) / columns, 1.0 - (k // columns + 1) / rows
    du, dv = (1.0 - 2.0 * inset) / columns, (1.0 - 2.0 * inset) / rows
    u, v = u + inset / columns, v + inset / rows
    return np.stack([np.stack([u + a * du, v + b * dv], -1) for a, b in ((0, 0), (1, 0), (1, 1), (0, 1))], 1)
