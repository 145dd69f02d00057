"""What a depth camera misses of the objects that it sees."""

from __future__ import annotations

from typing import Final

import numpy as np

from simgen.records.base import F4, U4
from simgen.records.depth_frames import MEASURED, DepthFrame

#: a measured depth that is off by more than this share of the true one is wrong
_DEPTH_TOLERANCE: Final = 0.02


def depth_lost_of(frame: DepthFrame, instances: U4) -> F4:
    """Of each object: the share of its pixels for which the device has no depth, or a wrong one."""
    assert frame.instance is not None
    assert frame.depth is not None
    off = np.abs(frame.depth_measured - frame.depth) > _DEPTH_TOLERANCE * frame.depth
    lost = (frame.hole != MEASURED) | off
    size = int(max(frame.instance.max(initial=0), instances.max(initial=0))) + 1
    pixels = np.bincount(frame.instance.ravel(), minlength=size)
    missed = np.bincount(frame.instance.ravel(), weights=lost.ravel(), minlength=size)
    return np.asarray(missed[instances] / np.maximum(pixels[instances], 1), np.float32)
