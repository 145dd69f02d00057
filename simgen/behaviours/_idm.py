"""Formulas of traffic flow: the intelligent driver model along a lane, and MOBIL for changes of lane."""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import Final

#: nobody brakes harder, m/s2 (dry asphalt)
HARDEST_M_S2: Final = 8.0
_LEAST_GAP_M: Final = 0.1


@dataclass(frozen=True, kw_only=True)
class Temper:
    """What a driver wants, in the symbols of Treiber, Hennecke, Helbing 2000 (Phys. Rev. E 62, 1805) and Kesting 2007.

    ``T``, ``a``, ``b``, ``s0`` there are ``headway_s``, ``acceleration_m_s2``, ``deceleration_m_s2``, ``standstill_m``;
    ``p``, ``b_safe``, ``da_th`` of MOBIL (Kesting, Treiber, Helbing 2007, Transp. Res. Record 1999, 86) are
    ``politeness``, ``safe_braking_m_s2``, ``threshold_m_s2``.
    """

    headway_s: float = 1.5
    acceleration_m_s2: float = 1.4
    deceleration_m_s2: float = 2.0
    standstill_m: float = 2.0
    politeness: float = 0.2
    safe_braking_m_s2: float = 4.0
    threshold_m_s2: float = 0.1
    #: keeps to the right (Europe): what the right lane is worth
    keep_right_m_s2: float = 0.2


def free_acceleration(v: float, wished: float, temper: Temper) -> float:
    """``a (1 - (v/v0)^4)``; above the wished speed a gentle ``-b``-limited return to it."""
    if wished <= 0.01:
        return -temper.deceleration_m_s2
    ratio = v / wished
    if ratio > 1.0:
        # the model's own fall-off would brake at full force for a new speed limit
        return max(temper.acceleration_m_s2 * (1.0 - ratio**4), -0.75 * temper.deceleration_m_s2)
    return temper.acceleration_m_s2 * (1.0 - ratio**4)


def closing_term(v: float, gap: float, ahead: float, temper: Temper) -> float:
    """``a (s*/s)^2`` with ``s* = s0 + v T + v (v - v_ahead) / (2 sqrt(a b))``: what following takes off, m/s2."""
    a, b = temper.acceleration_m_s2, temper.deceleration_m_s2
    wished = temper.standstill_m + max(0.0, v * temper.headway_s + v * (v - ahead) / (2.0 * math.sqrt(a * b)))
    return a * (wished / max(gap, _LEAST_GAP_M)) ** 2


def following_acceleration(v: float, wished: float, gap: float, ahead: float, temper: Temper) -> float:
    """The whole model, no harder than :data:`HARDEST_M_S2`."""
    a = free_acceleration(v, wished, temper) - closing_term(v, gap, ahead, temper)
    return max(a, -HARDEST_M_S2)


def equilibrium_gap(v: float, wished: float, temper: Temper) -> float:
    """The gap at which the model neither accelerates nor brakes behind one of the same speed, m."""
    return (temper.standstill_m + v * temper.headway_s) / math.sqrt(1.0 - (v / wished) ** 4)


def stopping_acceleration(v: float, gap: float, temper: Temper) -> float:
    """How to come to rest at a line ``gap`` metres ahead: as behind one who stands, but up to the line itself."""
    if gap <= 0.05:
        return -min(HARDEST_M_S2, 10.0 * v)
    a, b = temper.acceleration_m_s2, temper.deceleration_m_s2
    # 1.25 s: the last metre is then aperiodic, without a lurch over the line
    wished = 1.0 + 1.25 * v + v * v / (2.0 * math.sqrt(a * b))
    return max(a - a * (wished / (gap + 1.0)) ** 2, -HARDEST_M_S2)


def changes_lane(
    own: float,
    other: float,
    behind: tuple[float, float],
    left_behind: tuple[float, float],
    *,
    temper: Temper,
    to_right: bool,
) -> bool:
    """MOBIL, in its asymmetric form: safe for the one behind over there, and worth it for all together.

    ``own``: acceleration here, ``other``: over there; ``behind``: of the new follower before and after;
    ``left_behind``: of the old follower before and after.
    """
    if behind[1] < -temper.safe_braking_m_s2:
        return False
    bias = temper.keep_right_m_s2 if to_right else -temper.keep_right_m_s2
    # the passing rule of Europe: going left the new follower counts, going right the one who is let go
    others = left_behind[1] - left_behind[0] if to_right else behind[1] - behind[0]
    return other - own + temper.politeness * others + bias > temper.threshold_m_s2


def quintic(share: float) -> tuple[float, float, float]:
    """The smoothest step from 0 to 1 with ends at rest, ``10 t^3 - 15 t^4 + 6 t^5``: value, slope and second slope."""
    t = min(max(share, 0.0), 1.0)
    return (
        t * t * t * (10.0 + t * (6.0 * t - 15.0)),
        30.0 * t * t * (1.0 - t) ** 2,
        60.0 * t * (1.0 - t) * (1.0 - 2.0 * t),
    )
