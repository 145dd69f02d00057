"""A van, as a minibus or with closed sides."""

from __future__ import annotations

from dataclasses import dataclass

from simgen.assets._lights import indicators_param, lights_param
from simgen.assets.base import Asset
from simgen.records.model import Model
from simgen.registry import param, register
from simgen.shapes.car_body import CarSpec
from simgen.shapes.colors import PAINTS, resolve
from simgen.shapes.vehicles import build_car


@register("asset", "van")
@dataclass(frozen=True, kw_only=True)
class Van(Asset):
    """A delivery van or, with ``windows``, a minibus (class van).

    Source of the ranges: makers' data sheets of 2015-2024, from Ford Transit Custom to Mercedes-Benz Sprinter with a
    high roof. The length and height are those of the box; the width excludes mirrors, the box includes them.
    """

    color: str | tuple[float, float, float] = param("white", doc="name of a paint, or linear sRGB reflectances")
    length_m: float = param(5.30, ge=4.8, le=6.1, doc="bumper to bumper")
    width_m: float = param(1.95, ge=1.85, le=2.05, doc="without mirrors")
    height_m: float = param(2.10, ge=1.90, le=2.75, doc="ground to roof")
    windows: bool = param(False, doc="glass along the sides and in the rear doors")
    lights: bool | str = lights_param()
    indicators: str = indicators_param()

    def __post_init__(self) -> None:
        resolve("color", self.color, PAINTS)

    def build(self) -> Model:
        """Body, steering front wheels and rear wheels."""
        scale = self.length_m / 5.3
        # the belt line stays where a driver can look over it, whatever the roof
        belt = 1.16 / self.height_m
        side = ((0.03, 0.27), (0.3, 0.62), (0.65, 0.97)) if self.windows else ((0.03, 0.27),)
        spec = CarSpec(
            class_name="van",
            length=self.length_m,
            width=self.width_m,
            height=self.height_m,
            wheelbase=3.20 * scale,
            front_overhang=0.98 * scale,
            wheel_radius=0.345,
            wheel_width=0.22,
            sill=0.26,
            shoulder=(
                (0.0, belt),
                (0.76, belt),
                (0.82, belt * 0.99),
                (0.88, belt * 0.97),
                (0.95, belt * 0.88),
                (1.0, belt * 0.72),
            ),
            nose=((0.0, 0.12), (0.15, 0.03), (0.35, 0.0), (0.6, 0.02), (0.85, 0.07), (1.0, 0.12)),
            tail=((0.0, 0.06), (0.2, 0.0), (0.5, 0.01), (1.0, 0.02)),
            front_depth=0.6,
            front_power=2.7,
            rear_depth=0.2,
            rear_power=4.0,
            shoulder_radius=0.035,
            glass_s=(0.9, 0.765, 0.02, 0.014),
            glass_width=(0.965, 0.84),
            roof_drop=(0.05, 0.02),
            windows=side,
            screens=(0.9, 0.8 if self.windows else 0.0),
            doors=(0.835, 0.61, 0.36),
            headlight=(0.6, 0.985, 0.7, 0.94),
            grille=(-0.1, 0.56, 0.52, 0.8),
            taillight=(0.88, 1.0, 0.52, 0.94),
            cladding=0.1,
            mass_kg=2100.0 * scale,
        )
        return build_car("van", spec, self.color)
