"""Somebody crosses the ego's way: from the edge of the road, at a time that leaves the ego so many seconds."""

from __future__ import annotations

import math
from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from typing import Any, Final

import numpy as np

from simgen import registry
from simgen.assembly import model_of
from simgen.assets.base import Asset
from simgen.edge_cases._kerbside import Kerbside
from simgen.edge_cases._roadside import free_name, refuse_overlap
from simgen.edge_cases._solve import Among, Problem, RejectedError, Values, solve
from simgen.edge_cases._way import Way, ego_of, forecast_ego
from simgen.edge_cases.base import Stage
from simgen.errors import UserError
from simgen.geometry import quat_from_yaw
from simgen.polyline import Polyline
from simgen.records.constraints import Constraint
from simgen.records.model import Model
from simgen.scene import Scene

#: how far past the ego's path somebody goes on where the road has no other edge, m
_GO_ON_M: Final = 6.0
#: corrections of the start for the ego's own reaction, and what is near enough, s
_CORRECTIONS: Final = 3
_NEAR_S: Final = 0.02
#: places along the ego's path that are proposed
_PLACES: Final = 128
#: what is left of the clip after the entry, so that one sees what comes of it, s
_AFTER_S: Final = 0.8


@dataclass(frozen=True, kw_only=True)
class Crossing:
    """What is asked of somebody who crosses."""

    #: the plugin's name
    case: str
    #: of the actor that enters the ego's path
    name: str
    asset: Asset
    speed_m_s: float
    time_to_collision_s: float
    tolerance_s: float
    #: ``left``, ``right`` or empty = drawn
    side: str = ""
    #: from the edge of the carriageway to its box, where it starts: nearest, farthest; negative = on the carriageway
    beside_m: tuple[float, float] = (0.3, 1.0)
    #: it has to be off the carriageway at first, otherwise it may be on its way when the clip begins
    waits: bool = False
    #: how much farther back it starts, if there is time: it comes walking instead of standing at the kerb
    run_up_m: float = 0.0
    #: stretches of the ego's path where it may cross; empty = anywhere
    stretches: tuple[tuple[float, float], ...] = ()
    way_out: str = "lengthen clock.duration_s, start the ego farther back, or ask for another time_to_collision_s"


@dataclass(frozen=True, kw_only=True)
class Start:
    """A proposal: where somebody stands, and when it sets off."""

    #: middle of its box along the ego's path, and how far beside it; side 1 = left, -1 = right
    s: float
    side: float
    lateral: float
    start_s: float
    #: when it enters the width that the ego sweeps
    enters_s: float
    #: how far it goes
    reach_m: float
    #: ``position`` and ``quaternion`` of its root, facing the ego's path
    pose: dict[str, Any]
    #: heading of the ego's path there
    heading: float
    speed_m_s: float
    #: what is known of the roadside
    kerbs: Kerbside

    def dash(self) -> Any:
        """The behaviour that takes it across."""
        return registry.get("behaviour", "dash")(
            speed_m_s=self.speed_m_s, start_s=self.start_s, distance_m=self.reach_m
        )


#: enters the actor (and whoever comes with it) into the scene
Put = Callable[[Scene, Start], Scene]
#: what is asked besides the time
Also = Callable[[Start], Sequence[Constraint]]


def crossed(scene: Scene, stage: Stage, crossing: Crossing, put: Put, also: Also = lambda start: ()) -> Scene:
    """The scene with somebody who enters the ego's path as asked, and what is asked entered.

    Raises:
        UserError: there is no ego, it stands, or nowhere beside its way works; says why.
    """
    ego_of(scene, crossing.case)
    return _Crossing(scene, stage, crossing, put, also).solved()


class _Crossing:
    """The search for a place and a time."""

    def __init__(self, scene: Scene, stage: Stage, crossing: Crossing, put: Put, also: Also) -> None:
        self._scene, self._stage, self._crossing, self._put, self._also = scene, stage, crossing, put, also
        self._way = forecast_ego(scene, stage.layout)
        self._path = self._way.path()
        self._model = model_of(crossing.asset)
        self._kerbs = Kerbside.of(scene, stage.layout)
        self._found: dict[tuple[float, ...], Start] = {}

    def solved(self) -> Scene:
        """The first proposal that holds."""
        low, high = self._range()
        problem = Problem(
            case=self._crossing.case,
            # a place leads to its time by itself: there is nothing to adjust
            free={
                "s": Among(tuple(np.linspace(low, high, _PLACES).tolist())),
                "beside_m": Among(tuple(np.linspace(*self._crossing.beside_m, 8).tolist())),
                "side": Among((-1.0, 1.0)),
            },
            build=self._build,
            ask=self._ask,
            # it was timed against an ego that brakes
            closely=True,
            tries=48,
            way_out=self._crossing.way_out,
        )
        return solve(problem, self._stage)

    def _range(self) -> tuple[float, float]:
        """Where along its path the ego can be met."""
        way, ttc = self._way, self._crossing.time_to_collision_s
        ahead = way.nose + way.speed_m_s * ttc
        last = max(int(np.searchsorted(way.time_s, way.time_s[-1] - _AFTER_S)), 1)
        low, high = float(ahead[0]) + 0.3, float(ahead[:last].max())
        if high <= low:
            raise UserError(
                f"{self._crossing.case}: the ego is nowhere {ttc:g} s before a place; {self._crossing.way_out}"
            )
        return low, high

    def _build(self, values: Values) -> Scene:
        crossing = self._crossing
        s = self._spread(values["s"])
        sign = {"left": 1.0, "right": -1.0}.get(crossing.side, math.copysign(1.0, values["side"]))
        start = self._start(s, sign, values["beside_m"])
        changed = self._put(self._scene, start)
        for _ in range(_CORRECTIONS):
            left = forecast_ego(changed, self._stage.layout).time_to(s - self._model.size[1] / 2.0, start.enters_s)
            late = left - crossing.time_to_collision_s
            if not math.isfinite(late) or abs(late) < _NEAR_S:
                break
            start = self._moved(start, late)
            changed = self._put(self._scene, start)
        refuse_overlap(changed, crossing.name)
        self._found[tuple(values.values())] = start
        return changed

    def _ask(self, values: Values) -> Sequence[Constraint]:
        crossing = self._crossing
        time = Constraint(
            kind="time_to_collision_s",
            subject="ego",
            other=crossing.name,
            asked=crossing.time_to_collision_s,
            tolerance=crossing.tolerance_s,
        )
        return (time, *self._also(self._found[tuple(values.values())]))

    def _spread(self, s: float) -> float:
        """The place, moved into the nearest stretch that is allowed."""
        if not self._crossing.stretches:
            return s
        low, high = min(self._crossing.stretches, key=lambda part: max(part[0] - s, s - part[1], 0.0))
        return min(max(s, low), high)

    def _start(self, s: float, side: float, beside_m: float) -> Start:
        """Where it starts and when it has to.

        Raises:
            RejectedError: it cannot start there or then.
        """
        crossing, model, way = self._crossing, self._model, self._way
        half, across = model.size[0] / 2.0, model.size[1] / 2.0
        edge = self._kerbs.edge_m(self._path, s, side)
        if edge is None:
            raise RejectedError("the road has no edge there")
        lateral = self._on_the_map(s, side, edge + half, beside_m)
        run_m = lateral - half - way.width_m / 2.0
        enters = way.when(s - across, crossing.time_to_collision_s)
        if run_m <= 0.0 or enters is None:
            raise RejectedError("the ego is not that near in time")
        start_s = enters - run_m / crossing.speed_m_s
        more_m = min(crossing.run_up_m, max(start_s, 0.0) * crossing.speed_m_s)
        lateral, start_s = lateral + more_m, start_s - more_m / crossing.speed_m_s
        over = self._kerbs.edge_m(self._path, s, -side)
        reach = lateral + (over + 0.6 + half if over is not None else _GO_ON_M)
        self._refuse_blocked(s, side, lateral)
        start = self._placed(s, side, lateral, reach)
        return self._moved(replace(start, enters_s=enters, start_s=start_s), 0.0)

    def _on_the_map(self, s: float, side: float, nearest: float, beside_m: float) -> float:
        """How far beside the path it starts: no farther than where the ground is known."""
        while beside_m > 0.0:
            x, y, _ = self._path.at(s, side * (nearest + beside_m + self._model.box_center[0])).tolist()
            if self._kerbs.known(x, y):
                break
            beside_m -= 0.25
        return nearest + beside_m

    def _placed(self, s: float, side: float, lateral: float, reach: float) -> Start:
        """It stands there, facing the path; times come later."""
        pose = facing(self._kerbs, self._path, self._model, s, side, lateral)
        heading = float(self._path.heading(s))
        return Start(
            s=s, side=side, lateral=lateral, start_s=0.0, enters_s=0.0, reach_m=reach, pose=pose, heading=heading,
            speed_m_s=self._crossing.speed_m_s, kerbs=self._kerbs,
        )  # fmt: skip

    def _moved(self, start: Start, later_s: float) -> Start:
        """The same, later; where it would have to set off before the clip, it starts on its way instead."""
        start = replace(start, start_s=start.start_s + later_s, enters_s=start.enters_s + later_s)
        if start.start_s >= 0.0:
            return start
        gone = -start.start_s * start.speed_m_s
        if self._crossing.waits and gone > 0.5 * self._crossing.run_up_m:
            raise RejectedError("the ego is there too soon")
        lateral = start.lateral - gone
        if lateral - self._model.size[0] / 2.0 < self._way.width_m / 2.0 + 0.1:
            raise RejectedError("the ego is there too soon")
        moved = self._placed(start.s, start.side, lateral, start.reach_m - gone)
        return replace(moved, start_s=0.0, enters_s=start.enters_s)

    def _refuse_blocked(self, s: float, side: float, lateral: float) -> None:
        half = self._way.width_m / 2.0
        ends = [self._path.at(s, side * lateral), self._path.at(s, -side * half)]
        blocker = self._kerbs.blocker(ends[0], ends[1], self._model.size[1] / 2.0 + 0.1)
        if blocker:
            raise RejectedError(f"{blocker} stands in the way")


def facing(kerbs: Kerbside, path: Polyline, model: Model, s: float, side: float, lateral: float) -> dict[str, Any]:
    """``position`` and ``quaternion`` of who faces a path, the middle of the box at a place beside it."""
    x, y, _ = path.at(s, side * (lateral + model.box_center[0])).tolist()
    w, qx, qy, qz = quat_from_yaw(float(path.heading(s)) - side * math.pi / 2.0).tolist()
    return {"position": (x, y, kerbs.height(x, y)), "quaternion": (w, qx, qy, qz)}


def named(given: str, word: str, scene: Scene) -> str:
    """The name that the user gave, or a free one."""
    return given or free_name(word, scene)


def watcher_of(scene: Scene) -> str:
    """Who looks: the first camera on the ego that looks ahead, or the ego's driver."""
    for sensor in scene.sensors:
        ahead = abs(sensor.mount.rotation_deg[2]) < 30.0 if sensor.mount.path is None else False
        if sensor.plugin_name == "camera" and ahead and sensor.mount.on.split("/")[0] == "ego":
            return sensor.name
    return "ego"


def seen(scene: Scene, name: str, time_s: float, least: float) -> Constraint:
    """That at least a share of somebody is in view at an instant."""
    return Constraint(
        kind="visible_fraction", subject=name, other=watcher_of(scene), asked=1.0, tolerance=1.0 - least,
        relation="at_least", time_s=round(max(time_s, 0.0), 3),
    )  # fmt: skip


def hidden(scene: Scene, name: str, time_s: float, most: float) -> Constraint:
    """That at most a share of somebody is in view at an instant."""
    return Constraint(
        kind="visible_fraction", subject=name, other=watcher_of(scene), asked=0.0, tolerance=most, relation="at_most",
        time_s=round(max(time_s, 0.0), 3),
    )  # fmt: skip


__all__ = ["Crossing", "Start", "Way", "crossed", "facing", "hidden", "named", "seen", "watcher_of"]
