"""Bodies: baked shapes of people, blended and scaled, and the pose that their bones take.

``data/people.npz`` holds a few body shapes on one topology (``scripts/bake_people.py``; from MakeHuman's CC0 data).
Every group of bones has a joint; in the *hanging* pose all joint angles are zero: legs and arms straight down, palms
to the thighs, x ahead, y left, z up in every frame. A pose turns groups against their parents.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any, Final

import numpy as np

from simgen.geometry import cross, normalized, quat_from_axis_angle, quat_multiply, quat_rotate
from simgen.records.base import F8, I8

#: parents of groups of bones
MIDDLE: Final = {"pelvis": "", "spine": "pelvis", "chest": "spine", "neck": "chest", "head": "neck"}
SIDED: Final = {
    "clavicle": "chest", "upper_arm": "clavicle", "forearm": "upper_arm", "hand": "forearm", "fingers": "hand",
    "tips": "fingers", "thumb": "hand", "thigh": "pelvis", "shank": "thigh", "foot": "shank", "toes": "foot",
}  # fmt: skip
#: the group towards whose joint a bone points
_NEXT: Final = {"upper_arm": "forearm", "forearm": "hand", "hand": "fingers", "thigh": "shank", "shank": "foot"}
_DOWN: Final = np.array([0.0, 0.0, -1.0])

Pose = Mapping[str, F8]


@dataclass(frozen=True, kw_only=True, eq=False)
class Layer:
    """One mesh of the baked data: triangles (T, 3), weights of the groups (V, G), places (bodies, V, 3) in metres."""

    triangles: I8
    weights: F8
    places: F8


@dataclass(frozen=True, kw_only=True, eq=False)
class Baked:
    """The data file."""

    bodies: tuple[str, ...]
    groups: tuple[str, ...]
    skin: Layer
    cloth: Layer
    #: vertices of the skin from this one on are eyeballs
    eyes: int
    points: tuple[str, ...]
    point_places: F8


@cache
def baked() -> Baked:
    """The data file, read once."""
    with np.load(Path(__file__).parent / "data" / "people.npz", allow_pickle=False) as file:
        data = dict(file)
    groups = tuple(str(g) for g in data["groups"])
    return Baked(
        bodies=tuple(str(b) for b in data["bodies"]),
        groups=groups,
        skin=_layer(data, "skin", len(groups)),
        cloth=_layer(data, "cloth", len(groups)),
        eyes=int(data["eye_vertices"][0]),
        points=tuple(str(n) for n in data["point_names"]),
        point_places=data["points"] * 1e-4,
    )


def _layer(data: Mapping[str, Any], name: str, groups: int) -> Layer:
    rows, shares = data[f"{name}_group"], data[f"{name}_weight"]
    weights = np.zeros((len(rows), groups))
    np.put_along_axis(weights, rows.astype(np.int64), shares / shares.astype(np.float64).sum(1, keepdims=True), 1)
    return Layer(
        triangles=data[f"{name}_triangles"].astype(np.int64), weights=weights, places=data[f"{name}_places"] * 1e-4
    )


@dataclass(frozen=True, kw_only=True, eq=False)
class Body:
    """One body as baked, arms spread: places of both layers and named points, metres."""

    skin: F8
    cloth: F8
    points: Mapping[str, F8]
    #: turns of the groups (G, 4) from the baked pose to the hanging one
    hanging: F8

    def joint(self, group: str) -> F8:
        """A group's joint (3,); the pelvis turns about the middle of the hips."""
        if group == "pelvis":
            return np.asarray(0.5 * (self.points["joint:left_thigh"] + self.points["joint:right_thigh"]))
        return self.points[f"joint:{group}"]

    def length(self, group: str) -> float:
        """From a left group's joint to the next one's: ``left_thigh`` is hip to knee."""
        side, _, name = group.partition("_")
        step = self.joint(f"{side}_{_NEXT[name]}") - self.joint(group)
        return float(np.sqrt((step * step).sum()))


def blended(mix: Mapping[str, float], scale: float = 1.0) -> Body:
    """A body from shares of the baked ones (differences may be negative; they sum to 1), scaled."""
    data = baked()
    share = np.array([mix.get(name, 0.0) for name in data.bodies])[:, None, None] * scale
    points = dict(zip(data.points, (share * data.point_places).sum(0), strict=True))
    for name in SIDED:
        left, right = points[f"joint:left_{name}"], points[f"joint:right_{name}"]
        mean = 0.5 * (left + right * [1.0, -1.0, 1.0])
        points[f"joint:left_{name}"], points[f"joint:right_{name}"] = mean, mean * [1.0, -1.0, 1.0]
    for name in ("joint:pelvis", "joint:spine", "joint:chest", "joint:neck", "joint:head", "key:nose"):
        points[name] = points[name] * [1.0, 0.0, 1.0]
    skin, cloth = ((share * layer.places).sum(0) for layer in (data.skin, data.cloth))
    return Body(skin=skin, cloth=cloth, points=points, hanging=_hanging(points))


def _hanging(points: Mapping[str, F8]) -> F8:
    """Turns that let arms and legs hang; what moves beyond the wrist goes with the hand, feet stay as they are."""
    turns = dict.fromkeys(baked().groups, np.array([1.0, 0.0, 0.0, 0.0]))
    for side in ("left", "right"):
        for name, after in _NEXT.items():
            step = points[f"joint:{side}_{after}"] - points[f"joint:{side}_{name}"]
            turns[f"{side}_{name}"] = shortest_turn(step, _DOWN)
        for name in ("fingers", "tips", "thumb"):
            turns[f"{side}_{name}"] = turns[f"{side}_hand"]
    return np.stack([turns[g] for g in baked().groups])


def shortest_turn(start: F8, stop: F8) -> F8:
    """The rotation by the least angle that takes one direction to another (4,)."""
    a, b = normalized(start), normalized(stop)
    axis = cross(a, b)
    sine = float(np.sqrt((axis * axis).sum()))
    if sine < 1e-9:
        return np.array([1.0, 0.0, 0.0, 0.0])
    return quat_from_axis_angle(axis / sine, np.arctan2(sine, float((a * b).sum())))


def parent_of(group: str) -> str:
    """The group that a group turns against; "" for the pelvis."""
    if group in MIDDLE:
        return MIDDLE[group]
    side, _, name = group.partition("_")
    parent = SIDED[name]
    return parent if parent in MIDDLE else f"{side}_{parent}"


@dataclass(frozen=True, kw_only=True, eq=False)
class Frames:
    """Where the groups' frames are in the world of a pose: origins (G, 3) and turns (G, 4) from the hanging pose."""

    origins: F8
    turns: F8
    body: Body

    def at(self, group: str) -> tuple[F8, F8]:
        """Origin and turn of a group's frame."""
        k = baked().groups.index(group)
        return self.origins[k], self.turns[k]

    def skinned(self, points: F8, weights: F8) -> F8:
        """Points (V, 3) of the baked pose, moved with their groups by linear blend skinning."""
        out = np.zeros_like(points)
        for k, group in enumerate(baked().groups):
            rows = np.flatnonzero(weights[:, k] > 0.0)
            if len(rows):
                moved = quat_rotate(self._whole(k), points[rows] - self.body.joint(group)) + self.origins[k]
                out[rows] += weights[rows, k, None] * moved
        return out

    def unskinned(self, group: str, points: F8) -> F8:
        """Points in the group's hanging frame (V, 3), as places of the baked pose that go with it rigidly."""
        back = self.body.hanging[baked().groups.index(group)] * [1.0, -1.0, -1.0, -1.0]
        return np.asarray(quat_rotate(back, points) + self.body.joint(group))

    def _whole(self, k: int) -> F8:
        return quat_multiply(self.turns[k], self.body.hanging[k])


def posed(body: Body, pose: Pose, origin: F8, turn: F8 | None = None) -> Frames:
    """Frames of all groups when the pelvis' joint is at ``origin`` and turned; ``pose`` names turns against parents."""
    groups = baked().groups
    origins, turns = np.zeros((len(groups), 3)), np.zeros((len(groups), 4))
    still = np.array([1.0, 0.0, 0.0, 0.0])
    for group in _ordered():
        k, parent = groups.index(group), parent_of(group)
        own = pose.get(group, still)
        if not parent:
            origins[k], turns[k] = origin, quat_multiply(still if turn is None else turn, own)
            continue
        p = groups.index(parent)
        step = quat_rotate(body.hanging[p], body.joint(group) - body.joint(parent))
        origins[k] = origins[p] + quat_rotate(turns[p], step)
        turns[k] = quat_multiply(turns[p], own)
    return Frames(origins=origins, turns=turns, body=body)


@cache
def _ordered() -> tuple[str, ...]:
    return (*MIDDLE, *(f"{side}_{name}" for side in ("left", "right") for name in SIDED))
