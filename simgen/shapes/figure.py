"""From posed pieces to rigid links: cut where the bones' shares are equal, with round caps inside the joints."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from functools import cache
from typing import Final

import numpy as np

from simgen.geometry import compose, inverse_transform, normalized, quat_conjugate, quat_rotate
from simgen.records.base import F8
from simgen.records.mesh import Surface
from simgen.records.model import Joint, Keypoint, Link
from simgen.shapes.body import Frames, baked
from simgen.shapes.builder import MeshBuilder, Palette, corner_normals
from simgen.shapes.finish import hull, vector3
from simgen.shapes.pieces import Piece
from simgen.shapes.soup import Soup, face_vectors

#: links, the groups that move with each, and the link that it hangs on; a group's first is the link's frame
_SIDES: Final = {
    "upper_arm": (("upper_arm",), "torso"),
    "forearm": (("forearm", "hand", "fingers", "tips", "thumb"), "upper_arm"),
    "thigh": (("thigh",), "pelvis"),
    "shank": (("shank",), "thigh"),
    "foot": (("foot", "toes"), "shank"),
}
LINKS: Final[Mapping[str, tuple[tuple[str, ...], str]]] = {
    "pelvis": (("pelvis",), ""),
    "torso": (("spine", "chest", "neck", "left_clavicle", "right_clavicle"), "pelvis"),
    "head": (("head",), "torso"),
    **{
        f"{side}_{name}": (
            tuple(f"{side}_{g}" for g in groups),
            parent if parent in ("torso", "pelvis") else f"{side}_{parent}",
        )
        for side in ("left", "right")
        for name, (groups, parent) in _SIDES.items()
    },
}
#: the share of a link's weight down to which its triangles reach into the neighbour, as a cap, by the joint (without
#: its side): the less, the further it bends
_REACH: Final = {
    "torso": 0.4, "head": 0.4, "upper_arm": 0.25, "forearm": 0.25, "thigh": 0.2, "shank": 0.25, "foot": 0.3,
}  # fmt: skip
#: keypoints at joints: the link whose origin each one is (the wrist lies in the forearm)
_AT_JOINTS: Final = {"shoulder": "upper_arm", "elbow": "forearm", "hip": "thigh", "knee": "shank", "ankle": "foot"}
COCO: Final = (
    "nose", "left_eye", "right_eye", "left_ear", "right_ear", "left_shoulder", "right_shoulder", "left_elbow",
    "right_elbow", "left_wrist", "right_wrist", "left_hip", "right_hip", "left_knee", "right_knee", "left_ankle",
    "right_ankle",
)  # fmt: skip


@dataclass(frozen=True, kw_only=True, eq=False)
class Part:
    """A link's own mesh in its frame: points (V, 3), corner normals (T, 3, 3), and whether a triangle is a cap."""

    soup: Soup
    normals: F8
    uv: F8


def limbs(piece: Piece, frames: Frames) -> dict[str, Part]:
    """Every link's part of the pieces, posed."""
    cut = replace(piece, fields={})
    columns = _subtrees()
    for name in LINKS:
        if name != "pelvis":
            cut = cut.split_where(cut.weights @ columns[name] - 0.5)
    shares = {name: cut.weights @ column for name, column in columns.items()}
    soup = Soup(frames.skinned(cut.points, cut.weights), cut.triangles, cut.tags)
    solid = np.sqrt((face_vectors(soup) ** 2).sum(-1)) > 2e-9
    soup = Soup(soup.vertices, soup.triangles[solid], soup.tags[solid])
    normals = corner_normals(soup, 60.0)
    uv = np.zeros((len(soup.vertices), 2)) if cut.uv is None else cut.uv
    return {name: _part(name, soup, shares, normals, uv, frames) for name in LINKS}


@cache
def _subtrees() -> Mapping[str, F8]:
    """For every link which groups belong to it or hang on it (G,), 1 or 0."""
    groups = baked().groups
    total = {name: np.isin(np.array(groups), members).astype(np.float64) for name, (members, _) in LINKS.items()}
    for name in reversed(tuple(LINKS)):
        parent = LINKS[name][1]
        if parent:
            total[parent] = total[parent] + total[name]
    return total


def _part(name: str, soup: Soup, shares: Mapping[str, F8], normals: F8, uv: F8, frames: Frames) -> Part:
    """What moves with a link, and its caps under the neighbours, in the link's frame."""
    origin, turn = frames.at(LINKS[name][0][0])
    children = [c for c, (_, parent) in LINKS.items() if parent == name]
    mine = {c: 1.0 - shares[c] for c in children} | ({name: shares[name]} if LINKS[name][1] else {})
    near = np.ones(len(soup.vertices), np.bool_)
    for joint, share in mine.items():
        near &= share > _REACH[joint.removeprefix("left_").removeprefix("right_")]
    kept = near[soup.triangles].all(1)
    used, inverse = np.unique(soup.triangles[kept], return_inverse=True)
    points = soup.vertices[used]
    for joint, share in mine.items():
        points = _capped(points, share[used], *_axis(joint, frames))
    part = Soup(inverse_transform(origin, turn, points), inverse.reshape(-1, 3), soup.tags[kept])
    solid = np.sqrt((face_vectors(part) ** 2).sum(-1)) > 2e-9
    turned = quat_rotate(quat_conjugate(turn), normals[kept][solid])
    part = Soup(part.vertices, part.triangles[solid], part.tags[solid])
    return Part(soup=part, normals=_agreeing(turned, part), uv=uv[soup.triangles[kept][solid]])


def _capped(points: F8, share: F8, at: F8, along: F8) -> F8:
    """Points beyond a joint drawn in to its axis: round where the share falls from a half to nothing."""
    beyond = share < 0.5 - 1e-9
    size = np.sqrt(np.maximum(1.0 - (1.0 - 2.0 * share[beyond]) ** 2, 0.0))
    offset = points[beyond] - at
    core = (offset * along).sum(-1, keepdims=True) * along
    out = points.copy()
    out[beyond] = at + core + size[:, None] * (offset - core)
    return out


def _agreeing(normals: F8, soup: Soup) -> F8:
    """Corner normals that do not turn away from their triangle: caps lean otherwise than the skin they came from."""
    face = normalized(face_vectors(soup))[:, None]
    lean = (normals * face).sum(-1, keepdims=True)
    return np.where(lean.mean(1, keepdims=True) > 0.1, normals, np.broadcast_to(face, normals.shape))


def _axis(joint: str, frames: Frames) -> tuple[F8, F8]:
    """A link's joint and the direction of its bone, in the pose."""
    at, turn = frames.at(LINKS[joint][0][0])
    up = joint in ("torso", "head")
    return at, quat_rotate(turn, np.array([0.0, 0.0, 1.0 if up else -1.0]))


def add_links(
    links: list[Link],
    under: Mapping[str, str],
    parts: Mapping[str, Part],
    frames: Frames,
    joints: Mapping[str, Joint],
    palette: Palette,
    surfaces: tuple[Surface, ...],
) -> None:
    """Append a figure's links. ``under`` names for some links a parent already in the list, other than their own."""
    world = _world(links)
    for name, (groups, parent) in LINKS.items():
        owner = under.get(name, parent)
        row = next(k for k, link in enumerate(links) if link.name == owner)
        origin, turn = frames.at(groups[0])
        back = quat_conjugate(world[row][1])
        local = compose(np.zeros(3), back, origin - world[row][0], turn)
        part = parts[name]
        mesh = shapes = None
        if len(part.soup.triangles):
            mesh = MeshBuilder(palette).add_corners(part.soup, part.normals, *surfaces, uv=part.uv).mesh()
            shapes = (hull(part.soup.vertices[np.unique(part.soup.triangles)]),)
        w, x, y, z = (float(v) for v in local[1])
        links.append(
            Link(
                name=name,
                parent=row,
                position=vector3(local[0]),
                quaternion=(w, x, y, z),
                mesh=mesh,
                joint=joints.get(name, Joint()),
                shapes=shapes or (),
            )
        )
        world.append((origin, turn))


def _world(links: list[Link]) -> list[tuple[F8, F8]]:
    out: list[tuple[F8, F8]] = []
    for link in links:
        own = np.array(link.position), np.array(link.quaternion)
        out.append(own if link.parent < 0 else compose(*out[link.parent], *own))
    return out


def keypoints(links: list[Link], frames: Frames) -> tuple[Keypoint, ...]:
    """COCO's seventeen, in their order."""
    names = [link.name for link in links]
    body = frames.body
    out = []
    for name in COCO:
        side, _, joint = name.partition("_")
        if joint in _AT_JOINTS:
            out.append(Keypoint(name=name, link=names.index(f"{side}_{_AT_JOINTS[joint]}"), position=(0.0, 0.0, 0.0)))
        elif joint == "wrist":
            at = inverse_transform(*frames.at(f"{side}_forearm"), frames.at(f"{side}_hand")[0])
            out.append(Keypoint(name=name, link=names.index(f"{side}_forearm"), position=vector3(at)))
        else:
            at = body.points[f"key:{name}"] - body.joint("head")
            out.append(Keypoint(name=name, link=names.index("head"), position=vector3(at)))
    return tuple(out)
