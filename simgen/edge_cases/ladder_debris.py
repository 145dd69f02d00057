"""A ladder lies across the lane."""

from __future__ import annotations

from dataclasses import dataclass
from math import cos, radians, sin
from typing import ClassVar

from simgen import registry
from simgen.assembly import model_of
from simgen.edge_cases._roadside import free_name
from simgen.edge_cases._standing import blocks, stand_ahead
from simgen.edge_cases._vehicles import joined, road_of
from simgen.edge_cases.base import EdgeCase, Stage
from simgen.registry import param, register
from simgen.rng import stream
from simgen.scene import Scene


@register("edge_case", "ladder_debris")
@dataclass(frozen=True, kw_only=True)
class LadderDebris(EdgeCase):
    """A ladder lies across the lane.

    Asked: ``distance_m`` from the ego at time 0, and that it lies within the lane (``lane_blocked_fraction``). Free:
    the exact place. Two in three crashes with debris come of loads not secured and parts not maintained (Tefft, AAA
    Foundation 2016). Units: m, deg.
    """

    tests: ClassVar[str] = "flat, thin obstacles that few sensors return anything of"

    distance_m: float = param(40.0, ge=3.0, le=200.0, doc="from the ego's nose to it, at time 0")
    tolerance_m: float = param(3.0, gt=0.0, doc="largest deviation of the distance")
    lateral_m: float = param(0.0, ge=-3.0, le=3.0, doc="to the left of the middle of the lane")
    across_deg: float = param(80.0, ge=-180.0, le=180.0, doc="its long side against the road's direction")
    size_share: float = param(1.0, ge=0.5, le=2.0, doc="against the usual size")
    name: str = param("", doc="name of the new thing; default: ladder_debris, numbered if there are more")

    def apply(self, scene: Scene, stage: Stage) -> Scene:
        """The scene with the ladder in it.

        Raises:
            UserError: there is no ego on a road, or no room.
        """
        road = road_of(scene, stage, "ladder_debris", moves=False)
        name, turn = self.name or free_name("ladder_debris", scene), radians(self.across_deg)
        variant = int(stream(stage.seed, "ladder_debris", "variant").integers(1000))
        asset = registry.get("asset", "debris")(kind="ladder", size_share=self.size_share, variant=variant)
        size = model_of(asset).size
        reach = 0.5 * (size[0] * abs(cos(turn)) + size[1] * abs(sin(turn)))

        def build(gap_m: float) -> Scene:
            placed = road.pose(road.nose + gap_m + reach, self.lateral_m, turn)
            return joined(scene, name, asset, physics="static", **placed)

        asked = (blocks(name, 0.3, tolerance=0.02),)
        return stand_ahead(road, name, self.distance_m, self.tolerance_m, build, asked)
