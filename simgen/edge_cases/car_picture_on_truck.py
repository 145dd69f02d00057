"""A lorry ahead wears a photograph of a road on its tail."""

from __future__ import annotations

from dataclasses import dataclass
from typing import ClassVar

from simgen import registry
from simgen.edge_cases._convoy import Ahead, Leader, drive_ahead, names_of
from simgen.edge_cases._devices import sensor_of_kind
from simgen.edge_cases.base import EdgeCase, Stage
from simgen.records.constraints import Constraint
from simgen.registry import param, register
from simgen.scene import Scene


@register("edge_case", "car_picture_on_truck")
@dataclass(frozen=True, kw_only=True)
class CarPictureOnTruck(EdgeCase):
    """A photograph of a road with a car covers the rear of a lorry ahead: no car is there, and no free road either.

    All labels say trailer. Asked: ``distance_m`` from the ego to the trailer at ``at_s``, and its
    ``visible_fraction`` in the first camera. Free: the start. Units: m, s.
    """

    tests: ClassVar[str] = "telling a picture of a car and of free road from the real thing"

    body: str = param("box", doc="the trailer's body", choices=("box", "curtain"))
    distance_m: float = param(10.0, ge=3.0, le=80.0, doc="from the ego to the trailer at at_s")
    at_s: float = param(1.0, ge=0.0, doc="when")
    visible_fraction: float = param(0.5, ge=0.0, le=1.0, doc="least share of it that the first camera sees at at_s")
    variant: int = param(0, ge=0, le=9999, doc="which picture and tractor")
    tolerance_m: float = param(1.0, gt=0.0, doc="largest deviation of the distance")
    name: str = param("", doc="name of the lorry; default: car_picture_on_truck, numbered if there are more")

    def apply(self, scene: Scene, stage: Stage) -> Scene:
        """The scene with the lorry in it.

        Raises:
            UserError: there is no ego, or no room.
        """
        tractor = registry.get("asset", "tractor_unit")(variant=self.variant)
        trailer = registry.get("asset", "semitrailer")(body=self.body, tail="road", variant=self.variant)
        leader = Leader(name=names_of(scene, "car_picture_on_truck", self.name), asset=tractor, trailer=trailer)
        wish = Ahead(
            case="car_picture_on_truck",
            leaders=[leader],
            distance_m=self.distance_m,
            tolerance_m=self.tolerance_m,
            time_s=self.at_s,
            more=self._seen(sensor_of_kind(scene, "camera"), leader.last),
        )
        return drive_ahead(scene, stage, wish)

    def _seen(self, camera: str, trailer: str) -> list[Constraint]:
        if not camera:
            return []
        return [
            Constraint(kind="visible_fraction", subject=trailer, other=camera, asked=self.visible_fraction,
                       tolerance=0.0, relation="at_least", time_s=self.at_s)
        ]  # fmt: skip
