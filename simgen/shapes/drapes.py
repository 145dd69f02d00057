"""Skirts, and the skirts of dresses and coats: a cone, and before and behind it a shell that a leg swings out."""

from __future__ import annotations

from typing import Final

import numpy as np

from simgen.records.base import F8
from simgen.records.model import Joint
from simgen.shapes.body import Body
from simgen.shapes.clothes import TOP, TROUSERS, scale_of
from simgen.shapes.gait import SAMPLES, Walk, gait_joint
from simgen.shapes.lattice import lattice
from simgen.shapes.pieces import fields_of
from simgen.shapes.soup import Soup

#: what hangs: hem in legs under the hips (hip to ankle), flare of the hem, and the tag
HANGS: Final = {"skirt": (0.5, 1.25, TROUSERS), "dress": (0.55, 1.3, TOP), "coat": (0.42, 1.14, TOP)}
#: a shell follows the thigh's angle by this share
_FOLLOWS: Final = 0.85


def shells(body: Body, kind: str) -> dict[str, Soup]:
    """The cone and both shells in the pelvis' frame, by link name."""
    hem, flare, tag = HANGS[kind]
    trunk = float(body.joint("neck")[2] - body.joint("pelvis")[2])
    legs = body.length("left_thigh") + body.length("left_shank")
    slack = 0.03 * scale_of(body) if kind == "coat" else 0.016 * scale_of(body)
    waist, hips = _girth(body, 0.14, slack), _girth(body, -0.02, slack + 0.004)
    rows = [(0.14 * trunk, waist, 1.0), (0.02 * trunk, 0.5 * (waist + hips), 1.0), (-0.1 * legs, hips, 1.02)]
    rows += [(-0.55 * hem * legs, hips, 0.5 * (1.0 + flare)), (-hem * legs, hips, flare)]
    out = {}
    for name, start, stop in (("skirt", -180.0, 180.0), ("skirt_front", -98.0, 98.0), ("skirt_back", 95.0, 265.0)):
        angle = np.radians(np.linspace(start, stop, 19 if name == "skirt" else 9))
        closer = 0.97 if name == "skirt" else 1.0
        rings = [
            np.stack(
                [
                    0.5 * (g[0] + g[1]) + 0.5 * (g[0] - g[1]) * wide * closer * np.cos(angle),
                    g[2] * wide * closer * np.sin(angle),
                    np.full(len(angle), z),
                ],
                -1,
            )
            for z, g, wide in rows
        ]
        out[name] = lattice(np.stack(rings[::-1]), tags=tag)
    return out


def _girth(body: Body, up: float, slack: float) -> F8:
    """How far the body reaches ahead, back and aside at a height of the trunk, from the pelvis' joint."""
    fields = fields_of("cloth")
    near = (np.abs(fields["up"] - up) < 0.07) & (fields["on_arm"] < 0.2)
    points = body.cloth[near] - body.joint("pelvis")
    return np.array([points[:, 0].max() + slack, points[:, 0].min() - slack, points[:, 1].max() + slack])


def shell_joints(cycle: Walk, start: float) -> dict[str, Joint]:
    """Swings of the shells: in front with the leg that is ahead, behind with the other."""
    first = round(start * SAMPLES)
    left, right = np.roll(cycle.hip, -first), np.roll(cycle.hip, -first - SAMPLES // 2)
    return {
        "skirt_front": gait_joint(_FOLLOWS * np.maximum(left, right), (0.0, -1.0, 0.0), cycle.stride),
        "skirt_back": gait_joint(_FOLLOWS * np.minimum(left, right), (0.0, -1.0, 0.0), cycle.stride),
    }
