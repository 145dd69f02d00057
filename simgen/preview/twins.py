"""Side by side: cameras in one place that see the same at the same instant, and frames with their clean twins."""

from __future__ import annotations

from collections.abc import Mapping

import numpy as np

from simgen.preview.layout import Block, Panel
from simgen.preview.lidar import reach_of, weather_eye
from simgen.records.frames import CameraFrame, Frame, LidarFrame


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


def clear_pairs_of(frames: Mapping[str, Frame]) -> list[Block]:
    """A block of two columns for each picture and each sweep that has a twin in clear air: as it is, and without."""
    blocks: list[Block] = []
    for name, frame in frames.items():
        twin = frame.twin
        if isinstance(frame, CameraFrame) and isinstance(twin, CameraFrame):
            if frame.rgb is not None and twin.rgb is not None:
                blocks.append(([(f"{name}", frame.rgb), (f"{name}: twin in clear air, same exposure", twin.rgb)], 2))
        elif isinstance(frame, LidarFrame) and isinstance(twin, LidarFrame):
            # as wide as the frame itself: weather stays near, and would draw the eye there
            reach_m = reach_of(twin.points.xyz)
            both = ((f"{name}", frame), (f"{name}: twin in clear air", twin))
            blocks.append(([(words, weather_eye(sweep.points, (900, 506), reach_m)) for words, sweep in both], 2))
    return blocks


__all__ = ["clear_pairs_of", "twins_of"]
