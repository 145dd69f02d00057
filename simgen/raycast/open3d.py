"""The fallback: one Open3D scene per mesh, and the rays taken into each instance's frame at their own time.

Slower than the native engine the more instances there are: every instance costs a pass over the rays. Those that cannot
meet the sphere that the instance sweeps, or that hit something before it, are left out.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np

from simgen.errors import EngineError
from simgen.raycast._stages import check_motion, check_stage, mesh_of, mesh_radii
from simgen.records.base import F4, F8, U4, Bool
from simgen.records.rays import Hits, NativeView, Rays, RayView
from simgen.records.stage import NO_HIT, Motion, Stage


@dataclass(frozen=True, kw_only=True, eq=False)
class _Found:
    """The nearest hits so far."""

    distance: F4
    instance: U4
    triangle: U4
    barycentric: F4


class Open3dView:
    """A stage placed in a window of time. Made by :meth:`Open3dEngine.place`."""

    native: NativeView | None = None

    def __init__(self, engine: Open3dEngine, motion: Motion) -> None:
        self.stage, self.motion = engine.stage, motion
        self._engine: Open3dEngine | None = engine

    def cast(self, rays: Rays) -> Hits:
        """The nearest hit of each ray."""
        count = len(rays.time)
        found = _Found(
            distance=np.where(rays.far > rays.near, rays.far, -np.inf).astype(np.float32),
            instance=np.full(count, NO_HIT, np.uint32),
            triangle=np.full(count, NO_HIT, np.uint32),
            barycentric=np.zeros((count, 2), np.float32),
        )
        spheres = self._spheres()
        for row in self._order(spheres, rays):
            self._cast_instance(int(row), spheres[row], rays, found)
        distance = np.where(found.instance == NO_HIT, np.float32(np.inf), found.distance)
        return Hits(distance=distance, instance=found.instance, triangle=found.triangle, barycentric=found.barycentric)

    def _spheres(self) -> F8:
        """Centre and radius of what each instance sweeps, (I, 4): between steps, bodies move in straight lines."""
        if self._engine is None:
            raise EngineError("this view is closed; place the stage again")
        path = self.motion.position[:, self.stage.instance_body].astype(np.float64)
        low, high = path.min(0), path.max(0)
        swept = np.sqrt(((high - low) ** 2).sum(-1)) / 2.0
        radius = (swept + self._engine.radii[self.stage.instance_mesh]) * (1.0 + 1e-6) + 1e-6
        return np.concatenate([(low + high) / 2.0, radius[:, None]], -1)

    def _order(self, spheres: F8, rays: Rays) -> Any:
        """Instances that are there, nearest first, so that near hits spare the far ones."""
        rows = np.flatnonzero(self.motion.exists[self.stage.instance_body])
        middle = rays.origin.mean(0) if len(rays.origin) else np.zeros(3)
        gap = np.sqrt(((spheres[rows, :3] - middle) ** 2).sum(-1)) - spheres[rows, 3]
        return rows[np.argsort(gap, kind="stable")]

    def _cast_instance(self, row: int, sphere: F8, rays: Rays, found: _Found) -> None:
        """Cast into one instance and keep what is nearer than what was found before."""
        from simgen.kernels.bodies import rays_to_body

        if self._engine is None:
            raise EngineError("this view is closed; place the stage again")
        mesh, body, motion = int(self.stage.instance_mesh[row]), int(self.stage.instance_body[row]), self.motion
        count = len(rays.time)
        rows, local = np.empty(count, np.int64), np.empty((count, 6), np.float32)
        given = (rays.origin, rays.direction, rays.time, rays.near, found.distance)
        kept = rays_to_body(body, sphere, motion.position, motion.quaternion, *given, rows, local)
        if kept == 0:
            return
        rows = rows[:kept]
        t, triangle, barycentric = self._engine.cast_mesh(mesh, local[:kept])
        t = t + rays.near[rows]
        nearer = np.isfinite(t) & (t <= found.distance[rows])
        rows = rows[nearer]
        found.distance[rows], found.instance[rows] = t[nearer], row
        found.triangle[rows], found.barycentric[rows] = triangle[nearer], barycentric[nearer]

    def occluded(self, rays: Rays) -> Bool:
        """Whether anything lies between near and far of each ray, shape (N,)."""
        return np.isfinite(self.cast(rays).distance)

    def close(self) -> None:
        """The view is dead after."""
        self._engine = None


class Open3dEngine:
    """Open3D behind the :class:`~simgen.records.rays.RayEngine` protocol.

    Raises:
        EngineError: Open3D is missing.
        UserError: a mesh is empty or broken.
    """

    name = "open3d"

    def __init__(self, stage: Stage) -> None:
        check_stage(stage)
        try:
            import open3d
        except ImportError as error:
            raise EngineError(f"Open3D cannot be loaded: {error}") from error
        self.stage = stage
        #: farthest vertex of each mesh from its own origin, m
        self.radii = mesh_radii(stage)
        self._core: Any = open3d.core
        self._closed, self._scenes = False, list[Any]()
        for mesh in range(stage.mesh_count):
            vertices, triangles = mesh_of(stage, mesh)
            scene = open3d.t.geometry.RaycastingScene()
            scene.add_triangles(self._tensor(vertices), self._tensor(triangles))
            self._scenes.append(scene)

    def _tensor(self, array: F4 | U4) -> Any:
        return self._core.Tensor(np.ascontiguousarray(array))

    def cast_mesh(self, mesh: int, local: F4) -> tuple[F4, U4, F4]:
        """Cast rays (N, 6) of a mesh's own frame: distance, triangle, barycentrics."""
        answer = self._scenes[mesh].cast_rays(self._tensor(local))
        return answer["t_hit"].numpy(), answer["primitive_ids"].numpy(), answer["primitive_uvs"].numpy()

    def place(self, motion: Motion) -> RayView:
        """Remember the motion; rays are taken to the instances when they are cast.

        Raises:
            EngineError: the engine is closed or the motion does not fit the stage.
        """
        check_motion(self.stage, motion)
        if self._closed:
            raise EngineError("this engine is closed; open another")
        return Open3dView(self, motion)

    def close(self) -> None:
        """Drop the scenes."""
        self._closed, self._scenes = True, []
