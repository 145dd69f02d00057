"""The sun stands low, straight ahead of the ego."""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import ClassVar

import numpy as np

from simgen.edge_cases._ahead import Ahead, ahead_of, camera_of
from simgen.edge_cases._seen import seen_share, standing
from simgen.edge_cases._signpost import eye_at
from simgen.edge_cases._solve import accepted
from simgen.edge_cases._sun_time import standing_at
from simgen.edge_cases.base import EdgeCase, Stage
from simgen.errors import UserError
from simgen.light.sun_sky import SunSky
from simgen.records.base import F8
from simgen.records.constraints import Constraint, Solution
from simgen.registry import param, register
from simgen.scene import Scene

#: heights above the horizon that are tried, deg, until nothing hides the sun
_STEP_DEG, _TRIES = 1.0, 7
#: how far away a stand-in for the sun is, and how large, m: 0.5 degrees
_FAR_M, _HALF_M = 400.0, 1.8
#: clouds that leave the sun in a gap
_CLOUDY = 0.3


@register("edge_case", "low_sun_glare")
@dataclass(frozen=True, kw_only=True)
class LowSunGlare(EdgeCase):
    """The sun stands a few degrees over the horizon and within a few degrees of the ego's heading: it blinds cameras.

    Day and time are found for which that is so where the light says it is (latitude, longitude), for the ego's heading
    at ``at_s``; height is raised until no house or tree that stands still hides the sun. Asked: then at least
    ``clipped_share`` of the camera's picture is white (``clipped_share``). Sun low ahead raises the odds of serious
    crashes by some 16 % (Redelmeier and Raza 2017, Medicine 96, e5857, bright sunlight). Units: deg, s.
    """

    tests: ClassVar[str] = "seeing lights, people and lanes with the sun in the lens, and knowing when one cannot"

    elevation_deg: float = param(4.0, ge=1.0, le=25.0, doc="least height of the sun's middle over the horizon")
    aside_deg: float = param(0.0, ge=-25.0, le=25.0, doc="from the ego's heading, to the left positive")
    at_s: float = param(1.0, ge=0.0, doc="for the heading of this instant")
    clipped_share: float = param(0.01, gt=0.0, le=0.9, doc="least share of the picture that is white then")
    camera: str = param("", doc="which camera; empty = the first on the ego", reference="sensor")

    def apply(self, scene: Scene, stage: Stage) -> Scene:
        """The scene at the time at which the sun stands there.

        Raises:
            UserError: there is no ego, lane or camera, the light has no time, clouds hide the sun, it never stands
                there, or houses hide it.
        """
        light = scene.light
        if not isinstance(light, SunSky):
            raise UserError("low_sun_glare: the light must be sun_sky, whose time can be chosen")
        if light.cloud_cover > _CLOUDY:
            raise UserError(f"low_sun_glare: clouds hide the sun; give cloud_cover at most {_CLOUDY:g}")
        ahead, camera = ahead_of(scene, stage.layout, "low_sun_glare"), camera_of(scene, "low_sun_glare", self.camera)
        s = ahead.reached(self.at_s)
        heading = float(ahead.route.heading(min(s, ahead.route.length))) + math.radians(self.aside_deg)
        eye = eye_at(ahead, scene, camera, self.at_s)
        height, tried = self._free_height(scene, ahead, eye, heading)
        found = standing_at(light, 0.5 * math.pi - heading, height)
        asked = Constraint(
            kind="clipped_share",
            subject=camera.name,
            asked=self.clipped_share,
            tolerance=0.1 * self.clipped_share,
            relation="at_least",
            time_s=self.at_s,
        )
        return accepted(
            scene.replace(light=found), "low_sun_glare", (asked,), Solution(source="low_sun_glare", tried=tried)
        )

    def _free_height(self, scene: Scene, ahead: Ahead, eye: F8, heading: float) -> tuple[float, int]:
        """The lowest height, rad, at which nothing that stands still hides the sun from there."""
        for k in range(_TRIES):
            height = math.radians(self.elevation_deg + k * _STEP_DEG)
            disc = _disc(eye, heading, height)
            others = list(standing(scene, ahead.layout, eye, disc[0].mean(0), ("ego",)))
            if seen_share(disc, eye, others) > 0.9:
                return height, k + 1
        raise UserError(
            f"low_sun_glare: houses or trees hide the sun up to {self.elevation_deg + _TRIES:.0f} degrees; choose "
            "another world, lane or start, or a larger elevation_deg"
        )


def _disc(eye: F8, heading: float, height: float) -> F8:
    """A triangle as large as the sun, far away where it stands, (1, 3, 3)."""
    across = math.cos(height)
    target = eye + _FAR_M * np.array([across * math.cos(heading), across * math.sin(heading), math.sin(height)])
    left = _HALF_M * np.array([-math.sin(heading), math.cos(heading), 0.0])
    return np.stack([target + left, target - left, target + np.array([0.0, 0.0, _HALF_M])])[None]
