"""Compiling on a second core: while this process compiles the camera, another one fills the kernel cache with the rest.

Kernels are compiled once for a version and a computer, at their first call, one after the other. Where the cache is
still empty, a helper process takes one small lidar sweep and labels one small frame of a scene of its own; what it
compiles is then on disk when this process comes to it. Nothing depends on it: numba's cache takes writers at the same
time, a kernel that both compile costs the other core's time, and a helper that fails changes nothing. It ends with the
work that it is for, and with this process, however that ends.
"""

from __future__ import annotations

import contextlib
import dataclasses
import os
import subprocess
import sys
import threading
from collections.abc import Iterator
from pathlib import Path
from typing import Any, Final

import numpy as np

from simgen import registry
from simgen.assembly import assemble
from simgen.engine import Renderer, Tick, available_threads, nearest_ticks
from simgen.geometry import pose_matrix
from simgen.labelling import label
from simgen.physics import simulate
from simgen.records.frames import CameraFrame
from simgen.scene import Clock, Entity, Scene
from simgen.sensors.base import Mount

#: one kernel of each group that the helper compiles: the last one that it comes to
_TELLING: Final = ("silhouette.silhouettes", "lidar.pack", "box_points.points_in_boxes")
_KERNELS: Final = Path(__file__).resolve().parents[1] / "kernels"
_PACKAGES: Final = Path(__file__).resolve().parents[2]


def is_cold() -> bool:
    """Whether the kernel cache lacks something that the helper can compile."""
    from simgen.kernels.jit import cache_folder

    folders = ((name, cache_folder(_KERNELS / f"{name.split('.')[0]}.py")) for name in _TELLING)
    return any(next(folder.glob(f"*/{name}-*.nbi"), None) is None for name, folder in folders)


@contextlib.contextmanager
def warming() -> Iterator[subprocess.Popen[bytes] | None]:
    """Fill a cold kernel cache on another core while the body runs; the helper process, or None if there is none."""
    helper = _start()
    try:
        yield helper
    finally:
        if helper is not None:
            helper.kill()
            helper.wait()
            if helper.stdin is not None:
                helper.stdin.close()


def _start() -> subprocess.Popen[bytes] | None:
    if available_threads() < 2:
        return None
    from simgen.kernels.jit import is_shared

    if not is_shared() or not is_cold():
        return None
    paths = os.pathsep.join(filter(None, (str(_PACKAGES), os.environ.get("PYTHONPATH"))))
    try:
        return subprocess.Popen(
            [sys.executable, "-P", "-m", __name__],
            stdin=subprocess.PIPE,
            stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL,
            env={**os.environ, "PYTHONPATH": paths},
        )
    except OSError:  # no interpreter to start, or no room for a process
        return None


def compile_the_rest() -> None:
    """Compile the kernels of labels and of lidars by using each once; they stay in the disk cache."""
    rainy = registry.get("weather", "rain")(rate_mm_h=5.0)
    # the general way first: beams of every scene may take it, the quick way only those in clear air
    for scene in (dataclasses.replace(_scene(), weather=(rainy,)), _scene()):
        _use(scene)


def _use(scene: Scene) -> None:
    """Label a frame of the scene's camera, and take a sweep of its lidar."""
    assembly = assemble(scene)
    trajectory = simulate(assembly)
    with Renderer(assembly, trajectory, threads=1) as renderer:
        camera, lidar = nearest_ticks(scene, 0)
        label(_blank(camera, renderer), camera.sensor, assembly, trajectory, renderer.shot(camera))
        renderer.frame(lidar)


def _scene() -> Scene:
    """Things on the ground in front of a camera and a lidar: one of each that has a kernel of its own."""
    mount = Mount(on="world", position_m=(0.0, 0.0, 1.0))
    camera = registry.get("sensor", "camera")(name="eye", width=32, height=24, hfov_deg=70.0, mount=mount)
    lidar = registry.get("sensor", "lidar")(name="spin", model="vlp-16", mount=mount, sunlight_klx=100.0)
    panel = registry.get("asset", "panel")
    # a ray that goes on, and a halo
    panes = {"glass": (3.0, 2.0, 0.0), "retro": (4.0, -2.0, 0.0)}
    return Scene(
        name="warm",
        seed=0,
        clock=Clock(duration_s=0.1),
        world=registry.get("world", "empty")(size_m=40.0),
        light=registry.get("light", "constant")(),
        entities=(
            Entity(name="box", instance=1, asset=registry.get("asset", "box")(), position=(4.0, 0.0, 0.5)),
            *(
                Entity(name=finish, instance=2 + k, asset=panel(finish=finish), position=at)
                for k, (finish, at) in enumerate(panes.items())
            ),
        ),
        sensors=(camera, lidar),
    )


def _blank(tick: Tick, renderer: Renderer) -> CameraFrame:
    """A frame that was never rendered: its box shows in one pixel."""
    sensor: Any = tick.sensor
    height, width = sensor.height, sensor.width
    instance = np.zeros((height, width), np.uint32)
    instance[height // 2, width // 2] = 1
    return CameraFrame(
        time_ns=tick.time_ns,
        stamp_ns=tick.time_ns,
        world_from_sensor=pose_matrix(*renderer.shot(tick).track.at(tick.time_ns)),
        K=sensor.K,
        exposure=np.ones(1, np.float32),
        depth=np.ones((height, width), np.float32),
        instance=instance,
    )


def _end_with_parent() -> None:
    """Leave at once when the other end of the pipe is gone, whatever ended it."""
    os.read(0, 1)
    os._exit(0)


def main() -> None:
    """The helper process."""
    threading.Thread(target=_end_with_parent, daemon=True).start()
    compile_the_rest()


if __name__ == "__main__":
    main()
