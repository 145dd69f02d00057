"""What metrics are measured from: the labels of a sequence, and nothing of its plan."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

import numpy as np

from simgen.records.base import F4, F8, I4, I8, U1, U4, Record, array
from simgen.records.conditions import Conditions
from simgen.records.model import Vector3
from simgen.records.roads import RoadMap
from simgen.records.trajectory import Trajectory


@dataclass(frozen=True, kw_only=True, eq=False)
class Sightings(Record):
    """What a sensor's frames and their boxes say of the objects in view, one row a box."""

    time_ns: I8 = array("N", "i8", unit="ns", doc="true instant of every frame")
    status: U1 = array("N", "u1", doc="status of every frame; 0 = delivered")
    frame: I4 = array("B", "i4", doc="which frame a box belongs to")
    instance: U4 = array("B", "u4", doc="instance id")
    visible_fraction: F4 = array("B", "f4", doc="as in the boxes of a camera; nan of other sensors")
    truncation: F4 = array("B", "f4", doc="as in the boxes of a camera; nan of other sensors")
    pixels: U4 = array("B", "u4", unit="px", doc="visible pixels; 0 of other sensors")
    points: U4 = array("B", "u4", doc="points labelled with the instance; 0 of cameras")
    depth_lost: F4 | None = array(
        "B",
        "f4",
        doc="share of its pixels without depth or with a wrong one; nan where no depth is measured",
        optional=True,
    )
    level: U1 | None = array(
        "B", "u1", doc="brightest byte of its pixels, mean of the channels; 0 where nobody asked", optional=True
    )

    #: which of the columns of numbers its boxes have; none = it has no boxes
    columns: tuple[str, ...] = ()

    def rows(self, instance: int, frame: int) -> I8:
        """The rows of an object in a frame, none or one."""
        return np.flatnonzero((self.instance == instance) & (self.frame == frame))

    def nearest(self, time_ns: int) -> int | None:
        """The frame nearest to an instant; None if there are none."""
        return int(np.argmin(np.abs(self.time_ns - time_ns))) if len(self.time_ns) else None


@dataclass(frozen=True, kw_only=True, eq=False)
class Health(Record):
    """What became of a sensor's data, frame by frame. ``nan`` (counts: -1) where a kind of sensor does not tell.

    What a lidar should have returned is known where it stores its ``ideal`` signal; without one, the fullest frame of
    the sequence stands for it (its brightest for the intensity).
    """

    time_ns: I8 = array("N", "i8", unit="ns", doc="true instant of every frame")
    status: U1 = array("N", "u1", doc="0 = delivered, 1 = dropped")
    stamp_error: F8 = array("N", "f8", unit="s", doc="stamp_ns less time_ns")
    frozen: U1 = array("N", "u1", doc="1 = delivered, and the same data as in the frame delivered before")
    missing: F4 = array("N", "f4", doc="share of the data that is not there: see docs/metrics.md; 1 of dropped frames")
    covered: F4 = array(
        "N", "f4", doc="share of a camera's picture behind glass that disturbs over a tenth of its light"
    )
    clipped: F4 = array("N", "f4", doc="share of a camera's picture with a channel at its end, 255")
    luminance: F4 = array("N", "f4", unit="cd/m2", doc="mean luminance that a camera's picture shows, clipped at white")
    returned: I4 = array("N", "i4", doc="points or detections")
    expected: I4 = array("N", "i4", doc="points that a faultless device would have returned")
    intensity: F4 = array("N", "f4", doc="mean intensity of a lidar's points on surfaces")
    intensity_expected: F4 = array("N", "f4", doc="the same of a faultless device")
    ghosts: I4 = array("N", "i4", doc="a lidar's points behind mirrors and water, a radar's by reflections")
    halos: I4 = array("N", "i4", doc="a lidar's points in the halo of retro-reflectors")
    noise: I4 = array("N", "i4", doc="a lidar's points where nothing is, halos left out")
    through: I4 = array("N", "i4", doc="a lidar's points behind panes")
    fix: I4 = array("N", "i4", doc="kind of a satellite receiver's position: 0 = none")
    position_error: F8 = array("N", "f8", unit="m", doc="a satellite receiver's position against the true one")
    shifted: F4 = array("N", "f4", unit="m", doc="how far the sensor sits from where it sat first, on its carrier")
    turned: F4 = array("N", "f4", unit="rad", doc="and by what angle it is turned against then")

    def nearest(self, time_ns: int) -> int | None:
        """The frame nearest to an instant; None if there are none."""
        return int(np.argmin(np.abs(self.time_ns - time_ns))) if len(self.time_ns) else None


@dataclass(frozen=True, kw_only=True)
class Eye:
    """Where a sensor sits: on which entity (or ``world``), and where in its frame."""

    on: str
    position: Vector3 = (0.0, 0.0, 0.0)


@dataclass(frozen=True, kw_only=True, eq=False)
class Evidence:
    """Everything of a sequence that can be measured. What a metric needs and does not find, it says."""

    trajectory: Trajectory
    map: RoadMap = RoadMap()
    #: by sensor; empty before anything is rendered
    seen: Mapping[str, Sightings] = field(default_factory=dict)
    #: by sensor; empty before anything is rendered
    health: Mapping[str, Health] = field(default_factory=dict)
    #: by sensor
    eyes: Mapping[str, Eye] = field(default_factory=dict)
    conditions: Conditions | None = None
