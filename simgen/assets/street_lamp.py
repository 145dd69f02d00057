"""A street lamp."""

from __future__ import annotations

from dataclasses import dataclass

from simgen.assets.base import Asset
from simgen.records.mesh import Surface
from simgen.records.model import Model, Shape
from simgen.registry import param, register
from simgen.shapes.builder import MeshBuilder
from simgen.shapes.finish import hull, rigid
from simgen.shapes.lattice import tube
from simgen.shapes.primitives import box, cone, cylinder
from simgen.shapes.soup import join


@register("asset", "street_lamp")
@dataclass(frozen=True, kw_only=True)
class StreetLamp(Asset):
    """A lamp post whose arm reaches along +x (post of class pole, head of class street_light).

    Heights of EN 40-2; a lit LED panel has about 30 000 cd/m2.
    """

    height_m: float = param(8.0, ge=3.0, le=16.0, doc="ground to lamp")
    arm_m: float = param(1.4, ge=0.3, le=4.0, doc="reach of the arm")
    lit: bool = param(False, doc="the lamp shines")

    def build(self) -> Model:
        """Base, tapered post, bent arm, flat head with a panel below."""
        grey = Surface(
            class_name="pole", base_color=(0.3, 0.31, 0.32), roughness=0.4, metallic=0.6, lidar_reflectance=0.4
        )
        casing = Surface(class_name="street_light", base_color=(0.2, 0.21, 0.22), roughness=0.4, metallic=0.4)
        shine = (30000.0, 27000.0, 21000.0) if self.lit else (0.0, 0.0, 0.0)
        panel = Surface(class_name="street_light", base_color=(0.7, 0.7, 0.66), roughness=0.3, emission=shine)
        h, reach = self.height_m, self.arm_m
        post = cone(0.09, 0.05, h - 0.5, 14).moved((0.0, 0.0, 0.5 * (h - 0.5)))
        base = cylinder(0.12, 0.9, 14, 0.03).moved((0.0, 0.0, 0.45))
        arm = tube([[0.0, 0.0, h - 0.53], [0.06, 0.0, h - 0.2], [0.3, 0.0, h - 0.03], [reach, 0.0, h + 0.05]], 0.035, 8)
        head = box((0.62, 0.26, 0.09), 0.03).moved((reach + 0.2, 0.0, h + 0.045))
        light = box((0.46, 0.2, 0.02)).moved((reach + 0.22, 0.0, h - 0.002))
        builder = MeshBuilder().add(join([post, base, arm]), grey, smooth_deg=50.0)
        builder.add(head, casing, smooth_deg=30.0).add(light, panel)
        shapes = [
            Shape(kind="cylinder", size=(0.075, h - 0.5, 0.0), center=(0.0, 0.0, 0.5 * (h - 0.5))),
            Shape(kind="cylinder", size=(0.12, 0.9, 0.0), center=(0.0, 0.0, 0.45)),
            hull(arm.vertices[: 2 * 8]),
            hull(arm.vertices[8 : 3 * 8]),
            hull(arm.vertices[2 * 8 : 4 * 8]),
            hull(head.vertices),
        ]
        return rigid("street_lamp", "street_light", builder, shapes, mass_kg=120.0)
