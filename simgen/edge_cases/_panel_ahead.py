"""Something flat across a robot's way: glass and mirrors."""

from __future__ import annotations

import dataclasses
import math
from collections.abc import Callable
from typing import Any

import numpy as np

from simgen import registry
from simgen.edge_cases._forecast import forecast
from simgen.edge_cases._solve import Problem, Values, solve
from simgen.edge_cases._way import Way, group_of, way_of
from simgen.edge_cases.base import Stage
from simgen.errors import UserError
from simgen.geometry import quat_from_yaw
from simgen.records.constraints import Constraint
from simgen.scene import Scene
from simgen.sensors._depth_camera import DepthCamera

#: of a corridor, if the world does not say
_WIDTH_M = 2.4


def without_glass_door(scene: Scene) -> Scene:
    """The scene; a corridor without the glass door of its own."""
    world: Any = scene.world
    if getattr(world, "glass_door", False):
        return scene.replace(world=dataclasses.replace(world, glass_door=False))
    return scene


def clear_size(scene: Scene) -> tuple[float, float]:
    """Width and height of the corridor that the world is; of a common one else."""
    world: Any = scene.world
    wide = type(world).plugin_name == "corridor"
    return (float(world.width_m), float(world.height_m)) if wide else (_WIDTH_M, 2.4)


def across_the_way(
    scene: Scene,
    stage: Stage,
    case: str,
    *,
    robot: str,
    name: str,
    distance_m: float,
    tolerance_m: float,
    depth_lost: float,
    build: Callable[[Scene, dict[str, Any]], Scene],
) -> Scene:
    """The scene with something across the way of a robot, which comes so near to it by the end of the clip.

    Args:
        scene: without it.
        stage: of the case.
        case: the plugin's name.
        robot: who drives up to it.
        name: of what stands across.
        distance_m: asked, the smallest over the clip.
        tolerance_m: of that.
        depth_lost: asked of every depth camera on the robot, at the end.
        build: adds it, given ``position`` and ``quaternion``: x back along the robot's way.

    Raises:
        UserError: there is no such robot, it stands still, or there is no room.
    """
    carrier = group_of(scene, robot, case)[0]
    way = way_of(forecast(scene, stage.layout), carrier.name)
    if way.s[-1] < 0.3:
        raise UserError(f"{case}: {carrier.name!r} hardly moves: give it a behaviour, or lengthen clock.duration_s")

    def built(values: Values) -> Scene:
        return build(scene, _facing(way, distance_m + values["further_m"]))

    near = Constraint(
        kind="distance_m", subject=carrier.name, other=name, asked=distance_m, tolerance=tolerance_m, time_s=0.0,
        until_s=scene.clock.duration_s,
    )  # fmt: skip
    asked = (near, *_blind(scene, carrier.name, name, depth_lost))
    problem = Problem(
        case=case, free={"further_m": (-0.2, 0.4)}, build=built, ask=lambda values: asked, tries=8,
        way_out="let the robot drive straight at the end of its way, or ask for another distance_m",
    )  # fmt: skip
    return solve(problem, stage)


def _facing(way: Way, distance_m: float) -> dict[str, Any]:
    """Ahead of the nose where the way ends, facing it."""
    k = int(np.searchsorted(way.s, max(way.s[-1] - 0.2, 0.0)))
    step = way.center[-1] - way.center[k]
    yaw = math.atan2(float(step[1]), float(step[0]))
    reach = 0.5 * way.length_m + distance_m
    x, y = float(way.center[-1, 0]) + reach * math.cos(yaw), float(way.center[-1, 1]) + reach * math.sin(yaw)
    w, qx, qy, qz = quat_from_yaw(yaw + math.pi).tolist()
    return {"position": (x, y, 0.0), "quaternion": (w, qx, qy, qz)}


def _blind(scene: Scene, carrier: str, name: str, share: float) -> tuple[Constraint, ...]:
    """What the robot's depth cameras lose of it, in their last frame."""
    found = []
    for sensor in scene.sensors:
        if isinstance(sensor, DepthCamera) and sensor.mount.on.split("/")[0] == carrier:
            last = sensor.schedule(scene.clock.duration_ns, scene.clock.rate_hz)[-1] * 1e-9
            found.append(
                Constraint(
                    kind="depth_lost",
                    subject=name,
                    other=sensor.name,
                    asked=share,
                    tolerance=0.05,
                    relation="at_least",
                    time_s=last,
                )
            )
    return tuple(found)


def panel(finish: str, width_m: float, height_m: float, class_name: str) -> Any:
    """An upright panel."""
    make = registry.get("asset", "panel")
    return make(finish=finish, width_m=width_m, height_m=height_m, class_name=class_name)
