"""Statuses are known, and a dropped frame has no data."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from simgen.checks.base import NOTHING, Finding, Rule, SequenceLook, count_wrong
from simgen.records.base import Array
from simgen.records.frames import STATUS_DROPPED, STATUS_OK

#: arrays that are 0 where a device is silent
_DATA = ("rgb", "depth_measured", "amplitude")


@dataclass(frozen=True, kw_only=True)
class Statuses(Rule):
    """``status`` is 0 or 1; a dropped frame has no points, detections, echo or measured depth, and a black image."""

    name = "statuses"

    def sequence(self, look: SequenceLook) -> Finding:
        """Look at every sensor's rows."""
        found = NOTHING
        for name, frames in look.frames.items():
            found += _of_sensor(look, name, frames.group["status"][()])
        return found


def _of_sensor(look: SequenceLook, name: str, status: Array) -> Finding:
    where = f"{look.stored.index:06d}/{name}"
    unknown = ~np.isin(status, (STATUS_OK, STATUS_DROPPED))
    dropped = np.flatnonzero(status == STATUS_DROPPED)
    full = np.array([_has_data(look, name, int(k)) for k in dropped], bool)
    return count_wrong(unknown, lambda k: f"{where}/{k}: unknown status {int(status[k])}") + count_wrong(
        full, lambda k: f"{where}/{int(dropped[k])}: dropped, but holds data"
    )


def _has_data(look: SequenceLook, sensor: str, index: int) -> bool:
    frame = look.frame(sensor, index)
    tables = (getattr(frame, name, None) for name in ("points", "detections"))
    images = (getattr(frame, name, None) for name in _DATA)
    return any(t is not None and len(t.instance) for t in tables) or any(i is not None and i.any() for i in images)
