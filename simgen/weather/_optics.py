"""From sizes to a medium, through tables of Lorenz-Mie theory (``mie.npz``, made by ``scripts/mie_tables.py``)."""

from __future__ import annotations

import math
from dataclasses import dataclass
from functools import lru_cache
from importlib import resources
from typing import Final, Literal

import numpy as np

from simgen.records.air import INFRARED_UM, LOBES, WAVELENGTHS_NM, Medium
from simgen.records.base import F8
from simgen.weather._sizes import Sizes, lognormal_grains

Material = Literal["water", "ice", "dust", "smoke"]

#: -ln 0.05: the meteorological optical range is where 5 % of the contrast is left (CIE, WMO)
LN_20: Final = math.log(20.0)
#: where visibility is told
VISIBLE_NM: Final = 550.0
_LIGHT: Final = len(WAVELENGTHS_NM)
_LONG: Final = _LIGHT + len(INFRARED_UM)
#: columns of a table: efficiencies of extinction, scattering and backscatter, then the shares of the lobes
_EXTINCTION, _SCATTERING, _BACKSCATTER, _LOBES = 0, 1, 2, 3


@dataclass(frozen=True, kw_only=True, eq=False)
class Flakes:
    """What light sees of particles that are no spheres: one row a size."""

    #: (D,) the shadow of one, m2
    cross_section: F8
    #: (D,) of the sphere with the same volume of ice by shadow, m
    optical_diameter: F8


@lru_cache(maxsize=8)
def _table(material: Material) -> tuple[F8, F8]:
    """Logarithms of the bins' middle diameters (S,), and the table (wavelength, S, 9) of a material."""
    with resources.files("simgen.weather").joinpath("mie.npz").open("rb") as file, np.load(file) as stored:
        edges = stored["edge_m"]
        return 0.5 * np.log(edges[1:] * edges[:-1]), np.asarray(stored[material], np.float64)


def efficiencies(material: Material, diameter_m: F8) -> F8:
    """Rows of the table at some diameters, (wavelength, D, 9): linear in the logarithm, constant beyond its ends."""
    places, table = _table(material)
    at = np.interp(np.log(diameter_m), places, np.arange(len(places)))
    low = np.minimum(at.astype(np.int64), len(places) - 2)
    part = (at - low)[:, None]
    return np.asarray(table[:, low] * (1.0 - part) + table[:, low + 1] * part)


def taken_by_one(material: Material, diameter_m: F8, shadow_m2: F8 | None = None) -> F8:
    """What one particle of each size takes away at each wavelength of light, (6, D), m2."""
    shadow = 0.25 * math.pi * np.asarray(diameter_m) ** 2 if shadow_m2 is None else shadow_m2
    return np.asarray(efficiencies(material, diameter_m)[:_LIGHT, :, _EXTINCTION] * shadow)


def bulk(material: Material, sizes: Sizes, class_name: str, *, flakes: Flakes | None = None) -> Medium:
    """The medium that spheres make: cross-sections times efficiencies, summed over the sizes.

    Light and long waves meet ``flakes`` instead, where they are given; for radar they stay spheres.
    """
    sphere = 0.25 * math.pi * sizes.diameter**2 * sizes.density
    table = efficiencies(material, sizes.diameter)
    light, shadow = table, sphere
    if flakes is not None:
        light, shadow = efficiencies(material, flakes.optical_diameter), flakes.cross_section * sizes.density
    lost = (light[:_LONG, :, _EXTINCTION] * shadow).sum(-1)
    scattered = light[:_LIGHT, :, _SCATTERING] * shadow
    return Medium(
        extinction=lost[:_LIGHT],
        # the radar's efficiency holds 4 pi times what goes straight back
        backscatter=(light[:_LIGHT, :, _BACKSCATTER] * shadow).sum(-1) / (4.0 * math.pi),
        lobes=np.stack([(scattered * light[:_LIGHT, :, _LOBES + k]).sum(-1) for k in range(len(LOBES))]),
        infrared=lost[_LIGHT:],
        microwave=(table[_LONG:, :, _EXTINCTION] * sphere).sum(-1),
        class_name=class_name,
    )


@lru_cache(maxsize=16)
def grains(material: Literal["dust", "smoke"], median_um: float, spread: float) -> Medium:
    """One cubic metre of grains of lognormal diameters a cubic metre of air, as a medium."""
    return bulk(material, lognormal_grains(median_um, spread), material)


def of_visibility(medium: Medium, visibility_m: float) -> Medium:
    """The medium, thinned until it leaves 5 % at 550 nm over the visibility."""
    return medium.scaled(share_of_visibility(medium, visibility_m))


def share_of_visibility(medium: Medium, visibility_m: float) -> float:
    """By what a medium must be scaled to have a visibility."""
    return LN_20 / visibility_m / medium.extinction_at(VISIBLE_NM)
