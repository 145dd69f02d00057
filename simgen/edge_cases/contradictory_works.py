"""Road works whose signs and boards say different things."""

from __future__ import annotations

from dataclasses import dataclass
from math import pi
from typing import ClassVar, Final

from simgen import registry
from simgen.edge_cases._roadside import free_name
from simgen.edge_cases._solve import RejectedError
from simgen.edge_cases._standing import blocks, stand_ahead
from simgen.edge_cases._vehicles import Road, joined, road_of
from simgen.edge_cases.base import EdgeCase, Stage
from simgen.records.constraints import Constraint
from simgen.registry import param, register
from simgen.scene import Scene

#: height of the signs at the barrier, m: over cones and boards
_SIGN_M: Final = 2.0


@register("edge_case", "contradictory_works")
@dataclass(frozen=True, kw_only=True)
class ContradictoryWorks(EdgeCase):
    """A works barrier closes the ego's lane; one sign on it says pass on the left, the other pass on the right.

    Cones lead to one side while the stripes of the boards point to the other, a closed road is announced as a narrow
    one, and a limit stands beside its own end: what a crew leaves behind that moved half of its signs. Asked:
    ``distance_m`` of the barrier at time 0, how much of the lane it closes (``lane_blocked_fraction``), and that both
    signs can be seen from the ego then (``visible_fraction``). Free: the exact place. Units: m.
    """

    tests: ClassVar[str] = "what a planner does when signs, boards and cones contradict each other"

    distance_m: float = param(35.0, ge=8.0, le=200.0, doc="from the ego's nose to the barrier, at time 0")
    tolerance_m: float = param(4.0, gt=0.0, doc="largest deviation of the distance")
    leads: str = param(
        "left", doc="to which side the cones lead; the boards point to the other", choices=("left", "right")
    )
    cones: int = param(6, ge=2, le=20, doc="cones of the taper")
    spacing_m: float = param(3.0, ge=1.0, le=10.0, doc="between cones, along the road")
    name: str = param("", doc="name of the barrier; default: works, numbered if there are more")

    def apply(self, scene: Scene, stage: Stage) -> Scene:
        """The scene with the works in it.

        Raises:
            UserError: there is no ego on a road, or no room for them.
        """
        road = road_of(scene, stage, "contradictory_works", moves=False)
        name = self.name or free_name("works", scene)

        def build(gap_m: float) -> Scene:
            return self._staged(scene, road, name, road.nose + gap_m)

        asked = (blocks(name, 0.6, tolerance=0.02), *(_seen(f"{name}_sign_{side}") for side in ("left", "right")))
        return stand_ahead(road, name, self.distance_m, self.tolerance_m, build, asked)

    def _staged(self, scene: Scene, road: Road, name: str, s: float) -> Scene:
        wide = road.lane.width_m
        asset, back = registry.get("asset", "barrier"), road.pose(s, 0.0, pi)
        scene = joined(scene, name, asset(kind="works", length_m=0.75 * wide), physics="static", **back)
        sign = registry.get("asset", "traffic_sign")
        for side, y in (("left", 0.25 * wide), ("right", -0.25 * wide)):
            placed = road.pose(s - 0.5, y, pi)
            plate = sign(kind=f"pass_{side}", height_m=_SIGN_M)
            scene = joined(scene, f"{name}_sign_{side}", plate, physics="static", group=name, **placed)
        scene = self._taper(scene, road, name, s)
        for kind, before, y in (("no_vehicles", 14.0, 1.0), ("narrow_right", 12.0, -1.0), ("speed_30", 20.0, -1.0),
                                ("end_all", 20.0, 1.0)):  # fmt: skip
            # on feet at the lane's edges
            try:
                placed = road.pose(s - before, y * (0.5 * wide + 0.35), pi)
                plate = sign(kind=kind, height_m=1.3)
                scene = joined(scene, f"{name}_{kind}", plate, physics="static", group=name, **placed)
            except RejectedError:
                continue
        return scene

    def _taper(self, scene: Scene, road: Road, name: str, s: float) -> Scene:
        """Cones from the lane's one edge to the other, and boards between them that point the other way."""
        wide, sign = road.lane.width_m, 1.0 if self.leads == "left" else -1.0
        cone, board = registry.get("asset", "traffic_cone")(), registry.get("asset", "road_works")
        striped = board(kind="lamp", points_left=self.leads == "right")
        for k in range(self.cones):
            share = k / (self.cones - 1)
            along = s - 2.0 - self.spacing_m * (self.cones - 1 - k)
            lateral = sign * (share - 0.5) * (wide - 0.5)
            asset = striped if k % 2 else cone
            placed = road.pose(along, lateral, pi)
            scene = joined(scene, f"{name}_taper_{k}", asset, physics="static", group=f"{name}_taper", **placed)
        return scene


def _seen(name: str) -> Constraint:
    return Constraint(
        kind="visible_fraction",
        subject=name,
        other="ego",
        asked=0.3,
        tolerance=0.1,
        relation="at_least",
        time_s=0.0,
    )
