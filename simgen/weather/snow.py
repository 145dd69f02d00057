"""Snow that falls: flakes of many sizes, far larger than the water in them."""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import ClassVar, Final, Literal

import numpy as np

from simgen.records.air import MICROWAVE_GHZ, Medium, Particles, Rates
from simgen.records.base import F8
from simgen.registry import param, register
from simgen.weather._optics import Flakes, bulk, taken_by_one
from simgen.weather._sizes import Sizes, exponential
from simgen.weather.base import WeatherEffect

FlakeSizes = Literal["gunn_marshall", "sekhon_srivastava"]

#: melted diameters: N0 (1/(m3 mm)) and its power of the rate, slope (1/mm) and its power of the rate
_SIZES: Final[dict[FlakeSizes, tuple[float, float, float, float]]] = {
    "gunn_marshall": (3800.0, -0.87, 2.55, -0.48),
    "sekhon_srivastava": (2500.0, -0.94, 2.29, -0.45),
}
_SMALLEST_MM: Final = 0.1
#: of the flake, not of its water (Hahner et al. 2022)
_LARGEST_FLAKE_MM: Final = 20.0
_BINS: Final = 80
#: density of a flake in g/cm3 by its diameter in mm (Brandes et al., J. Appl. Meteorol. Climatol. 46:634, 2007)
_FLAKE_DENSITY: Final = 0.178
_FLAKE_POWER: Final = -0.922
ICE_G_CM3: Final = 0.917
#: of ice at 77 GHz (Warren and Brandt 2008); its real part is the same at every radar's frequency
_ICE_INDEX: Final = 1.786 - 0.0025j
_LIGHT_M_S: Final = 299_792_458.0
#: share of the light that a flake sends back (Hahner et al. 2022)
_REFLECTIVITY: Final = 0.9


def flake_diameter(melted_m: F8) -> F8:
    """Diameter of the flake that holds the water of a drop, m: ``rho D^3 = D_melted^3`` with Brandes' density."""
    melted = 1e3 * np.asarray(melted_m, np.float64)
    loose = (melted**3 / _FLAKE_DENSITY) ** (1.0 / (3.0 + _FLAKE_POWER))
    return np.asarray(1e-3 * np.maximum(loose, melted / ICE_G_CM3 ** (1.0 / 3.0)))


def flake_speed(diameter_m: F8) -> F8:
    """Fall speed of flakes, m/s: 0.8 (D/mm)^0.16, aggregates of dendrites (Locatelli and Hobbs 1974)."""
    return np.asarray(0.8 * (1e3 * np.asarray(diameter_m, np.float64)) ** 0.16)


def flake_loss(ice_m3: F8, diameter_m: F8, frequency_hz: float) -> F8:
    """What a flake takes from a radar's wave, m2: absorption and scattering of loose spheres (Rayleigh and Gans).

    Rayleigh's cross-section for the ice in it, times the mean of ``(3 j1(u) / u)^2`` over the directions, where
    ``u = k D sin(theta / 2)``: waves from a flake that is not small against the wavelength cancel out (Bohren and
    Huffman 1983, section 6.1).
    """
    k = 2.0 * math.pi * frequency_hz / _LIGHT_M_S
    polarisability = 3.0 * ice_m3 / (4.0 * math.pi) * (_ICE_INDEX**2 - 1.0) / (_ICE_INDEX**2 + 2.0)
    mu = (np.arange(128) + 0.5) / 64.0 - 1.0
    u = k * diameter_m[:, None] * np.sqrt(0.5 * (1.0 - mu)) + 1e-3
    form = (3.0 * (np.sin(u) - u * np.cos(u)) / u**3) ** 2
    share = (form * 0.75 * (1.0 + mu * mu)).mean(1)
    scattered = 8.0 / 3.0 * math.pi * k**4 * np.abs(polarisability) ** 2 * share
    return np.asarray(scattered - 4.0 * math.pi * k * polarisability.imag)


@register("weather", "snow")
@dataclass(frozen=True, kw_only=True)
class Snow(WeatherEffect):
    """Dry snow that falls; what lies on the ground is not this effect's.

    Melted diameters follow ``N0 exp(-slope D)``: Gunn and Marshall (1958) ``3800 R^-0.87``, ``2.55 R^-0.48``, or
    Sekhon and Srivastava (1970) ``2500 R^-0.94``, ``2.29 R^-0.45``. A flake is as large as Brandes et al. (2007) have
    it, up to 20 mm, and its shadow is that disc: 1 mm/h of water leaves about 700 m of visibility. How much of the
    light the ice absorbs goes by the thin crystals that it is made of. Radar is hardly dimmed. The medium has no
    backscatter: what comes back comes from flakes, with a reflectance of 0.9 (Hahner et al., CVPR 2022).
    """

    only_one: ClassVar[bool] = True
    warmest_c: ClassVar[float] = 4.0

    rate_mm_h: float = param(1.0, gt=0.0, le=20.0, doc="rate at which it falls, as water")
    sizes: FlakeSizes = param("gunn_marshall", doc="sizes of flakes: gunn_marshall, sekhon_srivastava")

    @property
    def melted(self) -> Sizes:
        """The flakes by the diameter of the drops that they melt to."""
        intercept, power, factor, slope_power = _SIZES[self.sizes]
        largest = (_FLAKE_DENSITY * _LARGEST_FLAKE_MM ** (3.0 + _FLAKE_POWER)) ** (1.0 / 3.0)
        slope = factor * self.rate_mm_h**slope_power
        return exponential(intercept * self.rate_mm_h**power, slope, _SMALLEST_MM, largest, _BINS)

    def medium(self) -> Medium:
        """Extinction and scattering by wavelength."""
        melted = self.melted
        flake = flake_diameter(melted.diameter)
        shadow = 0.25 * math.pi * flake**2
        ice = math.pi / 6.0 * melted.diameter**3 / ICE_G_CM3
        medium = bulk("ice", melted, "snow", flakes=Flakes(cross_section=shadow, optical_diameter=1.5 * ice / shadow))
        lost = [float((melted.density * flake_loss(ice, flake, 1e9 * f)).sum()) for f in MICROWAVE_GHZ]
        return medium.replace(backscatter=np.zeros(6), microwave=np.array(lost))

    def particles(self) -> tuple[Particles, ...]:
        """The flakes by their own diameter."""
        melted = self.melted
        flake = flake_diameter(melted.diameter)
        shadow = 0.25 * math.pi * flake**2
        crystals = 1.5 * math.pi / 6.0 * melted.diameter**3 / ICE_G_CM3 / shadow
        return (
            Particles(
                class_name="snow",
                diameter=flake,
                density=melted.density,
                fall_speed=flake_speed(flake),
                extinction=taken_by_one("ice", crystals, shadow),
                reflectivity=_REFLECTIVITY,
                looks="flake",
            ),
        )

    def rates(self) -> Rates:
        """What it is set to."""
        return Rates(snow_mm_h=self.rate_mm_h)
