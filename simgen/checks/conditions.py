"""The stored weather is possible, and covers the frames."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

import numpy as np

from simgen.checks.base import NOTHING, Finding, Rule, SequenceLook, compare, count_wrong
from simgen.records.conditions import Conditions

#: the least visibility that an effect may ask for is 1 m; several effects add
_LEAST_VISIBILITY_M: Final = 0.05
#: what is a share
_SHARES: Final = ("wetness", "puddles", "ice", "uneven")


@dataclass(frozen=True, kw_only=True)
class ConditionsRule(Rule):
    """Visibility is positive (inf in clear air), rates and depths are finite and not negative, shares are 0 to 1.

    Instants rise, and every frame lies between the first and the last.
    """

    name = "conditions"

    def sequence(self, look: SequenceLook) -> Finding:
        """Look at the table and at the frames' instants."""
        conditions = look.stored.weather
        if conditions is None:
            return NOTHING
        return _values(conditions) + _times(conditions, look)


def _values(conditions: Conditions) -> Finding:
    visibility = conditions.visibility_m
    total = count_wrong(~(visibility >= _LEAST_VISIBILITY_M), lambda k: f"visibility_m is {visibility[k]} in row {k}")
    for name, _, values in conditions.arrays():
        if name in ("time_ns", "visibility_m"):
            continue
        most = 1.0 if name in _SHARES else np.inf
        wrong = ~np.isfinite(values) if name == "wind" else ~((values >= 0.0) & (values <= most) & np.isfinite(values))

        def example(k: int, name: str = name, values: np.ndarray = values) -> str:
            return f"{name} is {values.reshape(-1)[k]} in row {k // max(values[0].size, 1)}"

        total += count_wrong(wrong, example)
    return total


def _times(conditions: Conditions, look: SequenceLook) -> Finding:
    times = conditions.time_ns
    total = compare(np.array([(np.diff(times) <= 0).sum()]), 0.0, lambda _: "time_ns of weather does not rise")
    for sensor, frames in look.frames.items():
        outside = (frames.group["time_ns"][()] < times[0]) | (frames.group["time_ns"][()] > times[-1])
        total += count_wrong(outside, lambda k, sensor=sensor: f"weather does not cover frame {k} of {sensor}")  # type: ignore[misc]
    return total
