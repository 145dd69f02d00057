"""Reference lines: pieces end to end, and the ways in which one draws them."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from functools import cached_property

import numpy as np
from numpy.typing import ArrayLike

from simgen.records.base import F8
from simgen.roads.curves import Arc, Clothoid, Curve, ParamPoly3, Poly3, Straight


@dataclass(frozen=True)
class ReferenceLine:
    """Pieces one after the other; beyond its ends it goes on straight."""

    pieces: tuple[Curve, ...]

    def __post_init__(self) -> None:
        if not self.pieces or min(p.length_m for p in self.pieces) <= 0.0:
            raise ValueError("a reference line needs pieces, each longer than nothing")

    @cached_property
    def starts(self) -> F8:
        """Where each piece begins, and the end of the last, (P + 1,)."""
        return np.concatenate([[0.0], np.cumsum([p.length_m for p in self.pieces])])

    @property
    def length(self) -> float:
        """Metres."""
        return float(self.starts[-1])

    def at(self, s: ArrayLike) -> tuple[F8, F8, F8, F8]:
        """x, y, heading (radians) and curvature (1/m) at distances ``s`` (any shape)."""
        along = np.asarray(s, np.float64)
        flat = along.ravel()
        inside = np.clip(flat, 0.0, self.length)
        owner = np.clip(np.searchsorted(self.starts, inside, side="right") - 1, 0, len(self.pieces) - 1)
        out = np.zeros((4, len(flat)))
        for k in np.unique(owner):
            mine = owner == k
            out[:, mine] = self.pieces[k].at(inside[mine] - self.starts[k])
        beyond = flat - inside
        out[0] += beyond * np.cos(out[2])
        out[1] += beyond * np.sin(out[2])
        out[3][beyond != 0.0] = 0.0
        x, y, heading, curvature = (c.reshape(along.shape) for c in out)
        return x, y, heading, curvature

    def cut(self, start_m: float, end_m: float) -> ReferenceLine:
        """The part between two distances (not of polynomials)."""
        found: list[Curve] = []
        for piece, begin in zip(self.pieces, self.starts, strict=False):
            low, high = max(start_m - float(begin), 0.0), min(end_m - float(begin), piece.length_m)
            if high - low > 1e-6:
                found.append(_part(piece, low, high))
        return ReferenceLine(tuple(found))

    def placed(self, turn_rad: float, x: float, y: float) -> ReferenceLine:
        """Turned about the world's origin, then moved."""
        c, s = float(np.cos(turn_rad)), float(np.sin(turn_rad))
        return ReferenceLine(
            tuple(
                replace(p, x=c * p.x - s * p.y + x, y=s * p.x + c * p.y + y, heading_rad=p.heading_rad + turn_rad)
                for p in self.pieces
            )
        )

    def centred(self) -> ReferenceLine:
        """Moved so that its middle lies at the origin and heads east."""
        x, y, heading, _ = (float(v) for v in self.at(0.5 * self.length))
        c, s = float(np.cos(-heading)), float(np.sin(-heading))
        return self.placed(-heading, -(c * x - s * y), -(s * x + c * y))

    def stations(self, step_m: float, turn_rad: float, marks: Sequence[float] = ()) -> F8:
        """Distances that mesh it: at most ``step_m`` apart, turning at most ``turn_rad`` between two, through marks."""
        # a look every two metres tells how it bends
        count = max(int(self.length / 2.0), 2)
        fine = np.linspace(0.0, self.length, count + 1)
        bend = np.abs(self.at(fine)[3])
        bend = np.maximum(np.maximum(bend, np.roll(bend, 1)), np.roll(bend, -1))
        density = np.maximum(1.0 / step_m, bend / turn_rad)
        total = np.concatenate([[0.0], np.cumsum(0.5 * (density[1:] + density[:-1]) * np.diff(fine))])
        even = np.interp(np.linspace(0.0, total[-1], int(np.ceil(total[-1] - 1e-9)) + 1), total, fine)
        inner = [m for m in marks if 0.0 < m < self.length]
        if not inner:
            return even
        # drop even stations too near to a mark
        gap = np.abs(even[:, None] - np.array(inner)).min(-1)
        keep = (gap > 0.35) | (even == 0.0) | (even == self.length)
        return np.unique(np.concatenate([even[keep], inner]))


def _part(piece: Curve, low: float, high: float) -> Curve:
    if isinstance(piece, ParamPoly3 | Poly3) and (low > 1e-6 or piece.length_m - high > 1e-6):
        raise ValueError("polynomials cannot be cut")
    x, y, heading, curvature = (v.tolist() for v in piece.at(np.array([low, high])))
    part = replace(piece, x=x[0], y=y[0], heading_rad=heading[0], length_m=high - low)
    return replace(part, start_1_m=curvature[0], end_1_m=curvature[1]) if isinstance(part, Clothoid) else part


def straight(start: tuple[float, float], end: tuple[float, float]) -> ReferenceLine:
    """From one point to another."""
    dx, dy = end[0] - start[0], end[1] - start[1]
    heading, length = float(np.arctan2(dy, dx)), float(np.hypot(dx, dy))
    return ReferenceLine((Straight(x=start[0], y=start[1], heading_rad=heading, length_m=length),))


def chain(start: tuple[float, float], heading_rad: float, parts: Sequence[tuple[float, float, float]]) -> ReferenceLine:
    """Parts (length, curvature at its start, at its end) end to end: straights, arcs and clothoids."""
    x, y, heading = start[0], start[1], heading_rad
    pieces: list[Curve] = []
    for length, k0, k1 in parts:
        pose = {"x": x, "y": y, "heading_rad": heading, "length_m": length}
        if k0 == k1 == 0.0:
            piece: Curve = Straight(**pose)
        elif k0 == k1:
            piece = Arc(**pose, curvature_1_m=k0)
        else:
            piece = Clothoid(**pose, start_1_m=k0, end_1_m=k1)
        pieces.append(piece)
        x, y, heading = _end(piece)
    return ReferenceLine(tuple(pieces))


def _end(piece: Curve) -> tuple[float, float, float]:
    x, y, heading, _ = piece.at(np.array([piece.length_m]))
    return float(x[0]), float(y[0]), float(heading[0])


def rounded(points: Sequence[tuple[float, float]], radius_m: float) -> ReferenceLine:
    """Through corners that are rounded: straights, and arcs of a radius, or less where there is no room for it."""
    p = np.asarray(points, np.float64)
    leg = np.diff(p, axis=0)
    length = np.hypot(leg[:, 0], leg[:, 1])
    heading = np.arctan2(leg[:, 1], leg[:, 0])
    turns = np.remainder(np.diff(heading) + np.pi, 2.0 * np.pi) - np.pi
    # each corner may take half of both its legs
    tangent = np.minimum(radius_m * np.abs(np.tan(0.5 * turns)), 0.499 * np.minimum(length[:-1], length[1:]))
    before, after = np.concatenate([[0.0], tangent]), np.concatenate([tangent, [0.0]])
    parts: list[tuple[float, float, float]] = []
    for k in range(len(leg)):
        parts.append((float(length[k] - before[k] - after[k]), 0.0, 0.0))
        if k < len(turns) and abs(turns[k]) > 1e-9:
            curvature = float(np.tan(0.5 * turns[k]) / tangent[k])
            parts.append((float(turns[k]) / curvature, curvature, curvature))
    return chain((float(p[0, 0]), float(p[0, 1])), float(heading[0]), [x for x in parts if x[0] > 1e-9])
