"""Where the sun is, and how much of its light arrives through clear air."""

from __future__ import annotations

import importlib.util
import math
from datetime import datetime
from functools import cache
from pathlib import Path
from types import ModuleType
from typing import Final

import numpy as np

from simgen.records.base import F8

#: illuminance of the sun outside the atmosphere, lx (IES RP-21, 1984)
SOLAR_LUX: Final = 127_500.0
#: angular radius of the sun, rad
SUN_RADIUS_RAD: Final = 0.004654
#: linear sRGB of sunlight above the air, luminance 1: a black body of about 5900 K
_SUN_RGB: Final = np.array([1.055, 0.995, 0.887])
#: wavelengths that stand for red, green and blue, um
_RGB_UM: Final = np.array([0.610, 0.550, 0.465])
#: true elevation at which SPA takes the sun for set
_SET_DEG: Final = -(0.26667 + 0.5667)
_LUMINANCE: Final = np.array([0.2126, 0.7152, 0.0722])


@cache
def _spa() -> ModuleType:
    """NREL's SPA as pvlib ships it. Loaded by file: ``import pvlib`` would bring pandas along (1.8 s)."""
    found = importlib.util.find_spec("pvlib")
    if found is None or not found.submodule_search_locations:
        raise ModuleNotFoundError("the light 'sun_sky' needs the package pvlib")
    spec = importlib.util.spec_from_file_location("_pvlib_spa", Path(found.submodule_search_locations[0]) / "spa.py")
    assert spec is not None
    assert spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


def pressure_mbar(altitude_m: float) -> float:
    """Pressure of the standard atmosphere."""
    return float(1013.25 * (1.0 - 2.25577e-5 * altitude_m) ** 5.25588)


def sun_angles(
    when: datetime,
    latitude_deg: float,
    longitude_deg: float,
    altitude_m: float = 0.0,
    *,
    pressure: float | None = None,
    temperature_c: float = 12.0,
    delta_t_s: float | None = None,
) -> tuple[float, float]:
    """Apparent elevation (with refraction) and azimuth from north, clockwise, both in radians.

    Solar position algorithm: Reda and Andreas, NREL/TP-560-34302 (0.0003 degrees), through pvlib.
    """
    spa = _spa()
    mbar = pressure_mbar(altitude_m) if pressure is None else pressure
    delta = float(spa.calculate_deltat(when.year, when.month)) if delta_t_s is None else delta_t_s
    rows = spa.solar_position(
        np.array([when.timestamp()]), latitude_deg, longitude_deg, altitude_m, mbar, temperature_c, delta, 0.5667, 1
    )
    apparent, true = float(rows[2][0]), float(rows[3][0])
    if true < _SET_DEG:
        # SPA drops refraction at once when the disc has set; let it fade, so that twilight has no step
        lift = mbar / 1010.0 * 283.0 / (273.0 + temperature_c) * 1.02 / 60.0
        lift /= math.tan(math.radians(_SET_DEG + 10.3 / (_SET_DEG + 5.11)))
        apparent = true + lift * max(0.0, 1.0 - (_SET_DEG - true) / 3.0)
    return math.radians(apparent), math.radians(float(rows[4][0]))


def sun_vector(elevation_rad: float, azimuth_rad: float) -> F8:
    """Unit vector towards the sun, ENU."""
    flat = math.cos(elevation_rad)
    return np.array([flat * math.sin(azimuth_rad), flat * math.cos(azimuth_rad), math.sin(elevation_rad)])


def air_mass(elevation_rad: float, altitude_m: float = 0.0) -> float:
    """Relative optical air mass, Kasten and Young (1989), thinned by altitude (scale height 8435 m)."""
    degrees = max(math.degrees(elevation_rad), 0.0)
    sea_level = 1.0 / (math.sin(math.radians(degrees)) + 0.50572 * (degrees + 6.07995) ** -1.6364)
    return float(sea_level * math.exp(-altitude_m / 8435.0))


def luminous_extinction(mass: float, turbidity: float) -> float:
    """Optical depth for daylight: ``0.1 / (1 + 0.0045 m) * T * m`` (Navvab, Karayel, Ne'eman and Selkowitz 1984)."""
    return 0.1 / (1.0 + 0.0045 * mass) * turbidity * mass


def moon_rgb() -> F8:
    """What moonlight's colour is to sunlight's: the moon is grey with a touch of red (about 4100 K)."""
    color = np.array([1.12, 0.98, 0.80])
    return np.asarray(color / (color * _LUMINANCE).sum())


def direct_sun(elevation_rad: float, turbidity: float, altitude_m: float = 0.0, day_of_year: int = 93) -> F8:
    """Illuminance on a plane that faces the sun through clear air, linear RGB, lx; 0 once the disc has set.

    The level is the solar illuminance through :func:`luminous_extinction`; the colour follows Rayleigh and aerosol
    scattering per wavelength (Preetham, Shirley and Smits 1999, appendix: beta = 0.04608 T - 0.04586, exponent 1.3).
    """
    disc = min(max((elevation_rad + SUN_RADIUS_RAD) / (2.0 * SUN_RADIUS_RAD), 0.0), 1.0)
    if disc == 0.0:
        return np.zeros(3)
    mass = air_mass(elevation_rad, altitude_m)
    distance = 1.0 + 0.034 * math.cos(2.0 * math.pi * (day_of_year - 2) / 365.0)
    level = SOLAR_LUX * distance * math.exp(-luminous_extinction(mass, turbidity)) * disc
    depth = 0.008735 * _RGB_UM**-4.08 + max(0.04608 * turbidity - 0.04586, 0.0) * _RGB_UM**-1.3
    color = _SUN_RGB * np.exp(-depth * mass)
    return np.asarray(level * color / (color * _LUMINANCE).sum())
