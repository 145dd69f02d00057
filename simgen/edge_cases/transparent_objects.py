"""Glasses and bottles stand among other things: a depth camera measures what is behind them, or nothing."""

from __future__ import annotations

from dataclasses import dataclass
from typing import ClassVar, Final

from simgen import registry
from simgen.assets.base import Asset
from simgen.edge_cases._trap import UPRIGHT, depth_camera_of, trapped
from simgen.edge_cases.base import EdgeCase, Stage
from simgen.registry import param, register
from simgen.rng import Stream, stream
from simgen.scene import Scene

KINDS: Final = ("any", "glass", "water_bottle", "glass_bottle")
#: what is clear in itself and in what it holds
_DRAWN: Final = ("glass", "water_bottle")


@register("edge_case", "transparent_objects")
@dataclass(frozen=True, kw_only=True)
class TransparentObjects(EdgeCase):
    """Drinking glasses and bottles of clear glass or plastic on a support in a depth camera's view.

    Light that comes through a pane is not the pane's own, so neither stereo nor structured light finds its surface; see
    Sajjan et al., *ClearGrasp* (ICRA 2020). Asked: ``depth_lost`` of each thing. Labels show their true outlines.
    """

    tests: ClassVar[str] = "grasping and mapping of glass and clear plastic that depth cameras look through"

    sensor: str = param("", doc="the depth camera; empty = the scene's first", reference="sensor")
    on: str = param("", doc="support to put them on; empty = the one that the camera looks at")
    kind: str = param("any", doc="what they are; any = glasses and water bottles", choices=KINDS)
    count: int = param(3, ge=1, le=20, doc="how many")
    depth_lost: float = param(0.4, gt=0.0, le=1.0, doc="share of each thing's pixels without true depth, at least")
    name: str = param("", doc="name of the group; default: transparent_objects, numbered if there are more")

    def apply(self, scene: Scene, stage: Stage) -> Scene:
        """The scene with the things on it.

        Raises:
            UserError: there is no depth camera, no such support, or no room.
        """
        camera = depth_camera_of(scene, self.sensor, "transparent_objects")
        draw = stream(stage.seed, "transparent_objects", "things")
        things = [(self._thing(draw), UPRIGHT) for _ in range(self.count)]
        return trapped(
            scene,
            stage,
            "transparent_objects",
            things,
            camera=camera,
            on=self.on,
            name=self.name,
            depth_lost=self.depth_lost,
        )

    def _thing(self, draw: Stream) -> Asset:
        kind = _DRAWN[int(draw.integers(len(_DRAWN)))] if self.kind == "any" else self.kind
        variant = int(draw.integers(10_000))
        made: Asset = registry.get("asset", "tableware" if kind == "glass" else "grocery")(kind=kind, variant=variant)
        return made
