"""A compact car with a tailgate."""

from __future__ import annotations

from dataclasses import dataclass

from simgen.assets._lights import indicators_param, lights_param
from simgen.assets.base import Asset
from simgen.records.model import Model
from simgen.registry import param, register
from simgen.shapes.car_body import CarSpec
from simgen.shapes.colors import PAINTS, resolve
from simgen.shapes.vehicles import build_car


@register("asset", "hatchback")
@dataclass(frozen=True, kw_only=True)
class Hatchback(Asset):
    """A compact car with a tailgate (class car).

    Source of the ranges: makers' data sheets of 2015-2024, from Toyota Aygo to Volkswagen Golf. The length and height
    are those of the box; the width excludes mirrors, the box includes them.
    """

    color: str | tuple[float, float, float] = param("blue", doc="name of a paint, or linear sRGB reflectances")
    length_m: float = param(4.15, ge=3.5, le=4.45, doc="bumper to bumper")
    width_m: float = param(1.76, ge=1.60, le=1.85, doc="without mirrors")
    height_m: float = param(1.47, ge=1.40, le=1.58, doc="ground to roof")
    lights: bool | str = lights_param()
    indicators: str = indicators_param()

    def __post_init__(self) -> None:
        resolve("color", self.color, PAINTS)

    def build(self) -> Model:
        """Body, steering front wheels and rear wheels."""
        scale = self.length_m / 4.15
        spec = CarSpec(
            class_name="car",
            length=self.length_m,
            width=self.width_m,
            height=self.height_m,
            wheelbase=2.58 * scale,
            front_overhang=0.83 * scale,
            wheel_radius=0.31,
            wheel_width=0.205,
            sill=0.19,
            shoulder=((0.0, 0.67), (0.04, 0.68), (0.3, 0.665), (0.66, 0.645), (0.76, 0.635), (0.9, 0.6), (1.0, 0.5)),
            tail=((0.0, 0.13), (0.15, 0.03), (0.3, 0.0), (0.5, 0.025), (0.8, 0.06), (1.0, 0.1)),
            front_depth=0.5,
            rear_depth=0.42,
            glass_s=(0.775, 0.6, 0.1, 0.025),
            glass_width=(0.9, 0.7),
            roof_drop=(0.05, 0.04),
            windows=((0.04, 0.44), (0.475, 0.8)),
            screens=(0.9, 0.84),
            doors=(0.735, 0.485, 0.29),
            headlight=(0.52, 0.985, 0.68, 0.88),
            grille=(-0.1, 0.44, 0.5, 0.7),
            taillight=(0.56, 0.985, 0.61, 0.94),
            mass_kg=1200.0 * scale,
        )
        return build_car("hatchback", spec, self.color)
