"""When the sun stands where it is wanted: by spherical astronomy first, then by the light's own sun."""

from __future__ import annotations

import math
from dataclasses import replace
from datetime import datetime, timedelta
from typing import Final

from simgen.errors import UserError
from simgen.light.sun_sky import SunSky

#: declinations that the sun has, rad
_TILT: Final = math.radians(23.4)
#: tropical year, and days from 1 January to the March equinox
_YEAR_D, _EQUINOX_D = 365.2422, 79.3
#: days around the first guess that are looked at, and by what a deviation in height may at most be off, rad
_DAYS: Final = 14
_OFF: Final = math.radians(0.6)


def standing_at(light: SunSky, azimuth: float, elevation: float) -> SunSky:
    """The light at that time of its year at which its sun stands at an azimuth (from north, clockwise) and height.

    ``sin d = sin b sin h + cos b cos h cos A`` is the declination that it takes; the day follows from it, and the time
    from the azimuth, by secants on the light's own sun.

    Raises:
        UserError: at this latitude it never stands there.
    """
    lat = math.radians(light.latitude_deg)
    sine = math.sin(lat) * math.sin(elevation) + math.cos(lat) * math.cos(elevation) * math.cos(azimuth)
    if abs(sine) > math.sin(_TILT):
        raise UserError(
            f"the sun is never {math.degrees(elevation):.0f} degrees high in {math.degrees(azimuth) % 360.0:.0f} "
            f"degrees from north at latitude {light.latitude_deg:g}: choose a road or a lane that leads more to the "
            "east or west"
        )
    declination = math.asin(sine)
    since = math.asin(math.sin(declination) / math.sin(_TILT)) / (2.0 * math.pi) * _YEAR_D
    found: list[tuple[float, SunSky]] = []
    for guess in (_EQUINOX_D + since, _EQUINOX_D + 0.5 * _YEAR_D - since):
        for day in range(-_DAYS, _DAYS + 1, 2):
            moved = _on_day(light, guess + day, azimuth, elevation, declination)
            if moved is not None:
                found.append((abs(moved.sun()[0] - elevation), moved))
    best = min(found, key=lambda pair: pair[0], default=None)
    if best is None or best[0] > _OFF:
        raise UserError("no day of the year brings the sun there: choose another latitude_deg or road")
    return best[1]


def _on_day(light: SunSky, day: float, azimuth: float, elevation: float, declination: float) -> SunSky | None:
    """The light on a day of its year, at the time at which its sun has the azimuth; None if that does not settle."""
    lat = math.radians(light.latitude_deg)
    cosine = (math.sin(elevation) - math.sin(lat) * math.sin(declination)) / (math.cos(lat) * math.cos(declination))
    hours = math.degrees(math.acos(min(max(cosine, -1.0), 1.0))) / 15.0
    hours = 12.0 - hours if math.sin(azimuth) > 0.0 else 12.0 + hours
    zone = datetime.fromisoformat(light.time).utcoffset() or timedelta(0)
    clock = hours - light.longitude_deg / 15.0 + zone.total_seconds() / 3600.0
    for _ in range(6):
        now = _at(light, day, clock)
        off = math.remainder(azimuth - now.sun()[1], 2.0 * math.pi)
        if abs(off) < math.radians(0.05):
            return now
        rate = math.remainder(_at(light, day, clock + 0.05).sun()[1] - now.sun()[1], 2.0 * math.pi) / 0.05
        if abs(rate) < 1e-3:
            return None
        clock += min(max(off / rate, -3.0), 3.0)
    return None


def _at(light: SunSky, day: float, clock: float) -> SunSky:
    first = datetime.fromisoformat(light.time).replace(month=1, day=1, hour=0, minute=0, second=0, microsecond=0)
    year = first.year
    when = first + timedelta(days=math.floor(day) % 365, seconds=round(3600.0 * clock))
    return replace(light, time=when.replace(year=year).isoformat())
