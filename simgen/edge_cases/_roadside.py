"""Where things are put on and beside the ego's road."""

from __future__ import annotations

from typing import Any

from simgen.assembly import model_of
from simgen.edge_cases._solve import RejectedError
from simgen.errors import UserError
from simgen.geometry import quat_from_yaw, yaw_of
from simgen.placement.footprint import Footprint, model_footprint
from simgen.placement.ground import GroundHeight
from simgen.placement.route import nearest_lane, route_from
from simgen.polyline import Polyline
from simgen.records.layout import WorldLayout
from simgen.records.roads import Lane
from simgen.scene import Entity, Scene


def lane_of(entity: Entity, layout: WorldLayout, case: str) -> Lane:
    """The lane that an entity stands on, or the nearest that goes its way.

    Raises:
        UserError: the world has no lanes.
    """
    if entity.lane:
        return layout.map.lane(entity.lane)
    x, y, _ = entity.position
    near = nearest_lane(layout.map, x, y, float(yaw_of(entity.quaternion)), ("driving", "bike"))
    if near is None:
        raise UserError(f"{case} needs a road: choose a world with lanes (simgen list world)")
    return near


def route_of(entity: Entity, layout: WorldLayout, case: str) -> Polyline:
    """The line of the lane that an entity is on and of those that follow it, straight on.

    Raises:
        UserError: the world has no lanes.
    """
    return route_from(layout.map, lane_of(entity, layout, case).name).line


def spot(layout: WorldLayout, line: Polyline, s: float, lateral: float = 0.0, turn_rad: float = 0.0) -> dict[str, Any]:
    """``position`` and ``quaternion`` of an entity on the ground beside a line (left positive), turned from its way.

    Raises:
        RejectedError: the line ends before.
    """
    if not 0.0 <= s <= line.length:
        raise RejectedError("the road ends before")
    x, y, _ = line.at(s, lateral).tolist()
    w, qx, qy, qz = quat_from_yaw(float(line.heading(s)) + turn_rad).tolist()
    return {"position": (x, y, GroundHeight(layout.map).at(x, y)), "quaternion": (w, qx, qy, qz)}


def refuse_overlap(scene: Scene, name: str, room_m: float = 0.1, *, on: str = "") -> None:
    """Make sure that an entity stands free at the start; ``on`` is what it lies on, if that is an entity too.

    Raises:
        RejectedError: its box, grown by some room, touches another's.
    """
    own = _box(scene.entity(name)).grown(room_m)
    for entity in scene.entities:
        if entity.name not in (name, on) and entity.leader is None and own.overlaps(_box(entity)):
            raise RejectedError(f"{entity.group or entity.name} is in the way")


def free_name(word: str, scene: Scene) -> str:
    """The word, numbered if the scene has something of that name."""
    taken = {e.name for e in scene.entities}
    return word if word not in taken else next(f"{word}_{k}" for k in range(2, 10_000) if f"{word}_{k}" not in taken)


def _box(entity: Entity) -> Footprint:
    return model_footprint(model_of(entity.asset), entity.position, entity.quaternion, entity.name)
