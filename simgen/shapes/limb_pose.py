"""Poses solved from where hands and feet are: legs and arms of two bones, trunks that lean."""

from __future__ import annotations

import numpy as np

from simgen.geometry import cross, normalized, quat_conjugate, quat_from_axis_angle, quat_from_matrix, quat_multiply
from simgen.records.base import F8
from simgen.shapes.body import Body, Pose, posed

FORWARD, BACK = (0.0, -1.0, 0.0), (0.0, 1.0, 0.0)


def flexed(angle_rad: float) -> F8:
    """A hip, shoulder or elbow bent forward."""
    return quat_from_axis_angle(FORWARD, angle_rad)


def leaning(lean_rad: float, look_up: float = 0.75) -> dict[str, F8]:
    """The trunk bent forward: half at the pelvis, the rest along the spine; the head makes up for a share of it."""

    def tilt(share: float) -> F8:
        return quat_from_axis_angle(BACK, share * lean_rad)

    return {
        "pelvis": tilt(0.5), "spine": tilt(0.25), "chest": tilt(0.25), "neck": tilt(-0.4 * look_up),
        "head": tilt(-0.6 * look_up),
    }  # fmt: skip


def reaching(
    body: Body, pose: Pose, origin: F8, side: str, target: F8, elbow: F8, palm_rad: float = 0.0, beyond_m: float = 0.0
) -> dict[str, F8]:
    """Turns of an arm that put the hand's grip on a point of the world.

    ``elbow`` is the direction in which the elbow bends out; ``palm_rad`` turns the hand about its length (palm back
    or down: positive); ``beyond_m`` is how far the point lies past the wrist, 0 = the middle of the fist.
    """
    frames = posed(body, pose, origin)
    shoulder, _ = frames.at(f"{side}_upper_arm")
    _, chest = frames.at(f"{side}_clavicle")
    hand = beyond_m or 0.75 * body.length(f"{side}_hand")
    upper, fore = body.length(f"{side}_upper_arm"), body.length(f"{side}_forearm") + hand
    middle = bent(shoulder, target, upper, fore, elbow)
    tip = middle + normalized(target - middle) * fore
    first, second = hanging_along(middle - shoulder), hanging_along(tip - middle)
    sign = -1.0 if side == "left" else 1.0
    return {
        f"{side}_upper_arm": quat_multiply(quat_conjugate(chest), first),
        f"{side}_forearm": quat_multiply(quat_conjugate(first), second),
        f"{side}_hand": quat_from_axis_angle((0.0, 0.0, 1.0), sign * palm_rad),
    }


def stepping(
    body: Body, pose: Pose, origin: F8, side: str, ankle: F8, knee: F8, pitch_rad: float = 0.0
) -> dict[str, F8]:
    """Turns of a leg that put the ankle on a point of the world, the knee out in a direction, toes up by a pitch."""
    frames = posed(body, pose, origin)
    hip, _ = frames.at(f"{side}_thigh")
    _, pelvis = frames.at("pelvis")
    thigh, shank = body.length(f"{side}_thigh"), body.length(f"{side}_shank")
    middle = bent(hip, ankle, thigh, shank, knee)
    tip = middle + normalized(ankle - middle) * shank
    first, second = hanging_along(middle - hip), hanging_along(tip - middle)
    return {
        f"{side}_thigh": quat_multiply(quat_conjugate(pelvis), first),
        f"{side}_shank": quat_multiply(quat_conjugate(first), second),
        f"{side}_foot": quat_multiply(quat_conjugate(second), flexed(pitch_rad)),
    }


def bent(start: F8, stop: F8, first: float, second: float, out: F8) -> F8:
    """The middle joint of two bones between two points, bent towards a direction; straight where it is too far."""
    reach = stop - start
    far = float(np.sqrt((reach * reach).sum()))
    distance = min(far, 0.997 * (first + second))
    along = normalized(reach)
    side = normalized(out - along * (out * along).sum())
    cosine = (first**2 + distance**2 - second**2) / (2.0 * first * max(distance, 1e-6))
    cosine = float(np.clip(cosine, -1.0, 1.0))
    return np.asarray(start + first * (along * cosine + side * np.sqrt(max(1.0 - cosine**2, 0.0))))


def hanging_along(direction: F8) -> F8:
    """The turn that takes "down" to a direction and keeps x as far forward as can be."""
    up = -normalized(direction)
    left = normalized(cross(up, np.array([1.0, 0.0, 0.35])))
    return quat_from_matrix(np.stack([cross(left, up), left, up], axis=-1))


def gripping(curl: float = 1.0) -> dict[str, F8]:
    """Fingers closed about something; 1 = a fist."""
    pose: dict[str, F8] = {}
    for side, sign in (("left", -1.0), ("right", 1.0)):
        for name, angle in (("fingers", 70.0), ("tips", 85.0)):
            pose[f"{side}_{name}"] = quat_from_axis_angle((1.0, 0.0, 0.0), sign * curl * float(np.radians(angle)))
        pose[f"{side}_thumb"] = quat_from_axis_angle((1.0, 0.0, 0.0), sign * curl * float(np.radians(25.0)))
    return pose
