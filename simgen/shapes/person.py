"""From proportions and clothes to a walking person."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np

from simgen.geometry import quat_from_axis_angle, quat_multiply
from simgen.records.base import F8
from simgen.records.mesh import Surface
from simgen.records.model import Joint, Link, Model, Quaternion
from simgen.shapes import human
from simgen.shapes.builder import MeshBuilder, Palette
from simgen.shapes.colors import CLOTHES, HAIRS, SKINS, Color, resolve
from simgen.shapes.finish import finished, hull, vector3
from simgen.shapes.gait import LEVER_M, walk, walk_joints
from simgen.shapes.human import Proportions
from simgen.shapes.soup import Soup, join

#: how far the arms hang from the body, and the elbows' bend, standing
ARM_SPREAD_RAD, ELBOW_REST_RAD = float(np.radians(7.0)), float(np.radians(9.0))


@dataclass(frozen=True, kw_only=True)
class Clothes:
    """What somebody looks like; colours are names or linear reflectances."""

    class_name: str
    top: str | Color
    trousers: str | Color
    skin: str | Color
    hair: str | Color
    shoes: str | Color = "black"
    extra: str | Color = "black"
    hair_style: str = "short"
    short_sleeves: bool = False
    shorts: bool = False

    def surfaces(self) -> tuple[Surface, ...]:
        """In the order of the tags of :mod:`simgen.shapes.human`.

        Raises:
            UserError: an unknown colour.
        """
        cloth = [
            resolve("top", self.top, CLOTHES),
            resolve("trousers", self.trousers, CLOTHES),
            resolve("skin", self.skin, SKINS),
            resolve("hair", self.hair, HAIRS),
            resolve("shoes", self.shoes, CLOTHES),
            resolve("backpack", self.extra, CLOTHES),
        ]
        rough = (0.9, 0.9, 0.55, 0.6, 0.6, 0.8)
        texture = ("fabric", "fabric", "plain", "plain", "plain", "fabric")
        heat = ("cloth", "cloth", "skin", "hair", "cloth", "cloth")
        return tuple(
            Surface(
                class_name=self.class_name,
                base_color=color,
                roughness=r,
                # dyes hardly absorb near infrared: cloth is bright at 905 nm whatever its colour
                lidar_reflectance=0.55 if t == "fabric" else 0.45,
                texture=t,
                texture_scale_m=0.01,
                heat=h,
            )
            for color, r, t, h in zip(cloth, rough, texture, heat, strict=True)
        )


def parts(p: Proportions, clothes: Clothes, backpack: bool) -> Mapping[str, Soup]:
    """The soup of every link, in its joint's frame; those of both sides mirror each other."""
    torso = human.torso(p)
    soups: dict[str, Soup] = {
        "pelvis": human.pelvis(p),
        "torso": join([torso, human.backpack(p)]) if backpack else torso,
        "head": human.head(p, clothes.hair_style),
    }
    limbs = {
        "upper_arm": human.upper_arm(p),
        "forearm": human.forearm(p, clothes.short_sleeves),
        "thigh": human.thigh(p),
        "shank": human.shank(p, clothes.shorts),
        "foot": human.foot(p),
    }
    for name, soup in limbs.items():
        soups[f"left_{name}"] = soup
        soups[f"right_{name}"] = soup.scaled((1.0, -1.0, 1.0))
    return soups


def sole_of(p: Proportions) -> F8:
    """The shoe's points (P, 2), x and z from the ankle."""
    return human.foot(p).vertices[:, [0, 2]]


def as_quaternion(q: F8) -> Quaternion:
    """Four Python floats."""
    w, x, y, z = (float(v) for v in q)
    return w, x, y, z


def turned(*turns: tuple[tuple[float, float, float], float]) -> Quaternion:
    """Rotations about axes, the first one outermost."""
    q = np.array([1.0, 0.0, 0.0, 0.0])
    for axis, angle in turns:
        q = quat_multiply(q, quat_from_axis_angle(axis, angle))
    return as_quaternion(q)


class Skeleton:
    """Collects a person's links by name."""

    def __init__(self, soups: Mapping[str, Soup], surfaces: tuple[Surface, ...], joints: Mapping[str, Joint]) -> None:
        self.links: list[Link] = []
        self.palette = Palette()
        self._soups, self._surfaces, self._joints = soups, surfaces, joints

    def add(
        self,
        name: str,
        parent: str = "",
        position: tuple[float, float, float] = (0.0, 0.0, 0.0),
        quaternion: Quaternion = (1.0, 0.0, 0.0, 0.0),
    ) -> None:
        """Append a link under a named parent."""
        names = [link.name for link in self.links]
        soup = self._soups.get(name)
        mesh = None
        if soup is not None:
            mesh = MeshBuilder(self.palette).add(soup, *self._surfaces, smooth_deg=60.0).mesh()
        self.links.append(
            Link(
                name=name,
                parent=names.index(parent) if parent else -1,
                position=vector3(position),
                quaternion=quaternion,
                mesh=mesh,
                joint=self._joints.get(name, Joint()),
                shapes=(hull(soup.vertices),) if soup is not None else (),
            )
        )


def build_person(name: str, p: Proportions, clothes: Clothes, *, backpack: bool, mass_kg: float) -> Model:
    """A standing person whose joints walk."""
    body = Skeleton(parts(p, clothes, backpack), clothes.surfaces(), walk_joints(walk(p, sole_of(p))))
    body.add("body")
    body.add("lift", "body", (-LEVER_M, 0.0, p.hip))
    body.add("pelvis", "lift", (LEVER_M, 0.0, 0.0))
    body.add("torso", "pelvis")
    body.add("head", "torso", (0.0, 0.0, p.trunk))
    shoulder_y, shoulder_z = p.shoulder
    for side, sign in (("left", 1.0), ("right", -1.0)):
        spread = turned(((1.0, 0.0, 0.0), sign * ARM_SPREAD_RAD))
        elbow = turned(((0.0, -1.0, 0.0), ELBOW_REST_RAD))
        body.add(f"{side}_upper_arm", "torso", (-0.005 * p.height, sign * shoulder_y, shoulder_z), spread)
        body.add(f"{side}_forearm", f"{side}_upper_arm", (0.0, 0.0, -p.upper_arm), elbow)
    for side, sign in (("left", 1.0), ("right", -1.0)):
        body.add(f"{side}_thigh", "pelvis", (0.0, sign * p.hip_y, 0.0))
        body.add(f"{side}_shank", f"{side}_thigh", (0.0, 0.0, -p.thigh))
        body.add(f"{side}_foot", f"{side}_shank", (0.0, 0.0, -p.shank))
    return finished(name, clothes.class_name, body.links, body.palette.surfaces, mass_kg=mass_kg)
