"""When the sun stands in a given direction."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Final

import numpy as np

from simgen.records.base import F8

_MINUTES: Final = 6
_DAY_MIN: Final = 1440


def sun_of_year(year_start: datetime, latitude_deg: float, longitude_deg: float) -> tuple[F8, F8]:
    """Elevation and azimuth (rad) of the sun every six minutes of a year from its first instant on, (days, steps).

    The low-accuracy series of the Astronomical Almanac (0.01 deg from 1950 to 2050), without refraction.
    """
    j2000 = datetime(2000, 1, 1, 12, tzinfo=year_start.tzinfo)
    offset = year_start.utcoffset() or timedelta()
    first = (year_start - j2000).total_seconds() / 86400.0 - offset.total_seconds() / 86400.0
    n = first + np.arange(365)[:, None] + np.arange(0, _DAY_MIN, _MINUTES)[None, :] / _DAY_MIN
    g = np.radians(357.528 + 0.9856003 * n)
    ecliptic = np.radians(280.460 + 0.9856474 * n + 1.915 * np.sin(g) + 0.020 * np.sin(2.0 * g))
    tilt = np.radians(23.439 - 4e-7 * n)
    ascension = np.arctan2(np.cos(tilt) * np.sin(ecliptic), np.cos(ecliptic))
    declination = np.arcsin(np.sin(tilt) * np.sin(ecliptic))
    sidereal = np.radians((280.46062 + 360.98564737 * n + longitude_deg) % 360.0)
    hour, latitude = sidereal - ascension, np.radians(latitude_deg)
    up = np.sin(latitude) * np.sin(declination) + np.cos(latitude) * np.cos(declination) * np.cos(hour)
    east = -np.cos(declination) * np.sin(hour)
    north = np.cos(latitude) * np.sin(declination) - np.sin(latitude) * np.cos(declination) * np.cos(hour)
    return np.asarray(np.arcsin(np.clip(up, -1.0, 1.0))), np.asarray(np.arctan2(east, north))


def when_sun_is(
    near: datetime, place_deg: tuple[float, float], azimuth_rad: float, elevation_rad: float, within_rad: float
) -> datetime | None:
    """The instant at which the sun comes nearest to a direction, on the day nearest to a date that has it; or None.

    ``place_deg``: latitude and longitude. Its direction there is within ``within_rad`` of the one asked for.
    """
    start = near.replace(month=1, day=1, hour=0, minute=0, second=0, microsecond=0)
    elevation, azimuth = sun_of_year(start, *place_deg)
    cosine = np.sin(elevation) * np.sin(elevation_rad)
    cosine += np.cos(elevation) * np.cos(elevation_rad) * np.cos(azimuth - azimuth_rad)
    off = np.arccos(np.clip(cosine, -1.0, 1.0))
    best = off.min(1)
    days = np.flatnonzero(best <= within_rad)
    if len(days) == 0:
        return None
    today = (near - start).days
    apart = np.minimum(np.abs(days - today), 365 - np.abs(days - today))
    day = int(days[np.argmin(apart)])
    return start + timedelta(days=day, minutes=_MINUTES * int(off[day].argmin()))


__all__ = ["sun_of_year", "when_sun_is"]
