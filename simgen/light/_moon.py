"""Where the moon is and how bright."""

from __future__ import annotations

import math
from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Final

#: illuminance of the full moon outside the atmosphere, lx (magnitude -12.73)
FULL_MOON_LUX: Final = 0.263
#: half the angle under which the moon is seen, rad
MOON_RADIUS_RAD: Final = 0.00452
_J2000: Final = datetime(2000, 1, 1, 12, tzinfo=UTC)


@dataclass(frozen=True, kw_only=True)
class Moon:
    """The moon at an instant: apparent elevation, azimuth from north clockwise, and the angle sun-moon-earth, rad."""

    elevation: float
    azimuth: float
    phase: float

    @property
    def lit(self) -> float:
        """Share of the disc that the sun shines on."""
        return 0.5 * (1.0 + math.cos(self.phase))

    @property
    def lux(self) -> float:
        """Illuminance above the air on a plane that faces it (Krisciunas and Schaefer, PASP 103:1033, 1991)."""
        degrees = math.degrees(abs(self.phase))
        return float(FULL_MOON_LUX * 10.0 ** (-0.4 * (0.026 * degrees + 4e-9 * degrees**4)))


def moon(when: datetime, latitude_deg: float, longitude_deg: float) -> Moon:
    """The moon at a place and time.

    Low-precision formulae of the Astronomical Almanac (page D46; 0.3 degrees), with parallax and refraction.
    """
    days = (when - _J2000).total_seconds() / 86400.0
    t = days / 36525.0
    longitude = math.radians(_sum(218.32 + 481267.881 * t, _LONGITUDE, t, math.sin))
    latitude = math.radians(_sum(0.0, _LATITUDE, t, math.sin))
    parallax = math.radians(_sum(0.9508, _PARALLAX, t, math.cos))
    tilt = math.radians(23.439 - 3.6e-7 * days)
    x = math.cos(latitude) * math.cos(longitude)
    y = math.cos(tilt) * math.cos(latitude) * math.sin(longitude) - math.sin(tilt) * math.sin(latitude)
    z = math.sin(tilt) * math.cos(latitude) * math.sin(longitude) + math.cos(tilt) * math.sin(latitude)
    sidereal = math.radians(280.46061837 + 360.98564736629 * days + longitude_deg)
    elevation, azimuth = _horizontal(sidereal - math.atan2(y, x), math.asin(z), math.radians(latitude_deg))
    elevation -= parallax * math.cos(elevation)
    apart = math.cos(latitude) * math.cos(longitude - _sun_longitude(days))
    return Moon(
        elevation=elevation + _refraction(elevation),
        azimuth=azimuth,
        phase=math.pi - math.acos(max(-1.0, min(1.0, apart))),
    )


#: amplitude, phase and rate of each term, degrees and degrees a century
_LONGITUDE: Final = (
    (6.29, 135.0, 477198.87),
    (-1.27, 259.3, -413335.36),
    (0.66, 235.7, 890534.22),
    (0.21, 269.9, 954397.74),
    (-0.19, 357.5, 35999.05),
    (-0.11, 186.5, 966404.03),
)
_LATITUDE: Final = (
    (5.13, 93.3, 483202.02),
    (0.28, 228.2, 960400.89),
    (-0.28, 318.3, 6003.15),
    (-0.17, 217.6, -407332.21),
)
_PARALLAX: Final = (
    (0.0518, 135.0, 477198.87),
    (0.0095, 259.3, -413335.36),
    (0.0078, 235.7, 890534.22),
    (0.0028, 269.9, 954397.74),
)


def _sum(
    constant: float, terms: tuple[tuple[float, float, float], ...], t: float, wave: Callable[[float], float]
) -> float:
    return constant + sum(size * wave(math.radians(phase + rate * t)) for size, phase, rate in terms)


def _sun_longitude(days: float) -> float:
    """Ecliptic longitude of the sun, rad (Astronomical Almanac, page C5; 0.01 degrees)."""
    anomaly = math.radians(357.528 + 0.9856003 * days)
    return math.radians(280.460 + 0.9856474 * days + 1.915 * math.sin(anomaly) + 0.020 * math.sin(2.0 * anomaly))


def _horizontal(hour_angle: float, declination: float, latitude: float) -> tuple[float, float]:
    """Elevation, and azimuth from north clockwise, rad."""
    east = -math.cos(declination) * math.sin(hour_angle)
    north = math.sin(declination) * math.cos(latitude) - math.cos(declination) * math.sin(latitude) * math.cos(
        hour_angle
    )
    up = math.sin(declination) * math.sin(latitude) + math.cos(declination) * math.cos(latitude) * math.cos(hour_angle)
    return math.asin(max(-1.0, min(1.0, up))), math.atan2(east, north) % (2.0 * math.pi)


def _refraction(elevation: float) -> float:
    """Lift by the air (Saemundsson, Sky and Telescope 72:70, 1986), rad; none below the horizon."""
    degrees = math.degrees(elevation)
    if degrees < -1.0:
        return 0.0
    return math.radians(1.02 / 60.0 / math.tan(math.radians(degrees + 10.3 / (degrees + 5.11))))
