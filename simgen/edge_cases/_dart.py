"""What all have in common who come out from behind something that stands, hidden from the ego until late."""

from __future__ import annotations

import dataclasses
import math
from abc import abstractmethod
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

from simgen import registry
from simgen.assembly import model_of
from simgen.assets.base import Asset
from simgen.edge_cases._crossing import hidden
from simgen.edge_cases._forecast import evidence_of, forecast
from simgen.edge_cases._hiding import Hiding, Runner, hiding_place, park_for
from simgen.edge_cases._look import foreseen
from simgen.edge_cases._roadside import free_name
from simgen.edge_cases._solve import accepted
from simgen.edge_cases._way import Way, ego_of, forecast_ego, group_of
from simgen.edge_cases.base import EdgeCase, Stage
from simgen.errors import UserError
from simgen.geometry import quat_from_yaw
from simgen.placement.ground import GroundHeight
from simgen.records.constraints import Constraint, Solution
from simgen.registry import param
from simgen.rng import stream
from simgen.scene import Scene

#: how far past the ego's path it runs on, m
_RUN_ON_M = 2.5
#: corrections of the start for the ego's own reaction
_CORRECTIONS = 2


@dataclass(frozen=True, kw_only=True)
class Dart(EdgeCase):
    """Somebody waits at the end of a vehicle that stands, hidden by it from the approaching ego, and comes out."""

    time_to_collision_s: float = param(1.5, gt=0.0, le=10.0, doc="time left to the ego when the runner enters its path")
    speed_m_s: float = param(3.0, gt=0.0, le=10.0, doc="running speed")
    tolerance_s: float = param(0.2, gt=0.0, doc="deviation of the time to collision that still counts as achieved")
    gap_m: float = param(0.3, ge=0.0, doc="between the vehicle's end and the runner")
    visible_fraction: float = param(0.25, ge=0.0, le=1.0, doc="most that may be seen of the runner when it sets off")
    name: str = param("", doc="name of the new actor; default: the case's, numbered if there are more")

    def apply(self, scene: Scene, stage: Stage) -> Scene:
        """The scene with the runner in it.

        Raises:
            UserError: there is no ego, nothing to hide behind, or it cannot hide a runner in time; says why.
        """
        ego_of(scene, self.plugin_name)
        ego = forecast_ego(scene, stage.layout)
        name, rejected = self.name or free_name(self.plugin_name, scene), Counter[str]()
        for tried, (changed, hiding) in enumerate(self.hides(scene, stage, ego), 1):
            started, asked = self._timed(changed, stage, ego, hiding, name)
            # what cases that share a scene come to is measured when all are placed
            missed = None if scene.constraints else self._missed(started, stage, asked)
            if missed is None:
                solution = Solution(source=self.plugin_name, tried=tried, rejected=tuple(rejected.most_common(8)))
                return accepted(started, self.plugin_name, asked, solution)
            rejected[missed] += 1
        why = "; ".join(reason for reason, _ in rejected.most_common(3))
        raise UserError(
            f"{self.plugin_name}: {why}: the ego brakes for something else, or the hiding place is too low; give it a"
            " free road, or park taller vehicles"
        )

    def _timed(
        self, scene: Scene, stage: Stage, ego: Way, hiding: Hiding, name: str
    ) -> tuple[Scene, Sequence[Constraint]]:
        """The scene with the runner, started so that the ego, which sees it come, is as near in time as asked."""
        started = self.with_runner(scene, stage, ego, hiding, name)
        for _ in range(_CORRECTIONS):
            hiding = self._corrected(hiding, forecast_ego(started, stage.layout))
            started = self.with_runner(scene, stage, ego, hiding, name)
        return started, self.constraints(started, name, hiding)

    @abstractmethod
    def lead(self) -> Asset:
        """The asset that runs."""

    @abstractmethod
    def hides(self, scene: Scene, stage: Stage, ego: Way) -> Iterator[tuple[Scene, Hiding]]:
        """Places to hide, in the order in which they are tried; the scene may change to have one.

        Raises:
            UserError: there is none.
        """

    def runner(self) -> Runner:
        """What is asked of a place to hide."""
        return Runner(
            model=model_of(self.lead()),
            speed_m_s=self.speed_m_s,
            gap_m=self.gap_m,
            time_to_collision_s=self.time_to_collision_s,
        )

    def hide_behind(self, scene: Scene, stage: Stage, ego: Way, group: str) -> Iterator[tuple[Scene, Hiding]]:
        """Behind the parked vehicles of a group that work, in a drawn order; then behind one that is parked anew.

        Raises:
            UserError: there are none, or none can hide the runner.
        """
        vehicles = group_of(scene, group, self.plugin_name)
        path, runner = ego.path(), self.runner()
        found = {v.name: hiding_place(scene, v, ego, path, runner) for v in vehicles}
        places = [place for place in found.values() if isinstance(place, Hiding)]
        draw = stream(stage.seed, self.plugin_name, "vehicle")
        yield from ((scene, places[k]) for k in draw.permutation(len(places)).tolist())
        parked = park_for(scene, stage.layout, vehicles, ego, runner, stage.seed)
        if parked is not None:
            yield parked
        elif not places:
            raise UserError(self._nowhere(group, found))

    def _nowhere(self, group: str, found: Mapping[str, Hiding | str]) -> str:
        reasons = [f"{name} {why}" for name, why in found.items()]
        shown = "; ".join(reasons[:4]) + (f"; and {len(reasons) - 4} more" if len(reasons) > 4 else "")
        return (
            f"{self.plugin_name}: no {group!r} can hide the runner: {shown}; and there is no free kerb beside the"
            f" ego's way that it passes at least {self.time_to_collision_s:g} s after its start. Lengthen"
            " clock.duration_s, start the ego farther back, or ask for a shorter time_to_collision_s"
        )

    def with_runner(self, scene: Scene, stage: Stage, ego: Way, hiding: Hiding, name: str) -> Scene:
        """The scene with the runner, who comes out at once at full speed."""
        path, cx = ego.path(), model_of(self.lead()).box_center[0]
        side = math.copysign(1.0, hiding.lateral)
        # the place is that of the middle of its box
        x, y, _ = path.at(hiding.s, hiding.lateral + side * cx).tolist()
        w, qx, qy, qz = quat_from_yaw(float(path.heading(hiding.s)) - side * math.pi / 2.0).tolist()
        reach = abs(hiding.lateral) + ego.width_m / 2.0 + _RUN_ON_M
        dash = registry.get("behaviour", "dash")
        return scene.add(
            name=name,
            asset=self.lead(),
            position=(x, y, GroundHeight(stage.layout.map).at(x, y)),
            quaternion=(w, qx, qy, qz),
            behaviour=dash(speed_m_s=self.speed_m_s, start_s=hiding.start_s, distance_m=reach),
            group=name,
        )

    def constraints(self, scene: Scene, name: str, hiding: Hiding) -> Sequence[Constraint]:
        """The time left at the entry, and that nothing was seen of it before."""
        time = Constraint(
            kind="time_to_collision_s",
            subject="ego",
            other=name,
            asked=self.time_to_collision_s,
            tolerance=self.tolerance_s,
        )
        return (time, hidden(scene, name, hiding.start_s, self.visible_fraction))

    def _missed(self, scene: Scene, stage: Stage, asked: Sequence[Constraint]) -> str | None:
        """The first constraint that does not come about, in words; None if all do."""
        evidence = evidence_of(scene, stage.layout, forecast(scene, stage.layout))
        for constraint in asked:
            achieved = foreseen(constraint, evidence, scene, stage.layout)
            if not constraint.holds(achieved):
                return constraint.in_words(achieved)
        return None

    def _corrected(self, hiding: Hiding, ego: Way) -> Hiding:
        """A later (or earlier) start, by what the ego's own reaction to the runner changed."""
        enters = hiding.start_s + hiding.run_s
        left = ego.time_to(hiding.s - model_of(self.lead()).size[1] / 2.0, enters)
        if not math.isfinite(left) or abs(left - self.time_to_collision_s) > self.time_to_collision_s:
            return hiding  # it stops for something else: no shift of the start will mend that
        return dataclasses.replace(hiding, start_s=max(0.0, hiding.start_s + left - self.time_to_collision_s))
