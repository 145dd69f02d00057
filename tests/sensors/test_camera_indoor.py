"""Under a roof daylight comes through openings, which are lamps; no other light of the sky gets in."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
from helpers_stage import Bench, Part, box, dome, plane, track

from simgen.geometry import look_at
from simgen.records.frames import CameraFrame
from simgen.records.lights import Lamp, LampTable
from simgen.records.mesh import Surface
from simgen.sensors.camera import Camera

MATT = Surface(class_name="object", base_color=(0.5,) * 3, roughness=1.0)
#: a hall of 8 x 8 m, 3 m high, open to +y
HALL = ((-4.0, -4.0, -0.1, 4.0, 4.0, 3.05),)
WINDOW = Lamp(
    position=(0.0, 4.0, 1.5),
    axis=(0.0, -1.0, 0.0),
    intensity=(24.0,) * 3,
    beam="area",
    half_u=(4.0, 0.0, 0.0),
    half_v=(0.0, 0.0, 1.5),
)


def hall(luminance: float, *, lamps: tuple[Lamp, ...] = (), openings: tuple[Lamp, ...] = ()) -> CameraFrame:
    parts = [
        Part(mesh=plane(40.0), surface=MATT),
        Part(mesh=box((8.4, 8.4, 0.2), (0.0, 0.0, 3.1)), surface=MATT),
        Part(mesh=box((0.2, 8.0, 3.0), (-4.1, 0.0, 1.5)), surface=MATT),
        Part(mesh=box((0.2, 8.0, 3.0), (4.1, 0.0, 1.5)), surface=MATT),
        Part(mesh=box((8.4, 0.2, 3.0), (0.0, -4.1, 1.5)), surface=MATT),
    ]
    camera = Camera(name="c", width=48, height=36, hfov_deg=70.0, outputs=("linear",), antialias=0)
    eye, target = (0.0, -2.0, 1.5), (1.0, 2.0, 0.0)
    with Bench(parts, dome(luminance)) as bench:
        bench.stage = bench.stage.replace(
            indoor=True,
            rooms=HALL,
            lamps=LampTable.of(lamps, [0] * len(lamps)),
            openings=LampTable.of(openings, [0] * len(openings)),
        )
        return camera.capture(bench.shot(track(eye, look_at(eye, target))))


def test_an_opening_is_a_lamp_of_the_sky_s_luminance_and_nothing_else_comes_in() -> None:
    as_bright = replace(WINDOW, intensity=tuple(c * 50.0 for c in WINDOW.intensity))
    by_opening = hall(50.0, openings=(as_bright,))
    by_lamp = hall(0.0, lamps=(as_bright,))
    inside = by_opening.depth < 4.2
    assert inside.mean() > 0.4
    np.testing.assert_allclose(by_opening.linear[inside], by_lamp.linear[inside], rtol=0.02)
    assert by_lamp.linear[inside].mean() > 1.0


def test_a_closed_room_is_dark_by_day() -> None:
    frame = hall(5000.0)
    inside = frame.depth < 4.0
    assert inside.sum() > 100
    assert frame.linear[inside].max() == 0.0


def test_outside_the_sky_shines_as_ever() -> None:
    frame = hall(50.0)
    outside = np.isfinite(frame.depth) & (frame.depth > 9.0)
    assert frame.linear[outside].min() > 10.0
