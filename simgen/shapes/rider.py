"""A seated cyclist: pose and pedalling solved from the bicycle's saddle, grips and cranks."""

from __future__ import annotations

from collections.abc import Mapping

import numpy as np

from simgen.geometry import cross, normalized, quat_conjugate, quat_from_matrix, quat_multiply, quat_rotate
from simgen.records.base import F8
from simgen.records.model import Joint, Model, Quaternion, Vector3
from simgen.shapes import cycle
from simgen.shapes.finish import finished
from simgen.shapes.gait import SAMPLES, gait_joint, leg_angles
from simgen.shapes.human import EXTRA, Proportions
from simgen.shapes.person import Clothes, Skeleton, as_quaternion, parts, turned
from simgen.shapes.primitives import ellipsoid
from simgen.shapes.soup import Soup, join

LEAN_RAD = float(np.radians(32.0))
#: pitch of the sole while pedalling (toes down), mean and swing
FOOT_MEAN_RAD, FOOT_SWING_RAD = float(np.radians(-14.0)), float(np.radians(8.0))


def hip_point(p: Proportions) -> F8:
    """The middle of the hip joints over the saddle."""
    return np.array([cycle.SADDLE[0] + 0.005, 0.0, cycle.SADDLE[1] + 0.052 * p.wide])


def pedalling(p: Proportions, left: bool) -> tuple[F8, F8, F8]:
    """Hip, knee and ankle angles over a turn of the crank, radians, SAMPLES each; the hip's from straight down.

    The crank turns forward (top towards the front); at phase 0 the left crank points ahead. The pedal's axle sits
    under the ball of the foot.
    """
    turn = 2.0 * np.pi * np.arange(SAMPLES) / SAMPLES + (0.0 if left else np.pi)
    x = cycle.BOTTOM_BRACKET[0] + cycle.CRANK * np.cos(turn)
    z = cycle.BOTTOM_BRACKET[1] - cycle.CRANK * np.sin(turn)
    pitch = FOOT_MEAN_RAD - FOOT_SWING_RAD * np.cos(turn - np.pi)
    ball_x, ball_z = 0.062 * p.height, -p.foot - 0.02
    ankle_x = x - (ball_x * np.cos(pitch) - ball_z * np.sin(pitch))
    ankle_z = z - (ball_x * np.sin(pitch) + ball_z * np.cos(pitch))
    hip = hip_point(p)
    flex, knee = leg_angles(ankle_x - hip[0], ankle_z - hip[2], p.thigh, p.shank)
    return flex, knee, pitch - (flex - knee)


def arm_pose(p: Proportions, sign: float) -> tuple[Quaternion, Quaternion]:
    """Turns of upper arm (in the torso's frame) and forearm that put the fist on the grip, elbow down and out."""
    torso = np.array(turned(((0.0, 1.0, 0.0), LEAN_RAD)))
    y, z = p.shoulder
    shoulder = hip_point(p) + quat_rotate(torso, np.array([-0.005 * p.height, sign * y, z]))
    grip = np.array([cycle.GRIP[0], sign * cycle.GRIP[1], cycle.GRIP[2] + 0.03])
    reach = grip - shoulder
    far = float(np.sqrt((reach * reach).sum()))
    upper, fore = p.upper_arm, p.forearm + 0.05 * p.height
    distance = min(far, 0.995 * (upper + fore))
    along = normalized(reach)
    bend = normalized(np.array([-0.2, 0.55 * sign, -1.0]))
    side = normalized(bend - along * (bend * along).sum())
    cosine = (upper**2 + distance**2 - fore**2) / (2.0 * upper * distance)
    elbow = shoulder + along * upper * cosine + side * upper * np.sqrt(max(1.0 - cosine**2, 0.0))
    world_upper = _hanging(elbow - shoulder)
    world_fore = _hanging(grip - elbow)
    return (
        as_quaternion(quat_multiply(quat_conjugate(torso), world_upper)),
        as_quaternion(quat_multiply(quat_conjugate(world_upper), world_fore)),
    )


def _hanging(direction: F8) -> F8:
    """The turn that takes "down" to a direction and keeps x as far forward as can be."""
    up = -normalized(direction)
    left = normalized(cross(up, np.array([1.0, 0.0, 0.35])))
    return quat_from_matrix(np.stack([cross(left, up), left, up], axis=-1))


def rider_joints(p: Proportions) -> tuple[Mapping[str, Joint], Mapping[str, float]]:
    """Pedalling joints by link name, and the angles at rest (cranks level) that they are measured from."""
    joints: dict[str, Joint] = {}
    rest: dict[str, float] = {}
    back: Vector3 = (0.0, 1.0, 0.0)
    forward: Vector3 = (0.0, -1.0, 0.0)
    for side in ("left", "right"):
        hip, knee, ankle = pedalling(p, side == "left")
        for name, values, axis in (("thigh", hip, forward), ("shank", knee, back), ("foot", ankle, forward)):
            rest[f"{side}_{name}"] = float(values[0])
            joints[f"{side}_{name}"] = gait_joint(values, axis, float(cycle.DEVELOPMENT), float(values[0]), 6)
    return joints, rest


def build_rider(name: str, p: Proportions, clothes: Clothes, *, helmet: bool, backpack: bool, mass_kg: float) -> Model:
    """A rider in the bicycle's frame."""
    joints, rest = rider_joints(p)
    soups = dict(parts(p, clothes, backpack))
    if helmet:
        soups["head"] = _with_helmet(p, soups["head"])
    body = Skeleton(soups, clothes.surfaces(), joints)
    body.add("body")
    hip = hip_point(p)
    x, y, z = (float(v) for v in hip)
    body.add("pelvis", "body", (x, y, z), turned(((0.0, 1.0, 0.0), 0.5 * LEAN_RAD)))
    body.add("torso", "pelvis", quaternion=turned(((0.0, 1.0, 0.0), 0.5 * LEAN_RAD)))
    # the head stays level enough to look ahead
    body.add("head", "torso", (0.0, 0.0, p.trunk), turned(((0.0, 1.0, 0.0), -0.75 * LEAN_RAD)))
    shoulder_y, shoulder_z = p.shoulder
    for side, sign in (("left", 1.0), ("right", -1.0)):
        upper, fore = arm_pose(p, sign)
        body.add(f"{side}_upper_arm", "torso", (-0.005 * p.height, sign * shoulder_y, shoulder_z), upper)
        body.add(f"{side}_forearm", f"{side}_upper_arm", (0.0, 0.0, -p.upper_arm), fore)
    ahead, down = (0.0, -1.0, 0.0), (0.0, 1.0, 0.0)
    for side, sign in (("left", 1.0), ("right", -1.0)):
        hip_at = (x, sign * 0.085, z)
        body.add(f"{side}_thigh", "body", hip_at, turned((ahead, rest[f"{side}_thigh"])))
        body.add(f"{side}_shank", f"{side}_thigh", (0.0, 0.0, -p.thigh), turned((down, rest[f"{side}_shank"])))
        body.add(f"{side}_foot", f"{side}_shank", (0.0, 0.0, -p.shank), turned((ahead, rest[f"{side}_foot"])))
    return finished(name, clothes.class_name, body.links, body.palette.surfaces, mass_kg=mass_kg)


def _with_helmet(p: Proportions, head: Soup) -> Soup:
    s = p.head
    shell = ellipsoid((0.52 * s, 0.42 * s, 0.36 * s), 18, 9).moved((-0.03 * s, 0.0, 0.76 * s))
    return join([head, shell.tagged(EXTRA)])
