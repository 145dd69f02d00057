"""What weather costs: camera frames and HDL-64E sweeps of one street, each weather against clear air in the same run.

A frame is taken as the engine takes it (placing the stage, what weather is then, capture, labels), without files. The
weathers take turns, frame by frame, so that a busy neighbour slows all of them; reported are medians over the rounds of
milliseconds of wall clock, of the ratio to the clear frame of the same round, and the ratio of the least CPU times.

    python benchmarks/bench_weather.py [--repeat 9] [--only fog]
    git worktree add before 5f772bd && python benchmarks/bench_weather.py --before before

With ``--before`` it measures clear air alone, here and with the simgen in that folder, frame by frame in turn.
"""

from __future__ import annotations

import argparse
import os
import subprocess
import sys
import time
from pathlib import Path

import numpy as np

ROOT = Path(__file__).resolve().parents[1]
SCENE = """
simgen: 1
name: bench_weather
seed: 5
clock: {duration_s: 1.0, rate_hz: 5}
world: {type: intersection, lanes: 1, crosswalks: true, buildings: {density: 0.9, setback_m: 1.0}}
light: {time: 2024-10-22T15:30:00+02:00, latitude_deg: 48.1, longitude_deg: 11.6, cloud_cover: 0.3}
weather: WEATHER
ego: {asset: sedan, lane: east/1, at_m: 26, speed_m_s: 5}
objects:
  - {name: ahead, asset: hatchback, place: {on: lane, lane: east/1, at_m: 43},
     behaviour: {type: follow_lane, speed_m_s: 5}}
  - {name: oncoming, asset: van, place: {on: lane, lane: west/1/exit, at_m: 10},
     behaviour: {type: follow_lane, speed_m_s: 6}}
  - {name: parked, asset: {choice: [sedan, suv, van, hatchback]}, count: 5,
     place: {along: kerb, kerb: east, gap_m: {uniform: [0.6, 4]}}}
  - {asset: pedestrian, count: 6, place: {on: sidewalk}, behaviour: {type: walk}}
sensors:
  - {name: camera, type: camera, width: 1280, height: 720, hfov_deg: 80, mount: {on: ego, position_m: [1.6, 0, 1.35]}}
  - {name: lidar, type: lidar, model: hdl-64e, mount: {on: ego, position_m: [0.8, 0, 1.9]}}
"""
#: the first is what the others are measured against
WEATHERS = {
    "clear": "[]",
    "fog 50 m": "[{type: fog, visibility_m: 50}]",
    "rain 25 mm/h": "[{type: rain, rate_mm_h: 25}]",
    "snow 2.5 mm/h": "[{type: snow, rate_mm_h: 2.5}]",
    "dust 80 m": "[{type: dust, visibility_m: 80}]",
    "patchy layer, plume": "[{type: fog, visibility_m: 60, height_m: 2, patches: {scale_m: 15}}, "
    "{type: plume, position_m: [-20, -8, 1], rate_g_s: 5}, {type: wind, speed_m_s: 2}]",
    "wet ground": "[{type: wet_ground, puddles: 0.1}]",
    "snow cover": "[{type: snow_cover, depth_cm: 5}]",
}
SENSORS = ("camera", "lidar")


class Street:
    """One renderer of the street in a weather."""

    def __init__(self, weather: str) -> None:
        from simgen.assembly import assemble
        from simgen.engine import Renderer, available_threads, timetable
        from simgen.physics import simulate
        from simgen.scenario import loads

        scene = loads(SCENE.replace("WEATHER", weather), "bench_weather.yaml").sample(5)
        assembly = assemble(scene)
        self.renderer = Renderer(assembly, simulate(assembly), threads=available_threads())
        self.ticks = {name: [t for t in timetable(scene) if t.sensor.name == name] for name in SENSORS}

    def seconds(self, sensor: str, turn: int) -> tuple[float, float]:
        """Wall clock and CPU time of a frame."""
        ticks = self.ticks[sensor]
        start, used = time.perf_counter(), time.process_time()
        self.renderer.frame(ticks[turn % len(ticks)])
        return time.perf_counter() - start, time.process_time() - used


class Elsewhere:
    """The same street in clear air in a process with another simgen."""

    def __init__(self, tree: Path) -> None:
        there = {**os.environ, "PYTHONPATH": str(tree.resolve())}
        self.process = subprocess.Popen(
            [sys.executable, __file__, "--worker"],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            text=True,
            env=there,
            cwd=tree,
        )

    def seconds(self, sensor: str, turn: int) -> tuple[float, float]:
        """Wall clock and CPU time of a frame there."""
        assert self.process.stdin is not None
        assert self.process.stdout is not None
        self.process.stdin.write(f"{sensor} {turn}\n")
        self.process.stdin.flush()
        wall, cpu = self.process.stdout.readline().split()
        return float(wall), float(cpu)


def work() -> None:
    """Take frames as they are asked for, and tell how long each took."""
    street = Street("[]")
    for line in sys.stdin:
        sensor, turn = line.split()
        print(*street.seconds(sensor, int(turn)), flush=True)


def measure(streets: dict[str, Street | Elsewhere], repeat: int) -> None:
    """All of them in turn, and a line for each."""
    first = next(iter(streets))
    for sensor in SENSORS:
        for street in streets.values():
            street.seconds(sensor, 0)
            street.seconds(sensor, 1)
        taken = {name: np.empty((repeat, 2)) for name in streets}
        for turn in range(repeat):
            for name, street in streets.items():
                taken[name][turn] = street.seconds(sensor, turn)
        print(f"{sensor:24s}     ms   ratio (least to greatest)   CPU")
        for name, times in taken.items():
            ratio = times[:, 0] / taken[first][:, 0]
            cpu = times[:, 1].min() / taken[first][:, 1].min()
            middle, low, high = np.median(ratio), ratio.min(), ratio.max()
            print(f"  {name:22s} {1e3 * np.median(times[:, 0]):6.1f}   {middle:.2f} ({low:.2f} to {high:.2f})", end="")
            print(f"         {cpu:.2f}")


def main() -> None:
    """Measure every weather, or clear air here and elsewhere."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--repeat", type=int, default=9)
    parser.add_argument("--only", default="", help="weathers whose name holds this, besides clear air")
    parser.add_argument("--before", type=Path, help="a folder with another simgen")
    parser.add_argument("--worker", action="store_true", help=argparse.SUPPRESS)
    options = parser.parse_args()
    if options.worker:
        work()
    elif options.before:
        # both in processes of their own: what else this one has loaded must not count
        measure({"before": Elsewhere(options.before), "now": Elsewhere(ROOT)}, options.repeat)
    else:
        chosen = {name: text for name, text in WEATHERS.items() if name == "clear" or options.only in name}
        measure({name: Street(text) for name, text in chosen.items()}, options.repeat)


if __name__ == "__main__":
    main()
