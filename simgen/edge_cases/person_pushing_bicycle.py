"""Somebody walks across the road beside a bicycle."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import ClassVar, Final

from simgen import registry
from simgen.assets.base import Asset
from simgen.edge_cases._crosser import Crosser
from simgen.edge_cases._crossing import Crossing, Start
from simgen.edge_cases.base import Stage
from simgen.registry import param, register
from simgen.scene import Scene
from simgen.shapes.poses import BESIDE_BICYCLE

_PAINTS: Final = ("red", "dark_green", "blue", "black", "white", "silver")


@register("edge_case", "person_pushing_bicycle")
@dataclass(frozen=True, kw_only=True)
class PersonPushingBicycle(Crosser):
    """A pedestrian pushes a bicycle across the ego's path, away from any crosswalk: on foot, yet with wheels.

    Asked: ``time_to_collision_s`` when the bicycle's front wheel enters the width that the ego sweeps, and that the
    camera sees it as they set off. Free: where, from which side, and when. In Tempe, Arizona, in 2018 a test vehicle
    took such a person by turns for a vehicle, a bicycle and something unknown, each time with a new track
    (NTSB/HAR-19/03).
    """

    tests: ClassVar[str] = "classification and tracking of a person and a bicycle that move as one, sideways on"

    visible_fraction: float = param(0.3, ge=0.0, le=1.0, doc="least that is seen of the bicycle when they set off")
    speed_m_s: float = param(1.2, ge=0.3, le=2.5, doc="walking speed")

    def lead(self) -> Asset:
        """The bicycle, unlit: nobody rides it."""
        asset: Asset = registry.get("asset", "bicycle")(color=_PAINTS[self.variant % len(_PAINTS)], lights=False)
        return asset

    def crossing(self, scene: Scene, stage: Stage, name: str) -> Crossing:
        """From the kerb on."""
        return replace(super().crossing(scene, stage, name), beside_m=(0.2, 0.8))

    def put(self, scene: Scene, stage: Stage, start: Start, name: str) -> Scene:
        """Bicycle and person."""
        person = registry.get("asset", "pedestrian")(variant=self.variant, pose="push_bicycle", carries="none")
        x, y = BESIDE_BICYCLE
        with_bicycle = super().put(scene, stage, start, name)
        return with_bicycle.add(
            name=f"{name}/person", asset=person, position=(x, y, 0.0), parent=name, group=f"{name}/person"
        )
