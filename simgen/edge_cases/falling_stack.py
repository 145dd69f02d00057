"""A stack of cartons, each set a little farther out than the one below, topples over."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, ClassVar, Final

import numpy as np

from simgen import registry
from simgen.assembly import model_of
from simgen.assets.base import Asset
from simgen.edge_cases._bench import Bench
from simgen.edge_cases._forecast import evidence_of
from simgen.edge_cases._roadside import free_name
from simgen.edge_cases._sight import camera_of
from simgen.edge_cases._snapshot import hastened
from simgen.edge_cases._solve import accepted
from simgen.edge_cases.base import EdgeCase, Stage
from simgen.errors import UserError
from simgen.geometry import quat_rotate
from simgen.metrics import measure
from simgen.records.constraints import Constraint, Solution
from simgen.records.model import Model
from simgen.registry import param, register
from simgen.rng import stream
from simgen.scene import Scene
from simgen.sensors._depth_camera import DepthCamera
from simgen.sensors.camera import Camera

#: from a stack that stands to one that falls at once, in shares of the length over the number
_STEPS: Final = (0.8, 1.5)
_TRIES: Final = 9


@register("edge_case", "falling_stack")
@dataclass(frozen=True, kw_only=True)
class FallingStack(EdgeCase):
    """Equal cartons on top of each other, each shifted by the same step, so that the upper ones tip over by themselves.

    ``n`` cartons of length L stand as long as the step is below ``L / n``: then the middle of those above the lowest
    one lies over it. Just past that they tip slowly, further past it faster. Asked: ``falls_s`` of the
    topmost. Free: the step, found by bisection in physics. Units: s.
    """

    tests: ClassVar[str] = "noticing a stack that is about to topple, and staying clear of what falls"

    sensor: str = param("", doc="the camera that must see it; empty = the scene's first", reference="sensor")
    on: str = param("floor", doc="where it stands: an area or a support of the world")
    cartons: int = param(5, ge=3, le=12, doc="how many")
    falls_s: float = param(0.8, ge=0.4, le=20.0, doc="when the topmost is 0.1 m lower than at the start")
    tolerance_s: float = param(0.2, gt=0.0, doc="largest deviation of that")
    name: str = param("", doc="name of the group; default: falling_stack, numbered if there are more")

    def apply(self, scene: Scene, stage: Stage) -> Scene:
        """The scene with the stack in it.

        Raises:
            UserError: there is no camera, no such place, no room, or the clip is too short.
        """
        if self.falls_s + 2.0 * self.tolerance_s > scene.clock.duration_s:
            raise UserError(f"falling_stack: falls_s {self.falls_s:g} is past the end: lengthen clock.duration_s")
        group = self.name or free_name("falling_stack", scene)
        camera = camera_of(scene, self.sensor, "falling_stack", (Camera, DepthCamera))
        draw = stream(stage.seed, "falling_stack")
        asset = registry.get("asset", "load_carrier")(kind="carton", variant=int(draw.integers(10_000)))
        model = model_of(asset)
        bench = Bench.of(scene, stage.layout, camera, self.on, draw, "falling_stack")
        foot = bench.spot(model, room_m=0.5)
        quick = hastened(stage, foot["position"][:2], min(self.falls_s + 0.6, scene.clock.duration_s), 1.2)
        low, high = _STEPS
        for tried in range(1, _TRIES + 1):
            step = 0.5 * (low + high)
            changed = self._stacked(scene, group, asset, foot, step * model.size[0] / self.cartons)
            asked = self._asked(group)
            when = measure(asked, evidence_of(changed, stage.layout, quick.simulate(changed))).achieved
            if abs(when - self.falls_s) <= 0.6 * self.tolerance_s:
                solution = Solution(source="falling_stack", tried=tried, evaluations=tried, physical=True)
                return accepted(changed, "falling_stack", (asked,), solution)
            # the farther out, the sooner
            low, high = (step, high) if when > self.falls_s else (low, step)
        raise UserError(
            f"falling_stack: no step lets it fall at {self.falls_s:g} s: ask for a time between 0.5 and 1.2 s, or for "
            "a larger tolerance_s"
        )

    def _stacked(self, scene: Scene, group: str, asset: Asset, foot: dict[str, Any], step_m: float) -> Scene:
        model = model_of(asset)
        for k in range(self.cartons):
            placed = _shifted(foot, model, k, step_m)
            scene = scene.add(name=f"{group}/{k}", asset=asset, physics="dynamic", group=group, **placed)
        return scene

    def _asked(self, group: str) -> Constraint:
        top = f"{group}/{self.cartons - 1}"
        return Constraint(kind="falls_s", subject=top, asked=self.falls_s, tolerance=self.tolerance_s)


def _shifted(foot: dict[str, Any], model: Model, index: int, step_m: float) -> dict[str, Any]:
    """Where the carton of that number stands."""
    ahead = quat_rotate(np.array(foot["quaternion"]), np.array([index * step_m, 0.0, 0.0]))
    x, y, z = foot["position"]
    # a hair apart, so that they do not start inside each other
    height = z + index * (model.size[2] + 2e-4)
    return {"position": (x + float(ahead[0]), y + float(ahead[1]), height), "quaternion": foot["quaternion"]}
