"""Radar in closed form: the radar equation, resolution, cross-sections of simple bodies, and losses in the air."""

from __future__ import annotations

import math
from typing import Final

import numpy as np

from simgen.records.air import Medium, Particles

LIGHT_M_S: Final = 299_792_458.0
BOLTZMANN_J_K: Final = 1.380649e-23
#: temperature to which noise figures refer
REFERENCE_K: Final = 290.0


def wavelength_m(frequency_hz: float) -> float:
    """Wavelength in air."""
    return LIGHT_M_S / frequency_hz


def range_resolution_m(bandwidth_hz: float) -> float:
    """``c / 2B``."""
    return LIGHT_M_S / (2.0 * bandwidth_hz)


def velocity_resolution_m_s(frequency_hz: float, frame_s: float) -> float:
    """``lambda / 2 T_f``, from the time over which chirps are added up."""
    return wavelength_m(frequency_hz) / (2.0 * frame_s)


def velocity_limit_m_s(frequency_hz: float, chirp_s: float) -> float:
    """``lambda / 4 T_c``: radial velocities beyond +- this are folded."""
    return wavelength_m(frequency_hz) / (4.0 * chirp_s)


def decibels(ratio: float) -> float:
    """A ratio of powers in dB."""
    return 10.0 * math.log10(ratio)


def ratio_of(decibel: float) -> float:
    """A ratio of powers from dB."""
    return float(10.0 ** (0.1 * decibel))


def received_w(power_w: float, gain: float, wavelength: float, rcs_m2: float, range_m: float) -> float:
    """The radar equation: ``P_r = P_t G^2 lambda^2 sigma / ((4 pi)^3 R^4)``."""
    return power_w * gain**2 * wavelength**2 * rcs_m2 / ((4.0 * math.pi) ** 3 * range_m**4)


def noise_w(noise_figure: float, frame_s: float) -> float:
    """``k T F B`` in one cell: adding up a frame coherently leaves a bandwidth of ``1 / T_f``."""
    return BOLTZMANN_J_K * REFERENCE_K * noise_figure / frame_s


def sphere_rcs_m2(radius_m: float, range_m: float = math.inf) -> float:
    """A metal sphere, large against the wavelength: ``pi r^2`` from afar, ``pi (r R / (r + R))^2`` from a range R.

    The second is geometric optics with the sender's spherical wave; R counts to the near side. An endless sphere is a
    mirror, ``pi R^2``.
    """
    return math.pi / (1.0 / radius_m + 1.0 / range_m) ** 2


def plate_rcs_m2(area_m2: float, wavelength: float) -> float:
    """A flat metal plate, straight on, in the far field: ``4 pi A^2 / lambda^2``."""
    return 4.0 * math.pi * area_m2**2 / wavelength**2


def trihedral_rcs_m2(edge_m: float, wavelength: float) -> float:
    """A triangular trihedral corner with inner edges of that length, along its axis: ``4 pi a^4 / 3 lambda^2``."""
    return 4.0 * math.pi * edge_m**4 / (3.0 * wavelength**2)


def mirror_rcs_m2(range_m: float) -> float:
    """An endless flat mirror, straight on: ``pi R^2``, the sender's image at twice the range."""
    return math.pi * range_m**2


def diffraction_slope(size_m: float, wavelength: float) -> float:
    """Slope of facets whose lobe is as strong as that of a flat square plate: ``lambda / sqrt(8 pi) / size``.

    From ``A / 2 m^2 = 4 pi A^2 / lambda^2``.
    """
    return wavelength / (math.sqrt(8.0 * math.pi) * size_m)


#: ITU-R P.838-3, tables 1 to 4: rows of (a, b, c), then the slope and the constant
_K_H: Final = (
    (
        (-5.33980, -0.10008, 1.13098),
        (-0.35351, 1.26970, 0.45400),
        (-0.23789, 0.86036, 0.15354),
        (-0.94158, 0.64552, 0.16817),
    ),
    -0.18961,
    0.71147,
)
_K_V: Final = (
    (
        (-3.80595, 0.56934, 0.81061),
        (-3.44965, -0.22911, 0.51059),
        (-0.39902, 0.73042, 0.11899),
        (0.50167, 1.07319, 0.27195),
    ),
    -0.16398,
    0.63297,
)
_ALPHA_H: Final = (
    (
        (-0.14318, 1.82442, -0.55187),
        (0.29591, 0.77564, 0.19822),
        (0.32177, 0.63773, 0.13164),
        (-5.37610, -0.96230, 1.47828),
        (16.1721, -3.29980, 3.43990),
    ),
    0.67849,
    -1.95537,
)
_ALPHA_V: Final = (
    (
        (-0.07771, 2.33840, -0.76284),
        (0.56727, 0.95545, 0.54039),
        (-0.20238, 1.14520, 0.26809),
        (-48.2991, 0.791669, 0.116226),
        (48.5833, 0.791459, 0.116479),
    ),
    -0.053739,
    0.83433,
)
_Table = tuple[tuple[tuple[float, float, float], ...], float, float]


def _fit(table: _Table, frequency_hz: float) -> float:
    f = math.log10(1e-9 * frequency_hz)
    return sum(a * math.exp(-(((f - b) / c) ** 2)) for a, b, c in table[0]) + table[1] * f + table[2]


def rain_db_km(rate_mm_h: float, frequency_hz: float) -> float:
    """Attenuation of rain, one way: ``k R^alpha`` (ITU-R P.838-3), mean of horizontal and vertical polarisation."""
    if rate_mm_h <= 0.0:
        return 0.0
    pairs = ((_K_H, _ALPHA_H), (_K_V, _ALPHA_V))
    return float(
        sum(0.5 * 10.0 ** _fit(k, frequency_hz) * rate_mm_h ** _fit(alpha, frequency_hz) for k, alpha in pairs)
    )


def fog_db_km(water_g_m3: float, frequency_hz: float, temperature_k: float = 283.15) -> float:
    """Attenuation of fog, one way: Rayleigh's limit with Liebe's double-Debye water (ITU-R P.840)."""
    f, theta = 1e-9 * frequency_hz, 300.0 / temperature_k - 1.0
    static, high = 77.66 + 103.3 * theta, 3.52
    middle = 0.0671 * static
    first = 20.20 - 146.0 * theta + 316.0 * theta * theta
    second = 39.8 * first
    a, b = 1.0 + (f / first) ** 2, 1.0 + (f / second) ** 2
    loss = f * (static - middle) / (first * a) + f * (middle - high) / (second * b)
    real = (static - middle) / a + (middle - high) / b + high
    eta = (2.0 + real) / loss
    return 0.819 * f / (loss * (1.0 + eta * eta)) * water_g_m3


def rain_rate_mm_h(particles: tuple[Particles, ...]) -> float:
    """Rainfall from the drops in the air: volume times density times fall speed."""
    rate = 0.0
    for kind in particles:
        if kind.class_name == "rain":
            volume = math.pi / 6.0 * kind.diameter**3
            rate += 3.6e6 * float(np.sum(volume * kind.density * kind.fall_speed))
    return rate


def fog_water_g_m3(medium: Medium) -> float:
    """Liquid water of fog from its visibility: ``(0.024 / V)^1.54``, V in km (Eldridge 1966); 0 in clear air."""
    extinction = medium.extinction_at(550.0)
    if medium.class_name != "fog" or extinction <= 0.0:
        return 0.0
    return float((0.024 / (math.log(20.0) / extinction * 1e-3)) ** 1.54)


def attenuation_db_m(medium: Medium, particles: tuple[Particles, ...], frequency_hz: float) -> float:
    """Attenuation of weather, one way, dB a metre. Clear air takes some 0.4 dB/km at 77 GHz and is left out."""
    rain = rain_db_km(rain_rate_mm_h(particles), frequency_hz)
    return 1e-3 * (rain + fog_db_km(fog_water_g_m3(medium), frequency_hz))
