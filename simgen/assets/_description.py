"""What URDF and SDF have in common: a tree of links with visuals and collisions, and how it becomes a model."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from importlib import util
from pathlib import Path
from typing import Final, Literal
from xml.etree import ElementTree

import numpy as np

from simgen.assets._coats import Coat
from simgen.assets._mesh_reader import RawMesh, file_digest, read_mesh
from simgen.assets.mesh_file import painted
from simgen.errors import UserError
from simgen.geometry import (
    inverse_transform,
    normalized,
    quat_conjugate,
    quat_from_axis_angle,
    quat_from_euler,
    quat_multiply,
    quat_rotate,
)
from simgen.records.base import F8
from simgen.records.mesh import Surface
from simgen.records.model import Joint, Link, Model, Shape, Vector3
from simgen.shapes.builder import MeshBuilder, Palette
from simgen.shapes.colors import Color
from simgen.shapes.finish import finished, hull, vector3
from simgen.shapes.person import as_quaternion
from simgen.shapes.primitives import box, capsule, cylinder, sphere
from simgen.shapes.soup import Soup

JointKind = Literal["fixed", "hinge", "slide"]

_IDENTITY: Final = (np.zeros(3), np.array([1.0, 0.0, 0.0, 0.0]))


@dataclass(frozen=True, kw_only=True, eq=False)
class Geometry:
    """One visual or collision, with its pose in the link. ``size``: edges; (radius,); (radius, length); mesh scale."""

    kind: Literal["box", "sphere", "cylinder", "capsule", "mesh"]
    size: F8
    pose: tuple[F8, F8] = _IDENTITY
    file: Path | None = None
    color: Color | None = None


@dataclass(frozen=True, kw_only=True, eq=False)
class Part:
    """A link, its joint to the parent, and its pose in the parent's frame."""

    name: str
    parent: str = ""
    pose: tuple[F8, F8] = _IDENTITY
    kind: JointKind = "fixed"
    axis: F8 = field(default_factory=lambda: np.array([1.0, 0.0, 0.0]))
    limits: tuple[float, float] = (0.0, 0.0)
    mass: float = 0.0
    visuals: tuple[Geometry, ...] = ()
    collisions: tuple[Geometry, ...] = ()


def find_file(path: str, who: str) -> Path:
    """The file itself, or the one of that name among PyBullet's data (found without importing PyBullet).

    Raises:
        UserError: neither is there.
    """
    direct = Path(path)
    if direct.is_file():
        return direct
    spec = util.find_spec("pybullet_data")
    if spec is not None and spec.origin is not None:
        shipped = Path(spec.origin).parent / path
        if shipped.is_file():
            return shipped
        # the scene's folder may have been put in front of a shipped name
        for k in range(1, len(direct.parts)):
            shipped = Path(spec.origin).parent / Path(*direct.parts[k:])
            if shipped.is_file():
                return shipped
    raise UserError(f"{who}: no such file: {path!r} (neither there nor among PyBullet's data)")


def parse_xml(path: Path, who: str) -> ElementTree.Element:
    """The root element; a wrong XML declaration, common in the wild, is overlooked.

    Raises:
        UserError: it is not XML.
    """
    text = path.read_text(encoding="utf-8", errors="replace").lstrip("\ufeff \t\r\n")
    # what ROS would take from the environment has its default behind the name
    text = re.sub(r"\$\(optenv\s+\w+\s*([^)]*)\)", r"\1", text)
    if text.startswith("<?xml"):
        text = text[text.index("?>") + 2 :] if "?>" in text else text
    try:
        return ElementTree.fromstring(text.strip())
    except ElementTree.ParseError as error:
        raise UserError(f"{who}: {path.name!r} is not well-formed XML: {error}") from None


def numbers(text: str | None, count: int, default: Sequence[float], where: str) -> F8:
    """So many numbers of an attribute.

    Raises:
        UserError: they are not numbers, or not so many.
    """
    if text is None:
        return np.array(default, np.float64)
    try:
        values = [float(v) for v in text.split()]
    except ValueError:
        values = []
    if len(values) != count or not np.isfinite(values).all():
        raise UserError(f"{where}: {count} numbers expected, not {text!r}")
    return np.array(values)


def pose_of(xyz: F8, rpy: F8) -> tuple[F8, F8]:
    """Position and quaternion of an origin; roll, pitch, yaw about fixed axes."""
    return xyz, quat_from_euler(rpy[0], rpy[1], rpy[2])


def mesh_path(base: Path, name: str, who: str) -> Path:
    """A mesh that a description names: beside it, in a folder above, or in a package of that name.

    Raises:
        UserError: it is nowhere.
    """
    bare = name
    for prefix in ("package://", "model://", "file://"):
        bare = bare.removeprefix(prefix)
    short = bare.split("/", 1)[-1]
    for folder in (base.parent, *base.parent.parents):
        for candidate in (folder / bare, folder / short):
            if candidate.is_file():
                return candidate
        if (folder / "package.xml").is_file():
            break
    raise UserError(f"{who}: {base.name!r} names the mesh {name!r}, which is nowhere around it")


def in_order(parts: Sequence[Part], who: str) -> list[Part]:
    """Depth first, the root first, children in the file's order.

    Raises:
        UserError: there is no root, or more than one, or a circle.
    """
    names = [p.name for p in parts]
    doubled = next((n for n in names if names.count(n) > 1), None)
    if doubled is not None:
        raise UserError(f"{who}: two links are called {doubled!r}")
    roots = [p for p in parts if not p.parent]
    if len(roots) != 1:
        raise UserError(
            f"{who}: one root link expected, not {len(roots)}: {', '.join(p.name for p in roots) or 'none'}"
        )
    ordered: list[Part] = []
    pending = [roots[0]]
    while pending:
        part = pending.pop()
        ordered.append(part)
        pending += [p for p in reversed(parts) if p.parent == part.name]
    if len(ordered) != len(parts):
        lost = [p.name for p in parts if p.name not in {q.name for q in ordered}]
        raise UserError(f"{who}: links that hang on no root: {', '.join(lost)}")
    return ordered


def solid(geometry: Geometry) -> Soup:
    """A primitive as a soup in its own frame."""
    s = geometry.size
    if geometry.kind == "box":
        return box(s)
    if geometry.kind == "sphere":
        return sphere(float(s[0]), 32, 16)
    if geometry.kind == "capsule":
        return capsule(float(s[0]), float(s[1]), 24, 12)
    return cylinder(float(s[0]), float(s[1]), 32)


def build_described(
    who: str, path: Path, parts: Sequence[Part], class_name: str, scale: float, *, loadable: bool = True
) -> Model:
    """The model of a description.

    Raises:
        UserError: it has nothing to draw, or a mesh cannot be read.
    """
    ordered = in_order(parts, who)
    index = {part.name: k for k, part in enumerate(ordered)}
    palette = Palette()
    links = [
        Link(
            name=part.name,
            parent=index[part.parent] if part.parent else -1,
            position=vector3(part.pose[0] * scale if part.parent else np.zeros(3)),
            quaternion=as_quaternion(part.pose[1]) if part.parent else (1.0, 0.0, 0.0, 0.0),
            mesh=None if not part.visuals else _drawn(part, palette, class_name, scale, who).mesh(),
            joint=_joint(part, scale),
            shapes=tuple(s for g in part.collisions for s in _shapes(g, scale, who)),
        )
        for part in ordered
    ]
    if all(link.mesh is None for link in links):
        raise UserError(f"{who}: {path.name!r} has nothing to draw: none of its links has a visual")
    return finished(
        path.stem,
        class_name,
        links,
        palette.surfaces,
        mass_kg=sum(part.mass for part in parts) or 1.0,
        description_file=str(path) if loadable else "",
        description_scale=scale,
        attributes=(("file", path.name), ("sha256", file_digest(path))),
    )


def posed(model: Model, parts: Sequence[Part], rest: Mapping[str, float]) -> Model:
    """The model of these parts, in its order, at rest with joints at other values: rad or m, by their child link."""
    links = []
    for link, part in zip(model.links, parts, strict=True):
        value = rest.get(part.name, 0.0)
        position, quaternion = np.array(link.position), np.array(link.quaternion)
        if part.kind == "slide":
            position = position + quat_rotate(quaternion, normalized(part.axis) * value)
        elif part.kind == "hinge":
            quaternion = quat_multiply(quaternion, quat_from_axis_angle(normalized(part.axis), value))
        else:
            value = 0.0
        joint = replace(link.joint, rest=value)
        links.append(replace(link, position=vector3(position), quaternion=as_quaternion(quaternion), joint=joint))
    box = finished(model.name, model.class_name, links, model.surfaces)
    return replace(model, links=box.links, size=box.size, box_center=box.box_center)


def _joint(part: Part, scale: float) -> Joint:
    axis: Vector3 = vector3(normalized(part.axis))
    low, high = part.limits
    factor = scale if part.kind == "slide" else 1.0
    return Joint(kind=part.kind, axis=axis, lower=low * factor, upper=high * factor)


def _drawn(part: Part, palette: Palette, class_name: str, scale: float, who: str) -> MeshBuilder:
    builder = MeshBuilder(palette)
    for visual in part.visuals:
        position, quaternion = visual.pose[0] * scale, visual.pose[1]
        if visual.kind == "mesh":
            assert visual.file is not None
            raw = read_mesh(visual.file, who)
            surfaces = [_surface(class_name, _tinted(coat, visual.color, raw)) for coat in raw.coats]
            painted(raw.moved(visual.size * scale, quaternion, position), surfaces, builder)
        else:
            color = visual.color if visual.color is not None else (0.5, 0.5, 0.5)
            soup = solid(visual).scaled(scale).moved(position, quaternion)
            builder.add(soup, _surface(class_name, Coat(color=color)))
    return builder


def _tinted(coat: Coat, color: Color | None, raw: RawMesh) -> Coat:
    """The description's colour replaces a plain mesh's own and tints a painted one."""
    if color is None:
        return coat
    if len(raw.coats) == 1 and not raw.textured:
        return replace(coat, color=color)
    r, g, b = (round(a * c, 5) for a, c in zip(coat.color, color, strict=True))
    if coat.skin is None:
        return replace(coat, color=(r, g, b))
    tr, tg, tb = (a * c for a, c in zip(coat.skin.tint, color, strict=True))
    return replace(coat, color=(r, g, b), skin=replace(coat.skin, tint=(tr, tg, tb)))


def _surface(class_name: str, coat: Coat) -> Surface:
    return Surface(
        class_name=class_name,
        base_color=coat.color,
        roughness=coat.roughness,
        metallic=coat.metallic,
        skin=coat.skin,
    )


def _shapes(geometry: Geometry, scale: float, who: str) -> list[Shape]:
    position, quaternion = geometry.pose[0] * scale, geometry.pose[1]
    size = geometry.size * scale
    center, turn = vector3(position), as_quaternion(quaternion)
    if geometry.kind == "box":
        return [Shape(kind="box", size=vector3(size), center=center, quaternion=turn)]
    if geometry.kind == "sphere":
        return [Shape(kind="sphere", size=(float(size[0]), 0.0, 0.0), center=center, quaternion=turn)]
    if geometry.kind == "cylinder":
        return [Shape(kind="cylinder", size=(float(size[0]), float(size[1]), 0.0), center=center, quaternion=turn)]
    if geometry.kind == "capsule":
        return [hull(solid(geometry).scaled(scale).moved(position, quaternion).vertices)]
    assert geometry.file is not None
    raw = read_mesh(geometry.file, who, skins=False, seen=False).moved(size, quaternion, position)
    return [hull(raw.soup.vertices[np.unique(raw.soup.triangles)])]


def relative(parent: tuple[F8, F8], child: tuple[F8, F8]) -> tuple[F8, F8]:
    """A pose in a parent's frame, of two poses in one frame."""
    return inverse_transform(*parent, child[0]), quat_multiply(quat_conjugate(parent[1]), child[1])


__all__ = [
    "Geometry",
    "Part",
    "build_described",
    "find_file",
    "in_order",
    "mesh_path",
    "numbers",
    "parse_xml",
    "pose_of",
    "posed",
    "relative",
]
