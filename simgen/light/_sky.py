"""Luminance of the sky by direction: Preetham's clear sky, CIE's overcast sky, twilight and night."""

from __future__ import annotations

import math
from typing import Final

import numpy as np

from simgen.colorimetry import RGB_FROM_XYZ
from simgen.light._sun import luminous_extinction
from simgen.records.base import F4, F8
from simgen.records.lights import LUMINANCE_RGB

#: size of the table: 1.5 degrees a cell
ROWS: Final = 120
COLUMNS: Final = 240
#: horizontal illuminance of the clear sky without the sun, by its elevation: degrees, lx (sunset 400, end of civil
#: twilight 3.4; nautical and astronomical twilight 0.008 and 0.0006: Seidelmann, Explanatory Supplement, 1992)
_TWILIGHT: Final = ((-18.0, 6e-4), (-12.0, 8e-3), (-6.0, 3.4), (-3.0, 60.0), (0.0, 400.0), (2.0, 1800.0))
#: lx of the stars alone
STARLIGHT_LUX: Final = 0.002
_NIGHT_XY: Final = (0.27, 0.28)
_OVERCAST_XY: Final = (0.318, 0.334)
_TOWN_XY: Final = (0.365, 0.365)
#: rows: luminance, x, y; columns: slope and offset in turbidity of Perez' A, B, C, D, E (Preetham et al. 1999)
_PEREZ: Final = (
    ((0.17872, -1.46303), (-0.35540, 0.42749), (-0.02266, 5.32505), (0.12064, -2.57705), (-0.06696, 0.37027)),
    ((-0.01925, -0.25922), (-0.06651, 0.00081), (-0.00041, 0.21247), (-0.06409, -0.89887), (-0.00325, 0.04517)),
    ((-0.01669, -0.26078), (-0.09495, 0.00921), (-0.00792, 0.21023), (-0.04405, -1.65369), (-0.01092, 0.05291)),
)
_ZENITH_X: Final = (
    (0.00166, -0.00375, 0.00209, 0.0),
    (-0.02903, 0.06377, -0.03202, 0.00394),
    (0.11693, -0.21196, 0.06052, 0.25886),
)
_ZENITH_Y: Final = (
    (0.00275, -0.00610, 0.00317, 0.0),
    (-0.04214, 0.08970, -0.04153, 0.00516),
    (0.15346, -0.26756, 0.06670, 0.26688),
)


def cell_directions(rows: int = ROWS, columns: int = COLUMNS) -> F8:
    """Unit vectors through the centres of the table's cells, shape (R, C, 3)."""
    theta = (np.arange(rows) + 0.5) * (math.pi / rows)
    phi = (np.arange(columns) + 0.5) * (2.0 * math.pi / columns)
    flat = np.sin(theta)[:, None]
    up = np.broadcast_to(np.cos(theta)[:, None], (rows, columns))
    return np.stack([flat * np.cos(phi), flat * np.sin(phi), up], axis=-1)


def cell_solid_angles(rows: int = ROWS, columns: int = COLUMNS) -> F8:
    """Exact solid angle of the cells of each row, shape (R,), sr."""
    edges = np.cos(np.arange(rows + 1) * (math.pi / rows))
    return np.asarray((edges[:-1] - edges[1:]) * (2.0 * math.pi / columns))


def horizontal_illuminance(luminance: F8, rows: int | None = None) -> float:
    """Illuminance on level ground under a table of luminance (R, C), lx; midpoint rule with exact cells.

    ``rows``: how many the whole sphere has, where only the first are given.
    """
    columns = luminance.shape[1]
    rows = rows or luminance.shape[0]
    cosine = np.cos((np.arange(rows) + 0.5) * (math.pi / rows))
    weight = np.maximum(cosine, 0.0) * cell_solid_angles(rows, columns)
    return float((luminance.sum(1) * weight[: len(luminance)]).sum())


def linear_rgb(x: F8, y: F8, luminance: F8) -> F8:
    """CIE xyY as linear sRGB; what lies outside the gamut is clipped at 0."""
    safe = np.maximum(y, 1e-3)
    big_x, big_z = x / safe * luminance, (1.0 - x - y) / safe * luminance
    rgb = [row[0] * big_x + row[1] * luminance + row[2] * big_z for row in RGB_FROM_XYZ]
    return np.maximum(np.stack(rgb, axis=-1), 0.0)


def zenith_luminance(turbidity: float, sun_zenith_rad: float) -> float:
    """Preetham's zenith luminance of the clear sky, cd/m2."""
    chi = (4.0 / 9.0 - turbidity / 120.0) * (math.pi - 2.0 * sun_zenith_rad)
    return 1000.0 * ((4.0453 * turbidity - 4.9710) * math.tan(chi) - 0.2155 * turbidity + 2.4192)


def perez(channel: int, turbidity: float, cosine: F8 | float, gamma: F8 | float) -> F8:
    """Perez' distribution F(theta, gamma) of luminance (channel 0) or of chromaticity x, y (1, 2)."""
    a, b, c, d, e = (slope * turbidity + offset for slope, offset in _PEREZ[channel])
    up = np.maximum(cosine, 0.01)
    return np.asarray((1.0 + a * np.exp(b / up)) * (1.0 + c * np.exp(d * gamma) + e * np.cos(gamma) ** 2))


def _zenith_chromaticity(table: tuple[tuple[float, ...], ...], turbidity: float, theta: float) -> float:
    powers = (theta**3, theta**2, theta, 1.0)
    rows = [sum(k * p for k, p in zip(row, powers, strict=True)) for row in table]
    return turbidity**2 * rows[0] + turbidity * rows[1] + rows[2]


def clear_sky(directions: F8, sun: F8, turbidity: float) -> F8:
    """Relative linear RGB of Preetham's clear sky; a sun below the horizon counts as on it. Any level of scale."""
    up = max(float(sun[2]), 0.0)
    theta_s = min(math.acos(min(up, 1.0)), math.radians(89.9))
    flat = math.hypot(float(sun[0]), float(sun[1])) or 1.0
    low = np.array([sun[0] / flat * math.sin(theta_s), sun[1] / flat * math.sin(theta_s), math.cos(theta_s)])
    gamma = np.arccos(np.clip((directions * low).sum(-1), -1.0, 1.0))
    cosine = directions[..., 2]
    values = []
    for channel in range(3):
        at_zenith = perez(channel, turbidity, 1.0, theta_s)
        values.append(perez(channel, turbidity, cosine, gamma) / at_zenith)
    x = values[1] * _zenith_chromaticity(_ZENITH_X, turbidity, theta_s)
    y = values[2] * _zenith_chromaticity(_ZENITH_Y, turbidity, theta_s)
    return _without_purple(linear_rgb(x, y, np.maximum(values[0], 0.0)), up)


def _without_purple(rgb: F8, sine: float) -> F8:
    """Preetham's chromaticity turns purple near the horizon by day (Zotti, Wilkie and Purgathofer 2007).

    Where red and blue are alike, green is raised to their mean; deep blue stays, and so does a low sun's glow.
    """
    red, green, blue = rgb[..., 0], rgb[..., 1], rgb[..., 2]
    alike = np.clip((1.9 * red - blue) / np.maximum(0.6 * red, 1e-12), 0.0, 1.0)
    day = min(max((sine - 0.08) / 0.2, 0.0), 1.0)
    raised = np.maximum(green, 0.5 * (red + blue))
    return np.stack([red, green + day * alike * (raised - green), blue], axis=-1)


def overcast_sky(directions: F8) -> F8:
    """Relative linear RGB of the CIE overcast sky: ``(1 + 2 sin(elevation)) / 3`` of the zenith's luminance."""
    level = (1.0 + 2.0 * np.maximum(directions[..., 2], 0.0)) / 3.0
    return linear_rgb(np.full_like(level, _OVERCAST_XY[0]), np.full_like(level, _OVERCAST_XY[1]), level)


def night_sky(directions: F8) -> F8:
    """Relative linear RGB of a moonlit or starlit sky: uniform, bluish."""
    level = np.ones(directions.shape[:-1])
    return linear_rgb(np.full_like(level, _NIGHT_XY[0]), np.full_like(level, _NIGHT_XY[1]), level)


def clear_sky_lux(elevation_rad: float, turbidity: float, mass: float) -> float:
    """Horizontal illuminance of the clear sky alone, lx.

    By day ``800 + 15500 sqrt(sin h)`` (IES RP-21, 1984), which holds at a turbidity of 2.1, scaled by the share of
    sunlight that the air scatters; around the horizon and below it log-linear between tabled twilight values.
    """
    degrees = math.degrees(elevation_rad)
    scattered = 1.0 - math.exp(-luminous_extinction(mass, turbidity))
    reference = 1.0 - math.exp(-luminous_extinction(mass, 2.1))
    joint = 5.0
    high = 800.0 + 15500.0 * math.sqrt(math.sin(math.radians(max(degrees, joint))))
    if degrees >= joint:
        return high * scattered / reference
    knots = (*_TWILIGHT, (joint, high))
    logarithm = np.interp(degrees, [k[0] for k in knots], [math.log(k[1]) for k in knots])
    share = min(max(degrees / joint, 0.0), 1.0)
    return float(math.exp(logarithm)) * (1.0 + share * (scattered / reference - 1.0))


def skyglow(directions: F8) -> F8:
    """Relative linear RGB of the light of towns: warm, and brighter towards the horizon (Garstang 1986)."""
    level = 1.0 + 3.0 * np.exp(-np.maximum(directions[..., 2], 0.0) / 0.2)
    return linear_rgb(np.full_like(level, _TOWN_XY[0]), np.full_like(level, _TOWN_XY[1]), level)


def overcast_lux(elevation_rad: float, clear_lux: float, share: float = 1.0) -> float:
    """Horizontal illuminance under a thick cover, lx: 40 at sunset, 1 to 2 k at midday; a tenth of twilight's.

    ``share``: strength of the source as a share of the sun's.
    """
    if elevation_rad <= 0.0:
        return 0.1 * clear_lux
    return (40.0 + 1960.0 * math.sin(elevation_rad)) * share


def scaled(rgb: F8, lux: float) -> F8:
    """A relative sky, the upper half of a table (R / 2, C, 3), brought to a horizontal illuminance."""
    level = horizontal_illuminance((rgb * LUMINANCE_RGB).sum(-1), 2 * len(rgb))
    return np.asarray(rgb * (lux / level)) if level > 0.0 else np.zeros_like(rgb)


def with_ground(upper: F8, sun_horizontal: F8, ground: F8) -> F4:
    """Fill the rows below the horizon with what level, matt ground of that reflectance sends back."""
    arriving = np.array([horizontal_illuminance(upper[..., c]) for c in range(3)]) + sun_horizontal
    below = cell_directions(*upper.shape[:2])[..., 2:] <= 0.0
    return np.ascontiguousarray(np.where(below, ground * arriving / math.pi, upper), np.float32)
