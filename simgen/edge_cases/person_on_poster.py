"""Somebody of life size on a poster by the road."""

from __future__ import annotations

from dataclasses import dataclass
from typing import ClassVar

from simgen import registry
from simgen.edge_cases._convoy import names_of
from simgen.edge_cases._devices import sensor_of_kind
from simgen.edge_cases._street_side import Part, Roadside, stand_beside
from simgen.edge_cases.base import EdgeCase, Stage
from simgen.records.constraints import Constraint
from simgen.registry import param, register
from simgen.scene import Scene

#: what carries the poster: asset, its parameters, turn from facing the road (about z, deg)
_CARRIERS = {
    "case": ("advertising", {"kind": "case"}, 90.0),
    "billboard": ("advertising", {"kind": "billboard"}, 55.0),
    "bus_stop": ("bus_stop", {}, 0.0),
}


@register("edge_case", "person_on_poster")
@dataclass(frozen=True, kw_only=True)
class PersonOnPoster(EdgeCase):
    """A poster at the kerb shows a person of life size, turned to the traffic: nobody is there.

    In all labels it is street furniture. On the case of a bus stop the feet are 0.4 m above the ground, as if somebody
    stood in it. Asked: ``distance_m`` from the ego at ``at_s``, and its ``visible_fraction`` in the first camera then.
    Free: where it stands. Units: m, s, deg.
    """

    tests: ClassVar[str] = "telling pictures of people from people"

    carrier: str = param("case", doc="what the poster is on", choices=tuple(_CARRIERS))
    variant: int = param(0, ge=0, le=100000, doc="which person")
    distance_m: float = param(14.0, ge=3.0, le=60.0, doc="from the ego at that instant")
    at_s: float = param(0.8, ge=0.0, doc="when, or up to 1.6 s later where the place is taken")
    setback_m: float = param(0.9, ge=0.3, le=6.0, doc="from the kerb to its middle, at the least")
    side: str = param("right", doc="of the ego's way", choices=("left", "right"))
    visible_fraction: float = param(0.8, ge=0.0, le=1.0, doc="least share of it that the first camera sees at at_s")
    tolerance_m: float = param(1.5, gt=0.0, doc="largest deviation of the distance")
    name: str = param("", doc="its name; default: person_on_poster, numbered if there are more")

    def apply(self, scene: Scene, stage: Stage) -> Scene:
        """The scene with the poster in it.

        Raises:
            UserError: there is no ego or road, or no free place.
        """
        kind, given, turn_deg = _CARRIERS[self.carrier]
        asset = registry.get("asset", kind)(**given, shows="person", variant=self.variant)
        name, sign = names_of(scene, "person_on_poster", self.name), 1.0 if self.side == "right" else -1.0
        part = Part(name=name, asset=asset, turn_deg=sign * turn_deg)
        camera = sensor_of_kind(scene, "camera")
        seen = Constraint(kind="visible_fraction", subject=name, other=camera, asked=self.visible_fraction,
                          tolerance=0.0, relation="at_least")  # fmt: skip
        wish = Roadside(
            case="person_on_poster",
            parts=[part],
            setback_m=self.setback_m
            + (0.4 if self.carrier == "bus_stop" else 1.2 if self.carrier == "billboard" else 0.0),
            distance_m=self.distance_m,
            tolerance_m=self.tolerance_m,
            time_s=self.at_s,
            side=-1 if self.side == "right" else 1,
            more=[seen] if camera else (),
        )
        return stand_beside(scene, stage, wish)
