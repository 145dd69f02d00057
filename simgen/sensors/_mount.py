"""Where a sensor sits, and where a free camera goes."""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import Literal

import numpy as np

from simgen.geometry import F8, look_at, quat_from_euler, quat_multiply
from simgen.records.window import Jolt
from simgen.registry import param
from simgen.rng import stream
from simgen.units import seconds_to_ns

Vector3 = tuple[float, float, float]


@dataclass(frozen=True, kw_only=True)
class Path:
    """Where a free camera goes: a new pose for every frame, looking at a point."""

    type: Literal["hemisphere", "orbit", "waypoints"] = param(doc="how the poses are chosen")
    around_m: Vector3 = param((0.0, 0.0, 0.0), doc="the point it looks at and moves about")
    radius_m: tuple[float, float] = param((1.0, 1.0), doc="nearest and farthest distance (hemisphere, orbit)")
    elevation_deg: tuple[float, float] = param((20.0, 80.0), doc="lowest and highest elevation over the point")
    turns: float = param(1.0, doc="orbit: turns over the whole clip")
    points_m: tuple[Vector3, ...] = param((), doc="waypoints: positions, one a frame, repeated from the start")

    def __post_init__(self) -> None:
        if self.type == "waypoints" and not self.points_m:
            raise ValueError("a path of waypoints needs points_m")
        if min(self.radius_m) <= 0.0 or self.radius_m[0] > self.radius_m[1]:
            raise ValueError("radius_m must be two positive distances, the nearer first")

    def eye(self, index: int, count: int, seed: int, name: str) -> F8:
        """The position of frame ``index`` of ``count``; the hemisphere draws uniformly over its solid angle."""
        if self.type == "waypoints":
            return np.array(self.points_m[index % len(self.points_m)])
        low, high = (math.sin(math.radians(e)) for e in self.elevation_deg)
        if self.type == "orbit":
            azimuth, sine, radius = 2 * math.pi * self.turns * index / max(count, 1), (low + high) / 2, self.radius_m[0]
        else:
            draws = stream(seed, "path", name, index).random(3)
            azimuth, sine = 2 * math.pi * draws[0], low + (high - low) * draws[1]
            radius = self.radius_m[0] + (self.radius_m[1] - self.radius_m[0]) * draws[2]
        cosine = math.sqrt(max(0.0, 1.0 - sine * sine))
        offset = (cosine * math.cos(azimuth), cosine * math.sin(azimuth), sine)
        return np.array(self.around_m) + radius * np.array(offset)


@dataclass(frozen=True, kw_only=True)
class Knock:
    """A blow that moves the sensor in its bracket: from then on it sits elsewhere, and what it reports does not say so.

    True position = mount's position + ``position_m``; true rotation = mount's rotation, then roll, pitch and yaw of
    ``rotation_deg`` about the sensor's own axes (x forward, y left, z up).
    """

    at_s: float = param(ge=0.0, doc="when")
    position_m: Vector3 = param((0.0, 0.0, 0.0), ge=-10.0, le=10.0, doc="shift, in the carrier's frame")
    rotation_deg: Vector3 = param(
        (0.0, 0.0, 0.0), ge=-180.0, le=180.0, doc="roll, pitch, yaw about the sensor's own axes"
    )

    def pose(self, position: F8, quaternion: F8) -> tuple[F8, F8]:
        """The body frame's pose after the blow, given that before."""
        roll, pitch, yaw = np.radians(self.rotation_deg)
        return position + np.array(self.position_m), quat_multiply(quaternion, quat_from_euler(roll, pitch, yaw))


@dataclass(frozen=True, kw_only=True)
class Mount:
    """Where a sensor sits: on an entity, on a link of it (``arm/wrist``), or in the world."""

    on: str = param("world", doc="entity, entity/link or 'world'", reference="entity")
    position_m: Vector3 = param((0.0, 0.0, 0.0), ge=-1e4, le=1e4, doc="of the sensor, in the frame it is mounted on")
    rotation_deg: Vector3 = param((0.0, 0.0, 0.0), doc="roll, pitch, yaw of the sensor's body frame")
    look_at_m: Vector3 | None = param(None, doc="turn towards this point instead of rotation_deg")
    path: Path | None = param(None, doc="free camera: a new pose for every frame")
    knock: Knock | None = param(None, doc="a blow that moves it")

    def __post_init__(self) -> None:
        if self.path is not None and self.knock is not None:
            raise ValueError("a camera on a path cannot be knocked")
        if self.path is not None and self.on != "world":
            raise ValueError("a path is for a camera mounted on the world")

    def pose(self, index: int, count: int, seed: int, name: str) -> tuple[F8, F8]:
        """Position and quaternion of the sensor's *body* frame (x forward) on what carries it."""
        if self.path is not None:
            eye = self.path.eye(index, count, seed, name)
            return eye, look_at(eye, self.path.around_m)
        position = np.array(self.position_m)
        if self.look_at_m is not None:
            return position, look_at(position, self.look_at_m)
        roll, pitch, yaw = np.radians(self.rotation_deg)
        return position, quat_from_euler(roll, pitch, yaw)

    def jolt(self, position: F8, quaternion: F8) -> Jolt | None:
        """What the knock does to a sensor with that pose of its body frame, if there is one."""
        if self.knock is None:
            return None
        before = position, quaternion
        return Jolt.between(seconds_to_ns(self.knock.at_s), before, self.knock.pose(*before))
