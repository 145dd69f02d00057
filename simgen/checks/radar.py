"""Radar detections against the trajectory: counts, places and velocities."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, ClassVar

import numpy as np

from simgen.checks.base import NOTHING, Finding, FrameLook, Rule, compare, count_wrong
from simgen.checks.mounts import actor_poses
from simgen.geometry import inverse_transform, quat_rotate, transform
from simgen.records.base import F8, I8, Array, Bool
from simgen.records.radar import (
    RADAR_FALSE_ALARM,
    RADAR_FOLDED,
    RADAR_GHOST,
    RADAR_MOVING_PART,
    RADAR_MULTIPATH,
    RadarDetections,
)
from simgen.taxonomy import class_name, classes

#: half the time over which velocities are taken from the stored poses, ns
_HALF_NS = 2_000_000


def _detections(look: FrameLook) -> RadarDetections | None:
    found = look.get("detections")
    return found if isinstance(found, RadarDetections) and len(found.range) else None


def _own(look: FrameLook, found: RadarDetections, unlike: int) -> I8:
    """Rows of detections of objects that have a place in the trajectory, without some flags."""
    known = np.isin(found.instance, look.sequence.trajectory.instance)
    return np.flatnonzero(known & ((found.flags & unlike) == 0))


def _ahead(azimuth: Array, elevation: Array) -> F8:
    """Unit vectors (N, 3) of angles."""
    a, e = np.asarray(azimuth, np.float64), np.asarray(elevation, np.float64)
    return np.stack([np.cos(e) * np.cos(a), np.cos(e) * np.sin(a), np.sin(e)], -1)


@dataclass(frozen=True, kw_only=True)
class RadarCounts(Rule):
    """Ghosts and noise have instance 0, ``detections`` of a box counts its own, nuScenes' fields are the same rows."""

    name = "radar_counts"
    unit = "detections"

    def frame(self, look: FrameLook) -> Finding:
        """Count again."""
        found = _detections(look)
        if found is None:
            return NOTHING
        unreal = (found.flags & (RADAR_GHOST | RADAR_FALSE_ALARM)) != 0
        result = count_wrong(
            found.instance[unreal] != 0, lambda k: f"a ghost or noise has instance {int(found.instance[unreal][k])}"
        )
        boxes, fields = look.get("boxes"), look.get("nuscenes")
        if boxes is not None:
            count = np.array([int((found.instance == i).sum()) for i in boxes.instance], np.int64)
            stored = boxes.detections.astype(np.int64)
            result += compare(
                count - stored,
                0.0,
                lambda k: f"instance {int(boxes.instance[k])}: {stored[k]} stored, {count[k]} there",
            )
            missing = np.setdiff1d(found.instance[found.instance != 0], boxes.instance)
            result += count_wrong(np.isin(found.instance, missing), lambda k: f"row {k}: its instance has no box")
        if fields is not None:
            place = np.stack([fields.x, fields.y, fields.z], -1) - found.xyz
            result += compare(np.abs(place).max(-1), 1e-3, lambda k: f"row {k}: nuScenes' x, y, z are not xyz")
        return result


@dataclass(frozen=True, kw_only=True)
class RadarPlaces(Rule):
    """The true place of an object's detection lies in its box, and the measured one within resolution and noise of it.

    The box is the trajectory's at ``time_ns``, grown by 0.02 m and 1 % of the range (a detection is the centre of what
    its cells hold, by range and angle), and by 0.6 m for people and animals, whose limbs swing out of the box at rest.
    Measured range and azimuth may err by two cells and six standard deviations.
    """

    name = "radar_places"
    unit = "of what is allowed"
    allowed_share: ClassVar[float] = 0.002
    margin_m: float = 0.02
    margin_share: float = 0.01
    limb_m: float = 0.6
    cells: float = 2.0
    sigmas: float = 6.0

    def frame(self, look: FrameLook) -> Finding:
        """Test every detection of an object that came straight."""
        found = _detections(look)
        if found is None:
            return NOTHING
        rows = _own(look, found, RADAR_MULTIPATH | RADAR_GHOST | RADAR_FALSE_ALARM)
        true = found.true_range[rows, None] * _ahead(found.true_azimuth[rows], found.true_elevation[rows])
        pose = look.sequence.sensor_poses(look.sensor, np.array(look.frame.time_ns))
        off = self._measured(found, rows, look.sequence.calibration(look.sensor).get("scans", []))
        if pose is not None:
            outside = _outside(look, found.instance[rows], transform(*pose, true)).clip(0.0)
            limbs = np.where(_of_the_living(look, found.instance[rows]), self.limb_m, 0.0)
            off = np.maximum(off, outside / (self.margin_m + limbs + self.margin_share * found.true_range[rows]))
        return compare(off, 1.0, lambda k: f"row {int(rows[k])}, instance {int(found.instance[rows[k]])}")

    def _measured(self, found: RadarDetections, rows: I8, scans: list[dict[str, Any]]) -> F8:
        """How far range and azimuth are off, in what resolution and noise allow."""
        if not scans:
            return np.zeros(len(rows))
        scan = found.scan[rows].astype(np.int64)
        cell = np.array([s["range_resolution_m"] for s in scans])[scan]
        width = np.sin(np.radians(np.array([s["azimuth_resolution_deg"] for s in scans])))[scan]
        azimuth = found.azimuth[rows].astype(np.float64)
        along = np.abs(found.range[rows] - found.true_range[rows])
        across = np.abs(np.sin(azimuth) - np.sin(found.true_azimuth[rows]))
        # without elevation a device takes the cosine of what is high above it for an angle
        slant = np.abs(np.sin(azimuth)) * found.true_elevation[rows] ** 2
        noise = self.sigmas * found.azimuth_sigma[rows] * np.cos(azimuth)
        share = along / (self.cells * cell + self.sigmas * found.range_sigma[rows])
        return np.asarray(np.maximum(share, across / (self.cells * width + noise + slant)))


def _outside(look: FrameLook, instance: Array, world: F8) -> F8:
    """How far points are outside the boxes of their objects, m; negative inside."""
    trajectory = look.sequence.trajectory
    out = np.zeros(len(instance))
    for label in np.unique(instance):
        mine = np.flatnonzero(instance == label)
        row = trajectory.row(int(label))
        position, quaternion = actor_poses(trajectory, int(label), np.array(look.frame.time_ns))
        local = inverse_transform(position, quaternion, world[mine]) - trajectory.box_center[row]
        out[mine] = (np.abs(local) - trajectory.size[row] / 2.0).max(-1)
    return out


@dataclass(frozen=True, kw_only=True)
class RadarVelocities(Rule):
    """The true velocity of a detection is that of the object's trunk at that place against the sensor, along the line.

    Both from the trajectory. Moving parts and what came by way of a mirror are left out. Tolerance 0.2 m/s and 0.2 % of
    the speed (a detection is the mean over its cells), 0.6 m/s for people, who bob and sway as they walk. Measured
    velocities may err by six standard deviations and two cells.
    """

    name = "radar_velocities"
    unit = "of what is allowed"
    allowed_share: ClassVar[float] = 0.002
    tolerance_m_s: float = 0.2
    walker_m_s: float = 0.6
    tolerance_share: float = 0.002

    def frame(self, look: FrameLook) -> Finding:
        """Test every detection of an object's trunk that came straight."""
        found = _detections(look)
        ends = look.frame.time_ns + np.array([-_HALF_NS, 0, _HALF_NS])
        poses = look.sequence.sensor_poses(look.sensor, ends)
        if found is None or poses is None:
            return NOTHING
        rows = _own(look, found, RADAR_MULTIPATH | RADAR_GHOST | RADAR_FALSE_ALARM | RADAR_MOVING_PART)
        ahead = _ahead(found.true_azimuth[rows], found.true_elevation[rows])
        position, quaternion = poses
        world = position[1] + quat_rotate(quaternion[1], ahead * found.true_range[rows, None])
        line = quat_rotate(quaternion[1], ahead)
        sensor = (position[2] - position[0]) * (5e8 / _HALF_NS)
        against = _velocities(look, found.instance[rows], world, ends) - sensor
        wanted = (against * line).sum(-1)
        least = np.where(_of_the_living(look, found.instance[rows]), self.walker_m_s, self.tolerance_m_s)
        limit = least + self.tolerance_share * np.sqrt((against**2).sum(-1))
        off = np.maximum(np.abs(found.true_velocity[rows] - wanted) / limit, self._measured(look, found, rows))
        moved = look.get("velocity")
        if moved is not None:
            own = np.abs(quat_rotate(quaternion[1], moved) - sensor).max()
            off = np.append(off, own / self.tolerance_m_s)
        return compare(off, 1.0, lambda k: f"row {int(rows[k])}" if k < len(rows) else "the sensor's own velocity")

    def _measured(self, look: FrameLook, found: RadarDetections, rows: I8) -> F8:
        """How far the measured velocity is off the true one, in what resolution and noise allow."""
        scans = look.sequence.calibration(look.sensor).get("scans", [])
        if not scans:
            return np.zeros(len(rows))
        step = np.array([s["velocity_resolution_m_s"] for s in scans])[found.scan[rows].astype(np.int64)]
        folded: Bool = (found.flags[rows] & RADAR_FOLDED) != 0
        off = np.abs(found.radial_velocity[rows] - found.true_velocity[rows])
        return np.where(folded, 0.0, off / (6.0 * found.velocity_sigma[rows] + 2.0 * step))


def _of_the_living(look: FrameLook, instance: Array) -> Bool:
    """Which detections are of people or animals."""
    return np.isin(instance, [actor.id for actor in look.sequence.actors if _is_alive(actor.class_id)])


def _is_alive(class_id: int) -> bool:
    info = classes().get(class_name(class_id))
    return info is not None and info.parent in ("human", "animal")


def _velocities(look: FrameLook, instance: Array, world: F8, ends: I8) -> F8:
    """Velocities of points of the actors' roots, from their poses before and after."""
    out = np.zeros((len(instance), 3))
    for label in np.unique(instance):
        mine = np.flatnonzero(instance == label)
        position, quaternion = actor_poses(look.sequence.trajectory, int(label), ends)
        local = inverse_transform(position[1], quaternion[1], world[mine])
        after, before = (transform(position[k], quaternion[k], local) for k in (2, 0))
        out[mine] = (after - before) * (5e8 / _HALF_NS)
    return out


__all__ = ["RadarCounts", "RadarPlaces", "RadarVelocities"]
