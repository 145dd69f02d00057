"""A wall of dust comes over the road."""

from __future__ import annotations

from dataclasses import dataclass
from typing import ClassVar

import numpy as np

from simgen import registry
from simgen.edge_cases._ahead import ahead_of
from simgen.edge_cases._banks import falls, with_effect
from simgen.edge_cases._solve import accepted
from simgen.edge_cases.base import EdgeCase, Stage
from simgen.registry import param, register
from simgen.scene import Scene

_MARGIN = 0.6
#: how deep it is behind its front, in edges
_DEPTH = 6.0


@register("edge_case", "sandstorm_wall")
@dataclass(frozen=True, kw_only=True)
class SandstormWall(EdgeCase):
    """The front of a dust storm (a haboob) stands across the road as a wall, comes towards the ego and swallows it.

    Asked: ``visibility_m`` where the ego is, at least ``clear_m`` at time 0, and at most ``visibility_m`` when it has
    arrived, ``arrives_s``. Fronts move at 10 to 25 m/s and leave less than 100 m to see (Idso et al. 1972, Bulletin of
    the AMS 53, 930; grains here 20 um). Units: m, s, m/s.
    """

    tests: ClassVar[str] = "an air that turns solid: lidars see a wall, cameras a brown one, radar what is behind it"

    visibility_m: float = param(30.0, ge=8.0, le=200.0, doc="most that is left inside")
    clear_m: float = param(300.0, ge=50.0, doc="least that there is at time 0")
    arrives_s: float = param(3.0, ge=0.5, doc="when the ego is inside")
    speed_m_s: float = param(15.0, ge=0.0, le=40.0, doc="how fast the front comes towards the ego")
    edge_m: float = param(7.0, ge=2.0, le=100.0, doc="standard deviation of its puffs: how sharp the front is")
    width_m: float = param(140.0, ge=20.0, le=500.0, doc="across the road")
    height_m: float = param(18.0, ge=3.0, le=300.0, doc="standard deviation of its density upwards")

    def apply(self, scene: Scene, stage: Stage) -> Scene:
        """The scene with the dust in its weather.

        Raises:
            UserError: there is no ego or lane, or the ego stands.
        """
        ahead = ahead_of(scene, stage.layout, "sandstorm_wall")
        inside = ahead.reached(self.arrives_s) - 0.5 * ahead.way.length_m
        heading = float(ahead.route.heading(min(inside, ahead.route.length)))
        along, across = np.array([np.cos(heading), np.sin(heading)]), np.array([-np.sin(heading), np.cos(heading)])
        depth = _DEPTH * self.edge_m
        middle = ahead.route.at(min(inside, ahead.route.length))[:2]
        # where it is at time 0: it comes against the ego's way
        middle = middle + (0.3 * depth + self.speed_m_s * self.arrives_s) * along
        half = 0.5 * self.width_m * across
        vx, vy = (-self.speed_m_s * along).tolist()
        (ax, ay), (bx, by) = (middle - half).tolist(), (middle + half).tolist()
        dust = registry.get("weather", "dust")(visibility_m=_MARGIN * self.visibility_m, diameter_um=20.0)
        wall = registry.get("weather", "bank")(
            of=dust,
            from_m=(ax, ay),
            to_m=(bx, by),
            width_m=depth,
            edge_m=self.edge_m,
            height_m=self.height_m,
            velocity_m_s=(vx, vy),
        )
        asked = falls(self.clear_m, self.visibility_m, 0.0, self.arrives_s)
        return accepted(with_effect(scene, wall), "sandstorm_wall", asked)
