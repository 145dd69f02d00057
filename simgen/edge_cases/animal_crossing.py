"""An animal crosses the road."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import ClassVar

from simgen import registry
from simgen.assets.animal import SIZES
from simgen.assets.base import Asset
from simgen.edge_cases._animals import PACES_M_S, animal_of
from simgen.edge_cases._crosser import Crosser
from simgen.edge_cases._crossing import Crossing, Start
from simgen.edge_cases.base import Stage
from simgen.registry import param, register
from simgen.scene import Scene


@register("edge_case", "animal_crossing")
@dataclass(frozen=True, kw_only=True)
class AnimalCrossing(Crosser):
    """A deer, dog, cow or other animal comes onto the road from beside it and crosses the ego's path.

    Asked: ``time_to_collision_s`` when it enters the width that the ego sweeps, and that the camera sees it as it sets
    off. Free: where, from which side, and when. Without a speed it goes at its kind's usual one: a deer's trot, a
    cow's walk. German insurers pay for some 270 000 collisions with game a year
    (GDV, 2020).
    """

    tests: ClassVar[str] = "detection and prediction of an animal that is no road user and keeps no rule"

    species: str = param("roe_deer", doc="which animal", choices=tuple(SIZES))
    speed_m_s: float = param(0.0, ge=0.0, le=12.0, doc="speed across the road; 0 = the usual one of its kind")

    def lead(self) -> Asset:
        """The animal, walking or trotting by its speed."""
        return animal_of(self.species, self.variant, self._pace())

    def _pace(self) -> float:
        return self.speed_m_s or PACES_M_S[self.species]

    def crossing(self, scene: Scene, stage: Stage, name: str) -> Crossing:
        """From the verge or from farther off, on the move if it has the way."""
        return replace(super().crossing(scene, stage, name), speed_m_s=self._pace(), beside_m=(0.3, 2.0), run_up_m=6.0)

    def put(self, scene: Scene, stage: Stage, start: Start, name: str) -> Scene:
        """It runs on beyond the road."""
        dash = registry.get("behaviour", "dash")(speed_m_s=self._pace(), start_s=start.start_s)
        return scene.add(name=name, asset=self.lead(), behaviour=dash, group=name, **start.pose)
