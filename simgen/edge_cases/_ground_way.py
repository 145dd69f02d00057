"""Straight ways over a floor, and whether they are free."""

from __future__ import annotations

import math

from simgen.assembly import model_of, prop_asset
from simgen.edge_cases._solve import RejectedError
from simgen.geometry import quat_from_yaw
from simgen.placement.footprint import Footprint, solid_footprints
from simgen.polyline import inside_polygon
from simgen.records.base import F8
from simgen.records.layout import WorldLayout
from simgen.scene import Scene

#: what begins higher above the floor is passed below
_HEAD_M = 1.9


def refuse_outside(layout: WorldLayout, point: F8) -> None:
    """Make sure that a point lies in the world's floor, if it has one.

    Raises:
        RejectedError: it does not.
    """
    floors = [area for area in layout.map.areas if area.name == "floor"]
    if floors and not any(bool(inside_polygon(area.polygon, point[None, :2])[0]) for area in floors):
        raise RejectedError("it would come from beyond the walls")


def refuse_crossing(scene: Scene, name: str, start: F8, end: F8, half_width_m: float) -> None:
    """Make sure that nothing that stands bars the straight way of somebody from start to end.

    Raises:
        RejectedError: something does.
    """
    strip = way_box(start, end, half_width_m)
    for entity in scene.entities:
        if entity.name == name or entity.leader is not None or entity.behaviour is not None:
            continue
        for box in solid_footprints(model_of(entity.asset), entity.position, entity.quaternion, entity.name):
            if box.overlaps(strip):
                raise RejectedError(f"{entity.name} is in the way")


def refuse_props(layout: WorldLayout, start: F8, end: F8, half_width_m: float) -> None:
    """The same for what stands in the world without being tracked.

    Raises:
        RejectedError: something is in the way.
    """
    strip = way_box(start, end, half_width_m)
    for prop in layout.props:
        if not prop.tracked:
            w, x, y, z = quat_from_yaw(prop.yaw_rad).tolist()
            for box in solid_footprints(model_of(prop_asset(prop)), prop.position, (w, x, y, z), prop.name):
                if box.overlaps(strip):
                    raise RejectedError(f"{prop.name} is in the way")


def way_box(start: F8, end: F8, half_width_m: float) -> Footprint:
    """The box that a straight way sweeps, over the floor."""
    dx, dy = float(end[0] - start[0]), float(end[1] - start[1])
    return Footprint(
        x=float(start[0] + end[0]) / 2.0,
        y=float(start[1] + end[1]) / 2.0,
        half_length=0.5 * math.hypot(dx, dy) + 0.1,
        half_width=half_width_m,
        yaw=math.atan2(dy, dx),
        z_min=0.03,
        z_max=_HEAD_M,
    )
