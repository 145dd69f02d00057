"""Lidar points lie on the surfaces that the cameras' maps of depth or range show."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, ClassVar

import numpy as np

from simgen.checks.base import NOTHING, Finding, FrameLook, Rule
from simgen.checks.points_in_box import point_positions
from simgen.checks.views import View, frame_labels, resting, stores_distances, view_of
from simgen.records.base import F8, Array, Bool
from simgen.records.frames import STATUS_OK


@dataclass(frozen=True, kw_only=True)
class DepthLidar(Rule):
    """Each return from what stands still is compared with the distance at the four pixels around its projection.

    Both sides are taken at their own instants (the point's firing time, the pixel row's exposure). The four pixels
    must carry the point's labels and lie in one plane that goes on around them: inverse distance is then linear over
    so small a patch. A point in front of that surface by more than ``0.1 m + 0.5 %`` fails. A point behind it may be
    hidden from the camera and is left out, unless most points of the sweep are.
    """

    name = "depth_lidar"
    unit = "m"
    allowed_share: ClassVar[float] = 0.02
    tolerance_m: float = 0.1
    tolerance_share: float = 0.005

    def frame(self, look: FrameLook) -> Finding:
        """Compare a sweep with the nearest frame of every camera that stores distances."""
        points = look.get("points")
        cameras = [name for name, frames in look.sequence.frames.items() if stores_distances(frames.group)]
        if points is None or not hasattr(points, "flags") or not cameras:
            return NOTHING
        world = point_positions(look, points)
        usable = (points.flags == 0) & np.isin(points.instance, resting(look.sequence))
        if world is None or not usable.any():
            return NOTHING
        found = NOTHING
        for sensor in cameras:
            index = _nearest(look, sensor)
            view = None if index is None else view_of(look.sequence, sensor, index)
            if view is not None:
                found += self._compare(view, world[usable], points.instance[usable], points.semantic[usable])
        return found

    def _compare(self, view: View, world: F8, instance: Array, semantic: Array) -> Finding:
        frame = view.look.frame(view.sensor, view.index)
        labels = frame_labels(frame)
        if labels is None:
            return NOTHING
        x, y, depth = view.camera.project(world, view.time_ns, view.poses)
        good, surface = _surface(view.distances(frame), labels, x, y, depth, instance, semantic)
        if not good.any():
            return NOTHING
        gap = surface[good] - depth[good]
        limit = self.tolerance_m + self.tolerance_share * depth[good]
        front, behind = gap > limit, gap < -limit
        mostly_hidden = int(behind.sum()) > len(gap) // 2
        tested = ~behind | mostly_hidden
        wrong = front | (behind & mostly_hidden)
        return Finding(
            tested=int(tested.sum()),
            failed=int(wrong.sum()),
            worst=float(np.abs(gap[tested]).max(initial=0.0)),
            example=self._example(view, x[good], y[good], depth[good], gap, wrong),
        )

    def _example(self, view: View, x: F8, y: F8, depth: F8, gap: F8, wrong: Bool) -> str:
        if not wrong.any():
            return ""
        k = int(np.argmax(wrong))
        where = f"{view.sensor}/{view.index} at ({x[k]:.1f}, {y[k]:.1f})"
        return f"a point {depth[k]:.3f} m away, where {where} shows {depth[k] + gap[k]:.3f} m"


def _nearest(look: FrameLook, sensor: str) -> int | None:
    """The delivered frame of a sensor that is nearest in time."""
    group = look.sequence.frames[sensor].group
    ok = np.flatnonzero(group["status"][()] == STATUS_OK)
    if len(ok) == 0:
        return None
    return int(ok[np.argmin(np.abs(group["time_ns"][()][ok] - look.frame.time_ns))])


def _surface(
    depth_map: Array, labels: tuple[Array, Array], x: F8, y: F8, depth: F8, instance: Any, semantic: Any
) -> tuple[Bool, F8]:
    """Which points fall between four like pixels of one plane, and the depth of that plane there."""
    height, width = depth_map.shape
    inside = (depth > 0.3) & (x >= 0.5) & (y >= 0.5) & (x < width - 0.5) & (y < height - 0.5)
    i = np.where(inside, x - 0.5, 0.0).astype(np.int64)
    j = np.where(inside, y - 0.5, 0.0).astype(np.int64)
    fx, fy = x - 0.5 - i, y - 0.5 - j
    inverse = np.empty((4, 4, len(x)))
    for dj in range(4):
        for di in range(4):
            at = np.clip(j + dj - 1, 0, height - 1), np.clip(i + di - 1, 0, width - 1)
            inverse[dj, di] = 1.0 / np.maximum(depth_map[at].astype(np.float64), 1e-6)
            if dj in (1, 2) and di in (1, 2):
                inside &= (labels[0][at] == instance) & (labels[1][at] == semantic) & (depth_map[at] > 0)
    (a, b), (c, d) = inverse[1:3, 1:3]
    mean = 0.25 * (a + b + c + d)
    nearest, farthest = inverse[1:3, 1:3].max((0, 1)), inverse[1:3, 1:3].min((0, 1))
    flat = (np.abs(a + d - b - c) < 0.005 * mean) & (nearest < 1.5 * farthest) & _smooth(inverse, 0.01 * mean)
    w = (1 - fy) * ((1 - fx) * a + fx * b) + fy * ((1 - fx) * c + fx * d)
    good = inside & flat & np.isfinite(mean) & (mean > 0)
    return good, 1.0 / np.where(good, w, 1.0)


def _smooth(inverse: F8, limit: F8) -> Bool:
    """Whether patches (4, 4, N) go on evenly around their middle four.

    Where the ring about them steps, things finer than a pixel (sills, rails, mouldings) may stand between the rays of
    the four, in front of what they show.
    """
    down = np.abs(inverse[:-2, 1:3] - 2.0 * inverse[1:-1, 1:3] + inverse[2:, 1:3]).max((0, 1))
    across = np.abs(inverse[1:3, :-2] - 2.0 * inverse[1:3, 1:-1] + inverse[1:3, 2:]).max((0, 1))
    return np.asarray(np.maximum(down, across) < limit)
