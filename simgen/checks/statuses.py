"""Statuses are known, and a dropped frame has no data."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from simgen.checks.base import NOTHING, Finding, Rule, SequenceLook, count_wrong
from simgen.records.frames import STATUS_DROPPED, STATUS_OK


@dataclass(frozen=True, kw_only=True)
class Statuses(Rule):
    """``status`` is 0 or 1, and a dropped frame has no points and a black image."""

    name = "statuses"

    def sequence(self, look: SequenceLook) -> Finding:
        """Look at every sensor's rows."""
        found = NOTHING
        for name, frames in look.frames.items():
            status = frames.group["status"][()]
            where = f"{look.stored.index:06d}/{name}"
            found += count_wrong(
                ~np.isin(status, (STATUS_OK, STATUS_DROPPED)),
                lambda k, s=status, w=where: f"{w}/{k}: unknown status {int(s[k])}",
            )
            dropped = np.flatnonzero(status == STATUS_DROPPED)
            full = np.array([_has_data(look, name, int(k)) for k in dropped], bool)
            found += count_wrong(full, lambda k, d=dropped, w=where: f"{w}/{int(d[k])}: dropped, but holds data")
        return found


def _has_data(look: SequenceLook, sensor: str, index: int) -> bool:
    frame = look.frame(sensor, index)
    points, image = getattr(frame, "points", None), getattr(frame, "rgb", None)
    return bool((points is not None and len(points.instance)) or (image is not None and image.any()))
