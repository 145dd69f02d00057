"""Smoke that fills the whole place, as of a fire upwind: particles smaller than the waves of light."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

from simgen.records.air import Medium
from simgen.registry import param, register
from simgen.weather._optics import grains, of_visibility, share_of_visibility
from simgen.weather._spread import SpreadOut

SMOKE_G_M3: Final = 1.3e6


@register("weather", "smoke")
@dataclass(frozen=True, kw_only=True)
class Smoke(SpreadOut):
    """Smoke of a given visibility: everywhere, in a layer, or in patches; that of a source is a ``plume``.

    Extinction is ``ln 20 / MOR`` at 550 nm; by Lorenz-Mie theory (index 1.51 - 0.021i, Dubovik et al. 2002) it falls
    steeply with the wavelength, so a lidar of 1550 nm sees much farther than the eye, and long waves hardly notice.
    Backscatter is extinction by the lidar ratio, 65 sr (Mueller et al. 2007: 53 to 65 at 532 nm).
    """

    diameter_um: float = param(0.32, ge=0.05, le=2.0, doc="median diameter by volume (Reid et al. 2005: 0.25 to 0.35)")
    spread: float = param(1.6, ge=1.1, le=3.0, doc="geometric standard deviation of the diameters")
    lidar_ratio_sr: float = param(65.0, ge=10.0, le=150.0, doc="extinction by backscatter")

    @property
    def concentration_g_m3(self) -> float:
        """Mass of the particles in the air."""
        return share_of_visibility(grains("smoke", self.diameter_um, self.spread), self.visibility_m) * SMOKE_G_M3

    def filling(self) -> Medium:
        """Extinction, scattering and backscatter by wavelength."""
        medium = of_visibility(grains("smoke", self.diameter_um, self.spread), self.visibility_m)
        return medium.replace(backscatter=medium.extinction / self.lidar_ratio_sr)
