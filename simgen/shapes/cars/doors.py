"""Side doors apart from the body: cut out of the skin, with linings and jambs, on hinges at their front edges."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace

import numpy as np

from simgen.geometry import quat_from_axis_angle
from simgen.records.base import F8
from simgen.records.mesh import Surface
from simgen.records.model import Joint, Link, Shape
from simgen.shapes.builder import MeshBuilder, Palette
from simgen.shapes.cars.lines import CarLines
from simgen.shapes.cars.sides import GAP_M, door_fields
from simgen.shapes.cars.tags import DOORS, GLASS, LINING, PAINT, PRIVACY, SEAM
from simgen.shapes.finish import hull, vector3
from simgen.shapes.sheet import Field, Sheet, both, joined, reflected, shifted, taken
from simgen.shapes.sheet_edges import rim
from simgen.shapes.soup import Soup

#: how thick doors are below the belt, and their frames above it, m
_THICK_M, _FRAME_M = 0.1, 0.04


@dataclass(frozen=True, kw_only=True)
class Opening:
    """Which doors are apart: how far each stands open, and the one that behaviours move, with its widest angle."""

    angles_rad: Mapping[str, float]
    moving: str = ""
    widest_rad: float = 1.1

    @property
    def parts(self) -> dict[int, float]:
        """Angles by the numbers of parts."""
        names = {*self.angles_rad, *((self.moving,) if self.moving else ())}
        return {DOORS[n]: 0.0 if n == self.moving else float(self.angles_rad[n]) for n in sorted(names)}

    @property
    def left_parts(self) -> frozenset[int]:
        """The left doors that are apart, or whose mirror images are."""
        return frozenset(p if p % 2 else p - 1 for p in self.parts)


def _flip(fields: list[Field], right: bool) -> list[Field]:
    return [reflected(f) for f in fields] if right else fields


def _beyond(p: F8) -> F8:
    return np.asarray(p[..., 1] - 0.3)


def _towards(y: float, thick: float, right: bool) -> Callable[[F8], F8]:
    """Shifts points inwards by a thickness, at most to a distance from the middle."""
    sign = -1.0 if right else 1.0

    def shift(p: F8) -> F8:
        inner = np.maximum(sign * p[..., 1] - thick, y)
        return np.stack([p[..., 0], sign * np.minimum(inner, sign * p[..., 1]), p[..., 2]], -1)

    return shift


def taken_out(
    whole: Sheet, tub: Sheet, lines: CarLines, opening: Opening
) -> tuple[Sheet, Sheet, list[tuple[int, Sheet]]]:
    """The body and its tub with doorways, and the doors, each with its inner side."""
    doors, jambs = [], []
    for part in opening.parts:
        right, rear = part % 2 == 0, part > 2
        on_wall, on_house = (_flip(f, right) for f in door_fields(lines, rear))
        door, rest = whole.where(whole.parts == part), whole.where(whole.parts != part)
        inner = lines.half * lines.glass_width[0] - 0.04
        pieces = [door]
        seam = rest.tags == SEAM
        for fields, thick, y in ((on_wall, _THICK_M, inner), (on_house, _FRAME_M, 0.3)):
            edge = both(fields)
            shift = _towards(y, thick, right)
            pieces.append(rim(door, shifted(edge, -GAP_M), shift, PAINT, part))
            near = rest.where((np.abs(edge(rest.points)) < 4.0 * GAP_M).all(1) & ~seam)
            jambs.append(rim(near, shifted(edge, GAP_M), shift, PAINT))
        frame = door.where(~np.isin(door.tags, (GLASS, PRIVACY)) & (door.points[..., 2].mean(1) > lines.belt))
        pieces.append(frame.inside_out(_FRAME_M))
        side = [*_flip([_beyond], right), *on_wall[:-1]]
        lining = np.abs(tub.normals[:, 0, 1]) > 0.9
        panel, around = taken(tub.where(lining), side)
        tub = joined([tub.where(~lining), around])
        pieces.append(panel.labelled(LINING, part))
        doors.append((part, joined(pieces)))
        # the gap's dark bottom goes with the door: behind it is the doorway
        gap = seam & (both(on_wall)(rest.points) > -2.0 * GAP_M).any(1) & (np.abs(rest.points[..., 1]).min(1) > 0.3)
        whole = rest.where(~gap)
    return joined([whole, *jambs]), tub, doors


def mirror_hull(fitted: Soup, lines: CarLines) -> list[Shape]:
    """The collision shape of a mirror among what is fixed to a door: what stands above the belt line."""
    p = fitted.vertices
    far = p[p[:, 2] > lines.shoulder_z(p[:, 0]) - 0.02]
    return [hull(far)] if len(far) > 3 else []


def door_links(
    palette: Palette,
    table: tuple[Surface, ...],
    doors: list[tuple[int, Sheet]],
    lines: CarLines,
    opening: Opening,
    fitted: Mapping[int, Soup],
) -> list[Link]:
    """Doors as links on upright hinges at their front edges; ``fitted``: handles and mirrors by a door's number."""
    names = {number: name for name, number in DOORS.items()}
    links = []
    for part, sheet in doors:
        side = 1.0 if part % 2 else -1.0
        x = lines.at(lines.doors[0] if part <= 2 else lines.doors[1])
        hinge = np.array([x - 0.02, side * (lines.half - 0.06), lines.sill + 0.4])
        moved = sheet.moved(-hinge)
        builder, shapes = MeshBuilder(palette), [hull(moved.points.reshape(-1, 3))]
        moved.add_to(builder, table)
        if part in fitted:
            builder.add(fitted[part].moved(-hinge), *table, smooth_deg=50.0)
            shapes += [
                replace(s, points=tuple(map(vector3, s.points - hinge))) for s in mirror_hull(fitted[part], lines)
            ]
        axis, moving = (0.0, 0.0, -side), names[part] == opening.moving
        joint = Joint(kind="door", axis=axis, upper=opening.widest_rad) if moving else Joint()
        w, qx, qy, qz = (float(v) for v in quat_from_axis_angle(axis, opening.parts[part]))
        links.append(
            Link(
                name=f"{names[part]}_door", parent=0, position=vector3(hinge), quaternion=(w, qx, qy, qz),
                mesh=builder.mesh(), joint=joint, shapes=tuple(shapes),
            )
        )  # fmt: skip
    return links


__all__ = ["Opening", "door_links", "taken_out"]
