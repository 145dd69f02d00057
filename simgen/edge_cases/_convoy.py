"""Vehicles that drive before the ego, so far away at an instant."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field

from simgen import registry
from simgen.assembly import model_of
from simgen.assets.base import Asset
from simgen.behaviours.base import Behaviour
from simgen.edge_cases._forecast import forecast
from simgen.edge_cases._roadside import free_name, lane_of, refuse_overlap, route_of, spot
from simgen.edge_cases._solve import Problem, Values, solve
from simgen.edge_cases._way import ego_of, way_of
from simgen.edge_cases.base import Stage
from simgen.errors import UserError
from simgen.placement.coupling import start_pose, train_of
from simgen.records.constraints import Constraint
from simgen.scene import Entity, Scene

#: below this speed the ego stands, and so does what is before it, m/s
_STANDS_M_S = 0.1


@dataclass(frozen=True, kw_only=True)
class Leader:
    """A vehicle, with a trailer if it has one, on the ego's lane or the one beside it."""

    name: str
    asset: Asset
    trailer: Asset | None = None
    #: lanes to the left of the ego's; negative = to the right
    beside: int = 0

    @property
    def last(self) -> str:
        """The name of what comes last."""
        return self.name if self.trailer is None else f"{self.name}/{type(self.trailer).plugin_name}"


@dataclass(frozen=True, kw_only=True)
class Ahead:
    """What is asked: its distance from the ego's nose to its tail at an instant, and more."""

    case: str
    leaders: Sequence[Leader]
    distance_m: float
    tolerance_m: float
    time_s: float
    more: Sequence[Constraint] = field(default_factory=tuple)


def drive_ahead(scene: Scene, stage: Stage, wish: Ahead) -> Scene:
    """The scene with vehicles ahead that drive as fast as the ego does at the start, the first at the distance asked.

    Raises:
        UserError: there is no ego, no road, no lane beside its own, or no room ahead.
    """
    ego = ego_of(scene, wish.case)
    way = way_of(forecast(scene.replace(entities=(ego,)), stage.layout), "ego")
    speed = float(way.speed_m_s[1])
    route = route_of(ego, stage.layout, wish.case)
    nose = float(route.closest(way.center[0])[0]) + 0.5 * way.length_m
    laterals = [_lateral(ego, stage, wish.case, leader.beside) for leader in wish.leaders]

    def build(values: Values) -> Scene:
        changed = scene
        for leader, lateral in zip(wish.leaders, laterals, strict=True):
            model = model_of(leader.asset)
            room = model if leader.trailer is None else train_of(model, model_of(leader.trailer))
            s = nose + values["gap_m"] - (room.box_center[0] - 0.5 * room.size[0])
            placed = spot(stage.layout, route, s, lateral)
            changed = _with_leader(changed, leader, placed, _behaviour(speed))
        return changed

    asked = Constraint(
        kind="distance_m",
        subject=wish.leaders[0].last,
        other="ego",
        asked=wish.distance_m,
        tolerance=wish.tolerance_m,
        time_s=wish.time_s,
    )
    problem = Problem(
        case=wish.case,
        # an ego that keeps its distance lets a near one grow at once
        free={"gap_m": (0.35 * wish.distance_m, 1.4 * wish.distance_m)},
        build=build,
        ask=lambda values: (asked, *wish.more),
        way_out="start the ego farther back on its lane, or ask for another distance_m",
    )
    return solve(problem, stage)


def names_of(scene: Scene, word: str, given: str = "") -> str:
    """The name that the user gave, or a free one."""
    return given or free_name(word, scene)


def _behaviour(speed_m_s: float) -> Behaviour | None:
    if speed_m_s < _STANDS_M_S:
        return None
    made = registry.get("behaviour", "follow_lane")(speed_m_s=speed_m_s, at_end="go_on")
    assert isinstance(made, Behaviour)
    return made


def _lateral(ego: Entity, stage: Stage, case: str, beside: int) -> float:
    """How far to the left of the ego's lane a lane beside it runs, m.

    Raises:
        UserError: there is none.
    """
    lane, lateral = lane_of(ego, stage.layout, case), 0.0
    for _ in range(abs(beside)):
        name = lane.left if beside > 0 else lane.right
        if not name:
            where = "left" if beside > 0 else "right"
            raise UserError(f"{case}: there is no lane to the {where} of {lane.name!r}: choose a road with more lanes")
        following = stage.layout.map.lane(name)
        step = 0.5 * (lane.width_m + following.width_m)
        lateral, lane = lateral + (step if beside > 0 else -step), following
    return lateral


def _with_leader(scene: Scene, leader: Leader, placed: dict[str, object], behaviour: Behaviour | None) -> Scene:
    changed = scene.add(name=leader.name, asset=leader.asset, behaviour=behaviour, group=leader.name, **placed)
    refuse_overlap(changed, leader.name, 0.5)
    if leader.trailer is None:
        return changed
    tower = changed.entity(leader.name)
    position, quaternion = start_pose(
        model_of(leader.asset), model_of(leader.trailer), tower.position, tower.quaternion
    )
    word = type(leader.trailer).plugin_name
    return changed.add(
        name=leader.last,
        asset=leader.trailer,
        position=position,
        quaternion=quaternion,
        towed_by=leader.name,
        group=word,
    )
