"""A robot or object described by a URDF file."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import Final
from xml.etree.ElementTree import Element

import numpy as np

from simgen.assets._coats import decoded_color
from simgen.assets._description import (
    Geometry,
    JointKind,
    Part,
    build_described,
    find_file,
    mesh_path,
    numbers,
    parse_xml,
    pose_of,
)
from simgen.assets.base import Asset
from simgen.errors import UserError
from simgen.records.base import F8
from simgen.records.model import Model
from simgen.registry import param, register
from simgen.shapes.colors import Color
from simgen.taxonomy import class_id

_KINDS: Final[dict[str, JointKind]] = {
    "fixed": "fixed",
    "revolute": "hinge",
    "continuous": "hinge",
    "prismatic": "slide",
}


@register("asset", "urdf")
@dataclass(frozen=True, kw_only=True)
class Urdf(Asset):
    """A model read from a URDF file (ROS wiki, "urdf/XML"): links, visuals, collisions, joints, materials.

    ``path`` may name one of PyBullet's own files: duck_vhacd.urdf, r2d2.urdf, kuka_iiwa/model.urdf,
    franka_panda/panda.urdf, table/table.urdf ... Physics loads the same file. Links keep their names and come depth
    first, the root first. Colours are read as sRGB.
    """

    path: str = param(
        doc="the file: relative to the scene file, absolute, or a name in PyBullet's data", reference="file"
    )
    class_name: str = param("object", doc="class of the taxonomy")
    scale: float = param(1.0, gt=0.0, le=1000.0, doc="of every length")

    def __post_init__(self) -> None:
        class_id(self.class_name)

    def build(self) -> Model:
        """Parse the file and read its meshes.

        Raises:
            UserError: the file or a mesh is missing, or the description is wrong.
        """
        path = find_file(self.path, "urdf")
        return build_described("urdf", path, parse_urdf(path), self.class_name, self.scale)


def parse_urdf(path: Path) -> list[Part]:
    """Every link with its joint, in the file's order.

    Raises:
        UserError: the description is wrong.
    """
    root = parse_xml(path, "urdf")
    if root.tag != "robot":
        raise UserError(f"urdf: {path.name!r} holds <{root.tag}>, not <robot>")
    colors = {m.get("name", ""): c for m in root.iter("material") if (c := _rgba(m, path)) is not None}
    joints = {_child(j, path): j for j in root.findall("joint")}
    links = [link.get("name", "") for link in root.findall("link")]
    if not links:
        raise UserError(f"urdf: {path.name!r} has no links")
    for name, joint in joints.items():
        parent = joint.find("parent")
        for end in (name, "" if parent is None else parent.get("link", "")):
            if end not in links:
                raise UserError(f"urdf: {path.name!r}: the joint {joint.get('name')!r} names the unknown link {end!r}")
    return [_part(link, joints.get(link.get("name", "")), colors, path) for link in root.findall("link")]


def _child(joint: Element, path: Path) -> str:
    child = joint.find("child")
    if child is None:
        raise UserError(f"urdf: {path.name!r}: the joint {joint.get('name')!r} has no child")
    return child.get("link", "")


def _part(link: Element, joint: Element | None, colors: dict[str, Color], path: Path) -> Part:
    name = link.get("name", "")
    mass = link.find("inertial/mass")
    weight = 0.0 if mass is None else float(numbers(mass.get("value"), 1, [0.0], f"urdf: mass of {name!r}")[0])
    visuals = tuple(_geometry(v, colors, path) for v in link.findall("visual"))
    collisions = tuple(_geometry(c, colors, path) for c in link.findall("collision"))
    if joint is None:
        return Part(name=name, mass=weight, visuals=visuals, collisions=collisions)
    kind, where = joint.get("type", "fixed"), f"urdf: joint {joint.get('name')!r}"
    if kind not in _KINDS:
        raise UserError(f"{where} is {kind!r}; known: {', '.join(_KINDS)}")
    parent, axis, limit = joint.find("parent"), joint.find("axis"), joint.find("limit")
    low, high = (0.0, 0.0) if limit is None else (limit.get("lower"), limit.get("upper"))
    bounds = [float(numbers(None if b is None else str(b), 1, [0.0], where)[0]) for b in (low, high)]
    return Part(
        name=name,
        parent="" if parent is None else parent.get("link", ""),
        pose=_origin(joint),
        kind=_KINDS[kind],
        axis=numbers(None if axis is None else axis.get("xyz"), 3, [1.0, 0.0, 0.0], where),
        limits=(bounds[0], bounds[1]) if kind != "continuous" else (-np.inf, np.inf),
        mass=weight,
        visuals=visuals,
        collisions=collisions,
    )


def _origin(element: Element) -> tuple[F8, F8]:
    origin = element.find("origin")
    xyz, rpy = (None, None) if origin is None else (origin.get("xyz"), origin.get("rpy"))
    return pose_of(numbers(xyz, 3, [0.0] * 3, "urdf: origin"), numbers(rpy, 3, [0.0] * 3, "urdf: origin"))


def _geometry(element: Element, colors: dict[str, Color], path: Path) -> Geometry:
    shape = element.find("geometry/*")
    if shape is None:
        raise UserError(f"urdf: {path.name!r} has a <{element.tag}> without geometry")
    pose, where = _origin(element), f"urdf: {path.name!r}: <{shape.tag}>"
    material = element.find("material")
    color = None if material is None else _rgba(material, path) or colors.get(material.get("name", ""))
    if shape.tag == "box":
        return Geometry(kind="box", size=numbers(shape.get("size"), 3, [1.0] * 3, where), pose=pose, color=color)
    if shape.tag == "sphere":
        return Geometry(kind="sphere", size=numbers(shape.get("radius"), 1, [1.0], where), pose=pose, color=color)
    if shape.tag in ("cylinder", "capsule"):
        size = np.concatenate([numbers(shape.get(key), 1, [1.0], where) for key in ("radius", "length")])
        round_kind = "cylinder" if shape.tag == "cylinder" else "capsule"
        return Geometry(kind=round_kind, size=size, pose=pose, color=color)  # type: ignore[arg-type]
    if shape.tag == "mesh":
        file = mesh_path(path, shape.get("filename", ""), "urdf")
        return Geometry(kind="mesh", size=_mesh_scale(shape, where), pose=pose, file=file, color=color)
    raise UserError(f"{where} is not known; known: box, sphere, cylinder, capsule, mesh")


def _mesh_scale(shape: Element, where: str) -> F8:
    text = shape.get("scale")
    if text is not None and len(text.split()) == 1:
        text = " ".join([text] * 3)
    return numbers(text, 3, [1.0] * 3, where)


def _rgba(material: Element, path: Path) -> Color | None:
    color = material.find("color")
    if color is None:
        return None
    r, g, b, _ = numbers(color.get("rgba"), 4, [0.5, 0.5, 0.5, 1.0], f"urdf: {path.name!r}: rgba")
    return decoded_color((float(r), float(g), float(b)))
