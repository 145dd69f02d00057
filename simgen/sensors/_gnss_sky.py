"""Where navigation satellites stand: the nominal GPS and Galileo constellations on circular orbits.

GPS: the 27 slots of the expandable constellation (GPS SPS Performance Standard, 4th edition, 2008, tables A.2-1 and
A.2-2; epoch 1993-07-01). Galileo: Walker 24/3/1 (reference orbit of the Galileo service centre, epoch 2016-11-21).
Nodes regress at the nominal rates; a slot's place along its orbit follows Kepler from the epoch. So heights, planes,
numbers in sight and their motion are those of the real systems, while a certain satellite at a certain date is not.
"""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import Final

import numpy as np

from simgen.records.base import F8, U1
from simgen.records.geodetic import EARTH_GM, Place

_DAY_S: Final = 86400.0
#: seconds since 1970 of the two epochs, and of J2000
_GPS_EPOCH_S: Final = 741484800.0
_GALILEO_EPOCH_S: Final = 1479686400.0
_J2000_S: Final = 946728000.0
#: argument of latitude of every GPS slot, plane by plane, deg
_GPS_SLOTS: Final = (
    (268.126, 161.786, 11.676, 41.806),
    (94.916, 66.356, 173.336, 309.976, 204.376),
    (111.876, 11.796, 339.666, 241.556),
    (135.226, 282.676, 257.976, 35.156, 167.356),
    (197.046, 302.596, 66.066, 333.686),
    (238.886, 0.456, 334.016, 105.206, 135.346),
)
#: right ascension of the first plane's node, deg, the step to the next, and how fast nodes turn, deg a day
_GPS_NODES: Final = (272.847, 60.0, -4.4874e-7 * _DAY_S)
_GALILEO_NODES: Final = (317.632, 120.0, -0.02764398)
_GALILEO_FIRST_DEG: Final = 225.153
#: identities of Galileo's satellites begin after this
GALILEO_FROM: Final = 100


@dataclass(frozen=True, kw_only=True)
class Sky:
    """Satellites over a place: identities (S,) and unit vectors towards them in world axes (S, 3)."""

    id: U1
    toward: F8

    @property
    def elevation(self) -> F8:
        """Above the horizon, (S,), rad."""
        return np.asarray(np.arcsin(np.clip(self.toward[:, 2], -1.0, 1.0)))

    @property
    def azimuth(self) -> F8:
        """From north, clockwise, (S,), rad."""
        return np.asarray(np.arctan2(self.toward[:, 0], self.toward[:, 1]) % (2.0 * math.pi))

    def above(self, mask_rad: float) -> Sky:
        """Those above an elevation."""
        high = self.elevation > mask_rad
        return Sky(id=self.id[high], toward=self.toward[high])


def sky_at(place: Place, antenna: F8, time_s: float, constellations: tuple[str, ...]) -> Sky:
    """All satellites as seen from an antenna (world, m) so many seconds after time 0, under the horizon too."""
    identity, orbits = [], []
    if "gps" in constellations:
        orbits.append(_gps(place.utc_s + time_s))
        identity.append(np.arange(1, len(orbits[-1]) + 1))
    if "galileo" in constellations:
        orbits.append(_galileo(place.utc_s + time_s))
        identity.append(GALILEO_FROM + np.arange(1, len(orbits[-1]) + 1))
    away = place.enu_of_ecef(np.concatenate(orbits)) - antenna
    toward = away / np.sqrt((away * away).sum(-1, keepdims=True))
    return Sky(id=np.concatenate(identity).astype(np.uint8), toward=toward)


def _gps(utc_s: float) -> F8:
    radius = 26_559_710.0
    plane = np.concatenate([np.full(len(slots), float(k)) for k, slots in enumerate(_GPS_SLOTS)])
    latitude = np.concatenate([np.array(slots) for slots in _GPS_SLOTS])
    days = (utc_s - _GPS_EPOCH_S) / _DAY_S
    rate = math.degrees(math.sqrt(EARTH_GM / radius**3)) * _DAY_S
    first, step, drift = _GPS_NODES
    return _ecef(radius, 55.0, first + step * plane + drift * days, latitude + rate * days, utc_s)


def _galileo(utc_s: float) -> F8:
    days = (utc_s - _GALILEO_EPOCH_S) / _DAY_S
    plane, slot = np.repeat(np.arange(3.0), 8), np.tile(np.arange(8.0), 3)
    first, step, drift = _GALILEO_NODES
    latitude = _GALILEO_FIRST_DEG + 45.0 * slot + 15.0 * plane + 613.72253566 * days
    return _ecef(29_599_800.0, 56.0, first + step * plane + drift * days, latitude, utc_s)


def _ecef(radius: float, inclination_deg: float, node_deg: F8, latitude_deg: F8, utc_s: float) -> F8:
    """Circular orbits in Earth-fixed coordinates (S, 3), m; the Earth turned by its mean sidereal time (IAU 1982)."""
    sidereal = 280.46061837 + 360.98564736629 * (utc_s - _J2000_S) / _DAY_S
    node, u = np.radians((node_deg - sidereal) % 360.0), np.radians(latitude_deg % 360.0)
    tilt = math.radians(inclination_deg)
    x = np.cos(node) * np.cos(u) - np.sin(node) * np.sin(u) * math.cos(tilt)
    y = np.sin(node) * np.cos(u) + np.cos(node) * np.sin(u) * math.cos(tilt)
    return radius * np.stack([x, y, np.sin(u) * math.sin(tilt)], axis=-1)


__all__ = ["GALILEO_FROM", "Sky", "sky_at"]
