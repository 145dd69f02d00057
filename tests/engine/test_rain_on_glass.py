"""Rain on a camera's glass and a lidar's window in whole scenes: every frame is its own, in any order."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest

from simgen.assembly import assemble
from simgen.engine import Renderer, timetable
from simgen.errors import UserError
from simgen.physics import simulate
from simgen.scenario import loads
from simgen.scene import Scene

SCENE = """
simgen: 1
name: glass
clock: {duration_s: 0.5, rate_hz: 10}
world: {type: straight_road, length_m: 200}
light: {time: 2024-06-21T10:00:00Z, latitude_deg: 48.0, longitude_deg: 11.0}
weather:
  - {type: change, from: {type: rain, rate_mm_h: 10}, to: {type: rain, rate_mm_h: 60}, over_s: 0.4}
ego: {asset: sedan, lane: east/1, at_m: 60, speed_m_s: 14}
sensors:
  - {name: eye, type: camera, width: 96, height: 48, outputs: [glass], GLASS,
     mount: {on: ego, position_m: [1.6, 0, 1.4]}}
  - {name: top, type: lidar, model: vlp-16, window: {dirt: {cover: 0.3, per_km: 9}}, rate_hz: 10,
     mount: {on: ego, position_m: [0, 0, 2]}}
"""


def scene_of(glass: str = "glass: {wiper_s: 0.8}") -> Scene:
    return loads(SCENE.replace("GLASS", glass), "glass.yaml").sample(3)


def test_frames_are_the_same_in_any_order() -> None:
    scene = scene_of()
    assembly = assemble(scene)
    trajectory, ticks = simulate(assembly), list(timetable(scene))
    with Renderer(assembly, trajectory, threads=2) as renderer:
        forward: list[Any] = [renderer.frame(tick) for tick in ticks]
    with Renderer(assembly, trajectory, threads=1) as renderer:
        back: list[Any] = [renderer.frame(tick) for tick in reversed(ticks)][::-1]
    for one, two in zip(forward, back, strict=True):
        for (name, _, ours), (_, _, theirs) in zip(one.arrays(), two.arrays(), strict=True):
            np.testing.assert_array_equal(ours, theirs, err_msg=name)
        if hasattr(one, "points"):
            np.testing.assert_array_equal(one.points.range, two.points.range)
            np.testing.assert_array_equal(one.points.intensity, two.points.intensity)
    clear = [float(frame.glass.mean()) for frame in forward if hasattr(frame, "glass")]
    assert len(set(clear)) == 5


@pytest.mark.parametrize(
    ("glass", "words"),
    [
        ("glass: {wiper_s: 0.1}", "wiper_s"),
        ("glass: {shelter: 1}", "keeps everything off"),
        ("glass: {distance: 1}", "distance_m"),
        ("faults: {dirt: {wash_s: 3}}", "does not come back"),
        ("lens: {model: equirectangular}, glass: {}", "no pane of its own"),
    ],
)
def test_what_cannot_be_is_refused_with_its_line(glass: str, words: str) -> None:
    with pytest.raises(UserError, match=words) as caught:
        scene_of(glass)
    assert "glass.yaml:1" in str(caught.value)
