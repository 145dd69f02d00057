"""Any articulated model from an MJCF file."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from xml.etree.ElementTree import Element

import numpy as np

from simgen.assets._description import (
    Geometry,
    Part,
    build_described,
    find_file,
    mesh_path,
    numbers,
    parse_xml,
)
from simgen.assets._mjcf_values import Values, body_pose, endpoints, geometry_pose, mass_of
from simgen.assets.base import Asset
from simgen.errors import UserError
from simgen.records.base import F8
from simgen.records.model import Model
from simgen.registry import param, register
from simgen.shapes.colors import Color
from simgen.taxonomy import class_id

#: what a body without a way to move is carried by
ANCHOR = "anchor"


@register("asset", "mjcf")
@dataclass(frozen=True, kw_only=True)
class Mjcf(Asset):
    """A model read from an MJCF file (MuJoCo's XML): bodies, geoms, hinges and slides, as far as PyBullet reads it.

    ``path`` may name one of PyBullet's own files (mjcf/ant.xml, mjcf/humanoid_symmetric.xml). Of the world's bodies one
    is read, with all that hangs on it; the world's own geoms (grounds) are left out. Every body is a link of its name,
    and so is every joint: the link that it moves. Classes of defaults, angles in degrees or radians, ``fromto``, meshes
    and materials' colours are understood; tendons, muscles and soft bodies are not there. Physics loads the same file.
    """

    path: str = param(
        doc="the file: relative to the scene file, absolute, or a name in PyBullet's data", reference="file"
    )
    body: str = param("", doc="which body of the world; may be left out where there is one")
    class_name: str = param("robot", doc="class of the taxonomy")

    def __post_init__(self) -> None:
        class_id(self.class_name)

    def build(self) -> Model:
        """Parse the file and read its meshes.

        Raises:
            UserError: the file or a mesh is missing, or the description is wrong.
        """
        path = find_file(self.path, "mjcf")
        root = parse_xml(path, "mjcf")
        if root.tag != "mujoco":
            raise UserError(f"mjcf: {path.name!r} holds <{root.tag}>, not <mujoco>")
        top = _chosen(root, self.body, path)
        names = frozenset(b.get("name", "") for b in top.iter("body"))
        parts = list(_Reader(path, Values.of(root, path), names).body(top, "", top.get("childclass", "")))
        return build_described("mjcf", path, parts, self.class_name, 1.0)


def _chosen(root: Element, name: str, path: Path) -> Element:
    """The body of the world that is asked for."""
    bodies = root.findall("worldbody/body")
    names = [b.get("name", "") for b in bodies]
    if not bodies:
        raise UserError(f"mjcf: {path.name!r}: its world has no body")
    if name and name not in names:
        raise UserError(f"mjcf: {path.name!r} has no body {name!r} in its world; it has: {', '.join(names)}")
    if not name and len(bodies) > 1:
        raise UserError(f"mjcf: {path.name!r} has several bodies in its world; name one as body: {', '.join(names)}")
    return bodies[names.index(name) if name else 0]


class _Reader:
    """Turns bodies into parts, depth first."""

    def __init__(self, path: Path, values: Values, bodies: frozenset[str]) -> None:
        self._path, self._values, self._bodies = path, values, bodies
        self._nameless = 0

    def body(self, body: Element, parent: str, inherited: str) -> Iterator[Part]:
        """A body's joints, each a link that it moves, the body itself, and its children."""
        name = self._name(body)
        default = body.get("childclass", inherited)
        joints = [self._values.resolved(j, default) for j in body.findall("joint")]
        free = body.find("freejoint") is not None or any(j.get("type") == "free" for j in joints)
        moving = [] if free else [j for j in joints if j.get("type", "hinge") not in ("free", "fixed")]
        pose = body_pose(body, self._values, self._where(name))
        if not parent and (moving or any(j.get("type") == "fixed" for j in joints)):
            # it hangs on the world: what carries it stands where the file's origin is
            yield Part(name=ANCHOR, parent="", pose=(np.zeros(3), np.array([1.0, 0.0, 0.0, 0.0])))
            parent = ANCHOR
        shift = np.zeros(3)
        for joint in moving:
            place = numbers(joint.get("pos"), 3, [0.0] * 3, self._where(name))
            yield self._moved(joint, name, parent, (pose[0], pose[1]), place - shift)
            parent, pose, shift = self._joint_name(joint, name), (np.zeros(3), np.array([1.0, 0, 0, 0])), place
        yield self._part(body, name, parent, (pose[0] - shift, pose[1]) if moving else pose, default)
        for child in body.findall("body"):
            yield from self.body(child, name, default)

    def _moved(self, joint: dict[str, str], body: str, parent: str, pose: tuple[F8, F8], place: F8) -> Part:
        """The link that a joint moves: at the joint's place, turned like the body."""
        from simgen.geometry import quat_rotate

        kind = joint.get("type", "hinge")
        if kind not in ("hinge", "slide"):
            raise UserError(f"{self._where(body)}: a joint is {kind!r}; known: hinge, slide, free")
        limits = numbers(joint.get("range"), 2, [0.0, 0.0], self._where(body))
        factor = self._values.angle if kind == "hinge" else 1.0
        return Part(
            name=self._joint_name(joint, body),
            parent=parent,
            pose=(pose[0] + quat_rotate(pose[1], place), pose[1]),
            kind="hinge" if kind == "hinge" else "slide",
            axis=numbers(joint.get("axis"), 3, [0.0, 0.0, 1.0], self._where(body)),
            limits=(float(limits[0]) * factor, float(limits[1]) * factor),
        )

    def _part(self, body: Element, name: str, parent: str, pose: tuple[F8, F8], default: str) -> Part:
        geoms = [self._values.resolved(g, default) for g in body.findall("geom")]
        solid = [(g, shape) for g in geoms if (shape := self._geometry(g, name)) is not None]
        return Part(
            name=name,
            parent=parent,
            pose=pose if parent else (np.zeros(3), np.array([1.0, 0.0, 0.0, 0.0])),
            mass=sum(mass_of(g, shape, self._where(name)) for g, shape in solid),
            visuals=tuple(shape for _, shape in solid),
            collisions=tuple(shape for _, shape in solid),
        )

    def _geometry(self, geom: dict[str, str], body: str) -> Geometry | None:
        """A geom as something to draw; None for planes, which have no end."""
        where, kind = self._where(body), geom.get("type", "mesh" if "mesh" in geom else "sphere")
        if kind == "plane":
            return None
        color = self._color(geom, where)
        if kind == "mesh":
            file, scale = self._values.mesh(geom.get("mesh", ""), where)
            path = mesh_path(self._path, file, "mjcf")
            pose = geometry_pose(geom, self._values, where)
            return Geometry(kind="mesh", size=scale, pose=pose, file=path, color=color)
        size = numbers(geom.get("size"), len((geom.get("size") or "0.1").split()), [0.1], where)
        if kind == "sphere":
            return Geometry(kind="sphere", size=size[:1], pose=geometry_pose(geom, self._values, where), color=color)
        if kind == "box" and len(size) >= 3:
            pose = geometry_pose(geom, self._values, where)
            return Geometry(kind="box", size=2.0 * size[:3], pose=pose, color=color)
        if kind in ("capsule", "cylinder"):
            pose, length = endpoints(geom, size, self._values, where)
            measures = np.array([size[0], length])
            return Geometry(kind="capsule" if kind == "capsule" else "cylinder", size=measures, pose=pose, color=color)
        raise UserError(f"{where}: a geom is {kind!r}; known: sphere, box, capsule, cylinder, mesh, plane")

    def _color(self, geom: dict[str, str], where: str) -> Color | None:
        text = geom.get("rgba") or self._values.material(geom.get("material", ""))
        if not text:
            return None
        r, g, b, _ = (float(v) for v in numbers(text, 4, [0.5, 0.5, 0.5, 1.0], where))
        return (r, g, b)

    def _name(self, body: Element) -> str:
        self._nameless += body.get("name") is None
        return body.get("name") or f"body_{self._nameless}"

    def _joint_name(self, joint: dict[str, str], body: str) -> str:
        name = joint.get("name") or f"{body}_joint"
        # physics knows a joint by either name
        return f"{name}_joint" if name in self._bodies else name

    def _where(self, body: str) -> str:
        return f"mjcf: {self._path.name!r}: body {body!r}"
