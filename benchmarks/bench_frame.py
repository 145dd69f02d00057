"""One 1280x720 frame and one HDL-64E sweep, end to end, against the bare ray engine in the same run.

End to end = placing the stage, casting, shading, every label (depth, normals, flow, masks, boxes with amodal counts),
deflating and writing to HDF5. Bare = the same rays on one Open3D scene of the same geometry at that instant
(:mod:`bare`). Reported as ratios; machines are shared and noisy, so quote the median.

    .venv/bin/python benchmarks/bench_frame.py [--repeat 5] [--instances 50]
"""

from __future__ import annotations

import argparse
import statistics
import tempfile
import time
from pathlib import Path

import numpy as np
from bare import RecordingView, baked_scene, bare_seconds

from simgen.assembly import assemble
from simgen.dataset.writer import DatasetWriter
from simgen.engine import Renderer, Tick, available_threads, timetable
from simgen.generate.sequence import sequence_info
from simgen.physics import simulate
from simgen.scenario import load

HERE = Path(__file__).parent


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
    moving = np.unique(trajectory.body_actor[(trajectory.position.std(0) > 1e-6).any(-1)])
    print(f"scene {scene.name}: {len(assembly.stage.triangles):,} triangles, {len(assembly.stage.instance_mesh)} ray")
    print(f"instances, {len(moving)} moving actors; physics of {scene.clock.duration_s:g} s in {physics:.2f} s")
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


def report(name: str, renderer: Renderer, sequence: object, ticks: list[Tick], repeat: int) -> None:
    """Time a sensor's frames and print the ratios of each part."""
    ratios, whole, bare, capture = [], [], [], []
    count = 0
    for k, tick in enumerate(ticks):
        begin = time.perf_counter()
        frame = renderer.frame(tick)
        shot = time.perf_counter() - begin
        sequence.add(name, frame)  # type: ignore[attr-defined]
        seconds = time.perf_counter() - begin
        if k == 0 or k > repeat:
            continue  # the first loads kernels, the rest only fill the announced rows
        floor, count = bare_of(renderer, tick)
        whole.append(seconds)
        capture.append(shot)
        bare.append(floor)
        ratios.append(seconds / floor)
    middle = statistics.median
    print(
        f"{name:8s} {count / 1e6:5.2f} M rays | end to end {middle(whole) * 1e3:6.0f} ms (capture and labels "
        f"{middle(capture) * 1e3:6.0f} ms) | bare {middle(bare) * 1e3:6.0f} ms | ratio {middle(ratios):.2f} "
        f"({min(ratios):.2f} to {max(ratios):.2f})"
    )


def bare_of(renderer: Renderer, tick: Tick) -> tuple[float, int]:
    """Bare seconds for the rays of a frame, and their number; best of three, because noise only adds."""
    shot = renderer.shot(tick)
    view = RecordingView(shot.view)
    following = None if shot.next_view is None else RecordingView(shot.next_view)
    tick.sensor.capture(replace_views(shot, view, following))
    total, rays = 0.0, 0
    for recorded in (view, following):
        if recorded is None or not (recorded.casts or recorded.tests):
            continue
        scene = baked_scene(recorded.stage, recorded.motion)
        runs = [bare_seconds(scene, recorded.casts, recorded.tests) for _ in range(3)]
        total += min(seconds for seconds, _ in runs)
        rays += runs[0][1]
    return total, rays


def replace_views(shot: object, view: RecordingView, following: RecordingView | None) -> object:
    """The shot with recording views."""
    import dataclasses

    return dataclasses.replace(shot, view=view, next_view=following)  # type: ignore[type-var]


if __name__ == "__main__":
    main()
