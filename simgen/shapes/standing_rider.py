"""Somebody who stands on a deck, one foot before the other, hands on a bar."""

from __future__ import annotations

import numpy as np

from simgen.records.model import Link, Model
from simgen.shapes.body import posed
from simgen.shapes.limb_pose import gripping, leaning, reaching, stepping
from simgen.shapes.person import dressed, figure, legs_of
from simgen.shapes.wardrobe import Clothes, Who, body_of

Place = tuple[float, float, float]


def build_standing(
    name: str, who: Who, clothes: Clothes, *, left_foot: Place, right_foot: Place, grip: Place, mass_kg: float,
    backpack: bool = False,
) -> Model:  # fmt: skip
    """A rider whose soles stand on two places (below the ankles) and whose fists close about the left grip's height.

    Knees are slightly bent: the hips are 4 cm lower than those of somebody who stands up straight.
    """
    body = body_of(who)
    legs = legs_of(body)
    middle = 0.5 * (np.array(left_foot) + np.array(right_foot))
    hip = np.array([middle[0] - 0.06, middle[1], middle[2] + legs.hip - 0.04])
    pose = leaning(0.1) | gripping(0.9)
    for side, sign, place in (("left", 1.0, left_foot), ("right", -1.0, right_foot)):
        ankle = np.array(place) + np.array([0.0, 0.0, legs.foot])
        pose |= stepping(body, pose, hip, side, ankle, knee=np.array([1.0, 0.1 * sign, 0.0]))
        hand = np.array(grip) * np.array([1.0, sign, 1.0])
        elbow = np.array([-0.4, 0.5 * sign, -1.0])
        pose |= reaching(body, pose, hip, side, hand, elbow=elbow, palm_rad=float(np.radians(70.0)))
    frames = posed(body, pose, hip)
    pieces = dressed(body, clothes, carries="backpack" if backpack else "none")
    return figure(name, clothes, pieces, frames, {}, [Link(name="body")], {"pelvis": "body"}, mass_kg)


__all__ = ["build_standing"]
