"""What there was to find in a frame, from its labels."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np

from simgen.errors import UserError
from simgen.records.base import F8, I4, I8, Bool, Record, array
from simgen.records.frames import BOX_IS_EGO, CameraBoxes, CameraFrame, Frame, LidarBoxes, LidarFrame
from simgen.registry import suggest
from simgen.stress.contract import known_names
from simgen.taxonomy import classes

#: what is asked for is in view: so many pixels or points, so much of it visible, so little of it outside the image
PIXELS, POINTS, VISIBLE, TRUNCATED = 40, 5, 0.25, 0.5


@dataclass(frozen=True, kw_only=True, eq=False)
class Truth(Record):
    """The objects of one frame of the classes that are looked for, one row each."""

    time_ns: int
    instance: I8 = array("B", "i8", doc="instance id")
    kind: I4 = array("B", "i4", doc="which of the classes looked for")
    box_px: F8 = array("B 4", "f8", unit="px", doc="visible pixels' box; 0 of a lidar")
    box_3d: F8 = array("B 7", "f8", doc="centre, size and yaw in the sensor's frame")
    distance: F8 = array("B", "f8", unit="m", doc="from the sensor to the box's centre")
    visible: F8 = array("B", "f8", doc="visible fraction; nan of a lidar")
    counts: Bool = array("B", "?", doc="in view well enough to be asked for; else neither missed nor falsely found")


def check_names(names: Sequence[str]) -> None:
    """Names of classes that are looked for are those of the taxonomy, or of its groups.

    Raises:
        UserError: one of them is not; the message suggests the nearest.
    """
    known = known_names()
    for name in names:
        if name not in known:
            raise UserError(f"unknown class {name!r}{suggest(name, tuple(sorted(known)))}")


class Wanted:
    """The classes that are looked for: names of the taxonomy, or of its groups such as ``human``."""

    def __init__(self, names: Sequence[str]) -> None:
        self.names = tuple(names)
        self._ids = [
            {info.id for info in classes().values() if name in (info.name, info.parent)} for name in self.names
        ]
        #: leaf names by the class looked for, so that a more special answer counts too
        self._leaves = [
            {info.name for info in classes().values() if name in (info.name, info.parent)} for name in names
        ]

    def of_id(self, class_id: int) -> int:
        """Which of the classes an id belongs to; -1 = none."""
        return next((k for k, ids in enumerate(self._ids) if class_id in ids), -1)

    def of_name(self, name: str) -> int:
        """Which of the classes an answer's name belongs to; -1 = none."""
        if name in self.names:
            return self.names.index(name)
        return next((k for k, leaves in enumerate(self._leaves) if name in leaves), -1)

    def table(self) -> I4:
        """By taxonomy id, which of the classes it belongs to, (65536,)."""
        table = np.full(65536, -1, np.int32)
        for k, ids in reversed(list(enumerate(self._ids))):
            table[list(ids)] = k
        return table


def truth_of(frame: Frame, wanted: Wanted) -> Truth | None:
    """What there was to find in a frame; None if it is none of a camera or lidar."""
    boxes: Any = getattr(frame, "boxes", None)
    if not isinstance(boxes, CameraBoxes | LidarBoxes):
        return None
    kind = np.array([wanted.of_id(int(c)) for c in boxes.class_id], np.int32)
    rows = np.flatnonzero((kind >= 0) & ((boxes.flags & BOX_IS_EGO) == 0))
    center = boxes.center[rows].astype(np.float64)
    return Truth(
        time_ns=frame.time_ns,
        instance=boxes.instance[rows].astype(np.int64),
        kind=kind[rows],
        box_px=boxes.box_px[rows].astype(np.float64) if isinstance(boxes, CameraBoxes) else np.zeros((len(rows), 4)),
        box_3d=np.concatenate([center, boxes.size[rows].astype(np.float64), _yaw(boxes.quaternion[rows])[:, None]], 1),
        distance=np.sqrt((center**2).sum(axis=1)),
        visible=boxes.visible_fraction[rows].astype(np.float64)
        if isinstance(boxes, CameraBoxes)
        else np.full(len(rows), np.nan),
        counts=_counts(boxes, frame)[rows],
    )


def _counts(boxes: Any, frame: Frame) -> Bool:
    if isinstance(boxes, LidarBoxes):
        return np.asarray(boxes.points >= POINTS)
    seen = (boxes.pixels >= PIXELS) & (boxes.visible_fraction >= VISIBLE) & (boxes.truncation <= TRUNCATED)
    return np.asarray(seen)


def _yaw(q: Any) -> F8:
    """About the z axis, rad, of quaternions wxyz."""
    w, x, y, z = q.astype(np.float64).T
    yaw: F8 = np.arctan2(2.0 * (w * z + x * y), 1.0 - 2.0 * (y * y + z * z))
    return yaw


def given(time_ns: int, frames: Mapping[str, Frame]) -> dict[str, Any]:
    """What a perception function sees of an instant; the arrays are its own."""
    shown: dict[str, Any] = {"time_s": time_ns / 1e9}
    for name, frame in frames.items():
        if isinstance(frame, CameraFrame) and frame.rgb is not None:
            shown[name] = {"rgb": frame.rgb.copy(), "K": frame.K.copy()}
        elif isinstance(frame, LidarFrame):
            points = frame.points
            shown[name] = {
                "points": np.concatenate([points.xyz, points.intensity[:, None]], 1).astype(np.float32),
                "ring": points.ring.copy(),
                "time_offset_s": points.time_offset_ns / 1e9,
            }
        else:
            continue
        shown[name] |= {"world_from_sensor": frame.world_from_sensor.copy(), "dropped": frame.status != 0}
    return shown


def labels_of(truths: Mapping[str, Truth], wanted: Wanted, names: Mapping[int, str]) -> dict[str, Any]:
    """The truth as a planted function gets it."""
    return {
        sensor: {
            "names": [names.get(int(i), "") for i in truth.instance],
            "classes": [wanted.names[k] for k in truth.kind],
            "boxes": truth.box_px.copy(),
            "boxes_3d": truth.box_3d.copy(),
            "distance_m": truth.distance.copy(),
            "counts": truth.counts.copy(),
        }
        for sensor, truth in truths.items()
    }


__all__ = [
    "PIXELS",
    "POINTS",
    "TRUNCATED",
    "VISIBLE",
    "Truth",
    "Wanted",
    "check_names",
    "given",
    "labels_of",
    "truth_of",
]
