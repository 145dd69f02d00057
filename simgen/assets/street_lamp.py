"""A street lamp."""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import Final

from simgen.assets.base import Asset
from simgen.colorimetry import planckian, scaled
from simgen.records.lights import Lamp
from simgen.records.mesh import Surface
from simgen.records.model import Model, Shape, Vector3
from simgen.registry import param, register
from simgen.shapes.builder import MeshBuilder
from simgen.shapes.finish import hull, rigid
from simgen.shapes.lattice import tube
from simgen.shapes.primitives import box, cone, cylinder
from simgen.shapes.soup import join

#: where the light has fallen to half and to nothing, and the solid angle of as much even light, sr
_CONE_DEG: Final = (65.0, 80.0)
_CONE_SR: Final = 3.646


@register("asset", "street_lamp")
@dataclass(frozen=True, kw_only=True)
class StreetLamp(Asset):
    """A lamp post whose arm reaches along +x (post of class pole, head of class street_light).

    Heights of EN 40-2. The light falls evenly over the road out to 65 degrees from straight down, so that an
    LED head of 6 klm gives some 20 lx below it (street lamps have 1 to 40 klm).
    """

    height_m: float = param(8.0, ge=3.0, le=16.0, doc="ground to lamp")
    arm_m: float = param(1.4, ge=0.3, le=4.0, doc="reach of the arm")
    lit: bool | str = param(
        "auto", doc="auto = when it is dark (daylight below 30 lx); on; off", choices=("auto", "on", "off", True, False)
    )
    flux_lm: float = param(6000.0, ge=0.0, le=100000.0, doc="light that it gives, lumen")
    color_k: float = param(4000.0, ge=1700.0, le=10000.0, doc="colour temperature; sodium lamps have about 2000")

    def build(self) -> Model:
        """Base, tapered post, bent arm, flat head with a panel below."""
        grey = Surface(
            class_name="pole", base_color=(0.3, 0.31, 0.32), roughness=0.4, metallic=0.6, lidar_reflectance=0.4
        )
        casing = Surface(class_name="street_light", base_color=(0.2, 0.21, 0.22), roughness=0.4, metallic=0.4)
        # matt as seen from aside: its own flux over its area and pi
        shine = scaled(planckian(self.color_k), self.flux_lm / (math.pi * 0.46 * 0.2))
        state, works = ("dusk" if self.lit == "auto" else ""), self.lit not in ("off", False)
        panel = Surface(
            class_name="street_light",
            base_color=(0.7, 0.7, 0.66),
            roughness=0.3,
            emission=shine if works else (0.0, 0.0, 0.0),
            has_lamp=works,
            lamp=state,
        )
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
        lamps = (self._lamp((reach + 0.22, 0.0, h - 0.05), state),) if works else ()
        return rigid("street_lamp", "street_light", builder, shapes, lamps=lamps, mass_kg=120.0)

    def _lamp(self, position: Vector3, state: str) -> Lamp:
        return Lamp(
            position=position,
            axis=(0.0, 0.0, -1.0),
            up=(1.0, 0.0, 0.0),
            intensity=scaled(planckian(self.color_k), self.flux_lm / _CONE_SR),
            beam="spot",
            cone_deg=_CONE_DEG,
            radius_m=0.15,
            state=state,
        )
