"""What people do: poses by name, and which of their joints go on walking."""

from __future__ import annotations

from typing import Final

import numpy as np

from simgen.geometry import quat_conjugate, quat_from_axis_angle, quat_multiply
from simgen.records.base import F8
from simgen.shapes import cycle
from simgen.shapes.body import Body
from simgen.shapes.limb_pose import flexed, gripping, reaching

#: poses whose legs walk or run while the person moves
MOVING: Final = ("walk", "run", "push", "push_bicycle", "phone", "wave", "reach")
POSES: Final = (*MOVING, "stand", "sit", "crouch", "lie", "lie_on_side", "direct_traffic")
#: where somebody who pushes a bicycle walks, in its root frame: x, y (m)
BESIDE_BICYCLE: Final = (0.36, 0.5)
ARM_SPREAD_RAD, ELBOW_REST_RAD = float(np.radians(7.0)), float(np.radians(9.0))


def about(axis: str, degrees: float) -> F8:
    """A turn about an axis."""
    return quat_from_axis_angle(tuple(float(axis == n) for n in "xyz"), float(np.radians(degrees)))


def standing(elbow_rad: float = ELBOW_REST_RAD) -> dict[str, F8]:
    """Arms at the sides, fingers slightly curled."""
    pose: dict[str, F8] = gripping(0.25)
    for side, sign in (("left", 1.0), ("right", -1.0)):
        pose[f"{side}_upper_arm"] = about("x", sign * float(np.degrees(ARM_SPREAD_RAD)))
        pose[f"{side}_forearm"] = flexed(elbow_rad)
    return pose


def pose_of(body: Body, name: str, hip: F8) -> tuple[dict[str, F8], F8 | None, frozenset[str]]:
    """The pose, the whole body's turn (None = upright) and the arms' sides that keep still while the legs walk."""
    pose = standing()
    if name == "run":
        for side in ("left", "right"):
            pose[f"{side}_forearm"] = flexed(float(np.radians(85.0)))
        pose |= {"spine": about("y", 5.0), "chest": about("y", 4.0), "head": about("y", -6.0)} | gripping(0.8)
        return pose, None, frozenset()
    if name == "push_bicycle":
        return _beside_bicycle(body, hip, pose)
    if name in ("push", "phone", "wave", "direct_traffic"):
        return _arms(body, name, hip, pose)
    if name == "reach":
        return _reaching_over(body, hip, pose)
    if name in ("sit", "crouch"):
        return _low(name, pose), None, frozenset()
    if name in ("lie", "lie_on_side"):
        return _lying(name, pose)
    return pose, None, frozenset()


def _at(body: Body, hip: F8, sign: float, x: float, y: float, z: float) -> F8:
    """A point in arm's lengths from the shoulder (x ahead, y outwards, z up)."""
    arm = body.length("left_upper_arm") + body.length("left_forearm")
    shoulder = body.joint("left_upper_arm") - body.joint("pelvis")
    middle = hip + np.array([shoulder[0], sign * shoulder[1], shoulder[2]])
    return np.asarray(middle + arm * np.array([x, sign * y, z]))


def _arms(body: Body, name: str, hip: F8, pose: dict[str, F8]) -> tuple[dict[str, F8], None, frozenset[str]]:
    out = np.array([-0.3, 0.0, -1.0])
    if name == "push":
        for side, sign in (("left", 1.0), ("right", -1.0)):
            target = _at(body, hip, sign, 0.62, -0.05, -0.55)
            pose |= reaching(body, pose, hip, side, target, np.array([-0.5, 0.4 * sign, -1.0]), 1.3)
        return pose | gripping(0.9), None, frozenset({"left", "right"})
    if name == "phone":
        target = _at(body, hip, -1.0, 0.14, -0.2, 0.45)
        pose |= reaching(body, pose, hip, "right", target, np.array([0.4, -0.6, -1.0]))
        pose["head"] = about("x", 6.0)
        return pose | {k: v for k, v in gripping(0.6).items() if k.startswith("right")}, None, frozenset({"right"})
    if name == "wave":
        target = _at(body, hip, -1.0, 0.15, 0.35, 0.85)
        pose |= reaching(body, pose, hip, "right", target, np.array([0.0, -1.0, -0.4]), -1.2)
        return pose, None, frozenset({"right"})
    pose |= reaching(body, pose, hip, "left", _at(body, hip, 1.0, 0.1, 1.05, 0.02), out, 1.4)
    pose |= reaching(
        body, pose, hip, "right", _at(body, hip, -1.0, 0.45, 0.15, 0.75), np.array([0.0, -1.0, -0.6]), -1.3
    )
    return pose, None, frozenset({"left", "right"})


def _reaching_over(body: Body, hip: F8, pose: dict[str, F8]) -> tuple[dict[str, F8], None, frozenset[str]]:
    """Bent over a table, the right hand stretched out over what lies on it, palm down."""
    pose |= {"spine": about("y", 22.0), "chest": about("y", 12.0), "head": about("y", 8.0)}
    target = _at(body, hip, -1.0, 1.25, -0.12, -0.62)
    pose |= reaching(body, pose, hip, "right", target, np.array([-0.2, -0.6, -0.6]), 1.4)
    return pose | {k: v for k, v in gripping(0.2).items() if k.startswith("right")}, None, frozenset({"right"})


def _beside_bicycle(body: Body, hip: F8, pose: dict[str, F8]) -> tuple[dict[str, F8], None, frozenset[str]]:
    """The left hand on the bicycle's left grip, the right one on its saddle; it stands :data:`BESIDE_BICYCLE`."""
    x, y = BESIDE_BICYCLE
    grip = np.array([cycle.GRIP[0] - x, cycle.GRIP[1] - y, cycle.GRIP[2]])
    saddle = np.array([cycle.SADDLE[0] - 0.06 - x, 0.04 - y, cycle.SADDLE[1] + 0.07])
    pose |= reaching(body, pose, hip, "left", grip, np.array([-0.4, 0.6, -1.0]), 1.3)
    pose |= reaching(body, pose, hip, "right", saddle, np.array([-0.6, 0.2, -1.0]), 1.3)
    return pose | gripping(0.8), None, frozenset({"left", "right"})


def _low(name: str, pose: dict[str, F8]) -> dict[str, F8]:
    """Sitting on something, or squatting on the balls of the feet."""
    hip, knee, lean = (86.0, 88.0, 4.0) if name == "sit" else (112.0, 132.0, 30.0)
    for side, sign in (("left", 1.0), ("right", -1.0)):
        splay = about("z", sign * (5.0 if name == "sit" else 12.0))
        pose[f"{side}_thigh"] = quat_multiply(splay, flexed(float(np.radians(hip))))
        pose[f"{side}_shank"] = flexed(-float(np.radians(knee)))
        pose[f"{side}_foot"] = flexed(float(np.radians(2.0 if name == "sit" else -2.0)))
        pose[f"{side}_upper_arm"] = quat_multiply(flexed(float(np.radians(28.0 + lean))), about("x", sign * 9.0))
        pose[f"{side}_forearm"] = flexed(float(np.radians(48.0)))
    if name == "crouch":
        for side in ("left", "right"):
            pose[f"{side}_foot"] = flexed(float(np.radians(20.0)))
    return pose | {"spine": about("y", lean), "chest": about("y", 0.5 * lean), "head": about("y", -lean)}


def _lying(name: str, pose: dict[str, F8]) -> tuple[dict[str, F8], F8, frozenset[str]]:
    """On the back, arms beside, or on the left side with bent legs; the head points along -x."""
    back = about("y", -90.0)
    if name == "lie":
        for side, sign in (("left", 1.0), ("right", -1.0)):
            pose[f"{side}_upper_arm"] = about("x", sign * 24.0)
            pose[f"{side}_foot"] = quat_multiply(about("z", sign * 20.0), flexed(-float(np.radians(30.0))))
        return pose, back, frozenset()
    for side, bend in (("left", 35.0), ("right", 62.0)):
        pose[f"{side}_thigh"] = flexed(float(np.radians(bend)))
        pose[f"{side}_shank"] = flexed(-float(np.radians(1.3 * bend)))
        pose[f"{side}_upper_arm"] = flexed(float(np.radians(70.0 if side == "left" else 35.0)))
        pose[f"{side}_forearm"] = flexed(float(np.radians(60.0)))
    return pose, quat_multiply(about("x", -90.0), quat_conjugate(about("y", 90.0))), frozenset()
