"""Robots by name: arms and mobile bases."""

from __future__ import annotations

import math
from collections.abc import Mapping
from dataclasses import dataclass, replace
from functools import cache
from typing import Final

import numpy as np

from simgen.assets._description import Part, build_described, find_file, in_order, posed
from simgen.assets.base import Asset
from simgen.assets.urdf import parse_urdf
from simgen.errors import UserError
from simgen.records.model import Joint, Model
from simgen.registry import param, register
from simgen.shapes.lattice import loft, revolve
from simgen.shapes.primitives import box, cylinder, rounded_rectangle
from simgen.shapes.thing import BLACK, Thing


@dataclass(frozen=True, kw_only=True)
class _Arm:
    """A description among PyBullet's data, its hinges' named poses (deg), and how its fingers stand open (m)."""

    path: str
    poses: Mapping[str, tuple[float, ...]]
    open_m: float = 0.0


_ARMS: Final[dict[str, _Arm]] = {
    "panda": _Arm(
        path="franka_panda/panda.urdf",
        poses={
            "home": (0.0, -45.0, 0.0, -135.0, 0.0, 90.0, 45.0),
            "reach": (0.0, 35.0, 0.0, -75.0, 0.0, 110.0, 45.0),
            "tucked": (0.0, -80.0, 0.0, -165.0, 0.0, 95.0, 45.0),
        },
        open_m=0.04,
    ),
    "kuka": _Arm(
        path="kuka_iiwa/model.urdf",
        poses={
            "home": (0.0, 20.0, 0.0, -95.0, 0.0, 65.0, 0.0),
            "reach": (0.0, 60.0, 0.0, -60.0, 0.0, 60.0, 0.0),
            "tucked": (0.0, -30.0, 0.0, -118.0, 0.0, 85.0, 0.0),
        },
    ),
    "xarm": _Arm(
        path="xarm/xarm6_robot_white.urdf",
        poses={
            "home": (0.0, -20.0, -50.0, 0.0, 70.0, 0.0),
            "reach": (0.0, 40.0, -70.0, 0.0, 30.0, 0.0),
            "tucked": (0.0, -60.0, -20.0, 0.0, 80.0, 0.0),
        },
    ),
}
#: the radius of the wheels of a base, m
_WHEELS: Final = {"husky": 0.17775}
KINDS: Final = (*_ARMS, "husky", "kiva")
POSES: Final = ("home", "reach", "tucked", "zero")


@register("asset", "robot")
@dataclass(frozen=True, kw_only=True)
class Robot(Asset):
    """A robot by its name (class robot): the arms panda, kuka (LBR iiwa) and xarm, the bases husky and kiva.

    All but kiva are read from the URDF files among PyBullet's data, with their joints, limits and collision meshes.
    Kiva (a drive unit that lifts shelves) is drawn here: 0.76 x 0.64 x 0.41 m, 140 kg. An arm's origin is its flange:
    place it on a stand or a table. Joints hold ``pose`` or ``joints_deg``; behaviours ``joint_keyframes`` and
    ``joint_sweep`` move them. Bases drive with any behaviour that moves an actor, their wheels turning.
    """

    kind: str = param("panda", doc="which robot", choices=KINDS)
    pose: str = param("home", doc="a named pose of an arm", choices=POSES)
    joints_deg: tuple[float, ...] = param((), doc="angles of the hinges from the base up, instead of the pose")
    open_share: float = param(1.0, ge=0.0, le=1.0, doc="how far a gripper's fingers stand open")

    def __post_init__(self) -> None:
        if self.joints_deg and self.kind not in _ARMS:
            raise UserError(f"robot: {self.kind} has no arm; remove joints_deg")
        if self.joints_deg and len(self.joints_deg) != len(_ARMS[self.kind].poses["home"]):
            count = len(_ARMS[self.kind].poses["home"])
            raise UserError(f"robot: {self.kind} has {count} hinges, so joints_deg needs {count} angles")

    def build(self) -> Model:
        """Parse and pose, or draw."""
        if self.kind == "kiva":
            return _kiva()
        arm = _ARMS.get(self.kind)
        parts, model = _described("husky/husky.urdf" if arm is None else arm.path)
        rest: dict[str, float] = {}
        if arm is not None and (self.joints_deg or self.pose != "zero"):
            angles = self.joints_deg or arm.poses[self.pose]
            hinges = [part for part in parts if part.kind == "hinge"]
            rest = {part.name: math.radians(a) for part, a in zip(hinges, angles, strict=True)}
            for part, angle in zip(hinges, angles, strict=True):
                low, high = (math.degrees(b) for b in part.limits)
                if not low - 0.5 <= angle <= high + 0.5:
                    raise UserError(f"robot: {part.name} turns from {low:.0f} to {high:.0f} deg, not to {angle:g}")
        if arm is not None:
            rest |= {part.name: arm.open_m * self.open_share for part in parts if part.kind == "slide"}
        return replace(_wheeled(posed(model, parts, rest), _WHEELS.get(self.kind, 0.0)), name=self.kind)


@cache
def _described(path: str) -> tuple[tuple[Part, ...], Model]:
    """The parts and the model at zero: meshes are read once, whatever the pose."""
    file = find_file(path, "robot")
    parts = in_order(parse_urdf(file), "robot")
    return tuple(parts), build_described("robot", file, parts, "robot", 1.0)


def _wheeled(model: Model, radius: float) -> Model:
    """With hinges that are wheels turning by the way travelled."""
    if not radius:
        return model
    spin = Joint(kind="wheel", axis=(0.0, 1.0, 0.0), radius_m=radius)
    links = [replace(link, joint=spin) if link.joint.kind == "hinge" else link for link in model.links]
    return replace(model, links=tuple(links))


def _kiva() -> Model:
    """An orange box on a dark skirt, a lifting disc on top, lamps and a bumper."""
    thing = Thing("robot")
    orange = thing.matter((0.72, 0.17, 0.015), 0.4, clearcoat=0.6)
    dark, grey = thing.matter(BLACK, 0.6), thing.metal((0.4, 0.4, 0.4), 0.4)

    def ring(k: float, z: float) -> np.ndarray[tuple[int, ...], np.dtype[np.float64]]:
        return np.concatenate([rounded_rectangle(k * 0.76, k * 0.64, 0.1), np.full((20, 1), z)], 1)

    thing.add(loft(np.stack([ring(0.97, 0.0), ring(0.985, 0.03), ring(0.985, 0.11)])), dark, smooth_deg=30.0)
    thing.add(loft(np.stack([ring(1.0, 0.11), ring(1.0, 0.31), ring(0.96, 0.34)])), orange, smooth_deg=35.0)
    disc = [[0.0, 0.33], [0.24, 0.33], [0.25, 0.36], [0.25, 0.4], [0.24, 0.41], [0.0, 0.41]]
    thing.add(revolve(np.array(disc), 36), grey, smooth_deg=30.0)
    for y in (-0.2, 0.0, 0.2):
        thing.add(
            box((0.012, 0.06, 0.03), 0.004).moved((0.379, y, 0.2)), thing.matter((0.01, 0.05, 0.02), 0.1), solid="none"
        )
    stop = cylinder(0.022, 0.02, 18, 0.003).moved((0.3, 0.22, 0.345))
    thing.add(stop, thing.matter((0.45, 0.01, 0.01), 0.4))
    return thing.model("kiva", 140.0, friction=0.6, restitution=0.0)
