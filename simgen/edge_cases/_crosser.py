"""What all have in common who walk, roll or trot across the ego's way in plain view."""

from __future__ import annotations

from abc import abstractmethod
from collections.abc import Sequence
from dataclasses import dataclass

from simgen.assets.base import Asset
from simgen.edge_cases._crossing import Crossing, Start, crossed, named, seen
from simgen.edge_cases._way import ego_of
from simgen.edge_cases.base import EdgeCase, Stage
from simgen.records.constraints import Constraint
from simgen.registry import param
from simgen.scene import Scene


@dataclass(frozen=True, kw_only=True)
class Crosser(EdgeCase):
    """Somebody enters the ego's path from beside the road at a time that leaves it so many seconds."""

    variant: int = param(0, ge=0, doc="which one of its kind: looks are drawn from it")
    time_to_collision_s: float = param(2.0, ge=0.3, le=8.0, doc="time left to the ego at the entry into its path")
    speed_m_s: float = param(1.3, ge=0.3, le=12.0, doc="speed across the road")
    side: str = param("", doc="where it comes from; empty = drawn", choices=("", "left", "right"))
    visible_fraction: float = param(0.4, ge=0.0, le=1.0, doc="least that is seen of it when it sets off")
    tolerance_s: float = param(0.15, gt=0.0, doc="largest deviation of the time")
    name: str = param("", doc="name of the new actor; default: the case's, numbered if there are more")

    def apply(self, scene: Scene, stage: Stage) -> Scene:
        """The scene with somebody who crosses.

        Raises:
            UserError: there is no ego, or nowhere along its way can it be met as asked.
        """
        ego_of(scene, self.plugin_name)
        name = named(self.name, self.plugin_name, scene)
        return crossed(
            scene,
            stage,
            self.crossing(scene, stage, name),
            lambda scene, start: self.put(scene, stage, start, name),
            lambda start: self.also(scene, start, name),
        )

    @abstractmethod
    def lead(self) -> Asset:
        """The asset that enters the path."""

    def crossing(self, scene: Scene, stage: Stage, name: str) -> Crossing:
        """What is asked of it."""
        return Crossing(
            case=self.plugin_name, name=name, asset=self.lead(), speed_m_s=self.speed_m_s, side=self.side,
            time_to_collision_s=self.time_to_collision_s, tolerance_s=self.tolerance_s,
        )  # fmt: skip

    def put(self, scene: Scene, stage: Stage, start: Start, name: str) -> Scene:
        """The scene with it, and with whoever comes along."""
        return scene.add(name=name, asset=self.lead(), behaviour=start.dash(), group=name, **start.pose)

    def also(self, scene: Scene, start: Start, name: str) -> Sequence[Constraint]:
        """What is asked besides the time."""
        return (seen(scene, name, start.start_s, self.visible_fraction),)
