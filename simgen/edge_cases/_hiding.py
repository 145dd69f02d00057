"""Where somebody can wait unseen beside a vehicle's way, and what to park there."""

from __future__ import annotations

import dataclasses
import math
from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np

from simgen.assembly import model_of, prop_asset
from simgen.edge_cases._way import Beside, Way
from simgen.errors import UserError
from simgen.geometry import quat_from_yaw
from simgen.placement.place import Place
from simgen.placement.placer import Placer
from simgen.polyline import Polyline
from simgen.records.layout import WorldLayout
from simgen.records.model import Model
from simgen.rng import stream
from simgen.scene import Entity, Scene

#: room that a runner needs around its box, m
_ROOM_M = 0.1
#: drivers brake for what leaves them less room than this at their side, m
_PASSING_M = 0.26
#: a kerb farther from the ego's path than this is not beside it, m
_BESIDE_M = 9.0
#: places tried for a vehicle that must be parked anew
_TRIES = 12


@dataclass(frozen=True, kw_only=True)
class Hiding:
    """A start that works: which vehicle hides the runner, where along and beside the path, and when it sets off."""

    vehicle: str
    s: float
    lateral: float
    start_s: float
    #: how long it runs until it enters the width that the ego sweeps
    run_s: float


@dataclass(frozen=True, kw_only=True)
class Runner:
    """What is asked of a hiding place."""

    model: Model
    speed_m_s: float
    gap_m: float
    time_to_collision_s: float
    #: it enters the ego's path no sooner
    enters_s: float = 0.0


def hiding_place(scene: Scene, vehicle: Entity, ego: Way, path: Polyline, runner: Runner) -> Hiding | str:
    """The place before the far end of a parked vehicle, as the ego sees it; or why it will not do."""
    if vehicle.name == "ego" or vehicle.behaviour is not None or vehicle.physics == "dynamic":
        return "is not parked"
    box = Beside.of(path, vehicle, model_of(vehicle.asset))
    # the runner faces the path: its length lies across it
    half_across, half_along = runner.model.size[0] / 2.0, runner.model.size[1] / 2.0
    if abs(box.lateral) - box.across < ego.width_m / 2.0 + _PASSING_M:
        return "stands in the ego's way"
    s = box.s + box.along + runner.gap_m + half_along
    # in line with the vehicle's far side: the ego cannot look past it from any distance
    lateral = abs(box.lateral) + max(box.across - half_across, 0.0)
    run_s = (lateral - half_across - ego.width_m / 2.0) / runner.speed_m_s
    when = ego.when(s - half_along, runner.time_to_collision_s)
    if when is None:
        return "is not passed in time"
    if when < max(run_s, runner.enters_s):
        return "is passed too soon"
    sign = math.copysign(1.0, box.lateral)
    blocker = _in_the_way(scene, vehicle, path, s, sign, lateral + half_across, half_along)
    if blocker:
        return f"has {blocker} before it"
    return Hiding(vehicle=vehicle.name, s=s, lateral=sign * lateral, start_s=when - run_s, run_s=run_s)


def park_for(
    scene: Scene, layout: WorldLayout, vehicles: tuple[Entity, ...], ego: Way, runner: Runner, seed: int
) -> tuple[Scene, Hiding] | None:
    """Move one of the parked vehicles to a kerb beside the ego's way where it hides the runner; None if none can."""
    parked = [v for v in vehicles if v.name != "ego" and v.behaviour is None and v.physics != "dynamic"]
    if not parked or not layout.map.kerbs:
        return None
    draw = stream(seed, "dart_out", "park")
    vehicle = parked[int(draw.integers(len(parked)))]
    path, model = ego.path(), model_of(vehicle.asset)
    spots = list(_kerb_spots(layout, path, ego, runner, model.size[0]))
    for k in draw.permutation(len(spots))[:_TRIES].tolist():
        kerb, at_m = spots[k]
        placer = _placer(scene, layout, without=vehicle.name)
        try:
            found = placer.place(Place(along="kerb", kerb=kerb, at_m=at_m), model, vehicle.name, draw)
        except UserError:
            continue
        moved = dataclasses.replace(vehicle, position=found.position, quaternion=found.quaternion, lane=found.lane)
        entities = tuple(moved if e.name == vehicle.name else e for e in scene.entities)
        changed = scene.replace(entities=entities)
        hiding = hiding_place(changed, moved, ego, path, runner)
        if isinstance(hiding, Hiding):
            return changed, hiding
    return None


def _kerb_spots(
    layout: WorldLayout, path: Polyline, ego: Way, runner: Runner, length_m: float
) -> Iterator[tuple[str, float]]:
    """Kerb and distance along it of every metre where a parked vehicle would be passed at a good time."""
    for kerb in layout.map.kerbs:
        line = Polyline(kerb.line)
        at = np.arange(length_m, line.length - length_m, 1.0)
        if len(at) == 0:
            continue
        s, lateral = path.closest(line.at(at))
        inner = (s > 1e-6) & (s < path.length - 1e-6)
        beside = (np.abs(lateral) < _BESIDE_M) & (np.abs(lateral) > ego.width_m)
        for k in np.flatnonzero(inner & beside).tolist():
            clear = all(not a - length_m < at[k] < b + length_m for a, b in kerb.keep_clear_m)
            when = ego.when(float(s[k]) + length_m / 2.0 + runner.gap_m, runner.time_to_collision_s)
            soonest = max(float(abs(lateral[k])) / runner.speed_m_s, runner.enters_s)
            if clear and when is not None and when > soonest:
                yield kerb.name, float(at[k])


def _placer(scene: Scene, layout: WorldLayout, without: str) -> Placer:
    """A placer that knows everything that stands in the scene but one vehicle."""
    placer = Placer(layout.map)
    for prop in layout.props:
        w, x, y, z = quat_from_yaw(prop.yaw_rad).tolist()
        placer.add(prop.name, model_of(prop_asset(prop)), prop.position, (w, x, y, z), solid=True)
    for entity in scene.entities:
        if entity.parent is None and entity.name != without:
            placer.add(entity.name, model_of(entity.asset), entity.position, entity.quaternion)
    return placer


def _in_the_way(
    scene: Scene, vehicle: Entity, path: Polyline, s: float, sign: float, outer: float, half_along: float
) -> str | None:
    """The name of what stands on the strip from the start to the ego's path, if anything does."""
    for entity in scene.entities:
        if entity.name in ("ego", vehicle.name) or entity.leader is not None or entity.behaviour is not None:
            continue
        box = Beside.of(path, entity, model_of(entity.asset))
        beside = sign * box.lateral + box.across > 0.0 and sign * box.lateral - box.across < outer + _ROOM_M
        if beside and abs(box.s - s) < box.along + half_along + _ROOM_M:
            return entity.name
    return None
