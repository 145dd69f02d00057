"""Every object in the data has a row in the boxes, once."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from simgen.checks.base import NOTHING, Finding, FrameLook, Rule, count_wrong


@dataclass(frozen=True, kw_only=True)
class BoxRows(Rule):
    """Instances of the mask or the points are among the boxes, and no instance has two rows."""

    name = "box_rows"

    def frame(self, look: FrameLook) -> Finding:
        """Compare the ids of the data with those of the boxes."""
        boxes, points = look.get("boxes"), look.get("points")
        labels = look.get("instance") if points is None else points.instance
        if boxes is None or labels is None:
            return NOTHING
        present = np.unique(labels)
        present = present[present != 0]
        missing = ~np.isin(present, boxes.instance)
        ids, rows = np.unique(boxes.instance, return_counts=True)
        return count_wrong(missing, lambda k: f"instance {int(present[k])} has no box") + count_wrong(
            rows > 1, lambda k: f"instance {int(ids[k])} has {int(rows[k])} boxes"
        )
