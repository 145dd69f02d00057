"""Keypoints of people in an image: where a body's joints are, and whether they are seen."""

from __future__ import annotations

from typing import Final

import numpy as np

from simgen.assembly import Assembly
from simgen.geometry import F8, quat_conjugate, quat_rotate
from simgen.labelling.optics import Optics
from simgen.lens import Pinhole
from simgen.records.base import F4, I8, U1, U4
from simgen.records.frames import CameraBoxes, CameraFrame, Keypoints
from simgen.records.surroundings import Shot
from simgen.records.trajectory import Trajectory
from simgen.sensors.base import Sensor

#: how much of the own body may lie before a joint that still counts as seen, metres: about as much as flesh and cloth
#: cover it from its own side (COCO's order)
_FLESH_M: Final = np.array([0.06, 0.06, 0.06, 0.09, 0.09, 0.2, 0.2, *[0.13] * 4, 0.22, 0.22, *[0.14] * 4])
#: another thing is before a joint only if it is nearer by this
_BEFORE_M: Final = 0.02


def keypoints(
    frame: CameraFrame, boxes: CameraBoxes, sensor: Sensor, assembly: Assembly, trajectory: Trajectory, shot: Shot
) -> Keypoints | None:
    """The labels of everybody who has a row among the boxes; None where no model of the scene has keypoints."""
    if not any(model.keypoints for model in assembly.models):
        return None
    rows = {int(i): k for k, i in enumerate(trajectory.instance)}
    people = [k for k, i in enumerate(boxes.instance) if assembly.models[rows[int(i)]].keypoints]
    optics = Optics.of(frame, sensor, shot)
    models = [assembly.models[rows[int(boxes.instance[k])]] for k in people]
    bodies = np.array(
        [
            int(trajectory.actor_body[rows[int(boxes.instance[k])]]) + point.link
            for k, model in zip(people, models, strict=True)
            for point in model.keypoints
        ],
        np.int64,
    )
    local = np.array([point.position for model in models for point in model.keypoints]).reshape(-1, 3)
    count = len(_FLESH_M)
    place, uv = _projected(optics, trajectory, bodies, local)
    place, uv = place.reshape(-1, count, 3), uv.reshape(-1, count, 2)
    instance = boxes.instance[people]
    distance = place[..., 2] if optics.bent is None else np.sqrt((place**2).sum(-1))
    f4 = np.float32
    return Keypoints(
        instance=instance,
        class_id=boxes.class_id[people],
        uv=np.where(np.isfinite(uv), uv, 0.0).astype(f4),
        depth=distance.astype(f4),
        visibility=_seen(frame, uv, distance, instance),
        xyz=place.astype(f4),
    )


def _projected(optics: Optics, trajectory: Trajectory, bodies: I8, local: F8) -> tuple[F8, F8]:
    """Points in the camera frame (Q, 3) at the instants of their own image rows, and their pixels (Q, 2).

    The pixel is NaN behind the camera and outside a lens' field. Rows are read one after another: the row of a point
    depends on its instant, which depends on the row; three rounds settle that.
    """
    position, quaternion = trajectory.poses(optics.times_ns, bodies)
    world = quat_rotate(quaternion, local) + position
    knots = quat_rotate(quat_conjugate(optics.turns)[:, None], world - optics.eyes[:, None])
    last = len(knots) - 1
    share = np.full(len(local), 0.5 * last)
    for _ in range(3 if last else 1):
        low = np.minimum(share.astype(np.int64), max(last - 1, 0))
        high, each = np.minimum(low + 1, last), np.arange(len(local))
        place = knots[low, each] + (share - low)[:, None] * (knots[high, each] - knots[low, each])
        uv = _pixels(optics, place)
        share = np.clip(np.nan_to_num(uv[:, 1] / optics.height, nan=0.5), 0.0, 1.0) * last
    return place, uv


def _pixels(optics: Optics, place: F8) -> F8:
    if optics.bent is not None:
        return optics.bent.project(place)
    fx, fy, cx, cy, near = (float(v) for v in optics.lens)
    pinhole = Pinhole(width=optics.width, height=optics.height, fx=fx, fy=fy, cx=cx, cy=cy)
    return np.where(place[:, 2:] > near, pinhole.project(place), np.nan)


def _seen(frame: CameraFrame, uv: F8, distance: F8, instance: U4) -> U1:
    """0 = outside the image, 1 = something, or the own body, is before it, 2 = seen."""
    measured: F4 | None = frame.depth if frame.depth is not None else frame.range
    image = frame.instance
    some = measured if measured is not None else image
    if some is None:
        return np.where(np.isfinite(uv).all(-1), 1, 0).astype(np.uint8)
    height, width = some.shape
    inside = np.isfinite(uv).all(-1) & (uv >= 0.0).all(-1) & (uv[..., 0] < width) & (uv[..., 1] < height)
    col = np.where(inside, np.nan_to_num(uv[..., 0]), 0.0).astype(np.int64)
    row = np.where(inside, np.nan_to_num(uv[..., 1]), 0.0).astype(np.int64)
    own = image[row, col] == instance[:, None] if image is not None else np.ones(inside.shape, np.bool_)
    if measured is None:
        hidden = ~own
    else:
        hidden = measured[row, col] < distance - np.where(own, _FLESH_M, _BEFORE_M)
    return np.where(inside, np.where(hidden, 1, 2), 0).astype(np.uint8)
