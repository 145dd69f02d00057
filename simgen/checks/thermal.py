"""Counts, temperatures and labels of a thermal camera agree, by the stored calibration alone."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np

from simgen.checks.base import NOTHING, Finding, FrameLook, Rule, compare, count_wrong
from simgen.records.base import F8, Array

#: second radiation constant, m K, and 2 h c^2, W m2/sr
_C2, _C1 = 1.438776877e-2, 1.191042972e-16
#: rows and columns that are looked at: every so many
_EVERY = 7


@dataclass(frozen=True, kw_only=True)
class ThermalCounts(Rule):
    """A measured temperature is the one whose Planck radiance, seen with the assumed emissivity, its counts stand for.

    Tested where the assumed emissivity is 1. The deviation is in counts; the ends of the span are left out.
    """

    name = "thermal_counts"
    unit = "counts"

    def frame(self, look: FrameLook) -> Finding:
        """Take every seventh pixel's temperature back to counts."""
        raw, temperature = look.get("raw"), look.get("temperature")
        known = look.sequence.calibration(look.sensor)
        if raw is None or temperature is None or known.get("assumed_emissivity") != 1.0 or "band_um" not in known:
            return NOTHING
        some = raw[::_EVERY, ::_EVERY].ravel(), temperature[::_EVERY, ::_EVERY].ravel()
        inside = (some[0] > 0) & (some[0] < known["counts"])
        stored, celsius = some[0][inside].astype(np.float64), some[1][inside].astype(np.float64)
        back = as_counts(celsius + 273.15, known)
        return compare(
            back - stored,
            0.6,
            lambda k: f"{celsius[k]:.2f} C stands for {back[k]:.1f} counts, stored are {stored[k]:.0f}",
        )


def as_counts(kelvin: Array, known: dict[str, Any]) -> F8:
    """Counts of black bodies: Planck's law summed over 400 strips of the band."""
    low, high = (float(v) * 1e-6 for v in known["band_um"])
    strip = (high - low) / 400
    total = np.zeros(np.shape(kelvin))
    for k in range(400):
        wavelength = low + (k + 0.5) * strip
        total += _C1 / wavelength**5 / np.expm1(_C2 / (wavelength * kelvin)) * strip
    first, last = known["radiance_w_m2_sr"]
    return np.asarray((total - first) / (last - first) * known["counts"])


@dataclass(frozen=True, kw_only=True)
class ThermalLabels(Rule):
    """True temperatures lie between the coldest sky and the hottest exhaust, emissivities between 0 and 1."""

    name = "thermal_labels"
    unit = "pixels"

    def frame(self, look: FrameLook) -> Finding:
        """Look at every pixel of the labels."""
        found = NOTHING
        for name, low, high in (("surface_temperature", -120.0, 400.0), ("emissivity", 0.0, 1.0)):
            values = look.get(name)
            if values is not None:
                wrong = (values < low) | (values > high)
                found += count_wrong(wrong.ravel(), lambda k, n=name, v=values: f"{n} is {v.ravel()[k]:.4g}")  # type: ignore[misc]
        return found
