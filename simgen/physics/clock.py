"""The physics clock: even steps of whole nanoseconds."""

from __future__ import annotations

from typing import Final

import numpy as np

from simgen.records.base import I8
from simgen.scene import Clock
from simgen.units import NS_PER_S

#: how far a trajectory reaches past the sequence, so that the last frame's exposure or sweep fits, ns
TAIL_NS: Final = 200_000_000
#: how far it reaches back before 0, so that the first frame's exposure or sweep fits, ns
LEAD_NS: Final = 200_000_000


def step_ns(clock: Clock) -> int:
    """Length of a physics step: the nearest nanosecond to ``1 / physics_hz``. PyBullet gets exactly this step."""
    return round(NS_PER_S / clock.physics_hz)


def step_times(clock: Clock) -> I8:
    """The instant of every step, (K,), from 0 to at least the sequence's end and the tail."""
    step = step_ns(clock)
    count = -(-(clock.duration_ns + TAIL_NS) // step) + 1
    return step * np.arange(count, dtype=np.int64)


def lead_steps(clock: Clock) -> int:
    """Steps before time 0."""
    return -(-LEAD_NS // step_ns(clock))
