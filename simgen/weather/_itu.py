"""How rain dims radar: ITU-R P.838-3."""

from __future__ import annotations

import math
from typing import Final

#: dB/km of an extinction of 1/m
DB_KM: Final = 1e4 * math.log10(math.e)
#: tables 1 to 4: rows of (a, b, c), then the slope and the constant
_K_H: Final = (
    (
        (-5.33980, -0.10008, 1.13098),
        (-0.35351, 1.26970, 0.45400),
        (-0.23789, 0.86036, 0.15354),
        (-0.94158, 0.64552, 0.16817),
    ),
    -0.18961,
    0.71147,
)
_K_V: Final = (
    (
        (-3.80595, 0.56934, 0.81061),
        (-3.44965, -0.22911, 0.51059),
        (-0.39902, 0.73042, 0.11899),
        (0.50167, 1.07319, 0.27195),
    ),
    -0.16398,
    0.63297,
)
_ALPHA_H: Final = (
    (
        (-0.14318, 1.82442, -0.55187),
        (0.29591, 0.77564, 0.19822),
        (0.32177, 0.63773, 0.13164),
        (-5.37610, -0.96230, 1.47828),
        (16.1721, -3.29980, 3.43990),
    ),
    0.67849,
    -1.95537,
)
_ALPHA_V: Final = (
    (
        (-0.07771, 2.33840, -0.76284),
        (0.56727, 0.95545, 0.54039),
        (-0.20238, 1.14520, 0.26809),
        (-48.2991, 0.791669, 0.116226),
        (48.5833, 0.791459, 0.116479),
    ),
    -0.053739,
    0.83433,
)
_Table = tuple[tuple[tuple[float, float, float], ...], float, float]


def _fit(table: _Table, frequency_hz: float) -> float:
    f = math.log10(1e-9 * frequency_hz)
    return sum(a * math.exp(-(((f - b) / c) ** 2)) for a, b, c in table[0]) + table[1] * f + table[2]


def rain_db_km(rate_mm_h: float, frequency_hz: float) -> float:
    """Attenuation of rain, one way: ``k R^alpha`` (ITU-R P.838-3), mean of horizontal and vertical polarisation."""
    if rate_mm_h <= 0.0:
        return 0.0
    pairs = ((_K_H, _ALPHA_H), (_K_V, _ALPHA_V))
    return float(
        sum(0.5 * 10.0 ** _fit(k, frequency_hz) * rate_mm_h ** _fit(alpha, frequency_hz) for k, alpha in pairs)
    )
