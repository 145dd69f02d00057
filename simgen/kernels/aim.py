"""Rays of a camera through places in its image.

``places`` (N, 2, 5 or 9) says what each ray is for: the image position; its direction in the camera frame (of depth 1
for a pinhole, of length 1 for other lenses, zero where the lens sees nothing); where on the aperture it starts (camera
frame, m) and when, as a share of the exposure from -0.5 to 0.5. Two columns are for a pinhole at its rows' own instant,
nine for samples of an exposure.
"""

from __future__ import annotations

import numpy as np

from simgen.kernels.inner import inner
from simgen.kernels.wave import (
    EYE,
    PLACE_COLUMNS,
    PLACE_RAY,
    PLACE_SHARE,
    PLACE_START,
    RAY_TIME,
    TURN,
    Optics,
    Wave,
)
from simgen.records.base import F4, F8


@inner
def row_of(optics: Optics, v: float) -> int:
    """Row of poses for an image height."""
    last: int = optics.rows.shape[0] - 1
    return min(max(int(v), 0), last)


@inner
def time_of(optics: Optics, places: F4, at: int) -> float:
    """Ray time of a place: its row's, and for a sample its own."""
    time = float(optics.rows[row_of(optics, float(places[at, 1])), RAY_TIME])
    if places.shape[1] == PLACE_COLUMNS:
        time = min(max(time + float(places[at, PLACE_SHARE]) * optics.exposure, 0.0), 1.0)
    return time


@inner
def on_path(path: F8, time: float) -> tuple[int, float]:
    """Knot of the camera's path before a ray time, and the share of the next one; the knots are evenly spaced."""
    last = path.shape[0] - 1
    begin, end = path[0, RAY_TIME], path[last, RAY_TIME]
    if last < 1 or end <= begin:
        return 0, 0.0
    place = min(max((time - begin) / (end - begin), 0.0), 1.0) * last
    low = min(int(place), last - 1)
    return low, place - low


@inner
def _aim_sample(optics: Optics, places: F4, at: int, wave: Wave, i: int) -> None:
    """A ray of an exposure: from its place on the aperture, at its own time, from where the camera is then."""
    time = time_of(optics, places, at)
    path, k = optics.path, PLACE_RAY
    low, t = on_path(path, time)
    high, s = min(low + 1, path.shape[0] - 1), 1.0 - t
    for axis in range(3):
        a = TURN + 3 * axis
        rx, ry = s * path[low, a] + t * path[high, a], s * path[low, a + 1] + t * path[high, a + 1]
        rz = s * path[low, a + 2] + t * path[high, a + 2]
        eye = s * path[low, EYE + axis] + t * path[high, EYE + axis]
        b = PLACE_START
        wave.origin[i, axis] = eye + rx * places[at, b] + ry * places[at, b + 1] + rz * places[at, b + 2]
        wave.direction[i, axis] = rx * places[at, k] + ry * places[at, k + 1] + rz * places[at, k + 2]
    wave.time[i] = time


@inner
def aim(optics: Optics, places: F4, first: int, wave: Wave) -> None:
    """Rays through places; distance along a ray is depth for a pinhole and range for other lenses."""
    rows, columns = optics.rows, places.shape[1]
    for i in range(wave.time.shape[0]):
        at = first + i
        wave.near[i] = optics.near
        wave.far[i] = np.inf
        if columns == PLACE_COLUMNS:
            _aim_sample(optics, places, at, wave, i)
        else:
            u, v, z = float(places[at, 0]), float(places[at, 1]), 1.0
            row = row_of(optics, v)
            x, y = (u - optics.cx) / optics.fx, (v - optics.cy) / optics.fy
            if columns > PLACE_RAY:
                x, y, z = (
                    float(places[at, PLACE_RAY]),
                    float(places[at, PLACE_RAY + 1]),
                    float(places[at, PLACE_RAY + 2]),
                )
            for axis in range(3):
                k = TURN + 3 * axis
                wave.origin[i, axis] = rows[row, EYE + axis]
                wave.direction[i, axis] = rows[row, k] * x + rows[row, k + 1] * y + rows[row, k + 2] * z
            wave.time[i] = rows[row, RAY_TIME]
        if wave.direction[i, 0] == 0.0 and wave.direction[i, 1] == 0.0 and wave.direction[i, 2] == 0.0:
            wave.far[i] = 0.0


__all__ = ["aim", "on_path", "row_of", "time_of"]
