"""A lidar behind a window with dirt, drops and snow on it: what it loses, where, and nothing else."""

from __future__ import annotations

import math
from dataclasses import replace
from typing import Any

import numpy as np
import pytest
from helpers_lidar import Thing, box, motion_between, noon, open_named, sphere, stage_of, take, track_of, wall

from simgen.records.air import Fallen, Medium
from simgen.records.mesh import Surface
from simgen.records.surroundings import Shot, Surroundings
from simgen.sensors._camera_faults import Dirt
from simgen.sensors._lidar_grime import SNOW_M2_KG, window_share
from simgen.sensors._lidar_window import LidarWindow, Smear
from simgen.sensors._pane import EDGES, past_of, snow_met
from simgen.sensors.lidar import Lidar


def lidar(**fields: Any) -> Lidar:
    return Lidar(**{"name": "top", "model": "vlp-16", "noise": False, **fields})


def all_round(loss: float) -> LidarWindow:
    return LidarWindow(smears=(Smear(width_deg=360.0, loss=loss),))


def shot_of(device: Lidar, *, rain: float = 0.0, snow: float = 0.0, speed: float = 0.0, time_s: float = 0.0) -> Shot:
    """A shot whose weather has always been so, at the origin or under way."""
    stage = stage_of([Thing(wall(1.0))])
    engine = open_named("embree", stage, 1)
    time_ns = round(1e9 * time_s)
    view = engine.place(motion_between([Thing(wall(1.0))], 0, 0))
    second = np.array([0, 1_000_000_000], np.int64)
    fallen = Fallen(time_ns=second, rain_mm=np.array([0.0, rain / 3600.0]), snow_mm=np.array([0.0, snow / 3600.0]))
    around = Surroundings(stage=stage, light=noon(), medium=Medium.clear(), particles=(), seed=1, fallen=fallen)
    way = track_of(Thing(wall(1.0), velocity=(speed, 0.0, 0.0)), -100_000_000_000, 100_000_000_000)
    shot = Shot(index=0, time_ns=time_ns, view=view, track=way, surroundings=around, course=way)
    view.close()
    engine.close()
    return shot


def farthest(device: Lidar) -> float:
    """The range at which a 10 % wall is no longer seen straight on, to 0.25 m."""
    grey = Surface(class_name="building", lidar_reflectance=0.1, roughness=1.0)
    seen = 0.0
    for distance in np.arange(8.0, 130.0, 0.25):
        frame = take(device, [Thing(wall(float(distance), 3.0), surface=grey)])
        if len(frame.points.range) == 0:
            break
        seen = float(distance)
    return seen


@pytest.mark.parametrize("loss", [0.2, 0.5])
def test_the_range_falls_with_what_passes_once(loss: float) -> None:
    """The power falls with its square, and with that of the range: ``R = R_clean tau``."""
    clean, dirty = (farthest(lidar(window=window)) for window in (LidarWindow(), all_round(loss)))
    assert dirty / clean == pytest.approx(1.0 - loss, abs=0.01)


def test_the_intensity_falls_with_what_passes_there_and_back() -> None:
    scene = [Thing(sphere(10.0), surface=Surface(class_name="building", lidar_reflectance=0.5))]
    clean, dirty = (take(lidar(window=window), scene).points for window in (None, all_round(0.3)))
    np.testing.assert_array_equal(clean.ring, dirty.ring)
    np.testing.assert_array_equal(clean.xyz, dirty.xyz)
    np.testing.assert_array_equal(clean.semantic, dirty.semantic)
    np.testing.assert_allclose(dirty.intensity, 0.49 * clean.intensity, rtol=1e-4)


def test_a_clean_window_changes_nothing() -> None:
    scene = [Thing(box((8.0, 0.0, 0.0), (1.0, 4.0, 3.0))), Thing(wall(20.0))]
    for noise in (False, True):
        one, two = (take(lidar(window=window, noise=noise), scene).points for window in (None, LidarWindow()))
        np.testing.assert_array_equal(one.range, two.range)
        np.testing.assert_array_equal(one.intensity, two.intensity)


def test_a_smear_blinds_its_sector_and_fades_over_the_lens() -> None:
    window = LidarWindow(smears=(Smear(azimuth_deg=90.0, width_deg=60.0, loss=1.0),))
    points = take(lidar(window=window), [Thing(sphere(10.0))]).points
    azimuth = np.degrees(np.arctan2(points.xyz[:, 1], points.xyz[:, 0]))
    off = np.abs(np.mod(azimuth - 90.0 + 180.0, 360.0) - 180.0)
    # the lens of 20 mm reaches 11.5 degrees to either side on a cylinder of 50 mm
    assert not (off < 30.0 - 12.5).any()
    full = points.intensity[off > 30.0 + 12.5]
    assert np.ptp(full) < 0.02 * full.mean()
    edge = points.intensity[np.abs(off - 30.0) < 0.5]
    assert edge.mean() / full.mean() == pytest.approx(0.25, abs=0.03), "half of the lens, there and back"


def test_specks_take_what_they_cover_times_their_density() -> None:
    device = lidar(window=LidarWindow(dirt=Dirt(cover=0.3, density=0.9, size=0.02)))
    shot = shot_of(device)
    share, *_ = window_share(device, shot)
    from simgen.sensors._camera_grime import dirt_map

    taken = dirt_map(Dirt(cover=0.3, density=0.9, size=0.02), 720, len(share), 1, "top")
    assert share.mean() == pytest.approx(1.0 - taken.mean(), abs=0.01)
    assert share.std() < 0.7 * taken.std(), "the lens averages"


def test_rain_meets_the_side_that_faces_the_way() -> None:
    device = lidar(window=LidarWindow(before_s=20.0))
    shares = [window_share(device, shot_of(device, rain=25.0, speed=15.0, time_s=t))[0] for t in (0.0, 3.0)]
    front, back = np.mean([s[:, 300:420] for s in shares]), np.mean([np.roll(s, 360, 1)[:, 300:420] for s in shares])
    assert front < 0.97
    assert back == 1.0
    still = window_share(device, shot_of(device, rain=25.0))[0]
    assert (still == 1.0).all(), "rain that falls straight down misses an upright window"
    spinning = lidar(window=LidarWindow(spins=True))
    assert (window_share(spinning, shot_of(spinning, rain=25.0, speed=15.0))[0] == 1.0).all()


def test_drops_take_what_they_cover() -> None:
    """Before drops meet, the share that they cover is the sum of their discs."""
    device = lidar(window=LidarWindow(before_s=1.0, contact_angle_deg=60.0))
    d = 0.5e3 * (EDGES[1:] + EDGES[:-1])
    number = 8000.0 * np.exp(-4.1 * 4.0**-0.21 * d) * 1e3 * np.diff(EDGES)
    c, s = math.cos(math.radians(60.0)), math.sin(math.radians(60.0))
    disc = math.pi * ((0.5e-3 * d) ** 3 * 4.0 / ((2.0 - 3.0 * c + c**3) / s**3)) ** (2.0 / 3.0)
    # a second of 10 m/s into them; the mean over the front half of the circle of max(cos, 0) of eight facets
    facets = np.maximum(np.cos(2.0 * np.pi * (np.arange(8) + 0.5) / 8.0), 0.0).mean()
    expected = float((number * disc).sum()) * 10.0 * facets
    shares = [
        1.0 - window_share(replace(device, name=f"l{k}"), shot_of(device, rain=4.0, speed=10.0))[0].mean()
        for k in range(12)
    ]
    assert np.mean(shares) == pytest.approx(expected, rel=0.15)


def test_snow_that_sticks_blinds_by_its_mass() -> None:
    device = lidar(window=LidarWindow(snow_sticks=0.1, before_s=20.0))
    shot = shot_of(device, snow=1.0, speed=10.0, time_s=10.0)
    share = window_share(device, shot)[0]
    # the facets beside the way lean from it by 22.5 degrees; 30 s of 10 m/s through 1 mm/h that falls at 1 m/s
    mass = 1.0 / 3600.0 * 10.0 * math.cos(math.radians(22.5)) * 30.0
    facing = np.array([[0.0, -1.0, 0.0], [0.0, 0.0, -1.0], [math.cos(math.pi / 8), math.sin(math.pi / 8), 0.0]])
    assert snow_met(past_of(shot), facing, -20.0, 10.0) == pytest.approx(mass, rel=1e-6)
    drops = window_share(replace(device, window=LidarWindow(snow_sticks=1e-9, before_s=20.0)), shot)[0]
    assert share[:, 360].mean() / drops[:, 360].mean() == pytest.approx(math.exp(-SNOW_M2_KG * 0.1 * mass), rel=0.1)


def test_the_ideal_signal_knows_no_window() -> None:
    scene = [Thing(sphere(10.0))]
    frame = take(lidar(window=all_round(1.0), outputs=("ideal",)), scene)
    assert len(frame.points.range) == 0
    assert frame.ideal is not None
    assert len(frame.ideal.points.range) > 20_000  # type: ignore[attr-defined]


def test_air_is_seen_through_the_window_too() -> None:
    """Echoes of fog are dimmed like those of walls: through a half blind window there are fewer."""
    fog = Medium.gray(0.03, 0.03 / 20.0, "fog")
    clean, dirty = (
        take(lidar(window=window, noise=True), [Thing(wall(60.0))], medium=fog).points
        for window in (None, all_round(0.6))
    )
    counts = [int((points.flags & 1 > 0).sum()) for points in (clean, dirty)]
    assert counts[0] > 1000
    assert counts[1] < 0.7 * counts[0]


def test_the_same_bits_on_any_number_of_threads() -> None:
    window = LidarWindow(dirt=Dirt(), smears=(Smear(),))
    one, two = (take(lidar(window=window, noise=True), [Thing(sphere(10.0))], threads=n).points for n in (1, 3))
    np.testing.assert_array_equal(one.range, two.range)
    np.testing.assert_array_equal(one.intensity, two.intensity)
