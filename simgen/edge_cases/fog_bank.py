"""The ego drives into a bank of fog."""

from __future__ import annotations

from dataclasses import dataclass
from typing import ClassVar

import numpy as np

from simgen import registry
from simgen.edge_cases._ahead import ahead_of
from simgen.edge_cases._banks import EDGES, falls, with_effect
from simgen.edge_cases._solve import accepted
from simgen.edge_cases.base import EdgeCase, Stage
from simgen.registry import param, register
from simgen.scene import Scene

#: of the fog's own visibility: noise at its edges, and less than all of it 1.5 m up
_MARGIN = 0.7
#: how far within its first puffs the ego is when it should see least, in edges
_WITHIN = 1.3


@register("edge_case", "fog_bank")
@dataclass(frozen=True, kw_only=True)
class FogBank(EdgeCase):
    """Fog lies across the road ahead; within seconds the ego is in it.

    Asked: ``visibility_m`` where the ego is, at least ``clear_m`` at ``enters_s``, and at most ``visibility_m`` another
    ``fall_s`` later. Valley fog does so: the chain collisions in it are told by every motorway police. The bank is a
    weather effect ``bank`` along the road; its edge is as wide as the ego goes in ``fall_s``. Units: m, s.
    """

    tests: ClassVar[str] = "speed and trust in each sensor when sight goes from kilometres to metres within seconds"

    visibility_m: float = param(40.0, ge=10.0, le=200.0, doc="most that is left inside")
    clear_m: float = param(400.0, ge=50.0, doc="least that there is before")
    enters_s: float = param(0.8, ge=0.0, doc="until when the ego is in clear air")
    fall_s: float = param(2.0, ge=0.3, le=10.0, doc="from clear air to the bank's inside")
    length_m: float = param(90.0, ge=10.0, le=500.0, doc="of the bank, along the road")
    width_m: float = param(50.0, ge=10.0, le=500.0, doc="across the road")
    height_m: float = param(5.0, ge=1.5, le=50.0, doc="standard deviation of its density upwards")

    def apply(self, scene: Scene, stage: Stage) -> Scene:
        """The scene with the bank in its weather.

        Raises:
            UserError: there is no ego or lane, or the ego stands.
        """
        ahead = ahead_of(scene, stage.layout, "fog_bank")
        # where the ego's own frame is at both instants, along its route
        outside = ahead.reached(self.enters_s) - 0.5 * ahead.way.length_m
        inside = ahead.reached(self.enters_s + self.fall_s) - 0.5 * ahead.way.length_m
        edge = max((inside - outside) / (EDGES + 1.0), 1.0)
        start, heading = ahead.route.at(inside - _WITHIN * edge), float(ahead.route.heading(inside))
        end = start[:2] + self.length_m * np.array([np.cos(heading), np.sin(heading)])
        fog = registry.get("weather", "fog")(visibility_m=_MARGIN * self.visibility_m)
        bank = registry.get("weather", "bank")(
            of=fog,
            from_m=(float(start[0]), float(start[1])),
            to_m=(float(end[0]), float(end[1])),
            ground_m=float(ahead.place(min(inside, ahead.route.length))[0][2]),
            width_m=self.width_m,
            edge_m=round(edge, 3),
            height_m=self.height_m,
        )
        asked = falls(self.clear_m, self.visibility_m, self.enters_s, self.enters_s + self.fall_s)
        return accepted(with_effect(scene, bank), "fog_bank", asked)
