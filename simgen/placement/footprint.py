"""Footprints: upright boxes turned about z, and whether they touch (separating axes)."""

from __future__ import annotations

import math
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Final

import numpy as np

from simgen.geometry import compose, quat_rotate
from simgen.records.base import F8
from simgen.records.model import Model, Quaternion, Shape, Vector3

#: things that stand on or against each other share a face; rounding must not make that an overlap
_TOUCH_M = 1e-6
#: size, centre and turn of a box in a model's root frame
_Box = tuple[Vector3, Vector3, Quaternion]
#: the boxes of so many models are kept
_MOST_KEPT: Final = 1024
_kept: dict[int, tuple[Model, tuple[_Box, ...]]] = {}


@dataclass(frozen=True, kw_only=True)
class Footprint:
    """A box that stands upright: centre, half of length and width, yaw, and the heights it reaches from and to."""

    x: float
    y: float
    half_length: float
    half_width: float
    yaw: float = 0.0
    z_min: float = -math.inf
    z_max: float = math.inf
    name: str = ""

    @property
    def radius(self) -> float:
        """Of the circle around it."""
        return math.hypot(self.half_length, self.half_width)

    def grown(self, length_m: float, width_m: float | None = None) -> Footprint:
        """The same with more room on every side, along and across (not in height)."""
        across = length_m if width_m is None else width_m
        return Footprint(
            x=self.x,
            y=self.y,
            half_length=self.half_length + length_m,
            half_width=self.half_width + across,
            yaw=self.yaw,
            z_min=self.z_min,
            z_max=self.z_max,
            name=self.name,
        )

    def corners(self) -> F8:
        """(4, 2), counter-clockwise from front left."""
        c, s = math.cos(self.yaw), math.sin(self.yaw)
        a, b = self.half_length, self.half_width
        local = ((a, b), (-a, b), (-a, -b), (a, -b))
        return np.array([(self.x + c * u - s * v, self.y + s * u + c * v) for u, v in local])

    def overlaps(self, other: Footprint) -> bool:
        """Whether the two boxes share more than a face: in height, and on all four separating axes of the plane."""
        if self.z_min >= other.z_max - _TOUCH_M or other.z_min >= self.z_max - _TOUCH_M:
            return False
        dx, dy = other.x - self.x, other.y - self.y
        if math.hypot(dx, dy) >= self.radius + other.radius:
            return False
        return not (_separated(self, other, dx, dy) or _separated(other, self, dx, dy))


def _separated(a: Footprint, b: Footprint, dx: float, dy: float) -> bool:
    c, s = math.cos(a.yaw), math.sin(a.yaw)
    turn = b.yaw - a.yaw
    ct, st = abs(math.cos(turn)), abs(math.sin(turn))
    along, across = abs(c * dx + s * dy), abs(c * dy - s * dx)
    if along >= a.half_length + b.half_length * ct + b.half_width * st - _TOUCH_M:
        return True
    return across >= a.half_width + b.half_length * st + b.half_width * ct - _TOUCH_M


def box_footprint(
    size: Vector3, center: Vector3, position: Vector3, quaternion: Quaternion, name: str = ""
) -> Footprint:
    """Footprint of a box (size, centre in the root frame) at a pose; a tilted box gets the upright box around it.

    Plain floats throughout: placing tries thousands of poses.
    """
    w, x, y, z = quaternion
    rows = (
        (1.0 - 2.0 * (y * y + z * z), 2.0 * (x * y - w * z), 2.0 * (x * z + w * y)),
        (2.0 * (x * y + w * z), 1.0 - 2.0 * (x * x + z * z), 2.0 * (y * z - w * x)),
        (2.0 * (x * z - w * y), 2.0 * (y * z + w * x), 1.0 - 2.0 * (x * x + y * y)),
    )
    yaw = math.atan2(rows[1][0], rows[0][0])
    c, s = math.cos(yaw), math.sin(yaw)
    # the rotation less its yaw: what is left is tilt
    tilt = (
        tuple(c * a + s * b for a, b in zip(rows[0], rows[1], strict=True)),
        tuple(c * b - s * a for a, b in zip(rows[0], rows[1], strict=True)),
        rows[2],
    )
    reach = [sum(abs(a) * 0.5 * edge for a, edge in zip(row, size, strict=True)) for row in tilt]
    middle = [p + sum(a * b for a, b in zip(row, center, strict=True)) for p, row in zip(position, rows, strict=True)]
    return Footprint(
        x=middle[0],
        y=middle[1],
        half_length=reach[0],
        half_width=reach[1],
        yaw=yaw,
        z_min=middle[2] - reach[2],
        z_max=middle[2] + reach[2],
        name=name,
    )


def model_footprint(model: Model, position: Vector3, quaternion: Quaternion, name: str = "") -> Footprint:
    """Footprint of a model's whole box at a pose."""
    return box_footprint(model.size, model.box_center, position, quaternion, name)


def solid_footprints(model: Model, position: Vector3, quaternion: Quaternion, name: str = "") -> tuple[Footprint, ...]:
    """What of a model bars the way: its collision shapes at rest, one box each (a tree's trunk, not its crown).

    A model without shapes of known extent gives its whole box.
    """
    boxes = _boxes_of(model)
    if not boxes:
        return (model_footprint(model, position, quaternion, name),)
    return tuple(
        box_footprint(size, (0.0, 0.0, 0.0), _moved(center, position, quaternion), _product(quaternion, turn), name)
        for size, center, turn in boxes
    )


def _boxes_of(model: Model) -> tuple[_Box, ...]:
    """The boxes around a model's collision shapes in its root frame, at rest; none if an extent is unknown.

    Kept for as long as many others are not asked: a street's trees and houses are placed again for every scene.
    """
    known = _kept.get(id(model))
    if known is None or known[0] is not model:
        if len(_kept) >= _MOST_KEPT:
            _kept.clear()
        known = _kept[id(model)] = model, tuple(_rest_boxes(model))
    return known[1]


def _rest_boxes(model: Model) -> list[_Box]:
    found: list[_Box] = []
    poses: list[tuple[F8, F8]] = []
    for link in model.links:
        base_p, base_q = poses[link.parent] if link.parent >= 0 else (np.zeros(3), np.array([1.0, 0.0, 0.0, 0.0]))
        poses.append(compose(base_p, base_q, link.position, link.quaternion))
        for shape in link.shapes:
            extent = _extent(shape)
            if extent is None:
                return []
            size, center = extent
            p, q = compose(poses[-1][0], poses[-1][1], center, shape.quaternion)
            found.append((size, _vector(p), _quaternion(q)))
    return found


def _moved(point: Vector3, position: Vector3, quaternion: Quaternion) -> Vector3:
    """A point of a frame that stands at a pose, in plain floats."""
    (px, py, pz), (w, x, y, z) = point, quaternion
    tx, ty, tz = 2.0 * (y * pz - z * py), 2.0 * (z * px - x * pz), 2.0 * (x * py - y * px)
    return (
        position[0] + px + w * tx + y * tz - z * ty,
        position[1] + py + w * ty + z * tx - x * tz,
        position[2] + pz + w * tz + x * ty - y * tx,
    )


def _product(a: Quaternion, b: Quaternion) -> Quaternion:
    """The turn b, then a, in plain floats."""
    (aw, ax, ay, az), (bw, bx, by, bz) = a, b
    return (
        aw * bw - ax * bx - ay * by - az * bz,
        aw * bx + ax * bw + ay * bz - az * by,
        aw * by - ax * bz + ay * bw + az * bx,
        aw * bz + ax * by - ay * bx + az * bw,
    )


def _extent(shape: Shape) -> tuple[Vector3, F8] | None:
    """Edge lengths and centre of the box around a shape, in the link's frame, before the shape's own rotation."""
    center = np.asarray(shape.center, np.float64)
    if shape.kind == "box":
        return shape.size, center
    if shape.kind == "sphere":
        return (2.0 * shape.size[0],) * 3, center
    if shape.kind == "cylinder":
        return (2.0 * shape.size[0], 2.0 * shape.size[0], shape.size[1]), center
    if shape.kind == "hull" and shape.points:
        points = np.asarray(shape.points, np.float64)
        low, high = points.min(0), points.max(0)
        middle = quat_rotate(shape.quaternion, 0.5 * (low + high))
        return _vector(high - low), center + middle
    return None


def _vector(v: F8) -> Vector3:
    return (float(v[0]), float(v[1]), float(v[2]))


def _quaternion(q: F8) -> Quaternion:
    return (float(q[0]), float(q[1]), float(q[2]), float(q[3]))


class Occupancy:
    """Footprints in a grid of cells, so that a query looks only at its neighbours."""

    def __init__(self, footprints: Sequence[Footprint] = (), cell_m: float = 8.0) -> None:
        self._cell = cell_m
        self._cells: dict[tuple[int, int], list[int]] = {}
        self._all: list[Footprint] = []
        for footprint in footprints:
            self.add(footprint)

    def __len__(self) -> int:
        return len(self._all)

    def add(self, footprint: Footprint) -> None:
        """Enter a footprint."""
        for key in self._keys(footprint):
            self._cells.setdefault(key, []).append(len(self._all))
        self._all.append(footprint)

    def _keys(self, footprint: Footprint) -> Iterator[tuple[int, int]]:
        r, cell = footprint.radius, self._cell
        for i in range(math.floor((footprint.x - r) / cell), math.floor((footprint.x + r) / cell) + 1):
            for j in range(math.floor((footprint.y - r) / cell), math.floor((footprint.y + r) / cell) + 1):
                yield i, j

    def blockers(self, footprint: Footprint) -> list[Footprint]:
        """Everything that this footprint would overlap, in the order of entry."""
        near = {index for key in self._keys(footprint) for index in self._cells.get(key, ())}
        return [self._all[k] for k in sorted(near) if footprint.overlaps(self._all[k])]
