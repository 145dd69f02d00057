"""Somebody in a wheelchair crosses the road."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import ClassVar

from simgen import registry
from simgen.assets.base import Asset
from simgen.edge_cases._crosser import Crosser
from simgen.edge_cases._crossing import Crossing
from simgen.edge_cases._crosswalks import crosswalk_stretches
from simgen.edge_cases._way import forecast_ego
from simgen.edge_cases.base import Stage
from simgen.registry import param, register
from simgen.scene import Scene


@register("edge_case", "wheelchair_crossing")
@dataclass(frozen=True, kw_only=True)
class WheelchairCrossing(Crosser):
    """Somebody in a manual wheelchair crosses the ego's path: on a crosswalk, if it passes one, elsewhere if not.

    Asked: ``time_to_collision_s`` when the chair enters the width that the ego sweeps, and that the camera sees it as
    it sets off. Free: where, from which side, and when. Users of manual wheelchairs travel at 0.8 to 1.0 m/s
    on average (Tolerico et al. 2007, J. Rehabil. Res. Dev. 44, 561).
    """

    tests: ClassVar[str] = "recognition of a low, rolling figure as somebody who crosses, and of its slow pace"

    time_to_collision_s: float = param(2.5, ge=0.3, le=8.0, doc="time left to the ego at the entry into its path")
    speed_m_s: float = param(1.0, ge=0.3, le=2.5, doc="rolling speed")
    crosswalk: bool = param(True, doc="on a crosswalk, if the ego passes one")

    def lead(self) -> Asset:
        """Chair and user."""
        asset: Asset = registry.get("asset", "wheelchair_user")(variant=self.variant)
        return asset

    def crossing(self, scene: Scene, stage: Stage, name: str) -> Crossing:
        """On a crosswalk."""
        whole = super().crossing(scene, stage, name)
        if not self.crosswalk:
            return whole
        return replace(
            whole, stretches=crosswalk_stretches(stage.layout, forecast_ego(scene, stage.layout).path(), 1.0)
        )
