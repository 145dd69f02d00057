"""Frames of a sensor at the instants of a question."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, TypeVar

import numpy as np

from simgen.errors import UserError
from simgen.metrics._actors import row_of
from simgen.metrics._when import asked_instants
from simgen.records.base import F8, Array
from simgen.records.constraints import Constraint
from simgen.records.evidence import Evidence, Health, Sightings
from simgen.registry import suggest

_T = TypeVar("_T")


def of_sensor(found: Mapping[str, _T], name: str) -> _T:
    """What is known of a sensor.

    Raises:
        UserError: there is no such sensor among those whose frames are there.
    """
    if name not in found:
        raise UserError(f"no sensor {name!r}{suggest(name, tuple(found))}")
    return found[name]


def asked_health(asked: Constraint, evidence: Evidence, column: str) -> F8:
    """A column of the subject's health, at the frames asked about.

    Raises:
        UserError: the subject is no sensor.
    """
    health: Health = of_sensor(evidence.health, asked.subject)
    values: Array = getattr(health, column)
    return values[asked_instants(asked, health.time_ns)].astype(np.float64)


def largest(values: F8) -> float:
    """The largest of those that are known; nan if none is."""
    known = values[~np.isnan(values)]
    return float(known.max()) if len(known) else float("nan")


def seen_counts(asked: Constraint, evidence: Evidence, column: str) -> tuple[Sightings, Array]:
    """A count per frame of what the sensor ``other`` has of the subject, (N,); 0 where it has no box of it.

    Raises:
        UserError: there is no such actor or sensor.
    """
    seen = of_sensor(evidence.seen, asked.other)
    instance = evidence.trajectory.instance[row_of(evidence.trajectory, asked.subject)]
    counts: Any = np.zeros(len(seen.time_ns), np.int64)
    mine = seen.instance == instance
    values = getattr(seen, column)
    if values is not None:
        counts[seen.frame[mine]] = values[mine]
    return seen, counts
