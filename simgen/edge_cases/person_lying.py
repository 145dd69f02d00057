"""Somebody lies on the carriageway."""

from __future__ import annotations

from dataclasses import dataclass
from math import cos, radians, sin
from typing import ClassVar

from simgen import registry
from simgen.assembly import model_of
from simgen.edge_cases._crossing import seen
from simgen.edge_cases._roadside import free_name
from simgen.edge_cases._standing import blocks, stand_ahead
from simgen.edge_cases._vehicles import joined, road_of
from simgen.edge_cases.base import EdgeCase, Stage
from simgen.registry import param, register
from simgen.scene import Scene


@register("edge_case", "person_lying")
@dataclass(frozen=True, kw_only=True)
class PersonLying(EdgeCase):
    """A person lies on the ego's lane, on the back or on the side, and does not move.

    Asked: ``distance_m`` from the ego at time 0, how much of the lane the body takes up (``lane_blocked_fraction``),
    and that the camera has it in view then. Free: the exact place. Such people have fallen, been hit
    before, or fallen asleep drunk; detectors that learned people upright miss them. Units: m, deg.
    """

    tests: ClassVar[str] = "recognition of a person who does not stand upright, as something never to drive over"

    variant: int = param(0, ge=0, doc="which person")
    pose: str = param("lie", doc="how they lie", choices=("lie", "lie_on_side"))
    distance_m: float = param(30.0, ge=3.0, le=200.0, doc="from the ego's nose to them, at time 0")
    tolerance_m: float = param(3.0, gt=0.0, doc="largest deviation of the distance")
    lateral_m: float = param(0.0, ge=-2.5, le=2.5, doc="to the left of the middle of the lane")
    across_deg: float = param(70.0, ge=-180.0, le=180.0, doc="the body against the road's direction")
    visible_fraction: float = param(0.7, ge=0.0, le=1.0, doc="least that is seen of them at time 0")
    name: str = param("", doc="name of the new actor; default: person_lying, numbered if there are more")

    def apply(self, scene: Scene, stage: Stage) -> Scene:
        """The scene with somebody on the road.

        Raises:
            UserError: there is no ego on a road, or no room.
        """
        road = road_of(scene, stage, "person_lying", moves=False)
        name, turn = self.name or free_name("person_lying", scene), radians(self.across_deg)
        asset = registry.get("asset", "pedestrian")(variant=self.variant, pose=self.pose, carries="none")
        length, width, _ = model_of(asset).size
        along = 0.5 * (length * abs(cos(turn)) + width * abs(sin(turn)))
        across = length * abs(sin(turn)) + width * abs(cos(turn))

        def build(gap_m: float) -> Scene:
            placed = road.pose(road.nose + gap_m + along, self.lateral_m, turn)
            return joined(scene, name, asset, physics="static", **placed)

        share = min(across, road.lane.width_m) / road.lane.width_m
        asked = (blocks(name, 0.5 * share), seen(scene, name, 0.0, self.visible_fraction))
        return stand_ahead(road, name, self.distance_m, self.tolerance_m, build, asked)
