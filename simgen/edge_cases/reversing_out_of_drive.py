"""A car backs out of a drive into the ego's way."""

from __future__ import annotations

import math
from collections.abc import Iterator
from dataclasses import dataclass
from typing import ClassVar, Final

import numpy as np

from simgen import registry
from simgen.assembly import model_of, prop_asset
from simgen.edge_cases._roadside import free_name, spot
from simgen.edge_cases._solve import Problem, Values, solve
from simgen.edge_cases._vehicles import Road, joined, made, rear_m, road_of
from simgen.edge_cases.base import EdgeCase, Stage
from simgen.errors import UserError
from simgen.geometry import quat_from_yaw
from simgen.placement.footprint import Footprint, Occupancy, solid_footprints
from simgen.polyline import Polyline
from simgen.records.base import F8
from simgen.records.constraints import Constraint
from simgen.records.layout import WorldLayout
from simgen.records.model import Model
from simgen.registry import param, register
from simgen.scene import Scene

#: places looked at are so far apart, m
_STEP_M: Final = 0.4
#: room on both sides of the car on its way out, m
_ROOM_M: Final = 0.15
#: it may stand so far beyond where the ego comes to, m
_AHEAD_M: Final = 25.0
#: a sidewalk farther from the way is not beside it, m
_BESIDE_M: Final = 12.0
#: it gains its speed, and loses it, within this time
_STARTS_S: Final = 0.5
#: its tail waits so far behind the outer edge of the sidewalk, m
_BEHIND_M: Final = 0.6


@dataclass(frozen=True, kw_only=True)
class _Drive:
    """A strip from the ego's way outwards that nothing stands on: where along it, and where the tail waits."""

    s: float
    #: to the left of the ego's way, signed
    tail: float
    #: when the car sets off, if the ego drives on as if nothing were
    start_s: float


@register("edge_case", "reversing_out_of_drive")
@dataclass(frozen=True, kw_only=True)
class ReversingOutOfDrive(EdgeCase):
    """A car waits in a drive beside the street, hedges and parked cars around, and backs out before the ego.

    Drives are strips across the sidewalk that nothing stands on, as wide and as deep as the car. Asked:
    ``time_to_collision_s``, the ego's nose to the car over the ego's speed, when its tail enters the width that the ego
    sweeps. Free: which drive, and when it sets off. Backing out goes at walking pace, some 1 to 3 m/s. Units: s, m/s.
    """

    tests: ClassVar[str] = "a car that enters the street tail first, its driver blind, half hidden by hedges"

    asset: str = param("hatchback", doc="asset of the car", reference="asset")
    speed_m_s: float = param(2.0, ge=0.5, le=5.0, doc="how fast it backs out")
    side: str = param("", doc="which side of the street; empty = either", choices=("", "left", "right"))
    time_to_collision_s: float = param(1.8, ge=0.3, le=6.0, doc="time left to the ego when it enters its path")
    tolerance_s: float = param(0.2, gt=0.0, doc="largest deviation of the time")
    name: str = param("", doc="name of the new actor; default: reversing, numbered if there are more")

    def apply(self, scene: Scene, stage: Stage) -> Scene:
        """The scene with the car in it.

        Raises:
            UserError: there is no ego on a road, or no drive that it passes in time.
        """
        road = road_of(scene, stage, "reversing_out_of_drive")
        name = self.name or free_name("reversing", scene)
        asset, path = made(self.asset, stage, "reversing_out_of_drive"), road.line
        model = model_of(asset)
        drives = tuple(self._drives(scene, road, path, model))
        if not drives:
            raise UserError(
                "reversing_out_of_drive: nothing beside the ego's way is as free as a drive; use 'world: {type:"
                " residential}', or another part of it"
            )

        def build(values: Values) -> Scene:
            drive = drives[min(int(values["which"] * len(drives)), len(drives) - 1)]
            start_s = max(drive.start_s + values["later_s"], 0.0)
            return self._backing(scene, stage, path, name, drive, model, start_s)

        asked = Constraint(
            kind="time_to_collision_s",
            subject="ego",
            other=name,
            asked=self.time_to_collision_s,
            tolerance=self.tolerance_s,
        )
        problem = Problem(
            case="reversing_out_of_drive",
            free={"which": (0.0, 1.0), "later_s": (-0.6, 0.6)},
            build=build,
            ask=lambda values: (asked,),
            tries=64,
            way_out="lengthen clock.duration_s, start the ego elsewhere, or ask for another time_to_collision_s",
        )
        return solve(problem, stage)

    def _backing(
        self, scene: Scene, stage: Stage, path: Polyline, name: str, drive: _Drive, model: Model, start_s: float
    ) -> Scene:
        """Nose away from the street; straight back until it stands across the ego's lane."""
        side = math.copysign(1.0, drive.tail)
        origin = drive.tail + side * rear_m(model)
        placed = spot(stage.layout, path, drive.s, origin, side * 0.5 * math.pi)
        asset = made(self.asset, stage, "reversing_out_of_drive")
        out, far = path.at(drive.s, drive.tail - side * 30.0), path.at(drive.s, drive.tail + side * 30.0)
        way_m = abs(drive.tail) + 0.5
        going_s = max(way_m / self.speed_m_s - _STARTS_S, 0.1)
        full_s = start_s + _STARTS_S
        times = (start_s, full_s, full_s + going_s, full_s + going_s + _STARTS_S)
        script = registry.get("behaviour", "script")
        behaviour = script(
            times_s=times,
            speeds_m_s=(0.0, -self.speed_m_s, -self.speed_m_s, 0.0),
            positions_m=(tuple(out[:2].tolist()), tuple(far[:2].tolist())),
        )
        return joined(scene, name, asset, behaviour=behaviour, **placed)

    def _drives(self, scene: Scene, road: Road, path: Polyline, model: Model) -> Iterator[_Drive]:
        """Strips beside the ego's way that are free of everything that stands."""
        taken, walks = _standing(scene, road.layout), _walks(road.layout, path)
        half_wide = 0.5 * model.size[1] + _ROOM_M
        for s in np.arange(
            road.nose + 8.0, min(road.nose + float(road.way.s[-1]) + _AHEAD_M, path.length), _STEP_M
        ).tolist():
            for side in (1.0, -1.0):
                if self.side and (self.side == "left") != (side > 0.0):
                    continue
                rim = _rim_beside(walks, s, side)
                if rim is None:
                    continue
                tail, end = rim + _BEHIND_M, rim + _BEHIND_M + model.size[0] + 0.3
                middle = path.at(s, side * 0.5 * (end + 1.5))
                strip = Footprint(
                    x=float(middle[0]),
                    y=float(middle[1]),
                    half_length=0.5 * (end - 1.5),
                    half_width=half_wide,
                    yaw=float(path.heading(s)) + 0.5 * math.pi,
                )
                start_s = self._start(road, s - half_wide, tail)
                if start_s is not None and not taken.blockers(strip):
                    yield _Drive(s=s, tail=side * tail, start_s=start_s)

    def _start(self, road: Road, near_s: float, tail: float) -> float | None:
        """When to set off, so that the tail enters the ego's path at the time asked for; None if that is too late."""
        run_s = 0.5 * _STARTS_S + (tail - 0.5 * road.way.width_m) / self.speed_m_s
        when = road.way.when(near_s - road.nose + 0.5 * road.way.length_m, self.time_to_collision_s)
        return when - run_s if when is not None and when > run_s else None


def _standing(scene: Scene, layout: WorldLayout) -> Occupancy:
    """Everything that stands: houses, hedges, posts, parked cars."""
    found = Occupancy()
    for prop in layout.props:
        w, x, y, z = quat_from_yaw(prop.yaw_rad).tolist()
        for box in solid_footprints(model_of(prop_asset(prop)), prop.position, (w, x, y, z), prop.name):
            found.add(box)
    for entity in scene.entities:
        if entity.behaviour is None and entity.leader is None:
            for box in solid_footprints(model_of(entity.asset), entity.position, entity.quaternion, entity.name):
                found.add(box)
    return found


def _walks(layout: WorldLayout, path: Polyline) -> tuple[F8, F8]:
    """The middles of the sidewalks against a way: distances along it and offsets from it."""
    lines = [Polyline(lane.centerline) for lane in layout.map.lanes if lane.kind == "sidewalk"]
    if not lines:
        return np.zeros(0), np.zeros(0)
    return path.closest(np.concatenate([line.resample(1.0).points for line in lines]))


def _rim_beside(walks: tuple[F8, F8], s: float, side: float) -> float | None:
    """How far from the way the sidewalk's outer edge is, on a side; None if there is none beside it."""
    at, lateral = walks
    away = side * lateral[(np.abs(at - s) < 1.0) & (side * lateral > 1.5) & (side * lateral < _BESIDE_M)]
    # lanes for walking are half a metre and more inside the sidewalk's edge
    return float(away.max()) + 0.7 if len(away) else None
