"""Steam from a manhole in the ego's lane."""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import ClassVar

from simgen import registry
from simgen.edge_cases._ahead import ahead_of
from simgen.edge_cases._banks import falls, with_effect
from simgen.edge_cases._roadside import free_name
from simgen.edge_cases._solve import accepted
from simgen.edge_cases.base import EdgeCase, Stage
from simgen.records.constraints import Constraint
from simgen.registry import param, register
from simgen.scene import Scene


@register("edge_case", "steam_from_manhole")
@dataclass(frozen=True, kw_only=True)
class SteamFromManhole(EdgeCase):
    """A white plume stands over a manhole in the ego's lane, and somebody behind it at the lane's edge.

    Asked: ``visibility_m`` where the ego is, at least ``clear_m`` at time 0 and at most ``visibility_m`` when it passes
    through the plume, at ``at_s``; and somebody no farther behind the manhole than told (``distance_m``). Leaks of
    district heating send tens of grams a second; steam is white where cold air cannot hold it (see the weather effect
    ``plume``). Units: m, s, g/s.
    """

    tests: ClassVar[str] = "a white thing in the lane that is air: braking for nothing, or for whom it hides"

    rate_g_s: float = param(40.0, ge=1.0, le=500.0, doc="steam that leaves the manhole")
    air_temperature_c: float = param(0.0, ge=-30.0, le=20.0, doc="of the air: the colder, the whiter")
    visibility_m: float = param(60.0, ge=3.0, le=300.0, doc="most that is left within the plume")
    clear_m: float = param(500.0, ge=50.0, doc="least that there is at time 0")
    at_s: float = param(2.2, ge=0.5, doc="when the ego's rear axle is over the manhole")
    behind: str = param("pedestrian", doc="asset that stands behind the plume; empty = nobody", reference="asset")
    behind_m: float = param(4.0, ge=1.0, le=30.0, doc="how far behind the manhole")
    beside_m: float = param(-2.0, ge=-8.0, le=8.0, doc="how far beside the lane's middle, left positive")
    name: str = param("", doc="name of the cover; default: manhole, numbered if there are more")

    def apply(self, scene: Scene, stage: Stage) -> Scene:
        """The scene with cover, plume and whoever stands behind.

        Raises:
            UserError: there is no ego or lane, or the road ends before.
        """
        ahead = ahead_of(scene, stage.layout, "steam_from_manhole")
        ego = scene.entity("ego")
        axle, _ = ahead.route.closest(ego.position)
        gone = ahead.reached(self.at_s) - ahead.reached(0.0)
        s = float(axle) + gone
        position, quaternion = ahead.place(s)
        name = self.name or free_name("manhole", scene)
        scene = scene.add(
            name=name,
            asset=registry.get("asset", "manhole")(),
            position=position,
            quaternion=quaternion,
            physics="static",
            group=name,
        )
        plume = registry.get("weather", "plume")(
            position_m=(position[0], position[1], round(position[2] + 0.05, 3)),
            substance="steam",
            rate_g_s=self.rate_g_s,
            heat_kw=0.5 * self.rate_g_s,
            radius_m=0.6,
            air_temperature_c=self.air_temperature_c,
            humidity=0.9,
            life_s=12.0,
        )
        asked = list(falls(self.clear_m, self.visibility_m, 0.0, self.at_s))
        if self.behind:
            who = free_name("behind_steam", scene)
            there, facing = ahead.place(s + self.behind_m, self.beside_m, 0.5 * math.pi)
            asset = registry.get("asset", self.behind)()
            scene = scene.add(name=who, asset=asset, position=there, quaternion=facing, physics="static", group=who)
            reach = math.hypot(self.behind_m, self.beside_m)
            asked.append(
                Constraint(kind="distance_m", subject=who, other=name, asked=reach, tolerance=0.5, relation="at_most")
            )
        return accepted(with_effect(scene, plume), "steam_from_manhole", asked)
