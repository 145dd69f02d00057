"""Somebody in dark clothes crosses an unlit stretch of road at night."""

from __future__ import annotations

import math
from dataclasses import dataclass, replace
from typing import ClassVar, Final

from simgen import registry
from simgen.assets.base import Asset
from simgen.edge_cases._crosser import Crosser
from simgen.edge_cases._crossing import Crossing
from simgen.edge_cases._lamplight import dark_stretches
from simgen.edge_cases._way import forecast_ego
from simgen.edge_cases.base import Stage
from simgen.errors import UserError
from simgen.registry import param, register
from simgen.scene import Scene

#: what is worn above and below
_DARK: Final = (("black", "black"), ("charcoal", "black"), ("navy", "black"), ("black", "navy"))
#: below this the sky gives less than 0.1 lx by itself: the end of nautical dusk, deg
_NIGHT_DEG: Final = -9.0


@register("edge_case", "jaywalker_at_night")
@dataclass(frozen=True, kw_only=True)
class JaywalkerAtNight(Crosser):
    """A pedestrian in dark clothes crosses mid-block, far from every street lamp, and is seen by headlamps alone.

    Asked: ``time_to_collision_s`` when they enter the width that the ego sweeps. The place is at least ``unlit_m`` from
    any lamp that shines. Three in four pedestrians killed in the United States are killed in the dark, most of them
    away from intersections (NHTSA Traffic Safety Facts: Pedestrians, 2021). Units: s, m, m/s.
    """

    tests: ClassVar[str] = "detection of somebody dark before a dark background, in the ego's headlamps alone"

    time_to_collision_s: float = param(2.5, ge=0.3, le=8.0, doc="time left to the ego at the entry into its path")
    unlit_m: float = param(20.0, ge=0.0, le=200.0, doc="from the nearest lamp that shines, at least")

    def lead(self) -> Asset:
        """A pedestrian from head to foot in dark clothes."""
        top, trousers = _DARK[self.variant % len(_DARK)]
        asset: Asset = registry.get("asset", "pedestrian")(
            variant=self.variant, top=top, trousers=trousers, shoes="black", top_kind="hoodie", trousers_kind="jeans",
            carries="none", headwear="none",
        )  # fmt: skip
        return asset

    def prepare(self, scene: Scene, seed: int) -> Scene:
        """The scene as it is, if it is night.

        Raises:
            UserError: the sun is up.
        """
        sun = getattr(scene.light, "sun", None)
        height_deg = -90.0 if sun is None else math.degrees(sun()[0])
        if height_deg > _NIGHT_DEG:
            raise UserError(
                f"jaywalker_at_night: the sun stands at {height_deg:.0f} deg, it must be below {_NIGHT_DEG:g}: choose a"
                " later light.time"
            )
        return scene

    def crossing(self, scene: Scene, stage: Stage, name: str) -> Crossing:
        """Away from the lamps.

        Raises:
            UserError: all of the ego's way is lit.
        """
        stretches = dark_stretches(scene, stage.layout, forecast_ego(scene, stage.layout).path(), self.unlit_m)
        if not stretches:
            raise UserError(
                f"jaywalker_at_night: no stretch of the ego's way is {self.unlit_m:g} m from every lamp: choose a world"
                " with fewer lamps (lamps: {lit: off}), or a smaller unlit_m"
            )
        return replace(super().crossing(scene, stage, name), stretches=stretches, run_up_m=1.0)
