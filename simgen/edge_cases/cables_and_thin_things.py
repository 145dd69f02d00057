"""Cables, rods and wires stand before a depth camera that measures what is behind them."""

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

KINDS: Final = ("any", "rod", "wire", "cable", "sheet")
#: a sheet is thin only edge on
_DRAWN: Final = ("rod", "wire", "cable")


@register("edge_case", "cables_and_thin_things")
@dataclass(frozen=True, kw_only=True)
class CablesAndThinThings(EdgeCase):
    """Rods, wires and arched cables of 1.5 to 6 mm on a support in a depth camera's view.

    A matching window of 7 px or more is wider than they are, so many of their pixels get the depth of what is behind
    them, or none: bare rods are gone, of coated cables a fifth to a half is. Asked: ``depth_lost`` of each thing.
    """

    tests: ClassVar[str] = "motion among cables, wires and rods that are missing from depth maps"

    sensor: str = param("", doc="the depth camera; empty = the scene's first", reference="sensor")
    on: str = param("", doc="support to put them on; empty = the one that the camera looks at")
    kind: str = param("any", doc="what they are; any = rods, wires and cables", choices=KINDS)
    count: int = param(4, ge=1, le=20, doc="how many")
    depth_lost: float = param(0.15, gt=0.0, le=1.0, doc="share of each thing's pixels without true depth, at least")
    name: str = param("", doc="name of the group; default: cables_and_thin_things, numbered if there are more")

    def apply(self, scene: Scene, stage: Stage) -> Scene:
        """The scene with the things on it.

        Raises:
            UserError: there is no depth camera, no such support, or no room.
        """
        case = "cables_and_thin_things"
        camera = depth_camera_of(scene, self.sensor, case)
        draw = stream(stage.seed, case, "things")
        things = [(self._thing(draw), UPRIGHT) for _ in range(self.count)]
        return trapped(
            scene, stage, case, things, camera=camera, on=self.on, name=self.name, depth_lost=self.depth_lost,
            physics="static", thin=True,
        )  # fmt: skip

    def _thing(self, draw: Stream) -> Asset:
        kind = _DRAWN[int(draw.integers(len(_DRAWN)))] if self.kind == "any" else self.kind
        made: Asset = registry.get("asset", "thin_thing")(kind=kind, variant=int(draw.integers(10_000)))
        return made
