"""Dust and sand in the air: grains of minerals, seen by their sum."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

from simgen.records.air import Medium
from simgen.registry import param, register
from simgen.weather._optics import grains, of_visibility, share_of_visibility
from simgen.weather._spread import SpreadOut

GRAIN_G_M3: Final = 2.6e6


@register("weather", "dust")
@dataclass(frozen=True, kw_only=True)
class Dust(SpreadOut):
    """Dust or sand of a given visibility: everywhere, in a layer over the ground, or in patches.

    Extinction is ``ln 20 / MOR`` at 550 nm and elsewhere what Lorenz-Mie theory gives for mineral spheres (index 1.53,
    absorbing more blue than red: Patterson et al. 1977, OPAC; illite in the long waves) whose volume is a lognormal of
    the diameter. Grains are no spheres and send back less than those: backscatter is extinction by the lidar ratio,
    50 sr as measured in Saharan dust (Mueller et al. 2007: 55 at 532 nm).
    """

    visibility_m: float = param(500.0, ge=1.0, le=100000.0, doc="meteorological optical range (5 % contrast)")
    diameter_um: float = param(10.0, ge=0.5, le=500.0, doc="median diameter by volume: dust 3 to 20, blown sand 100")
    spread: float = param(2.0, ge=1.1, le=4.0, doc="geometric standard deviation of the diameters")
    lidar_ratio_sr: float = param(50.0, ge=5.0, le=150.0, doc="extinction by backscatter")

    @property
    def concentration_g_m3(self) -> float:
        """Mass of the grains in the air."""
        return share_of_visibility(grains("dust", self.diameter_um, self.spread), self.visibility_m) * GRAIN_G_M3

    def filling(self) -> Medium:
        """Extinction, scattering and backscatter by wavelength."""
        medium = of_visibility(grains("dust", self.diameter_um, self.spread), self.visibility_m)
        return medium.replace(backscatter=medium.extinction / self.lidar_ratio_sr)
