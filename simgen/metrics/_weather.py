"""The weather at the instants of a question."""

from __future__ import annotations

import math
from collections.abc import Callable

from simgen.metrics._when import asked_instants
from simgen.records.base import F8
from simgen.records.constraints import Constraint
from simgen.records.evidence import Evidence
from simgen.units import seconds_to_ns


def during(asked: Constraint, evidence: Evidence, name: str, pick: Callable[[F8], float]) -> float:
    """A condition at an instant (between the known ones), or its least or largest of a stretch; nan if unknown."""
    if evidence.conditions is None:
        return math.nan
    if asked.time_s >= 0.0 and asked.until_s < 0.0:
        return float(getattr(evidence.conditions.at(seconds_to_ns(asked.time_s)), name)[0])
    values: F8 = getattr(evidence.conditions, name)
    return float(pick(values[asked_instants(asked, evidence.conditions.time_ns)]))
