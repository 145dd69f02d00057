"""What a sensor hands over for one instant. Every array knows its dims, unit and meaning; writers read only that."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any, Final, Self

import numpy as np

from simgen.records.base import F2, F4, F8, I4, U1, U2, U4, Record, array

#: values of ``status``
STATUS_OK: Final = 0
STATUS_DROPPED: Final = 1

#: bits of a lidar point's ``flags``
POINT_WEATHER: Final = 1
POINT_NOISE: Final = 2
POINT_GHOST: Final = 4
POINT_EGO: Final = 8
POINT_BLOOMING: Final = 16
POINT_THROUGH: Final = 32
POINT_MIXED: Final = 64

#: bits of ``flow_valid``
FLOW_IN_IMAGE: Final = 1
FLOW_OCCLUDED: Final = 2
FLOW_NO_NEXT: Final = 4

#: bits of a box's ``flags``
BOX_CROSSES_NEAR: Final = 1
BOX_IS_EGO: Final = 2


@dataclass(frozen=True, kw_only=True, eq=False)
class Table(Record):
    """A record whose every field is a column: all share their first dim, the row."""

    def rows(self, keep: Any) -> Self:
        """Some of the rows: an index array, a mask or a slice."""
        return self.replace(**{name: np.ascontiguousarray(value[keep]) for name, _, value in self.arrays()})


@dataclass(frozen=True, kw_only=True, eq=False)
class Frame(Record):
    """Base of every frame. Its own arrays have a fixed shape per sensor; its tables are ragged."""

    time_ns: int
    stamp_ns: int
    status: int = STATUS_OK
    world_from_sensor: F8 = array("4 4", "f8", unit="m", doc="true pose at time_ns")
    #: the same instant without the device's noise, if the sensor gives it; stored as ``frames/<sensor>/ideal``
    ideal: Frame | None = None
    #: the same instant in clear air, if it was asked for; stored as ``frames/<sensor>/twin``
    twin: Frame | None = None

    def tables(self) -> Iterator[tuple[str, Table]]:
        """The ragged tables that are there, by field name."""
        for name, value in vars(self).items():
            if isinstance(value, Table):
                yield name, value


@dataclass(frozen=True, kw_only=True, eq=False)
class Boxes(Table):
    """The objects that a sensor could see, one row each."""

    instance: U4 = array("B", "u4", doc="instance id")
    class_id: U2 = array("B", "u2", doc="taxonomy class")
    center: F4 = array("B 3", "f4", unit="m", doc="box centre, sensor frame at time_ns")
    size: F4 = array("B 3", "f4", unit="m", doc="length, width, height")
    quaternion: F4 = array("B 4", "f4", doc="sensor from box, wxyz")
    velocity: F4 = array("B 3", "f4", unit="m/s", doc="of the box's centre over the ground, sensor axes")
    flags: U2 = array("B", "u2", doc="1 = crosses the near plane, 2 = is the ego")


@dataclass(frozen=True, kw_only=True, eq=False)
class CameraBoxes(Boxes):
    """3-D boxes and what the image shows of them."""

    box_px: F4 = array("B 4", "f4", unit="px", doc="visible pixels' box: x_min, y_min, x_max, y_max, exclusive max")
    box_amodal_px: F4 = array("B 4", "f4", unit="px", doc="the same if nothing were in front, clipped to the image")
    visible_fraction: F4 = array("B", "f4", doc="visible pixels / pixels it would cover alone inside the image")
    truncation: F4 = array("B", "f4", doc="1 - inside / alone on a canvas extended by one image on each side")
    pixels: U4 = array("B", "u4", unit="px", doc="visible pixels")
    pixels_amodal: U4 = array("B", "u4", unit="px", doc="pixels it would cover alone inside the image")


@dataclass(frozen=True, kw_only=True, eq=False)
class LidarBoxes(Boxes):
    """3-D boxes and how many points fall on them."""

    points: U4 = array("B", "u4", doc="points labelled with the instance")
    points_in_box: U4 = array("B", "u4", doc="points inside the box at their own time, whatever their label")


@dataclass(frozen=True, kw_only=True, eq=False)
class Keypoints(Table):
    """People's joints, one row a person, columns in COCO's order (nose, eyes, ears, shoulders, elbows, wrists, hips,
    knees, ankles; left before right), each at the instant of its own image row.
    """

    instance: U4 = array("B", "u4", doc="instance id")
    class_id: U2 = array("B", "u2", doc="taxonomy class")
    uv: F4 = array("B 17 2", "f4", unit="px", doc="x and y in the image, also outside it; 0 behind the camera")
    depth: F4 = array("B 17", "f4", unit="m", doc="along the optical axis of pinholes, along the ray of other lenses")
    visibility: U1 = array("B 17", "u1", doc="COCO: 0 = outside the image, 1 = occluded, 2 = visible")
    xyz: F4 = array("B 17 3", "f4", unit="m", doc="place in the camera frame")


@dataclass(frozen=True, kw_only=True, eq=False)
class CameraFrame(Frame):
    """One image and its maps. Pixel (0, 0) covers [0, 1) x [0, 1); K is in that convention.

    Pinholes have ``depth``, all other lenses ``range``.
    """

    K: F8 = array("3 3", "f8", unit="px", doc="true intrinsics")
    exposure: F4 = array("1", "f4", doc="luminance that maps to white, cd/m2")
    rgb: U1 | None = array("H W 3", "u1", doc="sRGB colour", optional=True)
    raw: U2 | None = array("H W", "u2", doc="counts of the imager's pixels, under its colour mosaic", optional=True)
    exposure_time: F4 | None = array("1", "f4", unit="s", doc="how long the shutter was open", optional=True)
    iso: F4 | None = array("1", "f4", doc="sensitivity (ISO 12232)", optional=True)
    gain: F4 | None = array("1", "f4", doc="counts an electron", optional=True)
    linear: F4 | None = array("H W 3", "f4", unit="cd/m2", doc="linear RGB luminance of the scene", optional=True)
    depth: F4 | None = array("H W", "f4", unit="m", doc="along the optical axis; inf = nothing hit", optional=True)
    range: F4 | None = array("H W", "f4", unit="m", doc="along the ray; inf = nothing hit", optional=True)
    normal: F2 | None = array("H W 3", "f2", doc="unit normal towards the camera, camera frame", optional=True)
    semantic: U2 | None = array("H W", "u2", doc="taxonomy class", optional=True)
    instance: U4 | None = array("H W", "u4", doc="instance id; 0 = no object", optional=True)
    transmittance: F2 | None = array(
        "H W",
        "f2",
        doc="share of green light that the air lets through from what is seen, or from the sky",
        optional=True,
    )
    glass: F2 | None = array(
        "H W",
        "f2",
        doc="share of the pixel's light that what is on the lens and its glass leaves undisturbed",
        optional=True,
    )
    flow: F4 | None = array("H W 2", "f4", unit="px", doc="to the same material point in the next frame", optional=True)
    flow_valid: U1 | None = array("H W", "u1", doc="1 = in image, 2 = occluded there, 4 = no next frame", optional=True)
    boxes: CameraBoxes | None = None
    keypoints: Keypoints | None = None


@dataclass(frozen=True, kw_only=True, eq=False)
class LidarPoints(Table):
    """One row a return, in firing order."""

    xyz: F4 = array("P 3", "f4", unit="m", doc="sensor frame at the point's own time")
    range: F4 = array("P", "f4", unit="m", doc="along the beam")
    intensity: F4 = array("P", "f4", doc="calibrated reflectance, 0..1, above 1 = retro-reflector")
    ring: U2 = array("P", "u2", doc="laser, 0 = lowest elevation")
    time_offset_ns: I4 = array("P", "i4", unit="ns", doc="firing time less the frame's time_ns")
    return_index: U1 = array("P", "u1", doc="place in the sensor's list of returns")
    semantic: U2 = array("P", "u2", doc="taxonomy class")
    instance: U4 = array("P", "u4", doc="instance id; 0 = no object")
    incidence: F4 = array("P", "f4", unit="rad", doc="angle between beam and surface normal")
    flags: U2 = array(
        "P", "u2", doc="1 weather, 2 noise, 4 ghost, 8 ego, 16 blooming, 32 behind glass or leaves, 64 mixed"
    )
    xyz_deskewed: F4 | None = array(
        "P 3", "f4", unit="m", doc="sensor frame at the frame's time_ns: the sensor's motion undone", optional=True
    )
    reflectivity: U1 | None = array("P", "u1", doc="byte of the device's scale", optional=True)


@dataclass(frozen=True, kw_only=True, eq=False)
class LidarFrame(Frame):
    """One sweep."""

    points: LidarPoints
    range_image: F4 | None = array("R A", "f4", unit="m", doc="range by ring and azimuth; 0 = none", optional=True)
    boxes: LidarBoxes | None = None
