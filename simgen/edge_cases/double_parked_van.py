"""A van stands in the lane with its hazard lights on, beside the parked cars."""

from __future__ import annotations

from dataclasses import dataclass
from typing import ClassVar

from simgen.assembly import model_of
from simgen.edge_cases._roadside import free_name
from simgen.edge_cases._solve import RejectedError
from simgen.edge_cases._standing import blocks, stand_ahead
from simgen.edge_cases._vehicles import Road, joined, made, rear_m, road_of
from simgen.edge_cases.base import EdgeCase, Stage
from simgen.errors import UserError
from simgen.polyline import Polyline
from simgen.registry import param, register
from simgen.rng import stream
from simgen.scene import Scene


@register("edge_case", "double_parked_van")
@dataclass(frozen=True, kw_only=True)
class DoubleParkedVan(EdgeCase):
    """A delivery van stands in the second row: on the right part of the ego's lane, hazard lights blinking.

    Asked: ``distance_m`` from the ego at time 0, and which share of the lane's width it blocks
    (``lane_blocked_fraction``; by so much more if its door stands open). Free: the exact place. Units: m.
    """

    tests: ClassVar[str] = "telling a vehicle that stands from one that waits, and passing where the lane is narrow"

    asset: str = param("van", doc="asset that stands there", reference="asset")
    distance_m: float = param(30.0, ge=3.0, le=200.0, doc="from the ego's nose to its tail, at time 0")
    tolerance_m: float = param(5.0, gt=0.0, doc="largest deviation of the distance")
    blocked_fraction: float = param(0.5, ge=0.1, le=0.95, doc="share of the lane's width that its body takes up")
    beside: int = param(2, ge=0, le=6, doc="parked cars at the kerb beside it, as far as there is room")
    door_open: bool = param(False, doc="the driver's door stands open")
    name: str = param("", doc="name of the new actor; default: double_parked, numbered if there are more")

    def apply(self, scene: Scene, stage: Stage) -> Scene:
        """The scene with the van in it.

        Raises:
            UserError: there is no ego on a road, no room for the van, or it is narrower than what it should block.
        """
        road = road_of(scene, stage, "double_parked_van", moves=False)
        name = self.name or free_name("double_parked", scene)
        asset, body = (
            made(self.asset, stage, "double_parked_van", indicators="hazard", occupants=0, doors_open=doors)
            for doors in ((("front_left",) if self.door_open else ()), ())
        )
        # it stands where its body has room, whatever its door does
        model, wide = model_of(body), road.lane.width_m
        if model.size[1] < self.blocked_fraction * wide:
            raise UserError(
                f"double_parked_van: {self.asset} is {model.size[1]:.2f} m wide and cannot block"
                f" {self.blocked_fraction:g} of a lane of {wide:g} m; ask for less, or take a wider asset"
            )
        # from the lane's right edge inwards
        lateral = (self.blocked_fraction - 0.5) * wide - 0.5 * model.size[1] - model.box_center[1]

        def build(gap_m: float) -> Scene:
            s = road.nose + gap_m + rear_m(model)
            changed = joined(scene, name, asset, **road.pose(s, lateral))
            return self._parked(changed, road, name, s + model.box_center[0])

        door = (model_of(asset).size[1] - model.size[1]) / wide
        asked = (blocks(name, min(self.blocked_fraction + door, 1.0), "about"),)
        return stand_ahead(road, name, self.distance_m, self.tolerance_m, build, asked)

    def _parked(self, scene: Scene, road: Road, name: str, s: float) -> Scene:
        """With cars at the kerb beside it, where the kerb leaves room for them."""
        kerbs = [Polyline(kerb.line) for kerb in road.layout.map.kerbs]
        rng = stream(road.stage.seed, "double_parked_van", "parked")
        at = s - 2.7 * (self.beside - 1)
        for k in range(self.beside):
            kind = ("sedan", "hatchback", "suv", "estate", "city_car")[int(rng.integers(5))]
            asset, place = made(kind, road.stage, f"parked beside {k}", occupants=0), road.line.at(at)
            laterals = [float(road.line.closest(kerb.at(kerb.closest(place)[0]))[1]) for kerb in kerbs]
            kerb = max((x for x in laterals if x < -0.5 * road.lane.width_m), default=0.0)
            size = model_of(asset).size
            lateral = kerb + 0.1 + 0.5 * size[1]
            if lateral + 0.5 * size[1] < -0.5 * road.lane.width_m + 0.15:
                try:
                    placed = road.pose(at - model_of(asset).box_center[0], lateral)
                    scene = joined(scene, free_name(f"{name}_beside", scene), asset, **placed)
                except RejectedError:
                    pass
            at += 5.4 + float(rng.uniform(0.0, 0.4))
        return scene
