"""A herd crosses the road."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import ClassVar

from simgen import registry
from simgen.assembly import model_of
from simgen.assets.animal import SIZES
from simgen.assets.base import Asset
from simgen.edge_cases._animals import PACES_M_S, animal_of
from simgen.edge_cases._crosser import Crosser
from simgen.edge_cases._crossing import Crossing, Start, seen
from simgen.edge_cases._group import Room, spots
from simgen.edge_cases.base import Stage
from simgen.records.constraints import Constraint
from simgen.registry import param, register
from simgen.rng import stream
from simgen.scene import Scene

#: how much farther back each of them may start, m, and how differently fast they go
_ROW_M, _PACE_SHARE = 1.2, 0.12


@register("edge_case", "animal_herd")
@dataclass(frozen=True, kw_only=True)
class AnimalHerd(Crosser):
    """Sheep, cows, boars or deer cross the ego's path one close behind the other, and go on crossing.

    Asked: ``time_to_collision_s`` when the first enters the width that the ego sweeps, that the camera sees it
    then, and ``entry_interval_s`` from the first to the second. Free: where, from which side, and when. Without a
    speed they go at their kind's usual one. Units: s, m, m/s.
    """

    tests: ClassVar[str] = "detection of many animals that hide each other, and waiting for the last of them"

    species: str = param("sheep", doc="which animals", choices=tuple(SIZES))
    count: int = param(6, ge=2, le=20, doc="how many")
    within_s: float = param(2.5, ge=0.2, le=8.0, doc="the second enters at most so long after the first")
    visible_fraction: float = param(0.4, ge=0.0, le=1.0, doc="least that is seen of the first as it enters")
    speed_m_s: float = param(0.0, ge=0.0, le=12.0, doc="speed across the road; 0 = the usual one of their kind")

    def lead(self) -> Asset:
        """The first of them."""
        return animal_of(self.species, self.variant, self._pace())

    def _pace(self) -> float:
        return self.speed_m_s or PACES_M_S[self.species]

    def crossing(self, scene: Scene, stage: Stage, name: str) -> Crossing:
        """From the edge of the road; some may be on it when the clip begins."""
        whole = super().crossing(scene, stage, name)
        return replace(whole, speed_m_s=self._pace(), beside_m=(-1.5, 0.3))

    def put(self, scene: Scene, stage: Stage, start: Start, name: str) -> Scene:
        """The first, and the others behind it, each at a pace of its own."""
        rng, dash = stream(stage.seed, "animal_herd", "others"), registry.get("behaviour", "dash")
        draws = rng.random((self.count - 1, 2))
        others = tuple(animal_of(self.species, self.variant + 1 + k, self._pace()) for k in range(self.count - 1))
        width = model_of(self.lead()).size[1]
        room = Room(along_m=0.6 * width * self.count + 0.5, back_m=(0.2, 0.2 + _ROW_M * self.count / 3.0))
        found = spots(start, self.lead(), [(other, room) for other in others], rng)
        changed = scene.add(
            name=name, asset=self.lead(), group=name, behaviour=dash(speed_m_s=self._pace(), start_s=start.start_s),
            **start.pose,
        )  # fmt: skip
        order = sorted(range(len(found)), key=lambda k: found[k].back_m)
        for place, k in enumerate(order):
            pace = self._pace() * (1.0 - _PACE_SHARE * float(draws[k, 0]))
            walks = dash(speed_m_s=pace, start_s=start.start_s + 0.3 * float(draws[k, 1]))
            changed = changed.add(
                name=f"{name}_{place + 2}", asset=others[k], behaviour=walks, group=name, **found[k].pose
            )
        return changed

    def also(self, scene: Scene, start: Start, name: str) -> Sequence[Constraint]:
        """The second comes soon."""
        second = Constraint(
            kind="entry_interval_s", subject=f"{name}_2", other=name, asked=self.within_s, tolerance=0.3,
            relation="at_most",
        )  # fmt: skip
        return (seen(scene, name, start.enters_s, self.visible_fraction), second)
