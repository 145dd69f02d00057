"""Boxes of an image: what is seen of every object, and what it would cover alone."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Final

import numpy as np

from simgen.assembly import Assembly
from simgen.geometry import F8, matrix_from_quat, slerp
from simgen.labelling.boxes import Placed, place
from simgen.labelling.optics import Optics
from simgen.records.base import I4, I8, U1, U4
from simgen.records.frames import BOX_CROSSES_NEAR, CameraBoxes, CameraFrame
from simgen.records.stage import Motion, Stage
from simgen.records.surroundings import Shot
from simgen.records.trajectory import Trajectory
from simgen.records.window import relative_pose
from simgen.sensors.base import Sensor

_NO_IMAGE: Final = np.zeros((0, 0), np.uint32)


def camera_boxes(
    frame: CameraFrame, sensor: Sensor, assembly: Assembly, trajectory: Trajectory, shot: Shot
) -> CameraBoxes:
    """Every existing object that covers a pixel's centre of the image, seen or hidden.

    ``pixels_amodal`` is the union of the silhouette and of the visible pixels, so it is never less than ``pixels``.
    """
    placed = place(assembly, trajectory, frame.time_ns, frame.world_from_sensor, shot.surroundings.ego_instances)
    optics = Optics.of(frame, sensor, shot)
    image = frame.instance if frame.instance is not None else _NO_IMAGE
    pixels, seen = visible(image, placed.instance, optics)
    near = np.flatnonzero((pixels > 0) | optics.may_see(placed.center, placed.size))
    alone = cover(shot.view.stage, shot.view.motion, optics, placed.instance[near], image, seen[near])
    shown = np.flatnonzero(alone.inside > 0)
    return _table(placed, near[shown], alone.rows(shown), pixels[near[shown]], seen[near[shown]])


def _table(placed: Placed, keep: I8, alone: Cover, pixels: I8, seen: I4) -> CameraBoxes:
    f4 = np.float32
    return CameraBoxes(
        **placed.columns(keep),
        flags=(placed.flags[keep] | np.where(alone.crosses, BOX_CROSSES_NEAR, 0)).astype(np.uint16),
        box_px=np.where(pixels[:, None] > 0, seen, 0).astype(f4),
        box_amodal_px=alone.box.astype(f4),
        visible_fraction=(pixels / alone.inside).astype(f4),
        truncation=(1.0 - alone.inside / alone.anywhere).astype(f4),
        pixels=pixels.astype(np.uint32),
        pixels_amodal=alone.inside.astype(np.uint32),
    )


def visible(image: U4, instance: I8, optics: Optics) -> tuple[I8, I4]:
    """Visible pixels of each instance (B) and their box (B, 4), which is (W, H, 0, 0) where nothing is seen."""
    from simgen.kernels.silhouette import count_visible

    pixels, box = np.zeros(len(instance), np.int64), _no_box(len(instance), optics)
    row_of = np.full(int(instance.max(initial=0)) + 1, -1, np.int32)
    row_of[instance] = np.arange(len(instance))
    count_visible(image, row_of, pixels, box)
    return pixels, box


@dataclass(frozen=True, kw_only=True)
class Cover:
    """What each object would cover alone."""

    #: pixels inside the image, and on a canvas extended by one image on each side
    inside: I8
    anywhere: I8
    #: pixel box inside the image, (O, 4)
    box: I4
    #: whether the object crosses the near plane
    crosses: U1

    def rows(self, keep: I8) -> Cover:
        """Some of the objects."""
        return Cover(
            inside=self.inside[keep], anywhere=self.anywhere[keep], box=self.box[keep], crosses=self.crosses[keep]
        )


def cover(stage: Stage, motion: Motion, optics: Optics, instance: I8, image: U4, seen: I4) -> Cover:
    """Rasterise each instance alone and add what is visible of it in ``image`` (H, W) or (0, 0)."""
    from simgen.kernels.tiles import run_tiles

    counts, box = np.zeros((len(instance), 2), np.int64), _no_box(len(instance), optics)
    crosses = np.zeros(len(instance), np.uint8)
    start, parts = _parts(stage, instance)
    matrices = camera_from_body(motion, optics, stage.instance_body[parts])

    outline: Callable[..., None]
    glass: tuple[object, ...]
    if optics.bent is None:
        from simgen.kernels.silhouette import silhouettes as outline

        glass = (optics.lens,)
    else:
        from simgen.kernels.silhouette_lens import silhouettes_through as outline

        glass = optics.bent.number, optics.bent.coefficients, float(optics.lens[4])

    def draw(first: int, last: int) -> None:
        outline(
            first,
            last,
            start,
            parts,
            stage.vertices,
            stage.triangles,
            stage.vertex_start,
            stage.triangle_start,
            stage.instance_mesh,
            matrices,
            *glass,
            optics.width,
            optics.height,
            instance,
            image,
            seen,
            counts,
            box,
            crosses,
        )

    run_tiles(draw, len(instance), 1, optics.threads)
    return Cover(inside=counts[:, 0], anywhere=counts[:, 1], box=box, crosses=crosses)


def camera_from_body(motion: Motion, optics: Optics, bodies: U4) -> F8:
    """Matrices (P, G, 3, 4) that take points of bodies into the camera at every knot of the rows."""
    last = len(motion.position) - 1
    place = np.clip([motion.ray_time(int(t)) * last for t in optics.times_ns], 0.0, last)
    low = np.minimum(place.astype(np.int64), max(last - 1, 0))
    share = np.broadcast_to((place - low)[:, None], (len(place), len(bodies)))
    high = np.minimum(low + 1, last)
    p = motion.position.astype(np.float64)[:, bodies]
    q = motion.quaternion.astype(np.float64)[:, bodies]
    position = p[low] + share[..., None] * (p[high] - p[low])
    eyes, turns = (optics.eyes - motion.origin)[:, None], optics.turns[:, None]
    local, turn = relative_pose(eyes, turns, position, slerp(q[low], q[high], share))
    matrices = np.concatenate([matrix_from_quat(turn), local[..., None]], axis=-1)
    return np.ascontiguousarray(matrices.swapaxes(0, 1))


def _parts(stage: Stage, instance: I8) -> tuple[I8, I8]:
    """Stage instances of each object, end to end, and where each object's begin."""
    order = np.argsort(stage.instance_label, kind="stable")
    labels = stage.instance_label[order]
    low, high = np.searchsorted(labels, instance, side="left"), np.searchsorted(labels, instance, side="right")
    rows = [order[a:b] for a, b in zip(low, high, strict=True)]
    start = np.concatenate([[0], np.cumsum(high - low)]).astype(np.int64)
    return start, np.concatenate([np.zeros(0, np.int64), *rows]).astype(np.int64)


def _no_box(count: int, optics: Optics) -> I4:
    return np.tile(np.array([optics.width, optics.height, 0, 0], np.int32), (count, 1))
