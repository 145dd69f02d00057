"""Snow in the air and on the ground: nothing has an edge any more."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, ClassVar

from simgen import registry
from simgen.edge_cases._banks import visibility_now
from simgen.edge_cases._solve import accepted
from simgen.edge_cases._way import ego_of
from simgen.edge_cases.base import EdgeCase, Stage
from simgen.errors import UserError
from simgen.records.constraints import Constraint
from simgen.registry import param, register
from simgen.scene import Scene

_LN_20 = 2.995732
_MARGIN = 0.95


@register("edge_case", "whiteout")
@dataclass(frozen=True, kw_only=True)
class Whiteout(EdgeCase):
    """Heavy snow before a storm, in blown snow as fine as fog, over a road that is white itself.

    Asked: ``visibility_m`` at most as told. Falling snow of the rate takes
    its part; what is missing is a fog that stands for blown snow. What the scene has of snow, lying snow and wind
    stays; fog of its own leaves no room for the case. The US National Weather Service calls less than a quarter mile
    with such wind a blizzard; a whiteout is when horizon and ground are gone. Units: m, mm/h, cm, m/s.
    """

    tests: ClassVar[str] = "driving without contrast: no lines, no horizon, flakes in every beam"

    visibility_m: float = param(40.0, ge=10.0, le=100.0, doc="most that is left")
    rate_mm_h: float = param(4.0, ge=0.5, le=10.0, doc="snow that falls, as water")
    depth_cm: float = param(8.0, ge=1.0, le=40.0, doc="snow that lies")
    wind_m_s: float = param(14.0, ge=0.0, le=35.0, doc="wind")
    from_deg: float = param(300.0, ge=0.0, le=360.0, doc="where the wind comes from, from north clockwise")

    def prepare(self, scene: Scene, seed: int) -> Scene:
        """The scene in the snow.

        Raises:
            UserError: its weather has fog of its own, or rain.
        """
        known = {part.plugin_name for effect in scene.weather for part in effect.members()}
        if clash := known & {"fog", "rain", "change", "hail", "dust"}:
            raise UserError(f"whiteout: the weather has {' and '.join(sorted(clash))} already; leave that out")
        wanted: dict[str, dict[str, Any]] = {
            "snow": {"rate_mm_h": self.rate_mm_h},
            "snow_cover": {"depth_cm": self.depth_cm},
            "wind": {"speed_m_s": self.wind_m_s, "from_deg": self.from_deg},
        }
        more = [registry.get("weather", n)(**fields) for n, fields in wanted.items() if n not in known]
        scene = scene.replace(weather=(*scene.weather, *more))
        missing = _LN_20 / (_MARGIN * self.visibility_m) - _LN_20 / visibility_now(scene)
        if missing > 1e-4:
            fog = registry.get("weather", "fog")(visibility_m=_LN_20 / missing, droplets="advection")
            scene = scene.replace(weather=(*scene.weather, fog))
        return scene

    def apply(self, scene: Scene, stage: Stage) -> Scene:
        """The scene with what is asked.

        Raises:
            UserError: there is no ego.
        """
        ego_of(scene, "whiteout")
        most = Constraint(
            kind="visibility_m", subject="ego", asked=self.visibility_m, tolerance=0.5, relation="at_most", time_s=0.0,
            until_s=scene.clock.duration_s,
        )  # fmt: skip
        return accepted(scene, "whiteout", (most,))
