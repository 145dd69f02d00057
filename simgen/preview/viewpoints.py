"""Where to look from: so that a whole asset fills a picture, and so that a world shows what it is."""

from __future__ import annotations

import itertools
import math
from dataclasses import dataclass
from typing import Final

import numpy as np

from simgen.polyline import Polyline
from simgen.records.base import F8
from simgen.records.layout import WorldLayout
from simgen.records.model import Model, Vector3
from simgen.records.roads import Lane

#: width of the picture by its height
_ASPECT: Final = 4.0 / 3.0
_HFOV_DEG: Final = 30.0
#: from ahead and the left, a little from above
_AZIMUTH_DEG, _ELEVATION_DEG = 38.0, 12.0
#: part of the picture that the box may fill
_FILL: Final = 0.9
#: eyes of a driver, and of a bird
_DRIVER_M, _BIRD_DEG = 1.7, 32.0
#: how much of a world's extent the bird looks at, at most
_MOST_M: Final = 75.0


@dataclass(frozen=True, kw_only=True)
class Viewpoint:
    """A camera's place, what it looks at, and how wide."""

    name: str
    eye_m: Vector3
    target_m: Vector3
    hfov_deg: float = _HFOV_DEG


def around(model: Model) -> Viewpoint:
    """As near to a model as its box allows."""
    center, half = np.array(model.box_center), 0.5 * np.array(model.size)
    corners = np.array(list(itertools.product((-1.0, 1.0), repeat=3))) * half
    ahead = -_direction(_AZIMUTH_DEG, _ELEVATION_DEG)
    eye = center - ahead * max(_distance(corners, ahead, _HFOV_DEG), 0.12)
    return Viewpoint(name="", eye_m=_vector(eye), target_m=_vector(center))


def _distance(corners: F8, ahead: F8, hfov_deg: float) -> float:
    """From how far all corners (N, 3), seen from their middle, lie within the picture."""
    right = np.cross(ahead, (0.0, 0.0, 1.0))
    right /= np.linalg.norm(right)
    up = np.cross(right, ahead)
    across = math.tan(0.5 * math.radians(hfov_deg)) * _FILL
    wide, tall = np.abs(corners @ right) / across, np.abs(corners @ up) / (across / _ASPECT)
    return float((np.maximum(wide, tall) - corners @ ahead).max())


def _direction(azimuth_deg: float, elevation_deg: float) -> F8:
    a, e = math.radians(azimuth_deg), math.radians(elevation_deg)
    return np.array([math.cos(e) * math.cos(a), math.cos(e) * math.sin(a), math.sin(e)])


def world_views(layout: WorldLayout) -> tuple[Viewpoint, ...]:
    """From a lane and from above, or from a corner of the room."""
    lanes = [lane for lane in layout.map.lanes if lane.kind == "driving"]
    if layout.rooms or layout.indoor:
        return (_from_lane(lanes),) if lanes else (_in_room(layout),)
    if lanes:
        return _from_lane(lanes), _from_above(layout)
    return (_from_above(layout),)


def _from_lane(lanes: list[Lane]) -> Viewpoint:
    """From a car on the longest lane, looking along it."""
    line = Polyline(max((lane.centerline for lane in lanes), key=lambda c: Polyline(c).length))
    start = 0.35 * line.length
    eye, target = line.at(start), line.at(min(start + 25.0, line.length))
    up = np.array([0.0, 0.0, _DRIVER_M])
    return Viewpoint(name="from a lane", eye_m=_vector(eye + up), target_m=_vector(target + 0.7 * up), hfov_deg=75.0)


def _from_above(layout: WorldLayout) -> Viewpoint:
    points = [lane.centerline for lane in layout.map.lanes] or [area.polygon for area in layout.map.areas]
    spots = np.concatenate(points) if points else np.asarray(layout.mesh.vertices, np.float64)
    low, high = spots.min(0), spots.max(0)
    center = 0.5 * (low + high)
    half = np.minimum(0.5 * (high - low), _MOST_M)
    corners = np.array(list(itertools.product((-1.0, 1.0), repeat=3))) * np.append(half[:2], 0.0)
    ahead = -_direction(-125.0, _BIRD_DEG)
    eye = center - ahead * max(_distance(corners, ahead, 50.0), 2.0)
    return Viewpoint(name="from above", eye_m=_vector(eye), target_m=_vector(center), hfov_deg=50.0)


def _in_room(layout: WorldLayout) -> Viewpoint:
    """From high up in a corner of the largest room, or of the world, looking at the opposite lower half."""
    if layout.rooms:
        box = np.array(max(layout.rooms, key=lambda r: (r[3] - r[0]) * (r[4] - r[1])))
        low, high = box[:3], box[3:]
    else:
        low, high = layout.mesh.vertices.min(0).astype(float), layout.mesh.vertices.max(0).astype(float)
    share = np.array([0.08, 0.1, min(0.8, 2.4 / max(high[2] - low[2], 0.1))])
    eye, target = low + share * (high - low), low + np.array([0.62, 0.58, 0.2]) * (high - low)
    return Viewpoint(name="from a corner", eye_m=_vector(eye), target_m=_vector(target), hfov_deg=80.0)


def _vector(v: F8) -> Vector3:
    x, y, z = (float(c) for c in v)
    return x, y, z
