"""A mirror across the end of a robot's way: it sees a room that is not there, and itself coming."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, ClassVar

from simgen.edge_cases._panel_ahead import across_the_way, clear_size, panel, without_glass_door
from simgen.edge_cases._roadside import free_name
from simgen.edge_cases.base import EdgeCase, Stage
from simgen.registry import param, register
from simgen.scene import Scene


@register("edge_case", "mirror_wall")
@dataclass(frozen=True, kw_only=True)
class MirrorWall(EdgeCase):
    """A wall of mirror, as in lifts, shops and gyms, faces a mobile robot at the end of its way.

    A lidar's points lie behind it, as far as the light has gone in all; depth cameras drop out; a camera sees the robot
    coming. Asked: ``distance_m``, how near the robot comes within the clip, and ``depth_lost`` of the mirror in every
    depth camera on it. Units: m.
    """

    tests: ClassVar[str] = "not taking a mirror's image for open space or for another robot"

    robot: str = param("ego", doc="who drives up to it: a name")
    distance_m: float = param(0.8, ge=0.05, le=20.0, doc="how near the robot comes")
    tolerance_m: float = param(0.1, gt=0.0, doc="largest deviation of that")
    width_m: float | None = param(None, ge=0.5, le=30.0, doc="of the mirror; none = the corridor's")
    depth_lost: float = param(
        0.4, ge=0.0, le=1.0, doc="share of its pixels that the robot's depth cameras lose, at least"
    )
    name: str = param("", doc="its name; default: mirror_wall, numbered if there are more")

    def prepare(self, scene: Scene, seed: int) -> Scene:
        """A corridor without a glass door before the mirror."""
        return without_glass_door(scene)

    def apply(self, scene: Scene, stage: Stage) -> Scene:
        """The scene with the mirror in it.

        Raises:
            UserError: there is no such robot, it stands still, or there is no room.
        """
        name = self.name or free_name("mirror_wall", scene)
        width, height = clear_size(scene)
        mirror = panel("mirror", self.width_m or width - 0.02, height - 0.05, "wall")

        def build(before: Scene, placed: dict[str, Any]) -> Scene:
            return before.add(name=name, asset=mirror, physics="static", group=name, **placed)

        return across_the_way(
            scene, stage, "mirror_wall", robot=self.robot, name=name, distance_m=self.distance_m,
            tolerance_m=self.tolerance_m, depth_lost=self.depth_lost, build=build,
        )  # fmt: skip
