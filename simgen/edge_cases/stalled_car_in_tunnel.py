"""A car has broken down in a tunnel."""

from __future__ import annotations

from dataclasses import dataclass
from typing import ClassVar

from simgen.edge_cases._roadside import free_name
from simgen.edge_cases._solve import RejectedError
from simgen.edge_cases._standing import blocks, stand_ahead
from simgen.edge_cases._vehicles import joined, made, road_of
from simgen.edge_cases.base import EdgeCase, Stage
from simgen.errors import UserError
from simgen.polyline import inside_polygon
from simgen.registry import param, register
from simgen.scene import Scene


@register("edge_case", "stalled_car_in_tunnel")
@dataclass(frozen=True, kw_only=True)
class StalledCarInTunnel(EdgeCase):
    """A car stands in the ego's lane inside a tunnel, with its hazard lights on or without any light.

    Asked: ``distance_m`` from the ego at time 0, and that it blocks the lane (``lane_blocked_fraction``). Free: the
    exact place, which is inside the area ``tunnel`` of the world. Units: m.
    """

    tests: ClassVar[str] = "a standing vehicle in the dark behind a bright portal, with walls that echo"

    asset: str = param("sedan", doc="asset that stands there", reference="asset")
    distance_m: float = param(50.0, ge=5.0, le=300.0, doc="from the ego's nose to its tail, at time 0")
    tolerance_m: float = param(5.0, gt=0.0, doc="largest deviation of the distance")
    hazard_lights: bool = param(True, doc="its hazard lights blink; otherwise it is dark")
    lateral_m: float = param(-0.4, ge=-2.0, le=2.0, doc="to the left of the middle of the lane")
    name: str = param("", doc="name of the new actor; default: stalled, numbered if there are more")

    def apply(self, scene: Scene, stage: Stage) -> Scene:
        """The scene with the car in it.

        Raises:
            UserError: there is no ego on a road, or the world has no tunnel there.
        """
        road = road_of(scene, stage, "stalled_car_in_tunnel", moves=False)
        tunnels = [area.polygon for area in stage.layout.map.areas if area.name == "tunnel"]
        if not tunnels:
            raise UserError("stalled_car_in_tunnel needs a tunnel: use 'world: {type: tunnel}'")
        name = self.name or free_name("stalled", scene)
        lit = "hazard" if self.hazard_lights else "off"
        asset = made(self.asset, stage, "stalled_car_in_tunnel", indicators=lit, lights="off")

        def build(gap_m: float) -> Scene:
            placed = road.pose(road.ahead(asset, gap_m), self.lateral_m)
            if not any(bool(inside_polygon(rim, placed["position"])) for rim in tunnels):
                raise RejectedError("it would stand outside the tunnel")
            return joined(scene, name, asset, **placed)

        return stand_ahead(road, name, self.distance_m, self.tolerance_m, build, (blocks(name, 0.4),))
