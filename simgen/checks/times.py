"""Time only goes forward."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from simgen.checks.base import Finding, Rule, SequenceLook, count_wrong
from simgen.records.base import Array


@dataclass(frozen=True, kw_only=True)
class Times(Rule):
    """Physics steps are even, every sensor's ``time_ns`` increases, and lies within the trajectory."""

    name = "times"

    def sequence(self, look: SequenceLook) -> Finding:
        """Look at the steps and at every sensor's times, dropped frames included."""
        steps = np.diff(look.trajectory.time_ns)
        uneven = (steps <= 0) | (np.abs(steps - steps.mean()) > 1.0) if len(steps) else np.zeros(0, bool)
        found = count_wrong(uneven, lambda k: f"physics step {k + 1} comes {int(steps[k])} ns after the one before")
        for name, frames in look.frames.items():
            found += _of_sensor(look, name, frames.group["time_ns"][()])
        return found


def _of_sensor(look: SequenceLook, name: str, times: Array) -> Finding:
    gaps = np.diff(times)
    first, last = int(look.trajectory.time_ns[0]), look.trajectory.end_ns
    outside = (times < first) | (times > last)
    where = f"{look.stored.index:06d}/{name}"
    return count_wrong(gaps <= 0, lambda k: f"{where}/{k + 1}: {int(gaps[k])} ns after the frame before") + count_wrong(
        outside, lambda k: f"{where}/{k}: time {int(times[k])} ns lies outside the trajectory"
    )
