"""Somebody comes towards the ego with main beams, on a wet road at night."""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import ClassVar

from simgen import registry
from simgen.assembly import model_of
from simgen.edge_cases._ahead import Ahead, ahead_of, camera_of
from simgen.edge_cases._roadside import free_name
from simgen.edge_cases._solve import accepted
from simgen.edge_cases.base import EdgeCase, Stage
from simgen.errors import UserError
from simgen.geometry import quat_from_yaw
from simgen.placement.ground import GroundHeight
from simgen.polyline import Polyline
from simgen.records.base import F8
from simgen.records.constraints import Constraint
from simgen.records.roads import Lane
from simgen.registry import param, register
from simgen.scene import Scene

#: daylight above which nobody is blinded, lx
_NIGHT_LUX = 30.0


@register("edge_case", "headlight_glare_in_rain")
@dataclass(frozen=True, kw_only=True)
class HeadlightGlareInRain(EdgeCase):
    """An oncoming vehicle keeps its main beams on, at night and in the rain: the wet road throws them up once more.

    It drives in the lane beside the ego's that comes the other way. Asked: ``distance_m`` between the two at ``at_s``,
    ``rain_mm_h`` then, and at least ``clipped_share`` of the camera's picture white. Rain of ``rate_mm_h`` is added
    unless the scene has rain. Main beams have 40 to 215 kcd (UN R112); glare at night: CIE 31-1976. Units: m, s, mm/h.
    """

    tests: ClassVar[str] = "night vision against main beams that rain, wet road and lens spread over the picture"

    asset: str = param("sedan", doc="asset that comes, a vehicle with lights", reference="asset")
    distance_m: float = param(25.0, ge=5.0, le=120.0, doc="between both at that instant")
    at_s: float = param(1.5, ge=0.1, doc="that instant")
    speed_m_s: float = param(11.0, ge=0.0, le=45.0, doc="of the vehicle that comes")
    rate_mm_h: float = param(8.0, ge=0.5, le=100.0, doc="rain, where the scene has none")
    clipped_share: float = param(0.002, gt=0.0, le=0.9, doc="least share of the picture that is white then")
    tolerance_m: float = param(1.5, gt=0.0, doc="largest deviation of the distance")
    camera: str = param("", doc="which camera; empty = the first on the ego", reference="sensor")
    name: str = param("", doc="name of the new actor; default: oncoming, numbered if there are more")

    def prepare(self, scene: Scene, seed: int) -> Scene:
        """The scene in the rain.

        Raises:
            UserError: it is day.
        """
        if scene.light.field().horizontal_lux > _NIGHT_LUX:
            raise UserError("headlight_glare_in_rain: it is not dark; choose a light by night")
        known = {part.plugin_name for effect in scene.weather for part in effect.members()}
        if known & {"rain", "change"}:
            return scene
        rain = registry.get("weather", "rain")(rate_mm_h=self.rate_mm_h)
        return scene.replace(weather=(*scene.weather, rain))

    def apply(self, scene: Scene, stage: Stage) -> Scene:
        """The scene with the oncoming vehicle.

        Raises:
            UserError: there is no ego, camera or lane the other way, or that lane is too short.
        """
        case = "headlight_glare_in_rain"
        ahead, camera = ahead_of(scene, stage.layout, case), camera_of(scene, case, self.camera)
        name = self.name or free_name("oncoming", scene)
        scene = self._with_oncoming(scene, ahead, name)
        asked = (
            Constraint(
                kind="distance_m", subject="ego", other=name, asked=self.distance_m, tolerance=self.tolerance_m,
                time_s=self.at_s,
            ),
            Constraint(
                kind="rain_mm_h", subject="ego", asked=0.5, tolerance=0.0, relation="at_least", time_s=self.at_s
            ),
            Constraint(
                kind="clipped_share", subject=camera.name, asked=self.clipped_share,
                tolerance=0.1 * self.clipped_share, relation="at_least", time_s=self.at_s,
            ),
        )  # fmt: skip
        return accepted(scene, case, asked)

    def _with_oncoming(self, scene: Scene, ahead: Ahead, name: str) -> Scene:
        asset = registry.get("asset", self.asset)(lights="high")
        nose = ahead.reached(self.at_s)
        # noses lie a lane apart: the boxes' gap is the hypotenuse
        meets = ahead.route.at(min(nose + self.distance_m, ahead.route.length))
        lane = _against(ahead, meets, float(ahead.route.heading(min(nose, ahead.route.length))))
        line = Polyline(lane.centerline)
        model = model_of(asset)
        front = 0.5 * model.size[0] + model.box_center[0]
        at, _ = line.closest(meets)
        start = float(at) - front - self.speed_m_s * self.at_s
        if start < 0.0:
            raise UserError(
                f"headlight_glare_in_rain: the lane {lane.name!r} is too short for a vehicle that comes at "
                f"{self.speed_m_s:g} m/s; give a lower speed_m_s, a shorter at_s, or a longer road"
            )
        x, y, _ = line.at(start).tolist()
        w, qx, qy, qz = quat_from_yaw(float(line.heading(start))).tolist()
        behaviour = registry.get("behaviour", "follow_lane")(speed_m_s=max(self.speed_m_s, 0.01), heeds_others=False)
        return scene.add(
            name=name,
            asset=asset,
            behaviour=behaviour,
            position=(x, y, GroundHeight(ahead.layout.map).at(x, y)),
            quaternion=(w, qx, qy, qz),
            lane=lane.name,
            group=name,
        )


def _against(ahead: Ahead, place: F8, heading: float) -> Lane:
    """The nearest lane that comes the other way.

    Raises:
        UserError: there is none within 12 m.
    """
    found: list[tuple[float, Lane]] = []
    for lane in ahead.layout.map.lanes:
        if lane.kind != "driving":
            continue
        line = Polyline(lane.centerline)
        s, lateral = line.closest(place)
        if math.cos(float(line.heading(s)) - heading) < -0.8 and 1.0 < s < line.length - 1.0:
            found.append((abs(float(lateral)), lane))
    near = [pair for pair in found if pair[0] < 12.0]
    if not near:
        raise UserError("headlight_glare_in_rain: no lane beside the ego's comes the other way; choose a two-way road")
    return min(near, key=lambda pair: pair[0])[1]
