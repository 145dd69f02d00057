"""Somebody runs into the ego's way from behind a parked vehicle."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import ClassVar

from simgen import registry
from simgen.assets.base import Asset
from simgen.edge_cases._dart import Dart
from simgen.edge_cases._hiding import Hiding
from simgen.edge_cases._way import Way
from simgen.edge_cases.base import Stage
from simgen.registry import param, register
from simgen.scene import Scene


@register("edge_case", "dart_out")
@dataclass(frozen=True, kw_only=True)
class DartOut(Dart):
    """A person waits before a parked vehicle, hidden by it from the approaching ego, and runs across its path.

    The start is timed so that at the instant when the runner enters the width that the ego sweeps, the ego's nose is
    ``time_to_collision_s`` (at its speed of that instant) from the runner: ``s_nose(t) + v(t) TTC = s_runner``, with
    ``s_nose`` and ``v`` from a forecast of all behaviours, the ego's reaction to the runner included. If no vehicle of
    the group stands where that can happen, one of them is parked anew beside the ego's way. The time, and how much of
    the runner could be seen when it set off, are measured in the finished sequence. Units: s, m, m/s. The event is
    the running child from behind an obstruction of Euro NCAP's test protocol for vulnerable road users (CPNCO-50).
    """

    tests: ClassVar[str] = "reaction to a child that is hidden by a parked vehicle until it is on the road"

    actor: str = param("child", doc="asset that runs", reference="asset")
    from_behind: str = param(doc="parked vehicle, or the group of which one is chosen", reference="entity")

    def lead(self) -> Asset:
        """Whoever was asked for."""
        asset: Asset = registry.get("asset", self.actor)()
        return asset

    def hides(self, scene: Scene, stage: Stage, ego: Way) -> Iterator[tuple[Scene, Hiding]]:
        """Behind the vehicles of the group."""
        return self.hide_behind(scene, stage, ego, self.from_behind)
