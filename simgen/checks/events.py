"""Events are in order, inside the image and inside their window, and the index of milliseconds finds them."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np

from simgen.checks.base import NOTHING, Finding, FrameLook, Rule, count_wrong
from simgen.records.base import Array

_NS_PER_MS = 1_000_000


@dataclass(frozen=True, kw_only=True)
class EventOrder(Rule):
    """Events are sorted by time, then by pixel, lie in their window and image, and ``ms_to_idx`` points at them."""

    name = "event_order"
    unit = "events"

    def frame(self, look: FrameLook) -> Finding:
        """Look at every event, and at every millisecond."""
        events, start = look.get("events"), look.get("start_ns")
        if events is None or start is None or not hasattr(events, "t"):
            return NOTHING
        t, end = events.t, int(look.frame.time_ns)
        strange = (t < int(start[0])) | (t >= end)
        found = count_wrong(strange, lambda k: f"event {k} at {int(t[k])} ns is not in its window")
        found += count_wrong(_disorder(events), lambda k: f"event {k + 1} comes before event {k}")
        found += count_wrong(events.p > 1, lambda k: f"event {k} has polarity {int(events.p[k])}")
        size = _size(look)
        if size is not None:
            outside = (events.y >= size[0]) | (events.x >= size[1])
            found += count_wrong(outside, lambda k: f"event {k} at {int(events.x[k])}, {int(events.y[k])} is outside")
        return found + _index(look.get("ms_to_idx"), t, int(start[0]), end)


def _size(look: FrameLook) -> tuple[int, int] | None:
    image = next((i for i in (look.get("instance"), look.get("semantic"), look.get("depth")) if i is not None), None)
    return None if image is None else (int(image.shape[0]), int(image.shape[1]))


def _disorder(events: Any) -> Array:
    """Where an event and the next are in the wrong order, (E - 1,)."""
    t, pixel = events.t, events.y.astype(np.int64) * 65536 + events.x
    return np.asarray((t[1:] < t[:-1]) | ((t[1:] == t[:-1]) & (pixel[1:] < pixel[:-1])))


def _index(index: Any, t: Array, start: int, end: int) -> Finding:
    if index is None:
        return NOTHING
    expected = np.arange(-(-start // _NS_PER_MS), -(-end // _NS_PER_MS))
    if len(index.ms) != len(expected) or (index.ms != expected).any():
        words = f"ms_to_idx lists {len(index.ms)} milliseconds, the window has {len(expected)}"
        return count_wrong(np.array([True]), lambda _: words)
    rows = np.array([(t < ms * _NS_PER_MS).sum() for ms in expected], np.int64)
    return count_wrong(
        rows != index.row, lambda k: f"ms_to_idx of {int(expected[k])} ms is {int(index.row[k])}, not {int(rows[k])}"
    )
