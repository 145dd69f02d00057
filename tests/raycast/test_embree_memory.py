"""Nothing leaks: memory stays where it is over a thousand stages and a thousand placements."""

from __future__ import annotations

import os
from pathlib import Path

from helpers_raycast import blob_shape, hills_shape, make_stage, random_motion

from simgen.raycast.embree import EmbreeEngine


def resident_mib() -> float:
    pages = int(Path("/proc/self/statm").read_text().split()[1])
    return pages * os.sysconf("SC_PAGE_SIZE") / 2**20


def growth(once, times: int) -> float:
    for _ in range(times // 4):
        once()
    before = resident_mib()
    for _ in range(times):
        once()
    return resident_mib() - before


def test_a_thousand_scenes_opened_placed_and_closed():
    # 1,000 triangles each: Embree's tree alone would leave some 100 MiB behind
    stage = make_stage([hills_shape(22, 10.0), blob_shape(1, 1.0)], [(0, 0), (1, 1), (1, 2)])
    motion = random_motion(1, 3, 3)

    def once() -> None:
        engine = EmbreeEngine(stage, 1)
        view = engine.place(motion)
        view.close()
        engine.close()

    assert growth(once, 1000) < 16


def test_a_thousand_placements_whether_closed_or_dropped():
    stage = make_stage([blob_shape(1, 1.0)], [(0, k) for k in range(40)])
    motions = [random_motion(2, 40, steps, turn_rad=0.01) for steps in (1, 5)]
    engine = EmbreeEngine(stage, 1)

    def once() -> None:
        for motion in motions:
            engine.place(motion).close()
            engine.place(motion)  # dropped without closing

    assert growth(once, 250) < 16
    engine.close()
