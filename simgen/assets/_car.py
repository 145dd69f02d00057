"""What all passenger cars and vans share: their parameters, and the way from lines to a model."""

from __future__ import annotations

import math
from dataclasses import dataclass, replace
from typing import Any, ClassVar

from simgen.assets._lights import indicators_param, lights_param
from simgen.assets.base import Asset
from simgen.errors import UserError
from simgen.records.model import Model
from simgen.registry import param, suggest
from simgen.shapes.cars.build import CarSpec, build
from simgen.shapes.cars.doors import Opening
from simgen.shapes.cars.lines import CarLines
from simgen.shapes.cars.style import Style, painted, style_of
from simgen.shapes.cars.tags import DOORS
from simgen.shapes.lettering import writable
from simgen.shapes.plates import STYLES

Paint = str | tuple[float, float, float]


@dataclass(frozen=True, kw_only=True)
class Car(Asset):
    """The parameters of all cars."""

    #: rugged ones have cladding and rails
    rugged: ClassVar[bool] = False
    #: doors that can be apart from the body
    door_names: ClassVar[tuple[str, ...]] = tuple(DOORS)

    color: Paint = param("fleet", doc="name of a paint, or linear sRGB reflectances; fleet = one as often as on roads")
    variant: int = param(0, ge=0, doc="styling: lamps, grille, wheels, trim, plate text; fleet colours and people too")
    occupants: int = param(1, ge=0, le=5, doc="people inside, the driver first")
    dirt_share: float = param(0.0, ge=0.0, le=1.0, doc="how dirty the body is: dull, dusty paint")
    plate: str = param("", doc="text of the number plates; empty = one by variant")
    plate_style: str = param("eu", doc="country of the plates", choices=STYLES)
    doors_open: tuple[str, ...] = param((), doc="side doors that stand open: front_left, front_right, rear_left ...")
    door_angle_deg: float = param(60.0, gt=0.0, le=75.0, doc="how far open doors stand open, and a moving one can")
    moving_door: str = param(
        "", doc="the side door that behaviours and edge cases open; empty = none", choices=("", *DOORS)
    )
    detail: str = param("full", doc="low = no interior, plain wheels: for crowds", choices=("full", "low"))
    lights: bool | str = lights_param()
    indicators: str = indicators_param()

    def __post_init__(self) -> None:
        if self.color != "livery" or not hasattr(self, "livery"):
            painted("color", self.color, self.plugin_name, self.variant)
        for name in self.doors_open:
            if name not in self.door_names:
                raise UserError(f"doors_open: there is no door {name!r}{suggest(name, self.door_names)}")
        if self.moving_door and self.moving_door not in self.door_names:
            raise UserError(f"moving_door: a {self.plugin_name} has no door {self.moving_door!r}")
        if wrong := [c for c in self.plate if not writable(c)]:
            raise UserError(f"plate: {wrong[0]!r} is none of A-Z, 0-9, space, '-', '.', '/' and ':'")

    def style(self) -> Style:
        """The styling of the variant."""
        return style_of(self.plugin_name, self.variant, rugged=self.rugged)

    def assembled(self, lines: CarLines, **more: Any) -> Model:
        """The model from its lines; ``more`` are fields of the specification."""
        opening = Opening(
            angles_rad={n: math.radians(self.door_angle_deg) for n in self.doors_open},
            moving=self.moving_door,
            widest_rad=math.radians(self.door_angle_deg),
        )
        style = more.pop("style", self.style())
        spec = CarSpec(
            name=self.plugin_name,
            lines=varied(lines, style),
            style=style,
            paint=more.pop("paint", None) or painted("color", self.color, self.plugin_name, self.variant),
            variant=self.variant,
            occupants=self.occupants,
            dirt=self.dirt_share,
            plate=self.plate,
            plate_style=self.plate_style,
            low=self.detail == "low",
            opening=opening,
            extra=(("color", str(self.color)), ("variant", str(self.variant))),
        )
        return build(replace(spec, **more))


def varied(lines: CarLines, style: Style) -> CarLines:
    """Lines a little different, as the styling says."""
    s, h = list(lines.shoulder), lines.height
    shoulder = tuple(
        (at, z + (style.nose if at > 0.9 else style.belt if at < 0.6 else 0.5 * style.belt) / h) for at, z in s
    )
    base, top, top_rear, base_rear = lines.glass_s
    return replace(
        lines,
        shoulder=shoulder,
        glass_s=(base + style.rake / lines.length, top, top_rear, base_rear),
    )


__all__ = ["Car", "Paint", "varied"]
