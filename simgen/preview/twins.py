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
    """A block of two columns with each pair of pictures of one view; none if there are no such cameras."""
    cameras = [(name, frame) for name, frame in frames.items() if type(frame) is CameraFrame]
    blocks: list[Block] = []
    for k, (name, frame) in enumerate(cameras):
        for other, twin in cameras[k + 1 :]:
            if _twins(frame, twin):
                assert frame.rgb is not None
                assert twin.rgb is not None
                pair: list[Panel] = [(f"{name} (beside {other})", frame.rgb), (f"{other} (beside {name})", twin.rgb)]
                blocks.append((pair, 2))
    return blocks


__all__ = ["twins_of"]
