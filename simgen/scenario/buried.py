"""Sensors that sit inside the body that carries them and see little else: allowed, but hardly ever meant."""

from __future__ import annotations

import math
from typing import Final

import numpy as np

from simgen.assembly import model_of, rest_mesh, rest_pose
from simgen.geometry import compose, cross, normalized, quat_multiply, quat_rotate
from simgen.records.base import F8, Bool
from simgen.records.mesh import Mesh
from simgen.records.model import Model
from simgen.scene import Scene
from simgen.sensors.base import Sensor, SeriesSensor

#: share of blocked directions from which on there is a warning
_SHARE: Final = 0.9
#: directions looked at, from edge to edge
_ACROSS, _DOWN = 6, 4


def buried_sensors(scene: Scene) -> tuple[str, ...]:
    """One sentence for every sensor inside its carrier that sees little but the carrier.

    Looked at is the carrier at rest, along 24 directions of the sensor's first frame: those of a grid of pixels, or
    all round for what is no camera.
    """
    found = []
    for sensor in scene.sensors:
        # an IMU belongs inside, a tactile sensor lies in the skin: they look at nothing outside
        blind = isinstance(sensor, SeriesSensor) or sensor.needs_touching
        share = 0.0 if blind else _blocked(scene, sensor)
        if share >= _SHARE:
            found.append(
                f"sensor {sensor.name!r} sits inside {sensor.mount.on!r}, whose surface fills {100 * share:.0f} % "
                "of its view: move mount.position_m out of the body"
            )
    return tuple(found)


def _blocked(scene: Scene, sensor: Sensor) -> float:
    """Share of the directions in which the carrier is met; 0 for a sensor outside its box."""
    model = _carrier(scene, sensor.mount.on)
    if model is None:
        return 0.0
    position, quaternion = sensor.mount.pose(0, 1, scene.seed, sensor.name)
    names = [link.name for link in model.links]
    link = sensor.mount.on.rsplit("/", 1)[-1]
    if link in names[1:]:
        position, quaternion = compose(*rest_pose(model, names.index(link)), position, quaternion)
    if (np.abs(position - np.array(model.box_center)) >= 0.5 * np.array(model.size)).any():
        return 0.0
    directions = quat_rotate(quat_multiply(quaternion, sensor.body_from_sensor), _directions(sensor))
    return float(np.mean(_met(rest_mesh(model), position, directions, float(getattr(sensor, "near_m", 0.0)))))


def _carrier(scene: Scene, on: str) -> Model | None:
    """The model of the entity that a sensor is mounted on, with a mesh."""
    for entity in scene.entities:
        if on == entity.name or on.startswith(entity.name + "/"):
            model = model_of(entity.asset)
            if on == entity.name or any(on == f"{entity.name}/{link.name}" for link in model.links):
                return model if any(link.mesh is not None for link in model.links) else None
    return None


def _directions(sensor: Sensor) -> F8:
    """Unit vectors in the sensor's data frame, (24, 3)."""
    across, down = (np.arange(_ACROSS) + 0.5) / _ACROSS, (np.arange(_DOWN) + 0.5) / _DOWN
    u, v = (grid.ravel() for grid in np.meshgrid(across, down))
    lens = getattr(sensor, "projection", None) or getattr(sensor, "lens", None)
    if lens is not None:
        return normalized(lens.unproject(np.stack([u * lens.width, v * lens.height], -1)))
    azimuth, elevation = 2.0 * math.pi * u, np.radians(30.0 * (v - 0.5))
    flat = np.cos(elevation)
    return np.stack([flat * np.cos(azimuth), flat * np.sin(azimuth), np.sin(elevation)], -1)


def _dot(a: F8, b: F8) -> F8:
    product: F8 = a[..., 0] * b[..., 0] + a[..., 1] * b[..., 1] + a[..., 2] * b[..., 2]
    return product


def _met(mesh: Mesh, eye: F8, directions: F8, near: float) -> Bool:
    """Whether a ray meets a triangle beyond ``near``, (D,) (Moeller and Trumbore 1997)."""
    a, b, c = np.moveaxis(mesh.vertices[mesh.triangles].astype(np.float64) - eye, 1, 0)
    one, two, ray = b - a, c - a, directions[:, None]
    p, q = cross(ray, two[None]), cross(-a, one)[None]
    det = _dot(one[None], p)
    with np.errstate(divide="ignore", invalid="ignore"):
        u, v, t = _dot(-a[None], p) / det, _dot(ray, q) / det, _dot(two[None], q) / det
        hit: Bool = (u >= 0.0) & (v >= 0.0) & (u + v <= 1.0) & (t > near)
    return np.asarray(hit.any(axis=1))
