"""From a body and clothes to a person whose joints walk, or who holds a pose."""

from __future__ import annotations

from collections.abc import Mapping

import numpy as np

from simgen.geometry import quat_from_axis_angle, quat_multiply
from simgen.records.base import F8
from simgen.records.model import Joint, Link, Model, Quaternion
from simgen.shapes import carried
from simgen.shapes import clothes as garments
from simgen.shapes.body import Body, Frames, Pose, posed
from simgen.shapes.builder import Palette
from simgen.shapes.clothes import Bare
from simgen.shapes.figure import add_links, keypoints, limbs
from simgen.shapes.finish import finished
from simgen.shapes.gait import LEVER_M, Legs, walk, walk_joints
from simgen.shapes.pieces import Piece, joined
from simgen.shapes.wardrobe import Clothes, Who, body_of

#: how far the arms hang from the body, and the elbows' bend, standing
ARM_SPREAD_RAD, ELBOW_REST_RAD = float(np.radians(7.0)), float(np.radians(9.0))


def turned(*turns: tuple[tuple[float, float, float], float]) -> F8:
    """Rotations about axes, the first one outermost."""
    q = np.array([1.0, 0.0, 0.0, 0.0])
    for axis, angle in turns:
        q = quat_multiply(q, quat_from_axis_angle(axis, angle))
    return q


def as_quaternion(q: F8) -> Quaternion:
    """Four Python floats."""
    w, x, y, z = (float(v) for v in q)
    return w, x, y, z


def standing() -> dict[str, F8]:
    """Arms at the sides, fingers slightly curled."""
    pose: dict[str, F8] = {}
    for side, sign in (("left", 1.0), ("right", -1.0)):
        pose[f"{side}_upper_arm"] = turned(((1.0, 0.0, 0.0), sign * ARM_SPREAD_RAD))
        pose[f"{side}_forearm"] = turned(((0.0, -1.0, 0.0), ELBOW_REST_RAD))
    return pose


def legs_of(body: Body) -> Legs:
    """The measures that walking needs."""
    sole = garments.shoe(body, "left").vertices
    return Legs(
        thigh=body.length("left_thigh"), shank=body.length("left_shank"), foot=-float(sole[:, 2].min()),
        sole=sole[:, [0, 2]],
    )  # fmt: skip


def dressed(body: Body, clothes: Clothes, *, backpack: bool = False) -> list[Piece]:
    """Everything that is seen of somebody."""
    sleeve = 0.62 if clothes.short_sleeves else garments.TOPS[clothes.top_kind][0]
    hem = garments.TROUSERS_KINDS[clothes.trousers_kind][0]
    return [
        *garments.trousers(body, clothes.trousers_kind, garments.TOPS[clothes.top_kind][1] + 0.15),
        *garments.top(body, clothes.top_kind, sleeve),
        *garments.skin(body, Bare(sleeve=sleeve, hem=hem)),
        *garments.hair(body, clothes.hair_style),
        *garments.headwear(body, clothes.headwear),
        *garments.shoes(body),
        *(carried.backpack(body) if backpack else ()),
    ]


def build_person(name: str, who: Who, clothes: Clothes, *, backpack: bool, mass_kg: float, phase: float = 0.0) -> Model:
    """A standing person whose joints walk; ``phase`` (0..1) says where in the cycle the first step begins."""
    body = body_of(who)
    legs = legs_of(body)
    frames = posed(body, standing(), np.array([0.0, 0.0, legs.hip]))
    joints = walk_joints(walk(legs), phase)
    links = [Link(name="body"), Link(name="lift", parent=0, position=(-LEVER_M, 0.0, legs.hip), joint=joints["lift"])]
    return figure(
        name, clothes, dressed(body, clothes, backpack=backpack), frames, joints, links, {"pelvis": "lift"}, mass_kg
    )


def figure(
    name: str,
    clothes: Clothes,
    pieces: list[Piece],
    frames: Frames,
    joints: Mapping[str, Joint],
    links: list[Link],
    under: Mapping[str, str],
    mass_kg: float,
) -> Model:
    """A model of a posed body; ``links`` come first, ``under`` says what of the body hangs on which of them."""
    palette = Palette()
    add_links(links, under, limbs(joined(pieces), frames), frames, joints, palette, clothes.surfaces())
    return finished(
        name, clothes.class_name, links, palette.surfaces, mass_kg=mass_kg, keypoints=keypoints(links, frames)
    )


__all__ = ["Pose", "as_quaternion", "build_person", "dressed", "figure", "legs_of", "standing", "turned"]
