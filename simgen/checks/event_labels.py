"""Events of an object lie where its box was in the image at their own time: label against trajectory and lens."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np

from simgen.checks.base import NOTHING, Finding, FrameLook, Rule, compare
from simgen.checks.mounts import actor_poses
from simgen.checks.views import View, view_of
from simgen.geometry import inverse_transform, transform
from simgen.records.base import F8, I8
from simgen.records.events import EVENT_NOISE
from simgen.taxonomy import classes

#: events that are looked at of each object
_MOST = 200
#: limbs reach out of a person's box, which is that of the body at rest, m
_LIMBS_M = 0.6
_SLACK_M = 0.03


@dataclass(frozen=True, kw_only=True)
class EventLabels(Rule):
    """An event with an instance lies within the outline of that actor's box, projected at the event's own time.

    A label is that of the nearer sub-step, so the outline is widened by the image motion in half of one, and by 1.5 px
    for the pixel and its neighbours that share its samples. The deviation is what is beyond that.
    """

    name = "event_labels"
    unit = "px"
    allowed_share = 0.002

    def frame(self, look: FrameLook) -> Finding:
        """Look at some events of every object."""
        events = look.get("events")
        if events is None or not hasattr(events, "t") or not len(events.t):
            return NOTHING
        view, steps = view_of(look.sequence, look.sensor, look.index), look.get("steps")
        if view is None or steps is None or not _mounted(look):
            return NOTHING
        margin = 1.5 + 0.5 * max(float(look.frame.motion_px[0]), 1.0)
        found = NOTHING
        real = (events.flags & EVENT_NOISE) == 0
        for instance in np.unique(events.instance[real]):
            if int(instance) in look.sequence.trajectory.instance:
                rows = np.flatnonzero(real & (events.instance == instance))
                found += self._object(view, events, int(instance), rows[:: -(-len(rows) // _MOST)], margin)
        return found

    def _object(self, view: View, events: Any, instance: int, rows: I8, margin: float) -> Finding:
        low, high, good = outline(view, instance, events.t[rows])
        place = np.stack([events.x[rows], events.y[rows]], -1) + 0.5
        beyond = np.maximum(low - place, place - high).max(-1)[good] - margin
        kept = rows[good]

        def example(k: int) -> str:
            row = kept[k]
            at = f"x {int(events.x[row])}, y {int(events.y[row])}"
            return f"event {int(row)} at {at} is {beyond[k] + margin:.1f} px outside the box of instance {instance}"

        return compare(np.maximum(beyond, 0.0), 0.0, example)


def _mounted(look: FrameLook) -> bool:
    return look.sequence.sensor_poses(look.sensor, np.array(look.frame.time_ns)) is not None


def outline(view: View, instance: int, times: I8) -> tuple[F8, F8, np.ndarray]:
    """Lowest and highest image position (N, 2) of an actor's box at instants, and where the box is all in front."""
    trajectory = view.look.trajectory
    row = trajectory.row(instance)
    half = trajectory.size[row].astype(np.float64) / 2.0 + _SLACK_M + _reach(view, instance)
    signs = np.array([[i & 1, i >> 1 & 1, i >> 2 & 1] for i in range(8)]) * 2.0 - 1.0
    corners = trajectory.box_center[row] + signs * half
    position, quaternion = actor_poses(trajectory, instance, times)
    eye, turn = view.poses(times)
    world = transform(position[:, None], quaternion[:, None], corners)
    local = inverse_transform(eye[:, None], turn[:, None], world)
    x, y = view.camera.image(local.reshape(-1, 3))
    image = np.stack([x, y], -1).reshape(len(times), 8, 2)
    return image.min(1), image.max(1), local[..., 2].min(1) > 0.1


def _reach(view: View, instance: int) -> float:
    by_id = {info.id: info.parent for info in classes().values()}
    actor = next((a for a in view.look.actors if a.id == instance), None)
    return _LIMBS_M if actor is not None and by_id.get(actor.class_id) in ("human", "animal", "robot") else 0.0
