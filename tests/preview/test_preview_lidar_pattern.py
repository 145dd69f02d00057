"""Where lidars look, drawn: each point at its angle or its place on the wall."""

from __future__ import annotations

import helpers_lidar as yard
import numpy as np

from simgen.preview.colors import EMPTY
from simgen.preview.lidar import lidar_panels
from simgen.preview.lidar_pattern import seen_around, wall_sheet
from simgen.sensors.lidar import Lidar


def lit(picture: np.ndarray) -> np.ndarray:
    return (picture != np.array(EMPTY, np.uint8)).any(-1)


def test_left_is_left_and_a_disc_is_a_disc() -> None:
    points = yard.take(
        Lidar(name="a", model="raster", noise=False), [yard.Thing(yard.box((10, 2, 1), (0.5, 1.0, 0.5)))]
    ).points
    picture = lit(seen_around(points, (400, 200)))
    assert np.nonzero(picture)[1].max() < 200
    frame = yard.take(Lidar(name="a", model="mid-40", noise=False), [yard.Thing(yard.wall(10.0))])
    whole = lit(seen_around(frame.points, (400, 400)))
    v, u = np.nonzero(whole)
    # a disc of 19.16 deg that fills the panel; nothing outside it
    assert np.hypot(u - 199.5, v - 199.5).max() < 203
    assert np.ptp(u) > 380


def test_the_panel_stands_in_for_a_range_image() -> None:
    wall = [yard.Thing(yard.wall(10.0))]
    without = yard.take(Lidar(name="a", model="vlp-16"), wall)
    image = yard.take(Lidar(name="a", model="vlp-16", outputs=("range_image",)), wall)
    assert [words.split(":")[1] for words, _ in lidar_panels("a", without)][2] == " as seen from the sensor, by range"
    assert [words for words, _ in lidar_panels("a", image)][2] == "a: range image"


def test_the_wall_shows_what_is_on_it() -> None:
    taken = [
        yard.take(
            Lidar(name="a", model="mid-40", noise=False), [yard.Thing(yard.wall(10.0))], time_ns=k * 100 * yard.MS
        )
        for k in (0, 1)
    ]
    one = wall_sheet({"one": taken[:1]}, distance_m=10.0, columns=1, width=900)
    both = wall_sheet({"both": taken}, distance_m=10.0, columns=1, width=900)
    away = wall_sheet({"away": taken[:1]}, distance_m=20.0, columns=1, width=900)
    bright = [int((sheet[112:].max(-1) > 90).sum() - (sheet[112:].min(-1) > 200).sum()) for sheet in (away, one, both)]
    assert bright[0] < 200 < bright[1] < bright[2]
