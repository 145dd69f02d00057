"""Riders: a body posed on saddle, grips and pedals or pegs, and pedalling."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np

from simgen.geometry import quat_conjugate, quat_multiply
from simgen.records.base import F8
from simgen.records.model import Joint, Link, Model
from simgen.shapes import clothes as garments
from simgen.shapes import cycle
from simgen.shapes.body import Body, posed
from simgen.shapes.gait import SAMPLES, gait_joint, leg_angles
from simgen.shapes.limb_pose import BACK, FORWARD, flexed, gripping, leaning, reaching, stepping
from simgen.shapes.person import dressed, figure
from simgen.shapes.wardrobe import Clothes, Who, body_of

LEAN_RAD = float(np.radians(32.0))
#: pitch of the sole while pedalling (toes down), mean and swing
FOOT_MEAN_RAD, FOOT_SWING_RAD = float(np.radians(-14.0)), float(np.radians(8.0))


@dataclass(frozen=True, kw_only=True)
class Seat:
    """What a rider fits, in the vehicle's frame, metres: the saddle's top where one sits, the left grip and the left
    foot's support (under the ball of the foot); the right ones mirror them.
    """

    saddle: tuple[float, float, float]
    grip: tuple[float, float, float]
    peg: tuple[float, float, float]
    #: how far the trunk leans forward
    lean_rad: float = 0.2
    #: toes up
    foot_pitch_rad: float = 0.0
    #: how far knees and elbows point out to the side, 0 = straight ahead and down
    knees_out: float = 0.15
    elbows_out: float = 0.55


def hip_point(body: Body, saddle: tuple[float, float, float]) -> F8:
    """The middle of the hip joints of somebody who sits: the flesh under it is a fifth of a thigh thick."""
    return np.array([saddle[0], saddle[1], saddle[2] + 0.21 * body.length("left_thigh")])


def riding_pose(body: Body, seat: Seat) -> tuple[dict[str, F8], F8]:
    """The pose of somebody who sits on a saddle, feet on pegs, hands on grips, and the pelvis' place."""
    hip = hip_point(body, seat.saddle)
    pose = leaning(seat.lean_rad) | gripping(0.9)
    for side, sign in (("left", 1.0), ("right", -1.0)):
        mirror = np.array([1.0, sign, 1.0])
        ankle = np.array(seat.peg) * mirror + _ankle_over_ball(body, side, seat.foot_pitch_rad)
        knee = np.array([1.0, sign * seat.knees_out, 0.3])
        pose |= stepping(body, pose, hip, side, ankle, knee=knee, pitch_rad=seat.foot_pitch_rad)
        elbow = np.array([-0.2, sign * seat.elbows_out, -1.0])
        grip = np.array(seat.grip) * mirror
        pose |= reaching(body, pose, hip, side, grip, elbow=elbow, palm_rad=float(np.radians(70.0)))
    return pose, hip


def build_riding(name: str, who: Who, clothes: Clothes, seat: Seat, *, mass_kg: float) -> Model:
    """A rider who keeps still, in the vehicle's frame."""
    body = body_of(who)
    pose, hip = riding_pose(body, seat)
    frames = posed(body, pose, hip)
    return figure(name, clothes, dressed(body, clothes), frames, {}, [Link(name="body")], {"pelvis": "body"}, mass_kg)


def _ball(body: Body, side: str) -> tuple[float, float]:
    """The sole under the ball of the foot, x and z from the ankle."""
    toes = body.joint(f"{side}_toes") - body.joint(f"{side}_foot")
    return float(toes[0]), float(garments.shoe(body, "left").vertices[:, 2].min())


def _ankle_over_ball(body: Body, side: str, pitch: float) -> F8:
    x, z = _ball(body, side)
    return np.array([-(x * np.cos(pitch) - z * np.sin(pitch)), 0.0, -(x * np.sin(pitch) + z * np.cos(pitch))])


def pedalling(body: Body, left: bool) -> tuple[F8, F8, F8]:
    """Hip, knee and ankle angles over a turn of the crank, radians, SAMPLES each; the hip's from straight down.

    The crank turns forward (top towards the front); at phase 0 the left crank points ahead. The pedal's axle sits
    under the ball of the foot.
    """
    turn = 2.0 * np.pi * np.arange(SAMPLES) / SAMPLES + (0.0 if left else np.pi)
    x = cycle.BOTTOM_BRACKET[0] + cycle.CRANK * np.cos(turn)
    z = cycle.BOTTOM_BRACKET[1] - cycle.CRANK * np.sin(turn)
    pitch = FOOT_MEAN_RAD - FOOT_SWING_RAD * np.cos(turn - np.pi)
    ball_x, ball_z = _ball(body, "left")
    ball_z -= 0.01
    ankle_x = x - (ball_x * np.cos(pitch) - ball_z * np.sin(pitch))
    ankle_z = z - (ball_x * np.sin(pitch) + ball_z * np.cos(pitch))
    hip = hip_point(body, SADDLE)
    flex, knee = leg_angles(ankle_x - hip[0], ankle_z - hip[2], body.length("left_thigh"), body.length("left_shank"))
    return flex, knee, pitch - (flex - knee)


SADDLE = (cycle.SADDLE[0] + 0.005, 0.0, cycle.SADDLE[1])


def rider_joints(body: Body) -> tuple[Mapping[str, Joint], Mapping[str, float]]:
    """Pedalling joints by link name, and the angles at rest (cranks level) that they are measured from."""
    joints: dict[str, Joint] = {}
    rest: dict[str, float] = {}
    for side in ("left", "right"):
        hip, knee, ankle = pedalling(body, side == "left")
        for name, values, axis in (("thigh", hip, FORWARD), ("shank", knee, BACK), ("foot", ankle, FORWARD)):
            rest[f"{side}_{name}"] = float(values[0])
            joints[f"{side}_{name}"] = gait_joint(values, axis, float(cycle.DEVELOPMENT), float(values[0]), 6)
    return joints, rest


def build_rider(name: str, who: Who, clothes: Clothes, *, backpack: bool = False, mass_kg: float) -> Model:
    """A cyclist in the bicycle's frame, pedalling."""
    body = body_of(who)
    joints, rest = rider_joints(body)
    hip = hip_point(body, SADDLE)
    pose = leaning(LEAN_RAD) | gripping(0.9)
    back = quat_conjugate(pose["pelvis"])
    for side, sign in (("left", 1.0), ("right", -1.0)):
        pose[f"{side}_thigh"] = quat_multiply(back, flexed(rest[f"{side}_thigh"]))
        pose[f"{side}_shank"] = flexed(-rest[f"{side}_shank"])
        pose[f"{side}_foot"] = flexed(rest[f"{side}_foot"])
        grip = np.array([cycle.GRIP[0], sign * cycle.GRIP[1], cycle.GRIP[2] + 0.03])
        elbow = np.array([-0.2, 0.55 * sign, -1.0])
        pose |= reaching(body, pose, hip, side, grip, elbow=elbow, palm_rad=float(np.radians(70.0)))
    frames = posed(body, pose, hip)
    # the legs turn against the saddle, not against the tilted pelvis
    under = {"pelvis": "body", "left_thigh": "body", "right_thigh": "body"}
    return figure(
        name,
        clothes,
        dressed(body, clothes, carries="backpack" if backpack else "none"),
        frames,
        joints,
        [Link(name="body")],
        under,
        mass_kg,
    )
