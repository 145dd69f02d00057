"""The engine that is easy to believe: every ray against every triangle in numpy, double precision. For tests.

Intersection after Moeller and Trumbore, Fast, minimum storage ray/triangle intersection, 1997; both faces count.
"""

from __future__ import annotations

import numpy as np

from simgen.errors import EngineError
from simgen.geometry import cross, quat_conjugate, quat_rotate, slerp
from simgen.raycast._stages import check_motion, check_stage, mesh_of
from simgen.records.base import F4, F8, I8, Bool
from simgen.records.rays import Hits, NativeView, Rays, RayView
from simgen.records.stage import NO_HIT, Motion, Stage

#: ray-triangle pairs at a time
_PAIRS = 1 << 18


def poses_at(motion: Motion, body: int, time: F4) -> tuple[F8, F8]:
    """Position (N, 3) and quaternion (N, 4) of a body at ray times (N,): linear and slerp between the steps."""
    segments = len(motion.position) - 1
    scaled = np.clip(time * np.float32(segments), 0.0, segments).astype(np.float64)
    step = np.clip(scaled.astype(np.int64), 0, max(segments - 1, 0))
    after, part = np.minimum(step + 1, segments), scaled - step
    p, q = motion.position[:, body].astype(np.float64), motion.quaternion[:, body].astype(np.float64)
    return p[step] + (p[after] - p[step]) * part[:, None], slerp(q[step], q[after], part)


def intersect(origin: F8, direction: F8, near: F4, far: F4, corners: F8) -> tuple[F8, I8, F8]:
    """The nearest triangle of each ray: distance (N,), inf = none, its row (N,) and barycentrics (N, 2).

    Args:
        origin: (N, 3).
        direction: (N, 3).
        near: (N,).
        far: (N,).
        corners: (T, 3, 3), the corners of every triangle.
    """
    first = corners[:, 0]
    side, other = corners[:, 1] - first, corners[:, 2] - first
    p = cross(direction[:, None], other)
    determinant = (side * p).sum(-1)
    with np.errstate(divide="ignore", invalid="ignore"):
        s = origin[:, None] - first
        u = (s * p).sum(-1) / determinant
        q = cross(s, np.broadcast_to(side, s.shape))
        v = (direction[:, None] * q).sum(-1) / determinant
        t = (other * q).sum(-1) / determinant
        inside = (u >= 0.0) & (v >= 0.0) & (u + v <= 1.0)
        hit = inside & (t >= near[:, None]) & (t <= far[:, None]) & (far > near)[:, None]
    distance = np.where(hit, t, np.inf)
    best = distance.argmin(-1)
    rows = np.arange(len(origin))
    return distance[rows, best], best, np.stack([u[rows, best], v[rows, best]], -1)


class ReferenceView:
    """A stage placed in a window of time."""

    native: NativeView | None = None

    def __init__(self, stage: Stage, motion: Motion) -> None:
        self.stage, self.motion = stage, motion
        self._open = True

    def cast(self, rays: Rays) -> Hits:
        """The nearest hit of each ray."""
        if not self._open:
            raise EngineError("this view is closed; place the stage again")
        count = len(rays.time)
        distance, barycentric = np.full(count, np.inf), np.zeros((count, 2))
        instance, triangle = np.full(count, NO_HIT, np.uint32), np.full(count, NO_HIT, np.uint32)
        for row, (mesh, body) in enumerate(zip(self.stage.instance_mesh, self.stage.instance_body, strict=True)):
            if not self.motion.exists[body]:
                continue
            t, which, uv = self._cast_instance(int(mesh), int(body), rays)
            nearer = t < distance
            distance[nearer], barycentric[nearer] = t[nearer], uv[nearer]
            instance[nearer], triangle[nearer] = row, which[nearer]
        return Hits(
            distance=distance.astype(np.float32),
            instance=instance,
            triangle=triangle,
            barycentric=barycentric.astype(np.float32),
        )

    def _cast_instance(self, mesh: int, body: int, rays: Rays) -> tuple[F8, I8, F8]:
        vertices, triangles = mesh_of(self.stage, mesh)
        corners = vertices.astype(np.float64)[triangles]
        position, quaternion = poses_at(self.motion, body, rays.time)
        inverse = quat_conjugate(quaternion)
        origin = quat_rotate(inverse, rays.origin - position)
        direction = quat_rotate(inverse, rays.direction)
        chunk = max(1, _PAIRS // len(triangles))
        parts = [
            intersect(origin[k : k + chunk], direction[k : k + chunk], rays.near[k : k + chunk], far, corners)
            for k in range(0, len(origin), chunk)
            for far in (rays.far[k : k + chunk],)
        ]
        if not parts:
            return np.zeros(0), np.zeros(0, np.int64), np.zeros((0, 2))
        t, which, uv = (np.concatenate(column) for column in zip(*parts, strict=True))
        return t, which, uv

    def occluded(self, rays: Rays) -> Bool:
        """Whether anything lies between near and far of each ray, shape (N,)."""
        return np.isfinite(self.cast(rays).distance)

    def close(self) -> None:
        """The view is dead after."""
        self._open = False


class ReferenceEngine:
    """Plain numpy behind the :class:`~simgen.records.rays.RayEngine` protocol; slow."""

    name = "reference"

    def __init__(self, stage: Stage) -> None:
        check_stage(stage)
        self.stage = stage
        self._closed = False

    def place(self, motion: Motion) -> RayView:
        """Remember the motion; there is no tree.

        Raises:
            EngineError: the engine is closed or the motion does not fit the stage.
        """
        if self._closed:
            raise EngineError("this engine is closed; open another")
        check_motion(self.stage, motion)
        return ReferenceView(self.stage, motion)

    def close(self) -> None:
        """Refuse further motions; there is nothing to give back."""
        self._closed = True
