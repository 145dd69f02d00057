"""Things that stand beside the ego's road, so far away at an instant."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from typing import Final

import numpy as np

from simgen.assembly import model_of
from simgen.assets.base import Asset
from simgen.behaviours.base import Behaviour
from simgen.edge_cases._kerbside import Kerbside
from simgen.edge_cases._roadside import lane_of, refuse_overlap, route_of, spot
from simgen.edge_cases._solve import Problem, RejectedError, Values, solve
from simgen.edge_cases._way import Way, ego_of, forecast_ego
from simgen.edge_cases.base import Stage
from simgen.placement.footprint import model_footprint
from simgen.polyline import Polyline
from simgen.records.base import F8
from simgen.records.constraints import Constraint
from simgen.records.layout import WorldLayout
from simgen.scene import Scene

#: how much later than asked the instant may be, where the place is taken, s
LATER_S: Final = 1.6
#: how much farther from the road than asked, m
_BACK_M: Final = 0.8
#: half the width of the strip that is kept free for the view, m
_SIGHT_M: Final = 0.25
#: room round everything, m
_ROOM_M: Final = 0.1


@dataclass(frozen=True, kw_only=True)
class Part:
    """One thing of a group: its place and turn against the group's, x towards the road."""

    name: str
    asset: Asset
    x_m: float = 0.0
    #: along the road, against the ego's way on its right, with it on its left
    y_m: float = 0.0
    turn_deg: float = 0.0
    behaviour: Behaviour | None = None


@dataclass(frozen=True, kw_only=True)
class Roadside:
    """What is asked: the distance of the first part from the ego at an instant, and more at that instant."""

    case: str
    parts: Sequence[Part]
    #: from the edge of the carriageway to the group's origin, at the least
    setback_m: float
    distance_m: float
    tolerance_m: float
    #: the earliest instant; where the place is taken, up to :data:`LATER_S` later
    time_s: float
    #: 1 = left of the ego's way, -1 = right
    side: int = -1
    more: Sequence[Constraint] = field(default_factory=tuple)


def stand_beside(scene: Scene, stage: Stage, wish: Roadside) -> Scene:
    """The scene with the group beside the ego's road, facing it. The instants of ``more`` are set here.

    Raises:
        UserError: there is no ego or road, or no free place at that distance.
    """
    ego = ego_of(scene, wish.case)
    route = route_of(ego, stage.layout, wish.case)
    lane = lane_of(ego, stage.layout, wish.case)
    way, kerbs = forecast_ego(scene, stage.layout), Kerbside.of(scene, stage.layout)
    first = Constraint(
        kind="distance_m",
        subject=wish.parts[0].name,
        other="ego",
        asked=wish.distance_m,
        tolerance=wish.tolerance_m,
    )

    def edge(s: float) -> float:
        found = kerbs.edge_m(route, s, wish.side) if 0.0 <= s <= route.length else None
        return 0.5 * lane.width_m if found is None else found

    def build(values: Values) -> Scene:
        at = [float(np.interp(wish.time_s + values["later_s"], way.time_s, way.center[:, k])) for k in range(2)]
        nose = float(route.closest(np.array([*at, 0.0]))[0]) + 0.5 * way.length_m
        target = wish.distance_m + values["off"] * wish.tolerance_m
        s, back = nose + target, wish.setback_m + values["back_m"]
        for _ in range(3):
            s = nose + _ahead_m(wish, edge(s) + back, target, way)
        made = _with_parts(scene, stage.layout, kerbs, route, s, wish.side * (edge(s) + back), wish)
        _refuse_hidden(kerbs, np.array(at), made, wish)
        return made

    def ask(values: Values) -> list[Constraint]:
        return [replace(asked, time_s=wish.time_s + values["later_s"]) for asked in (first, *wish.more)]

    problem = Problem(
        case=wish.case,
        free={"later_s": (0.0, LATER_S), "off": (-0.4, 0.4), "back_m": (0.0, _BACK_M)},
        build=build,
        ask=ask,
        tries=64,
        way_out="start the ego elsewhere, take a longer road, or ask for another distance_m",
    )
    return solve(problem, stage)


def _ahead_m(wish: Roadside, lateral_m: float, target_m: float, way: Way) -> float:
    """How far ahead of the ego's nose the first part's middle is if its box is so far from the ego's.

    Raises:
        RejectedError: the edge of the carriageway is farther away than that.
    """
    model, turn = model_of(wish.parts[0].asset), math.radians(wish.parts[0].turn_deg)
    sine, cosine = abs(math.sin(turn)), abs(math.cos(turn))
    along = 0.5 * (cosine * model.size[1] + sine * model.size[0])
    across = 0.5 * (cosine * model.size[0] + sine * model.size[1])
    gap = max(lateral_m - across - 0.5 * way.width_m, 0.0)
    if gap >= target_m:
        raise RejectedError("the edge of the road is farther away than that")
    return along + math.sqrt(target_m**2 - gap**2)


def _with_parts(
    scene: Scene, layout: WorldLayout, kerbs: Kerbside, route: Polyline, s: float, lateral: float, wish: Roadside
) -> Scene:
    face, changed = -wish.side * 0.5 * math.pi, scene
    for part in wish.parts:
        # x is towards the road, y to the left of that
        along, across = wish.side * part.y_m, -wish.side * part.x_m
        placed = spot(layout, route, s + along, lateral + across, face + math.radians(part.turn_deg))
        alone = scene.add(
            name=part.name, asset=part.asset, behaviour=part.behaviour, group=part.name,
            physics="kinematic" if part.behaviour is not None else "static", **placed,
        )  # fmt: skip
        refuse_overlap(alone, part.name, _ROOM_M)
        entity = alone.entity(part.name)
        own = model_footprint(model_of(part.asset), entity.position, entity.quaternion)
        blockers = kerbs.obstacles.blockers(own.grown(_ROOM_M))
        if blockers:
            raise RejectedError(f"{blockers[0].name.split('/')[0] or 'part of the world'} is in the way")
        changed = changed.add(**{key: getattr(entity, key) for key in _COPIED})
    return changed


def _refuse_hidden(kerbs: Kerbside, eye: F8, scene: Scene, wish: Roadside) -> None:
    """Make sure that the ego sees the parts past what stands beside the road.

    Raises:
        RejectedError: something hides one.
    """
    for part in wish.parts:
        entity = scene.entity(part.name)
        end = np.array(entity.position[:2])
        # the strip ends short of the part itself
        reach = math.hypot(*(end - eye).tolist())
        end = eye + (end - eye) * max(1.0 - 0.5 / reach, 0.0)
        blocker = kerbs.blocker(eye, end, _SIGHT_M)
        if blocker:
            raise RejectedError(f"{blocker} hides {part.name}")


_COPIED: Final = ("name", "asset", "behaviour", "group", "physics", "position", "quaternion")
