"""What ``quality: high`` costs beside ``fast``, the bare ray engine and Blender Cycles, on one scene.

The rays that a picture really casts are recorded by kind and given to one Open3D scene of the same triangles
(:mod:`bare`). Blender is asked for the same triangles, plain materials, sun and sky, with as many samples and its own
denoiser, in a process of its own, by a Python of its own: ``bpy`` 4.5 has wheels for CPython 3.11 but wants numpy 1,
which simgen cannot use.

    python benchmarks/bench_quality.py [--width 640] [--samples 16] [--scene ...] [--blender PYTHON]
"""

from __future__ import annotations

import argparse
import dataclasses
import json
import subprocess
import tempfile
import time
from pathlib import Path
from typing import Any

import numpy as np
from bare import RecordingView, baked_mesh, baked_scene, bare_seconds

from simgen.assembly import assemble
from simgen.engine import Renderer, available_threads, timetable
from simgen.physics import simulate
from simgen.records.rays import Rays
from simgen.scenario import load
from simgen.sensors import _camera_high
from simgen.sensors.camera import Camera

HERE = Path(__file__).parent
#: rays that the bare engine is given at once
BATCH = 1_000_000
_PARTS = ("origin", "direction", "time", "near", "far")


class Tally:
    """Counts rays by kind and times the bare engine on them, a batch at a time."""

    def __init__(self, scene: Any) -> None:
        self.scene = scene
        self.waiting: dict[str, list[list[np.ndarray]]] = {}
        self.count: dict[str, int] = {}
        self.seconds: dict[str, np.ndarray] = {}

    def add(self, kind: str, columns: tuple[np.ndarray, ...], count: int) -> None:
        """Note rays of a kind."""
        on = columns[4][:count] > columns[3][:count]
        self.waiting.setdefault(kind, []).append([np.ascontiguousarray(c[:count][on]) for c in columns])
        self.count[kind] = self.count.get(kind, 0) + int(on.sum())
        if sum(len(batch[2]) for batch in self.waiting[kind]) >= BATCH:
            self.flush(kind)

    def flush(self, kind: str) -> None:
        """Time what waits: the better of two."""
        batch = self.waiting.pop(kind, [])
        if not batch:
            return
        rays = Rays(**{name: np.concatenate([b[k] for b in batch]) for k, name in enumerate(_PARTS)})
        casts, tests = ([rays], []) if kind in ("primary", "bounce", "pane") else ([], [rays])
        runs = [bare_seconds(self.scene, casts, tests)[:2] for _ in range(2)]
        self.seconds[kind] = self.seconds.get(kind, np.zeros(2)) + np.min(runs, axis=0)

    def finish(self) -> None:
        """Time the rest."""
        for kind in list(self.waiting):
            self.flush(kind)


def recorded(camera: Camera, shot: Any, scene: Any) -> Tally:
    """Rays of one picture of high quality; it is taken by one thread."""
    tally, plain = Tally(scene), _camera_high._Caster
    turn = {"asked": 0}

    class Recorder(plain):  # type: ignore[misc, valid-type]
        def cast(self, wave: Any) -> None:
            columns = (wave.origin, wave.direction, wave.time, wave.near, wave.far)
            kind = "primary" if turn["asked"] == 0 else "bounce"
            tally.add(kind, columns, len(wave.time))
            super().cast(wave)

        def ask(self, asking: Any, count: int) -> None:
            columns = (asking.origin, asking.direction, asking.time, asking.near, asking.far)
            tally.add("sun" if turn["asked"] % 2 == 0 else "sky, lamps", columns, count)
            turn["asked"] += 1
            super().ask(asking, count)

    begin = _camera_high.paths_ends.begin

    def began(*given: Any) -> None:
        turn["asked"] = 0
        begin(*given)

    _camera_high._Caster, _camera_high.paths_ends.begin = Recorder, began  # type: ignore[misc]
    try:
        single = dataclasses.replace(shot.surroundings, threads=1)
        camera.capture(dataclasses.replace(shot, surroundings=single))
    finally:
        _camera_high._Caster, _camera_high.paths_ends.begin = plain, begin  # type: ignore[misc]
    tally.finish()
    return tally


def timed(run: Any, repeat: int) -> np.ndarray:
    """Least wall-clock and processor seconds of several runs; the first, which compiles, does not count."""
    run()
    rows = []
    for _ in range(repeat):
        wall, used = time.perf_counter(), time.process_time()
        run()
        rows.append((time.perf_counter() - wall, time.process_time() - used))
    return np.min(rows, axis=0)


def fast_bare(camera: Camera, shot: Any) -> tuple[np.ndarray, int]:
    """Bare seconds and rays of a fast picture."""
    view = RecordingView(shot.view)
    camera.capture(dataclasses.replace(shot, view=view, next_view=None))
    scene = baked_scene(view.stage, view.motion)
    runs = [bare_seconds(scene, view.casts, view.tests) for _ in range(2)]
    return np.min([run[:2] for run in runs], axis=0), runs[0][2]


def export(path: Path, camera: Camera, shot: Any) -> None:
    """Triangles, plain materials, camera, sun and sky for Blender."""
    stage, motion = shot.surroundings.stage, shot.view.motion
    vertices, triangles = baked_mesh(stage, motion)
    which = []
    for mesh, body, base in zip(stage.instance_mesh, stage.instance_body, stage.surface_base, strict=True):
        if motion.exists[body]:
            rows = slice(stage.triangle_start[mesh], stage.triangle_start[mesh + 1])
            which.append(stage.triangle_surface[rows].astype(np.int64) + int(base))
    position, quaternion = shot.track.at(shot.time_ns)
    surfaces, light, lens = stage.surfaces, shot.surroundings.light, camera.projection
    np.savez(
        path,
        vertices=vertices,
        triangles=triangles,
        surface=np.concatenate(which),
        color=surfaces.base_color,
        roughness=surfaces.roughness,
        metallic=surfaces.metallic,
        emission=surfaces.emission,
        transmission=surfaces.transmission,
        eye=position - motion.origin,
        quaternion=quaternion,
        lens=[lens.width, lens.height, lens.fx],
        sun=light.sun_direction,
        sun_lux=light.sun_illuminance,
        sun_radius=light.sun_radius_rad,
        sky=light.sky,
    )


def blender(python: str, camera: Camera, shot: Any, threads: int) -> str:
    """Seconds that Cycles takes for the same picture, or why it did not."""
    with tempfile.TemporaryDirectory() as folder:
        export(Path(folder) / "scene.npz", camera, shot)
        command = [python, str(HERE / "blender_cycles.py"), folder, str(camera.samples), str(threads)]
        done = subprocess.run(command, capture_output=True, text=True, check=False)
        if done.returncode != 0:
            return f"not measured: {done.stderr.strip().splitlines()[-1] if done.stderr else done.returncode}"
        answer = json.loads(done.stdout.strip().splitlines()[-1])
        return (
            f"{answer['seconds']:.2f} s a frame (Blender {answer['version']}, CPU {answer['cpu']:.2f} s, of which the "
            f"first frame's preparations are left out)"
        )


def main() -> None:
    """Print rays a pixel, seconds and ratios."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--scene", type=Path, default=HERE / "scenes" / "movers_50.yaml")
    parser.add_argument("--width", type=int, default=640)
    parser.add_argument("--samples", type=int, default=16)
    parser.add_argument("--bounces", type=int, default=2)
    parser.add_argument("--repeat", type=int, default=2)
    parser.add_argument("--threads", type=int, default=available_threads())
    parser.add_argument("--blender", default="", help="a Python that has bpy 4.5")
    options = parser.parse_args()
    scenario = load(options.scene)
    scene = scenario.sample(scenario.default_seed)
    assembly = assemble(scene)
    trajectory = simulate(assembly)
    tick = next(t for t in timetable(scene) if isinstance(t.sensor, Camera))
    size = {"width": options.width, "height": options.width * 9 // 16, "outputs": ("normal",)}
    fast = dataclasses.replace(tick.sensor, **size)
    high = dataclasses.replace(fast, quality="high", samples=options.samples, bounces=options.bounces)
    plain = dataclasses.replace(high, denoise=False)
    pixels = fast.width * fast.height
    with Renderer(assembly, trajectory, threads=options.threads) as renderer:
        shot = renderer.shot(tick)
        print(f"{scene.name}, {fast.width} x {fast.height}, {options.threads} threads; wall / processor seconds")
        floor, rays = fast_bare(fast, shot)
        spent = timed(lambda: fast.capture(shot), options.repeat)
        print(f"fast: {rays / pixels:.2f} rays a pixel, {spent[0]:.3f} / {spent[1]:.3f};", end=" ")
        print(f"bare {floor[0]:.3f} / {floor[1]:.3f}; ratio {spent[0] / floor[0]:.2f} / {spent[1] / floor[1]:.2f}")
        tally = recorded(plain, shot, baked_scene(shot.surroundings.stage, shot.view.motion))
        spent, noisy = timed(lambda: high.capture(shot), options.repeat), timed(lambda: plain.capture(shot), 1)
        total = np.sum(list(tally.seconds.values()), axis=0)
        for kind, count in tally.count.items():
            wall, used = tally.seconds[kind]
            print(f"  {kind:10s} {count / pixels:6.2f} rays a pixel, bare {wall:.3f} / {used:.3f}", end="")
            print(f", {1e9 * used / max(count, 1):.0f} ns a ray")
        print(f"high: {sum(tally.count.values()) / pixels:.1f} rays a pixel, {spent[0]:.3f} / {spent[1]:.3f}", end=" ")
        print(f"(without denoiser {noisy[0]:.3f} / {noisy[1]:.3f}); bare {total[0]:.3f} / {total[1]:.3f};", end=" ")
        print(f"ratio {spent[0] / total[0]:.2f} / {spent[1] / total[1]:.2f}")
        if options.blender:
            print("Cycles:", blender(options.blender, high, shot, options.threads))


if __name__ == "__main__":
    main()
