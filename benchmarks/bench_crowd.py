"""What a crowd costs: one city block with 200 vehicles and 200 people against the same block with 20 and 20.

Reported: the time to draw, place, build and simulate each clip (4 s), the number of triangles of the stage, and camera
frames and HDL-64E sweeps as the engine takes them (placing, capture, labels; no files), the two blocks frame by frame
in turn: medians over the rounds in milliseconds of wall clock and of the ratio within a round, and the ratio of the
least CPU times.

    python benchmarks/bench_crowd.py [--repeat 9] [--many 200] [--few 20]
"""

from __future__ import annotations

import argparse
import time
from typing import Any

import numpy as np

SCENE = """
simgen: 1
name: bench_crowd
seed: 3
clock: {duration_s: 4.0, rate_hz: 5}
world: {type: city_block}
light: {time: 2024-10-22T13:30:00+02:00, latitude_deg: 48.1, longitude_deg: 11.6, cloud_cover: 0.3}
ego: {asset: sedan, place: {on: lane}, behaviour: {type: follow_lane, speed_m_s: 6}}
traffic: {vehicles: COUNT, parked_share: 0.6, pedestrians: COUNT}
sensors:
  - {name: camera, type: camera, width: 1280, height: 720, hfov_deg: 80, mount: {on: ego, position_m: [1.6, 0, 1.35]}}
  - {name: lidar, type: lidar, model: hdl-64e, mount: {on: ego, position_m: [0.8, 0, 1.9]}}
"""
SENSORS = ("camera", "lidar")


class Block:
    """One renderer of the block with so many vehicles and as many people."""

    def __init__(self, count: int) -> None:
        from simgen.assembly import assemble
        from simgen.engine import Renderer, available_threads, timetable
        from simgen.physics import simulate
        from simgen.scenario import loads

        self.seconds_of: dict[str, float] = {}
        text = SCENE.replace("COUNT", str(count))
        scene = self._timed("draw and place", lambda: loads(text, "bench_crowd.yaml").sample(3))
        assembly = self._timed("assemble", lambda: assemble(scene))
        trajectory = self._timed("simulate", lambda: simulate(assembly))
        self.renderer = self._timed("ray engine", lambda: Renderer(assembly, trajectory, threads=available_threads()))
        stage = assembly.stage
        self.triangles = int(np.diff(stage.triangle_start)[stage.instance_mesh].sum())
        self.kept = int(stage.triangle_start[-1])
        self.ticks = {name: [t for t in timetable(scene) if t.sensor.name == name] for name in SENSORS}

    def _timed(self, what: str, work: Any) -> Any:
        start = time.perf_counter()
        made = work()
        self.seconds_of[what] = time.perf_counter() - start
        return made

    def frame(self, sensor: str, turn: int) -> tuple[float, float]:
        """Wall clock and CPU time of a frame."""
        ticks = self.ticks[sensor]
        start, used = time.perf_counter(), time.process_time()
        self.renderer.frame(ticks[turn % len(ticks)])
        return time.perf_counter() - start, time.process_time() - used


def main() -> None:
    """Build both, take frames in turn, report."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--repeat", type=int, default=9)
    parser.add_argument("--many", type=int, default=200)
    parser.add_argument("--few", type=int, default=20)
    given = parser.parse_args()
    blocks = {count: Block(count) for count in (given.few, given.many)}
    for count, block in blocks.items():
        parts = ", ".join(f"{what} {seconds:.1f}" for what, seconds in block.seconds_of.items())
        total = sum(block.seconds_of.values())
        print(f"{count:4d} + {count}: {total:5.1f} s ({parts}); {block.triangles:,} triangles, {block.kept:,} kept")
    for sensor in SENSORS:
        for block in blocks.values():
            block.frame(sensor, 0)
        rounds = [[block.frame(sensor, k) for block in blocks.values()] for k in range(given.repeat)]
        few, many = np.array(rounds).transpose(1, 0, 2)
        print(
            f"{sensor:8s} {np.median(few[:, 0]) * 1e3:7.1f} ms -> {np.median(many[:, 0]) * 1e3:7.1f} ms"
            f"   ratio {np.median(many[:, 0] / few[:, 0]):.2f}   CPU {many[:, 1].min() / few[:, 1].min():.2f}"
        )


if __name__ == "__main__":
    main()
