"""A cyclist rides into the ego's way from behind a parked vehicle."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import ClassVar, Final

from simgen import registry
from simgen.assets.base import Asset
from simgen.edge_cases._dart import Dart
from simgen.edge_cases._hiding import Hiding
from simgen.edge_cases._way import Way
from simgen.edge_cases.base import Stage
from simgen.registry import param, register
from simgen.scene import Scene

_PAINTS: Final = ("red", "dark_green", "blue", "black", "white", "silver")


@register("edge_case", "cyclist_dart_out")
@dataclass(frozen=True, kw_only=True)
class CyclistDartOut(Dart):
    """A cyclist comes out from behind a parked vehicle, hidden by it from the approaching ego, and crosses its path.

    As ``dart_out``, with a bicycle and its rider. Asked: ``time_to_collision_s`` at the instant when the front wheel
    enters the width that the ego sweeps, and how much of the bicycle was seen when it came out. Units: s, m, m/s. The
    event is the bicyclist from behind an obstruction of Euro NCAP's test protocol for vulnerable road users (CBNAO-50).
    """

    tests: ClassVar[str] = "reaction to a cyclist that is hidden by a parked vehicle until it is on the road"

    from_behind: str = param(doc="parked vehicle, or the group of which one is chosen", reference="entity")
    variant: int = param(0, ge=0, doc="which bicycle and rider")
    speed_m_s: float = param(3.5, gt=0.0, le=10.0, doc="riding speed")

    def lead(self) -> Asset:
        """The bicycle."""
        asset: Asset = registry.get("asset", "bicycle")(color=_PAINTS[self.variant % len(_PAINTS)])
        return asset

    def hides(self, scene: Scene, stage: Stage, ego: Way) -> Iterator[tuple[Scene, Hiding]]:
        """Behind the vehicles of the group."""
        return self.hide_behind(scene, stage, ego, self.from_behind)

    def with_runner(self, scene: Scene, stage: Stage, ego: Way, hiding: Hiding, name: str) -> Scene:
        """Bicycle and rider."""
        rider = registry.get("asset", "cyclist_rider")(variant=self.variant)
        ridden = super().with_runner(scene, stage, ego, hiding, name)
        return ridden.add(
            name=f"{name}/rider", asset=rider, position=(0.0, 0.0, 0.0), parent=name, group=f"{name}/rider"
        )
