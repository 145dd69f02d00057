"""A frame and its twin in clear air differ in what weather did, and in nothing else."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, Final

import numpy as np

from simgen.checks.base import NOTHING, Finding, FrameLook, Rule, compare
from simgen.checks.weather_points import in_the_air
from simgen.records.frames import POINT_WEATHER

#: weather changes none of these: what is seen first, from where, when, and with what settings
_SAME: Final = (
    *("time_ns", "stamp_ns", "status", "world_from_sensor", "K", "exposure", "exposure_time", "iso", "gain"),
    *("depth", "range", "semantic", "instance"),
)
#: of frames whose exposure is the picture's own automatic gain, which follows the picture
_OWN_GAIN: Final = ("ThermalFrame", "EventFrame")
#: columns of boxes that count what a sensor received
_COUNTED: Final = ("points", "points_in_box", "detections")


@dataclass(frozen=True, kw_only=True)
class CleanTwin(Rule):
    """A twin has its frame's time, pose, exposure, depth, classes, instances and boxes, and no weather in it.

    Boxes are compared without the counts of points, and of lidars and radars only those that both list.
    """

    name = "clean_twin"
    unit = "values"

    def frame(self, look: FrameLook) -> Finding:
        """Compare a frame with its twin."""
        stored = look.sequence.frames[look.sensor]
        if "twin" not in stored.variants:
            return NOTHING
        twin = stored.variant("twin")[look.index]
        skipped = ("exposure",) if type(look.frame).__name__ in _OWN_GAIN else ()
        total = NOTHING
        for name in _SAME:
            ours, theirs = getattr(look.frame, name, None), getattr(twin, name, None)
            if ours is not None and theirs is not None and name not in skipped:
                total += _equal(name, np.asarray(ours), np.asarray(theirs))
        return total + _boxes(look.frame, twin) + _clear(twin)


def _equal(name: str, ours: Any, theirs: Any) -> Finding:
    if ours.shape != theirs.shape:
        return Finding(tested=1, failed=1, worst=1.0, example=f"{name} of the twin has another shape")
    wrong = int((ours != theirs).sum())
    return compare(np.array([wrong]), 0.0, lambda _: f"{name} differs from the twin's in {wrong} of {ours.size} values")


def _boxes(frame: Any, twin: Any) -> Finding:
    ours, theirs = getattr(frame, "boxes", None), getattr(twin, "boxes", None)
    if ours is None or theirs is None:
        return NOTHING
    _, a, b = np.intersect1d(ours.instance, theirs.instance, return_indices=True)
    total = NOTHING
    if hasattr(ours, "box_px"):
        total += _equal("boxes.instance", ours.instance, theirs.instance)
    for name, _, values in ours.arrays():
        if name not in _COUNTED:
            total += _equal(f"boxes.{name}", values[a], getattr(theirs, name)[b])
    return total


def _clear(twin: Any) -> Finding:
    """Whether any point of a twin is of weather."""
    points = getattr(twin, "points", None)
    if points is None or not hasattr(points, "flags"):
        return NOTHING
    wrong = int((((points.flags & POINT_WEATHER) != 0) | np.isin(points.semantic, in_the_air())).sum())
    return compare(np.array([wrong]), 0.0, lambda _: f"{wrong} points of the twin are of weather")
