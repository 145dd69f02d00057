"""Radar in closed form: the radar equation, resolution, cross-sections of simple bodies, and losses in the air."""

from __future__ import annotations

import math
from collections.abc import Sequence
from typing import Final

import numpy as np

from simgen.records.air import Medium
from simgen.records.base import F8
from simgen.records.volume import Volume

LIGHT_M_S: Final = 299_792_458.0
BOLTZMANN_J_K: Final = 1.380649e-23
#: temperature to which noise figures refer
REFERENCE_K: Final = 290.0
#: level ways around a radar over which layers are averaged: how many, how long, and places on each
_WAYS: Final = 8
_AROUND_M: Final = 100.0
_PLACES: Final = 25


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


def attenuation_db_m(medium: Medium, frequency_hz: float) -> float:
    """Attenuation of weather, one way, dB a metre. Clear air takes some 0.4 dB/km at 77 GHz and is left out."""
    return 10.0 * math.log10(math.e) * medium.microwave_at(frequency_hz)


def layers_db_m(volumes: Sequence[Volume], frequency_hz: float, position: F8) -> float:
    """Mean one-way loss in layers on level ways around a place (3,), dB/m; what is smaller loses nothing worth telling.

    Dense fog takes 0.0007 dB/m at 77 GHz, so a plume of a few metres takes less than a hundredth of a dB.
    """
    total = 0.0
    for layer in (volume for volume in volumes if volume.shape == "layer"):
        turn = 2.0 * math.pi * np.arange(_WAYS) / _WAYS
        ways = np.stack([np.cos(turn), np.sin(turn), np.zeros(_WAYS)], axis=-1)
        places = position + ways[:, None] * ((np.arange(_PLACES) + 0.5) * (_AROUND_M / _PLACES))[:, None]
        total += attenuation_db_m(layer.medium, frequency_hz) * float(layer.density(places).mean())
    return total
