"""Which instants a question is about."""

from __future__ import annotations

import numpy as np

from simgen.records.base import Array, Bool
from simgen.records.constraints import Constraint
from simgen.units import seconds_to_ns


def asked_instants(asked: Constraint, time_ns: Array) -> Bool:
    """Those of some rising instants that a question is about, (K,).

    The one nearest to ``time_s``; with ``until_s`` those from one to the other, and the nearest of the two at least;
    all from 0 on if ``time_s`` is negative.
    """
    if not len(time_ns):
        return np.zeros(0, bool)
    if asked.time_s < 0.0:
        return np.asarray(time_ns >= 0)
    start = seconds_to_ns(asked.time_s)
    nearest = np.arange(len(time_ns)) == np.argmin(np.abs(time_ns - start))
    if asked.until_s < 0.0:
        return np.asarray(nearest)
    inside = np.asarray((time_ns >= start) & (time_ns <= seconds_to_ns(asked.until_s)))
    return inside if inside.any() else nearest


def nearest_instant(asked: Constraint, time_ns: Array) -> Bool:
    """The one of some instants that is nearest to ``time_s`` (0 if that is negative), (K,)."""
    if not len(time_ns):
        return np.zeros(0, bool)
    return np.asarray(np.arange(len(time_ns)) == np.argmin(np.abs(time_ns - seconds_to_ns(max(asked.time_s, 0.0)))))
