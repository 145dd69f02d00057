"""A camera's lens gets dirty: the fault is in the scene, and what cannot be is refused."""

from __future__ import annotations

import pytest

from simgen.errors import SceneError
from simgen.scenario import loads
from simgen.scene import Scene
from simgen.sensors._lidar_window import LidarWindow, Smear
from simgen.sensors.camera import Camera
from simgen.sensors.lidar import Lidar

SCENE = """
simgen: 1
world: empty
clock: {duration_s: 1.0, rate_hz: 10}
sensors:
  - {name: front, type: camera, width: 32, height: 24, faults: {drops: {}}}
  - {name: feel, type: imu}
  - {name: top, type: lidar, model: vlp-16, window: {radius_mm: 40}}
edge_cases: [{type: lens_dirt, %s}]
"""


def scene(line: str) -> Scene:
    return loads(SCENE % line, "s").sample(0)


@pytest.mark.parametrize("kind", ["dirt", "condensation"])
def test_the_fault_begins_at_its_instant(kind: str) -> None:
    found = scene(f"sensor: front, kind: {kind}, amount: 0.3, at_s: 0.4")
    camera = found.sensors[0]
    assert isinstance(camera, Camera)
    fault = getattr(camera.faults, kind)
    assert (fault.from_s, fault.until_s) == (0.4, None)
    assert not fault.is_on(399_999_999)
    assert fault.is_on(400_000_000)
    assert camera.faults.drops is not None
    assert found.tags == ("lens_dirt",)


def test_a_lidars_window_gets_a_smear() -> None:
    top = scene("sensor: top, amount: 0.25, at_s: 0.4").sensors[2]
    assert isinstance(top, Lidar)
    assert top.window == LidarWindow(radius_mm=40.0, smears=(Smear(from_s=0.4, width_deg=90.0, loss=0.95),))


@pytest.mark.parametrize(
    ("line", "words"),
    [
        ("sensor: front, kind: drops", "'front' has drops of its own"),
        ("sensor: front, at_s: 2", "takes no frame after 2 s"),
        ("sensor: feel", "no camera or lidar 'feel'"),
        ("sensor: top, kind: drops", "'top' is a lidar, whose window gets dirt, not drops"),
    ],
)
def test_what_cannot_be_is_refused(line: str, words: str) -> None:
    with pytest.raises(SceneError, match=words):
        scene(line)
