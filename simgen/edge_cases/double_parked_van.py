"""A van stands in the lane with its hazard lights on, beside the parked cars."""

from __future__ import annotations

from dataclasses import dataclass
from typing import ClassVar

from simgen.assembly import model_of
from simgen.edge_cases._roadside import free_name
from simgen.edge_cases._standing import blocks, stand_ahead
from simgen.edge_cases._vehicles import joined, made, rear_m, road_of
from simgen.edge_cases.base import EdgeCase, Stage
from simgen.errors import UserError
from simgen.registry import param, register
from simgen.scene import Scene


@register("edge_case", "double_parked_van")
@dataclass(frozen=True, kw_only=True)
class DoubleParkedVan(EdgeCase):
    """A delivery van stands in the second row: on the right part of the ego's lane, hazard lights blinking.

    Asked: ``distance_m`` from the ego at time 0, and which share of the lane's width it blocks
    (``lane_blocked_fraction``). Free: the exact place. Units: m.
    """

    tests: ClassVar[str] = "telling a vehicle that stands from one that waits, and passing where the lane is narrow"

    asset: str = param("van", doc="asset that stands there", reference="asset")
    distance_m: float = param(30.0, ge=3.0, le=200.0, doc="from the ego's nose to its tail, at time 0")
    tolerance_m: float = param(5.0, gt=0.0, doc="largest deviation of the distance")
    blocked_fraction: float = param(0.5, ge=0.1, le=0.95, doc="share of the lane's width that it takes up")
    door_open: bool = param(False, doc="the driver's door stands open")
    name: str = param("", doc="name of the new actor; default: double_parked, numbered if there are more")

    def apply(self, scene: Scene, stage: Stage) -> Scene:
        """The scene with the van in it.

        Raises:
            UserError: there is no ego on a road, no room for the van, or it is narrower than what it should block.
        """
        road = road_of(scene, stage, "double_parked_van", moves=False)
        name = self.name or free_name("double_parked", scene)
        doors = ("front_left",) if self.door_open else ()
        asset = made(self.asset, stage, "double_parked_van", indicators="hazard", occupants=0, doors_open=doors)
        model, wide = model_of(asset), road.lane.width_m
        if model.size[1] < self.blocked_fraction * wide:
            raise UserError(
                f"double_parked_van: {self.asset} is {model.size[1]:.2f} m wide and cannot block"
                f" {self.blocked_fraction:g} of a lane of {wide:g} m; ask for less, or take a wider asset"
            )
        # from the lane's right edge inwards
        lateral = (self.blocked_fraction - 0.5) * wide - 0.5 * model.size[1] - model.box_center[1]

        def build(gap_m: float) -> Scene:
            placed = road.pose(road.nose + gap_m + rear_m(model), lateral)
            return joined(scene, name, asset, **placed)

        asked = (blocks(name, self.blocked_fraction, "about"),)
        return stand_ahead(road, name, self.distance_m, self.tolerance_m, build, asked)
