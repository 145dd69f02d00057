"""HDL-64E sweeps end to end: noisy, labelled points a second, against the bare ray engine and PyBullet in the same run.

End to end = placing the stage, capture (aiming, casting, echoes, noise, faults), labels, deflating and writing. Three
sweeps of one scene: an ideal beam and one return, a beam of eight rays and one return, eight rays and two returns.
Reported are points a second, all rays cast a second, that rate as a share of the bare rate for the same rays (goal: at
least 0.5), and as a multiple of PyBullet's ``rayTestBatch`` on the same triangles with the same threads (goal: 25).

    python benchmarks/bench_lidar.py [--repeat 7] [--scene benchmarks/scenes/movers_50_rigid.yaml]
"""

from __future__ import annotations

import argparse
import dataclasses
import tempfile
import time
from pathlib import Path

import numpy as np
from bare import RecordingView, baked_mesh, baked_scene, bare_seconds
from bench_frame import HERE, replace_views, timed_frame

from simgen.assembly import assemble
from simgen.dataset.writer import DatasetWriter
from simgen.engine import Renderer, available_threads, timetable
from simgen.generate.sequence import sequence_info
from simgen.physics import simulate
from simgen.records.rays import Rays
from simgen.scenario import load
from simgen.sensors.lidar import Lidar

SETTINGS = {
    "one return, one ray a beam": {"beam_rays": 1},
    "one return, eight rays": {"beam_rays": 8},
    "two returns, eight rays": {"beam_rays": 8, "returns": ("strongest", "last")},
}
#: rays that PyBullet takes at a time (its MAX_RAY_INTERSECTION_BATCH_SIZE)
BATCH = 16_384


def main() -> None:
    """Run every setting on one scene."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--repeat", type=int, default=7)
    parser.add_argument("--scene", type=Path, default=HERE / "scenes" / "movers_50_rigid.yaml")
    arguments = parser.parse_args()
    scenario = load(arguments.scene)
    scene = scenario.sample(scenario.default_seed)
    lidar = next(s for s in scene.sensors if isinstance(s, Lidar))
    bullet = 0.0
    for name, changes in SETTINGS.items():
        changed = scene.replace(sensors=(dataclasses.replace(lidar, **changes),))
        assembly = assemble(changed)
        trajectory = simulate(assembly)
        with Renderer(assembly, trajectory, threads=available_threads()) as renderer:
            tick = timetable(changed)[1]
            shot = renderer.shot(tick)
            view = RecordingView(shot.view)
            tick.sensor.capture(replace_views(shot, view, None))
            baked = baked_scene(view.stage, view.motion)
            floor = min(bare_seconds(baked, view.casts, [])[0] for _ in range(3))
            rays = sum(int((r.far > r.near).sum()) for r in view.casts)
            if bullet == 0.0:
                bullet = bullet_rate(*baked_mesh(view.stage, view.motion), view.casts[0])
                print(f"PyBullet rayTestBatch: {bullet / 1e6:.3f} M rays/s")
            seconds, points = end_to_end(renderer, changed, assembly, trajectory, scenario.text, arguments.repeat)
        rate = rays / seconds
        print(f"{name}: {1e3 * seconds:.1f} ms, {points:,} points, {points / seconds / 1e6:.2f} M points/s")
        print(f"  {rays / 1e6:.2f} M rays, {rate / 1e6:.1f} M rays/s", end=" | ")
        print(f"bare {1e3 * floor:.1f} ms, {rays / floor / 1e6:.1f} M rays/s", end=" | ")
        print(f"share of bare {floor / seconds:.2f}, times PyBullet {rate / bullet:.0f}")


def end_to_end(renderer, scene, assembly, trajectory, text: str, repeat: int) -> tuple[float, int]:
    """Median seconds of a sweep on disk, and its points."""
    walls, points = [], 0
    with tempfile.TemporaryDirectory() as folder:
        for k in range(repeat):
            with DatasetWriter(Path(folder) / f"{k}.h5", scenario=text, seed=0) as writer:
                sequence = writer.sequence(0, sequence_info(scene, assembly, trajectory))
                for i, tick in enumerate(timetable(scene)):
                    clocks = timed_frame(tick.sensor.name, renderer, sequence, tick)
                    if i == 1:
                        walls.append(clocks[-1, 0] - clocks[0, 0])
                        points = len(renderer.frame(tick).points.range)
                sequence.close()
    return float(np.median(walls[1:] or walls)), points


def bullet_rate(vertices: np.ndarray, triangles: np.ndarray, rays: Rays) -> float:
    """PyBullet's rays a second on one concave mesh, all threads."""
    import pybullet

    client = pybullet.connect(pybullet.DIRECT)
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "scene.obj"
        with path.open("w") as file:
            file.writelines(f"v {x:.5f} {y:.5f} {z:.5f}\n" for x, y, z in vertices.tolist())
            file.writelines(f"f {a} {b} {c}\n" for a, b, c in (triangles.astype(int) + 1).tolist())
        shape = pybullet.createCollisionShape(
            pybullet.GEOM_MESH,
            fileName=str(path),
            flags=pybullet.GEOM_FORCE_CONCAVE_TRIMESH,
            physicsClientId=client,
        )
        pybullet.createMultiBody(0.0, shape, physicsClientId=client)
    on = np.flatnonzero(rays.far > rays.near)[:BATCH]
    start = rays.origin[on].astype(float)
    end = (start + rays.direction[on] * np.minimum(rays.far[on], 120.0)[:, None]).tolist()
    start = start.tolist()
    best = np.inf
    for _ in range(3):
        begin = time.perf_counter()
        pybullet.rayTestBatch(start, end, numThreads=0, physicsClientId=client)
        best = min(best, time.perf_counter() - begin)
    pybullet.disconnect(client)
    return len(on) / best


if __name__ == "__main__":
    main()
