"""Any other vehicle in a finish that deceives: a mirror, or a black that swallows a lidar's light."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import Final

from simgen.assets.base import Asset
from simgen.errors import UserError
from simgen.records.mesh import Surface
from simgen.records.model import Model
from simgen.registry import param, register

#: car paint is told from everything else by its flakes
_PAINT_TEXTURE: Final = "flake"


@register("asset", "coated")
@dataclass(frozen=True, kw_only=True)
class Coated(Asset):
    """Another vehicle whose painted body has a finish of its own; glass, lamps, plates and tyres stay.

    ``mirror`` is a chrome wrap: polished metal, which throws light and laser pulses on. ``absorbing`` is a deep black
    on carbon black without flakes, which sends back ``lidar_reflectance`` of the light at 905 nm: 1 to 3 % where
    usual black car paints reach 5 to 10 % (measured at 905 nm; black on perylene, which reflects the infrared, was
    made for lidars because carbon black is that dark).
    """

    of: Asset = param(doc="the vehicle, by name or with its parameters")
    finish: str = param("absorbing", doc="what the body is coated with", choices=("absorbing", "mirror"))
    lidar_reflectance: float = param(0.015, gt=0.0, le=1.0, doc="absorbing: diffuse reflectance at 905 nm")

    def build(self) -> Model:
        """The vehicle's model with other paint.

        Raises:
            UserError: it has no painted body.
        """
        model = self.of.build()
        if not any(surface.texture == _PAINT_TEXTURE for surface in model.surfaces):
            raise UserError(f"coated: a {model.name} has no painted body: take a car, a van or a lorry")
        return replace(model, surfaces=tuple(self._coat(surface) for surface in model.surfaces))

    def _coat(self, surface: Surface) -> Surface:
        if surface.texture != _PAINT_TEXTURE:
            return surface
        if self.finish == "mirror":
            silver = (0.85, 0.86, 0.87)
            return replace(
                surface, base_color=silver, roughness=0.03, metallic=1.0, clearcoat=0.0, texture="plain",
                lidar_reflectance=0.0,
            )  # fmt: skip
        black = (0.004, 0.004, 0.0045)
        return replace(
            surface, base_color=black, roughness=0.5, metallic=0.0, texture="plain",
            lidar_reflectance=self.lidar_reflectance,
        )  # fmt: skip
