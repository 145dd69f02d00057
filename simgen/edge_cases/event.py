"""An event told by what must be true of it: actors and constraints in, a scene in which they hold out."""

from __future__ import annotations

import dataclasses
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import ClassVar

from simgen.assembly import model_of
from simgen.edge_cases._event_places import Places, Pose
from simgen.edge_cases._event_words import Ask, Player, changed
from simgen.edge_cases._instants import entry_s
from simgen.edge_cases._roadside import refuse_overlap
from simgen.edge_cases._sightline import sight_gaps
from simgen.edge_cases._solve import Free, Problem, Values, solve
from simgen.edge_cases._way import ego_of, forecast_ego
from simgen.edge_cases.base import EdgeCase, Stage
from simgen.errors import UserError
from simgen.geometry import yaw_of
from simgen.records.constraints import Constraint
from simgen.records.evidence import Evidence
from simgen.registry import param, register
from simgen.scene import Scene

#: how far those who run beyond the ego's way go on, m
_RUN_ON_M = 3.0


@register("edge_case", "event")
@dataclass(frozen=True, kw_only=True)
class Event(EdgeCase):
    """Actors and what is asked of them; where and when each starts is found so that it comes about.

    Free of every actor: where along the ego's way and how far aside it starts, on which side, when it sets off, and
    what its ``place`` and ``free`` give as ranges [from, to]. Metrics that need frames (pixels, points) are not solved
    for, only measured afterwards. Units: s, m, m/s, deg, and those that metrics are called by.
    """

    tests: ClassVar[str] = "whatever its constraints describe"

    name: str = param("event", doc="what it is called: the source of its constraints, and the sequence's tag")
    actors: tuple[Player, ...] = param((), doc="who takes part, besides those who are in the scene already")
    ask: tuple[Ask, ...] = param(doc="what must be true")
    tries: int = param(64, ge=1, le=10_000, doc="placements that are tried before it is given up")
    physical: bool = param(False, doc="try each in the physics simulation: where things fall, slide or are hit")

    def __post_init__(self) -> None:
        names = [player.name for player in self.actors]
        for name in names:
            if not name or name == "ego":
                raise UserError(f"actors: somebody who takes part may not be called {name!r}")
            if names.count(name) > 1:
                raise UserError(f"actors: two are called {name!r}")
        if not self.ask:
            raise UserError("ask: nothing is asked; say what must be true, or put the actors into objects")

    def apply(self, scene: Scene, stage: Stage) -> Scene:
        """The scene with the actors in it.

        Raises:
            UserError: there is no ego, a name is taken or unknown, or no placement fulfils what is asked.
        """
        ego = ego_of(scene, self.name)
        for player in self.actors:
            if any(e.name == player.name for e in scene.entities):
                raise UserError(f"{self.name}: the scene already has something called {player.name!r}")
        self._check_parties(scene)
        places = Places.of(stage.layout, forecast_ego(scene, stage.layout), float(yaw_of(ego.quaternion)))
        free, given = self._free(places, scene.clock.duration_s)
        problem = Problem(
            case=self.name,
            free=free,
            build=lambda values: self._built(scene, places, {**given, **values}),
            ask=lambda values: self._asked(scene, {**given, **values}),
            settle=self._settled,
            guide=self._guide,
            physical=self.physical,
            tries=self.tries,
            way_out="give its actors more room (ahead_m, aside_m, starts_s), lengthen clock.duration_s or ask for less",
        )
        return solve(problem, stage)

    def _check_parties(self, scene: Scene) -> None:
        known = {e.name for e in scene.entities} | {s.name for s in scene.sensors} | {p.name for p in self.actors}
        for ask in self.ask:
            for name in filter(None, (ask.of, *ask.second.split("@"))):
                if name not in known:
                    raise UserError(f"{self.name}: nothing is called {name!r}; known: {', '.join(sorted(known)[:12])}")

    def _free(self, places: Places, duration_s: float) -> tuple[dict[str, Free], dict[str, float]]:
        """Name -> range of what the solver chooses, and the values of what is given."""
        free: dict[str, Free] = {}
        given: dict[str, float] = {}
        for player in self.actors:
            spans = {**places.free(player), **player.free}
            if player.can_wait:
                spans["starts_s"] = (0.0, 0.9 * duration_s) if player.starts_s is None else player.starts_s
            for name, span in spans.items():
                if isinstance(span, float | int):
                    given[f"{player.name}.{name}"] = float(span)
                else:
                    free[f"{player.name}.{name}"] = span
        return free, given

    def _built(self, scene: Scene, places: Places, values: Values) -> Scene:
        for player in self.actors:
            own = _own(player, values)
            pose = places.pose(player, own)
            behaviour = player.does
            if behaviour is not None:
                numbers = {name: own[name] for name in player.free}
                behaviour = changed(behaviour, own.get("starts_s"), numbers | self._reach(player, pose, places))
            scene = scene.add(
                name=player.name,
                asset=player.asset,
                position=pose.position,
                quaternion=pose.quaternion,
                behaviour=behaviour,
                lane=pose.lane,
                group=player.name,
            )
            refuse_overlap(scene, player.name)
        return scene

    def _reach(self, player: Player, pose: Pose, places: Places) -> dict[str, float]:
        """Those who run across without an end stop on the other side."""
        crosses = player.place.faces in ("", "across") and player.place.kind in ("kerb", "sidewalk", "road")
        if not crosses or getattr(player.does, "distance_m", None) != 0.0:
            return {}
        return {"distance_m": abs(pose.lateral) + places.width_m / 2.0 + _RUN_ON_M + model_of(player.asset).size[0]}

    def _asked(self, scene: Scene, values: Values) -> tuple[Constraint, ...]:
        """Everything asked, with the instants at which actors set off."""
        found: list[Constraint] = []
        for ask in self.ask:
            for asked in ask.constraints(self.name, scene.clock.duration_s):
                starts = [values.get(f"{name}.starts_s") for name in (asked.subject, asked.other)]
                start_s = next((s for s in starts if s is not None), 0.0)
                found.append(dataclasses.replace(asked, time_s=start_s) if ask.at_s == "start" else asked)
        return tuple(found)

    def _settled(self, asked: Sequence[Constraint], evidence: Evidence) -> tuple[Constraint, ...]:
        """The same with the instants at which somebody enters the other's path."""
        instants = [ask.at_s for ask in self.ask for _ in ask.constraints(self.name, 0.0)]
        found = zip(asked, instants, strict=True)
        return tuple(
            dataclasses.replace(c, time_s=entry_s(evidence, c.subject, c.other or "ego")) if at == "entry" else c
            for c, at in found
        )

    def _guide(self, asked: Sequence[Constraint], evidence: Evidence, achieved: Sequence[float]) -> Sequence[float]:
        """How far those who may hide somebody are from doing it, for the search to have a direction."""
        return sight_gaps(asked, evidence, achieved, [player.name for player in self.actors])


def _own(player: Player, values: Values) -> Mapping[str, float]:
    prefix = player.name + "."
    return {key.removeprefix(prefix): value for key, value in values.items() if key.startswith(prefix)}
