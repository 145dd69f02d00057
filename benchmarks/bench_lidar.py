"""One HDL-64E sweep, end to end, against bare Open3D casting of the same rays in the same run.

Run: ``python benchmarks/bench_lidar.py [--repeats 9] [--threads 2]``. The scene has 50 moving instances among 260 k
triangles. Bare time is one Open3D scene with the geometry at the sweep's middle, given the sweep's own rays.
"""

from __future__ import annotations

import argparse
import sys
import time
from pathlib import Path

import numpy as np

sys.path.insert(0, str(Path(__file__).resolve().parent.parent / "tests"))
import helpers_lidar as yard

from simgen.geometry import transform
from simgen.kernels.tiles import default_threads
from simgen.raycast import open_engine
from simgen.records.air import Medium
from simgen.records.mesh import Mesh, Surface
from simgen.records.surroundings import Shot, Surroundings
from simgen.rng import stream
from simgen.sensors import _lidar_sweep
from simgen.sensors.lidar import Lidar
from simgen.weather.fog import Fog
from simgen.weather.rain import Rain


def ground(cells: int = 300, half: float = 150.0) -> Mesh:
    """Rolling ground, 2 triangles a cell."""
    axis = np.linspace(-half, half, cells + 1)
    x, y = np.meshgrid(axis, axis, indexing="ij")
    z = 0.4 * np.sin(x / 9.0) * np.cos(y / 7.0) - 1.9
    z += np.where(np.hypot(x, y) > 100.0, 0.15 * (np.hypot(x, y) - 100.0), 0.0)
    k = (np.arange(cells)[:, None] * (cells + 1) + np.arange(cells)).ravel()
    quads = np.stack([k, k + cells + 1, k + 1, k + 1, k + cells + 1, k + cells + 2], -1).reshape(-1, 3)
    vertices = np.stack([x, y, z], -1).reshape(-1, 3).astype(np.float32)
    return Mesh(
        vertices=vertices,
        normals=np.tile(np.array([0, 0, 1], np.float32), (len(vertices), 1)),
        triangles=quads.astype(np.uint32),
        surface=np.zeros(len(quads), np.uint16),
    )


def scene() -> list[yard.Thing]:
    """Ground (180 k triangles) and 50 rounded bodies of 1.6 k each, all moving."""
    draw = stream(1, "bench", "lidar")
    road = Surface(class_name="road", lidar_reflectance=0.25)
    things = [yard.Thing(ground(), road)]
    for k in range(50):
        radius, angle = draw.uniform(6.0, 60.0), draw.uniform(0.0, 2.0 * np.pi)
        place = (radius * np.cos(angle), radius * np.sin(angle), -0.6)
        speed = (draw.uniform(-15, 15), draw.uniform(-15, 15), 0.0)
        car = Surface(class_name="car", lidar_reflectance=0.5)
        things.append(yard.Thing(yard.sphere(1.6, 20), car, k + 1, place, speed, 0.5))
    return things


def best(function, repeats: int) -> float:
    """Shortest of several runs, ms."""
    times = []
    for _ in range(repeats):
        start = time.perf_counter()
        function()
        times.append(time.perf_counter() - start)
    return 1e3 * min(times)


def bare(things: list[yard.Thing], rays: np.ndarray):
    """Open3D's own scene at time 0, and a function that casts the rays."""
    import open3d as o3d

    tree = o3d.t.geometry.RaycastingScene()
    for thing in things:
        p, q = yard.pose_at(thing, 0)
        tree.add_triangles(transform(p, q, thing.mesh.vertices).astype(np.float32), thing.mesh.triangles)
    tensor = o3d.core.Tensor(rays)
    tree.cast_rays(tensor)
    return lambda: tree.cast_rays(tensor)


def rays_of(lidar: Lidar, shot: Shot) -> np.ndarray:
    """The sweep's rays as Open3D wants them, in the order in which simgen casts them."""
    from simgen.kernels.lidar import aim

    turn = lidar.turn
    beams, _ = _lidar_sweep.beams_of(turn.device)
    columns, parts = _lidar_sweep.columns_of(turn, shot), []
    for first in range(0, turn.columns, _lidar_sweep.TILE_COLUMNS):
        count = min(_lidar_sweep.TILE_COLUMNS, turn.columns - first)
        rows, _ = _lidar_sweep._rows(count * turn.device.lasers)
        aim(first, beams, columns, 0.0, np.inf, rows)
        parts.append(np.concatenate([rows.origin, rows.direction], 1))
    return np.concatenate(parts)


def main() -> None:
    """Print milliseconds and ratios."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--repeats", type=int, default=9)
    parser.add_argument("--threads", type=int, default=default_threads())
    options = parser.parse_args()
    things, lidar = scene(), Lidar(name="top", model="hdl-64e")
    ego = yard.Thing(yard.wall(1.0), velocity=(10.0, 0.0, 0.0))
    stage = yard.stage_of(things)
    engine = open_engine(stage, options.threads)
    before, after = lidar.extent_ns()
    motion = yard.motion_between(things, -before, after)
    track = yard.track_of(ego, -before, after)

    def shot_in(medium: Medium, particles: tuple, view) -> Shot:
        around = Surroundings(
            stage=stage, light=yard.dark(), medium=medium, particles=particles, seed=1, threads=options.threads
        )
        return Shot(index=0, time_ns=0, view=view, track=track, surroundings=around)

    view = engine.place(motion)
    rays = rays_of(lidar, shot_in(Medium.clear(), (), view))
    yardstick = best(bare(things, rays), options.repeats)
    print(f"{len(rays)} rays, {len(stage.triangles)} triangles, {len(things) - 1} moving instances, ", end="")
    print(f"{options.threads} threads\nbare Open3D            {yardstick:7.2f} ms")
    print(f"placing the instances  {best(lambda: engine.place(motion).close(), options.repeats):7.2f} ms")
    weathers = {"clear": None, "fog 50 m": Fog(visibility_m=50.0), "rain 25 mm/h": Rain(rate_mm_h=25.0)}
    for name, weather in weathers.items():
        medium = weather.medium() if weather else Medium.clear()
        particles = weather.particles() if weather else ()

        def sweep(medium=medium, particles=particles):
            placed = engine.place(motion)
            frame = lidar.capture(shot_in(medium, particles, placed))
            placed.close()
            return frame

        points = len(sweep().points.range)
        spent = best(sweep, options.repeats)
        print(f"sweep, {name:<15} {spent:7.2f} ms  ratio {spent / yardstick:5.2f}  {points} points")


if __name__ == "__main__":
    main()
