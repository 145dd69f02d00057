"""A sport utility vehicle."""

from __future__ import annotations

from dataclasses import dataclass

from simgen.assets._lights import indicators_param, lights_param
from simgen.assets.base import Asset
from simgen.records.model import Model
from simgen.registry import param, register
from simgen.shapes.car_body import CarSpec
from simgen.shapes.colors import PAINTS, resolve
from simgen.shapes.vehicles import build_car


@register("asset", "suv")
@dataclass(frozen=True, kw_only=True)
class Suv(Asset):
    """A sport utility vehicle (class car) with a tall, upright tail, dark cladding and roof rails.

    Source of the ranges: makers' data sheets of 2015-2024, from Volkswagen T-Cross to BMW X5. The length and height
    are those of the box; the width excludes mirrors, the box includes them.
    """

    color: str | tuple[float, float, float] = param("grey", doc="name of a paint, or linear sRGB reflectances")
    length_m: float = param(4.60, ge=4.1, le=5.1, doc="bumper to bumper")
    width_m: float = param(1.88, ge=1.74, le=2.02, doc="without mirrors")
    height_m: float = param(1.68, ge=1.55, le=1.85, doc="ground to roof rails")
    lights: bool | str = lights_param()
    indicators: str = indicators_param()

    def __post_init__(self) -> None:
        resolve("color", self.color, PAINTS)

    def build(self) -> Model:
        """Body, steering front wheels and rear wheels."""
        scale = self.length_m / 4.6
        spec = CarSpec(
            class_name="car",
            length=self.length_m,
            width=self.width_m,
            height=self.height_m,
            wheelbase=2.70 * scale,
            front_overhang=0.90 * scale,
            wheel_radius=0.36,
            wheel_width=0.235,
            sill=0.26,
            shoulder=((0.0, 0.655), (0.03, 0.665), (0.3, 0.655), (0.68, 0.635), (0.76, 0.63), (0.9, 0.6), (1.0, 0.535)),
            nose=((0.0, 0.12), (0.15, 0.03), (0.4, 0.0), (0.7, 0.008), (0.88, 0.04), (1.0, 0.09)),
            tail=((0.0, 0.14), (0.15, 0.03), (0.3, 0.0), (0.5, 0.03), (0.8, 0.05), (1.0, 0.07)),
            front_depth=0.5,
            front_power=2.9,
            rear_depth=0.4,
            rear_power=3.0,
            glass_s=(0.755, 0.59, 0.075, 0.015),
            glass_width=(0.91, 0.72),
            roof_drop=(0.045, 0.02),
            windows=((0.04, 0.37), (0.405, 0.7), (0.74, 0.93)),
            screens=(0.9, 0.84),
            doors=(0.725, 0.5, 0.31),
            headlight=(0.56, 0.985, 0.7, 0.86),
            grille=(-0.1, 0.56, 0.42, 0.8),
            taillight=(0.56, 0.985, 0.61, 0.94),
            cladding=0.1,
            mass_kg=1750.0 * scale,
            extras=("rails",),
        )
        return build_car("suv", spec, self.color)
