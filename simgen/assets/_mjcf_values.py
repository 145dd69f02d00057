"""What MJCF's attributes mean: defaults by class, angles, orientations, ends of capsules, masses."""

from __future__ import annotations

import math
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Self
from xml.etree.ElementTree import Element

import numpy as np

from simgen.assets._description import Geometry, numbers
from simgen.errors import UserError
from simgen.geometry import normalized, quat_from_axis_angle, quat_multiply
from simgen.records.base import F8

#: MuJoCo's density where none is given, kg/m3
WATER_KG_M3 = 1000.0
_AXES = np.eye(3)


@dataclass(frozen=True, kw_only=True)
class Values:
    """A file's settings: what stands for absent attributes, and in which units angles are."""

    #: factor from the file's angles to radians
    angle: float
    euler: str
    mesh_folder: str
    #: attributes by class ("" = the file's own) and tag
    defaults: Mapping[str, Mapping[str, Mapping[str, str]]] = field(default_factory=dict)
    meshes: Mapping[str, Mapping[str, str]] = field(default_factory=dict)
    materials: Mapping[str, str] = field(default_factory=dict)

    @classmethod
    def of(cls, root: Element, path: Path) -> Self:
        """Read them.

        Raises:
            UserError: a mesh has no file.
        """
        compiler = root.find("compiler")
        said: Mapping[str, str] = {} if compiler is None else compiler.attrib
        meshes = {}
        for mesh in root.findall("asset/mesh"):
            file = mesh.get("file")
            if not file:
                raise UserError(f"mjcf: {path.name!r}: the mesh {mesh.get('name')!r} has no file")
            meshes[mesh.get("name") or Path(file).stem] = dict(mesh.attrib)
        defaults: dict[str, dict[str, dict[str, str]]] = {"": {}}
        for block in root.findall("default"):
            _collect(block, "", {}, defaults)
        return cls(
            angle=1.0 if said.get("angle") == "radian" else math.pi / 180.0,
            euler=said.get("eulerseq", "xyz"),
            mesh_folder=said.get("meshdir", ""),
            defaults=defaults,
            meshes=meshes,
            materials={m.get("name", ""): m.get("rgba", "") for m in root.findall("asset/material")},
        )

    def resolved(self, element: Element, inherited: str) -> dict[str, str]:
        """An element's attributes, with those of its class behind them."""
        name = element.get("class", inherited)
        known = self.defaults.get(name, self.defaults[""])
        return {**known.get(element.tag, {}), **element.attrib}

    def mesh(self, name: str, where: str) -> tuple[str, F8]:
        """A mesh's file and scale.

        Raises:
            UserError: the file declares no such mesh.
        """
        if name not in self.meshes:
            raise UserError(f"{where}: there is no mesh {name!r} among the assets")
        file = self.meshes[name]["file"]
        folder = f"{self.mesh_folder.rstrip('/')}/" if self.mesh_folder else ""
        return folder + file, numbers(self.meshes[name].get("scale"), 3, [1.0] * 3, where)

    def material(self, name: str) -> str:
        """A material's colour as the file writes it; empty where it has none."""
        return self.materials.get(name, "")


def _collect(
    block: Element, name: str, above: Mapping[str, Mapping[str, str]], found: dict[str, dict[str, dict[str, str]]]
) -> None:
    """A class's attributes by tag, on top of those of the class that it is in, and those of the classes in it."""
    own = {tag: dict(values) for tag, values in above.items()}
    for child in block:
        if child.tag != "default":
            own[child.tag] = {**own.get(child.tag, {}), **child.attrib}
    found[name] = own
    if block.get("class"):
        found[block.get("class", "")] = own
    for child in block.findall("default"):
        _collect(child, child.get("class", ""), own, found)


def orientation(attributes: Mapping[str, str], values: Values, where: str) -> F8:
    """The quaternion that ``quat``, ``axisangle``, ``euler`` or ``zaxis`` says."""
    if "quat" in attributes:
        return normalized(numbers(attributes["quat"], 4, [1.0, 0.0, 0.0, 0.0], where))
    if "axisangle" in attributes:
        x, y, z, angle = numbers(attributes["axisangle"], 4, [0.0, 0.0, 1.0, 0.0], where)
        return quat_from_axis_angle(np.array([x, y, z]), np.asarray(angle * values.angle))
    if "zaxis" in attributes:
        return along(numbers(attributes["zaxis"], 3, [0.0, 0.0, 1.0], where))
    turn = np.array([1.0, 0.0, 0.0, 0.0])
    for letter, angle in zip(values.euler, numbers(attributes.get("euler"), 3, [0.0] * 3, where), strict=True):
        one = quat_from_axis_angle(_AXES["xyz".index(letter.lower())], np.asarray(angle * values.angle))
        # small letters turn about the axes that turn along, capitals about fixed ones
        turn = quat_multiply(turn, one) if letter.islower() else quat_multiply(one, turn)
    return turn


def along(direction: F8) -> F8:
    """The shortest turn from z to a direction."""
    d = normalized(direction)
    axis = np.array([-d[1], d[0], 0.0])
    sine = float(np.linalg.norm(axis))
    if sine < 1e-12:
        return np.array([1.0, 0.0, 0.0, 0.0] if d[2] > 0.0 else [0.0, 1.0, 0.0, 0.0])
    return quat_from_axis_angle(axis / sine, np.asarray(math.atan2(sine, float(d[2]))))


def body_pose(body: Element, values: Values, where: str) -> tuple[F8, F8]:
    """A body's pose in its parent's frame."""
    return numbers(body.get("pos"), 3, [0.0] * 3, where), orientation(body.attrib, values, where)


def geometry_pose(geom: Mapping[str, str], values: Values, where: str) -> tuple[F8, F8]:
    """A geom's pose in its body's frame."""
    return numbers(geom.get("pos"), 3, [0.0] * 3, where), orientation(geom, values, where)


def endpoints(geom: Mapping[str, str], size: F8, values: Values, where: str) -> tuple[tuple[F8, F8], float]:
    """Pose and length of a capsule or cylinder: given by its ends, or by half its length along z."""
    if "fromto" in geom:
        ends = numbers(geom["fromto"], 6, [0.0] * 6, where).reshape(2, 3)
        length = float(np.linalg.norm(ends[1] - ends[0]))
        if length <= 0.0:
            raise UserError(f"{where}: a geom's two ends are the same point")
        return (ends.mean(0), along(ends[1] - ends[0])), length
    if len(size) < 2:
        raise UserError(f"{where}: a {geom.get('type')} needs size = radius and half length, or fromto")
    return geometry_pose(geom, values, where), 2.0 * float(size[1])


def mass_of(geom: Mapping[str, str], shape: Geometry, where: str) -> float:
    """As given, or by volume and density, kg; meshes without a mass count nothing."""
    if "mass" in geom:
        return float(numbers(geom["mass"], 1, [0.0], where)[0])
    density = float(numbers(geom.get("density"), 1, [WATER_KG_M3], where)[0])
    s = shape.size
    if shape.kind == "box":
        return density * float(s.prod())
    if shape.kind == "sphere":
        return density * 4.0 / 3.0 * math.pi * float(s[0]) ** 3
    if shape.kind in ("cylinder", "capsule"):
        ends = 4.0 / 3.0 * math.pi * float(s[0]) ** 3 if shape.kind == "capsule" else 0.0
        return density * (math.pi * float(s[0]) ** 2 * float(s[1]) + ends)
    return 0.0
