"""A model described by an SDF file."""

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
    relative,
)
from simgen.assets.base import Asset
from simgen.errors import UserError
from simgen.records.base import F8
from simgen.records.model import Model
from simgen.registry import param, register
from simgen.shapes.colors import Color
from simgen.taxonomy import class_id

_KINDS: Final[dict[str, JointKind]] = {"fixed": "fixed", "revolute": "hinge", "prismatic": "slide"}


@register("asset", "sdf")
@dataclass(frozen=True, kw_only=True)
class Sdf(Asset):
    """A model read from an SDF file (sdformat.org, versions 1.4 to 1.7): links, visuals, collisions, joints, colours.

    ``path`` may name one of PyBullet's own files (kuka_iiwa/model.sdf, kiva_shelf/model.sdf). Links without a joint
    are fixed to the first one. Colours are read as sRGB.
    """

    path: str = param(
        doc="the file: relative to the scene file, absolute, or a name in PyBullet's data", reference="file"
    )
    model: str = param("", doc="which model of the file; may be left out where there is one")
    class_name: str = param("object", doc="class of the taxonomy")
    scale: float = param(1.0, gt=0.0, le=1000.0, doc="of every length")

    def __post_init__(self) -> None:
        class_id(self.class_name)

    def build(self) -> Model:
        """Parse the file and read its meshes.

        Raises:
            UserError: the file or a mesh is missing, or the description is wrong.
        """
        path = find_file(self.path, "sdf")
        models = list(parse_xml(path, "sdf").iter("model"))
        names = [m.get("name", "") for m in models]
        if not models:
            raise UserError(f"sdf: {path.name!r} holds no model")
        if self.model and self.model not in names:
            raise UserError(f"sdf: {path.name!r} has no model {self.model!r}; it has: {', '.join(names)}")
        if not self.model and len(models) > 1:
            raise UserError(f"sdf: {path.name!r} holds several models; name one: {', '.join(names)}")
        chosen = models[names.index(self.model) if self.model else 0]
        # physics loads whole files: of several models it gets the shapes instead
        return build_described(
            "sdf", path, parse_model(chosen, path), self.class_name, self.scale, loadable=len(models) == 1
        )


def parse_model(model: Element, path: Path) -> list[Part]:
    """Every link with its joint, in the file's order.

    Raises:
        UserError: the description is wrong.
    """
    links = model.findall("link")
    if not links:
        raise UserError(f"sdf: {path.name!r}: the model {model.get('name')!r} has no links")
    poses = {link.get("name", ""): _pose(link) for link in links}
    joints: dict[str, Element] = {}
    for joint in model.findall("joint"):
        child, parent = joint.findtext("child", "").strip(), joint.findtext("parent", "").strip()
        if child not in poses or parent not in (*poses, "world"):
            raise UserError(f"sdf: {path.name!r}: the joint {joint.get('name')!r} names an unknown link")
        if parent != "world":
            joints[child] = joint
    root = next((name for name in poses if name not in joints), next(iter(poses)))
    return [_part(link, joints.get(link.get("name", "")), poses, root, path) for link in links]


def _part(link: Element, joint: Element | None, poses: dict[str, tuple[F8, F8]], root: str, path: Path) -> Part:
    name = link.get("name", "")
    mass = float(numbers(link.findtext("inertial/mass"), 1, [0.0], f"sdf: mass of {name!r}")[0])
    visuals = tuple(_geometry(v, path) for v in link.findall("visual"))
    collisions = tuple(_geometry(c, path) for c in link.findall("collision"))
    if joint is None:
        parent = "" if name == root else root
        pose = relative(poses[root], poses[name])
        return Part(name=name, parent=parent, pose=pose, mass=mass, visuals=visuals, collisions=collisions)
    parent, kind, where = (
        joint.findtext("parent", "").strip(),
        joint.get("type", "fixed"),
        f"sdf: joint {joint.get('name')!r}",
    )
    if kind not in _KINDS:
        raise UserError(f"{where} is {kind!r}; known: {', '.join(_KINDS)}")
    bounds = [float(numbers(joint.findtext(f"axis/limit/{end}"), 1, [0.0], where)[0]) for end in ("lower", "upper")]
    return Part(
        name=name,
        parent=parent,
        pose=relative(poses[parent], poses[name]),
        kind=_KINDS[kind],
        axis=numbers(joint.findtext("axis/xyz"), 3, [0.0, 0.0, 1.0], where),
        limits=(bounds[0], bounds[1]),
        mass=mass,
        visuals=visuals,
        collisions=collisions,
    )


def _pose(element: Element) -> tuple[F8, F8]:
    values = numbers(element.findtext("pose"), 6, [0.0] * 6, "sdf: pose")
    return pose_of(values[:3], values[3:])


def _geometry(element: Element, path: Path) -> Geometry:
    shape = element.find("geometry/*")
    if shape is None:
        raise UserError(f"sdf: {path.name!r} has a <{element.tag}> without geometry")
    pose, where = _pose(element), f"sdf: {path.name!r}: <{shape.tag}>"
    color = _diffuse(element, where)
    if shape.tag == "box":
        return Geometry(kind="box", size=numbers(shape.findtext("size"), 3, [1.0] * 3, where), pose=pose, color=color)
    if shape.tag == "sphere":
        return Geometry(kind="sphere", size=numbers(shape.findtext("radius"), 1, [1.0], where), pose=pose, color=color)
    if shape.tag == "cylinder":
        size = np.concatenate([numbers(shape.findtext(key), 1, [1.0], where) for key in ("radius", "length")])
        return Geometry(kind="cylinder", size=size, pose=pose, color=color)
    if shape.tag == "mesh":
        file = mesh_path(path, shape.findtext("uri", "").strip(), "sdf")
        scale = numbers(shape.findtext("scale"), 3, [1.0] * 3, where)
        return Geometry(kind="mesh", size=scale, pose=pose, file=file, color=color)
    raise UserError(f"{where} is not known; known: box, sphere, cylinder, mesh")


def _diffuse(element: Element, where: str) -> Color | None:
    text = element.findtext("material/diffuse")
    if text is None:
        return None
    values = numbers(" ".join(text.split()[:3]), 3, [0.5] * 3, where)
    return decoded_color((float(values[0]), float(values[1]), float(values[2])))


__all__ = ["Sdf", "parse_model"]
