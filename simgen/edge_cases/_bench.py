"""Putting things on a table, a worktop or a belt, where a camera sees them and nothing stands yet."""

from __future__ import annotations

import math
from dataclasses import dataclass, field
from typing import Any, Final

import numpy as np

from simgen.assembly import model_of, rest_pose
from simgen.errors import UserError
from simgen.geometry import compose, inverse_transform, quat_from_yaw, quat_multiply, transform
from simgen.lens.base import Projection
from simgen.placement._areas import footprint_inside
from simgen.placement.footprint import Occupancy, box_footprint, model_footprint, solid_footprints
from simgen.records.base import F8
from simgen.records.layout import WorldLayout
from simgen.records.model import Model, Quaternion, Vector3
from simgen.records.roads import Area
from simgen.registry import suggest
from simgen.rng import Stream
from simgen.scene import Entity, Scene
from simgen.sensors.base import Sensor

#: things are put at least so far from the picture's edge, as a share of its width and height
_MARGIN: Final = 0.07
_TRIES: Final = 500


def pose_of(scene: Scene, sensor: Sensor) -> tuple[F8, F8]:
    """Where a sensor is at the start, and how its data's frame is turned; world frame."""
    position, quaternion = sensor.mount.pose(0, 1, scene.seed, sensor.name)
    position, quaternion = compose(position, quaternion, np.zeros(3), sensor.body_from_sensor)
    if sensor.mount.on == "world":
        return position, quaternion
    name, _, link = sensor.mount.on.partition("/")
    carrier = carrier_of(scene, name)
    if link:
        model = model_of(scene.entity(name).asset)
        carrier = compose(*carrier, *rest_pose(model, [x.name for x in model.links].index(link)))
    return compose(*carrier, position, quaternion)


def carrier_of(scene: Scene, name: str) -> tuple[F8, F8]:
    """Where an entity is at the start, world frame."""
    entity = scene.entity(name)
    own = np.array(entity.position), np.array(entity.quaternion)
    return own if entity.parent is None else compose(*carrier_of(scene, entity.parent), *own)


def corners_of(model: Model, position: Vector3 | F8, quaternion: Quaternion | F8) -> F8:
    """The eight corners of a model's box at a pose, (8, 3)."""
    half = 0.5 * np.array(model.size)
    signs = np.array([[a, b, c] for a in (-1.0, 1.0) for b in (-1.0, 1.0) for c in (-1.0, 1.0)])
    return transform(np.array(position), np.array(quaternion), np.array(model.box_center) + signs * half)


def in_view(scene: Scene, sensor: Sensor, points: F8, margin: float = _MARGIN) -> bool:
    """Whether all points (N, 3) lie in the picture of a camera at the start, away from its edge."""
    lens: Projection = sensor.projection  # type: ignore[attr-defined]
    local = inverse_transform(*pose_of(scene, sensor), points)
    uv = lens.project(local)
    edge = margin * np.array([lens.width, lens.height])
    inside = (uv >= edge) & (uv <= np.array([lens.width, lens.height]) - edge)
    return bool((local[:, 2] > 0.0).all() and inside.all())


@dataclass(kw_only=True)
class Bench:
    """A support, a camera that looks at it, and what stands there already."""

    scene: Scene
    area: Area
    camera: Sensor
    rng: Stream
    case: str
    taken: Occupancy = field(default_factory=lambda: Occupancy([], 0.5))

    @classmethod
    def of(cls, scene: Scene, layout: WorldLayout, camera: Sensor, on: str, rng: Stream, case: str) -> Bench:
        """The support of that name; the one in the middle of the picture if it is empty.

        Raises:
            UserError: there is none, or the camera sees none.
        """
        bench = cls(scene=scene, area=_support(scene, layout, camera, on, case), camera=camera, rng=rng, case=case)
        bench.taken = bench.fresh()
        return bench

    def fresh(self) -> Occupancy:
        """What of the scene is taken, without the spots that were handed out."""
        found = Occupancy([], 0.5)
        for entity in self.scene.entities:
            self._enter(entity, found)
        return found

    def _enter(self, entity: Entity, found: Occupancy) -> None:
        """Keep the place of an entity free: all of what may move, the solid parts of what stands."""
        model = model_of(entity.asset)
        position, quaternion = carrier_of(self.scene, entity.name)
        if entity.physics == "static":
            pose = (vector(position), _quaternion(quaternion))
            for footprint in solid_footprints(model, *pose, entity.name):
                found.add(footprint)
        else:
            found.add(model_footprint(model, vector(position), _quaternion(quaternion), entity.name))

    @property
    def top_m(self) -> float:
        """Height of the support."""
        return float(self.area.polygon[0, 2])

    def spot(
        self,
        model: Model,
        *,
        room_m: float = 0.015,
        tilt: Quaternion = (1.0, 0.0, 0.0, 0.0),
        yaw_rad: float | None = None,
        around: tuple[float, float, float] | None = None,
    ) -> dict[str, Any]:
        """``position`` and ``quaternion`` of a thing that stands free on the support, in full view; its place is taken.

        Args:
            model: the thing.
            room_m: free space around it.
            tilt: how it lies, before it is turned about the vertical.
            yaw_rad: its heading; drawn if None.
            around: x, y and a radius within which its middle must be.

        Raises:
            UserError: there is no room.
        """
        polygon = self.area.polygon
        low, high = polygon[:, :2].min(0), polygon[:, :2].max(0)
        if around is not None:
            middle = np.array(around[:2])
            low, high = np.maximum(low, middle - around[2]), np.minimum(high, middle + around[2])
        for _ in range(_TRIES if (low < high).all() else 0):
            x, y = self.rng.uniform(low, high).tolist()
            turn = float(self.rng.uniform(-math.pi, math.pi)) if yaw_rad is None else yaw_rad
            quaternion = _quaternion(quat_multiply(quat_from_yaw(turn), np.array(tilt)))
            placed = self._free(model, x, y, quaternion, room_m)
            if placed is not None and (around is None or math.dist((x, y), around[:2]) <= around[2]):
                return placed
        raise UserError(
            f"{self.case}: no more room on {self.area.name!r} in the view of {self.camera.name!r} for a thing of "
            f"{model.size[0]:.2f} x {model.size[1]:.2f} m: lower count, or clear the support"
        )

    def _free(self, model: Model, x: float, y: float, quaternion: Quaternion, room_m: float) -> dict[str, Any] | None:
        rest = box_footprint(model.size, model.box_center, (0.0, 0.0, 0.0), quaternion)
        position = (x - rest.x, y - rest.y, self.top_m - rest.z_min)
        footprint = model_footprint(model, position, quaternion)
        if not footprint_inside(self.area.polygon, footprint) or self.taken.blockers(footprint.grown(room_m)):
            return None
        if not in_view(self.scene, self.camera, corners_of(model, position, quaternion)):
            return None
        self.taken.add(footprint)
        return {"position": position, "quaternion": quaternion}


def _support(scene: Scene, layout: WorldLayout, camera: Sensor, on: str, case: str) -> Area:
    supports = [area for area in layout.map.areas if area.kind == "support"]
    if on:
        found = [area for area in layout.map.areas if on in (area.name, area.name.split("/")[0])]
        if not found:
            names = tuple(area.name for area in layout.map.areas)
            raise UserError(f"{case}: there is no place {on!r}{suggest(on, names)}")
        return found[0]
    if not supports:
        raise UserError(f"{case}: this world has nothing to put things on; choose one with supports (table, kitchen)")
    off = [(_off_axis(scene, camera, area), k) for k, area in enumerate(supports)]
    nearest, k = min(off)
    if not math.isfinite(nearest):
        known = ", ".join(area.name for area in supports)
        raise UserError(f"{case}: {camera.name!r} looks at no support ({known}); turn it, or say on")
    return supports[k]


def _off_axis(scene: Scene, camera: Sensor, area: Area) -> float:
    """How far from the picture's middle an area's middle is, as a share of the width; inf if it is outside."""
    middle = area.polygon.mean(0, keepdims=True)
    if not in_view(scene, camera, middle, 0.0):
        return math.inf
    lens: Projection = camera.projection  # type: ignore[attr-defined]
    uv = lens.project(inverse_transform(*pose_of(scene, camera), middle))[0]
    return float(np.abs(uv / np.array([lens.width, lens.height]) - 0.5).max())


def vector(values: F8) -> Vector3:
    """Three Python floats."""
    return (float(values[0]), float(values[1]), float(values[2]))


def _quaternion(values: F8) -> Quaternion:
    return (float(values[0]), float(values[1]), float(values[2]), float(values[3]))


def middle_in_view(bench: Bench) -> tuple[float, float]:
    """The point of a support that is nearest to the middle of the camera's picture, at least 0.2 m from its edges."""
    polygon = bench.area.polygon
    low, high = polygon[:, :2].min(0), polygon[:, :2].max(0)
    inset = np.minimum(0.2, 0.5 * (high - low))
    x, y = (np.linspace(a, b, 9) for a, b in zip(low + inset, high - inset, strict=True))
    points = np.stack(np.broadcast_arrays(x[:, None], y[None, :], bench.top_m), -1).reshape(-1, 3)
    local = inverse_transform(*pose_of(bench.scene, bench.camera), points)
    off = np.hypot(local[:, 0], local[:, 1]) / np.maximum(local[:, 2], 1e-6)
    k = int(np.argmin(np.where(local[:, 2] > 0.0, off, np.inf)))
    return float(points[k, 0]), float(points[k, 1])
