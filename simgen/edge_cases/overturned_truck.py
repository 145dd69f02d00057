"""A lorry lies on its side across the lanes."""

from __future__ import annotations

from dataclasses import dataclass
from math import cos, pi, radians, sin
from typing import Any, ClassVar

import numpy as np

from simgen import registry
from simgen.assembly import model_of
from simgen.edge_cases._roadside import free_name
from simgen.edge_cases._solve import RejectedError
from simgen.edge_cases._standing import blocks, stand_ahead
from simgen.edge_cases._vehicles import Road, joined, made, road_of
from simgen.edge_cases.base import EdgeCase, Stage
from simgen.geometry import quat_rotate
from simgen.records.model import Model
from simgen.registry import param, register
from simgen.rng import stream
from simgen.scene import Scene


@register("edge_case", "overturned_truck")
@dataclass(frozen=True, kw_only=True)
class OverturnedTruck(EdgeCase):
    """A lorry has turned over and lies across the ego's lane, its roof or its belly towards the ego, its load around.

    Asked: ``distance_m`` from the ego at time 0, and that nearly all of the ego's lane is blocked
    (``lane_blocked_fraction``). Free: the exact place. Driver assistance has taken a white lorry across the road for
    the sky (Williston 2016, NTSB HAR-17/02) and driven into the roof of one that lay there (Taiwan 2020). Units: m,
    deg.
    """

    tests: ClassVar[str] = "obstacles of a shape that is hardly in any training set: a lorry from above or below"

    asset: str = param("truck", doc="asset that lies there", reference="asset")
    distance_m: float = param(50.0, ge=5.0, le=300.0, doc="from the ego's nose to it, at time 0")
    tolerance_m: float = param(5.0, gt=0.0, doc="largest deviation of the distance")
    across_deg: float = param(80.0, ge=20.0, le=160.0, doc="its heading from that of the road, to the left")
    shows: str = param("roof", doc="which side faces the ego", choices=("roof", "belly"))
    lateral_m: float = param(0.0, ge=-10.0, le=10.0, doc="its middle, to the left of that of the ego's lane")
    boxes: int = param(6, ge=0, le=40, doc="cartons and crates that lie around it")
    name: str = param("", doc="name of the new actor; default: overturned, numbered if there are more")

    def apply(self, scene: Scene, stage: Stage) -> Scene:
        """The scene with the lorry in it.

        Raises:
            UserError: there is no ego on a road, or no room for the lorry.
        """
        road = road_of(scene, stage, "overturned_truck")
        name = self.name or free_name("overturned", scene)
        asset = made(self.asset, stage, "overturned_truck", lights="off", occupants=0)
        model, turn = model_of(asset), radians(self.across_deg)
        reach = 0.5 * (model.size[0] * abs(cos(turn)) + model.size[2] * abs(sin(turn)))

        def build(gap_m: float) -> Scene:
            # it heads to the left: rolled to its left, the roof comes to face the ego
            roll = -0.5 * pi if self.shows == "roof" else 0.5 * pi
            placed = _lying(road.pose(road.nose + gap_m + reach, self.lateral_m, turn, roll), model)
            changed = joined(scene, name, asset, physics="static", **placed)
            return self._strewn(changed, road, name, road.nose + gap_m)

        return stand_ahead(road, name, self.distance_m, self.tolerance_m, build, (blocks(name, 0.9),))

    def _strewn(self, scene: Scene, road: Road, name: str, s: float) -> Scene:
        """With its load around it, where there is room."""
        rng, debris = stream(road.stage.seed, "overturned_truck", "boxes"), registry.get("asset", "debris")
        for k in range(self.boxes):
            along, aside, turn = rng.uniform(-4.0, 2.5), rng.uniform(-4.5, 4.5), rng.uniform(0.0, 2.0 * pi)
            kind = ("cardboard_box", "cardboard_box", "crate")[int(rng.integers(3))]
            asset = debris(kind=kind, variant=k, size_share=float(rng.uniform(0.9, 1.5)))
            try:
                placed = road.pose(s + float(along), self.lateral_m + float(aside), float(turn))
                scene = joined(scene, f"{name}_load_{k}", asset, physics="static", group=f"{name}_load", **placed)
            except RejectedError:
                continue
        return scene


def _lying(placed: dict[str, Any], model: Model) -> dict[str, Any]:
    """The pose shifted so that the box lies on the ground over that place."""
    quaternion = np.array(placed["quaternion"])
    up = np.array([0.0, 0.0, 0.5 * model.size[1]])
    x, y, z = (np.array(placed["position"]) + up - quat_rotate(quaternion, np.array(model.box_center))).tolist()
    return placed | {"position": (x, y, z)}
