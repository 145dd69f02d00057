"""Units are part of a parameter's name: ``visibility_m``, ``rate_mm_h``, ``hfov_deg``."""

from __future__ import annotations

from typing import Final

SUFFIXES: Final[dict[str, str]] = {
    "_m_s2": "m/s2",
    "_m_s": "m/s",
    "_mm_h": "mm/h",
    "_km_h": "km/h",
    "_dbsm": "dBsm",
    "_dbm": "dBm",
    "_dbi": "dBi",
    "_db": "dB",
    "_kg_m3": "kg/m3",
    "_rad_s": "rad/s",
    "_e_s": "e/s",
    "_deg_s": "deg/s",
    "_cd_m2": "cd/m2",
    "_per_m": "1/m",
    "_per_m3": "1/m3",
    "_m2": "m2",
    "_lux": "lx",
    "_lumen": "lm",
    "_lm": "lm",
    "_klx": "klx",
    "_cd": "cd",
    "_ev": "EV",
    "_mk_per_min": "mK/min",
    "_mk": "mK",
    "_c": "deg C",
    "_sr": "sr",
    "_ppm": "ppm",
    "_e": "e",
    "_deg": "deg",
    "_rad": "rad",
    "_mrad": "mrad",
    "_hz": "Hz",
    "_n_s": "N s",
    "_lx": "lx",
    "_ns": "ns",
    "_us": "us",
    "_ms": "ms",
    "_s": "s",
    "_kg": "kg",
    "_nm": "nm",
    "_um": "um",
    "_mm": "mm",
    "_px": "px",
    "_n": "N",
    "_k": "K",
    "_m": "m",
}

NS_PER_S: Final = 1_000_000_000


def unit_of(name: str) -> str:
    """The unit that a parameter's name declares, or an empty string where it is a pure number."""
    for suffix in sorted(SUFFIXES, key=len, reverse=True):
        if name.endswith(suffix):
            return SUFFIXES[suffix]
    return ""


def seconds_to_ns(seconds: float) -> int:
    """Seconds as integer nanoseconds, rounded to the nearest."""
    return round(seconds * NS_PER_S)
