"""What the ways of placing share: a thing to place, and candidate spots for it."""

from __future__ import annotations

import math
from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np

from simgen.geometry import normalized, quat_from_euler
from simgen.placement.footprint import Footprint, box_footprint
from simgen.placement.place import Place
from simgen.records.model import Model, Quaternion, Vector3
from simgen.rng import Stream


@dataclass(frozen=True, kw_only=True)
class Thing:
    """What is to be placed."""

    name: str
    group: str
    size: Vector3
    center: Vector3
    place: Place

    @classmethod
    def of(cls, name: str, model: Model, place: Place) -> Thing:
        """From a model; the group is the part of the name before the slash."""
        return cls(name=name, group=name.split("/")[0], size=model.size, center=model.box_center, place=place)

    @property
    def rear(self) -> float:
        """From the root's origin back to the box's rear end (positive when the end lies behind)."""
        return 0.5 * self.size[0] - self.center[0]

    @property
    def front(self) -> float:
        """From the root's origin forward to the box's front end."""
        return 0.5 * self.size[0] + self.center[0]

    def footprint(self, position: Vector3, quaternion: Quaternion) -> Footprint:
        """Its box at a pose."""
        return box_footprint(self.size, self.center, position, quaternion, self.name)


@dataclass(frozen=True, kw_only=True)
class Spot:
    """A candidate: a pose, the free space it asks for, and where the next of the row may begin."""

    position: Vector3
    quaternion: Quaternion
    lane: str = ""
    #: free space along and across the thing
    room: tuple[float, float] = (0.0, 0.0)
    #: the row that it belongs to and the distance of its front end on it
    row: tuple[str, float] = ("", 0.0)


@dataclass(frozen=True, kw_only=True)
class Offer:
    """Candidates in the order in which they are tried, and what to say when none is free."""

    spots: Iterator[Spot]
    #: "along the kerb", "on lane 'east/1'"
    where: str
    #: how much room there is in all
    room: str
    #: what the user can change
    remedy: str


def orientation(place: Place, default_yaw: float, rng: Stream, pitch: float = 0.0) -> Quaternion:
    """What the place says about rotation, else the default heading on ground of a pitch (positive = nose down)."""
    if place.rotation_deg is not None:
        roll, pitch, yaw = (math.radians(a) for a in place.rotation_deg)
        return quaternion_tuple(quat_from_euler(roll, pitch, yaw))
    if place.tumble:
        # four normals, normalised, are uniform over the rotations (Marsaglia 1972)
        return quaternion_tuple(normalized(rng.standard_normal(4)))
    yaw = default_yaw if place.yaw_deg is None else math.radians(place.yaw_deg)
    if pitch and place.yaw_deg is None:
        return quaternion_tuple(quat_from_euler(0.0, pitch, yaw))
    return (math.cos(0.5 * yaw), 0.0, 0.0, math.sin(0.5 * yaw))


def quaternion_tuple(q: np.ndarray[tuple[int, ...], np.dtype[np.float64]]) -> Quaternion:
    """As plain floats."""
    return (float(q[0]), float(q[1]), float(q[2]), float(q[3]))
