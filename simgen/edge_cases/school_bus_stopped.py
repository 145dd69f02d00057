"""Children cross the road from a school bus that has stopped."""

from __future__ import annotations

from dataclasses import dataclass
from math import pi
from typing import Any, ClassVar

from simgen import registry
from simgen.assembly import model_of
from simgen.assets.base import Asset
from simgen.edge_cases._roadside import free_name
from simgen.edge_cases._solve import Problem, RejectedError, Values, solve
from simgen.edge_cases._vehicles import Road, front_m, joined, made, road_of
from simgen.edge_cases.base import EdgeCase, Stage
from simgen.polyline import Polyline
from simgen.records.constraints import Constraint
from simgen.registry import param, register
from simgen.rng import stream
from simgen.scene import Scene


@register("edge_case", "school_bus_stopped")
@dataclass(frozen=True, kw_only=True)
class SchoolBusStopped(EdgeCase):
    """A school bus stands beside the ego's lane, stop arm out, flashers on; children step out before its bonnet.

    It stands in the lane to the right of the ego's, or, where there is none, in the one that comes towards it; in both
    the children come out at its nose and cross the ego's lane. In the US everybody has to stop for it, from both sides
    (Uniform Vehicle Code 11-706). Asked: ``time_to_collision_s`` of the ego when the first child enters its path. Free:
    where the bus stands, and when they go. Units: s, m/s.
    """

    tests: ClassVar[str] = "stopping for a stop arm and flashers before any child is in the lane"

    asset: str = param("school_bus", doc="asset of the bus", reference="asset")
    children: int = param(2, ge=1, le=6, doc="how many cross, one after the other")
    speed_m_s: float = param(1.6, ge=0.5, le=4.0, doc="how fast they go")
    time_to_collision_s: float = param(2.5, ge=0.3, le=8.0, doc="time left to the ego when the first enters its path")
    tolerance_s: float = param(0.25, gt=0.0, doc="largest deviation of the time")
    name: str = param("", doc="name of the bus; default: school_bus, numbered if there are more")

    def apply(self, scene: Scene, stage: Stage) -> Scene:
        """The scene with bus and children in it.

        Raises:
            UserError: there is no ego on a road, no lane for the bus, or nowhere that the time comes out as asked.
        """
        road = road_of(scene, stage, "school_bus_stopped")
        name = self.name or free_name("school_bus", scene)
        asset = made(self.asset, stage, "school_bus", stop_arm=True, beacons="on")
        child = free_name("child", scene)
        lateral, oncoming = _bus_lane(road)

        def build(values: Values) -> Scene:
            # where its nose is; the children pass a metre before it
            s = road.nose + values["ahead_m"]
            reach = front_m(model_of(asset))
            placed = road.pose(s + reach if oncoming else s - reach, lateral, pi if oncoming else 0.0)
            changed = joined(scene, name, asset, **placed)
            return self._with_children(
                changed, road, s + (-1.0 if oncoming else 1.0), lateral, child, values["start_s"]
            )

        first = child if self.children == 1 else f"{child}/0"
        asked = Constraint(
            kind="time_to_collision_s",
            subject="ego",
            other=first,
            asked=self.time_to_collision_s,
            tolerance=self.tolerance_s,
        )
        problem = Problem(
            case="school_bus_stopped",
            free={"ahead_m": (8.0, 80.0), "start_s": (0.0, max(scene.clock.duration_s - 2.0, 0.1))},
            build=build,
            ask=lambda values: (asked,),
            way_out="lengthen clock.duration_s, start the ego elsewhere, or ask for another time_to_collision_s",
        )
        return solve(problem, stage)

    def _with_children(self, scene: Scene, road: Road, s: float, lateral: float, name: str, start_s: float) -> Scene:
        """One behind the other, from the far side of the bus's lane across the ego's."""
        rng, dash = stream(road.stage.seed, "school_bus_stopped", "children"), registry.get("behaviour", "dash")
        side = 1.0 if lateral > 0.0 else -1.0
        for k in range(self.children):
            aside = 0.7 + 0.9 * k + (0.2 * float(rng.random()) if k else 0.0)
            along = float(rng.uniform(-0.25, 0.25))
            placed = road.pose(s + along, lateral + side * aside, -side * 0.5 * pi)
            pace = self.speed_m_s * (1.0 - 0.05 * k)
            run = dash(speed_m_s=pace, start_s=start_s + 0.25 * k, distance_m=abs(lateral) + aside + 3.5)
            own = name if self.children == 1 else f"{name}/{k}"
            scene = joined(scene, own, _child(road, k), behaviour=run, group=name, **placed)
        return scene


def _bus_lane(road: Road) -> tuple[float, bool]:
    """How far left of the ego's lane the bus stands, and whether it faces the ego.

    Raises:
        UserError: there is neither a lane to the right nor one that comes towards the ego.
    """
    if road.lane.right:
        return road.beside("right")[1], False
    best = None
    place, ahead = road.line.at(road.nose + 20.0), float(road.line.heading(road.nose + 20.0))
    for lane in road.layout.map.lanes:
        other = Polyline(lane.centerline)
        at, _ = other.closest(place)
        turn = abs(float(other.heading(at)) - ahead) % (2.0 * pi)
        if lane.kind == "driving" and 0.75 * pi < turn < 1.25 * pi:
            _, lateral = road.line.closest(other.at(at))
            if float(lateral) > 0.0 and (best is None or float(lateral) < best):
                best = float(lateral)
    if best is None:
        raise RejectedError("no lane beside the ego's")
    return best, True


def _child(road: Road, k: int) -> Asset:
    variant = int(stream(road.stage.seed, "school_bus_stopped", "child", k).integers(10_000))
    wishes: dict[str, Any] = {"variant": variant}
    return made("child", road.stage, f"child {k}", **wishes)
