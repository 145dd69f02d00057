"""A city bus."""

from __future__ import annotations

from dataclasses import dataclass
from itertools import pairwise

from simgen.assets._lights import indicators_param, lights_param
from simgen.assets.base import Asset
from simgen.records.model import Model
from simgen.registry import param, register
from simgen.shapes.car_body import CarSpec
from simgen.shapes.colors import PAINTS, resolve
from simgen.shapes.vehicles import build_car


@register("asset", "bus")
@dataclass(frozen=True, kw_only=True)
class Bus(Asset):
    """A rigid low-floor city bus (class bus).

    Source of the ranges: data sheets of Mercedes-Benz Citaro, MAN Lion's City and Solaris Urbino; 2.55 m is the legal
    width in Europe (Directive 96/53/EC). The length and height are those of the box; the width excludes mirrors.
    """

    color: str | tuple[float, float, float] = param("red", doc="name of a paint, or linear sRGB reflectances")
    length_m: float = param(12.0, ge=9.0, le=13.5, doc="bumper to bumper")
    width_m: float = param(2.55, ge=2.3, le=2.6, doc="without mirrors")
    height_m: float = param(3.05, ge=2.8, le=3.4, doc="ground to roof")
    lights: bool | str = lights_param()
    indicators: str = indicators_param()

    def __post_init__(self) -> None:
        resolve("color", self.color, PAINTS)

    def build(self) -> Model:
        """Body, steering front wheels and rear wheels."""
        scale = self.length_m / 12.0
        edges = [0.005 + 0.99 * k / 8 for k in range(9)]
        spec = CarSpec(
            class_name="bus",
            length=self.length_m,
            width=self.width_m,
            height=self.height_m,
            wheelbase=5.9 * scale,
            front_overhang=2.7 * scale,
            wheel_radius=0.48,
            wheel_width=0.28,
            sill=0.3,
            shoulder=((0.0, 0.42), (0.5, 0.42), (0.97, 0.4), (1.0, 0.36)),
            nose=((0.0, 0.1), (0.2, 0.0), (0.6, 0.0), (1.0, 0.03)),
            tail=((0.0, 0.1), (0.2, 0.0), (1.0, 0.01)),
            flank=((0.0, 0.02), (0.2, 0.0), (0.8, 0.0), (1.0, 0.004)),
            front_depth=0.35,
            front_power=3.4,
            rear_depth=0.2,
            rear_power=4.5,
            shoulder_radius=0.01,
            bonnet_crown=0.01,
            glass_s=(0.996, 0.99, 0.006, 0.003),
            glass_width=(0.992, 0.95),
            roof_crown=0.09,
            roof_drop=(0.02, 0.02),
            windows=tuple((a + 0.006, b - 0.006) for a, b in pairwise(edges)),
            screens=(0.97, 0.7),
            doors=(0.945, 0.835, 0.55, 0.44),
            headlight=(0.6, 0.96, 0.42, 0.7),
            grille=(2.0, 2.0, 0.0, 0.0),
            taillight=(0.88, 1.0, 0.31, 0.8),
            cladding=0.1,
            mass_kg=11000.0 * scale,
            extras=("no_handles", "high_mirrors"),
        )
        return build_car("bus", spec, self.color)
