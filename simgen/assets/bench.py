"""A park bench."""

from __future__ import annotations

from dataclasses import dataclass

from simgen.assets.base import Asset
from simgen.geometry import quat_from_axis_angle
from simgen.records.mesh import Surface
from simgen.records.model import Model
from simgen.registry import param, register
from simgen.shapes.builder import MeshBuilder
from simgen.shapes.finish import box_of, hull, rigid
from simgen.shapes.primitives import bar, box
from simgen.shapes.soup import join


@register("asset", "bench")
@dataclass(frozen=True, kw_only=True)
class Bench(Asset):
    """A bench with wooden slats on steel legs, its back to -x (class street_furniture). Seat height of EN 581-1."""

    length_m: float = param(1.8, ge=0.8, le=4.0, doc="along y")

    def build(self) -> Model:
        """Seat and back slats, two frames."""
        wood = Surface(
            class_name="street_furniture",
            base_color=(0.2, 0.105, 0.045),
            roughness=0.7,
            texture="wood",
            texture_scale_m=0.6,
        )
        steel = Surface(class_name="street_furniture", base_color=(0.03, 0.032, 0.03), roughness=0.5, metallic=0.3)
        lean = quat_from_axis_angle([0.0, 1.0, 0.0], -0.22)
        seat = [
            box((0.085, self.length_m, 0.035), 0.006).moved((x, 0.0, 0.44)) for x in (-0.15, -0.05, 0.05, 0.15, 0.25)
        ]
        back = [
            box((0.03, self.length_m, 0.09), 0.006).moved(quaternion=lean).moved((-0.21 - 0.22 * (z - 0.5), 0.0, z))
            for z in (0.56, 0.68, 0.8)
        ]
        legs = []
        for y in (0.38 * self.length_m, -0.38 * self.length_m):
            legs += [
                bar([0.24, y, 0.0], [0.2, y, 0.43], 0.05, 0.05),
                bar([-0.26, y, 0.0], [-0.17, y, 0.43], 0.05, 0.05),
                bar([-0.2, y, 0.41], [0.28, y, 0.41], 0.05, 0.03),
                bar([-0.19, y, 0.4], [-0.31, y, 0.84], 0.05, 0.03),
            ]
        builder = MeshBuilder().add(join([*seat, *back]), wood, smooth_deg=20.0).add(join(legs), steel, smooth_deg=20.0)
        frames = [hull(leg.vertices) for leg in legs]
        shapes = [box_of(join(seat).vertices), *(hull(slat.vertices) for slat in back), *frames]
        return rigid("bench", "street_furniture", builder, shapes, mass_kg=25.0 * self.length_m)
