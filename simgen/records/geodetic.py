"""Where on Earth the world lies: WGS84 geodetic, Earth-centred and local east-north-up coordinates, exactly.

NIMA TR8350.2 (2000), Department of Defense World Geodetic System 1984. No flat Earth anywhere: a point goes through
Earth-centred, Earth-fixed coordinates. Latitudes and longitudes are in degrees, heights above the ellipsoid in metres.
"""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import Final

import numpy as np
from numpy.typing import ArrayLike

from simgen.records.base import F8

#: semi-major axis, m, and flattening of the WGS84 ellipsoid
SEMI_MAJOR_M: Final = 6378137.0
FLATTENING: Final = 1.0 / 298.257223563
_SEMI_MINOR: Final = SEMI_MAJOR_M * (1.0 - FLATTENING)
_E2: Final = FLATTENING * (2.0 - FLATTENING)
#: rotation of the Earth, rad/s, and its gravitational constant, m3/s2
EARTH_RATE: Final = 7.292115e-5
EARTH_GM: Final = 3.986004418e14
#: normal gravity at the equator and the pole, m/s2
_GRAVITY_EQUATOR: Final = 9.7803253359
_GRAVITY_POLE: Final = 9.8321849378
#: noon UTC of a summer's day, for scenes that name no time
DEFAULT_UTC_S: Final = 1718971200.0


@dataclass(frozen=True, kw_only=True)
class Place:
    """Latitude, longitude and height of the world's origin, and when time 0 is."""

    latitude_deg: float = 0.0
    longitude_deg: float = 0.0
    #: above the ellipsoid
    altitude_m: float = 0.0
    #: UTC at time 0, seconds since 1970-01-01 (no leap seconds)
    utc_s: float = DEFAULT_UTC_S

    @property
    def geodetic(self) -> F8:
        """Latitude, longitude, height, (3,)."""
        return np.array([self.latitude_deg, self.longitude_deg, self.altitude_m])

    def geodetic_of(self, enu: ArrayLike) -> F8:
        """World coordinates (..., 3), m, as latitude, longitude (deg) and height (m), (..., 3)."""
        local = np.asarray(enu, np.float64)
        axes = _axes(self.latitude_deg, self.longitude_deg)
        offset = local[..., :1] * axes[0] + local[..., 1:2] * axes[1] + local[..., 2:] * axes[2]
        return geodetic_from_ecef(ecef_from_geodetic(self.geodetic) + offset)

    def enu_of(self, geodetic: ArrayLike) -> F8:
        """Latitude, longitude (deg) and height (m), (..., 3), as world coordinates (..., 3), m."""
        return self.enu_of_ecef(ecef_from_geodetic(geodetic))

    def enu_of_ecef(self, ecef: ArrayLike) -> F8:
        """Earth-centred coordinates (..., 3), m, as world coordinates (..., 3), m."""
        offset = np.asarray(ecef, np.float64) - ecef_from_geodetic(self.geodetic)
        axes = _axes(self.latitude_deg, self.longitude_deg)
        return np.stack([(offset * axis).sum(-1) for axis in axes], axis=-1)

    @property
    def gravity_m_s2(self) -> float:
        """Normal gravity at the origin."""
        return normal_gravity(self.latitude_deg, self.altitude_m)

    @property
    def earth_rate(self) -> F8:
        """The Earth's rotation in world axes, (3,), rad/s."""
        latitude = math.radians(self.latitude_deg)
        return EARTH_RATE * np.array([0.0, math.cos(latitude), math.sin(latitude)])


def _axes(latitude_deg: float, longitude_deg: float) -> tuple[F8, F8, F8]:
    """East, north and up in Earth-centred coordinates."""
    lat, lon = math.radians(latitude_deg), math.radians(longitude_deg)
    sin_lat, cos_lat, sin_lon, cos_lon = math.sin(lat), math.cos(lat), math.sin(lon), math.cos(lon)
    east = np.array([-sin_lon, cos_lon, 0.0])
    north = np.array([-sin_lat * cos_lon, -sin_lat * sin_lon, cos_lat])
    up = np.array([cos_lat * cos_lon, cos_lat * sin_lon, sin_lat])
    return east, north, up


def ecef_from_geodetic(geodetic: ArrayLike) -> F8:
    """Latitude, longitude (deg) and height (m), (..., 3), as Earth-centred, Earth-fixed coordinates (..., 3), m."""
    g = np.asarray(geodetic, np.float64)
    lat, lon, height = np.radians(g[..., 0]), np.radians(g[..., 1]), g[..., 2]
    normal = SEMI_MAJOR_M / np.sqrt(1.0 - _E2 * np.sin(lat) ** 2)
    across = (normal + height) * np.cos(lat)
    return np.stack(
        [across * np.cos(lon), across * np.sin(lon), (normal * (1.0 - _E2) + height) * np.sin(lat)], axis=-1
    )


def geodetic_from_ecef(ecef: ArrayLike) -> F8:
    """The inverse: Bowring's parametric latitude (1976), repeated until it stands still, to 1e-9 m."""
    e = np.asarray(ecef, np.float64)
    across, z = np.hypot(e[..., 0], e[..., 1]), e[..., 2]
    second = _E2 / (1.0 - _E2)
    beta = np.arctan2(z * SEMI_MAJOR_M, across * _SEMI_MINOR)
    lat = beta
    for _ in range(4):
        lat = np.arctan2(z + second * _SEMI_MINOR * np.sin(beta) ** 3, across - _E2 * SEMI_MAJOR_M * np.cos(beta) ** 3)
        beta = np.arctan2(_SEMI_MINOR * np.sin(lat), SEMI_MAJOR_M * np.cos(lat))
    # the height along the normal: well conditioned at the poles and at the equator alike
    sine, cosine = np.sin(lat), np.cos(lat)
    height = across * cosine + z * sine - SEMI_MAJOR_M * np.sqrt(1.0 - _E2 * sine * sine)
    return np.stack([np.degrees(lat), np.degrees(np.arctan2(e[..., 1], e[..., 0])), height], axis=-1)


def normal_gravity(latitude_deg: float, altitude_m: float = 0.0) -> float:
    """Gravity of the ellipsoid, m/s2: Somigliana's closed form, and its second-order change with height.

    TR8350.2, equations 4-1 and 4-3.
    """
    sine2 = math.sin(math.radians(latitude_deg)) ** 2
    k = _SEMI_MINOR * _GRAVITY_POLE / (SEMI_MAJOR_M * _GRAVITY_EQUATOR) - 1.0
    surface = _GRAVITY_EQUATOR * (1.0 + k * sine2) / math.sqrt(1.0 - _E2 * sine2)
    m = EARTH_RATE**2 * SEMI_MAJOR_M**2 * _SEMI_MINOR / EARTH_GM
    h = altitude_m / SEMI_MAJOR_M
    return surface * (1.0 - 2.0 * (1.0 + FLATTENING + m - 2.0 * FLATTENING * sine2) * h + 3.0 * h * h)


__all__ = ["EARTH_GM", "EARTH_RATE", "Place", "ecef_from_geodetic", "geodetic_from_ecef", "normal_gravity"]
