"""Columns that a lidar adds to its points on request: without the sweep's distortion, and the reflectivity byte."""

from __future__ import annotations

import numpy as np

from simgen.geometry import inverse_transform, quat_rotate
from simgen.records.base import F4, U1
from simgen.records.frames import LidarPoints
from simgen.records.surroundings import Shot

#: the reflectance that the byte's end stands for where it has room above white
_RETRO_END = 2.55


def with_extras(points: LidarPoints, outputs: tuple[str, ...], shot: Shot, white: float) -> LidarPoints:
    """The points with the columns that ``outputs`` asks for; ``white`` is the byte of a white wall."""
    if "deskewed" in outputs:
        points = points.replace(xyz_deskewed=deskewed(points, shot))
    if "reflectivity" in outputs:
        points = points.replace(reflectivity=reflectivity_byte(points.intensity, white))
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


def reflectivity_byte(intensity: F4, white: float) -> U1:
    """Diffuse surfaces from 0 to the byte of white, retro-reflectors above it.

    100 is white for Velodyne's newer devices (a per cent scale, 101 to 255 for retro-reflectors: manuals of VLP-16 and
    VLP-32C), 255 for those whose byte ends there.
    """
    above = white + (intensity - 1.0) * ((255.0 - white) / (_RETRO_END - 1.0))
    return np.clip(np.rint(np.where(intensity <= 1.0, intensity * white, above)), 0, 255).astype(np.uint8)
