"""A shop-window dummy stands on the pavement."""

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


@register("edge_case", "mannequin")
@dataclass(frozen=True, kw_only=True)
class MannequinCase(EdgeCase):
    """A dummy in clothes, or bare, stands close to the kerb as if it were about to cross: class object, not person.

    It has a person's shape for cameras and lidars, but it never moves and is as cold as the air. Asked: ``distance_m``
    from the ego at ``at_s``, and its ``visible_fraction`` in the first camera then. Free: where it stands. Units: m, s.
    """

    tests: ClassVar[str] = "telling things of human shape from people, without braking for them"

    variant: int = param(1, ge=0, doc="which body and clothes")
    plastic: str = param("white", doc="its colour", choices=("white", "skin", "grey", "black"))
    dressed: bool = param(True, doc="wears clothes")
    distance_m: float = param(12.0, ge=3.0, le=60.0, doc="from the ego at that instant")
    at_s: float = param(0.8, ge=0.0, doc="when, or up to 1.6 s later where the place is taken")
    setback_m: float = param(0.6, ge=0.3, le=6.0, doc="from the kerb, at the least")
    side: str = param("right", doc="of the ego's way", choices=("left", "right"))
    turn_deg: float = param(35.0, ge=-180.0, le=180.0, doc="from facing the road towards the ego")
    visible_fraction: float = param(0.8, ge=0.0, le=1.0, doc="least share of it that the first camera sees at at_s")
    tolerance_m: float = param(1.5, gt=0.0, doc="largest deviation of the distance")
    name: str = param("", doc="its name; default: mannequin, numbered if there are more")

    def apply(self, scene: Scene, stage: Stage) -> Scene:
        """The scene with the dummy in it.

        Raises:
            UserError: there is no ego or road, or no free place.
        """
        asset = registry.get("asset", "mannequin")(variant=self.variant, plastic=self.plastic, dressed=self.dressed)
        name, sign = names_of(scene, "mannequin", self.name), 1.0 if self.side == "right" else -1.0
        camera = sensor_of_kind(scene, "camera")
        seen = Constraint(kind="visible_fraction", subject=name, other=camera, asked=self.visible_fraction,
                          tolerance=0.0, relation="at_least")  # fmt: skip
        wish = Roadside(
            case="mannequin",
            parts=[Part(name=name, asset=asset, turn_deg=sign * self.turn_deg)],
            setback_m=self.setback_m,
            distance_m=self.distance_m,
            tolerance_m=self.tolerance_m,
            time_s=self.at_s,
            side=-1 if self.side == "right" else 1,
            more=[seen] if camera else (),
        )
        return stand_beside(scene, stage, wish)
