"""For how much of the time a traffic light shows something."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

import numpy as np

from simgen.errors import UserError
from simgen.metrics.base import Metric
from simgen.records.constraints import Constraint
from simgen.records.evidence import Evidence
from simgen.records.roads import SIGNAL_STATES
from simgen.registry import register, suggest

#: what ``other`` may be besides a state: the share of the time in which two signals show green at once
_BOTH: Final = "green with "


@register("metric", "signal_share")
@dataclass(frozen=True, kw_only=True)
class SignalShare(Metric):
    """Share of the time in which the signal ``subject`` shows the state ``other``: off, red, green, yellow ...

    ``other: "green with NAME"``: in which it and the signal of that name are green at once, as they never should be.
    The stretch is ``time_s`` to ``until_s``, or the whole sequence. From the states of the map's signals.
    """

    def measure(self, asked: Constraint, evidence: Evidence) -> float:
        """0..1.

        Raises:
            UserError: there is no such signal or state.
        """
        state, _, name = asked.other.partition(_BOTH) if asked.other.startswith(_BOTH) else (asked.other, "", "")
        shows = _shows(evidence, asked.subject, state or "green")
        if name:
            shows = shows & _shows(evidence, name, "green")
        time_s = evidence.trajectory.time_ns * 1e-9
        until = asked.until_s if asked.until_s >= 0.0 else np.inf
        within = (time_s >= max(asked.time_s, 0.0) - 1e-9) & (time_s <= until)
        return float(shows[within].mean()) if within.any() else float("nan")


def _shows(evidence: Evidence, signal: str, state: str) -> np.ndarray[tuple[int, ...], np.dtype[np.bool_]]:
    names = evidence.trajectory.signal_names
    if signal not in names:
        raise UserError(f"no signal {signal!r}{suggest(signal, names)}")
    if state not in SIGNAL_STATES:
        raise UserError(f"no state {state!r} of a signal{suggest(state, SIGNAL_STATES)}")
    return np.asarray(evidence.trajectory.signal_state[:, names.index(signal)] == SIGNAL_STATES.index(state))
