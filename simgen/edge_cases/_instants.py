"""Instants that only a forecast tells."""

from __future__ import annotations

import numpy as np

from simgen.metrics import row_of
from simgen.metrics._path import against, driven_path
from simgen.records.evidence import Evidence


def entry_s(evidence: Evidence, a: str, b: str) -> float:
    """When one of two actors first enters the path that the other sweeps, s; 0 if that never happens.

    Raises:
        UserError: one of them is not there.
    """
    trajectory = evidence.trajectory
    rows = row_of(trajectory, a), row_of(trajectory, b)
    steps = [_entry(evidence, *pair) for pair in (rows, rows[::-1])]
    known = [step for step in steps if step is not None]
    return float(trajectory.time_ns[min(known)]) * 1e-9 if known else 0.0


def _entry(evidence: Evidence, row: int, other: int) -> int | None:
    """The step at which ``other``, outside before, enters the path of ``row``."""
    trajectory = evidence.trajectory
    path = driven_path(trajectory, row)
    if path is None:
        return None
    _, lateral, _, across = against(path, trajectory, other)
    inside = np.abs(lateral) - across < trajectory.size[row, 1] / 2.0
    enters = inside & ~np.concatenate([inside[:1], inside[:-1]])
    return int(np.argmax(enters)) if enters.any() else None
