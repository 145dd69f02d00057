"""Rows of parking bays: their outlines and the lines between them."""

from __future__ import annotations

import math
from dataclasses import dataclass

import numpy as np

from simgen.records.base import F8
from simgen.shapes.ground_surfaces import PAINT_M


@dataclass(frozen=True, kw_only=True)
class BayRow:
    """Bays beside an aisle that runs along y at ``x``: on its right (side 1) or on its left (side -1).

    ``angle_deg`` is from the aisle's direction of travel (``north`` = 1 or -1) to the bays' axis.
    """

    x: float
    side: float
    start_y: float
    count: int
    width: float
    length: float
    angle_deg: float
    north: float = 1.0

    @property
    def pitch(self) -> float:
        """From bay to bay along the aisle."""
        return self.width / math.sin(math.radians(self.angle_deg))

    @property
    def axis(self) -> tuple[float, float]:
        """Along a bay's side line, from the aisle inwards: its whole length on the ground."""
        angle = math.radians(self.angle_deg)
        long = self.length + self.width / math.tan(angle)
        return self.side * long * math.sin(angle), self.north * long * math.cos(angle)

    def outlines(self) -> F8:
        """Of all bays (count, 4, 3), counter-clockwise; the first edge is the open one."""
        y = self.start_y + self.pitch * np.arange(self.count)
        dx, dy = self.axis
        # to the right of the aisle the open edge runs north to south, to its left south to north
        first, second = (y + self.pitch, y) if self.side > 0.0 else (y, y + self.pitch)
        corners = [(self.x, first, 0.0), (self.x, second, 0.0), (self.x + dx, second, dy), (self.x + dx, first, dy)]
        flat = [np.stack([np.full(self.count, x), v + shift, np.zeros(self.count)], -1) for x, v, shift in corners]
        return np.stack(flat, 1)

    def lines(self, wide: float = 0.1) -> F8:
        """Quads (count + 1, 4, 3) of paint between bays."""
        y = self.start_y + self.pitch * np.arange(self.count + 1)
        dx, dy = self.axis
        half = 0.5 * wide / math.sin(math.radians(self.angle_deg))
        low = [np.stack([np.full(len(y), self.x), y + s * half], -1) for s in (-1.0, 1.0)]
        far = [np.stack([np.full(len(y), self.x + dx), y + dy + s * half], -1) for s in (-1.0, 1.0)]
        ring = [low[0], far[0], far[1], low[1]] if self.side > 0.0 else [low[1], far[1], far[0], low[0]]
        quads = np.stack(ring, 1)
        return np.concatenate([quads, np.full((len(y), 4, 1), PAINT_M)], -1)
