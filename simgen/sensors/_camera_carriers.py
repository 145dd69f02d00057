"""Which body carries each object while the shutter is open, and which of its parts move beside that body."""

from __future__ import annotations

from functools import lru_cache
from typing import Final

import numpy as np

from simgen.geometry import quat_conjugate, quat_multiply, quat_rotate
from simgen.records.base import F4, F8, I8
from simgen.records.stage import Motion, Stage

#: what moves less than this beside its carrier is fixed to it, m: turns are known to some 1e-4 rad
_STIFF_M: Final = 2e-3


@lru_cache(maxsize=4)
def _body_radius(stage: Stage, bodies: int) -> F8:
    """How far from its own origin each body reaches, m, (B,)."""
    length = np.sqrt((stage.vertices.astype(np.float64) ** 2).sum(-1))
    mesh = np.array([length[a:b].max(initial=0.0) for a, b in zip(stage.vertex_start, stage.vertex_start[1:])])  # noqa: B905
    radius = np.zeros(bodies)
    np.maximum.at(radius, stage.instance_body.astype(np.int64), mesh[stage.instance_mesh])
    return radius


def carriers(stage: Stage, motion: Motion, time_ns: int, time_s: float) -> tuple[I8, I8, F4]:
    """By label: the body that carries the object, and its other bodies that move beside it in the exposure.

    Those of label ``l`` are rows ``start[l]`` to ``start[l + 1]`` of the last, (P, 5): where in the carrier's frame,
    how far from there they reach, and how far they move, m.
    """
    labels, bodies = stage.instance_label.astype(np.int64), stage.instance_body.astype(np.int64)
    count = int(labels.max(initial=0)) + 1
    roots = np.full(count, np.iinfo(np.int64).max)
    np.minimum.at(roots, labels, bodies)
    roots[0] = 0
    roots[roots == np.iinfo(np.int64).max] = 0
    start, parts = np.zeros(count + 1, np.int64), np.zeros((0, 5), np.float32)
    if time_s > 0.0 and motion.moving.any():
        half = round(time_s * 0.5e9)
        poses = [poses_at(motion, time_ns + step) for step in (-half, half)]
        root, reach = roots[labels], _body_radius(stage, motion.position.shape[1])[bodies]
        (at0, turn0), (at1, turn1) = (_relative(*pose, root, bodies) for pose in poses)
        cosine = np.abs((turn0 * turn1).sum(-1)).clip(0.0, 1.0)
        # no point moves farther than across its circle
        moved = np.sqrt(((at1 - at0) ** 2).sum(-1)) + np.minimum(2.0 * np.arccos(cosine), 2.0) * reach
        swings = np.flatnonzero((labels > 0) & (moved > _STIFF_M))
        swings = swings[np.argsort(labels[swings], kind="stable")]
        start = np.searchsorted(labels[swings], np.arange(count + 1)).astype(np.int64)
        rows = (0.5 * (at0 + at1)[swings], (reach + moved)[swings, None], moved[swings, None])
        parts = np.ascontiguousarray(np.concatenate(rows, -1), np.float32)
    return roots, start, parts


def poses_at(motion: Motion, time_ns: int) -> tuple[F8, F8]:
    """Positions (B, 3) and rotations (B, 4) of all bodies at an instant, less the origin."""
    last = len(motion.position) - 1
    place = min(max(motion.ray_time(time_ns), 0.0), 1.0) * last
    low = min(int(place), max(last - 1, 0))
    t, high = place - low, min(low + 1, last)
    p = motion.position[low] * (1.0 - t) + motion.position[high] * t
    q = motion.quaternion[low] * (1.0 - t) + motion.quaternion[high] * t
    return p.astype(np.float64), q / np.sqrt((q * q).sum(-1, keepdims=True))


def _relative(p: F8, q: F8, root: I8, body: I8) -> tuple[F8, F8]:
    inverse = quat_conjugate(q[root])
    return quat_rotate(inverse, p[body] - p[root]), quat_multiply(inverse, q[body])


__all__ = ["carriers", "poses_at"]
