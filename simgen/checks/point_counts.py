"""``points`` of a lidar's boxes: as many as are labelled."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from simgen.checks.base import NOTHING, Finding, FrameLook, Rule, compare


@dataclass(frozen=True, kw_only=True)
class PointCounts(Rule):
    """``points`` is the number of points labelled with the instance; no tolerance."""

    name = "point_counts"
    unit = "points"

    def frame(self, look: FrameLook) -> Finding:
        """Count the labels."""
        points, boxes = look.get("points"), look.get("boxes")
        if points is None or boxes is None or not hasattr(boxes, "points"):
            return NOTHING
        labels = np.sort(points.instance)
        bounds = (np.searchsorted(labels, boxes.instance, side) for side in ("left", "right"))
        start, stop = bounds
        count = stop - start
        return compare(
            count - boxes.points.astype(np.int64),
            0.0,
            lambda k: f"instance {int(boxes.instance[k])}: {int(boxes.points[k])}, but {int(count[k])} are labelled",
        )
