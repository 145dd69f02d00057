"""Walking and pedalling as Fourier series of joint angles.

Walking is solved backwards from the ground: the sole rolls without slipping through stance (heel, flat, toe), the foot
swings forward in between, and hip and knee follow from the ankle by trigonometry. The foot's pitch over the cycle and
the shares of stance and swing are those of normal gait (Perry and Burnfield, "Gait Analysis", 2010; Winter 1991): heel
strike at 0 with the toes up, foot flat at 9 %, heel off at 36 %, toe off at 62 %. What follows for the joints is near
the published curves: the hip swings from 33 degrees of flexion to 5 of extension (30 to 10), the knee bends 58 in swing
(60) and 35 in stance (20: the pelvis here neither turns nor tilts, so the knee makes up for it).
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Final

import numpy as np
from numpy.typing import ArrayLike

from simgen.records.base import F8
from simgen.records.model import Joint, Vector3
from simgen.shapes.lattice import curve

SAMPLES: Final = 240
HARMONICS: Final = 12
STANCE: Final = 0.62
#: stride length by the height of the hips (1.28 m at 0.94 m, comfortable walking)
STRIDE_SHARE: Final = 1.36
#: lever of the link that lifts the body: a long arm turned by milliradians moves straight up and down
LEVER_M: Final = 10.0
#: foot pitch over the cycle, degrees, toes up positive
PITCH: Final = (
    (-0.09, 8.0), (0.0, 20.0), (0.09, 0.0), (0.36, 0.0), (0.5, -22.0), (0.62, -60.0),
    (0.72, -43.0), (0.82, -12.0), (0.91, 8.0), (1.0, 20.0), (1.09, 0.0),
)  # fmt: skip


@dataclass(frozen=True, kw_only=True, eq=False)
class Legs:
    """Measures in metres: hip to knee, knee to ankle, the ankle over the ground, and the sole's points (P, 2), x and z
    from the ankle.
    """

    thigh: float
    shank: float
    foot: float
    sole: F8

    @property
    def hip(self) -> float:
        """Height of the hip joints, standing."""
        return self.foot + self.shank + self.thigh


@dataclass(frozen=True, kw_only=True, eq=False)
class Walk:
    """A cycle of the left leg at SAMPLES phases, radians and metres; the right leg is half a cycle later."""

    hip: F8
    knee: F8
    ankle: F8
    #: height of the hips against standing, metres
    lift: F8
    stride: float


def foot_pitch(phase: ArrayLike) -> F8:
    """Pitch of the sole in radians, toes up positive, at phases 0..1."""
    t = np.array(PITCH)
    return np.radians(curve(np.asarray(phase, np.float64), t[:, 0], t[:, 1]))


def support(sole: F8, pitch: F8) -> F8:
    """Height of the ankle over the ground when the sole's points (P, 2), x and z, touch it at a pitch (N,)."""
    z = sole[None, :, 1] * np.cos(pitch)[:, None] + sole[None, :, 0] * np.sin(pitch)[:, None]
    return np.asarray(-z.min(1))


def walk(p: Legs) -> Walk:
    """The cycle for a person's legs."""
    phase = np.arange(SAMPLES) / SAMPLES
    stride = STRIDE_SHARE * p.hip
    pitch = foot_pitch(phase)
    height = support(p.sole, pitch)
    x, z = _ankle_path(phase, pitch, height, stride)
    rise = 0.019 * p.hip * np.cos(4.0 * np.pi * (phase - 0.31))
    # as high as the longest reach allows, with the knee never quite straight
    reach = 0.992 * (p.thigh + p.shank)
    hip_z = rise + float((z + np.sqrt(reach**2 - x**2) - rise).min())
    hip, knee = leg_angles(x, z - hip_z, p.thigh, p.shank)
    # the shank leans forward by hip minus knee; what the sole's pitch adds is the ankle's
    return Walk(hip=hip, knee=knee, ankle=pitch - (hip - knee), lift=hip_z - p.hip, stride=stride)


def _ankle_path(phase: F8, pitch: F8, height: F8, stride: float) -> tuple[F8, F8]:
    """The ankle relative to the hips: rolling in stance, a smooth swing in between."""
    turn = np.diff(pitch, append=pitch[:1])
    middle = 0.5 * (height + np.roll(height, -1))
    rolled = np.concatenate([[0.0], np.cumsum(-middle * turn)[:-1]])
    swing = np.clip((phase - STANCE) / (1.0 - STANCE), 0.0, 1.0)
    last = int(np.flatnonzero(phase <= STANCE)[-1])
    dt = 1.0 / SAMPLES
    v0, v1 = (rolled[last] - rolled[last - 1]) / dt, (rolled[1] - rolled[0]) / dt
    world = np.where(phase <= STANCE, rolled, _hermite(swing, rolled[last], stride, v0, v1, 1.0 - STANCE))
    z = height + 0.012 * stride * np.sin(np.pi * swing) ** 2
    x = world - stride * phase
    return x - 0.5 * float(x.max() + x.min()) - 0.03 * stride, z


def _hermite(s: F8, start: float, stop: float, v0: float, v1: float, span: float) -> F8:
    a, b = (1 + 2 * s) * (1 - s) ** 2, s * s * (3 - 2 * s)
    return np.asarray(a * start + b * stop + span * (s * (1 - s) ** 2 * v0 + s * s * (s - 1) * v1))


def leg_angles(x: F8, z: F8, thigh: float, shank: float) -> tuple[F8, F8]:
    """Hip and knee flexion in radians that put the ankle at (x forward, z up) from the hip (law of cosines)."""
    d2 = x * x + z * z
    knee = np.arccos(np.clip((d2 - thigh**2 - shank**2) / (2.0 * thigh * shank), -1.0, 1.0))
    lag = np.arctan2(shank * np.sin(knee), thigh + shank * np.cos(knee))
    return np.arctan2(x, -z) + lag, knee


def series(values: F8, harmonics: int = HARMONICS) -> tuple[float, tuple[float, ...], tuple[float, ...]]:
    """Mean, cosines and sines of evenly spaced samples of one period (discrete Fourier sums, in order)."""
    phase = 2.0 * np.pi * np.arange(len(values)) / len(values)
    n = np.arange(1, harmonics + 1)[:, None]
    cosines = (values * np.cos(n * phase)).sum(1) * 2.0 / len(values)
    sines = (values * np.sin(n * phase)).sum(1) * 2.0 / len(values)
    return float(values.mean()), tuple(float(c) for c in cosines), tuple(float(s) for s in sines)


def gait_joint(values: F8, axis: Vector3, stride: float, rest: float = 0.0, harmonics: int = HARMONICS) -> Joint:
    """A joint that swings through samples of one cycle (radians), measured from its rest angle."""
    mean, cosines, sines = series(values - rest, harmonics)
    return Joint(kind="gait", axis=axis, stride_m=stride, offset_rad=mean, cosines_rad=cosines, sines_rad=sines)


def walk_joints(cycle: Walk, start: float = 0.0) -> Mapping[str, Joint]:
    """Joints by link name; ``start`` (0..1) is the phase at no distance.

    Flexion of hip, shoulder and elbow turns about -y, of the knee about +y.
    """
    first = round(start * SAMPLES)
    phase = (np.arange(SAMPLES) + first) / SAMPLES
    back: Vector3 = (0.0, 1.0, 0.0)
    forward: Vector3 = (0.0, -1.0, 0.0)
    up: Vector3 = (0.0, 0.0, 1.0)
    swing = np.cos(2.0 * np.pi * phase)
    joints = {
        "lift": gait_joint(np.roll(np.arcsin(cycle.lift / LEVER_M), -first), forward, cycle.stride),
        # the shoulders turn against the pelvis, about 5 degrees each way
        "torso": gait_joint(np.radians(5.0) * swing, up, cycle.stride, harmonics=1),
    }
    for side, late in (("left", 0), ("right", SAMPLES // 2)):
        arm = np.roll(swing, -late)
        joints |= {
            f"{side}_thigh": gait_joint(np.roll(cycle.hip, -late - first), forward, cycle.stride),
            f"{side}_shank": gait_joint(np.roll(cycle.knee, -late - first), back, cycle.stride),
            f"{side}_foot": gait_joint(np.roll(cycle.ankle, -late - first), forward, cycle.stride),
            f"{side}_upper_arm": gait_joint(np.radians(4.0 - 21.0 * arm), forward, cycle.stride, harmonics=1),
            f"{side}_forearm": gait_joint(np.radians(16.0 - 12.0 * arm), forward, cycle.stride, harmonics=1),
        }
    return joints


#: running: stance is a bit over a third of the cycle, strides are long, both feet leave the ground in between
RUN_STANCE: Final = 0.36
RUN_STRIDE_SHARE: Final = 2.5
#: hip and knee flexion and ankle over a running cycle, degrees, the left foot's contact at 0, about 3 m/s (after
#: Novacheck, "The biomechanics of running", Gait and Posture 7, 1998)
_RUN: Final = (
    (0.0, 42.0, 20.0, 6.0), (0.1, 38.0, 42.0, 18.0), (0.2, 20.0, 38.0, 18.0), (0.3, -2.0, 22.0, -6.0),
    (0.38, -10.0, 18.0, -26.0), (0.5, 2.0, 62.0, -10.0), (0.6, 24.0, 95.0, 0.0), (0.7, 44.0, 98.0, 4.0),
    (0.8, 54.0, 62.0, 6.0), (0.9, 50.0, 26.0, 6.0), (1.0, 42.0, 20.0, 6.0),
)  # fmt: skip


def run(p: Legs) -> Walk:
    """The cycle of a run; the hips are as high as the lower foot's sole allows, and higher in flight."""
    phase = np.arange(SAMPLES) / SAMPLES
    table = np.array(_RUN)
    hip, knee, ankle = (np.radians(curve(phase, table[:, 0], table[:, k])) for k in (1, 2, 3))
    shank = hip - knee
    foot = shank + ankle
    depth = p.thigh * np.cos(hip) + p.shank * np.cos(shank) + support(p.sole, foot)
    lower = np.maximum(depth, np.roll(depth, SAMPLES // 2))
    # in flight the hips follow a parabola over the last and the next contact
    half = SAMPLES // 2
    off = int(RUN_STANCE * SAMPLES)
    air = np.arange(off, half + 1)
    s = (air - off) / (half - off)
    rise = 0.055 * p.hip * 4.0 * s * (1.0 - s)
    arc = (1.0 - s) * lower[off] + s * lower[half % SAMPLES] + rise
    height = lower.copy()
    for start in (0, half):
        height[(air + start) % SAMPLES] = np.maximum(arc, lower[(air + start) % SAMPLES])
    return Walk(hip=hip, knee=knee, ankle=ankle, lift=height - p.hip, stride=RUN_STRIDE_SHARE * p.hip)


def run_joints(cycle: Walk, start: float = 0.0) -> Mapping[str, Joint]:
    """Joints by link name: those of walking, with arms that swing from the shoulder."""
    joints = dict(walk_joints(cycle, start))
    first = round(start * SAMPLES)
    swing = np.cos(2.0 * np.pi * (np.arange(SAMPLES) + first) / SAMPLES)
    for side, sign in (("left", 1.0), ("right", -1.0)):
        back = np.radians(-8.0 - 34.0 * sign * swing)
        joints[f"{side}_upper_arm"] = gait_joint(back, (0.0, -1.0, 0.0), cycle.stride, harmonics=1)
        joints[f"{side}_forearm"] = gait_joint(
            np.radians(-10.0 * sign * swing), (0.0, -1.0, 0.0), cycle.stride, harmonics=1
        )
    return joints
