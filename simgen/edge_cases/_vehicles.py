"""The ego's road as cases with vehicles see it: places ahead, behind and beside, and vehicles that go along it."""

from __future__ import annotations

import dataclasses
import math
from dataclasses import dataclass
from typing import Any, Final, Literal

from simgen import registry
from simgen.assembly import model_of
from simgen.assets.base import Asset
from simgen.edge_cases._roadside import lane_of, refuse_overlap
from simgen.edge_cases._solve import RejectedError
from simgen.edge_cases._way import Way, ego_of, forecast_ego
from simgen.edge_cases.base import Stage
from simgen.errors import UserError
from simgen.geometry import quat_from_euler
from simgen.placement.ground import GroundHeight
from simgen.placement.route import route_from
from simgen.polyline import Polyline
from simgen.records.layout import WorldLayout
from simgen.records.model import Model
from simgen.records.roads import Lane, RoadMap
from simgen.rng import stream
from simgen.scene import Scene

Side = Literal["left", "right", ""]

#: how far back lanes that lead to the ego's are followed, m
_BACK_M: Final = 400.0


@dataclass(frozen=True, kw_only=True, eq=False)
class Road:
    """Along the middle of the ego's lane, of those that lead to it and of those that follow it straight on.

    Distances are along the line; offsets are to its left.
    """

    case: str
    stage: Stage
    lane: Lane
    line: Polyline
    #: the lane that the line begins with
    first: str
    #: where the ego's nose and tail are at time 0, and how far left of the middle it drives
    nose: float
    tail: float
    lateral: float
    way: Way
    #: the ego's as it starts
    speed_m_s: float

    @property
    def layout(self) -> WorldLayout:
        """The world."""
        return self.stage.layout

    def drives(
        self, times_s: tuple[float, ...], speeds_m_s: tuple[float, ...], laterals_m: tuple[float, ...] = (), **more: Any
    ) -> Any:
        """A ``script`` along this road."""
        script = registry.get("behaviour", "script")
        return script(times_s=times_s, speeds_m_s=speeds_m_s, laterals_m=laterals_m, lane=self.first, **more)

    def pose(self, s: float, lateral: float = 0.0, turn_rad: float = 0.0, roll_rad: float = 0.0) -> dict[str, Any]:
        """``position`` and ``quaternion`` of an entity on the road, pitched as the road is; turned and rolled from it.

        Raises:
            RejectedError: the road ends before.
        """
        if not 0.0 <= s <= self.line.length:
            raise RejectedError("the road ends before")
        x, y, _ = self.line.at(s, lateral).tolist()
        # only the rise along its own axis: roads are level across
        slope = math.atan2(float(self.line.at(s + 1.0)[2] - self.line.at(s - 1.0)[2]), 2.0) * math.cos(turn_rad)
        w, qx, qy, qz = quat_from_euler(roll_rad, -slope, float(self.line.heading(s)) + turn_rad).tolist()
        return {"position": (x, y, GroundHeight(self.layout.map).at(x, y)), "quaternion": (w, qx, qy, qz)}

    def ahead(self, asset: Asset, gap_m: float) -> float:
        """Where an asset's origin is, if its tail is so far before the ego's nose."""
        return self.nose + gap_m + rear_m(model_of(asset))

    def behind(self, asset: Asset, gap_m: float) -> float:
        """Where an asset's origin is, if its nose is so far behind the ego's tail."""
        return self.tail - gap_m - front_m(model_of(asset))

    def beside(self, side: Side) -> tuple[Lane, float]:
        """The lane beside the ego's that goes the same way, and how far to the left its middle is.

        Raises:
            UserError: there is none on that side.
        """
        found = {"left": self.lane.left, "right": self.lane.right, "": self.lane.left or self.lane.right}[side]
        if not found:
            where = f"to the {side} of" if side else "beside"
            raise UserError(
                f"{self.case}: there is no lane {where} {self.lane.name!r}: choose a world or a lane with a neighbour"
            )
        lane = self.layout.map.lane(found)
        other = Polyline(lane.centerline)
        at, _ = other.closest(self.line.at(self.nose))
        _, lateral = self.line.closest(other.at(at))
        return lane, float(lateral)


def road_of(scene: Scene, stage: Stage, case: str, *, moves: bool = True) -> Road:
    """The road that the scene's ego is on.

    Raises:
        UserError: there is no ego or no road, or the ego stands though it should move.
    """
    ego = ego_of(scene, case)
    lane = lane_of(ego, stage.layout, case)
    way = forecast_ego(scene, stage.layout)
    if moves:
        way.path()  # tells an ego that stands
    first = _first_lane(stage.layout.map, lane)
    line = route_from(stage.layout.map, first).line
    at, lateral = line.closest(way.center[0])
    half = way.length_m / 2.0
    return Road(
        case=case,
        stage=stage,
        lane=lane,
        line=line,
        first=first,
        nose=float(at) + half,
        tail=float(at) - half,
        lateral=float(lateral),
        way=way,
        speed_m_s=float(way.speed_m_s[1]),
    )


def _first_lane(road_map: RoadMap, lane: Lane) -> str:
    """The farthest lane back from which a route straight on comes through this one."""
    first, back = lane.name, 0.0
    while back < _BACK_M:
        before = [x for x in road_map.lanes if x.kind == "driving" and first in x.successors and x.name != lane.name]
        through = [x for x in before if any(y.lane.name == lane.name for y in route_from(road_map, x.name).stretches)]
        if not through:
            break
        first = through[0].name
        back += Polyline(through[0].centerline).length
    return first


def front_m(model: Model) -> float:
    """From a vehicle's origin to its nose."""
    return model.box_center[0] + model.size[0] / 2.0


def rear_m(model: Model) -> float:
    """From a vehicle's tail to its origin."""
    return model.size[0] / 2.0 - model.box_center[0]


def made(asset: str, stage: Stage, purpose: str, **wishes: Any) -> Asset:
    """An asset with a look drawn for it, and of the wishes those that it has parameters for."""
    kind = registry.get("asset", asset)
    known = {field.name for field in dataclasses.fields(kind)}
    wishes = {"variant": int(stream(stage.seed, "look", purpose).integers(10_000)), "color": _PAINT.get(asset)} | wishes
    found = kind(**{name: value for name, value in wishes.items() if name in known and value is not None})
    assert isinstance(found, Asset)
    return found


def empty_flatbed(stage: Stage, purpose: str) -> Asset:
    """A flatbed semitrailer that carries nothing: one variant in four is without a load."""
    variant = 4 * int(stream(stage.seed, "flatbed", purpose).integers(2_500)) + 3
    return made("semitrailer", stage, purpose, body="flatbed", variant=variant)


#: assets whose paint is drawn as often as on roads
_PAINT: Final = dict.fromkeys(("city_car", "hatchback", "sedan", "estate", "suv", "pickup", "van"), "fleet")


def joined(scene: Scene, name: str, asset: Asset, **fields: Any) -> Scene:
    """The scene with one more actor, that stands free at the start.

    Raises:
        RejectedError: something is in its place.
    """
    changed = scene.add(name=name, asset=asset, **{"group": name} | fields)
    refuse_overlap(changed, name)
    return changed
