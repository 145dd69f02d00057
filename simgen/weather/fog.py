"""Fog: water droplets so small that only their sum is seen."""

from __future__ import annotations

from dataclasses import dataclass
from functools import lru_cache
from typing import Final, Literal

import numpy as np

from simgen.records.air import Medium
from simgen.registry import param, register
from simgen.weather._optics import LN_20, bulk, of_visibility, share_of_visibility
from simgen.weather._sizes import Sizes, gamma_droplets
from simgen.weather._spread import SpreadOut

Droplets = Literal["radiation", "light_radiation", "advection", "light_advection"]

#: droplets a cm3, exponent and radius of the mode in um (Shettle and Fenn 1979; Rasshofer et al. 2011)
_DROPLETS: Final[dict[Droplets, tuple[float, float, float]]] = {
    "radiation": (100.0, 6.0, 4.0),
    "light_radiation": (200.0, 6.0, 2.0),
    "advection": (20.0, 3.0, 10.0),
    "light_advection": (20.0, 3.0, 8.0),
}
_WATER_G_M3: Final = 1e6


def droplets(kind: Droplets) -> Sizes:
    """The droplets of a kind of fog, as many as it was described with."""
    return gamma_droplets(*_DROPLETS[kind])


@lru_cache(maxsize=8)
def droplet_medium(kind: Droplets) -> Medium:
    """The fog that those droplets make."""
    return bulk("water", droplets(kind), "fog")


@register("weather", "fog")
@dataclass(frozen=True, kw_only=True)
class Fog(SpreadOut):
    """Fog of a given visibility: everywhere, in a layer over the ground, or in patches.

    Visibility is the meteorological optical range: transmission over it is 5 % at 550 nm, so ``alpha = ln 20 / MOR``
    (1/m). Droplets follow Shettle and Fenn's (1979) gamma distributions; Lorenz-Mie theory gives what other
    wavelengths lose: the same within some per cent up to the near infrared (Pierce et al., SPIE 4530), much less for
    long waves in fog over land, next to nothing for radar. Backscatter is ``beta = k / MOR`` (1/(m sr)); k = 0.046
    after Rasshofer, Spies and Spies (Adv. Radio Sci. 9:49, 2011) and Hahner et al. (ICCV 2021), who use 0.023 to
    0.092; Mie theory gives 0.16 to 0.2.
    """

    droplets: Droplets = param(
        "radiation", doc="sizes: radiation fog over land, advection fog over the sea, each light"
    )
    backscatter_ratio: float = param(0.046, ge=0.023, le=0.25, doc="backscatter times visibility, 1/sr")

    @property
    def extinction_per_m(self) -> float:
        """Extinction coefficient at 550 nm, 1/m."""
        return LN_20 / self.visibility_m

    @property
    def water_g_m3(self) -> float:
        """Liquid water in the air."""
        share = share_of_visibility(droplet_medium(self.droplets), self.visibility_m)
        return droplets(self.droplets).volume * share * _WATER_G_M3

    def filling(self) -> Medium:
        """Extinction by wavelength, the same backscatter at all; droplets absorb next to nothing."""
        medium = of_visibility(droplet_medium(self.droplets), self.visibility_m)
        return medium.replace(backscatter=np.full(6, self.backscatter_ratio / self.visibility_m))
