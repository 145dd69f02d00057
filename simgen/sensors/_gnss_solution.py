"""From ranges to a position: weighted least squares, its covariance and the dilution of precision; multipath errors.

Everything is linear around the true position: what comes out is the error of the solution.
"""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import Final

import numpy as np

from simgen.records.base import F8, Bool

#: wavelength of GPS L1 and Galileo E1, m, and the length of a C/A code chip, m
L1_M: Final = 0.190293673
CHIP_M: Final = 293.05
#: spacing of the early and late correlators, chips
_SPACING: Final = 0.1
#: geometry beyond this gives no position
_WORST_DOP: Final = 50.0


@dataclass(frozen=True, kw_only=True)
class Solution:
    """A position's error (3,), m, and what else the same geometry gives."""

    error: F8
    velocity_error: F8
    #: (3, 3), m2
    covariance: F8
    #: horizontal, vertical, position
    dop: tuple[float, float, float]


def solve(toward: F8, range_error: F8, rate_error: F8, sigma: F8) -> Solution | None:
    """Least squares for position and clock, weighted by 1 / sigma^2; None where the geometry does not fix them.

    Args:
        toward: unit vectors to the satellites, (S, 3).
        range_error: errors of the ranges, (S,), m.
        rate_error: errors of the range rates, (S,), m/s.
        sigma: what the receiver takes their deviations for, (S,), m.
    """
    if len(toward) < 4:
        return None
    rows = np.concatenate([-toward, np.ones((len(toward), 1))], axis=-1)
    plain = inverse((rows[:, :, None] * rows[:, None, :]).sum(0))
    weighted = rows / (sigma * sigma)[:, None]
    covariance = inverse((weighted[:, :, None] * rows[:, None, :]).sum(0))
    if plain is None or covariance is None:
        return None
    q = np.diag(plain)
    dop = (math.sqrt(q[0] + q[1]), math.sqrt(q[2]), math.sqrt(q[0] + q[1] + q[2]))
    if dop[2] > _WORST_DOP:
        return None
    return Solution(
        error=_times(covariance, (weighted * range_error[:, None]).sum(0))[:3],
        velocity_error=_times(covariance, (weighted * rate_error[:, None]).sum(0))[:3],
        covariance=np.ascontiguousarray(covariance[:3, :3]),
        dop=dop,
    )


def solve_excluding(
    toward: F8, range_error: F8, rate_error: F8, sigma: F8, used: Bool, limit: float
) -> tuple[Solution | None, Bool]:
    """:func:`solve` with the satellites in a mask (S,); while the worst residual is above ``limit`` sigma, drop it.

    The exclusion of a receiver: it needs two satellites more than a position does, so that the worst can be told.
    Gives the mask of what is left with the solution.
    """
    kept = used.copy()
    found = solve(toward[kept], range_error[kept], rate_error[kept], sigma[kept])
    while found is not None and kept.sum() >= 6:
        error, w = range_error[kept] + (toward[kept] * found.error).sum(-1), 1.0 / sigma[kept] ** 2
        residual = np.abs(error - (w * error).sum() / w.sum()) / sigma[kept]
        worst = int(np.argmax(residual))
        if residual[worst] <= limit:
            break
        fewer = kept.copy()
        fewer[np.flatnonzero(kept)[worst]] = False
        without = solve(toward[fewer], range_error[fewer], rate_error[fewer], sigma[fewer])
        if without is None:
            break
        kept, found = fewer, without
    return found, kept


def inverse(matrix: F8) -> F8 | None:
    """Inverse of a small symmetric positive definite matrix by Gauss and Jordan; None if it is (nearly) singular."""
    size = len(matrix)
    work = np.concatenate([matrix, np.eye(size)], axis=1)
    scale = float(np.abs(matrix).max())
    for k in range(size):
        if not work[k, k] > 1e-12 * scale:
            return None
        work[k] /= work[k, k]
        for other in range(size):
            if other != k:
                work[other] -= work[other, k] * work[k]
    out: F8 = work[:, size:]
    return 0.5 * (out + out.T)


def _times(matrix: F8, vector: F8) -> F8:
    return np.asarray((matrix * vector).sum(-1))


def code_multipath(excess: F8, share: float) -> F8:
    """Code error of a direct signal with a reflection of that amplitude share, (S,), m.

    ``share x cos(phase) / (1 + share cos(phase))`` for a short extra path x, bounded by the correlator's spacing
    and gone beyond a chip (Braasch 1996; van Nee 1993). The phase is that of the extra path, turned by the mirror.
    """
    wave = -np.cos(2.0 * math.pi * (excess / L1_M % 1.0))
    reach = np.minimum(excess, 0.5 * _SPACING * CHIP_M)
    fade = np.clip((CHIP_M * (1.0 + 0.5 * _SPACING) - excess) / (_SPACING * CHIP_M), 0.0, 1.0)
    return np.asarray(np.where(excess > 0.0, fade * reach * share * wave / (1.0 + share * wave), 0.0))


def phase_multipath(excess: F8, share: float) -> F8:
    """Error of the carrier phase by the same reflection, (S,), m: at most a quarter of a wave."""
    angle = 2.0 * math.pi * (excess / L1_M % 1.0) + math.pi
    error = L1_M / (2.0 * math.pi) * np.arctan2(share * np.sin(angle), 1.0 + share * np.cos(angle))
    return np.asarray(np.where(excess > 0.0, error, 0.0))


def fading_db(excess: F8, share: float) -> F8:
    """What the reflection does to the strength of the direct signal, (S,), dB."""
    angle = 2.0 * math.pi * (excess / L1_M % 1.0) + math.pi
    power = 1.0 + share * share + 2.0 * share * np.cos(angle)
    return np.asarray(np.where(excess > 0.0, 10.0 * np.log10(np.maximum(power, 1e-3)), 0.0))


def obliquity(elevation: F8) -> F8:
    """How much longer the way through the ionosphere (350 km, thin shell) is than at the zenith, (S,)."""
    return np.asarray(1.0 / np.sqrt(1.0 - (6371.0 / 6721.0 * np.cos(elevation)) ** 2))


__all__ = [
    "Solution",
    "code_multipath",
    "fading_db",
    "inverse",
    "obliquity",
    "phase_multipath",
    "solve",
    "solve_excluding",
]
