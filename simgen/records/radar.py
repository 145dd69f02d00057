"""What a radar hands over: detections with their labels, nuScenes' fields of the same rows, and maps."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

import numpy as np
from numpy.typing import NDArray

from simgen.records.base import F4, U1, U2, U4, array
from simgen.records.frames import Boxes, Frame, Table

I2 = NDArray[np.int16]

#: bits of a detection's ``flags``
RADAR_GHOST: Final = 1
RADAR_MULTIPATH: Final = 2
RADAR_FALSE_ALARM: Final = 4
RADAR_EGO: Final = 8
RADAR_MOVING_PART: Final = 16
RADAR_CLUTTER: Final = 32
RADAR_FOLDED: Final = 64

_FLAGS_DOC: Final = (
    "1 = ghost in a mirror, 2 = by way of the road, 4 = false alarm of noise, 8 = ego, "
    "16 = wheel or limb that moves by itself, 32 = clutter (no object), 64 = velocity folded"
)


@dataclass(frozen=True, kw_only=True, eq=False)
class RadarDetections(Table):
    """One row a detection, nearest first: what the device measures, then what the echo really is.

    The true values are those of the strongest source in the resolution cell, along the path that its echo takes: of a
    ghost they are the mirror image's.
    """

    xyz: F4 = array("D 3", "f4", unit="m", doc="measured position, sensor frame; z = 0 without an elevation antenna")
    range: F4 = array("D", "f4", unit="m", doc="measured; half the way there and back")
    azimuth: F4 = array("D", "f4", unit="rad", doc="measured, left of forward")
    elevation: F4 = array("D", "f4", unit="rad", doc="measured, above the sensor's xy plane; 0 if it cannot")
    radial_velocity: F4 = array("D", "f4", unit="m/s", doc="measured, against the sensor; positive = receding")
    velocity_over_ground: F4 = array("D", "f4", unit="m/s", doc="radial_velocity less the sensor's own motion")
    rcs: F4 = array("D", "f4", unit="dBsm", doc="radar cross-section by the radar equation, fluctuation included")
    snr: F4 = array("D", "f4", unit="dB", doc="power over the noise of a cell")
    range_sigma: F4 = array("D", "f4", unit="m", doc="standard deviation of the range")
    azimuth_sigma: F4 = array("D", "f4", unit="rad", doc="standard deviation of the azimuth")
    velocity_sigma: F4 = array("D", "f4", unit="m/s", doc="standard deviation of the radial velocity")
    scan: U1 = array("D", "u1", doc="index of the device's scan")
    instance: U4 = array("D", "u4", doc="instance id; 0 = no object, also for ghosts and noise")
    source: U4 = array("D", "u4", doc="instance whose echo it is, ghosts included; 0 = none")
    semantic: U2 = array("D", "u2", doc="taxonomy class")
    flags: U2 = array("D", "u2", doc=_FLAGS_DOC)
    true_range: F4 = array("D", "f4", unit="m", doc="of the strongest source in the cell")
    true_azimuth: F4 = array("D", "f4", unit="rad", doc="of the same")
    true_elevation: F4 = array("D", "f4", unit="rad", doc="of the same")
    true_velocity: F4 = array("D", "f4", unit="m/s", doc="of the same, against the sensor, never folded")
    true_rcs: F4 = array("D", "f4", unit="dBsm", doc="mean cross-section of the same source in this cell")


@dataclass(frozen=True, kw_only=True, eq=False)
class NuScenesRadar(Table):
    """The 18 fields of nuScenes' radar files, in their order and units, one row a detection in the same order."""

    x: F4 = array("D", "f4", unit="m", doc="forward")
    y: F4 = array("D", "f4", unit="m", doc="left")
    z: F4 = array("D", "f4", unit="m", doc="up; 0 without an elevation antenna")
    dyn_prop: U1 = array(
        "D", "u1", doc="0 = moving, 1 = stationary, 2 = oncoming, 3 = stationary candidate, 4 = unknown"
    )
    id: I2 = array("D", "i2", doc="row")
    rcs: F4 = array("D", "f4", unit="dBsm", doc="radar cross-section")
    vx: F4 = array("D", "f4", unit="m/s", doc="radial velocity's share along x")
    vy: F4 = array("D", "f4", unit="m/s", doc="radial velocity's share along y")
    vx_comp: F4 = array("D", "f4", unit="m/s", doc="the same over ground")
    vy_comp: F4 = array("D", "f4", unit="m/s", doc="the same over ground")
    is_quality_valid: U1 = array("D", "u1", doc="always 1")
    ambig_state: U1 = array("D", "u1", doc="1 = ambiguous (folded or may be), 3 = unambiguous")
    x_rms: U1 = array("D", "u1", doc="code of the standard deviation: less than 0.005 m * 2000^(code / 30)")
    y_rms: U1 = array("D", "u1", doc="code, as x_rms")
    invalid_state: U1 = array("D", "u1", doc="0 = valid, 4 = valid with low RCS")
    pdh0: U1 = array("D", "u1", doc="code of the false alarm probability: 1 = below 25 %, 2 = 50 %, 3 = 75 %, 4 = 90 %")
    vx_rms: U1 = array("D", "u1", doc="code of the standard deviation: less than 0.005 m/s * 2000^(code / 30)")
    vy_rms: U1 = array("D", "u1", doc="code, as vx_rms")


@dataclass(frozen=True, kw_only=True, eq=False)
class RadarBoxes(Boxes):
    """3-D boxes and how many detections are theirs."""

    detections: U4 = array("B", "u4", doc="detections labelled with the instance")


@dataclass(frozen=True, kw_only=True, eq=False)
class RadarFrame(Frame):
    """One cycle of a radar, all scans."""

    velocity: F4 = array("3", "f4", unit="m/s", doc="the sensor's own over ground, sensor axes")
    detections: RadarDetections
    nuscenes: NuScenesRadar
    range_doppler: F4 | None = array(
        "R V", "f4", unit="dB", doc="power over noise by range and velocity, all directions added up", optional=True
    )
    range_azimuth: F4 | None = array(
        "R A",
        "f4",
        unit="dB",
        doc="power over noise by range and sine of azimuth, all velocities added up",
        optional=True,
    )
    boxes: RadarBoxes | None = None


__all__ = [
    "RADAR_CLUTTER",
    "RADAR_EGO",
    "RADAR_FALSE_ALARM",
    "RADAR_FOLDED",
    "RADAR_GHOST",
    "RADAR_MOVING_PART",
    "RADAR_MULTIPATH",
    "NuScenesRadar",
    "RadarBoxes",
    "RadarDetections",
    "RadarFrame",
]
