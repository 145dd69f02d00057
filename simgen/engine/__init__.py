"""Scene in, trajectory out; trajectory in, frames out.

``render`` walks the sensors' schedules in time order.
"""

from __future__ import annotations

import os
from collections.abc import Iterator

from simgen.assembly import Assembly, assemble
from simgen.engine.renderer import Renderer, Sample
from simgen.engine.timetable import Tick, nearest_ticks, timetable
from simgen.physics import simulate as simulate_physics
from simgen.records.trajectory import Trajectory
from simgen.scene import Scene


def available_threads() -> int:
    """Threads that this process may use: its CPU affinity."""
    return len(os.sched_getaffinity(0))


def simulate(scene: Scene, assembly: Assembly | None = None) -> Trajectory:
    """Run the physics of a scene once.

    Raises:
        UserError: an asset or a behaviour cannot be built.
        EngineError: the physics engine failed.
    """
    return simulate_physics(assembly or assemble(scene))


def render(
    scene: Scene, trajectory: Trajectory, *, assembly: Assembly | None = None, threads: int | None = None
) -> Iterator[Sample]:
    """Take every frame of every sensor, in time order.

    Raises:
        UserError: a sensor is mounted on nothing that exists.
    """
    with Renderer(assembly or assemble(scene), trajectory, threads=threads or available_threads()) as renderer:
        yield from renderer.samples()


__all__ = [
    "Renderer",
    "Sample",
    "Tick",
    "available_threads",
    "nearest_ticks",
    "render",
    "simulate",
    "timetable",
]
