"""A three-box passenger car."""

from __future__ import annotations

from dataclasses import dataclass

from simgen.assets._lights import indicators_param, lights_param
from simgen.assets.base import Asset
from simgen.records.model import Model
from simgen.registry import param, register
from simgen.shapes.car_body import CarSpec
from simgen.shapes.colors import PAINTS, resolve
from simgen.shapes.vehicles import build_car


@register("asset", "sedan")
@dataclass(frozen=True, kw_only=True)
class Sedan(Asset):
    """A three-box passenger car (class car), by default as big as the mean of the European D segment.

    Source of the ranges: makers' data sheets of 2015-2024, from Toyota Yaris Sedan to Mercedes-Benz E class. The
    length and height are those of the box; the width excludes mirrors as in registration papers, the box includes
    them (0.25 m more).
    """

    color: str | tuple[float, float, float] = param("silver", doc="name of a paint, or linear sRGB reflectances")
    length_m: float = param(4.70, ge=4.2, le=5.2, doc="bumper to bumper")
    width_m: float = param(1.82, ge=1.68, le=1.95, doc="without mirrors")
    height_m: float = param(1.45, ge=1.38, le=1.55, doc="ground to roof")
    lights: bool | str = lights_param()
    indicators: str = indicators_param()

    def __post_init__(self) -> None:
        resolve("color", self.color, PAINTS)

    def build(self) -> Model:
        """Body, steering front wheels and rear wheels."""
        scale = self.length_m / 4.7
        spec = CarSpec(
            class_name="car",
            length=self.length_m,
            width=self.width_m,
            height=self.height_m,
            wheelbase=2.76 * scale,
            front_overhang=0.87 * scale,
            wheel_radius=0.33,
            wheel_width=0.215,
            sill=0.2,
            shoulder=(
                (0.0, 0.66),
                (0.03, 0.7),
                (0.12, 0.715),
                (0.25, 0.71),
                (0.45, 0.69),
                (0.62, 0.672),
                (0.7, 0.66),
                (0.85, 0.62),
                (0.95, 0.565),
                (1.0, 0.5),
            ),
            mass_kg=1520.0 * scale,
        )
        return build_car("sedan", spec, self.color)
