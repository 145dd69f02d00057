"""What is in the air, apart from any sensor: the medium that dims and scatters, and the particles in it."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final, Self

import numpy as np

from simgen.records.base import F8, Record, array

#: wavelengths at which every medium is tabulated: blue, green, red, and the lidars'
WAVELENGTHS_NM: Final = (465.0, 550.0, 610.0, 850.0, 905.0, 1550.0)
RGB_NM: Final = (610.0, 550.0, 465.0)


@dataclass(frozen=True, kw_only=True, eq=False)
class Medium(Record):
    """Homogeneous air; coefficients add over what is mixed into it."""

    extinction: F8 = array("6", "f8", unit="1/m", doc="extinction at WAVELENGTHS_NM")
    backscatter: F8 = array("6", "f8", unit="1/(m sr)", doc="scattering by 180 degrees at WAVELENGTHS_NM")
    #: share of the extinguished light that is scattered rather than absorbed
    albedo: float = 1.0
    #: class of what a lidar sees when the medium itself returns light
    class_name: str = "fog"

    @classmethod
    def clear(cls) -> Self:
        """Air that does nothing."""
        return cls(extinction=np.zeros(6), backscatter=np.zeros(6))

    @classmethod
    def gray(cls, extinction_per_m: float, backscatter_per_m_sr: float, class_name: str, albedo: float = 1.0) -> Self:
        """The same at every wavelength (fog, large drops)."""
        return cls(
            extinction=np.full(6, extinction_per_m),
            backscatter=np.full(6, backscatter_per_m_sr),
            class_name=class_name,
            albedo=albedo,
        )

    def __add__(self, other: Self) -> Self:
        mine, theirs = float(self.extinction.sum()), float(other.extinction.sum())
        total = mine + theirs
        stronger = self if self.backscatter.sum() >= other.backscatter.sum() else other
        return type(self)(
            extinction=self.extinction + other.extinction,
            backscatter=self.backscatter + other.backscatter,
            albedo=(mine * self.albedo + theirs * other.albedo) / total if total > 0.0 else 1.0,
            class_name=stronger.class_name,
        )

    def extinction_at(self, wavelength_nm: float) -> float:
        """Extinction at a wavelength, 1/m, linear between the tabulated ones."""
        return float(np.interp(wavelength_nm, WAVELENGTHS_NM, self.extinction))

    def backscatter_at(self, wavelength_nm: float) -> float:
        """Backscatter at a wavelength, 1/(m sr), linear between the tabulated ones."""
        return float(np.interp(wavelength_nm, WAVELENGTHS_NM, self.backscatter))


@dataclass(frozen=True, kw_only=True, eq=False)
class Particles(Record):
    """Drops or flakes by size: how many in a cubic metre, how fast they fall, how bright they are."""

    class_name: str = "rain"
    diameter: F8 = array("D", "f8", unit="m", doc="middle of each size bin")
    density: F8 = array("D", "f8", unit="1/m3", doc="number in each bin")
    fall_speed: F8 = array("D", "f8", unit="m/s", doc="terminal speed")
    #: share of the light that falls on a particle and comes straight back (0.0199 for water: Fresnel at 0 degrees)
    reflectivity: float = 0.0199


@dataclass(frozen=True, kw_only=True)
class SurfaceChange:
    """What weather does to surfaces: 0 = nothing, 1 = all of it."""

    wetness: float = 0.0
    snow: float = 0.0
