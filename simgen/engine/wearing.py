"""Where tyres run: two tracks in every driving lane, on the grid of the map of heights."""

from __future__ import annotations

from typing import Final

import numpy as np

from simgen.records.base import F4, F8
from simgen.records.roads import RoadMap

#: half the distance of a vehicle's tyres, and how wide their tracks are with all that drive a little aside, m
HALF_TREAD_M: Final = 0.78
WIDTH_M: Final = 0.55
#: distance of the points that a track is painted by, m
_STEP_M: Final = 0.1


def worn(roads: RoadMap, x: float, y: float, cell: float, shape: tuple[int, int]) -> F4:
    """Share of their wear that tyres leave at each node, (R, C): 1 in the tracks, 0 beside them."""
    out = np.zeros(shape, np.float32)
    for lane in roads.lanes:
        if lane.kind == "driving" and len(lane.centerline) > 1:
            for place in _tracks(lane.centerline):
                c = np.rint((place[:, 0] - x) / cell).astype(np.int64)
                r = np.rint((place[:, 1] - y) / cell).astype(np.int64)
                inside = (c >= 0) & (r >= 0) & (c < shape[1]) & (r < shape[0])
                out[r[inside], c[inside]] = 1.0
    return _softened(out)


def _tracks(line: F8) -> list[F8]:
    """Points along both tracks of a lane, level (N, 2)."""
    flat = line[:, :2]
    along = np.concatenate([[0.0], np.cumsum(np.hypot(*np.diff(flat, axis=0).T))])
    at = np.arange(0.0, along[-1], _STEP_M)
    place = np.stack([np.interp(at, along, flat[:, k]) for k in range(2)], -1)
    way = np.gradient(place, axis=0)
    way /= np.maximum(np.hypot(way[:, 0], way[:, 1]), 1e-9)[:, None]
    left = np.stack([-way[:, 1], way[:, 0]], -1)
    spread = np.linspace(-0.5, 0.5, 4) * WIDTH_M
    return [place + (side * HALF_TREAD_M + aside) * left for side in (-1.0, 1.0) for aside in spread]


def _softened(values: F4) -> F4:
    """Every node with its neighbours, by weights of 1, 2, 1 both ways."""
    padded = np.pad(values, 1)
    rows = 0.25 * padded[:-2] + 0.5 * padded[1:-1] + 0.25 * padded[2:]
    soft: F4 = (0.25 * rows[:, :-2] + 0.5 * rows[:, 1:-1] + 0.25 * rows[:, 2:]).astype(np.float32)
    return soft


__all__ = ["worn"]
