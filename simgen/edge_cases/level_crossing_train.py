"""A train crosses the ego's road on the level."""

from __future__ import annotations

from dataclasses import dataclass
from typing import ClassVar

from simgen import registry
from simgen.assembly import model_of
from simgen.edge_cases._roadside import free_name, spot
from simgen.edge_cases._solve import Problem, Values, solve
from simgen.edge_cases._vehicles import joined, made, rear_m, road_of
from simgen.edge_cases.base import EdgeCase, Stage
from simgen.errors import UserError
from simgen.placement.route import route_from
from simgen.polyline import Polyline
from simgen.records.constraints import Constraint
from simgen.records.roads import Lane
from simgen.registry import param, register
from simgen.rng import stream
from simgen.scene import Scene


@register("edge_case", "level_crossing_train")
@dataclass(frozen=True, kw_only=True)
class LevelCrossingTrain(EdgeCase):
    """A train comes along a track that crosses the ego's road, whether the barriers are down or not.

    The world says what the barriers do (``level_crossing``: ``closed``); open ones before a train are a failure that
    happens. Asked: ``time_to_collision_s``, the ego's nose to the train over the ego's speed when the train enters the
    width that the ego sweeps. Free: where the train starts. Units: s, m/s.
    """

    tests: ClassVar[str] = "flashing lights, half barriers, and a long vehicle that crosses and cannot stop"

    asset: str = param("tram", doc="asset of the train", reference="asset")
    speed_m_s: float = param(14.0, ge=2.0, le=45.0, doc="how fast the train goes")
    time_to_collision_s: float = param(3.0, ge=0.3, le=15.0, doc="time left to the ego when the train enters its path")
    tolerance_s: float = param(0.3, gt=0.0, doc="largest deviation of the time")
    comes_from: str = param(
        "", doc="side of the ego's road it comes from; empty = drawn", choices=("", "left", "right")
    )
    name: str = param("", doc="name of the new actor; default: train, numbered if there are more")

    def apply(self, scene: Scene, stage: Stage) -> Scene:
        """The scene with the train in it.

        Raises:
            UserError: there is no ego, no track across its road, or the train would have to start beyond the track.
        """
        road = road_of(scene, stage, "level_crossing_train")
        tracks = [lane for lane in stage.layout.map.lanes if lane.kind == "rail"]
        if not tracks:
            raise UserError("level_crossing_train needs a railway: use 'world: {type: level_crossing}'")
        name = self.name or free_name("train", scene)
        asset = made(self.asset, stage, "train")
        track = tracks[int(stream(stage.seed, "level_crossing_train", "track").integers(len(tracks)))]
        against = self._against(track, road.line, stage)
        line = route_from(stage.layout.map, track.name).line
        line = Polyline(line.points[::-1].copy()) if against else line
        script = registry.get("behaviour", "script")
        behaviour = script(speeds_m_s=(self.speed_m_s,), lane=track.name, against=against)

        def build(values: Values) -> Scene:
            placed = spot(stage.layout, line, rear_m(model_of(asset)) + values["start_m"])
            return joined(scene, name, asset, behaviour=behaviour, **placed)

        asked = Constraint(
            kind="time_to_collision_s",
            subject="ego",
            other=name,
            asked=self.time_to_collision_s,
            tolerance=self.tolerance_s,
        )
        problem = Problem(
            case="level_crossing_train",
            free={"start_m": (0.0, max(0.5 * line.length - 15.0, 1.0))},
            build=build,
            ask=lambda values: (asked,),
            way_out="make the track longer (track_m), start the ego nearer or farther, or ask for less speed_m_s",
        )
        return solve(problem, stage)

    def _against(self, track: Lane, road: Polyline, stage: Stage) -> bool:
        """Whether the train goes against the track's direction."""
        if not self.comes_from:
            return bool(stream(stage.seed, "level_crossing_train", "side").integers(2))
        _, lateral = road.closest(track.centerline[0])
        begins = "left" if float(lateral) > 0.0 else "right"
        return begins != self.comes_from
