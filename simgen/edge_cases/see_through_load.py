"""A car ahead tows something that one sees through."""

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


@register("edge_case", "see_through_load")
@dataclass(frozen=True, kw_only=True)
class SeeThroughLoad(EdgeCase):
    """A trailer ahead with a cage of wire mesh, or with windows that stand across it: eyes and pulses go through.

    A tenth to a third of a lidar's beams end on a cage, the rest on the car that tows it or on the road; windows let
    them all through and mirror a few. Asked: ``distance_m`` from the ego to the trailer at ``at_s``; of the first
    lidar, points on the towing car *and* on the trailer. Free: the start. Units: m, s.
    """

    tests: ClassVar[str] = "extent and distance of a load that is mostly air or glass"

    load: str = param("cage", doc="wire mesh, or windows", choices=("cage", "windows"))
    asset: str = param("estate", doc="what tows it", reference="asset")
    distance_m: float = param(9.0, ge=2.0, le=60.0, doc="from the ego to the trailer at at_s")
    at_s: float = param(1.0, ge=0.0, doc="when")
    points: int = param(
        3, ge=0, le=10000, doc="fewest points on each, trailer and car, in the first lidar's sweep at at_s"
    )
    tolerance_m: float = param(1.0, gt=0.0, doc="largest deviation of the distance")
    name: str = param("", doc="name of the towing car; default: see_through_load, numbered if there are more")

    def apply(self, scene: Scene, stage: Stage) -> Scene:
        """The scene with car and trailer.

        Raises:
            UserError: there is no ego, nothing that tows, or no room.
        """
        car, trailer = registry.get("asset", self.asset)(), registry.get("asset", "trailer")(kind=self.load)
        leader = Leader(name=names_of(scene, "see_through_load", self.name), asset=car, trailer=trailer)
        lidar = sensor_of_kind(scene, "lidar")
        more = [
            Constraint(kind="points", subject=who, other=lidar, asked=float(self.points), tolerance=0.0,
                       relation="at_least", time_s=self.at_s)
            for who in (leader.name, leader.last)
        ]  # fmt: skip
        wish = Ahead(
            case="see_through_load",
            leaders=[leader],
            distance_m=self.distance_m,
            tolerance_m=self.tolerance_m,
            time_s=self.at_s,
            more=more if lidar and self.points > 0 else (),
        )
        return drive_ahead(scene, stage, wish)
