"""How bright things look in pictures."""

from __future__ import annotations

import numpy as np

from simgen.records.base import U1, U4
from simgen.records.frames import CameraFrame


def levels_of(frame: CameraFrame, instances: U4) -> U1:
    """The brightest byte (mean of the channels) of every object's visible pixels, (B,); 0 of what has none."""
    assert frame.instance is not None
    if frame.rgb is None:
        return np.zeros(len(instances), np.uint8)
    size = int(max(frame.instance.max(initial=0), instances.max(initial=0))) + 1
    level = (frame.rgb.astype(np.uint16).sum(-1) // 3).astype(np.uint8)
    table = np.zeros(size, np.uint8)
    np.maximum.at(table, frame.instance.ravel(), level.ravel())
    return table[instances]
