"""A stop sign that somebody has sprayed, stickered, shot at or bent."""

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
from simgen.records.constraints import Constraint, Solution
from simgen.registry import param, register
from simgen.rng import child_seed
from simgen.scene import Scene
from simgen.sensors.camera import Camera

#: tried this far along the road from where it was meant to stand, until scenery leaves a free view, m
_SHIFTS = (0.0, 4.0, -4.0, 8.0, -8.0, 12.0, 16.0)


@register("edge_case", "defaced_stop_sign")
@dataclass(frozen=True, kw_only=True)
class DefacedStopSign(EdgeCase):
    """A stop sign beside the ego's lane, whole but for what people did to it: in full view, and hard to tell.

    Asked: when the ego's nose is ``sight_m`` from it the camera sees at least ``visible_fraction`` of the sign, and at
    some time at least ``pixels`` of it: what is hard is the picture on it alone. Stickers on stop signs fool
    classifiers (Eykholt et al., CVPR 2018, Robust Physical-World Attacks).
    """

    tests: ClassVar[str] = "signs told by shape and place where their picture is sprayed, stickered, shot or bent"

    how: Literal["stickers", "spray", "shots", "bent", "all"] = param("spray", doc="what was done to it")
    share: float = param(0.8, gt=0.0, le=1.0, doc="how badly, of the worst")
    sight_m: float = param(14.0, ge=5.0, le=60.0, doc="from the ego's nose, at the instant that counts")
    at_s: float = param(1.5, ge=0.1, doc="that instant")
    visible_fraction: float = param(0.8, gt=0.0, le=1.0, doc="least that is seen of it then")
    pixels: float = param(100.0, ge=1.0, doc="least that the camera sees of it at once")
    set: Literal["vienna", "us"] = param("vienna", doc="whose signs")
    camera: str = param("", doc="which camera; empty = the first on the ego", reference="sensor")
    name: str = param("", doc="name of the sign; default: stop_sign, numbered if there are more")

    def apply(self, scene: Scene, stage: Stage) -> Scene:
        """The scene with the sign.

        Raises:
            UserError: there is no ego, lane or camera, or no free view of any place beside the road.
        """
        case = "defaced_stop_sign"
        ahead, camera = ahead_of(scene, stage.layout, case), camera_of(scene, case, self.camera)
        name = self.name or free_name("stop_sign", scene)
        scene, at_s, tried = self._in_view(scene, ahead, camera, name, stage.seed)
        asked = (
            Constraint(
                kind="visible_fraction", subject=name, other=camera.name, asked=self.visible_fraction, tolerance=0.05,
                relation="at_least", time_s=at_s,
            ),
            Constraint(
                kind="pixels", subject=name, other=camera.name, asked=self.pixels, tolerance=0.0, relation="at_least"
            ),
        )  # fmt: skip
        return accepted(scene, case, asked, Solution(source=case, tried=tried))

    def _in_view(self, scene: Scene, ahead: Ahead, camera: Camera, name: str, seed: int) -> tuple[Scene, float, int]:
        """The sign at the first place beside the road that nothing hides."""
        for tried, shift in enumerate(_SHIFTS, 1):
            s = ahead.reached(self.at_s) + self.sight_m + shift
            position, quaternion = free_spot(ahead, scene, s, edge_lateral(ahead, min(s, ahead.route.length)), math.pi)
            added = scene.add(
                name=name, asset=self._sign(seed), position=position, quaternion=quaternion, physics="static",
                group=name,
            )  # fmt: skip
            found, _ = ahead.route.closest(np.array(position))
            at_s = when_away(ahead, float(found), self.sight_m)
            eye = eye_at(ahead, scene, camera, at_s)
            sign = added.entity(name)
            corners = corners_of(model_of(sign.asset), sign.position, sign.quaternion)
            others = list(standing(added, ahead.layout, eye, corners.reshape(-1, 3).mean(0), (name, "ego")))
            if seen_share(corners, eye, others) >= 0.5 * (1.0 + self.visible_fraction):
                return added, at_s, tried
        raise UserError(
            "defaced_stop_sign: scenery or parked vehicles hide the sign wherever it could stand; choose another "
            "world, lane or start (at_m), or ask for a smaller visible_fraction"
        )

    def _sign(self, seed: int) -> Asset:
        variant = 1 + child_seed(seed, "defaced_stop_sign") % 10_000
        share = self.share
        what = {
            "stickers": {"defaced_share": share, "faded_share": 0.3 * share},
            "spray": {"sprayed_share": share},
            "shots": {"shots": 3 + round(22 * share), "faded_share": 0.4 * share},
            "bent": {"bent_share": share, "dirty_share": 0.4 * share},
            "all": {
                "defaced_share": 0.6 * share, "sprayed_share": share, "shots": round(12 * share),
                "bent_share": 0.5 * share, "dirty_share": 0.5 * share,
            },
        }[self.how]  # fmt: skip
        sign: Asset = registry.get("asset", "traffic_sign")(kind="stop", set=self.set, variant=variant, **what)
        return sign
