"""From a build to a four-legged animal that stands, grazes or lies, and walks or trots when moved."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import pairwise
from typing import Final

import numpy as np

from simgen.geometry import quat_from_axis_angle
from simgen.records.base import F8
from simgen.records.mesh import Mesh, Surface
from simgen.records.model import Joint, Link, Quaternion, Shape, Vector3
from simgen.shapes.builder import MeshBuilder, Palette, corner_normals
from simgen.shapes.finish import hull
from simgen.shapes.gait import LEVER_M, SAMPLES, gait_joint
from simgen.shapes.quadruped import AROUND, Skin, body, ears, eyes, foot, limb, tail
from simgen.shapes.soup import Soup, join
from simgen.shapes.species import Build
from simgen.shapes.trot import FOOTFALLS, Leg, cycle, drop, legs_of, standing

_FORWARD: Final[Vector3] = (0.0, -1.0, 0.0)


@dataclass(frozen=True, kw_only=True, eq=False)
class Hide:
    """The painted skin's surface, and those of the parts by the tags of :mod:`simgen.shapes.quadruped`."""

    coat: Surface
    parts: tuple[Surface, ...]


def links_of(
    build: Build, size: float, hide: Hide, palette: Palette, *, pose: str, gait: str, extra: Sequence[Soup] = ()
) -> list[Link]:
    """All links, the root first: body, what carries it, and four legs of three or four parts."""
    legs, stride = legs_of(build, size), build.stride[0 if gait == "walk" else 1] * size
    skin = body(build, size, 0.02 if pose == "grazing" else None)
    low = drop(legs, stride, gait)
    sink = _sink(size, skin) if pose == "lying" else 0.0
    trunk = _trunk(build, size, skin, hide, palette, extra, sink)
    dip = gait_joint(np.full(SAMPLES, np.arcsin(-low / LEVER_M)), _FORWARD, stride, harmonics=1)
    links = [
        Link(name="root"),
        Link(name="lift", parent=0, position=(-LEVER_M, 0.0, 0.0), joint=dip if pose != "lying" else Joint()),
        Link(name="body", parent=1, position=(LEVER_M, 0.0, -sink), mesh=trunk[0], shapes=trunk[1]),
    ]
    for side, sign in (("left", 1.0), ("right", -1.0)):
        for which in ("fore", "hind"):
            joints = _joints(legs[which], stride, gait, low, f"{side}_{which}") if pose != "lying" else None
            _add_leg(links, build, size, legs[which], f"{side}_{which}", sign, hide, palette, joints, sink)
    return links


def _sink(size: float, skin: Skin) -> float:
    """How far the body comes down to rest on its belly, or on a chin that hangs lower."""
    return float(skin.rings[..., 2].min()) - 0.01 * size


def _trunk(
    build: Build, size: float, skin: Skin, hide: Hide, palette: Palette, extra: Sequence[Soup], ground: float
) -> tuple[Mesh, tuple[Shape, ...]]:
    builder = MeshBuilder(palette)
    builder.add_corners(skin.soup, corner_normals(skin.soup, 75.0), hide.coat, uv=skin.uv)
    ear, eye, end = ears(skin, build, size), eyes(skin, build, size), tail(build, size, ground)
    builder.add(join([ear, eye, end, *extra]), *hide.parts, smooth_deg=60.0)
    shares = (0.0, 0.1, 0.25, 0.45, skin.neck, 0.5 * (skin.neck + skin.head), skin.head, 0.5 * (1.0 + skin.head), 1.0)
    cuts = sorted({skin.row(v) for v in shares})
    shapes = [hull(skin.rings[a : b + 1].reshape(-1, 3)) for a, b in pairwise(cuts)]
    half = len(ear.vertices) // 2
    shapes += [hull(ear.vertices[:half]), hull(ear.vertices[half:])]
    rings = end.vertices[: 8 * len(build.tail)].reshape(len(build.tail), 8, 3)
    shapes += [hull(rings[k : k + 2].reshape(-1, 3)) for k in range(len(rings) - 1)]
    shapes += [hull(part.vertices[: len(part.vertices) // 2]) for part in extra]
    shapes += [hull(part.vertices[len(part.vertices) // 2 :]) for part in extra]
    return builder.mesh(), tuple(shapes)


def _joints(leg: Leg, stride: float, gait: str, low: float, name: str) -> tuple[Joint, ...]:
    """Joints from the pivot down; each angle is against the part above it and from its rest."""
    late = round(FOOTFALLS[gait][name] * SAMPLES)
    made = cycle(leg, stride, gait, low)
    angles = [*made.parts, made.pitch]
    rest = [*standing(leg), 0.0]
    joints, above, rest_above = [], np.zeros(SAMPLES), 0.0
    for values, still in zip(angles, rest, strict=True):
        joints.append(
            gait_joint(np.roll(values - above, late), _FORWARD, stride, rest=still - rest_above, harmonics=24)
        )
        above, rest_above = values, still
    return tuple(joints)


def _folded(leg: Leg, height: float, size: float) -> F8:
    """Angles of a leg's parts against the vertical when the animal lies, its pivot at a height."""
    if leg.cannon == 0.0:
        # on its knees, the rest of the leg folded back under it
        knee = np.arccos(np.clip((height - 0.06 * size) / leg.upper, -1.0, 1.0))
        return np.array([knee, np.radians(-95.0)])
    thigh = np.arccos(np.clip((height - 0.09 * size - 0.12 * leg.lower) / leg.upper, -1.0, 1.0))
    return np.array([thigh, -np.arccos(0.12), np.radians(90.0)])


def _turn(angle: float) -> Quaternion:
    w, x, y, z = (float(v) for v in quat_from_axis_angle(_FORWARD, angle))
    return w, x, y, z


def _add_leg(
    links: list[Link], build: Build, size: float, leg: Leg, name: str, sign: float, hide: Hide, palette: Palette,
    joints: tuple[Joint, ...] | None, sink: float,
) -> None:  # fmt: skip
    fore = leg.cannon == 0.0
    x, z, y = build.shoulder if fore else build.hip
    rest = np.array(standing(leg)) if joints else _folded(leg, z * size - sink, size)
    soups = _fore(build, size, leg) if fore else _hind(build, size, leg)
    lengths = (leg.upper, leg.lower) if fore else (leg.upper, leg.lower, leg.cannon)
    names = ("upper", "lower") if fore else ("upper", "lower", "cannon")
    parent, position, above = 2, (x * size, sign * y * size, z * size), 0.0
    for k, (part, length, soup) in enumerate(zip(names, lengths, soups, strict=True)):
        links.append(
            Link(
                name=f"{name}_{part}", parent=parent, position=position, quaternion=_turn(float(rest[k]) - above),
                mesh=MeshBuilder(palette).add(soup, *hide.parts, smooth_deg=60.0).mesh(), shapes=(hull(soup.vertices),),
                joint=joints[k] if joints else Joint(),
            )
        )  # fmt: skip
        parent, position, above = len(links) - 1, (0.0, 0.0, -length), float(rest[k])
    sole = foot(build, size)
    flat = -above if joints or not fore else np.radians(-150.0) - above
    links.append(
        Link(
            name=f"{name}_foot", parent=parent, position=position, quaternion=_turn(float(flat)),
            mesh=MeshBuilder(palette).add(sole, *hide.parts, smooth_deg=50.0).mesh(), shapes=(hull(sole.vertices),),
            joint=joints[-1] if joints else Joint(),
        )
    )  # fmt: skip


def _rows(rows: Sequence[Sequence[float]], thick: float) -> F8:
    return np.array(rows) * [1.0, thick, thick, thick]


def _fore(build: Build, size: float, leg: Leg) -> list[Soup]:
    t = build.thick * size
    upper = [
        [0.1, 0.1, 0.045, 0.0], [0.35, 0.09, 0.05, -0.01], [0.55, 0.07, 0.05, -0.01], [0.75, 0.05, 0.042, 0.0],
        [0.95, 0.038, 0.036, 0.0],
    ]  # fmt: skip
    lower = [
        [0.02, 0.038, 0.036, 0.0], [0.15, 0.034, 0.032, 0.0], [0.4, 0.026, 0.024, -0.004], [0.8, 0.027, 0.026, -0.004],
        [0.97, 0.036, 0.032, 0.0],
    ]  # fmt: skip
    return [limb(leg.upper, _rows(upper, t)), limb(leg.lower, _rows(lower, t))]


def _hind(build: Build, size: float, leg: Leg) -> list[Soup]:
    t = build.thick * size
    thigh = [
        [0.05, 0.13, 0.055, -0.015], [0.35, 0.135, 0.065, -0.02], [0.7, 0.115, 0.062, -0.02],
        [0.98, 0.085, 0.055, -0.01],
    ]  # fmt: skip
    shank = [
        [0.02, 0.085, 0.052, -0.01], [0.3, 0.075, 0.046, -0.015], [0.65, 0.048, 0.035, -0.008],
        [0.97, 0.036, 0.03, 0.0],
    ]  # fmt: skip
    cannon = [
        [0.0, 0.042, 0.032, -0.012], [0.15, 0.036, 0.03, -0.008], [0.5, 0.027, 0.026, -0.002],
        [0.85, 0.028, 0.027, 0.0], [0.98, 0.036, 0.032, 0.0],
    ]  # fmt: skip
    return [limb(leg.upper, _rows(thigh, t)), limb(leg.lower, _rows(shank, t)), limb(leg.cannon, _rows(cannon, t))]


__all__ = ["AROUND", "Hide", "links_of"]
