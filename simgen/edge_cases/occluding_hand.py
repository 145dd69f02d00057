"""A person reaches over the table: arm and hand hide the object from the camera."""

from __future__ import annotations

import math
from collections.abc import Iterator
from dataclasses import dataclass
from typing import ClassVar

import numpy as np

from simgen import registry
from simgen.assembly import model_of, rest_pose
from simgen.assets.base import Asset
from simgen.edge_cases._bench import carrier_of, pose_of
from simgen.edge_cases._ground_way import refuse_crossing, refuse_outside
from simgen.edge_cases._roadside import free_name
from simgen.edge_cases._sight import camera_of
from simgen.edge_cases._snapshot import seen_at_rest
from simgen.edge_cases._solve import RejectedError, accepted
from simgen.edge_cases._way import group_of
from simgen.edge_cases.base import EdgeCase, Stage
from simgen.errors import UserError
from simgen.geometry import quat_from_yaw, quat_rotate, transform
from simgen.records.base import F8
from simgen.records.constraints import Constraint, Solution
from simgen.registry import param, register
from simgen.rng import stream
from simgen.scene import Entity, Scene
from simgen.sensors._depth_camera import DepthCamera
from simgen.sensors.base import Sensor
from simgen.sensors.camera import Camera

#: how far back the person starts, m
_BACK_M = 1.1
_TRIES = 40


@dataclass(frozen=True, kw_only=True)
class _Stance:
    """Where somebody stands who reaches."""

    x: float
    y: float
    yaw: float

    def back(self, by_m: float) -> tuple[float, float, float]:
        return (self.x - by_m * math.cos(self.yaw), self.y - by_m * math.sin(self.yaw), 0.0)


@register("edge_case", "occluding_hand")
@dataclass(frozen=True, kw_only=True)
class OccludingHand(EdgeCase):
    """Somebody steps up to a table with an arm stretched out over it, between a camera and an object.

    Asked: ``visible_fraction`` of the object in the camera, at most, when the hand is there, and at least 0.7 at the
    start. The side and the place are found with rays into the very bodies. The hand stays. Units: s.
    """

    tests: ClassVar[str] = "keeping track of an object that a hand or an arm hides"

    target: str = param(doc="what is hidden: a name or a group", reference="entity")
    sensor: str = param("", doc="the camera; empty = the scene's first", reference="sensor")
    visible_fraction: float = param(0.3, ge=0.0, le=0.8, doc="how much of it is seen behind the hand, at most")
    at_s: float = param(1.5, ge=0.6, le=60.0, doc="when the hand is there")
    speed_m_s: float = param(1.0, ge=0.3, le=2.0, doc="how fast the person steps up")
    variant: int = param(3, ge=0, doc="which person")
    name: str = param("", doc="the person's name; default: occluding_hand, numbered if there are more")

    def apply(self, scene: Scene, stage: Stage) -> Scene:
        """The scene with the person in it.

        Raises:
            UserError: there is no camera or object, the clip is too short, or no arm reaches between them.
        """
        if self.at_s > scene.clock.duration_s:
            raise UserError("occluding_hand: at_s is past the clip's end: lengthen clock.duration_s")
        camera = camera_of(scene, self.sensor, "occluding_hand", (Camera, DepthCamera))
        target = group_of(scene, self.target, "occluding_hand")[0]
        name = self.name or free_name("occluding_hand", scene)
        asset = registry.get("asset", "pedestrian")(variant=self.variant, pose="reach")
        why: dict[str, int] = {}
        for tried, stance in enumerate(self._stances(scene, stage, camera, target, asset)):
            try:
                changed = self._reaching(scene, stage, camera, target, name, asset, stance)
            except RejectedError as reason:
                why[str(reason)] = why.get(str(reason), 0) + 1
                continue
            solution = Solution(source="occluding_hand", tried=tried + 1, rejected=tuple(why.items()))
            return accepted(changed, "occluding_hand", self._asked(target.name, camera.name), solution)
        shown = "; ".join(f"{reason} ({count} times)" for reason, count in why.items())
        raise UserError(f"occluding_hand: no arm hides {target.name!r}: {shown}; put it nearer to the support's edge")

    def _stances(self, scene: Scene, stage: Stage, camera: Sensor, target: Entity, asset: Asset) -> Iterator[_Stance]:
        """From any side, so that the hand is about on the line of sight."""
        draw = stream(stage.seed, "occluding_hand")
        eye, _ = pose_of(scene, camera)
        position, quaternion = carrier_of(scene, target.name)
        middle = transform(position, quaternion, np.array(model_of(target.asset).box_center))
        hand = _hand(asset)
        share = min(max((eye[2] - hand[2]) / max(eye[2] - middle[2], 1e-3), 0.0), 1.0)
        over = eye + share * (middle - eye)
        for _ in range(_TRIES):
            yaw, (dx, dy) = float(draw.uniform(-math.pi, math.pi)), draw.normal(0.0, 0.04, 2).tolist()
            # the forearm hides as well as the hand: it may reach past
            past = float(draw.uniform(0.0, 0.12))
            away = quat_rotate(quat_from_yaw(yaw), np.array([hand[0] - past, hand[1], 0.0]))
            yield _Stance(x=float(over[0] - away[0]) + dx, y=float(over[1] - away[1]) + dy, yaw=yaw)

    def _reaching(
        self, scene: Scene, stage: Stage, camera: Sensor, target: Entity, name: str, asset: Asset, stance: _Stance
    ) -> Scene:
        """The scene with the person coming to that stance.

        Raises:
            RejectedError: the way is not free, or the object is not hidden there, or hidden before.
        """
        here, there = np.array(stance.back(_BACK_M)), np.array(stance.back(0.0))
        refuse_outside(stage.layout, here)
        w, x, y, z = quat_from_yaw(stance.yaw).tolist()
        begun = max(self.at_s - 0.2 - _BACK_M / self.speed_m_s, 0.0)
        behaviour = registry.get("behaviour", "keyframes")(
            times_s=(begun, begun + _BACK_M / self.speed_m_s),
            positions_m=(stance.back(_BACK_M), stance.back(0.0)),
            yaw_deg=(math.degrees(stance.yaw),) * 2,
        )
        common = {"name": name, "asset": asset, "quaternion": (w, x, y, z), "group": name}
        changed = scene.add(position=stance.back(_BACK_M), behaviour=behaviour, **common)
        refuse_crossing(changed, name, here, there, 0.22)
        arrived = scene.add(position=stance.back(0.0), **common)
        if self._seen(arrived, stage, camera, target) > self.visible_fraction - 0.04:
            raise RejectedError("it is not hidden enough")
        if self._seen(changed, stage, camera, target) < 0.75:
            raise RejectedError("it is hidden from the start")
        return changed

    def _seen(self, scene: Scene, stage: Stage, camera: Sensor, target: Entity) -> float:
        return seen_at_rest(scene, stage, camera, [target.name])[target.name].visible_fraction

    def _asked(self, target: str, camera: str) -> tuple[Constraint, ...]:
        return (
            Constraint(
                kind="visible_fraction", subject=target, other=camera, asked=self.visible_fraction, tolerance=0.03,
                relation="at_most", time_s=self.at_s,
            ),
            Constraint(
                kind="visible_fraction", subject=target, other=camera, asked=0.7, tolerance=0.03, relation="at_least",
                time_s=0.0,
            ),
        )  # fmt: skip


def _hand(asset: Asset) -> F8:
    """Where the right hand of somebody who reaches is, in the root frame."""
    model = model_of(asset)
    index = next(k for k, link in enumerate(model.links) if link.name == "right_forearm")
    mesh = model.links[index].mesh
    assert mesh is not None
    arm = transform(*rest_pose(model, index), np.asarray(mesh.vertices, np.float64))
    # the hand is what is farthest ahead
    return np.asarray(arm[arm[:, 0] > float(np.quantile(arm[:, 0], 0.6))].mean(0), np.float64)
