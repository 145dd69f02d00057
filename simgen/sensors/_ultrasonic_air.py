"""Sound in air: how fast it is and how it fades."""

from __future__ import annotations

import math
from typing import Final

_ZERO_C: Final = 273.15
#: ISO 9613-1: reference temperature, triple point, K
_T0: Final = 293.15
_T01: Final = 273.16


def sound_speed(temperature_c: float) -> float:
    """Speed of sound in dry air, m/s: ``331.3 sqrt(1 + T / 273.15)``."""
    return 331.3 * math.sqrt(1.0 + temperature_c / _ZERO_C)


def absorption_db_m(frequency_hz: float, temperature_c: float, humidity: float) -> float:
    """What the air takes from a plane wave at one atmosphere, dB/m: ISO 9613-1, equations 3 to 5.

    Args:
        frequency_hz: of the sound.
        temperature_c: of the air.
        humidity: relative, 0..1.
    """
    t = temperature_c + _ZERO_C
    warm = t / _T0
    # molar share of water vapour, per cent
    vapour: float = 100.0 * humidity * 10.0 ** (-6.8346 * (_T01 / t) ** 1.261 + 4.6151)
    oxygen = 24.0 + 4.04e4 * vapour * (0.02 + vapour) / (0.391 + vapour)
    nitrogen: float = warm**-0.5 * (9.0 + 280.0 * vapour * math.exp(-4.170 * (warm ** (-1.0 / 3.0) - 1.0)))
    f2 = frequency_hz * frequency_hz
    relaxing = 0.01275 * math.exp(-2239.1 / t) / (oxygen + f2 / oxygen)
    relaxing += 0.1068 * math.exp(-3352.0 / t) / (nitrogen + f2 / nitrogen)
    return float(8.686 * f2 * (1.84e-11 * math.sqrt(warm) + warm**-2.5 * relaxing))
