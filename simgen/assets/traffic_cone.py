"""A traffic cone."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from simgen.assets.base import Asset
from simgen.records.mesh import Surface
from simgen.records.model import Model
from simgen.registry import param, register
from simgen.shapes.builder import MeshBuilder
from simgen.shapes.finish import box_of, hull, rigid
from simgen.shapes.lattice import revolve
from simgen.shapes.primitives import box


@register("asset", "traffic_cone")
@dataclass(frozen=True, kw_only=True)
class TrafficCone(Asset):
    """An orange cone with two white retro-reflective bands (class traffic_cone). Measures of EN 13422."""

    height_m: float = param(0.75, ge=0.3, le=1.1, doc="ground to tip")

    def build(self) -> Model:
        """Square foot and a cone with an open look to its top."""
        orange = Surface(
            class_name="traffic_cone", base_color=(0.72, 0.13, 0.01), roughness=0.55, lidar_reflectance=0.6
        )
        white = Surface(class_name="traffic_cone", base_color=(0.75, 0.75, 0.73), roughness=0.4, retro=0.35)
        black = Surface(
            class_name="traffic_cone", base_color=(0.03, 0.03, 0.03), roughness=0.85, lidar_reflectance=0.08
        )
        h, foot = self.height_m, 0.56 * self.height_m
        share = np.array([0.0, 0.3, 0.48, 0.64, 0.8, 1.0])
        radius = h * (0.185 - 0.145 * share)
        z = 0.03 + (h - 0.03) * share
        profile = np.stack([np.r_[0.0, radius, 0.0], np.r_[z[0], z, z[-1]]], -1)
        cone = revolve(profile, 24, tags=np.array([0, 0, 1, 0, 1, 0, 0]))
        base = box((foot, foot, 0.04), 0.008).moved((0.0, 0.0, 0.02))
        builder = MeshBuilder().add(cone, orange, white, smooth_deg=40.0).add(base, black)
        mass = 5.5 * (h / 0.75) ** 2
        return rigid(
            "traffic_cone", "traffic_cone", builder, [box_of(base.vertices), hull(cone.vertices)], mass_kg=mass
        )
