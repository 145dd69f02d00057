"""A stop sign behind leaves or a parked van."""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import ClassVar, Literal

import numpy as np

from simgen import registry
from simgen.assembly import model_of
from simgen.assets.base import Asset
from simgen.edge_cases._ahead import Ahead, ahead_of, camera_of
from simgen.edge_cases._roadside import free_name
from simgen.edge_cases._seen import corners_of, seen_share, standing
from simgen.edge_cases._signpost import edge_lateral, eye_at, free_spot, when_away
from simgen.edge_cases._solve import accepted
from simgen.edge_cases.base import EdgeCase, Stage
from simgen.errors import UserError
from simgen.geometry import quat_from_yaw
from simgen.placement.ground import GroundHeight
from simgen.records.base import F8
from simgen.records.constraints import Constraint, Solution
from simgen.records.model import Quaternion, Vector3
from simgen.registry import param, register
from simgen.rng import child_seed, stream
from simgen.scene import Scene

#: of what is asked, what the outlines must show at most: pixels are coarse
_MARGIN = 0.6
#: a sign among plants stands this much farther from the road; the plants no nearer to it than that, m
_AMONG_M, _CLEAR_M = 0.6, 0.2

_Pose = tuple[Vector3, Quaternion]


@register("edge_case", "occluded_stop_sign")
@dataclass(frozen=True, kw_only=True)
class OccludedStopSign(EdgeCase):
    """A stop sign beside the ego's lane that leaves, or a van parked before it, hide until late.

    Asked: when the ego's nose is ``sight_m`` from it, the camera sees at most ``visible_fraction`` of the sign and its
    post. Where the bush, the tree or the van stands is searched with the true outlines of all that stands between: as
    far aside as still hides enough. At 50 km/h one stops within some 40 m; MUTCD 2A.16 wants signs clear of foliage.
    """

    tests: ClassVar[str] = "stop signs that show late and in parts: what a map, a stop line or caution must make up for"

    by: Literal["bush", "tree", "van"] = param("bush", doc="what hides it")
    visible_fraction: float = param(0.3, gt=0.0, le=0.9, doc="most that is seen of it at that distance")
    sight_m: float = param(18.0, ge=5.0, le=60.0, doc="from the ego's nose, at the instant that counts")
    at_s: float = param(1.5, ge=0.1, doc="that instant")
    size: Literal["small", "normal", "large"] = param("normal", doc="of the sign")
    set: Literal["vienna", "us"] = param("vienna", doc="whose signs")
    tolerance: float = param(0.05, gt=0.0, le=0.3, doc="more than that may be seen of it")
    camera: str = param("", doc="which camera; empty = the first on the ego", reference="sensor")
    name: str = param("", doc="name of the sign; default: stop_sign, numbered if there are more")

    def apply(self, scene: Scene, stage: Stage) -> Scene:
        """The scene with the sign and what hides it.

        Raises:
            UserError: there is no ego, lane or camera, no room beside the road, or nothing hides enough of it.
        """
        case = "occluded_stop_sign"
        ahead, camera = ahead_of(scene, stage.layout, case), camera_of(scene, case, self.camera)
        name = self.name or free_name("stop_sign", scene)
        scene, s = self._with_sign(scene, ahead, name)
        at_s = when_away(ahead, s, self.sight_m)
        eye = eye_at(ahead, scene, camera, at_s)
        chosen, tried = self._hidden(scene, ahead, name, eye, s, stage.seed)
        asked = Constraint(
            kind="visible_fraction",
            subject=name,
            other=camera.name,
            asked=self.visible_fraction,
            tolerance=self.tolerance,
            relation="at_most",
            time_s=at_s,
        )
        return accepted(chosen, case, (asked,), Solution(source=case, tried=tried))

    def _with_sign(self, scene: Scene, ahead: Ahead, name: str) -> tuple[Scene, float]:
        s = ahead.reached(self.at_s) + self.sight_m
        lateral = edge_lateral(ahead, min(s, ahead.route.length)) - (0.0 if self.by == "van" else _AMONG_M)
        position, quaternion = free_spot(ahead, scene, s, lateral, math.pi)
        sign = registry.get("asset", "traffic_sign")(kind="stop", size=self.size, set=self.set)
        found, _ = ahead.route.closest(np.array(position))
        return scene.add(
            name=name, asset=sign, position=position, quaternion=quaternion, physics="static", group=name
        ), float(found)

    def _hidden(self, scene: Scene, ahead: Ahead, name: str, eye: F8, s: float, seed: int) -> tuple[Scene, int]:
        """The placement that leaves most of the sign to be seen, of those that hide enough."""
        sign = scene.entity(name)
        corners = corners_of(model_of(sign.asset), sign.position, sign.quaternion)
        scenery = list(standing(scene, ahead.layout, eye, corners.reshape(-1, 3).mean(0), (name, "ego")))
        cover = free_name(f"{self.by}_before_sign", scene)
        found: list[tuple[float, Scene]] = []
        places = self._places(ahead, np.array(sign.position), eye, s, seed)
        for position, quaternion in places:
            asset = self._asset(seed)
            thing = corners_of(model_of(asset), position, quaternion)
            share = seen_share(corners, eye, [*scenery, thing])
            if share <= _MARGIN * self.visible_fraction:
                added = scene.add(
                    name=cover, asset=asset, position=position, quaternion=quaternion, physics="static", group=cover
                )
                found.append((share, added))
        if not found:
            raise UserError(
                f"occluded_stop_sign: no {self.by} hides enough of the sign from {self.sight_m:g} m; "
                "ask for a larger visible_fraction, another sight_m, or another 'by'"
            )
        return max(found, key=lambda pair: pair[0])[1], len(places)

    def _asset(self, seed: int) -> Asset:
        variant = child_seed(seed, "occluded_stop_sign", self.by) % 1000
        draw = stream(seed, "occluded_stop_sign", "size")
        if self.by == "van":
            van: Asset = registry.get("asset", "van")(height_m=2.6, color="fleet", variant=variant)
            return van
        tall = draw.uniform(3.0, 3.6) if self.by == "bush" else draw.uniform(4.0, 5.0)
        plant: Asset = registry.get("asset", self.by)(height_m=round(float(tall), 2), variant=variant)
        return plant

    def _places(self, ahead: Ahead, sign: F8, eye: F8, s: float, seed: int) -> list[_Pose]:
        if self.by == "van":
            return self._parked(ahead, s)
        away = (eye - sign)[:2] / np.hypot(*(eye - sign)[:2])
        draw = stream(seed, "occluded_stop_sign", "place")
        before = float(draw.uniform(0.9, 1.6))
        ground, found = GroundHeight(ahead.layout.map), []
        for aside in np.linspace(-1.6, 1.6, 13).tolist():
            x, y = (sign[:2] + before * away + aside * np.array([-away[1], away[0]])).tolist()
            if float(ahead.route.closest((x, y))[1]) > edge_lateral(ahead, s) - _CLEAR_M:
                continue
            w, qx, qy, qz = quat_from_yaw(float(draw.uniform(0.0, 6.28))).tolist()
            found.append(((x, y, ground.at(x, y)), (w, qx, qy, qz)))
        return found

    def _parked(self, ahead: Ahead, s: float) -> list[_Pose]:
        """Along the kerb, ever farther before the sign."""
        model = model_of(self._asset(0))
        found = []
        for gap in np.arange(0.3, 9.0, 0.5).tolist():
            at = s - gap - 0.5 * model.size[0] - model.box_center[0]
            lateral = edge_lateral(ahead, s) + 0.6 + 0.2 + 0.5 * model.size[1]
            found.append(ahead.place(at, lateral))
        return found
