"""The weather over a sequence, as labels."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Final

import numpy as np

from simgen.records.base import F8, I8, Array, Record, array

CLEAR: Final = "clear"
#: beyond it air counts as clear
_CLEAR_M: Final = 1e6
#: how conditions are told: name, unit, factor
_WORDS: Final[Mapping[str, tuple[str, str, float]]] = {
    "rain_mm_h": ("rain", " mm/h", 1.0),
    "snow_mm_h": ("snow", " mm/h", 1.0),
    "hail_mm_h": ("hail", " mm/h", 1.0),
    "wetness": ("wet", " %", 100.0),
    "puddles": ("puddles", " %", 100.0),
    "snow_m": ("lying snow", " cm", 100.0),
    "ice": ("ice", " %", 100.0),
    "wind_m_s": ("wind", " m/s", 1.0),
}


def in_words(ranges: Mapping[str, tuple[float, float]]) -> str:
    """The ranges of conditions as people would tell them; those that are nothing are left out."""
    low, high = ranges["visibility_m"]
    parts = [f"visibility {_span(low, high)} m"] if low < _CLEAR_M else []
    for key, (name, unit, factor) in _WORDS.items():
        low, high = ranges.get(key, (0.0, 0.0))
        if high > 0.0:
            parts.append(f"{name} {_span(factor * low, factor * high)}{unit}")
    return ", ".join(parts) or CLEAR


def _span(low: float, high: float) -> str:
    """``5``, ``5 to 20``, ``from 5`` where there is no end."""
    least, most = _digits(low), _digits(high)
    if least == most:
        return least
    return f"from {least}" if high == np.inf else f"{least} to {most}"


def _digits(value: float) -> str:
    """Three digits, never a power of ten."""
    return f"{value:.3g}" if value < 1000.0 or value == np.inf else f"{float(f'{value:.3g}'):.0f}"


@dataclass(frozen=True, kw_only=True, eq=False)
class Conditions(Record):
    """What the weather is at each of some instants, where the ego is then, or at the world's origin without one."""

    time_ns: I8 = array("K", "i8", unit="ns", doc="instants, rising")
    visibility_m: F8 = array(
        "K", "f8", unit="m", doc="meteorological optical range: 5 % of contrast are left, at 550 nm; inf in clear air"
    )
    rain_mm_h: F8 = array("K", "f8", unit="mm/h", doc="rain and drizzle")
    snow_mm_h: F8 = array("K", "f8", unit="mm/h", doc="snow, as water")
    hail_mm_h: F8 = array("K", "f8", unit="mm/h", doc="hail, as water")
    wetness: F8 = array("K", "f8", doc="film of water on what is exposed, 1 = soaked")
    puddles: F8 = array("K", "f8", doc="share of level ground under standing water")
    snow_m: F8 = array("K", "f8", unit="m", doc="depth of the snow on open, level ground")
    ice: F8 = array("K", "f8", doc="share of level ground under clear ice")
    uneven: F8 = array("K", "f8", doc="1 = layers, patches, plumes or spray: visibility differs from place to place")
    wind: F8 = array("K 3", "f8", unit="m/s", doc="of the air over the ground, world axes")

    def ranges(self) -> dict[str, tuple[float, float]]:
        """Least and most of each condition; of the wind its speed, ``wind_m_s``."""
        columns = {name: value for name, _, value in self.arrays() if name not in ("time_ns", "wind")}
        columns["wind_m_s"] = np.sqrt((self.wind**2).sum(-1))
        return {name: (float(value.min()), float(value.max())) for name, value in columns.items()}

    def in_words(self) -> str:
        """``visibility 50 to 300 m, rain 0 to 25 mm/h``."""
        return in_words(self.ranges())

    def at(self, time_ns: Array | int) -> Conditions:
        """The conditions at other instants (M,), linear between the known ones (visibility: its inverse)."""
        times = np.atleast_1d(np.asarray(time_ns, np.int64))
        values = {name: _between(times, self.time_ns, value) for name, _, value in self.arrays() if name != "time_ns"}
        inverse = _between(times, self.time_ns, 1.0 / self.visibility_m)
        with np.errstate(divide="ignore"):
            return Conditions(time_ns=times, **{**values, "visibility_m": 1.0 / inverse})


def _between(times: I8, known: I8, values: F8) -> F8:
    """Linear interpolation of every column; the ends go on."""
    columns = values.reshape(len(known), -1).T
    # less the first instant: a double has no room for nanoseconds of this century
    moment, at = (times - known[0]).astype(np.float64), (known - known[0]).astype(np.float64)
    found = np.stack([np.interp(moment, at, column) for column in columns], axis=-1)
    return np.asarray(found.reshape(len(times), *values.shape[1:]), np.float64)
