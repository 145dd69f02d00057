"""Daylight: the sun at a place and time, a clear sky, clouds, twilight and night."""

from __future__ import annotations

import math
from dataclasses import dataclass
from datetime import datetime

import numpy as np

from simgen.light._sky import (
    STARLIGHT_LUX,
    cell_directions,
    clear_sky,
    clear_sky_lux,
    night_sky,
    overcast_lux,
    overcast_sky,
    scaled,
    with_ground,
)
from simgen.light._sun import SUN_RADIUS_RAD, air_mass, direct_sun, sun_angles, sun_vector
from simgen.light.base import Light
from simgen.records.base import F8
from simgen.records.lights import LUMINANCE_RGB, LightField
from simgen.registry import param, register

#: reflectance of the ground below the horizon, linear RGB
_GROUND = np.array([0.21, 0.20, 0.18])


@register("light", "sun_sky")
@dataclass(frozen=True, kw_only=True)
class SunSky(Light):
    """Sun and sky of a place, a time and a cloud cover, in cd/m2 and lx.

    The sun's position is NREL's SPA (through pvlib); its light passes the air mass of Kasten and Young with the
    luminous extinction of Navvab et al. times the turbidity. The clear sky has the distribution of Preetham, Shirley
    and Smits (SIGGRAPH 1999) and the illuminance of IES RP-21; clouds blend it into the CIE overcast sky
    ``(1 + 2 sin h) / 3`` and dim the sun by ``1 - cover^1.5``. Below the horizon the light falls through the tabled
    twilight (400 lx at sunset, 3.4 lx at the end of civil twilight) to moon and stars. Turbidity 2 is very clear air,
    6 is hazy.
    """

    time: str = param("2024-06-21T12:00:00+02:00", doc="local time with its offset from UTC, ISO 8601")
    latitude_deg: float = param(48.1, ge=-90.0, le=90.0, doc="latitude, north positive")
    longitude_deg: float = param(11.6, ge=-180.0, le=180.0, doc="longitude, east positive")
    altitude_m: float = param(0.0, ge=-500.0, le=9000.0, doc="height over the sea")
    cloud_cover: float = param(0.0, ge=0.0, le=1.0, doc="0 = clear sky, 1 = closed overcast")
    turbidity: float = param(2.5, ge=1.8, le=10.0, doc="haze: extinction of the air over that of pure air")
    moonlight_lux: float = param(0.05, ge=0.0, le=0.3, doc="what the moon adds on level ground (full moon 0.25)")

    def __post_init__(self) -> None:
        _parsed(self.time)

    def sun(self) -> tuple[float, float]:
        """Apparent elevation and azimuth (from north, clockwise) of the sun, rad."""
        return sun_angles(_parsed(self.time), self.latitude_deg, self.longitude_deg, self.altitude_m)

    def field(self) -> LightField:
        """Sun and sky in photometric units."""
        elevation, azimuth = self.sun()
        direction = sun_vector(elevation, azimuth)
        day = _parsed(self.time).timetuple().tm_yday
        bare = direct_sun(elevation, self.turbidity, self.altitude_m, day)
        sun = bare * (1.0 - self.cloud_cover**1.5)
        upper = self._sky(direction, elevation, bare)
        return LightField(
            sun_direction=direction,
            sun_illuminance=np.asarray(sun, np.float32),
            sky=with_ground(upper, sun * max(float(direction[2]), 0.0), _GROUND),
            sun_radius_rad=SUN_RADIUS_RAD,
        )

    def _sky(self, direction: F8, elevation: float, sun: F8) -> F8:
        """Luminance of the upper half, linear RGB, cd/m2."""
        cover, cells = self.cloud_cover, cell_directions()
        clear_lux = clear_sky_lux(elevation, self.turbidity, air_mass(elevation, self.altitude_m))
        direct_lux = float((sun * np.array(LUMINANCE_RGB)).sum()) * max(float(direction[2]), 0.0)
        cloud_lux = _cloud_lux(cover, clear_lux, direct_lux, overcast_lux(elevation, clear_lux))
        night = (1.0 - 0.9 * cover) * (self.moonlight_lux + STARLIGHT_LUX)
        # the afterglow's colours fade while the sun sinks
        dark = min(max(-math.degrees(elevation) / 9.0, 0.0), 1.0)
        glow = scaled(clear_sky(cells, direction, self.turbidity), 1.0) * (1.0 - dark)
        clear = glow + scaled(night_sky(cells), dark) if dark > 0.0 else glow
        return (
            (1.0 - cover) * clear_lux * clear
            + scaled(overcast_sky(cells), cover * cloud_lux)
            + scaled(night_sky(cells), night)
        )


def _cloud_lux(cover: float, clear_lux: float, direct_lux: float, overcast: float) -> float:
    """Light of the clouded part, lx: scattered clouds are bright (a third of all light), closed cover is dark."""
    bright = max(0.35 * (clear_lux + direct_lux), overcast)
    weight = cover**4
    return float(overcast**weight * bright ** (1.0 - weight))


def _parsed(time: str) -> datetime:
    try:
        when = datetime.fromisoformat(time)
    except ValueError:
        raise ValueError(f"time {time!r} is no ISO 8601 time such as 2024-06-21T12:00:00+02:00") from None
    if when.tzinfo is None:
        raise ValueError(f"time {time!r} needs its offset from UTC, such as {time}+02:00, or Z for UTC")
    if not 1900 <= when.year <= 2100:
        raise ValueError(f"time {time!r} must lie between the years 1900 and 2100")
    return when
