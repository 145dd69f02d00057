"""Skins that are cut along curves: windows, doors and lamps out of one smooth surface.

A sheet's triangles carry the normals of the smooth surface, so that what is cut out of it shades as if it were whole.
A cut leaves corners of one piece on edges of its neighbour: on the edge itself, so nothing gapes.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from typing import Final

import numpy as np
from numpy.typing import ArrayLike

from simgen.geometry import cross, normalized
from simgen.records.base import F8, I8, Bool
from simgen.records.mesh import Surface
from simgen.shapes.builder import MeshBuilder, corner_normals
from simgen.shapes.soup import Soup, without_slivers

#: signed values at points (..., 3), about metres from where they are zero, positive inside
Field = Callable[[F8], F8]
#: corners nearer to a cut than this lie on it
ON_CUT: Final = 3e-4


@dataclass(frozen=True, eq=False)
class Sheet:
    """Triangles by their corners: points and unit normals (T, 3, 3), what each is made of and belongs to, (T,).

    ``origins`` (T,) tells which triangles were one before they were cut; -1 = not known.
    """

    points: F8
    normals: F8
    tags: I8
    parts: I8
    origins: I8

    @classmethod
    def of(cls, soup: Soup, smooth_deg: float = 40.0, part: int = 0) -> Sheet:
        """A soup with its smooth normals."""
        clean = without_slivers(soup)
        parts = np.full(len(clean.tags), part, np.int64)
        normals = corner_normals(clean, smooth_deg)
        return cls(clean.vertices[clean.triangles], normals, clean.tags, parts, np.arange(len(parts)))

    def where(self, mask: Bool) -> Sheet:
        """Some of the triangles."""
        return self.rows(mask.nonzero()[0])

    def rows(self, rows: I8) -> Sheet:
        """Some of the triangles, by number."""
        if len(rows) == len(self.tags):
            return self  # numbers rise: these are all
        return Sheet(
            self.points.take(rows, 0),
            self.normals.take(rows, 0),
            self.tags.take(rows),
            self.parts.take(rows),
            self.origins.take(rows),
        )

    def labelled(self, tag: int | None = None, part: int | None = None) -> Sheet:
        """All triangles with one tag, one part, or both."""
        full = [old if new is None else np.full_like(old, new) for old, new in ((self.tags, tag), (self.parts, part))]
        return replace(self, tags=full[0], parts=full[1])

    def mirrored(self) -> Sheet:
        """On the other side of y = 0."""
        flip = np.array([1.0, -1.0, 1.0])
        return replace(self, points=(self.points * flip)[:, ::-1], normals=(self.normals * flip)[:, ::-1])

    def moved(self, offset: ArrayLike) -> Sheet:
        """Shifted."""
        return replace(self, points=self.points + np.asarray(offset, np.float64))

    def inside_out(self, inwards_m: float) -> Sheet:
        """Its back, so far behind it."""
        points = self.points - inwards_m * self.normals
        return replace(self, points=points[:, ::-1], normals=-self.normals[:, ::-1])

    @property
    def soup(self) -> Soup:
        """Its triangles, corners apart."""
        return Soup(self.points.reshape(-1, 3), np.arange(3 * len(self.tags)).reshape(-1, 3), self.tags)

    def add_to(self, builder: MeshBuilder, surfaces: Sequence[Surface], uv: F8 | None = None) -> None:
        """Enter it into a mesh; tags are rows of ``surfaces``."""
        if len(self.tags):
            # slivers that a mesh's precision of a micrometre would flatten or turn over are left out
            p = self.points
            facing = cross(p[:, 1] - p[:, 0], p[:, 2] - p[:, 0]) * self.normals.mean(1)
            longest = np.sqrt(((p - np.roll(p, 1, axis=1)) ** 2).sum(-1).max(1))
            keep = facing.sum(-1) > 5e-6 * longest
            some = self.where(keep)
            builder.add_corners(some.soup, some.normals, *surfaces, uv=None if uv is None else uv[keep])


def joined(sheets: Sequence[Sheet]) -> Sheet:
    """All triangles in one sheet."""
    some = [s for s in sheets if len(s.tags)] or sheets[:1]
    if len(some) == 1:
        return some[0]
    return Sheet(
        np.concatenate([s.points for s in some]),
        np.concatenate([s.normals for s in some]),
        np.concatenate([s.tags for s in some]),
        np.concatenate([s.parts for s in some]),
        np.concatenate([s.origins for s in some]),
    )


def areas(points: F8) -> F8:
    """Areas of triangles (T, 3, 3)."""
    a, b = points[:, 1] - points[:, 0], points[:, 2] - points[:, 0]
    return np.asarray(0.5 * np.sqrt(np.maximum((a * a).sum(-1) * (b * b).sum(-1) - (a * b).sum(-1) ** 2, 0.0)))


def least(value: F8) -> F8:
    """The least of each row of three, (T, 3); quicker than a reduction along so short an axis."""
    return np.asarray(np.minimum(np.minimum(value[:, 0], value[:, 1]), value[:, 2]))


def split(sheet: Sheet, field: Field) -> tuple[Sheet, Sheet]:
    """What lies where a field is positive, and the rest; triangles in between are cut."""
    value = np.asarray(field(sheet.points))
    value = np.where(np.abs(value) < ON_CUT, 0.0, value)
    low, high = least(value), -least(-value)
    inside, mixed = low >= 0.0, (low < 0.0) & (high > 0.0)
    if not mixed.any():
        return sheet.where(inside), sheet.where(~inside)
    rows = mixed.nonzero()[0]
    made, side = _cut(sheet.rows(rows), value[rows], field)
    outside = sheet.where(~(inside | mixed))
    return joined([sheet.where(inside), made.where(side > 0.0)]), joined([outside, made.where(side < 0.0)])


def _cut(sheet: Sheet, value: F8, field: Field) -> tuple[Sheet, F8]:
    """Triangles with corners on both sides of a cut, in pieces, and the side of each (1 or -1)."""
    signs = np.sign(value)
    # the first corner is the one on the cut, or the one alone on its side
    on = signs == 0.0
    alone = np.where(on.any(1)[:, None], on, signs == -np.sign(signs.sum(1))[:, None])
    turn = (np.argmax(alone, 1)[:, None] + np.arange(3)) % 3
    row = np.arange(len(turn))[:, None]
    corner = np.concatenate([sheet.points[row, turn], sheet.normals[row, turn]], -1)
    pieces, side, which = _pieces(corner, signs[row, turn], value[row, turn], field)
    normals = normalized(pieces[..., 3:])
    return Sheet(pieces[..., :3], normals, sheet.tags[which], sheet.parts[which], sheet.origins[which]), side


def _pieces(corner: F8, signs: F8, value: F8, field: Field) -> tuple[F8, F8, I8]:
    """Triangles (N, 3, 6) that cut triangles fall into, the side of each and whose piece it is."""
    on, off = (signs[:, 0] == 0.0).nonzero()[0], (signs[:, 0] != 0.0).nonzero()[0]
    # the edges that the cut crosses: opposite of a corner on it; else both at the corner alone on its side
    rows = np.concatenate([on, off, off])
    first, last = np.repeat([1, 0, 0], [len(on), len(off), len(off)]), np.repeat([2, 1, 2], [len(on), *[len(off)] * 2])
    cut = crossing(corner[rows, first], corner[rows, last], value[rows, first], value[rows, last], field)
    o, m, n = cut[: len(on)], cut[len(on) : len(on) + len(off)], cut[len(on) + len(off) :]
    (a, b, c), (d, e, f) = corner[on].transpose(1, 0, 2), corner[off].transpose(1, 0, 2)
    triangles = ((a, a, d, m, m), (b, o, m, e, f), (o, c, n, f, n))
    pieces = np.empty((2 * len(on) + 3 * len(off), 3, 6))
    for k, corners in enumerate(triangles):
        np.concatenate(corners, out=pieces[:, k])
    side = np.concatenate([signs[on, 1], signs[on, 2], signs[off, 0], signs[off, 1], signs[off, 1]])
    return pieces, side, np.concatenate([on, on, off, off, off])


def crossing(a: F8, b: F8, value_a: F8, value_b: F8, field: Field) -> F8:
    """Where edges meet the cut, by false position; from the positive end, so that neighbours find the same point."""
    flip = (value_a < 0.0)[:, None]
    p, q = np.where(flip, b, a), np.where(flip, a, b)
    low, high = np.zeros(len(p)), np.ones(len(p))
    f_low, f_high = np.maximum(value_a, value_b), np.minimum(value_a, value_b)
    t = f_low / (f_low - f_high)
    way = q - p
    start, along = p[:, :3], way[:, :3]
    for _ in range(3):
        f = np.asarray(field(start + t[:, None] * along))
        up = f >= 0.0
        low, f_low = np.where(up, t, low), np.where(up, f, f_low)
        high, f_high = np.where(up, high, t), np.where(up, f_high, f)
        t = low + (high - low) * f_low / np.maximum(f_low - f_high, 1e-12)
    return np.asarray(p + t[:, None] * way)


def marked(
    sheet: Sheet,
    fields: Sequence[Field],
    *,
    tag: int | None = None,
    part: int | None = None,
    of: Sequence[int] | None = None,
    of_part: int | None = None,
) -> Sheet:
    """The sheet with a new tag (or part) where all fields are positive, among triangles of some tags (and a part)."""
    inside, outside = taken(sheet, fields, of=of, of_part=of_part)
    return joined([inside.labelled(tag, part), outside])


def taken(
    sheet: Sheet, fields: Sequence[Field], *, of: Sequence[int] | None = None, of_part: int | None = None
) -> tuple[Sheet, Sheet]:
    """What lies where all fields are positive (among triangles of some tags and a part), and the rest."""
    chosen = np.ones(len(sheet.tags), np.bool_) if of is None else np.isin(sheet.tags, of)
    if of_part is not None:
        chosen &= sheet.parts == of_part
    for k, field in enumerate(fields):
        if k < 2:  # the first, often a plain limit, leaves few; the others look at the same ones
            rows = chosen.nonzero()[0]
            some = sheet.points.take(rows, 0)
        chosen[rows] &= -least(-np.asarray(field(some))) > ON_CUT
    inside, rest = sheet.where(chosen), [sheet.where(~chosen)]
    if not len(inside.tags):
        return inside, sheet
    for field in fields:
        inside, outside = split(inside, field)
        rest.append(outside)
        if not len(inside.tags):
            break
    return inside, joined(rest)


def seamed(
    sheet: Sheet, fields: Sequence[Field], half_width: float, *, tag: int, of: Sequence[int], part: int | None = None
) -> Sheet:
    """A closed seam along the border of where all fields are positive; what it surrounds may get a part's number."""
    grown, shrunk = [shifted(f, half_width) for f in fields], [shifted(f, -half_width) for f in fields]
    inside, outside = taken(sheet, grown, of=of)
    core, band = taken(inside, shrunk)
    return joined([core.labelled(part=part), band.labelled(tag=tag), outside])


def convex(corners: ArrayLike, coordinates: Callable[[F8], F8]) -> list[Field]:
    """The fields of a convex polygon (P, 2) in coordinates (..., 2) of points, whichever way its corners run."""
    p = np.asarray(corners, np.float64)
    of = remembered(coordinates)
    q = np.roll(p, -1, axis=0)
    normal = normalized(np.stack([p[:, 1] - q[:, 1], q[:, 0] - p[:, 0]], -1))
    middle = p.mean(0)
    turn = np.sign(((middle - p) * normal).sum(-1, keepdims=True))

    def side(k: int) -> Field:
        n, at = turn[k] * normal[k], p[k]

        def field(points: F8) -> F8:
            c = of(points)
            return np.asarray((c[..., 0] - at[0]) * n[0] + (c[..., 1] - at[1]) * n[1])

        return field

    return [side(k) for k in range(len(p))]


def remembered(function: Callable[[F8], F8]) -> Callable[[F8], F8]:
    """The function, which keeps its last result: the sides of a polygon ask for the same points one after the other."""
    last: list[F8] = []

    def found(points: F8) -> F8:
        if not last or last[0] is not points:
            last[:] = points, function(points)
        return last[1]

    return found


def shifted(field: Field, by: float) -> Field:
    """A field with something added: its border moves outwards by that much."""
    return lambda p: field(p) + by


def reflected(field: Field) -> Field:
    """The field of the other side of y = 0."""
    return lambda p: field(p * np.array([1.0, -1.0, 1.0]))


def both(fields: Sequence[Field]) -> Field:
    """The least of several fields: positive where all are."""
    return lambda p: np.min([f(p) for f in fields], axis=0)


def farthest(sheet: Sheet, axis: int, side: float, at: tuple[float, float]) -> float | None:
    """Where a line along an axis leaves a sheet at the side's end (1 or -1); ``at``: its other two coordinates."""
    others = [k for k in range(3) if k != axis]
    p = sheet.points[..., others] - np.array(at)
    a, b, c = p[:, 0], p[:, 1], p[:, 2]
    weight = np.stack([_turn(b, c), _turn(c, a), _turn(a, b)], -1)
    total = weight.sum(-1, keepdims=True)
    weight = weight / np.where(np.abs(total) > 1e-12, total, np.inf)
    hit = (weight.min(-1) > -1e-9) & (np.abs(total[:, 0]) > 1e-12)
    if not hit.any():
        return None
    return float(side * (side * (weight * sheet.points[..., axis]).sum(-1)[hit]).max())


def _turn(a: F8, b: F8) -> F8:
    return np.asarray(a[:, 0] * b[:, 1] - a[:, 1] * b[:, 0])


__all__ = [
    "ON_CUT",
    "Field",
    "Sheet",
    "areas",
    "both",
    "convex",
    "crossing",
    "farthest",
    "joined",
    "least",
    "marked",
    "reflected",
    "seamed",
    "shifted",
    "split",
    "taken",
]
