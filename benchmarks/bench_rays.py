"""Rays per second of the native engine, as a ratio to bare Embree.

Bare Embree: one Open3D ``RaycastingScene`` with the same geometry baked at that instant, already built, given the same
rays by ``cast_rays`` and ``test_occlusions``. Primary rays of a 1280x720 pinhole camera, and one shadow ray per hit.
Both run on the same cores in turns; the best of several rounds counts. A ratio of 1.0 means: as fast as bare Embree.

    python benchmarks/bench_rays.py [--rounds 5] [--instances 50 200 400]
"""

from __future__ import annotations

import argparse
import os
import time
from collections.abc import Callable
from typing import Any

import numpy as np

from simgen.geometry import normalized, quat_from_yaw, quat_rotate
from simgen.raycast.embree import EmbreeEngine
from simgen.raycast.reference import poses_at
from simgen.records.base import F4, U4, empty_table
from simgen.records.mesh import SurfaceTable
from simgen.records.rays import Hits, Rays
from simgen.records.stage import NO_HIT, Motion, Stage
from simgen.rng import stream

WIDTH, HEIGHT = 1280, 720
TRIANGLES = 260_000
SUN = normalized((0.4, 0.3, 0.8)).astype(np.float32)


def surface(cells: int, size: float, bump: float) -> tuple[F4, U4]:
    """A bumpy sheet of ``2 * cells**2`` triangles."""
    line = np.linspace(-size / 2, size / 2, cells + 1)
    x, y = np.meshgrid(line, line, indexing="ij")
    z = bump * np.sin(9.0 * x / size) * np.cos(7.0 * y / size)
    start = (np.arange(cells)[:, None] * (cells + 1) + np.arange(cells)).ravel()
    right, up = start + cells + 1, start + 1
    faces = np.concatenate([np.stack([start, right, up], -1), np.stack([up, right, right + 1], -1)])
    return np.stack([x, y, z], -1).reshape(-1, 3).astype(np.float32), faces.astype(np.uint32)


def body(cells: int) -> tuple[F4, U4]:
    """A rounded box the size of a car, ``12 * cells**2`` triangles."""
    sheet, faces = surface(cells, 2.0, 0.0)
    u, v, one = sheet[:, 0], sheet[:, 1], np.ones(len(sheet), np.float32)
    sides = [(u, v, one), (v, u, -one), (one, u, v), (-one, v, u), (v, one, u), (u, -one, v)]
    points = np.concatenate([np.stack(side, -1) for side in sides]).astype(np.float64)
    points = points / ((points**4).sum(-1, keepdims=True) ** 0.25) * np.array([2.2, 0.9, 0.75])
    return points.astype(np.float32), np.concatenate([faces + k * len(sheet) for k in range(6)]).astype(np.uint32)


def make_stage(instances: int) -> Stage:
    """Ground, and one mesh in 20 variants carried by ``instances`` bodies; about 260,000 triangles once baked."""
    cells = max(4, round((TRIANGLES / 2 / instances / 12) ** 0.5))
    ground = round(((TRIANGLES - instances * 12 * cells**2) / 2) ** 0.5)
    shapes = [surface(ground, 300.0, 1.0), *(body(cells) for _ in range(20))]
    vertices, triangles = (np.concatenate([shape[k] for shape in shapes]) for k in range(2))
    return Stage(
        vertices=vertices,
        normals=np.zeros_like(vertices),
        triangles=triangles,
        triangle_surface=np.zeros(len(triangles), np.uint16),
        vertex_start=np.cumsum([0, *(len(shape[0]) for shape in shapes)]),
        triangle_start=np.cumsum([0, *(len(shape[1]) for shape in shapes)]),
        instance_mesh=np.array([0, *(1 + k % 20 for k in range(instances))], np.uint32),
        instance_body=np.arange(instances + 1, dtype=np.uint32),
        instance_label=np.arange(instances + 1, dtype=np.uint32),
        surface_base=np.zeros(instances + 1, np.uint32),
        surfaces=empty_table(SurfaceTable),
    )


def make_motion(instances: int, steps: int) -> Motion:
    """Traffic: up to 15 m/s and 0.5 rad/s over 1/30 s; 1 step = an instant."""
    draws = stream(3, "bench", instances)
    when = np.linspace(0.0, 1.0 / 30.0, steps)[:, None]
    place = draws.uniform((-60, -60, 1.0), (90, 60, 2.5), (instances, 3))
    yaw = draws.uniform(-np.pi, np.pi, instances) + when * draws.uniform(-0.5, 0.5, instances)
    speed = draws.uniform(0, 15, instances)
    position, quaternion = np.zeros((steps, instances + 1, 3)), np.zeros((steps, instances + 1, 4))
    position[:, 1:] = place + quat_rotate(quat_from_yaw(yaw), [1.0, 0.0, 0.0]) * (when * speed)[..., None]
    quaternion[:, 0, 0], quaternion[:, 1:] = 1.0, quat_from_yaw(yaw)
    return Motion(
        start_ns=0,
        end_ns=33_333_333 if steps > 1 else 0,
        origin=np.zeros(3),
        position=position.astype(np.float32),
        quaternion=quaternion.astype(np.float32),
        exists=np.ones(instances + 1, np.bool_),
        moving=np.arange(instances + 1) > 0 if steps > 1 else np.zeros(instances + 1, np.bool_),
    )


def camera_rays(steps: int) -> Rays:
    """A camera 5 m up; with motion, rows from the window's start to its end."""
    x, y = np.meshgrid(np.arange(WIDTH) + 0.5, np.arange(HEIGHT) + 0.5)
    forward = np.ones_like(x)
    direction = np.stack([forward, (WIDTH / 2 - x) / 900.0, (HEIGHT / 2 - y) / 900.0 - 0.1], -1).reshape(-1, 3)
    when = (y / HEIGHT).ravel() if steps > 1 else np.zeros(x.size)
    return bundle(np.broadcast_to(np.array([-70.0, 0.0, 5.0]), direction.shape), direction, when)


def bundle(origin: Any, direction: Any, when: Any) -> Rays:
    """Rays without limits."""
    count = len(origin)
    return Rays(
        origin=np.array(origin, np.float32, order="C"),
        direction=np.array(direction, np.float32, order="C"),
        time=np.array(when, np.float32),
        near=np.zeros(count, np.float32),
        far=np.full(count, np.inf, np.float32),
    )


def shadow_rays(rays: Rays, hits: Hits) -> Rays:
    """One ray towards the sun from every hit, lifted off the surface."""
    hit = hits.instance != NO_HIT
    start = rays.origin[hit] + rays.direction[hit] * (hits.distance[hit, None] - 1e-3)
    return bundle(start, np.broadcast_to(SUN, start.shape), rays.time[hit])


class Bare:
    """One Open3D scene of everything, as it stands at one ray time."""

    def __init__(self, stage: Stage, motion: Motion, when: float) -> None:
        import open3d as o3d

        self.core: Any = o3d.core
        self.scene = o3d.t.geometry.RaycastingScene()
        points, faces, count = [], [], 0
        for mesh, bearer in zip(stage.instance_mesh, stage.instance_body, strict=True):
            position, turn = poses_at(motion, int(bearer), np.full(1, when, np.float32))
            local = stage.vertices[stage.vertex_start[mesh] : stage.vertex_start[mesh + 1]]
            points.append((quat_rotate(turn, local) + position).astype(np.float32))
            faces.append(
                stage.triangles[stage.triangle_start[mesh] : stage.triangle_start[mesh + 1]] + np.uint32(count)
            )
            count += len(local)
        self.triangles = sum(len(f) for f in faces)
        self.scene.add_triangles(self.core.Tensor(np.concatenate(points)), self.core.Tensor(np.concatenate(faces)))

    def tensor(self, rays: Rays) -> Any:
        """Rays as Open3D takes them."""
        return self.core.Tensor(np.concatenate([rays.origin, rays.direction], -1))


def best(rounds: int, *works: Callable[[], object]) -> list[float]:
    """The best time of each, taken in turns so that all see the same machine, s."""
    times = [np.inf] * len(works)
    for _ in range(rounds + 1):
        for k, work in enumerate(works):
            start = time.perf_counter()
            work()
            times[k] = min(times[k], time.perf_counter() - start)
    return times


def measure(instances: int, steps: int, rounds: int, threads: int) -> str:
    """One row of the table."""
    stage, motion, rays = make_stage(instances), make_motion(instances, steps), camera_rays(steps)
    engine = EmbreeEngine(stage, threads)
    bare = Bare(stage, motion, 0.5)
    view = engine.place(motion)
    shadows = shadow_rays(rays, view.cast(rays))
    primary, shadow = bare.tensor(rays), bare.tensor(shadows)
    times = best(
        rounds,
        lambda: engine.place(motion).close(),
        lambda: view.cast(rays),
        lambda: view.occluded(shadows),
        lambda: bare.scene.cast_rays(primary),
        lambda: bare.scene.test_occlusions(shadow),
    )
    place, cast, occluded, bare_cast, bare_occluded = times
    total = len(rays.time) + len(shadows.time)
    engine.close()
    cells = [
        f"{instances:9d}",
        f"{steps:5d}",
        f"{bare.triangles / 1e3:6.0f} k",
        f"{place * 1e3:8.1f}",
        f"{total / (cast + occluded) / 1e6:9.1f}",
        f"{total / (bare_cast + bare_occluded) / 1e6:9.1f}",
        f"{cast / bare_cast:7.2f}",
        f"{occluded / bare_occluded:6.2f}",
        f"{(place + cast + occluded) / (bare_cast + bare_occluded):10.2f}",
    ]
    return " ".join(cells)


def main() -> None:
    """Print the table."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--rounds", type=int, default=5)
    parser.add_argument("--instances", type=int, nargs="+", default=[50, 200, 400])
    parser.add_argument("--steps", type=int, nargs="+", default=[1, 2, 9])
    options = parser.parse_args()
    threads = len(os.sched_getaffinity(0))
    print(f"{WIDTH}x{HEIGHT}, primary + shadow rays, {threads} threads; times against bare Embree, 1.00 = as fast")
    print("instances steps triangles place ms native M/s bare M/s primary shadow with place")
    for steps in options.steps:
        for instances in options.instances:
            print(measure(instances, steps, options.rounds, threads), flush=True)


if __name__ == "__main__":
    main()
