"""What sensors have of the actors, from the stored boxes."""

from __future__ import annotations

from typing import Any

import numpy as np

from simgen.dataset import FrameSet
from simgen.metrics import depth_lost_of, levels_of
from simgen.records.base import F4, U1, Array, array_specs
from simgen.records.evidence import Eye, Sightings

#: columns of numbers, and what stands for them where a sensor has none
_BLANK = {"visible_fraction": np.nan, "truncation": np.nan, "pixels": 0, "points": 0}


def stored_sightings(frames: FrameSet, depth: bool = False, looks: bool = False) -> Sightings:
    """Every frame's boxes in one table.

    With ``depth`` also what a depth camera misses of each, with ``looks`` how bright each is, from the images.
    """
    group, specs = frames.group, array_specs(Sightings)
    columns: dict[str, Array] = {}
    stored: Any = getattr(frames, "boxes") if "boxes" in frames.tables else None  # noqa: B009
    counts = group["boxes_count"][()].astype(np.int64) if stored is not None else np.zeros(len(frames), np.int64)
    total = int(counts.sum())
    for name in ("instance", *_BLANK):
        known = stored is not None and name in stored.columns
        values = stored.__getattr__(name)[:] if known else np.full(total, _BLANK.get(name, 0))
        columns[name] = values.astype(specs[name].dtype)
    has = tuple(
        name for name in ("visible_fraction", "pixels", "points") if stored is not None and name in stored.columns
    )
    return Sightings(
        time_ns=group["time_ns"][()].astype(np.int64),
        status=group["status"][()].astype(np.uint8),
        frame=np.repeat(np.arange(len(frames), dtype=np.int32), counts),
        columns=has,
        depth_lost=_depth_lost(frames, counts, columns["instance"]) if depth else None,
        level=_levels(frames, counts, columns["instance"]) if looks else None,
        **columns,
    )


def _depth_lost(frames: FrameSet, counts: Array, instance: Array) -> F4 | None:
    if frames.record != "DepthFrame":
        return None
    parts = np.split(instance, np.cumsum(counts)[:-1])
    return np.concatenate([depth_lost_of(frame, part) for frame, part in zip(frames, parts, strict=True)])


def _levels(frames: FrameSet, counts: Array, instance: Array) -> U1 | None:
    if frames.record not in ("CameraFrame", "DepthFrame"):
        return None
    parts = np.split(instance, np.cumsum(counts)[:-1])
    return np.concatenate([levels_of(frame, part) for frame, part in zip(frames, parts, strict=True)])


def stored_eye(frames: FrameSet) -> Eye | None:
    """Where a sensor sits at the beginning; None of free cameras."""
    mount = frames.calibration_true.get("mount", {})
    if "position" not in mount:
        return None
    x, y, z = mount["position"]
    return Eye(on=mount.get("on", "world").split("/")[0], position=(x, y, z))
