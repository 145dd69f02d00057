"""Stands for bicycles."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from simgen.assets._kit import Kit, steel
from simgen.assets.base import Asset
from simgen.records.model import Model, Shape
from simgen.registry import param, register
from simgen.shapes.finish import box_of
from simgen.shapes.lattice import tube


@register("asset", "bike_rack")
@dataclass(frozen=True, kw_only=True)
class BikeRack(Asset):
    """A row of Sheffield stands along y, each along x (class street_furniture): 0.75 m tall, 0.8 m apart."""

    count: int = param(4, ge=1, le=20, doc="how many stands")
    spacing_m: float = param(0.8, ge=0.4, le=2.0, doc="from stand to stand")

    def build(self) -> Model:
        """Bent tubes."""
        kit, zinc = Kit("street_furniture"), steel("street_furniture")
        angle = np.linspace(np.pi, 0.5 * np.pi, 5)
        bend = np.stack([-0.22 + 0.13 * np.cos(angle), 0.6 + 0.13 * np.sin(angle)], -1)
        left = np.concatenate([[[-0.35, 0.0]], bend])
        path = np.concatenate([left, left[::-1] * [-1.0, 1.0]])
        for y in (np.arange(self.count) - 0.5 * (self.count - 1)) * self.spacing_m:
            points = np.stack([path[:, 0], np.full(len(path), y), path[:, 1]], -1)
            kit.add(tube(points, 0.024, 8), zinc, shape="none", smooth_deg=60.0)
            kit.shapes.append(_plate(float(y)))
        return kit.model("bike_rack", 18.0 * self.count)


def _plate(y: float) -> Shape:
    return box_of([[-0.374, y - 0.024, 0.0], [0.374, y + 0.024, 0.754]])
