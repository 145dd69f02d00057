"""Cameras in one place that see the same at the same instant, ``fast`` and ``high`` for instance, side by side."""

from __future__ import annotations

from collections.abc import Mapping

import numpy as np

from simgen.preview.layout import Block, Panel
from simgen.records.frames import CameraFrame, Frame


def _twins(a: CameraFrame, b: CameraFrame) -> bool:
    """Whether two pictures show the same view, in different light or by different means."""
    if a.rgb is None or b.rgb is None or a.rgb.shape != b.rgb.shape or a.time_ns != b.time_ns:
        return False
    same = np.array_equal(a.K, b.K) and np.array_equal(a.world_from_sensor, b.world_from_sensor)
    return same and not np.array_equal(a.rgb, b.rgb)


def twins_of(frames: Mapping[str, Frame]) -> list[Block]:
    """A block of two columns for each view that several cameras have, each picture once; none if no view is shared."""
    waiting = [(name, frame) for name, frame in frames.items() if type(frame) is CameraFrame]
    blocks: list[Block] = []
    while waiting:
        first = waiting[0]
        group = [first, *(other for other in waiting[1:] if _twins(first[1], other[1]))]
        names = [name for name, _ in group]
        waiting = [camera for camera in waiting if camera[0] not in names]
        if len(group) > 1:
            panels: list[Panel] = []
            for name, frame in group:
                assert frame.rgb is not None
                panels.append((f"{name} (beside {', '.join(n for n in names if n != name)})", frame.rgb))
            blocks.append((panels, 2))
    return blocks


__all__ = ["twins_of"]
