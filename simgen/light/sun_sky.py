"""Daylight and moonlight: the sun at a place and time, a clear sky, clouds, twilight and night."""

from __future__ import annotations

import math
from dataclasses import dataclass
from datetime import datetime

import numpy as np

from simgen.light._clouds import COLUMNS, ROWS, cloud_layer
from simgen.light._moon import MOON_RADIUS_RAD, moon
from simgen.light._sky import (
    STARLIGHT_LUX,
    cell_directions,
    clear_sky,
    clear_sky_lux,
    horizontal_illuminance,
    night_sky,
    overcast_lux,
    overcast_sky,
    scaled,
    skyglow,
    with_ground,
)
from simgen.light._sun import SOLAR_LUX, SUN_RADIUS_RAD, air_mass, direct_sun, moon_rgb, sun_angles, sun_vector
from simgen.light._twilight import twilight_sky
from simgen.light.base import Light
from simgen.records.base import F8
from simgen.records.lights import LUMINANCE_RGB, LightField
from simgen.registry import param, register

#: reflectance of the ground below the horizon, linear RGB
_GROUND = np.array([0.21, 0.20, 0.18])
#: with more cover than this no gap between clouds is seen, with less no cloud
_CLOSED, _CLEAR = 0.98, 0.02


@dataclass(frozen=True, kw_only=True, eq=False)
class _Source:
    """Sun or moon: where it stands, its light without clouds and its strength as a share of the sun's."""

    elevation: float
    direction: F8
    bare: F8
    share: float
    radius: float


@register("light", "sun_sky")
@dataclass(frozen=True, kw_only=True)
class SunSky(Light):
    """Sun, moon and sky of a place, a time and a cloud cover, in cd/m2 and lx.

    The sun's position is NREL's SPA (through pvlib); its light passes the air mass of Kasten and Young with the
    luminous extinction of Navvab et al. times the turbidity. The clear sky has the distribution of Preetham, Shirley
    and Smits (SIGGRAPH 1999) and the illuminance of IES RP-21; clouds hide part of it, dim the sun by
    ``1 - cover^1.5`` and close to the CIE overcast sky ``(1 + 2 sin h) / 3``. Below the horizon the light falls
    through the tabled twilight (400 lx at sunset, 3.4 lx at the end of civil twilight) to moon and stars. The moon
    (Astronomical Almanac; Krisciunas and Schaefer 1991) lights the night and casts shadows. Turbidity 2 is very clear
    air, 6 is hazy.
    """

    time: str = param("2024-06-21T12:00:00+02:00", doc="local time with its offset from UTC, ISO 8601")
    latitude_deg: float = param(48.1, ge=-90.0, le=90.0, doc="latitude, north positive")
    longitude_deg: float = param(11.6, ge=-180.0, le=180.0, doc="longitude, east positive")
    altitude_m: float = param(0.0, ge=-500.0, le=9000.0, doc="height over the sea")
    cloud_cover: float = param(0.0, ge=0.0, le=1.0, doc="0 = clear sky, 1 = closed overcast")
    cloud_seed: int = param(0, ge=0, doc="another seed puts the clouds elsewhere")
    turbidity: float = param(2.5, ge=1.8, le=10.0, doc="haze: extinction of the air over that of pure air")
    moonlight_lux: float | None = param(
        None, ge=0.0, le=0.3, doc="the moon on a plane that faces it; none = by its phase and height, 0 = no moon"
    )
    moon_elevation_deg: float | None = param(
        None, ge=-90.0, le=90.0, doc="its height over the horizon; none = as the date has it"
    )
    moon_azimuth_deg: float | None = param(
        None, ge=-360.0, le=360.0, doc="its direction from north, clockwise; none = as the date has it"
    )
    skyglow_lux: float = param(
        0.0, ge=0.0, le=1.0, doc="light of towns that the night sky sends back (city: 0.1, suburb: 0.02)"
    )

    def __post_init__(self) -> None:
        _parsed(self.time)

    def sun(self) -> tuple[float, float]:
        """Apparent elevation and azimuth (from north, clockwise) of the sun, rad."""
        return sun_angles(_parsed(self.time), self.latitude_deg, self.longitude_deg, self.altitude_m)

    def moon(self) -> tuple[float, float]:
        """Apparent elevation and azimuth (from north, clockwise) of the moon, rad."""
        found = moon(_parsed(self.time), self.latitude_deg, self.longitude_deg)
        elevation = found.elevation if self.moon_elevation_deg is None else math.radians(self.moon_elevation_deg)
        azimuth = found.azimuth if self.moon_azimuth_deg is None else math.radians(self.moon_azimuth_deg)
        return elevation, azimuth

    def field(self) -> LightField:
        """Sun or, when it has set, moon; and the sky, in photometric units."""
        sun, lunar = self._sun(), self._moon()
        source = sun if sun.bare.any() or not lunar.bare.any() else lunar
        direct = source.bare * (1.0 - self.cloud_cover**1.5)
        broken = _CLEAR < self.cloud_cover < _CLOSED
        cells = cell_directions(ROWS, COLUMNS) if broken else cell_directions()
        upper = self._sky(sun, cells[: len(cells) // 2])
        if lunar.share > 0.0:
            upper = upper + self._sky(lunar, cells[: len(cells) // 2])
        upper = np.concatenate([upper + self._night(cells[: len(cells) // 2]), np.zeros_like(upper)])
        return LightField(
            sun_direction=source.direction,
            sun_illuminance=np.asarray(direct, np.float32),
            sky=with_ground(upper, direct * max(float(source.direction[2]), 0.0), _GROUND),
            sun_radius_rad=source.radius,
        )

    def _sun(self) -> _Source:
        elevation, azimuth = self.sun()
        day = _parsed(self.time).timetuple().tm_yday
        bare = direct_sun(elevation, self.turbidity, self.altitude_m, day)
        return _Source(
            elevation=elevation,
            direction=sun_vector(elevation, azimuth),
            bare=bare,
            share=1.0,
            radius=SUN_RADIUS_RAD,
        )

    def _moon(self) -> _Source:
        elevation, azimuth = self.moon()
        bare = direct_sun(elevation, self.turbidity, self.altitude_m) * moon_rgb()
        level = float((bare * LUMINANCE_RGB).sum())
        if self.moonlight_lux is None:
            share = moon(_parsed(self.time), self.latitude_deg, self.longitude_deg).lux / SOLAR_LUX
        else:
            share = self.moonlight_lux / level if level > 0.0 else 0.0
        return _Source(
            elevation=elevation,
            direction=sun_vector(elevation, azimuth),
            bare=bare * share,
            share=share if elevation > -MOON_RADIUS_RAD else 0.0,
            radius=MOON_RADIUS_RAD,
        )

    def _sky(self, source: _Source, cells: F8) -> F8:
        """What the upper half shows of a source's light, linear RGB, cd/m2."""
        cover, share = self.cloud_cover, source.share
        clear_lux = clear_sky_lux(source.elevation, self.turbidity, air_mass(source.elevation, self.altitude_m)) * share
        direct_lux = float((source.bare * LUMINANCE_RGB).sum()) * max(float(source.direction[2]), 0.0)
        overcast = overcast_lux(source.elevation, clear_lux, share)
        cloud_lux = _cloud_lux(cover, clear_lux, direct_lux, overcast)
        clear, clouds = scaled(self._clear(source, cells), clear_lux), overcast_sky(cells)
        if not _CLEAR < cover < _CLOSED:
            return (1.0 - cover) * clear + scaled(clouds, cover * cloud_lux)
        hides, level = cloud_layer(cells, source.direction, cover, self.cloud_seed)
        between, closed = clear * (1.0 - hides)[..., None], cover**4
        clouds = _clouds(source, level, clear) * (1.0 - closed) / max(float(level.mean()), 1e-6) + clouds * closed
        # all in all as much light as without a pattern; what shows between the clouds is the clear sky as it is
        shown = horizontal_illuminance((between * LUMINANCE_RGB).sum(-1), 2 * len(cells))
        total = (1.0 - cover) * clear_lux + cover * cloud_lux
        return between + scaled(clouds * hides[..., None], max(total - shown, 0.0))

    def _clear(self, source: _Source, cells: F8) -> F8:
        """The clear sky's relative linear RGB: by day, in twilight, and fading into the night's."""
        height = math.degrees(source.elevation)
        day = min(max((height + 1.0) / 4.0, 0.0), 1.0)
        dark = min(max((-height - 7.0) / 8.0, 0.0), 1.0)
        sky = scaled(clear_sky(cells, source.direction, self.turbidity), day)
        if day < 1.0:
            sky = sky + scaled(twilight_sky(cells, source.direction, -source.elevation), (1.0 - day) * (1.0 - dark))
        return sky + scaled(night_sky(cells), dark * (1.0 - day)) if dark > 0.0 else sky

    def _night(self, cells: F8) -> F8:
        """Stars, airglow and the light of towns; clouds hide the first and send back more of the last."""
        stars = STARLIGHT_LUX * (1.0 - 0.9 * self.cloud_cover)
        towns = self.skyglow_lux * (1.0 + 3.0 * self.cloud_cover)
        return scaled(night_sky(cells), stars) + scaled(skyglow(cells), towns)


def _clouds(source: _Source, level: F8, clear: F8) -> F8:
    """Relative linear RGB of clouds: lit parts as the source, others grey, or like the sky when it is down."""
    bare, sky = float((source.bare * LUMINANCE_RGB).sum()), clear.mean((0, 1))
    white = np.ones(3) if bare > 0.0 else sky / float((sky * LUMINANCE_RGB).sum())
    lit = source.bare / bare if bare > 0.0 else white
    warm = np.clip(level, 0.0, 1.0)[..., None]
    return np.asarray(level[..., None] * (0.6 * warm * lit + (1.0 - 0.6 * warm) * white))


def _cloud_lux(cover: float, clear_lux: float, direct_lux: float, overcast: float) -> float:
    """Light of the clouded part, lx: scattered clouds are bright (a third of all light), closed cover is dark."""
    bright = max(0.35 * (clear_lux + direct_lux), overcast)
    weight = cover**4
    return float(overcast**weight * bright ** (1.0 - weight)) if bright > 0.0 else 0.0


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
