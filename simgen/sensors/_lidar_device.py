"""Lidar devices as data: one YAML file a model. The catalogue lies in ``devices/``; a user's file is read alike."""

from __future__ import annotations

import math
from dataclasses import dataclass
from pathlib import Path
from typing import Final

import numpy as np

from simgen.records.base import F8, I8, Record, array
from simgen.sensors._device_file import Catalogue
from simgen.sensors._lidar_pattern import Mirrors, Pattern, Raster, Risley, Rotating, through_prisms, unit


@dataclass(frozen=True, kw_only=True, eq=False)
class LidarDevice(Record):
    """A lidar. Arrays are by laser in firing order; angles counter-clockwise, seen from above."""

    name: str
    maker: str
    #: the comments at the top of the file: where its figures come from, and which are estimates
    notes: str
    wavelength_nm: float
    #: full angle of the beam where its intensity is 1/e^2 of the middle's, horizontal and vertical
    divergence_hv_rad: tuple[float, float]
    #: full width at half maximum of the emitted pulse
    pulse_ns: float
    #: where the receiver begins to see the beam, and where it sees all of it
    overlap_m: tuple[float, float]
    #: diameter of the receiving lens
    aperture_m: float
    #: width of the receiver's optical filter, full width at half maximum
    bandwidth_nm: float
    #: what can be asked for; each mode names its returns: first, strongest, second (strongest), last
    return_modes: tuple[tuple[str, ...], ...]
    #: slowest and fastest rate: turns or frames a second
    rate_hz: tuple[float, float]
    pattern: Pattern
    min_range_m: float
    max_range_m: float
    #: range at which a wall of 10 % reflectance, hit straight on in clear air, returns with ``probability_there``
    range_10_m: float
    probability_there: float
    #: the datasheet's +- range accuracy, taken as 95 % of returns
    accuracy_m: float
    resolution_m: float
    reflectance_step: float
    #: value of the device's intensity byte for a white wall; linear in reflectance below, retro-reflectors above
    reflectance_white: int
    #: time from one column of firings to the next; 0 where the columns share the frame's time
    cycle_ns: float
    #: columns in a frame; 0 where the firing clock runs freely
    columns: int
    ident: I8 = array("L", "i8", doc="the maker's number of each laser")
    elevation: F8 = array("L", "f8", unit="rad", doc="above the horizontal; of a prism scanner, before the prisms")
    azimuth: F8 = array("L", "f8", unit="rad", doc="offset from the rotor's forward direction")
    time_ns: F8 = array("L", "f8", unit="ns", doc="firing time within a column")
    lateral: F8 = array("L", "f8", unit="m", doc="beam origin, left of the rotor's axis")
    height: F8 = array("L", "f8", unit="m", doc="beam origin, above the centre")
    radial: F8 = array("L", "f8", unit="m", doc="beam origin, ahead of the axis; ranges count from the axis")

    @property
    def lasers(self) -> int:
        """How many lasers there are."""
        return len(self.elevation)

    @property
    def ring(self) -> I8:
        """Ring of each laser: 0 = lowest elevation."""
        ring = np.empty(self.lasers, np.int64)
        ring[np.argsort(self.elevation, kind="stable")] = np.arange(self.lasers)
        return ring

    @property
    def rotates(self) -> bool:
        """Whether a rotor turns all lasers once a frame."""
        return isinstance(self.pattern, Rotating)

    @property
    def organised(self) -> bool:
        """Whether rings and columns make a picture."""
        return isinstance(self.pattern, Rotating | Raster)

    @property
    def clockwise(self) -> bool:
        """Whether the rotor turns clockwise, seen from above."""
        return isinstance(self.pattern, Rotating) and self.pattern.clockwise

    @property
    def divergence_rad(self) -> float:
        """Divergence of a round beam of the same solid angle: the geometric mean of both."""
        return math.sqrt(self.divergence_hv_rad[0] * self.divergence_hv_rad[1])

    @property
    def returns(self) -> int:
        """The most returns that a firing can give."""
        return max(map(len, self.return_modes))

    def columns_at(self, rate_hz: float) -> int:
        """Whole columns of firings in one frame."""
        return self.columns or int(1e9 / rate_hz / self.cycle_ns + 1e-9)

    def cycle_at(self, rate_hz: float) -> float:
        """Nanoseconds between columns."""
        return self.cycle_ns or 1e9 / rate_hz / self.columns

    def spin_at(self, rate_hz: float) -> float:
        """Change of the azimuth from column to column, rad/ns; 0 where columns have none in common."""
        if isinstance(self.pattern, Raster):
            return -self.pattern.hfov * rate_hz * 1e-9
        spin = 2.0 * math.pi * rate_hz * 1e-9 if self.rotates else 0.0
        return -spin if self.clockwise else spin

    def first_azimuth(self, start_azimuth: float) -> float:
        """Azimuth of the first column, rad: where the turn starts, or the middle of a raster's leftmost cells."""
        if isinstance(self.pattern, Raster):
            return 0.5 * self.pattern.hfov * (1.0 - 1.0 / self.columns)
        return start_azimuth

    def firings_per_s(self, rate_hz: float) -> float:
        """Firings of all lasers a second: the point rate where everything returns once."""
        return self.lasers / self.cycle_at(rate_hz) * 1e9

    def range_at(self, reflectance: float) -> float:
        """Range at which a wall of some reflectance is seen as a 10 % one is at ``range_10_m``: as its root."""
        return min(self.range_10_m * math.sqrt(reflectance / 0.1), self.max_range_m)

    def check_use(
        self, *, rate_hz: float, outputs: tuple[str, ...], start_azimuth_deg: float, returns: int, model: str
    ) -> None:
        """Refuse what the device cannot do.

        Raises:
            ValueError: the message names the parameter, the device and what it can do.
        """
        slow, fast = self.rate_hz
        if not slow <= rate_hz <= fast:
            does = "turns at" if self.rotates else "gives frames at"
            raise ValueError(f"{model} {does} {slow:g} to {fast:g} Hz, so rate_hz cannot be {rate_hz:g}")
        if "range_image" in outputs and not self.organised:
            raise ValueError(f"outputs: {model} scans without rows and columns, so it has no range_image")
        if returns > self.returns:
            most = f"{self.returns} return{'s' * (self.returns > 1)}"
            raise ValueError(f"returns: {model} gives at most {most} of a firing, not {returns}")
        if not self.rotates and start_azimuth_deg != 180.0:
            raise ValueError(f"start_azimuth_deg is for devices that turn, and {model} does not")

    def directions(self, rate_hz: float, frame_start_s: float = 0.0, start_azimuth: float = math.pi) -> F8:
        """Where the firings of one frame look: unit vectors in the sensor frame, (columns, lasers, 3)."""
        columns = np.arange(self.columns_at(rate_hz))[:, None]
        since = np.floor(columns * self.cycle_at(rate_hz) + self.time_ns + 0.5)
        time_s = frame_start_s + 1e-9 * since
        pattern = self.pattern
        if isinstance(pattern, Risley):
            return through_prisms(pattern.prisms, unit(self.azimuth, self.elevation), time_s)
        if isinstance(pattern, Mirrors):
            azimuth, rise = pattern.azimuth.angle(time_s), pattern.elevation.angle(time_s)
            return unit(self.azimuth + azimuth, self.elevation + rise)
        if isinstance(pattern, Raster):
            across = pattern.hfov * (0.5 - (columns + 0.5) / self.columns)
            return unit(self.azimuth + across, self.elevation + 0.0 * since)
        return unit(start_azimuth + self.spin_at(rate_hz) * since + self.azimuth, self.elevation)


def _read(path: Path) -> LidarDevice:
    from simgen.sensors._lidar_device_file import read_device

    return read_device(path)


_CATALOGUE: Final = Catalogue(noun="lidar", folder=Path(__file__).parent / "devices", read=_read)
#: names of the lidars that come with simgen
catalogue: Final = _CATALOGUE.names
#: the lidar of a name or of a file's path; a wrong file is a SceneError with all its faults
load_device: Final = _CATALOGUE.load
#: the same for a scene's ``model``; a wrong file is a ValueError that says why the model cannot be used
device_of: Final = _CATALOGUE.usable
