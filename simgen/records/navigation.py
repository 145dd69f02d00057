"""What sensors of motion and position hand over: IMU, GNSS, wheel odometry."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

from simgen.records.base import F4, F8, I8, U1, array
from simgen.records.frames import Frame, Table

#: values of a position's ``fix``: the quality codes of NMEA 0183's GGA sentence
FIX_NONE: Final = 0
FIX_SINGLE: Final = 1
FIX_RTK: Final = 4
FIX_FLOAT: Final = 5

#: values of a satellite's ``sight``
SIGHT_BLOCKED: Final = 0
SIGHT_LINE: Final = 1
SIGHT_REFLECTED: Final = 2


@dataclass(frozen=True, kw_only=True, eq=False)
class ImuFrame(Frame):
    """One sample of an inertial measurement unit, in its own axes (x forward, y left, z up)."""

    angular_velocity: F8 = array("3", "f8", unit="rad/s", doc="of the sensor against the world, sensor axes")
    linear_acceleration: F8 = array("3", "f8", unit="m/s2", doc="specific force: at rest it points up, sensor axes")
    gyro_bias: F8 | None = array("3", "f8", unit="rad/s", doc="the true bias in angular_velocity", optional=True)
    accel_bias: F8 | None = array("3", "f8", unit="m/s2", doc="the true bias in linear_acceleration", optional=True)


@dataclass(frozen=True, kw_only=True, eq=False)
class OdometryFrame(Frame):
    """One sample of wheel odometry: the pose against the first sample's, in the plane."""

    pose: F8 = array("3", "f8", unit="m, m, rad", doc="x, y, yaw since the first sample, in the first sample's frame")
    twist: F8 = array("2", "f8", unit="m/s, rad/s", doc="forward speed and yaw rate over the last interval")
    wheel_speed: F8 = array("2", "f8", unit="rad/s", doc="left and right wheel over the last interval")
    ticks: I8 = array("2", "i8", doc="counts of the left and right encoder since the first sample")
    covariance: F8 = array("3 3", "f8", unit="m2, m rad, rad2", doc="of pose, from the declared errors")


@dataclass(frozen=True, kw_only=True, eq=False)
class JointFrame(Frame):
    """One reading of the encoders of an articulated body; the calibration names the joints in order."""

    position: F8 = array("J", "f8", unit="rad or m", doc="of each joint, counted on over full turns")
    velocity: F8 = array("J", "f8", unit="rad/s or m/s", doc="of each joint, over the last interval")


@dataclass(frozen=True, kw_only=True, eq=False)
class Satellites(Table):
    """The satellites above the mask angle, one row each, in a fixed order."""

    id: U1 = array("S", "u1", doc="1 to 27 = GPS slot, 101 to 124 = Galileo slot")
    azimuth: F4 = array("S", "f4", unit="rad", doc="from north, clockwise")
    elevation: F4 = array("S", "f4", unit="rad", doc="above the horizon")
    sight: U1 = array("S", "u1", doc="0 = blocked, 1 = line of sight, 2 = only by a reflection")
    used: U1 = array("S", "u1", doc="1 = in the solution")
    cn0: F4 = array("S", "f4", unit="dB Hz", doc="carrier to noise density; 0 = not received")
    excess: F4 = array("S", "f4", unit="m", doc="extra path of the strongest reflection; 0 = none")
    range_error: F4 = array("S", "f4", unit="m", doc="error of the measured range, receiver clock left out")


@dataclass(frozen=True, kw_only=True, eq=False)
class GnssFrame(Frame):
    """One position of a satellite receiver. Without a fix, position and velocity are 0 and the covariance too."""

    geodetic: F8 = array("3", "f8", unit="deg, deg, m", doc="latitude, longitude, height over the WGS84 ellipsoid")
    position: F8 = array("3", "f8", unit="m", doc="the same in the world frame, east, north, up")
    velocity: F8 = array("3", "f8", unit="m/s", doc="over the ground, world frame")
    covariance: F8 = array("3 3", "f8", unit="m2", doc="of position, as the receiver believes it")
    fix: U1 = array("1", "u1", doc="0 = none, 1 = single, 4 = RTK fixed, 5 = RTK float")
    used: U1 = array("1", "u1", doc="satellites in the solution")
    dop: F4 = array("3", "f4", doc="horizontal, vertical and position dilution of precision; 0 without a fix")
    satellites: Satellites | None = None


__all__ = [
    "FIX_FLOAT",
    "FIX_NONE",
    "FIX_RTK",
    "FIX_SINGLE",
    "SIGHT_BLOCKED",
    "SIGHT_LINE",
    "SIGHT_REFLECTED",
    "GnssFrame",
    "ImuFrame",
    "JointFrame",
    "OdometryFrame",
    "Satellites",
]
