"""Polylines: lines of points that are measured along their length.

Points are (P, 3) float64, metres. ``s`` is the distance from the start along the line in the horizontal plane (roads
are measured on the map), ``lateral`` the horizontal distance to its left. Everything is vectorised over queries.
"""

from __future__ import annotations

import numpy as np
from numpy.typing import ArrayLike, NDArray

F8 = NDArray[np.float64]


class Polyline:
    """A line of at least two different points; never changes once made."""

    __slots__ = ("_heading", "_step", "_unit", "points", "s")

    points: F8
    s: F8

    def __init__(self, points: ArrayLike) -> None:
        """Take (P, 2) or (P, 3) points; neighbours closer than a micrometre are merged.

        Raises:
            ValueError: fewer than two different points are left.
        """
        p = np.asarray(points, dtype=np.float64)
        if p.ndim != 2 or p.shape[1] not in (2, 3):
            raise ValueError(f"a polyline needs points of shape (P, 2) or (P, 3), not {p.shape}")
        if p.shape[1] == 2:
            p = np.concatenate([p, np.zeros((len(p), 1))], axis=1)
        p = p[np.concatenate([[True], _lengths(p) > 1e-6])]
        if len(p) < 2:
            raise ValueError("a polyline needs two different points")
        step = _lengths(p)
        self.points = p
        self.s = np.concatenate([[0.0], np.cumsum(step)])
        self._step = step
        self._unit = (p[1:, :2] - p[:-1, :2]) / step[:, None]
        self._heading = _vertex_headings(self._unit)

    @property
    def length(self) -> float:
        """Length on the map, metres."""
        return float(self.s[-1])

    def _segment(self, s: F8) -> NDArray[np.int64]:
        return np.clip(np.searchsorted(self.s, s, side="right") - 1, 0, len(self._step) - 1)

    def at(self, s: ArrayLike, lateral: ArrayLike = 0.0) -> F8:
        """Points (..., 3) at distances ``s``, moved left by ``lateral``; beyond its ends the line goes on straight."""
        along, aside = np.broadcast_arrays(np.asarray(s, np.float64), np.asarray(lateral, np.float64))
        k = self._segment(along)
        rest = along - self.s[k]
        weight = np.clip(rest / self._step[k], 0.0, 1.0)
        heading = self.heading(along)
        x = self.points[k, 0] + rest * self._unit[k, 0] - aside * np.sin(heading)
        y = self.points[k, 1] + rest * self._unit[k, 1] + aside * np.cos(heading)
        z = self.points[k, 2] + weight * (self.points[k + 1, 2] - self.points[k, 2])
        return np.stack([x, y, z], axis=-1)

    def heading(self, s: ArrayLike) -> F8:
        """Heading (radians from x towards y) at distances ``s``: between vertices it turns evenly."""
        return np.interp(np.asarray(s, np.float64), self.s, self._heading)

    def headings(self) -> F8:
        """Heading at every vertex, continuous (no jump by a full turn)."""
        return self._heading.copy()

    def closest(self, points: ArrayLike) -> tuple[F8, F8]:
        """The nearest place on the line of each query (..., 2 or 3): ``s`` and signed ``lateral`` (left positive)."""
        q = np.asarray(points, np.float64)[..., None, :2]
        ux, uy = self._unit[:, 0], self._unit[:, 1]
        # by components: sums over an axis of two cost several times as much
        x, y = q[..., 0] - self.points[:-1, 0], q[..., 1] - self.points[:-1, 1]
        t = np.clip(x * ux + y * uy, 0.0, self._step)
        gap_x, gap_y = x - t * ux, y - t * uy
        distance2 = gap_x * gap_x + gap_y * gap_y
        k = np.argmin(distance2, axis=-1)
        at = (*np.ix_(*(np.arange(n) for n in k.shape)), k) if k.ndim else (k,)
        side = ux[k] * y[at] - uy[k] * x[at]
        s, distance = self.s[k] + t[at], np.sqrt(distance2[at])
        return np.asarray(s), np.where(side >= 0.0, distance, -distance)

    def offset(self, lateral: float) -> Polyline:
        """The parallel line at ``lateral`` metres to the left; corners are mitred, so it keeps its distance."""
        before = np.concatenate([self._unit[:1], self._unit])
        after = np.concatenate([self._unit, self._unit[-1:]])
        bisector = before + after
        # |before + after| = 2 cos(half the turn): dividing by its square over two keeps the distance at the corner
        scale = 2.0 / np.maximum((bisector * bisector).sum(-1), 0.5)
        moved = self.points.copy()
        moved[:, 0] -= lateral * bisector[:, 1] * scale
        moved[:, 1] += lateral * bisector[:, 0] * scale
        return Polyline(moved)

    def resample(self, step_m: float) -> Polyline:
        """The line with evenly spaced points, at most ``step_m`` apart; both ends are kept."""
        count = max(int(np.ceil(self.length / step_m - 1e-9)), 1)
        return Polyline(self.at(np.linspace(0.0, self.length, count + 1)))

    def cut(self, start_m: float, end_m: float) -> Polyline:
        """The part from ``start_m`` to ``end_m``."""
        inner = self.s[(self.s > start_m + 1e-9) & (self.s < end_m - 1e-9)]
        return Polyline(self._on_line(np.concatenate([[start_m], inner, [end_m]])))

    def reversed(self) -> Polyline:
        """The same line in the other direction."""
        return Polyline(self.points[::-1])

    def _on_line(self, s: F8) -> F8:
        return np.stack([np.interp(s, self.s, self.points[:, k]) for k in range(3)], axis=-1)


def arc(center: tuple[float, float], radius: float, start_rad: float, end_rad: float, count: int, z: float = 0.0) -> F8:
    """Points (count + 1, 3) of a circular arc from one angle to another; the ends are exact."""
    angle = np.linspace(start_rad, end_rad, count + 1)
    x, y = center[0] + radius * np.cos(angle), center[1] + radius * np.sin(angle)
    return np.stack([x, y, np.full_like(x, z)], axis=-1)


def polygon_area(points: ArrayLike) -> float:
    """Signed area of a polygon seen from above (counter-clockwise positive), by the shoelace formula."""
    p = np.asarray(points, np.float64)
    following = np.roll(p, -1, axis=0)
    return float(0.5 * (p[:, 0] * following[:, 1] - following[:, 0] * p[:, 1]).sum())


def inside_polygon(polygon: ArrayLike, points: ArrayLike) -> NDArray[np.bool_]:
    """Whether points (..., 2 or 3) lie inside a polygon seen from above (crossing number)."""
    a = np.asarray(polygon, np.float64)[:, :2]
    b = np.roll(a, -1, axis=0)
    q = np.asarray(points, np.float64)[..., None, :2]
    straddles = (a[:, 1] > q[..., 1]) != (b[:, 1] > q[..., 1])
    height = np.where(a[:, 1] == b[:, 1], 1.0, b[:, 1] - a[:, 1])
    crossing = a[:, 0] + (q[..., 1] - a[:, 1]) * (b[:, 0] - a[:, 0]) / height
    inside: NDArray[np.bool_] = (straddles & (q[..., 0] < crossing)).sum(-1) % 2 == 1
    return inside


def _lengths(p: F8) -> F8:
    d = p[1:, :2] - p[:-1, :2]
    return np.asarray(np.sqrt((d * d).sum(-1)))


def _vertex_headings(unit: F8) -> F8:
    """Headings at vertices: of the end segments at the ends, the mean of both sides in between."""
    segment = np.unwrap(np.arctan2(unit[:, 1], unit[:, 0]))
    middle = 0.5 * (segment[1:] + segment[:-1])
    return np.concatenate([segment[:1], middle, segment[-1:]])
