"""Walking lanes joined into a network: sidewalks, corners and crosswalks whose ends lie near each other."""

from __future__ import annotations

from dataclasses import replace

import numpy as np

from simgen.records.roads import Lane

#: the end of a path and the start of the next lie at most so far apart
_REACH_M = 4.5


def joined(lanes: list[Lane]) -> list[Lane]:
    """Each with its successors: what begins near its end, save the way straight back."""
    if not lanes:
        return []
    starts = np.array([lane.centerline[0] for lane in lanes])
    found = []
    for lane in lanes:
        gap = np.hypot(*(starts - lane.centerline[-1])[:, :2].T)
        group = lane.name.rsplit("/", 1)[0]
        near = [
            (float(gap[k]), other.name)
            for k, other in enumerate(lanes)
            if gap[k] < _REACH_M and other.name.rsplit("/", 1)[0] != group
        ]
        found.append(replace(lane, successors=tuple(name for _, name in sorted(near))))
    return found
