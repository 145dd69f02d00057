"""Traffic lights that show green to all."""

from __future__ import annotations

from dataclasses import dataclass
from typing import ClassVar

from simgen.edge_cases._signals import faulty, signal_ahead
from simgen.edge_cases._solve import accepted
from simgen.edge_cases.base import EdgeCase, Stage
from simgen.errors import UserError
from simgen.records.constraints import Constraint
from simgen.registry import param, register
from simgen.scene import Scene


@register("edge_case", "conflicting_traffic_lights")
@dataclass(frozen=True, kw_only=True)
class ConflictingTrafficLights(EdgeCase):
    """All lights of a junction are green at once: crossing streams both believe that they may go.

    Asked: the ego's signal and another of the junction are green together for at least ``share`` of the time. What
    traffic makes of it is up to its behaviours; conflict monitors exist to stop this (NEMA TS 2).
    """

    tests: ClassVar[str] = "looking at crossing traffic although the own light is green"

    share: float = param(0.9, gt=0.0, le=1.0, doc="least share of the time in which both are green")
    phase_s: float = param(2.0, ge=0.0, le=10.0, doc="how far into green the lights are at the start")

    def prepare(self, scene: Scene, seed: int) -> Scene:
        """The scene in its world with all lights in step."""
        return faulty(scene, fault="conflicting", phase_s=self.phase_s)

    def apply(self, scene: Scene, stage: Stage) -> Scene:
        """The scene with what is asked.

        Raises:
            UserError: there is no ego, no light on its way, or only one signal.
        """
        lane, _ = signal_ahead(scene, stage.layout, "conflicting_traffic_lights")
        others = [s.name for s in stage.layout.map.signals if s.name != lane.signal]
        if not others:
            raise UserError("conflicting_traffic_lights: there is only one signal; choose a world with a junction")
        asked = Constraint(
            kind="signal_share",
            subject=lane.signal,
            other=f"green with {others[0]}",
            asked=self.share,
            tolerance=0.05,
            relation="at_least",
        )
        return accepted(scene, "conflicting_traffic_lights", (asked,))
