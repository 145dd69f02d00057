"""Panels of an event camera: the window's events by polarity, by object and by age, and the images of its end."""

from __future__ import annotations

import numpy as np

from simgen.preview.camera import Panel, camera_panels, draw_boxes
from simgen.preview.colors import EMPTY, instance_colors, value_colors
from simgen.records.base import U1
from simgen.records.events import EVENT_NOISE, EventFrame, Events

_ON, _OFF = (86, 180, 255), (255, 96, 60)
#: events at one pixel that draw it in full colour
_FULL = 3.0


def event_panels(name: str, frame: EventFrame) -> list[Panel]:
    """Title and picture of everything the frame holds."""
    size = _size(frame)
    count, milliseconds = len(frame.events.t), (frame.time_ns - int(frame.start_ns[0])) * 1e-6
    words = f"{name}: {count:,} events in {milliseconds:.0f} ms, {int(frame.steps[0])} sub-steps"
    picture = polarity_colors(frame.events, size)
    panels: list[Panel] = [(f"{words}; blue = brighter, red = darker", picture)]
    if isinstance(frame.ideal, EventFrame):
        ideal = frame.ideal.events
        panels.append((f"{name}: without noise, {len(ideal.t):,} events", polarity_colors(ideal, size)))
    by_object = _by_object(frame.events, size)
    if frame.boxes is not None:
        by_object = draw_boxes(by_object, frame.boxes, frame.K)
    panels.append((f"{name}: events by object, with boxes", by_object))
    panels.append((f"{name}: latest event, red = just now", _by_age(frame, size)))
    if frame.luminance is not None:
        panels.append((f"{name}: luminance, logarithmic", _luminance(frame.luminance)))
    maps = camera_panels(name, frame.replace(boxes=None))
    return panels + maps


def polarity_colors(events: Events, size: tuple[int, int]) -> U1:
    """Blue where more events were brighter, red where more were darker; noise counts like the rest."""
    counts = np.zeros((2, *size))
    np.add.at(counts, (events.p, events.y, events.x), 1.0)
    strength = np.clip(counts.max(0) / _FULL, 0.0, 1.0)[..., None] ** 0.5
    color = np.where((counts[1] >= counts[0])[..., None], _ON, _OFF)
    return np.asarray(np.rint(color * strength + np.array(EMPTY) * (1.0 - strength)), np.uint8)


def _size(frame: EventFrame) -> tuple[int, int]:
    for image in (frame.instance, frame.semantic, frame.depth):
        if image is not None:
            return int(image.shape[0]), int(image.shape[1])
    return 2 * round(float(frame.K[1, 2])), 2 * round(float(frame.K[0, 2]))


def _by_object(events: Events, size: tuple[int, int]) -> U1:
    """Each pixel in the colour of its latest real event's object; the world is grey."""
    picture = np.full((*size, 3), EMPTY, np.uint8)
    real = (events.flags & EVENT_NOISE) == 0
    color = instance_colors(events.instance[real])
    color[events.instance[real] == 0] = (120, 124, 130)
    picture[events.y[real], events.x[real]] = color
    return picture


def _by_age(frame: EventFrame, size: tuple[int, int]) -> U1:
    events, start = frame.events, int(frame.start_ns[0])
    latest = np.full(size, -1.0)
    latest[events.y, events.x] = (events.t - start) / max(frame.time_ns - start, 1)
    return value_colors(latest, latest >= 0.0, 0.0, 1.0)


def _luminance(luminance: np.ndarray) -> U1:
    logs = np.log(np.maximum(luminance, 1e-4))
    low, high = np.percentile(logs, (1.0, 99.5))
    grey = np.clip((logs - low) / max(high - low, 0.1), 0.0, 1.0) * 255.0
    return np.repeat(grey.astype(np.uint8)[..., None], 3, axis=-1)
