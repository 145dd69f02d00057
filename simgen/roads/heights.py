"""Heights around lines: exact on them, their weighted mean between them."""

from __future__ import annotations

import numpy as np
from scipy.spatial import cKDTree

from simgen.records.base import F8

_NEIGHBOURS = 12
_PIECE_M = 6.0


class EdgeHeights:
    """Heights from lines (N, 3): weights fall with the cube of the distance."""

    def __init__(self, lines: list[F8]) -> None:
        """Cut the lines into pieces that a tree can tell apart by their middles."""
        starts, ends = zip(*(_short(line) for line in lines), strict=True)
        self._a, self._b = np.concatenate(starts), np.concatenate(ends)
        self._tree = cKDTree(0.5 * (self._a + self._b)[:, :2])
        self.flat = bool(np.ptp(self._a[:, 2]) < 1e-9)

    def at(self, xy: F8) -> F8:
        """Heights (N,) at points (N, 2)."""
        return self.near(xy)[0]

    def near(self, xy: F8) -> tuple[F8, F8]:
        """Heights and distances from the nearest line, (N,) each."""
        q = np.asarray(xy, np.float64).reshape(-1, 2)
        _, k = self._tree.query(q, min(_NEIGHBOURS, len(self._a)))
        k = k.reshape(len(q), -1)
        a, b = self._a[k], self._b[k]
        along = b[..., :2] - a[..., :2]
        t = ((q[:, None] - a[..., :2]) * along).sum(-1) / np.maximum((along * along).sum(-1), 1e-12)
        foot = a + np.clip(t, 0.0, 1.0)[..., None] * (b - a)
        gap2 = ((foot[..., :2] - q[:, None]) ** 2).sum(-1)
        weight = 1.0 / (gap2 + 1e-10) ** 1.5
        return (weight * foot[..., 2]).sum(-1) / weight.sum(-1), np.sqrt(gap2.min(-1))


def _short(line: F8) -> tuple[F8, F8]:
    a, b = line[:-1], line[1:]
    count = np.maximum(np.ceil(np.hypot(*(b - a)[:, :2].T) / _PIECE_M), 1).astype(int)
    owner = np.repeat(np.arange(len(a)), count)
    k = np.arange(len(owner)) - np.repeat(np.cumsum(count) - count, count)
    step = (b - a)[owner] / count[owner][:, None]
    return a[owner] + k[:, None] * step, a[owner] + (k + 1)[:, None] * step
