"""How four legs walk and trot, as Fourier series of joint angles.

Legs are solved backwards from the ground, as people's are: a foot stands flat and still on the ground while it bears,
swings forward in between, and the joints above follow by trigonometry. Footfalls are Hildebrand's (1965, "Symmetrical
gaits of horses"; 1989): a walk in lateral sequence (left hind, left fore, right hind, right fore, a quarter of a stride
apart; a foot bears for 0.62 of it) and a trot (diagonal pairs half a stride apart, 0.42).
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

import numpy as np

from simgen.records.base import F8
from simgen.shapes.gait import SAMPLES, leg_angles
from simgen.shapes.lattice import curve
from simgen.shapes.species import Build

#: share of the stride that a foot bears, and when in it each foot is set down
DUTY: Final = {"walk": 0.62, "trot": 0.42}
FOOTFALLS: Final = {
    "walk": {"left_hind": 0.0, "left_fore": 0.25, "right_hind": 0.5, "right_fore": 0.75},
    "trot": {"left_hind": 0.0, "right_fore": 0.0, "right_hind": 0.5, "left_fore": 0.5},
}
#: lean of the hind cannon over the cycle: (share of stance, degrees), hock ahead of the foot positive; 1 to 2 = swing
_LEAN: Final = ((-0.3, -24.0), (0.0, -14.0), (0.5, 2.0), (1.0, 34.0), (1.25, 44.0), (1.7, -20.0), (2.0, -14.0))


@dataclass(frozen=True, kw_only=True, eq=False)
class Leg:
    """Lengths of a leg's parts, metres, and where its foot's joint stands from its pivot (x, z), at rest."""

    upper: float
    lower: float
    #: hind legs have one part more; 0 = none
    cannon: float
    stand: tuple[float, float]


def legs_of(build: Build, size: float) -> dict[str, Leg]:
    """Fore and hind legs of an animal; slightly bent where they stand."""
    zs, zh = build.shoulder[1], build.hip[1]
    fore = Leg(
        upper=(zs - build.carpus) * size * 1.004,
        lower=(build.carpus - build.foot) * size * 1.004,
        cannon=0.0,
        stand=(0.0, (build.foot - zs) * size),
    )
    # thigh and shank reach from the hip to a hock that lies behind it
    back = 0.1
    span = np.hypot(zh - build.hock, back) * size
    hind = Leg(
        upper=0.56 * span * 1.03,
        lower=0.56 * span * 1.03,
        cannon=(build.hock - build.foot) * size,
        stand=(-0.075 * size, (build.foot - zh) * size),
    )
    return {"fore": fore, "hind": hind}


def standing(leg: Leg, stand: tuple[float, float] | None = None, lean_deg: float = 2.0) -> tuple[float, ...]:
    """Angles of a leg's parts against the vertical, forward positive: upper, lower, (cannon)."""
    x, z = stand if stand is not None else leg.stand
    if leg.cannon == 0.0:
        a, bend = leg_angles(np.array([x]), np.array([z]), leg.upper, leg.lower)
        return float(a[0]), float(a[0] - bend[0])
    lean = np.radians(-lean_deg)
    hx, hz = x + leg.cannon * np.sin(lean), z + leg.cannon * np.cos(lean)
    a, bend = leg_angles(np.array([hx]), np.array([hz]), leg.upper, leg.lower)
    return float(a[0]), float(a[0] - bend[0]), float(-lean)


@dataclass(frozen=True, kw_only=True, eq=False)
class Cycle:
    """Angles against the vertical (SAMPLES,) of a leg's parts over a stride from its footfall, and the foot's pitch."""

    parts: tuple[F8, ...]
    pitch: F8


def drop(legs: dict[str, Leg], stride: float, gait: str) -> float:
    """How much lower the body is carried than standing, so that every leg reaches the ground all through stance."""
    need = 0.0
    for leg in legs.values():
        x, _, lean = _path(leg, stride, gait)
        phase = np.arange(SAMPLES) / SAMPLES
        bears = phase <= DUTY[gait]
        reach = 0.995 * (leg.upper + leg.lower)
        hx = x + leg.cannon * np.sin(lean)
        top = np.sqrt(np.maximum(reach**2 - hx**2, 0.0)) + leg.cannon * np.cos(lean)
        need = max(need, float((-leg.stand[1] - top)[bears].max()))
    return need


def _path(leg: Leg, stride: float, gait: str) -> tuple[F8, F8, F8]:
    """The foot's joint from the pivot: x, height over its standing height; and the cannon's lean."""
    duty = DUTY[gait]
    phase = np.arange(SAMPLES) / SAMPLES
    swing = np.clip((phase - duty) / (1.0 - duty), 0.0, 1.0)
    half = 0.5 * duty * stride
    # back at the body's speed while it bears; forward on a curve that leaves and meets the ground at that speed
    s, slope = swing, -stride * (1.0 - duty)
    h00, h10, h01, h11 = (1 + 2 * s) * (1 - s) ** 2, s * (1 - s) ** 2, s * s * (3 - 2 * s), s * s * (s - 1)
    forward = -half * h00 + slope * h10 + half * h01 + slope * h11
    x = np.where(phase <= duty, half - stride * phase, forward) + leg.stand[0]
    lift = 0.09 * stride * np.sin(np.pi * swing) ** 2
    share = np.where(phase <= duty, phase / duty, 1.0 + swing)
    knots = np.array(_LEAN)
    lean = np.radians(curve(share, knots[:, 0], knots[:, 1])) if leg.cannon > 0.0 else np.zeros(SAMPLES)
    return x, lift, lean


def cycle(leg: Leg, stride: float, gait: str, lower_by: float) -> Cycle:
    """One leg's stride."""
    x, lift, lean = _path(leg, stride, gait)
    z = leg.stand[1] + lower_by + lift
    hx, hz = x + leg.cannon * np.sin(lean), z + leg.cannon * np.cos(lean)
    upper, bend = leg_angles(hx, hz, leg.upper, leg.lower)
    parts = (upper, upper - bend) if leg.cannon == 0.0 else (upper, upper - bend, -lean)
    duty = DUTY[gait]
    swing = np.clip((np.arange(SAMPLES) / SAMPLES - duty) / (1.0 - duty), 0.0, 1.0)
    return Cycle(parts=parts, pitch=-np.radians(55.0) * np.sin(np.pi * swing) ** 2)


__all__ = ["DUTY", "FOOTFALLS", "Cycle", "Leg", "cycle", "drop", "legs_of", "standing"]
