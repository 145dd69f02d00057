"""Which satellites an antenna sees, and which arrive by a wall: rays towards them, and one mirror bounce.

Mirrors are found by looking round: a fan of rays gathers the normals of the walls near by. For every satellite and
every normal there is one direction in which a wall of that normal would show the satellite, ``d = s - 2 (s n) n``. A
ray goes there; the bounce counts if the wall that it meets really turns it towards the satellite, and nothing stands
in the way behind. The extra path of the plane wave is ``r (1 - d s)``.
"""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import Final

import numpy as np

from simgen.geometry import cross, normalized, quat_rotate
from simgen.records.base import F8, Bool
from simgen.records.rays import Hits, Rays, RayView
from simgen.records.stage import NO_HIT

#: directions of the fan, and how many of the normals it finds are tried
_FAN: Final = 768
_NORMALS: Final = 16
#: walls, not roofs and roads: the antenna's ground plane shades what comes from below
_STEEPEST: Final = 0.35
#: how exactly a bounce must lead to the satellite
_MIRROR_COS: Final = math.cos(math.radians(2.0))
_LIFT_M: Final = 0.02


@dataclass(frozen=True, kw_only=True)
class Sight:
    """Of each satellite: if its way is clear (S,), the extra path of a reflection (S,), 0 = none, whence (S, 3)."""

    clear: Bool
    excess: F8
    arrival: F8


def look(view: RayView, time_ns: int, antenna: F8, toward: F8, near_m: float, reach_m: float) -> Sight:
    """Look from an antenna (world, m) towards satellites (S, 3), nearer surfaces than ``near_m`` ignored.

    ``reach_m``: how far off reflecting walls are looked for; 0 = none.
    """
    caster = _Caster(view, time_ns)
    eye = np.broadcast_to(antenna, toward.shape)
    clear = ~caster.occluded(eye, toward, near_m)
    excess, arrival = np.zeros(len(toward)), toward.copy()
    if reach_m > 0.0 and len(toward):
        walls = caster.walls(antenna, near_m, reach_m)
        if len(walls):
            _bounce(caster, antenna, toward, walls, near_m, reach_m, excess, arrival)
    return Sight(clear=clear, excess=excess, arrival=arrival)


def _bounce(
    caster: _Caster, antenna: F8, toward: F8, walls: F8, near_m: float, reach_m: float, excess: F8, arrival: F8
) -> None:
    """Fill in the shortest reflection of each satellite."""
    along = (toward[:, None] * walls[None]).sum(-1)
    sat, wall = np.nonzero(along > 0.02)
    direction = toward[sat] - 2.0 * along[sat, wall][:, None] * walls[wall]
    distance, normal = caster.surfaces(np.broadcast_to(antenna, direction.shape), direction, near_m, reach_m)
    onward = direction - 2.0 * (direction * normal).sum(-1, keepdims=True) * normal
    found = np.flatnonzero(np.isfinite(distance) & ((onward * toward[sat]).sum(-1) > _MIRROR_COS))
    at = antenna + distance[found, None] * direction[found] + _LIFT_M * normal[found]
    found = found[~caster.occluded(at, toward[sat[found]], 0.0)]
    extra = distance[found] * (1.0 - (direction[found] * toward[sat[found]]).sum(-1))
    for k in np.argsort(-extra, kind="stable"):  # the shortest comes last, and stays
        excess[sat[found[k]]], arrival[sat[found[k]]] = extra[k], direction[found[k]]


class _Caster:
    """Casts rays given in the world, at one instant."""

    def __init__(self, view: RayView, time_ns: int) -> None:
        self._view = view
        self._time = view.motion.ray_time(time_ns)

    def _rays(self, origin: F8, direction: F8, near_m: float, far_m: float) -> Rays:
        f4, count = np.float32, len(direction)
        return Rays(
            origin=np.ascontiguousarray(origin - self._view.motion.origin, f4),
            direction=np.ascontiguousarray(direction, f4),
            time=np.full(count, self._time, f4),
            near=np.full(count, near_m, f4),
            far=np.full(count, far_m, f4),
        )

    def occluded(self, origin: F8, direction: F8, near_m: float) -> Bool:
        """Whether anything is in the way, (N,)."""
        return self._view.occluded(self._rays(origin, direction, near_m, math.inf))

    def surfaces(self, origin: F8, direction: F8, near_m: float, far_m: float) -> tuple[F8, F8]:
        """Distance to the first surface, (N,), inf where there is none, and its normal towards the ray, (N, 3)."""
        hits = self._view.cast(self._rays(origin, direction, near_m, far_m))
        return hits.distance.astype(np.float64), self._normals(hits, direction)

    def walls(self, antenna: F8, near_m: float, reach_m: float) -> F8:
        """Normals of the walls around, the most often met first, (M, 3)."""
        fan = _fan()
        distance, normal = self.surfaces(np.broadcast_to(antenna, fan.shape), fan, near_m, reach_m)
        upright = normal[np.isfinite(distance) & (np.abs(normal[:, 2]) < _STEEPEST)]
        if not len(upright):
            return np.zeros((0, 3))
        kinds, first, count = np.unique(np.round(upright * 20.0), axis=0, return_index=True, return_counts=True)
        del kinds
        return upright[first[np.argsort(-count, kind="stable")[:_NORMALS]]]

    def _normals(self, hits: Hits, direction: F8) -> F8:
        """Flat normals of what was hit, turned against the rays; 0 where nothing was."""
        stage, motion = self._view.stage, self._view.motion
        out = np.zeros((len(direction), 3))
        hit = np.flatnonzero(hits.instance != NO_HIT)
        row = hits.instance[hit].astype(np.int64)
        mesh, body = stage.instance_mesh[row].astype(np.int64), stage.instance_body[row].astype(np.int64)
        triangle = stage.triangles[stage.triangle_start[mesh] + hits.triangle[hit]].astype(np.int64)
        corner = stage.vertices[stage.vertex_start[mesh][:, None] + triangle].astype(np.float64)
        flat = normalized(cross(corner[:, 1] - corner[:, 0], corner[:, 2] - corner[:, 0]))
        step = round(self._time * (len(motion.quaternion) - 1))
        turned = quat_rotate(motion.quaternion[step, body], flat)
        against = (turned * direction[hit]).sum(-1, keepdims=True) > 0.0
        out[hit] = np.where(against, -turned, turned)
        return out


def _fan() -> F8:
    """Directions from -20 to +65 degrees of elevation, evenly spread by the golden angle, (_FAN, 3)."""
    k = np.arange(_FAN) + 0.5
    low, high = math.sin(math.radians(-20.0)), math.sin(math.radians(65.0))
    z = low + (high - low) * k / _FAN
    turn = k * math.pi * (3.0 - math.sqrt(5.0))
    flat = np.sqrt(1.0 - z * z)
    return np.stack([flat * np.cos(turn), flat * np.sin(turn), z], axis=-1)


__all__ = ["Sight", "look"]
