"""A glass door or a wall of glass across a robot's way."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, ClassVar, Literal

import numpy as np

from simgen import registry
from simgen.edge_cases._panel_ahead import across_the_way, clear_size, panel, without_glass_door
from simgen.edge_cases._roadside import free_name
from simgen.edge_cases.base import EdgeCase, Stage
from simgen.geometry import quat_rotate
from simgen.registry import param, register
from simgen.scene import Scene

#: a door of two leaves in its frame, width and height
_DOOR_M = (1.91, 2.2)


@register("edge_case", "glass_door")
@dataclass(frozen=True, kw_only=True)
class GlassDoor(EdgeCase):
    """A closed glass door, or a pane from wall to wall, stands across the way of a mobile robot.

    Light of lidars and depth cameras goes through: what they measure is behind. Asked: ``distance_m``, how near the
    robot comes within the clip, and ``depth_lost`` of the glass in every depth camera on it. A corridor's own glass
    door makes way. Units: m.
    """

    tests: ClassVar[str] = "stopping before glass that lidars and depth cameras look through"

    robot: str = param("ego", doc="who drives up to it: a name")
    kind: Literal["door", "wall"] = param("door", doc="a door in its frame, or a pane without one")
    distance_m: float = param(0.6, ge=0.05, le=20.0, doc="how near the robot comes")
    tolerance_m: float = param(0.1, gt=0.0, doc="largest deviation of that")
    depth_lost: float = param(
        0.4, ge=0.0, le=1.0, doc="share of its pixels that the robot's depth cameras lose, at least"
    )
    variant: int = param(0, ge=0, le=9999, doc="which door")
    name: str = param("", doc="its name; default: glass_door, numbered if there are more")

    def prepare(self, scene: Scene, seed: int) -> Scene:
        """A corridor without a second glass door."""
        return without_glass_door(scene)

    def apply(self, scene: Scene, stage: Stage) -> Scene:
        """The scene with the glass in it.

        Raises:
            UserError: there is no such robot, it stands still, or there is no room.
        """
        name = self.name or free_name("glass_door", scene)

        def build(before: Scene, placed: dict[str, Any]) -> Scene:
            if self.kind == "wall":
                pane = panel("glass", clear_size(scene)[0] - 0.02, clear_size(scene)[1] - 0.05, "wall")
                return before.add(name=name, asset=pane, physics="static", group=name, **placed)
            door = registry.get("asset", "furnishing")(kind="glass_door", variant=self.variant)
            changed = before.add(name=name, asset=door, physics="static", group=name, **placed)
            return _framed(changed, name, placed, *clear_size(scene))

        return across_the_way(
            scene, stage, "glass_door", robot=self.robot, name=name, distance_m=self.distance_m,
            tolerance_m=self.tolerance_m, depth_lost=self.depth_lost, build=build,
        )  # fmt: skip


def _framed(scene: Scene, name: str, placed: dict[str, Any], width: float, height: float) -> Scene:
    """The wall that the door is in: a piece on each side and one above."""
    side, above = 0.5 * (width - _DOOR_M[0]), height - _DOOR_M[1] - 0.01
    pieces = [((0.12, side, _DOOR_M[1]), s * 0.5 * (_DOOR_M[0] + side), 0.0) for s in (1.0, -1.0) if side > 0.02]
    if above > 0.02:
        pieces.append(((0.12, width, above), 0.0, _DOOR_M[1]))
    for k, (size, aside, z) in enumerate(pieces):
        shift = quat_rotate(np.array(placed["quaternion"]), np.array([0.0, aside, z])) + np.array(placed["position"])
        block = registry.get("asset", "box")(size_m=size, class_name="wall", color=(0.66, 0.65, 0.62), roughness=0.8)
        x, y, z_at = (float(c) for c in shift)
        at = {"position": (x, y, z_at), "quaternion": placed["quaternion"]}
        scene = scene.add(name=f"{name}/wall{k}", asset=block, physics="static", group=name, **at)
    return scene
