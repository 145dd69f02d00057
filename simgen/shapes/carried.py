"""What people carry and hold: packs, bags, sticks, umbrellas, phones, suitcases."""

from __future__ import annotations

from typing import Final

import numpy as np
from numpy.typing import ArrayLike

from simgen.records.base import F8
from simgen.shapes.body import Body
from simgen.shapes.clothes import EXTRA, SHOES
from simgen.shapes.lattice import loft, revolve, section, tube
from simgen.shapes.pieces import Piece, rigid_piece
from simgen.shapes.primitives import box, cylinder
from simgen.shapes.soup import Soup, join

CARRIED: Final = ("none", "backpack", "handbag", "shopping_bag", "umbrella", "phone", "stick", "crutches", "pram")


def rings(rows: ArrayLike, power: float = 2.0, segments: int = 12) -> Soup:
    """A loft through rows of (z, half_x, half_y, shift_x), z rising."""
    r = np.asarray(rows, np.float64)
    center = np.stack([r[:, 3], np.zeros(len(r)), r[:, 0]], -1)
    return loft(section(center, r[:, 1], r[:, 2], segments, power))


def back_at(body: Body, share: float) -> float:
    """How far back the trunk reaches from the chest's joint at a share of the trunk's height, over the clothes."""
    hips, neck = body.joint("pelvis"), body.joint("neck")
    z = hips[2] + share * (neck[2] - hips[2])
    level = np.abs(body.cloth[:, 2] - z) < 0.06 * (neck[2] - hips[2]) + 0.02
    near = body.cloth[level & (np.abs(body.cloth[:, 1]) < 0.09)]
    return float(near[:, 0].min() - body.joint("chest")[0])


def worn(body: Body, kind: str) -> list[Piece]:
    """The pieces of a thing that is carried, each going with the trunk or a hand."""
    hand = body.length("left_hand")
    grip = np.array([0.0, 0.0, -0.8 * hand])
    if kind == "backpack":
        return backpack(body)
    if kind in ("handbag", "shopping_bag"):
        size = (0.3, 0.1, 0.24) if kind == "handbag" else (0.34, 0.16, 0.4)
        bag = _bag(size, 0.1 if kind == "handbag" else 0.14).moved(grip)
        return [rigid_piece(body, "right_forearm", bag.moved(_wrist(body, "right")))]
    if kind == "stick":
        return [rigid_piece(body, "right_forearm", _stick(_drop(body)).moved(_wrist(body, "right") + grip))]
    if kind == "crutches":
        return [
            rigid_piece(
                body, f"{s}_forearm", _crutch(_drop(body), body.length("left_forearm")).moved(_wrist(body, s) + grip)
            )
            for s in ("left", "right")
        ]
    if kind == "phone":
        phone = box((0.009, 0.075, 0.15), 0.003).moved(grip + np.array([0.03, 0.0, -0.03])).tagged(SHOES)
        return [rigid_piece(body, "right_forearm", phone.moved(_wrist(body, "right")))]
    if kind == "umbrella":
        return [rigid_piece(body, "chest", _umbrella(body))]
    return []


def _wrist(body: Body, side: str) -> np.ndarray:
    """The wrist in the forearm's hanging frame."""
    return np.array([0.0, 0.0, -body.length(f"{side}_forearm")])


def _drop(body: Body) -> float:
    """How far a hanging fist is above the ground."""
    legs = body.length("left_thigh") + body.length("left_shank") + 0.09
    arm = body.length("left_upper_arm") + body.length("left_forearm") + 0.8 * body.length("left_hand")
    return float(legs + body.joint("left_upper_arm")[2] - body.joint("pelvis")[2] - arm)


def _bag(size: tuple[float, float, float], drop: float) -> Soup:
    """A soft bag under a handle."""
    long, wide, tall = size
    rows = [
        [-drop - tall, 0.42 * long, 0.42 * wide, 0.0], [-drop - 0.94 * tall, 0.5 * long, 0.5 * wide, 0.0],
        [-drop - 0.4 * tall, 0.48 * long, 0.5 * wide, 0.0], [-drop, 0.4 * long, 0.2 * wide, 0.0],
    ]  # fmt: skip
    arc = np.linspace(0.0, np.pi, 7)
    handle = np.stack([0.3 * long * np.cos(arc), 0.0 * arc, -drop + drop * np.sin(arc)], -1)
    return join([rings(rows, 3.0, 12), tube(handle, 0.006, 5)]).tagged(EXTRA)


def _stick(length: float) -> Soup:
    """A walking stick with a curved handle; the arm that holds it leans forward, so does the stick."""
    arc = np.linspace(0.0, np.pi, 6)
    crook = np.stack([0.045 - 0.045 * np.cos(arc), 0.0 * arc, 0.03 * np.sin(arc)], -1)
    shaft = np.array([[0.0, 0.0, -0.96 * length], [0.0, 0.0, 0.0]])
    return tube(np.concatenate([shaft, crook[1:]]), 0.011, 7).tagged(SHOES)


def _crutch(length: float, fore: float) -> Soup:
    """A forearm crutch: shaft, grip and cuff."""
    shaft = tube(np.array([[-0.02, 0.0, -0.96 * length], [-0.02, 0.0, 0.0], [-0.055, 0.0, 0.75 * fore]]), 0.011, 7)
    grip = tube(np.array([[-0.02, 0.0, 0.0], [0.09, 0.0, 0.0]]), 0.016, 7)
    cuff = cylinder(0.055, 0.05, 10).moved((-0.01, 0.0, 0.75 * fore))
    return join([shaft, grip, cuff]).tagged(SHOES)


#: where an umbrella's shaft is, from the chest's joint ahead and aside, and how high over the hips it is held, metres
_SHAFT: Final = (0.17, -0.15, 0.42)


def umbrella_grip(body: Body, hip: F8) -> F8:
    """Where the hand holds an umbrella, when the hips are at a place."""
    ahead, side, up = _SHAFT
    forward = float(body.joint("chest")[0] - body.joint("pelvis")[0]) + ahead
    return np.asarray(hip + np.array([forward, side, up + 0.05]))


def _umbrella(body: Body) -> Soup:
    """An open umbrella over the head, its shaft at the right hand's side."""
    low = float(body.joint("pelvis")[2] - body.joint("chest")[2])
    crown = float(body.skin[:, 2].max() - body.joint("chest")[2])
    ahead, side, up = _SHAFT
    top = crown + 0.32
    shaft = tube(np.array([[ahead, side, low + up], [ahead, side, top]]), 0.008, 6).tagged(SHOES)
    dome = np.array([[0.0, 0.01], [0.5, -0.2], [0.51, -0.195], [0.42, -0.11], [0.25, -0.03], [0.0, 0.02]])
    return join([shaft, revolve(dome, 12).moved((ahead, side, top)).tagged(EXTRA)])


def backpack(body: Body) -> list[Piece]:
    """A day pack on the back."""
    h = float(body.joint("neck")[2] - body.joint("pelvis")[2])
    low = float(body.joint("pelvis")[2] - body.joint("chest")[2])
    at = 0.5 * (back_at(body, 0.75) + back_at(body, 0.5)) + 0.005
    deep, wide = 0.11 * h, 0.24 * h
    shape = [
        [low + 0.22 * h, 0.5 * deep, 0.85 * wide, at - 0.9 * deep],
        [low + 0.25 * h, 0.9 * deep, wide, at - 0.95 * deep],
        [low + 0.5 * h, deep, wide, at - deep],
        [low + 0.8 * h, 0.85 * deep, 0.95 * wide, at - 0.85 * deep],
        [low + 0.93 * h, 0.5 * deep, 0.7 * wide, at - 0.55 * deep],
    ]
    pocket = [
        [low + 0.27 * h, 0.3 * deep, 0.75 * wide, at - 1.9 * deep],
        [low + 0.31 * h, 0.42 * deep, 0.8 * wide, at - 1.9 * deep],
        [low + 0.5 * h, 0.38 * deep, 0.8 * wide, at - 1.85 * deep],
        [low + 0.54 * h, 0.2 * deep, 0.7 * wide, at - 1.8 * deep],
    ]
    soup = join([rings(shape, 3.5, 14), rings(pocket, 3.5, 12)]).tagged(EXTRA)
    return [rigid_piece(body, "chest", soup)]
