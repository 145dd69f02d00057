"""Traffic lights over time."""

from __future__ import annotations

import numpy as np

from simgen.records.base import I8, U1
from simgen.records.roads import FLASHING_S, SIGNAL_STATES, RoadMap, Signal
from simgen.units import NS_PER_S


def signal_states(road_map: RoadMap, time_ns: I8) -> U1:
    """Index into ``SIGNAL_STATES`` of every signal at every instant, (K, G)."""
    columns = [_states(signal, time_ns) for signal in road_map.signals]
    return np.stack(columns, axis=1) if columns else np.zeros((len(time_ns), 0), np.uint8)


def _states(signal: Signal, time_ns: I8) -> U1:
    """As :meth:`Signal.state`, for many instants."""
    if signal.fault:
        shines = (time_ns / NS_PER_S % FLASHING_S < 0.5 * FLASHING_S) & (signal.fault == "flashing_yellow")
        return np.where(shines, SIGNAL_STATES.index("yellow"), SIGNAL_STATES.index("off")).astype(np.uint8)
    phases = (("green", signal.green_s), ("yellow", signal.yellow_s), ("red", signal.red_s))
    cycle = sum(length for _, length in phases) + signal.red_yellow_s
    ends = np.cumsum([length for _, length in phases])
    codes = np.array([SIGNAL_STATES.index(name) for name in ("green", "yellow", "red", "red_yellow")], np.uint8)
    phase = (time_ns / NS_PER_S + signal.offset_s) % cycle
    return np.asarray(codes[np.searchsorted(ends, phase, side="right")])
