"""Somebody on the phone steps off the kerb without a look."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import ClassVar

from simgen import registry
from simgen.assets.base import Asset
from simgen.edge_cases._crosser import Crosser
from simgen.edge_cases._crossing import Crossing
from simgen.edge_cases.base import Stage
from simgen.registry import param, register
from simgen.scene import Scene


@register("edge_case", "phone_walker")
@dataclass(frozen=True, kw_only=True)
class PhoneWalker(Crosser):
    """A pedestrian, phone at the ear, comes along, leaves the sidewalk in full view and walks on across the ego's path.

    Asked: ``time_to_collision_s`` when they enter the width that the ego sweeps, and that the camera sees them as they
    set off. Free: where, from which side, and when. People on the phone cross more slowly and look at
    the traffic less often before (Hatfield, Murphy 2007, Accident Analysis and Prevention 39, 197).
    """

    tests: ClassVar[str] = "prediction of somebody who walks straight on into the road and does not look"

    speed_m_s: float = param(1.2, ge=0.4, le=2.5, doc="walking speed")

    def lead(self) -> Asset:
        """A pedestrian with a phone."""
        asset: Asset = registry.get("asset", "pedestrian")(variant=self.variant, pose="phone")
        return asset

    def crossing(self, scene: Scene, stage: Stage, name: str) -> Crossing:
        """They come walking along the sidewalk's breadth, and are still on it when the clip begins."""
        return replace(super().crossing(scene, stage, name), beside_m=(0.1, 0.6), waits=True, run_up_m=1.2)
