"""Pieces of a person: triangles that move with bones, cut exactly along level lines of fields on their vertices."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from functools import cache

import numpy as np
from numpy.typing import ArrayLike

from simgen.geometry import cross, normalized, quat_rotate
from simgen.records.base import F8, I8, Bool
from simgen.shapes.body import Body, Layer, baked, blended
from simgen.shapes.soup import Soup

#: the body that fields are measured on, once
REFERENCE = {"man_average": 0.5, "woman_average": 0.5}


@dataclass(frozen=True, kw_only=True, eq=False)
class Piece:
    """A sheet in the baked pose: points (V, 3), outward normals (V, 3), weights of the groups (V, G), triangles, tags.

    ``fields`` name values on the vertices: ``arm`` and ``leg`` count joints along a limb (0 shoulder or hip, 1 elbow
    or knee, 2 wrist or ankle; -1 elsewhere), ``up`` the trunk (0 hips, 1 base of the neck), ``on_arm`` the arm's share
    of the weights, ``around`` the angle about the trunk (radians from straight ahead, left positive).
    """

    points: F8
    normals: F8
    weights: F8
    triangles: I8
    tags: I8
    fields: Mapping[str, F8]
    #: texture coordinates (V, 2), if it has any
    uv: F8 | None = None

    def tagged(self, tag: int) -> Piece:
        """All of it with one tag."""
        return replace(self, tags=np.full(len(self.triangles), tag, np.int64))

    def retagged(self, old: int, new: int) -> Piece:
        """One tag replaced by another."""
        return replace(self, tags=np.where(self.tags == old, new, self.tags))

    def only(self, mask: Bool) -> Piece:
        """Some of the triangles, and the vertices that they need."""
        used, inverse = np.unique(self.triangles[mask], return_inverse=True)
        return replace(
            self,
            points=self.points[used],
            normals=self.normals[used],
            weights=self.weights[used],
            triangles=inverse.reshape(-1, 3),
            tags=self.tags[mask],
            fields={name: f[used] for name, f in self.fields.items()},
            uv=None if self.uv is None else self.uv[used],
        )

    def raised(self, offset_m: ArrayLike) -> Piece:
        """Moved outwards, by one distance or one a vertex."""
        distance = np.broadcast_to(np.asarray(offset_m, np.float64), (len(self.points),))
        return replace(self, points=self.points + self.normals * distance[:, None])

    def field(self, name: str) -> F8:
        """A field's mean over every triangle's corners (T,)."""
        return np.asarray(self.fields[name][self.triangles].mean(1))

    def split(self, name: str, level: float, within: Bool | None = None) -> Piece:
        """With vertices inserted along a field's level line, so that no triangle straddles it."""
        return self.split_where(self.fields[name] - level, within)

    def split_where(self, value: F8, within: Bool | None = None) -> Piece:
        """With vertices inserted where a value on the vertices (V,) passes zero, perhaps in some triangles only."""
        value = np.where(np.abs(value) < 1e-6, 1e-6, value)
        above = value[self.triangles] > 0.0
        count = above.sum(1)
        crossing = (count == 1) | (count == 2)
        crossing = crossing if within is None else crossing & within
        if not crossing.any():
            return self
        tri, side = self.triangles[crossing], above[crossing]
        # the corner that is alone on its side comes first
        lone = np.argmax(side == (count[crossing] == 1)[:, None], axis=1)
        tri = np.take_along_axis(tri, (lone[:, None] + np.arange(3)) % 3, 1)
        edges = np.concatenate([tri[:, [0, 1]], tri[:, [0, 2]]])
        keys, inverse = np.unique(np.sort(edges, 1), axis=0, return_inverse=True)
        a, b = keys.T
        share = (value[a] / (value[a] - value[b]))[:, None]
        new = (inverse.reshape(-1) + len(self.points)).reshape(2, -1).T
        parts = [
            [tri[:, 0], new[:, 0], new[:, 1]],
            [new[:, 0], tri[:, 1], tri[:, 2]],
            [new[:, 0], tri[:, 2], new[:, 1]],
        ]
        tags = self.tags[crossing]
        return replace(
            self,
            points=_lengthened(self.points, a, b, share),
            normals=normalized(_lengthened(self.normals, a, b, share)),
            weights=_lengthened(self.weights, a, b, share),
            triangles=np.concatenate([self.triangles[~crossing], *(np.stack(part, -1) for part in parts)]),
            tags=np.concatenate([self.tags[~crossing], tags, tags, tags]),
            fields={n: _lengthened(f[:, None], a, b, share)[:, 0] for n, f in self.fields.items()},
            uv=None if self.uv is None else _lengthened(self.uv, a, b, share),
        )

    def above(self, name: str, level: float) -> Piece:
        """What lies above a level of a field, cut exactly."""
        whole = self.split(name, level)
        return whole.only(whole.field(name) > level)

    def below(self, name: str, level: float) -> Piece:
        """What lies below a level of a field, cut exactly."""
        whole = self.split(name, level)
        return whole.only(whole.field(name) <= level)

    def banded(self, name: str, low: float, high: float, tag: int) -> Piece:
        """A band between two levels with a tag of its own."""
        whole = self.split(name, low).split(name, high)
        value = whole.field(name)
        return replace(whole, tags=np.where((value > low) & (value < high), tag, whole.tags))


def _lengthened(values: F8, a: I8, b: I8, share: F8) -> F8:
    return np.concatenate([values, values[a] + share * (values[b] - values[a])])


def joined(pieces: list[Piece]) -> Piece:
    """All pieces in one; fields are dropped."""
    starts = np.cumsum([0, *(len(p.points) for p in pieces[:-1])])
    return Piece(
        points=np.concatenate([p.points for p in pieces]),
        normals=np.concatenate([p.normals for p in pieces]),
        weights=np.concatenate([p.weights for p in pieces]),
        triangles=np.concatenate([p.triangles + s for p, s in zip(pieces, starts, strict=True)]),
        tags=np.concatenate([p.tags for p in pieces]),
        fields={},
        uv=np.concatenate([np.zeros((len(p.points), 2)) if p.uv is None else p.uv for p in pieces]),
    )


def layer_piece(body: Body, name: str) -> Piece:
    """The whole of one layer on a body: ``skin`` or ``cloth``."""
    layer: Layer = baked().skin if name == "skin" else baked().cloth
    points = body.skin if name == "skin" else body.cloth
    return Piece(
        points=points,
        normals=vertex_normals(points, layer.triangles),
        weights=layer.weights,
        triangles=layer.triangles,
        tags=np.zeros(len(layer.triangles), np.int64),
        fields=fields_of(name),
    )


def rigid_piece(body: Body, group: str, soup: Soup) -> Piece:
    """A soup in a group's hanging frame that goes with the group alone."""
    k = baked().groups.index(group)
    back = body.hanging[k] * [1.0, -1.0, -1.0, -1.0]
    points = quat_rotate(back, soup.vertices) + body.joint(group)
    weights = np.zeros((len(points), len(baked().groups)))
    weights[:, k] = 1.0
    normals = vertex_normals(points, soup.triangles)
    return Piece(points=points, normals=normals, weights=weights, triangles=soup.triangles, tags=soup.tags, fields={})


def vertex_normals(points: F8, triangles: I8) -> F8:
    """Area-weighted unit normals (V, 3)."""
    p = points[triangles]
    face = cross(p[:, 1] - p[:, 0], p[:, 2] - p[:, 0])
    flat, rows = triangles.reshape(-1), np.repeat(face, 3, axis=0)
    total = np.stack([np.bincount(flat, rows[:, k], minlength=len(points)) for k in range(3)], -1)
    return normalized(total + 1e-12)


@cache
def fields_of(name: str) -> Mapping[str, F8]:
    """The fields of a layer's vertices, measured on :data:`REFERENCE`; the same for every body."""
    body, data = blended(REFERENCE), baked()
    layer, points = (data.skin, body.skin) if name == "skin" else (data.cloth, body.cloth)
    hips, neck = body.joint("pelvis"), body.joint("neck")
    axis_x = np.interp(points[:, 2], [hips[2], neck[2]], [hips[0], neck[0]])
    fields = {
        "up": (points[:, 2] - hips[2]) / (neck[2] - hips[2]),
        "around": np.arctan2(points[:, 1], points[:, 0] - axis_x),
        "ahead": points[:, 0] - axis_x,
        "left": points[:, 1],
        "side": np.abs(points[:, 1]),
        "on_arm": _share(layer, ("upper_arm", "forearm", "hand", "fingers", "tips", "thumb")),
        "on_hand": _share(layer, ("hand", "fingers", "tips", "thumb")),
        "on_leg": _share(layer, ("thigh", "shank", "foot", "toes")),
        "on_foot": _share(layer, ("foot", "toes")),
        "on_head": layer.weights[:, data.groups.index("head")],
    }
    fields["arm"] = _along(body, points, fields["on_arm"], ("upper_arm", "forearm", "hand"))
    fields["leg"] = _along(body, points, fields["on_leg"], ("thigh", "shank", "foot"))
    return fields


def _share(layer: Layer, names: tuple[str, ...]) -> F8:
    columns = [k for k, g in enumerate(baked().groups) if g.partition("_")[2] in names]
    return np.asarray(layer.weights[:, columns].sum(1))


def _along(body: Body, points: F8, share: F8, chain: tuple[str, str, str]) -> F8:
    """How many joints along a limb: the projection on its first bone, from the second joint on on the second."""
    out = np.full(len(points), -1.0)
    for side, sign in (("left", 1.0), ("right", -1.0)):
        a, b, c = (body.joint(f"{side}_{name}") for name in chain)
        mine = (share > 0.02) & (sign * points[:, 1] >= 0.0)
        first = ((points - a) * (b - a)).sum(-1) / ((b - a) ** 2).sum()
        second = 1.0 + ((points - b) * (c - b)).sum(-1) / ((c - b) ** 2).sum()
        out = np.where(mine, np.where(second > 1.0, second, np.minimum(first, 1.0)), out)
    return out
