"""Columns that a lidar adds to its points on request: without the sweep's distortion, and the reflectivity byte."""

from __future__ import annotations

import numpy as np

from simgen.geometry import inverse_transform, quat_rotate
from simgen.records.base import F4, U1
from simgen.records.frames import LidarPoints
from simgen.records.surroundings import Shot

#: where the byte's scale turns from diffuse to retro-reflective, and the reflectance that its end stands for
_DIFFUSE_BYTES = 100.0
_RETRO_END = 2.55


def with_extras(points: LidarPoints, outputs: tuple[str, ...], shot: Shot) -> LidarPoints:
    """The points with the columns that ``outputs`` asks for."""
    if "deskewed" in outputs:
        points = points.replace(xyz_deskewed=deskewed(points, shot))
    if "reflectivity" in outputs:
        points = points.replace(reflectivity=reflectivity_byte(points.intensity))
    return points


def deskewed(points: LidarPoints, shot: Shot) -> F4:
    """Every point as if the sensor had not moved during the sweep: in the sensor frame at the frame's instant.

    The sensor's own motion is undone; what moved in the world stays where it was hit.
    """
    # a column's points share their time, so poses are worked out once for each instant
    times, which = np.unique(points.time_offset_ns, return_inverse=True)
    position, quaternion = shot.track.at(shot.time_ns + times.astype(np.int64))
    eye, turn = shot.track.at(shot.time_ns)
    world = quat_rotate(quaternion[which], points.xyz.astype(np.float64)) + position[which]
    return inverse_transform(eye, turn, world).astype(np.float32)


def reflectivity_byte(intensity: F4) -> U1:
    """0 to 100 = diffuse reflectance in per cent, 101 to 255 = retro-reflectors (Velodyne's manuals, linear here)."""
    diffuse = intensity * np.float32(_DIFFUSE_BYTES)
    retro = 100.0 + (intensity - 1.0) * (155.0 / (_RETRO_END - 1.0))
    return np.clip(np.rint(np.where(intensity <= 1.0, diffuse, retro)), 0, 255).astype(np.uint8)
