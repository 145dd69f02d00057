"""The yardstick of every speed goal: bare Embree time.

One Open3D ``RaycastingScene`` that holds the same geometry at that instant, already built, is given the same rays
(primary, shadow, sky, edge, flow) by ``cast_rays`` and ``test_occlusions`` on the same threads in the same run. A
ratio of 1.0 would mean that everything else (simulation, shading, labels, compression, writing) costs nothing.
"""

from __future__ import annotations

import time
from dataclasses import dataclass, field
from typing import Any

import numpy as np

from simgen.geometry import slerp, transform
from simgen.records.base import Bool
from simgen.records.rays import Hits, Rays, RayView
from simgen.records.stage import Motion, Stage


@dataclass
class RecordingView:
    """Passes rays on to a real view, through arrays, and keeps a copy of each batch."""

    view: RayView
    casts: list[Rays] = field(default_factory=list)
    tests: list[Rays] = field(default_factory=list)
    native: None = None

    @property
    def stage(self) -> Stage:
        return self.view.stage

    @property
    def motion(self) -> Motion:
        return self.view.motion

    def cast(self, rays: Rays) -> Hits:
        self.casts.append(_copied(rays))
        return self.view.cast(rays)

    def occluded(self, rays: Rays) -> Bool:
        self.tests.append(_copied(rays))
        return self.view.occluded(rays)

    def close(self) -> None:
        """The real view is its owner's to close."""


def _copied(rays: Rays) -> Rays:
    """Rays of their own: a wave's arrays hold those to the sun next, then those to the sky."""
    return rays.replace(**{name: value.copy() for name, _, value in rays.arrays()})


def baked_mesh(stage: Stage, motion: Motion, ray_time: float = 0.5) -> tuple[np.ndarray, np.ndarray]:
    """Vertices and triangles of everything that is there at one instant."""
    vertices, triangles, offset = [], [], 0
    steps = len(motion.position)
    low = min(int(ray_time * (steps - 1)), max(steps - 2, 0))
    high = min(low + 1, steps - 1)
    w = ray_time * (steps - 1) - low if steps > 1 else 0.0
    for mesh, body in zip(stage.instance_mesh, stage.instance_body, strict=True):
        if not motion.exists[body]:
            continue
        v = stage.vertices[stage.vertex_start[mesh] : stage.vertex_start[mesh + 1]]
        t = stage.triangles[stage.triangle_start[mesh] : stage.triangle_start[mesh + 1]]
        p = motion.position[low, body] * (1 - w) + motion.position[high, body] * w
        q = slerp(motion.quaternion[low, body], motion.quaternion[high, body], w)
        vertices.append(transform(p, q, v).astype(np.float32))
        triangles.append(t + np.uint32(offset))
        offset += len(v)
    return np.concatenate(vertices), np.concatenate(triangles)


def baked_scene(stage: Stage, motion: Motion, ray_time: float = 0.5) -> Any:
    """An Open3D scene of everything that is there at one instant, as one mesh."""
    import open3d as o3d

    vertices, triangles = baked_mesh(stage, motion, ray_time)
    scene = o3d.t.geometry.RaycastingScene()
    scene.add_triangles(o3d.core.Tensor(vertices), o3d.core.Tensor(triangles))
    scene.cast_rays(o3d.core.Tensor(np.zeros((1, 6), np.float32)))
    return scene


def bare_seconds(scene: Any, casts: list[Rays], tests: list[Rays]) -> tuple[float, float, int]:
    """Wall and CPU seconds that the bare scene needs for all rays, and how many there are; without inactive rays."""
    import open3d as o3d

    first = [o3d.core.Tensor(_active(rays)[0]) for rays in casts]
    shadow = [(o3d.core.Tensor(r), near, far) for r, near, far in (_active(rays) for rays in tests)]
    count = sum(len(t) for t in first) + sum(len(t) for t, _, _ in shadow)
    begin, used = time.perf_counter(), time.process_time()
    for rays in first:
        scene.cast_rays(rays)
    for rays, near, far in shadow:
        scene.test_occlusions(rays, tnear=near, tfar=far)
    return time.perf_counter() - begin, time.process_time() - used, count


def _active(rays: Rays) -> tuple[np.ndarray, float, float]:
    on = rays.far > rays.near
    packed = np.concatenate([rays.origin[on], rays.direction[on]], axis=1)
    near = float(rays.near[on].min()) if on.any() else 0.0
    far = float(rays.far[on].max()) if on.any() else 0.0
    return np.ascontiguousarray(packed), near, far
