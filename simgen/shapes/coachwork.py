"""Upright bodies of lorries, buses and trams: one closed shell whose windows, lamps and gaps are panels of its skin.

A panel is a rectangle on the side (along x), on the nose or on the tail (across, as a share of half the width), between
two heights. Rows and columns of the shell run along the panels' edges; later panels lie over earlier ones.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final, Literal

import numpy as np
from numpy.typing import ArrayLike

from simgen.records.base import F8, I8, Bool
from simgen.records.model import Shape
from simgen.shapes.finish import slab_hulls
from simgen.shapes.lattice import curve
from simgen.shapes.shell import End, Outline, arch_height, floor, lid, rounding
from simgen.shapes.soup import Soup, join

Table = tuple[tuple[float, float], ...]
Zone = Literal["side", "nose", "tail"]

#: rows and columns closer than this are one
_NEAR_ROWS_M: Final = 0.018
_NEAR_COLUMNS_M: Final = 0.004
_NEAR_SHARES: Final = 0.012
#: columns of rounded ends
_SHARES: Final = (0.0, 0.45, 0.72, 0.88, 0.96, 0.995)


@dataclass(frozen=True, kw_only=True)
class Panel:
    """A rectangle of the skin and its tag; ``side`` 1 = left only, -1 = right only, 0 = both."""

    zone: Zone
    span: tuple[float, float]
    z: tuple[float, float]
    tag: int
    side: int = 0


@dataclass(frozen=True, kw_only=True)
class Shell:
    """The lines of a body, metres from the rear axle on the ground. Tables are (height, metres), heights rising."""

    rear: float
    front: float
    width: float
    sill: float
    roof: float
    panels: tuple[Panel, ...] = ()
    #: how far nose and tail draw back, and the side draws in, over the height
    nose: Table = ((0.0, 0.0), (9.0, 0.0))
    tail: Table = ((0.0, 0.0), (9.0, 0.0))
    flank: Table = ((0.0, 0.0), (9.0, 0.0))
    #: wheel arches: place along x, radius, height of the centre
    arches: tuple[tuple[float, float, float], ...] = ()
    #: half width between the wheels
    inner: float = 0.75
    front_depth: float = 0.3
    front_power: float = 3.5
    rear_depth: float = 0.12
    rear_power: float = 5.0
    edge_m: float = 0.09
    crown: float = 0.05
    #: tags of the skin, the roof and the underside
    skin: int = 0
    top: int = 0
    under: int = 7

    @property
    def eaves(self) -> float:
        """Where the roof's crown begins."""
        return self.roof - self.crown

    def rows(self) -> F8:
        """Heights of the rows, rising."""
        r, top = self.edge_m, self.eaves
        fixed = [self.sill, top - r, top - 0.5 * r, top - 0.15 * r, top]
        return _apart([*fixed, *(z for p in self.panels for z in p.z), *self._knots()], self.sill, top, _NEAR_ROWS_M)

    def _knots(self) -> list[float]:
        """Heights at which the lines bend."""
        return [z for table in (self.nose, self.tail) for z, _ in table[1:-1]]


def _apart(values: Sequence[float], low: float, high: float, near: float) -> F8:
    """Sorted, inside the limits, the near ones dropped (the limits stay)."""
    v = np.unique(np.clip(np.asarray(values, np.float64), low, high))
    keep = np.concatenate([[True], np.diff(v) > near])
    v = v[keep]
    v[-1] = high
    return np.asarray(v, np.float64)


def _outline(shell: Shell) -> Outline:
    def shares(zone: Zone) -> tuple[float, ...]:
        inner = [min(abs(s), 0.985) for p in shell.panels if p.zone == zone for s in p.span if s > 0.02]
        return tuple(_apart([*_SHARES, *inner], 0.0, _SHARES[-1], _NEAR_SHARES))

    front = End(x=shell.front, depth=shell.front_depth, power=shell.front_power, shares=shares("nose"))
    rear = End(x=shell.rear, depth=shell.rear_depth, power=shell.rear_power, shares=shares("tail"))
    high, low = front.x - front.depth, rear.x + rear.depth
    marks = [x for p in shell.panels if p.zone == "side" for x in p.span]
    around = [c + r * np.cos(a) for c, r, _ in shell.arches for a in np.linspace(0.0, np.pi, 9)]
    outside = [c + s * (r + 0.01) for c, r, _ in shell.arches for s in (1.0, -1.0)]
    side = _apart([*marks, *around, *outside, low, high], low, high, _NEAR_COLUMNS_M)
    return Outline.of(front, rear, 0.5 * shell.width, side[::-1])


def _table(table: Table, at: ArrayLike) -> F8:
    t = np.array(table, np.float64)
    return curve(at, t[:, 0], t[:, 1])


def _points(shell: Shell, ring: Outline) -> F8:
    """The skin's half rings (R, K, 3)."""
    x = ring.points[:, 0]
    inside = (np.arange(len(x)) >= ring.side[0]) & (np.arange(len(x)) < ring.side[1])
    bottom = np.full(len(x), shell.sill)
    for c, r, z in shell.arches:
        bottom = np.maximum(bottom, np.where(inside, arch_height(x, c, z, r), -np.inf))
    level = shell.rows()
    z = np.maximum(level[:, None], bottom)
    inset = _table(shell.flank, z) + rounding(shell.eaves - z, shell.edge_m)
    xy = ring.points[None] - inset[..., None] * ring.normals[None]
    xy[..., 0] -= ring.front * _table(shell.nose, z) - ring.rear * _table(shell.tail, z)
    xy[:, [0, -1], 1] = 0.0
    return np.concatenate([xy, z[..., None]], -1)


def _tags(shell: Shell, ring: Outline, side: int) -> I8:
    """What each quad of one half is made of, (R - 1, K - 1)."""
    rows, spans = shell.rows(), _spans(shell, ring)
    v = 0.5 * (rows[:-1] + rows[1:])
    tags = np.full((len(v), len(spans.share)), shell.skin)
    for p in shell.panels:
        if p.side in (0, side):
            low, high = _nearest(rows, p.z)
            tags[low:high, spans.crossed(p)] = p.tag
    return tags


def _needed(shell: Shell, ring: Outline) -> Bool:
    """Which rows each strip between two columns has to have, (K - 1, R): only those along edges that cross it."""
    rows = shell.rows()
    spans = _spans(shell, ring)
    need = np.zeros((len(ring.points) - 1, len(rows)), np.bool_)
    top, r = shell.eaves, shell.edge_m
    bends = [z for z, _ in shell.flank[1:-1]]
    need[:, _nearest(rows, [shell.sill, top - r, top - 0.5 * r, top - 0.15 * r, top, *bends])] = True
    for zone, table in (("nose", shell.nose), ("tail", shell.tail)):
        ends = spans.zones[zone]
        need[np.ix_(ends, _nearest(rows, [z for z, _ in table[1:-1]]))] = True
    for p in shell.panels:
        need[np.ix_(spans.crossed(p), _nearest(rows, p.z))] = True
    return need


def _nearest(rows: F8, heights: Sequence[float]) -> I8:
    return np.array([int(np.abs(rows - z).argmin()) for z in heights], np.int64)


@dataclass(frozen=True, kw_only=True, eq=False)
class _Spans:
    """The strips between columns: which zone each is in, and where its middle lies along its zone."""

    zones: dict[str, Bool]
    share: F8
    along: F8

    def crossed(self, panel: Panel) -> Bool:
        """The strips that a panel covers, (K - 1,)."""
        place = self.along if panel.zone == "side" else self.share
        return np.asarray(self.zones[panel.zone] & (place > min(panel.span)) & (place < max(panel.span)))


def _spans(shell: Shell, ring: Outline) -> _Spans:
    x, share = ring.points[:, 0], ring.points[:, 1] / (0.5 * shell.width)
    strip = np.arange(len(x) - 1)
    zones = {
        "nose": strip < ring.side[0],
        "tail": strip >= ring.side[1] - 1,
        "side": (strip >= ring.side[0] - 1) & (strip < ring.side[1]),
    }
    return _Spans(zones=zones, share=0.5 * (share[:-1] + share[1:]), along=0.5 * (x[:-1] + x[1:]))


def _skin(shell: Shell, ring: Outline, points: F8, side: int) -> Soup:
    """One half of the wall: strip by strip, each column with the rows that its two strips need."""
    need, tags = _needed(shell, ring), _tags(shell, ring, side)
    none = np.zeros((1, need.shape[1]), np.bool_)
    column = np.concatenate([need, none]) | np.concatenate([none, need])
    count = points.shape[1]
    triangles, chosen = [], []
    for k in range(count - 1):
        picked, low = _zipped(np.flatnonzero(column[k]), np.flatnonzero(column[k + 1]))
        triangles.append(picked[..., 0] * count + k + picked[..., 1])
        chosen.append(tags[low, k])
    half = Soup.of(points.reshape(-1, 3), np.concatenate(triangles), np.concatenate(chosen))
    return half if side > 0 else half.scaled((1.0, -1.0, 1.0))


def _zipped(a: I8, b: I8) -> tuple[I8, I8]:
    """Triangles between two columns of rows, (T, 3, 2) of (row, 0 or 1 for the column), and each one's lower row."""
    rows = np.concatenate([a[1:], b[1:]])
    which = np.repeat([0, 1], [len(a) - 1, len(b) - 1])
    order = np.lexsort((which, rows))
    which = which[order]
    i = np.concatenate([[0], np.cumsum(which == 0)[:-1]])
    j = np.concatenate([[0], np.cumsum(which == 1)[:-1]])
    following = np.where(which == 0, a[np.minimum(i + 1, len(a) - 1)], b[np.minimum(j + 1, len(b) - 1)])
    zero = np.zeros_like(i)
    corner = np.stack([np.stack([a[i], zero], -1), np.stack([b[j], zero + 1], -1), np.stack([following, which], -1)], 1)
    return corner, np.where(which == 0, a[i], b[j])


def nose_x(shell: Shell, z: float) -> float:
    """Where the nose's middle is along x, at a height: what is put on it lies a little before that."""
    return shell.front - float(_table(shell.nose, z))


def shell_soup(shell: Shell) -> Soup:
    """Skin, roof and underside as one closed body."""
    ring = _outline(shell)
    points = _points(shell, ring)
    inner = np.full(len(ring.points), shell.inner)
    return join(
        [
            _skin(shell, ring, points, 1),
            _skin(shell, ring, points, -1),
            lid(points[-1], shell.crown, 5, shell.top),
            floor(points[0], inner, shell.sill, shell.under),
        ]
    )


def shell_shapes(shell: Shell, soup: Soup) -> tuple[Shape, ...]:
    """Hulls slice by slice: rounded ends apart, the arches' slices from the arch up and between the wheels."""
    shares = (0.12, 0.3, 0.55, 0.8, 1.1)
    ends = [shell.rear, *(shell.rear + max(shell.rear_depth, 0.3) * s for s in shares)]
    ends += [shell.front - max(shell.front_depth, 0.3) * s for s in shares]
    arches = [c + s * r for c, r, _ in shell.arches for s in (-1.0, -0.92, -0.75, -0.4, 0.0, 0.4, 0.75, 0.92, 1.0)]
    cuts = sorted({x for x in (*ends, *arches, shell.front) if shell.rear <= x <= shell.front})
    apart = [a for k, a in enumerate(cuts) if k == 0 or a - cuts[k - 1] > 0.02]
    return slab_hulls(soup, [*apart[:-1], shell.front])


__all__ = ["Panel", "Shell", "Zone", "nose_x", "shell_shapes", "shell_soup"]
