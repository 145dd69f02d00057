"""Parts of a person: lofted limbs that overlap at the joints, each in the frame of its joint, hanging down.

Segment lengths are shares of body height after Drillis and Contini (1964), as tabled by Winter, "Biomechanics and
Motor Control of Human Movement": thigh 0.245, shank 0.246, foot height 0.039, upper arm 0.186, forearm 0.146.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

import numpy as np
from numpy.typing import ArrayLike

from simgen.shapes.lattice import curve, loft, section
from simgen.shapes.primitives import ellipsoid
from simgen.shapes.soup import Soup, join

#: tags of a person's triangles
TOP, TROUSERS, SKIN, HAIR, SHOES, EXTRA = range(6)

RING: Final = 12


@dataclass(frozen=True, kw_only=True)
class Proportions:
    """Lengths in metres. ``girth`` widens everything but the head; children have shorter legs and larger heads."""

    height: float
    girth: float = 1.0
    leg_share: float = 1.0
    head_share: float = 1.0

    @property
    def foot(self) -> float:
        """Height of the ankle."""
        return 0.039 * self.height * self.leg_share

    @property
    def shank(self) -> float:
        """Knee to ankle."""
        return 0.246 * self.height * self.leg_share

    @property
    def thigh(self) -> float:
        """Hip to knee."""
        return 0.245 * self.height * self.leg_share

    @property
    def hip(self) -> float:
        """Height of the hip joints, standing."""
        return self.foot + self.shank + self.thigh

    @property
    def head(self) -> float:
        """Chin to crown."""
        return 0.13 * self.height * self.head_share

    @property
    def trunk(self) -> float:
        """Hips to chin."""
        return self.height - self.hip - self.head

    @property
    def trunk_scale(self) -> float:
        """The trunk's size against an adult's of this height."""
        return self.trunk / (0.34 * self.height)

    @property
    def wide(self) -> float:
        """Unit of the trunk's and limbs' thickness."""
        return self.height * self.girth

    @property
    def hip_y(self) -> float:
        """Hip joint from the middle."""
        return 0.05 * self.wide

    @property
    def shoulder(self) -> tuple[float, float]:
        """Shoulder joint from the middle, and above the hips."""
        return 0.105 * self.wide, 0.26 * self.height * self.trunk_scale

    @property
    def upper_arm(self) -> float:
        """Shoulder to elbow."""
        return 0.178 * self.height * self.trunk_scale

    @property
    def forearm(self) -> float:
        """Elbow to wrist."""
        return 0.146 * self.height * self.trunk_scale


def _rings(rows: ArrayLike, power: float = 2.0, segments: int = RING) -> Soup:
    """A loft through rows of (z, half_x, half_y, shift_x), z rising."""
    r = np.asarray(rows, np.float64)
    center = np.stack([r[:, 3], np.zeros(len(r)), r[:, 0]], -1)
    return loft(section(center, r[:, 1], r[:, 2], segments, power))


def _limb(length: float, rows: ArrayLike, segments: int = RING) -> Soup:
    """A limb from its joint down: rows of (share of length, half_x, half_y, shift_x), round past both joints."""
    r = np.asarray(rows, np.float64)
    t, (x0, y0), (x1, y1) = r[:, 0] * length, r[0, 1:3], r[-1, 1:3]
    bend = np.radians([75.0, 40.0])
    start = [[-0.8 * x0 * np.sin(b), x0 * np.cos(b), y0 * np.cos(b), r[0, 3]] for b in bend]
    stop = [[length + 0.8 * x1 * np.sin(b), x1 * np.cos(b), y1 * np.cos(b), r[-1, 3]] for b in bend[::-1]]
    rows_down = np.concatenate([start, np.stack([t, r[:, 1], r[:, 2], r[:, 3]], -1), stop])
    rows_down[:, 0] *= -1.0
    return _rings(rows_down[::-1], segments=segments)


def pelvis(p: Proportions) -> Soup:
    """Seat and hips, about the middle of the hip joints."""
    w, h = p.wide, p.height
    return _rings(
        [
            [-0.05 * h, 0.03 * w, 0.04 * w, 0.0],
            [-0.04 * h, 0.05 * w, 0.07 * w, -0.004 * w],
            [-0.015 * h, 0.064 * w, 0.093 * w, -0.008 * w],
            [0.015 * h, 0.066 * w, 0.095 * w, -0.008 * w],
            [0.045 * h, 0.06 * w, 0.087 * w, -0.002 * w],
            [0.06 * h, 0.058 * w, 0.083 * w, 0.0],
            [0.075 * h, 0.04 * w, 0.06 * w, 0.0],
        ],
        2.3,
    ).tagged(TROUSERS)


def torso(p: Proportions) -> Soup:
    """Waist to neck, about the middle of the hip joints."""
    w, h = p.wide, p.height * p.trunk_scale
    rows = np.array(
        [
            [0.03 * h, 0.05 * w, 0.075 * w, 0.0],
            [0.032 * h, 0.07 * w, 0.1 * w, -0.004 * w],
            [0.08 * h, 0.062 * w, 0.087 * w, 0.0],
            [0.13 * h, 0.063 * w, 0.087 * w, 0.002 * w],
            [0.19 * h, 0.069 * w, 0.095 * w, 0.003 * w],
            [0.235 * h, 0.066 * w, 0.1 * w, 0.0],
            [0.262 * h, 0.057 * w, 0.104 * w, -0.006 * w],
            [0.28 * h, 0.048 * w, 0.096 * w, -0.009 * w],
            [0.295 * h, 0.041 * w, 0.074 * w, -0.009 * w],
            [0.306 * h, 0.036 * w, 0.05 * w, -0.009 * w],
            [0.315 * h, 0.032 * w, 0.034 * w, -0.007 * w],
        ]
    )
    neck = 0.029 * p.height * (0.5 * p.girth + 0.5) * (0.5 * p.head_share + 0.5)
    column = np.array([[0.3 * h, neck, neck, -0.006 * w], [p.trunk + 0.02 * p.height, neck, 0.95 * neck, 0.0]])
    return join([_rings(rows, 2.25, 18).tagged(TOP), _rings(column).tagged(SKIN)])


#: the skull: (height, half length, half width, shift), shares of the head's height
_SKULL: Final = (
    (0.0, 0.1, 0.1, 0.12),
    (0.03, 0.2, 0.17, 0.1),
    (0.1, 0.29, 0.235, 0.06),
    (0.22, 0.36, 0.285, 0.02),
    (0.38, 0.405, 0.32, 0.0),
    (0.55, 0.43, 0.338, -0.01),
    (0.7, 0.42, 0.332, -0.02),
    (0.83, 0.36, 0.285, -0.02),
    (0.93, 0.25, 0.2, -0.02),
    (0.985, 0.11, 0.09, -0.02),
)
#: the hairline's height by the angle from straight ahead, degrees
_HAIRLINE: Final = ((0.0, 0.79), (45.0, 0.79), (70.0, 0.6), (88.0, 0.42), (110.0, 0.3), (180.0, 0.14))


def _skull(s: float, hair: str) -> Soup:
    """Head and hair as one skin: above the hairline it stands out by the hair's thickness."""
    table = np.array(_SKULL)
    z = np.concatenate([[0.0, 0.03, 0.1, 0.16], np.arange(0.22, 0.94, 0.055), [0.96, 0.985]])
    half_x, half_y, shift = (curve(z, table[:, 0], table[:, k]) for k in (1, 2, 3))
    rings = section(np.stack([shift, np.zeros(len(z)), z], -1), half_x, half_y, 20, 2.15)
    if hair == "none":
        return loft(rings * s).tagged(SKIN)
    angle = np.abs((np.arange(20) * 18.0 + 180.0) % 360.0 - 180.0)
    line = np.array(_HAIRLINE)
    above = z[:, None] - curve(angle, line[:, 0], line[:, 1])
    thick = 0.05 * np.clip(above / 0.05 + 0.5, 0.0, 1.0)[..., None]
    middle = np.array([-0.02, 0.0, 0.6])
    rings = rings + thick * (rings - middle) / np.sqrt(((rings - middle) ** 2).sum(-1, keepdims=True))
    corners = np.roll(above, -1, 1), above
    cover = 0.25 * (corners[0][:-1] + corners[0][1:] + corners[1][:-1] + corners[1][1:])
    # the hair must not make anybody taller
    rings[..., 2] *= 1.0 / float(rings[..., 2].max())
    return loft(rings * s, tags=np.where(cover > 0.0, HAIR, SKIN))


def head(p: Proportions, hair: str) -> Soup:
    """Head about the chin's height over the neck: jaw, face, nose, ears, hair ("short", "long" or "none")."""
    s = p.head
    nose = ellipsoid((0.07 * s, 0.055 * s, 0.1 * s), 8, 5).moved((0.395 * s, 0.0, 0.42 * s)).tagged(SKIN)
    ear = ellipsoid((0.07 * s, 0.03 * s, 0.11 * s), 8, 5)
    ears = [ear.moved((-0.03 * s, y * 0.345 * s, 0.44 * s)) for y in (1.0, -1.0)]
    parts = [_skull(s, hair), nose, *[e.tagged(SKIN) for e in ears]]
    if hair == "long":
        back = ellipsoid((0.24 * s, 0.35 * s, 0.55 * s), 14, 7).moved((-0.26 * s, 0.0, 0.32 * s))
        parts.append(back.tagged(HAIR))
    return join(parts)


def upper_arm(p: Proportions) -> Soup:
    """Shoulder to elbow."""
    w = p.wide
    rows = [[0.0, 0.03, 0.0285, 0], [0.25, 0.031, 0.0285, 0], [0.6, 0.028, 0.0265, 0], [1.0, 0.0245, 0.024, 0]]
    return _limb(p.upper_arm, np.array(rows) * [1, w, w, w]).tagged(TOP)


def forearm(p: Proportions, bare: bool = False) -> Soup:
    """Elbow to wrist, and the hand with its thumb. The left one; a right one is its mirror image."""
    w, h = p.wide, p.height * p.trunk_scale
    rows = [[0.0, 0.0245, 0.024, 0], [0.3, 0.0245, 0.0235, 0], [0.75, 0.0195, 0.0185, 0], [0.96, 0.018, 0.0165, 0]]
    sleeve = _limb(p.forearm, np.array(rows) * [1, w, w, w]).tagged(SKIN if bare else TOP)
    down = -p.forearm
    hand = _rings(
        np.array(
            [
                [down - 0.098 * h, 0.01 * h, 0.006 * h, 0.006 * h],
                [down - 0.092 * h, 0.019 * h, 0.01 * h, 0.005 * h],
                [down - 0.06 * h, 0.024 * h, 0.0125 * h, 0.002 * h],
                [down - 0.03 * h, 0.0235 * h, 0.013 * h, 0.0],
                [down - 0.005 * h, 0.0165 * h, 0.0125 * h, 0.0],
                [down + 0.015 * h, 0.0155 * h, 0.0125 * h, 0.0],
            ]
        ),
        2.2,
        10,
    )
    thumb = ellipsoid((0.008 * h, 0.008 * h, 0.026 * h), 7, 5).moved((0.024 * h, -0.004 * h, down - 0.04 * h))
    return join([sleeve, hand.tagged(SKIN), thumb.tagged(SKIN)])


def thigh(p: Proportions) -> Soup:
    """Hip to knee."""
    w = p.wide
    rows = [
        [0.0, 0.056, 0.048, -0.004],
        [0.2, 0.056, 0.0475, -0.002],
        [0.6, 0.046, 0.0425, 0.002],
        [1.0, 0.037, 0.0365, 0.002],
    ]
    return _limb(p.thigh, np.array(rows) * [1, w, w, w]).tagged(TROUSERS)


def shank(p: Proportions, bare: bool = False) -> Soup:
    """Knee to ankle."""
    w = p.wide
    slim = 0.86 if bare else 1.0
    rows = [
        [0.0, 0.0365, 0.036, 0.002],
        [0.28, 0.037, 0.036, -0.006],
        [0.6, 0.032, 0.031, -0.005],
        [0.88, 0.0285, 0.0275, -0.003],
        [0.97, 0.0285, 0.0275, -0.003],
    ]
    return _limb(p.shank, np.array(rows) * [1, w * slim, w * slim, w]).tagged(SKIN if bare else TROUSERS)


def foot(p: Proportions) -> Soup:
    """A shoe about the ankle; its sole lies a foot's height below."""
    h, low = p.height * p.leg_share, p.foot
    rows = np.array(
        [
            [-low, 0.07 * h, 0.0225 * h, 0.032 * h],
            [-low + 0.004 * h, 0.078 * h, 0.0275 * h, 0.035 * h],
            [-low + 0.012 * h, 0.078 * h, 0.0285 * h, 0.035 * h],
            [-low + 0.021 * h, 0.066 * h, 0.0265 * h, 0.026 * h],
            [-low + 0.031 * h, 0.045 * h, 0.024 * h, 0.009 * h],
            [0.003 * h, 0.034 * h, 0.0245 * h, 0.0],
            [0.022 * h, 0.03 * h, 0.0245 * h, -0.002 * h],
        ]
    )
    return _rings(rows, 2.4, 16).tagged(SHOES)


def backpack(p: Proportions) -> Soup:
    """A day pack on the back, in the torso's frame."""
    h, w = p.height * p.trunk_scale, p.wide
    rows = np.array(
        [
            [0.075 * h, 0.03 * w, 0.07 * w, -0.105 * w],
            [0.085 * h, 0.048 * w, 0.082 * w, -0.108 * w],
            [0.16 * h, 0.052 * w, 0.085 * w, -0.11 * w],
            [0.24 * h, 0.042 * w, 0.08 * w, -0.1 * w],
            [0.275 * h, 0.025 * w, 0.06 * w, -0.085 * w],
        ]
    )
    return _rings(rows, 3.5, 16).tagged(EXTRA)
