"""One 1280x720 frame and one HDL-64E sweep, end to end, against the bare ray engine in the same run.

End to end = placing the stage, casting, shading, every label (depth, normals, flow, masks, boxes with amodal counts),
deflating and writing to HDF5. Bare = the same rays on one Open3D scene of the same geometry at that instant
(:mod:`bare`). Reported as ratios; machines are shared and noisy, so quote the median, and look at the CPU times of the
parts: placing the stage, capture, labels, and hashing, deflating and writing.

    python benchmarks/bench_frame.py [--repeat 5] [--scene benchmarks/scenes/movers_50_rigid.yaml]
"""

from __future__ import annotations

import argparse
import tempfile
import time
from pathlib import Path

import numpy as np
from bare import RecordingView, baked_scene, bare_seconds

from simgen.assembly import assemble
from simgen.dataset.writer import DatasetWriter, SequenceWriter
from simgen.engine import Renderer, Tick, available_threads, timetable
from simgen.generate.sequence import sequence_info
from simgen.labelling import label
from simgen.physics import simulate
from simgen.scenario import load

HERE = Path(__file__).parent
PARTS = ("place", "capture", "label", "write")


def main() -> None:
    """Run the benchmark scene."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--repeat", type=int, default=5)
    parser.add_argument("--scene", type=Path, default=HERE / "scenes" / "movers_50.yaml")
    arguments = parser.parse_args()
    scenario = load(arguments.scene)
    scene = scenario.sample(scenario.default_seed)
    assembly = assemble(scene)
    begin = time.perf_counter()
    trajectory = simulate(assembly)
    physics = time.perf_counter() - begin
    bodies = (trajectory.position.std(0) > 1e-6).any(-1)
    moving = np.unique(trajectory.body_actor[bodies])
    carried = np.append(False, bodies)[assembly.stage.instance_body]
    print(f"scene {scene.name}: {len(assembly.stage.triangles):,} triangles, {len(assembly.stage.instance_mesh)} ray")
    print(f"instances, of which {carried.sum()} move, on {len(moving)} moving actors;", end=" ")
    print(f"physics of {scene.clock.duration_s:g} s in {physics:.2f} s")
    with (
        tempfile.TemporaryDirectory() as folder,
        DatasetWriter(Path(folder) / "bench.h5", scenario=scenario.text, seed=0) as writer,
        Renderer(assembly, trajectory, threads=available_threads()) as renderer,
    ):
        sequence = writer.sequence(0, sequence_info(scene, assembly, trajectory))
        for sensor in scene.sensors:
            ticks = [t for t in timetable(scene) if t.sensor is sensor]
            report(sensor.name, renderer, sequence, ticks, arguments.repeat)
        sequence.close()


def report(name: str, renderer: Renderer, sequence: SequenceWriter, ticks: list[Tick], repeat: int) -> None:
    """Time a sensor's frames and print the ratio to the bare engine, then wall and CPU milliseconds of each part."""
    walls, cpus, bare, ratios, count = [], [], [], [], 0
    for k, tick in enumerate(ticks):
        clocks = timed_frame(name, renderer, sequence, tick)
        if k == 0 or k > repeat:
            continue  # the first loads kernels, the rest only fill the announced rows
        floor, count = bare_of(renderer, tick)
        wall, cpu = np.diff(clocks, axis=0).T
        walls.append(wall)
        cpus.append(cpu)
        bare.append(floor)
        ratios.append(wall.sum() / floor[0])
    wall, cpu, (bare_wall, bare_cpu) = (1e3 * np.median(rows, axis=0) for rows in (walls, cpus, bare))
    # noise of a shared machine only adds: the smallest is the nearest to what the code needs
    best_cpu = np.min(cpus, axis=0).sum() / np.min(bare, axis=0)[1]
    print(f"{name}: {count / 1e6:.2f} M rays, {len(ratios)} frames")
    print(
        f"  end to end {wall.sum():.1f} ms, CPU {cpu.sum():.1f} | bare {bare_wall:.1f} ms, CPU {bare_cpu:.1f}", end=""
    )
    print(f" | ratio {np.median(ratios):.2f} ({min(ratios):.2f} to {max(ratios):.2f}), of least CPU {best_cpu:.2f}")
    print("  " + " | ".join(f"{part} {w:.1f} ms, CPU {c:.1f}" for part, w, c in zip(PARTS, wall, cpu, strict=True)))


def timed_frame(name: str, renderer: Renderer, sequence: SequenceWriter, tick: Tick) -> np.ndarray:
    """Take, label and write a frame; wall and CPU clock before it and after each of :data:`PARTS`, (5, 2), s."""
    clocks = [(time.perf_counter(), time.process_time())]

    def lap() -> None:
        clocks.append((time.perf_counter(), time.process_time()))

    shot = renderer.shot(tick)
    lap()
    frame = tick.sensor.capture(shot)
    lap()
    frame = label(frame, tick.sensor, renderer.assembly, renderer.trajectory, shot)
    lap()
    sequence.add(name, frame)
    lap()
    return np.array(clocks)


def bare_of(renderer: Renderer, tick: Tick) -> tuple[np.ndarray, int]:
    """Bare wall and CPU seconds for the rays of a frame, and their number; best of three, because noise only adds."""
    shot = renderer.shot(tick)
    view = RecordingView(shot.view)
    following = None if shot.next_view is None else RecordingView(shot.next_view)
    tick.sensor.capture(replace_views(shot, view, following))
    total, rays = np.zeros(2), 0
    for recorded in (view, following):
        if recorded is None or not (recorded.casts or recorded.tests):
            continue
        scene = baked_scene(recorded.stage, recorded.motion)
        runs = []
        for _ in range(3):
            *seconds, active = bare_seconds(scene, recorded.casts, recorded.tests)
            runs.append(seconds)
        total += np.min(runs, axis=0)
        rays += active
    return total, rays


def replace_views(shot: object, view: RecordingView, following: RecordingView | None) -> object:
    """The shot with recording views."""
    import dataclasses

    return dataclasses.replace(shot, view=view, next_view=following)  # type: ignore[type-var]


if __name__ == "__main__":
    main()
