"""Cases of sensor faults: what they set in the sensors, what they ask, and what is refused."""

from __future__ import annotations

import math
from datetime import datetime, timedelta

import numpy as np
import pytest

from simgen.edge_cases._sun_search import sun_of_year, when_sun_is
from simgen.errors import SceneError
from simgen.light._sun import sun_angles
from simgen.light.sun_sky import SunSky
from simgen.scenario import loads
from simgen.scene import Scene
from simgen.sensors.camera import Camera
from simgen.sensors.lidar import Lidar

SCENE = """
simgen: 1
world: {type: straight_road}
clock: {duration_s: 2.0, rate_hz: 10}
light: {time: 2024-09-20T09:00:00+02:00, latitude_deg: 48.1, longitude_deg: 11.6, cloud_cover: 0.8}
ego: {asset: sedan, lane: east/1, at_m: 60, speed_m_s: 8}
sensors:
  - {name: front, type: camera, width: 32, height: 24, faults: {frozen: {from_s: 1.5}}, mount: {on: ego}}
  - {name: left, type: camera, width: 32, height: 24, mount: {on: ego, rotation_deg: [0, 0, 90]}}
  - {name: back, type: camera, width: 32, height: 24, mount: {on: ego, rotation_deg: [0, 0, 180]}}
  - {name: top, type: lidar, model: vlp-16, mount: {on: ego}}
  - {name: position, type: gnss, rate_hz: 10, mount: {on: ego}}
edge_cases: [%s]
"""


def scene(*lines: str) -> Scene:
    return loads(SCENE % ", ".join(lines), "s").sample(0)


def test_the_sun_comes_where_it_is_asked_for() -> None:
    case = "{type: sun_blinding, sensor: back, elevation_deg: 8, aside_deg: 5, within_deg: 2, at_s: 0.5}"
    light = scene(case).light
    assert isinstance(light, SunSky)
    elevation, azimuth = (math.degrees(a) for a in light.sun())
    assert elevation == pytest.approx(8.0, abs=2.2)
    # the camera looks west; aside is to its right, which is north of west
    assert azimuth == pytest.approx(275.0, abs=2.5)
    assert light.cloud_cover < 0.05


def test_no_sun_stands_in_the_north() -> None:
    with pytest.raises(SceneError, match="never stands"):
        scene("{type: sun_blinding, sensor: left}")


def test_the_search_knows_where_the_sun_is() -> None:
    start = datetime.fromisoformat("2024-01-01T00:00:00+02:00")
    elevation, azimuth = sun_of_year(start, 48.1, 11.6)
    for day, step in ((10, 110), (80, 70), (172, 200), (300, 90)):
        when = start + timedelta(days=day, minutes=6 * step)
        true_elevation, true_azimuth = sun_angles(when, 48.1, 11.6)
        # without refraction, which lifts it by half a degree at the horizon
        assert math.degrees(abs(elevation[day, step] - true_elevation)) < 0.6
        assert math.degrees(abs((azimuth[day, step] - true_azimuth + math.pi) % (2 * math.pi) - math.pi)) < 0.05
    found = when_sun_is(datetime.fromisoformat("2024-06-01T12:00:00+02:00"), (48.1, 11.6), math.pi, 0.9, 0.05)
    assert found is not None
    assert abs((found - datetime.fromisoformat("2024-06-01T12:00:00+02:00")).days) < 60


def test_faults_of_a_lidar_begin_together() -> None:
    found = scene(
        "{type: dropped_packets, share: 0.4, at_s: 0.7}",
        "{type: dead_lidar_channels, channels: 3, at_s: 0.7}",
        "{type: lidar_crosstalk, share: 0.02, at_s: 0.7}",
    )
    top = next(s for s in found.sensors if isinstance(s, Lidar))
    assert (top.packet_loss, top.crosstalk, top.faults_from_s) == (0.4, 0.02, 0.7)
    assert len(top.dead_rings) == 3
    assert max(top.dead_rings) - min(top.dead_rings) == 2
    assert np.all(top.device.elevation[np.isin(top.device.ring, top.dead_rings)] < 0.0)
    assert [c.kind for c in found.constraints] == ["returns_lost", "dead_share", "noise_points"]
    assert "ideal" not in top.outputs
    with pytest.raises(SceneError, match=r"begin at 0.7 s"):
        scene("{type: dropped_packets, at_s: 0.7}", "{type: lidar_crosstalk, at_s: 0.9}")


def test_a_fault_from_the_start_is_measured_against_the_ideal_signal() -> None:
    top = next(s for s in scene("{type: dropped_packets, at_s: 0}").sensors if isinstance(s, Lidar))
    assert "ideal" in top.outputs


def test_a_frozen_camera_counts_its_frames() -> None:
    found = scene("{type: frozen_frame, sensor: back, at_s: 0.45, duration_s: 0.5}")
    back = next(s for s in found.sensors if s.name == "back")
    assert isinstance(back, Camera)
    assert back.faults.frozen is not None
    assert found.constraints[0].asked == 5.0
    # the first picture of all has none before it
    assert scene("{type: frozen_frame, sensor: back, at_s: 0}").constraints[0].asked == 19.0


def test_dead_cameras_add_up() -> None:
    found = scene("{type: dead_camera, sensor: back, at_s: 1.5}", "{type: dead_camera, sensor: back, at_s: 1.0}")
    assert [c.asked for c in found.constraints if c.kind == "frames_dropped"] == [10.0]


def test_clocks_err_by_the_sum() -> None:
    found = scene(
        "{type: time_offset, sensor: top, offset_s: 0.2}",
        "{type: clock_drift, sensor: top, drift_ppm: 1000, jitter_s: 0}",
    )
    first, second = found.constraints
    assert first.asked == pytest.approx(0.2)
    assert second.asked == pytest.approx(0.2 + 1.9e-3)


@pytest.mark.parametrize(
    ("line", "words"),
    [
        ("{type: frozen_frame, sensor: front}", "'front' has frozen of its own"),
        ("{type: dead_camera, at_s: 5}", "takes no frame after 5 s"),
        ("{type: dead_lidar_channels, channels: 9}", "has 7 lasers that look down, not 9"),
        ("{type: gnss_outage, at_s: 0.95, duration_s: 0.01}", "takes no frame within 0.01 s"),
        ("{type: led_flicker, light: nobody}", "nobody"),
    ],
)
def test_what_cannot_be_is_refused(line: str, words: str) -> None:
    with pytest.raises(SceneError, match=words):
        scene(line)
