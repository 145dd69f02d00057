"""A car stands on the road beyond a crest, where it cannot be seen."""

from __future__ import annotations

import dataclasses
from collections.abc import Iterator
from dataclasses import dataclass
from typing import ClassVar, Final

import numpy as np

from simgen.assembly import model_of
from simgen.assets.base import Asset
from simgen.edge_cases._roadside import free_name, lane_of, refuse_overlap, spot
from simgen.edge_cases._solve import RejectedError, accepted
from simgen.edge_cases._vehicles import Road, joined, made, rear_m, road_of
from simgen.edge_cases._way import ego_of, forecast_ego
from simgen.edge_cases.base import EdgeCase, Stage
from simgen.errors import UserError
from simgen.polyline import Polyline
from simgen.records.base import F8
from simgen.records.constraints import Constraint, Solution
from simgen.registry import param, register
from simgen.rng import stream
from simgen.scene import Scene

#: places looked at, m apart; the road's height is known every so many metres
_STEP_M: Final = 2.0
#: a car is seen when so much of its height is not: one row of pixels is little
_SEEN: Final = 0.8
#: starts of the ego that are tried, and how far apart they are, m
_STARTS: Final = 24
_START_M: Final = 12.0
#: hidden by this much at the start: roads are not quite what their middle says, m
_HIDDEN_M: Final = 0.15


@register("edge_case", "stopped_car_past_crest")
@dataclass(frozen=True, kw_only=True)
class StoppedCarPastCrest(EdgeCase):
    """A car has stopped in the ego's lane beyond a crest: the hill hides it until the ego is near.

    The place is found on the profile of the road: a line of sight from the camera over the crest to the car's roof
    frees itself when the ego is so near. Asked of the camera: that nothing of the car is in view at time 0
    (``pixels``), and when it comes into view (``first_seen_s``: as the profile says, within the tolerance).
    Free: where it stands. Design guides ask for a sight distance of 110 m at 70 km/h (RAL 2012). Units: m, s.
    """

    tests: ClassVar[str] = "driving at sight: a standing car that a hill hides until it is close"

    asset: str = param("sedan", doc="asset that stands there", reference="asset")
    sight_m: float = param(90.0, ge=15.0, le=200.0, doc="largest distance at which it comes into view")
    least_m: float = param(25.0, ge=5.0, le=150.0, doc="smallest distance at which it does")
    hazard_lights: bool = param(True, doc="its hazard lights blink")
    moves_ego: bool = param(False, doc="the ego starts elsewhere on its lane, where a crest lies before it")
    camera: str = param("front", doc="the camera from which it is hidden", reference="sensor")
    tolerance_s: float = param(0.6, gt=0.0, doc="largest deviation of when it comes into view")
    name: str = param("", doc="name of the new actor; default: stopped, numbered if there are more")

    def apply(self, scene: Scene, stage: Stage) -> Scene:
        """The scene with the car in it.

        Raises:
            UserError: there is no ego, no such camera on it, or no crest on its way that can hide a car.
        """
        name = self.name or free_name("stopped", scene)
        lit = "hazard" if self.hazard_lights else "off"
        asset = made(self.asset, stage, "stopped_car_past_crest", indicators=lit)
        for tried, start in enumerate(self._starts(scene, stage)):
            found = self._hidden(start, stage, name, asset)
            if found is not None:
                solution = Solution(source="stopped_car_past_crest", tried=tried + 1, rejected=_rejected(tried))
                return accepted(found[0], "stopped_car_past_crest", self._asked(name, found[1]), solution)
        raise UserError(
            f"stopped_car_past_crest: no crest hides a car from the ego and shows it within {self.sight_m:g} m before"
            " clock.duration_s is over: use a hillier world (country_road with hill_m: 30, grade_max: 0.15), or let"
            " the ego start elsewhere (moves_ego: true)"
        )

    def _starts(self, scene: Scene, stage: Stage) -> Iterator[Scene]:
        """The scene as it is, or with the ego at places along its lane, in a drawn order."""
        if not self.moves_ego:
            yield scene
            return
        ego = ego_of(scene, "stopped_car_past_crest")
        lane = Polyline(lane_of(ego, stage.layout, "stopped_car_past_crest").centerline)
        places = np.arange(_START_M, max(lane.length - self.sight_m, 2.0 * _START_M), _START_M)
        for k in stream(stage.seed, "stopped_car_past_crest", "ego").permutation(len(places)).tolist()[:_STARTS]:
            moved = dataclasses.replace(ego, **spot(stage.layout, lane, float(places[k])))
            changed = scene.replace(entities=tuple(moved if e.name == "ego" else e for e in scene.entities))
            try:
                refuse_overlap(changed, "ego")
            except RejectedError:
                continue
            yield changed

    def _hidden(self, scene: Scene, stage: Stage, name: str, asset: Asset) -> tuple[Scene, float] | None:
        """The scene with a car at a place beyond a crest, drawn, and when it comes into view; None if there is none."""
        road = road_of(scene, stage, "stopped_car_past_crest")
        eye_x, eye_m = self._eye(scene)
        model = model_of(asset)
        start = float(road.line.closest(road.way.center[0])[0]) + eye_x
        places = list(self._places(road, (start, eye_m), model.size[2]))
        for k in stream(stage.seed, "stopped_car_past_crest").permutation(len(places)).tolist():
            s, opens = places[k]
            try:
                changed = joined(scene, name, asset, **road.pose(s + rear_m(model), road.lateral))
            except RejectedError:
                continue
            # the ego may brake for it
            way = forecast_ego(changed, stage.layout)
            if start + way.s[-1] > opens:
                return changed, float(np.interp(opens, start + way.s, way.time_s))
        return None

    def _eye(self, scene: Scene) -> tuple[float, float]:
        """How far before the middle of the ego's box the camera is, and how high.

        Raises:
            UserError: there is no such camera on the ego.
        """
        for sensor in scene.sensors:
            if sensor.name == self.camera and sensor.mount.on.split("/")[0] == "ego":
                position, _ = sensor.mount.pose(0, 1, scene.seed, sensor.name)
                middle = model_of(scene.entity("ego").asset).box_center[0]
                return float(position[0]) - middle, float(position[2])
        raise UserError(
            f"stopped_car_past_crest: there is no camera {self.camera!r} on the ego; name one that is there"
        )

    def _places(self, road: Road, eye: tuple[float, float], high_m: float) -> Iterator[tuple[float, float]]:
        """Where a car's tail can be, and where the eye is when it comes into view."""
        start, eye_m = eye
        way = start + road.way.s
        line = np.arange(start, min(float(way[-1]) + self.sight_m, road.line.length - 8.0), _STEP_M)
        ground = road.line.at(line)[:, 2]
        for k in range(10, len(line)):
            seen = _in_view(line[: k + 1], ground[: k + 1], eye_m, _SEEN * high_m)
            # from the last place at which it was hidden, on
            hidden = np.flatnonzero(~seen)
            if seen[0] or len(hidden) == 0 or not _well_hidden(line[: k + 1], ground[: k + 1], eye_m, high_m):
                continue
            opens = line[hidden[-1]] + _STEP_M
            near = line[k] - opens
            if self.least_m <= near <= self.sight_m and opens < way[-1] - 1.0:
                yield float(line[k]), float(opens)

    def _asked(self, name: str, when_s: float) -> tuple[Constraint, Constraint]:
        hidden = Constraint(kind="pixels", subject=name, other=self.camera, asked=0.0, tolerance=2.0, time_s=0.0)
        seen = Constraint(
            kind="first_seen_s", subject=name, other=self.camera, asked=when_s, tolerance=self.tolerance_s
        )
        return hidden, seen


def _rejected(tried: int) -> tuple[tuple[str, int], ...]:
    return (("no crest lies before the ego", tried),) if tried else ()


def _in_view(line: F8, ground: F8, eye_m: float, high_m: float) -> np.ndarray:
    """Whether a roof over the last point is seen from the eye over each of the others, (K,)."""
    found = np.ones(len(line), bool)
    for k in range(len(line) - 1):
        eye = ground[k] + eye_m
        away = line[k + 1 :] - line[k]
        slope = (ground[k + 1 :] - eye) / away
        found[k] = (ground[-1] + high_m - eye) / away[-1] >= slope[:-1].max(initial=-np.inf)
    return found


def _well_hidden(line: F8, ground: F8, eye_m: float, high_m: float) -> bool:
    """Whether even a somewhat higher roof would be hidden from the first point."""
    away = line[1:] - line[0]
    slope = (ground[1:] - ground[0] - eye_m) / away
    top = (ground[-1] + high_m + _HIDDEN_M - ground[0] - eye_m) / away[-1]
    return bool(top < slope[:-1].max(initial=-np.inf))
