"""What the geometric rules share: a stored camera with its poses, and which labels stand still."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np

from simgen.checks.base import SequenceLook
from simgen.checks.stored_camera import StoredCamera
from simgen.geometry import quat_from_matrix
from simgen.records.base import F8, Array, Bool
from simgen.records.trajectory import Trajectory
from simgen.taxonomy import classes


@dataclass(frozen=True, kw_only=True, eq=False)
class View:
    """A camera frame as a measuring device."""

    look: SequenceLook
    sensor: str
    index: int
    time_ns: int
    camera: StoredCamera
    pose: F8

    def distances(self, frame: Any) -> Array:
        """A frame's image of depths or ranges, (H, W)."""
        return np.asarray(getattr(frame, self.camera.measure))

    def poses(self, time_ns: Array) -> tuple[F8, F8]:
        """World from camera at instants near the frame's."""
        found = self.look.sensor_poses(self.sensor, time_ns)
        if found is not None:
            return found
        shape = np.shape(time_ns)
        quaternion = quat_from_matrix(self.pose[:3, :3])
        return np.broadcast_to(self.pose[:3, 3], (*shape, 3)), np.broadcast_to(quaternion, (*shape, 4))


def view_of(look: SequenceLook, sensor: str, index: int) -> View | None:
    """The view of a stored frame, read from the small arrays only.

    None where the sensor stores no distances, has a lens that nobody knows, or has a rolling shutter and no mount from
    which its pose at other instants would follow.
    """
    group = look.frames[sensor].group
    if not stores_distances(group) or index >= len(group["time_ns"]):
        return None
    height, width = group["depth" if "depth" in group else "range"].shape[1:]
    camera = StoredCamera.of(look.calibration(sensor), group["K"][index], width, height)
    time_ns, pose = int(group["time_ns"][index]), group["world_from_sensor"][index]
    if camera is None or camera.measure not in group:
        return None
    if camera.line_time_ns and look.sensor_poses(sensor, np.array(time_ns)) is None:
        return None
    return View(look=look, sensor=sensor, index=index, time_ns=time_ns, camera=camera, pose=pose)


def stores_distances(group: Any) -> bool:
    """Whether a group of frames is a camera's with depth or range."""
    return "K" in group and ("depth" in group or "range" in group)


def resting(look: SequenceLook) -> Array:
    """Instance ids that never move during the sequence, 0 (the world) included."""
    return np.asarray(look.once("resting", None, lambda: _resting(look.trajectory)))


def _resting(trajectory: Trajectory) -> Array:
    moved = np.abs(trajectory.position - trajectory.position[:1]).max((0, 2), initial=0.0) > 1e-6
    moved |= np.abs(trajectory.quaternion - trajectory.quaternion[:1]).max((0, 2), initial=0.0) > 1e-9
    movers = np.unique(trajectory.body_actor[moved])
    return np.concatenate([[0], np.delete(trajectory.instance, movers)]).astype(np.uint32)


def solid(semantic: Array) -> Bool:
    """Labels of surfaces, as against rain, snow and fog."""
    airy = [info.id for info in classes().values() if info.parent == "particle"]
    return np.asarray(~np.isin(semantic, airy))


def frame_labels(frame: Any) -> tuple[Array, Array] | None:
    """Instance and semantic maps of a camera frame, if it has both."""
    if getattr(frame, "instance", None) is None or getattr(frame, "semantic", None) is None:
        return None
    return frame.instance, frame.semantic
