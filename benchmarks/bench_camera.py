"""A whole camera frame against bare Open3D ray casting of the same rays, in one run.

``python benchmarks/bench_camera.py [--instances 50] [--flow] [--repeat 5]``. The yardstick is one static
``RaycastingScene`` with everything in place: primary rays, sun rays of the pixels that face the sun, sky rays of all
hits, and the extra samples at edges; no shading, no labels, no motion.
"""

from __future__ import annotations

import argparse
import sys
import time
from collections.abc import Callable
from pathlib import Path

import numpy as np

sys.path.insert(0, str(Path(__file__).resolve().parents[1] / "tests"))

from helpers_stage import Bench, Part, box, motion, plane, sphere, track

from simgen.geometry import look_at, quat_from_yaw, transform
from simgen.kernels.tiles import default_threads
from simgen.light.sun_sky import SunSky
from simgen.records.mesh import Surface
from simgen.rng import stream
from simgen.sensors import _camera_render as render
from simgen.sensors.camera import Camera


def scene(instances: int) -> tuple[list[Part], np.ndarray, np.ndarray]:
    """A fine ground, and boxes and balls on bodies of their own, strewn about; positions (B, 3) and yaws (B,)."""
    draws = stream(1, "bench")
    ground = Surface(class_name="road", base_color=(0.12, 0.12, 0.12), roughness=0.9, texture="asphalt")
    parts = [Part(mesh=plane(300.0, 300), surface=ground)]
    for k in range(instances):
        color = tuple(draws.uniform(0.05, 0.8, 3))
        mesh = box((4.4, 1.8, 1.5), (0, 0, 0.75)) if k % 2 else sphere(0.9, (0, 0, 0.9), 24)
        kind = Surface(class_name="car", base_color=color, roughness=0.35)
        parts.append(Part(mesh=mesh, surface=kind, body=k + 1, label=k + 1))
    x, y = draws.uniform(3, 80, instances), draws.uniform(-30, 30, instances)
    return parts, np.stack([x, y, np.zeros(instances)], -1), draws.uniform(-3, 3, instances)


def bare_scene(parts: list[Part], position: np.ndarray, yaw: np.ndarray):  # type: ignore[no-untyped-def]
    """The same triangles in one Open3D scene."""
    import open3d as o3d

    whole = o3d.t.geometry.RaycastingScene()
    for part in parts:
        v = part.mesh.vertices.astype(np.float64)
        if part.body:
            v = transform(position[part.body - 1], quat_from_yaw(yaw[part.body - 1]), v)
        whole.add_triangles(o3d.core.Tensor(np.ascontiguousarray(v, np.float32)), o3d.core.Tensor(part.mesh.triangles))
    return whole, o3d.core.Tensor


def best(run: Callable[[], object], repeat: int) -> np.ndarray:
    """Shortest of several: wall-clock and processor time over all threads, s. The second stands a busy machine."""
    times = []
    for _ in range(repeat):
        start, used = time.perf_counter(), time.process_time()
        run()
        times.append((time.perf_counter() - start, time.process_time() - used))
    return np.min(times, axis=0)


def main() -> None:
    """Print milliseconds and ratios."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--instances", type=int, default=50)
    parser.add_argument("--repeat", type=int, default=5)
    parser.add_argument("--flow", action="store_true")
    options = parser.parse_args()
    parts, position, yaw = scene(options.instances)
    q = quat_from_yaw(yaw)
    outputs = ("normal", "flow") if options.flow else ("normal",)
    camera = Camera(name="c", width=1280, height=720, hfov_deg=80.0, outputs=outputs)
    eye = (-6.0, 0.0, 2.0)
    pose = track(eye, look_at(eye, (20.0, 0.0, 1.0)))
    here, there = motion(position, q), motion(position + np.array([0.5, 0, 0]), q)
    light = SunSky().field()
    with Bench(parts, light) as bench:
        shot = bench.shot(pose, here, following=(pose, there, 100_000_000), threads=default_threads())
        frame = camera.capture(shot)
        place = best(lambda: bench.engine.place(here).close(), options.repeat)
        ours = best(lambda: camera.capture(shot), options.repeat)
        optics = render.optics_of(camera, shot.track, here, 0)
    rays = primary(camera, optics)
    whole, tensor = bare_scene(parts, position, yaw)
    sun, sky = secondary(rays, frame, light.sun_direction, optics.rows[0, 3:12].reshape(3, 3))
    given = [tensor(rays), tensor(sun), tensor(sky)]
    primary_s = best(lambda: whole.cast_rays(given[0]), options.repeat)
    sun_s = best(lambda: whole.test_occlusions(given[1]), options.repeat)
    sky_s = best(lambda: whole.test_occlusions(given[2]), options.repeat)
    bare = primary_s + sun_s + sky_s
    print(
        f"{options.instances} bodies, {default_threads()} threads, 1280 x 720, outputs {outputs}; wall / processor ms"
    )
    rows = (("primary", primary_s), ("sun", sun_s), ("sky", sky_s), ("bare", bare), ("place", place), ("capture", ours))
    for name, seconds in rows:
        print(f"{name:8s} {seconds[0] * 1e3:7.1f} / {seconds[1] * 1e3:7.1f}")
    ratio = (ours + place) / bare
    print(f"ratio    {ratio[0]:7.2f} / {ratio[1]:7.2f}")


def primary(camera: Camera, optics: render.Optics) -> np.ndarray:
    """Rays of all pixels, (N, 6)."""
    d = camera.projection.unproject(camera.projection.pixel_centres())
    r = optics.rows[0, 3:12].reshape(3, 3)
    world = np.stack([d[:, 0] * r[k, 0] + d[:, 1] * r[k, 1] + d[:, 2] * r[k, 2] for k in range(3)], -1)
    return np.concatenate([np.broadcast_to(optics.rows[0, :3], world.shape), world], -1).astype(np.float32)


def secondary(rays: np.ndarray, frame, sun: np.ndarray, turn: np.ndarray) -> tuple[np.ndarray, np.ndarray]:  # type: ignore[no-untyped-def]
    """Rays to the sun from what faces it, and into the sky from every hit, just off the surfaces."""
    hit = np.isfinite(frame.depth.ravel())
    n = frame.normal.reshape(-1, 3)[hit].astype(np.float32)
    normal = np.stack([n[:, 0] * turn[k, 0] + n[:, 1] * turn[k, 1] + n[:, 2] * turn[k, 2] for k in range(3)], -1)
    point = rays[hit, :3] + frame.depth.ravel()[hit, None] * rays[hit, 3:] + 1e-3 * normal
    lit = (normal * sun).sum(-1) > 0
    places = np.flatnonzero(hit)
    local = render.sky_directions()[(places // 1280 % 8) * 8 + places % 8]
    # flat ground is most of the picture: the directions about its normal stand for all
    to_sky = normal + np.where((normal[:, 2] > 0.9)[:, None], local - normal, 0.3 * local)
    toward = np.broadcast_to(sun, point.shape)[lit]
    return (
        np.concatenate([point[lit], toward], -1).astype(np.float32),
        np.concatenate([point, to_sky], -1).astype(np.float32),
    )


if __name__ == "__main__":
    main()
