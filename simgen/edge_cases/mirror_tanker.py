"""A tank trailer like a mirror drives ahead."""

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


@register("edge_case", "mirror_tanker")
@dataclass(frozen=True, kw_only=True)
class MirrorTanker(EdgeCase):
    """A lorry with a tank of mirror-polished steel ahead of the ego, on its lane or the one to its left.

    The tank throws light and laser pulses on: cameras see the sky, the road and the ego in it, a lidar misses most of
    it, and has ghosts (points behind the mirror of what stands before it) instead. Asked: ``distance_m`` from the ego
    to the trailer at ``at_s``; and, of the first lidar, ``ghost_points`` over the sequence. Free: the start. Units: m,
    s.
    """

    tests: ClassVar[str] = "handling of mirror images and of a surface that a lidar does not see"

    distance_m: float = param(12.0, ge=3.0, le=80.0, doc="from the ego to the trailer at at_s")
    at_s: float = param(1.0, ge=0.0, doc="when")
    lane: int = param(0, ge=0, le=3, doc="lanes to the left of the ego's")
    ghost_points: int = param(5, ge=0, le=10000, doc="fewest ghosts in the fullest sweep of the first lidar; 0 = any")
    variant: int = param(0, ge=0, le=9999, doc="which tractor, and the tank's lettering")
    tolerance_m: float = param(1.0, gt=0.0, doc="largest deviation of the distance")
    name: str = param("", doc="name of the lorry; default: mirror_tanker, numbered if there are more")

    def apply(self, scene: Scene, stage: Stage) -> Scene:
        """The scene with the lorry in it.

        Raises:
            UserError: there is no ego, no such lane, or no room.
        """
        tractor = registry.get("asset", "tractor_unit")(variant=self.variant)
        tank = registry.get("asset", "semitrailer")(body="tanker", polished=True, variant=self.variant)
        leader = Leader(name=names_of(scene, "mirror_tanker", self.name), asset=tractor, trailer=tank, beside=self.lane)
        lidar, more = sensor_of_kind(scene, "lidar"), []
        if lidar and self.ghost_points > 0:
            asked = float(self.ghost_points)
            more.append(Constraint(kind="ghost_points", subject=lidar, asked=asked, tolerance=0.0, relation="at_least"))
        wish = Ahead(
            case="mirror_tanker",
            leaders=[leader],
            distance_m=self.distance_m,
            tolerance_m=self.tolerance_m,
            time_s=self.at_s,
            more=more,
        )
        return drive_ahead(scene, stage, wish)
