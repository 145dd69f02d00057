"""Signs and other things beside the ego's road: where the carriageway ends, and what stands there already."""

from __future__ import annotations

import math

import numpy as np

from simgen.assembly import model_of, prop_asset
from simgen.edge_cases._ahead import Ahead
from simgen.errors import UserError
from simgen.geometry import quat_from_yaw, quat_rotate
from simgen.polyline import Polyline
from simgen.records.base import F8
from simgen.records.model import Quaternion, Vector3
from simgen.scene import Scene
from simgen.sensors.camera import Camera

#: from the kerb to a sign's post, and from a carriageway without one, m (StVO, VwV zu §§ 39 bis 43: 0.5 m in towns)
_BEYOND_KERB_M, _BEYOND_EDGE_M = 0.6, 1.5
#: a kerb farther from the lane's middle than this is another road's, m
_KERB_M = 14.0
#: free space around a post among scenery, m
_ROOM_M = 0.7


def edge_lateral(ahead: Ahead, s: float, side: float = -1.0) -> float:
    """Where on a side of the route (1 = left) a post stands: beyond the kerb, or the lane's own edge."""
    here, heading = ahead.route.at(s), float(ahead.route.heading(s))
    found = [math.inf]
    for kerb in ahead.layout.map.kerbs:
        points = Polyline(kerb.line).resample(1.0).points
        rel = points[:, :2] - here[:2]
        along = rel[:, 0] * math.cos(heading) + rel[:, 1] * math.sin(heading)
        across = rel[:, 1] * math.cos(heading) - rel[:, 0] * math.sin(heading)
        beside = np.abs(along) < 1.0
        found += [float(a) for a in side * across[beside] if 1.0 < a < _KERB_M]
    nearest = min(found)
    if math.isfinite(nearest):
        return side * (nearest + _BEYOND_KERB_M)
    return side * (1.75 + _BEYOND_EDGE_M)


def free_spot(ahead: Ahead, scene: Scene, s: float, lateral: float, turn_rad: float) -> tuple[Vector3, Quaternion]:
    """The place nearest to one beside the road, along it, where no scenery and nothing of the scene stands.

    Raises:
        UserError: the road ends before, or everything near is taken.
    """
    for shift in (0.0, 0.8, -0.8, 1.6, -1.6, 2.4, -2.4, 3.2, -3.2):
        position, quaternion = ahead.place(s + shift, lateral, turn_rad)
        if not _taken(ahead, scene, np.array(position)):
            return position, quaternion
    raise UserError(f"{ahead.case}: trees, lamps or objects stand wherever it could; choose another place or world")


def _taken(ahead: Ahead, scene: Scene, place: F8) -> bool:
    boxes = [(p.position, quat_from_yaw(p.yaw_rad), model_of(prop_asset(p))) for p in ahead.layout.props]
    boxes += [(e.position, np.array(e.quaternion), model_of(e.asset)) for e in scene.entities if e.leader is None]
    for position, quaternion, model in boxes:
        back = np.array([quaternion[0], -quaternion[1], -quaternion[2], -quaternion[3]])
        local = quat_rotate(back, place - np.array(position)) - np.array(model.box_center)
        # crowns hang over posts: only what stands as slim as a trunk is asked about there
        half = [min(0.5 * model.size[k], 0.4 if model.sway is not None else math.inf) + _ROOM_M for k in (0, 1)]
        if abs(local[0]) < half[0] and abs(local[1]) < half[1]:
            return True
    return False


def eye_at(ahead: Ahead, scene: Scene, camera: Camera, time_s: float) -> F8:
    """Where a camera of the ego is at an instant of the forecast, the ego being on its route."""
    s = float(np.interp(time_s, ahead.way.time_s, ahead.way.s)) + ahead.begin_m
    ego = model_of(scene.entity("ego").asset)
    own = np.array(camera.mount.position_m) - np.array(ego.box_center)
    center = ahead.route.at(s + own[0], float(own[1]))
    base = ahead.place(s)[0][2]
    return np.array([center[0], center[1], base + camera.mount.position_m[2]])


def when_away(ahead: Ahead, s: float, gap_m: float) -> float:
    """When the ego's nose is so far before a place of its route.

    Raises:
        UserError: that never comes about.
    """
    left = s - gap_m - ahead.begin_m - ahead.way.nose
    past = np.flatnonzero((left[1:] <= 0.0) & (left[:-1] > 0.0))
    if len(past) == 0:
        raise UserError(f"{ahead.case}: the ego is never {gap_m:g} m before it; lengthen clock.duration_s")
    k = int(past[0])
    share = float(left[k] / (left[k] - left[k + 1]))
    return float(ahead.way.time_s[k] + share * (ahead.way.time_s[k + 1] - ahead.way.time_s[k]))
