"""A tactile sensor's configuration, and what a shot tells it of contacts."""

from __future__ import annotations

import numpy as np
import pytest

import simgen as sg
from simgen.errors import SimgenError
from simgen.records.trajectory import Contacts, Trajectory
from simgen.records.window import touching
from simgen.scenario import loads
from simgen.sensors.base import Mount
from simgen.sensors.tactile import Tactile
from simgen.taxonomy import class_id

PAD = Mount(on="pad")


def test_pixels_and_gel_are_those_of_digit() -> None:
    sensor = Tactile(name="t", mount=PAD)
    assert sensor.background().shape == (320, 240, 3)
    # 60 degrees from top to bottom
    assert np.degrees(2 * np.arctan(160 / sensor.focal_px)) == pytest.approx(60.0)
    known = sensor.calibration()
    assert (known["gel_m"], known["gel_radius_m"], known["max_force_n"]) == ([0.02, 0.03], 0.1, 100.0)
    # the lamps stand off the axis: red left above, green right above, blue below
    picture = sensor.background().astype(int)
    assert picture[20, 20, 0] > picture[20, 20, 1:].max() + 50
    assert picture[20, 220, 1] > picture[20, 220, [0, 2]].max() + 50
    assert picture[300, 120, 2] > picture[300, 120, :2].max() + 50
    assert picture.max() < 255


def test_beyond_the_gel_is_its_black_frame() -> None:
    small = Tactile(name="t", mount=PAD, gel_width_m=0.01, gel_height_m=0.012)
    lit = small.background().any(-1)
    rows, columns = np.flatnonzero(lit.any(1)), np.flatnonzero(lit.any(0))
    # half the gel seen from 22 mm less what it recedes there, in pixels
    fall = 0.1 - np.sqrt(0.1**2 - 0.005**2)
    assert len(columns) == pytest.approx(2 * small.focal_px * 0.005 / (0.022 - fall), abs=2)
    fall = 0.1 - np.sqrt(0.1**2 - 0.006**2)
    assert len(rows) == pytest.approx(2 * small.focal_px * 0.006 / (0.022 - fall), abs=2)


@pytest.mark.parametrize(
    ("fields", "words"),
    [
        ({"mount": Mount()}, "say which"),
        ({"mount": PAD, "gel_radius_m": 0.01}, "half diagonal"),
        ({"mount": PAD, "camera_distance_m": 0.01}, "camera_distance_m"),
        ({"mount": PAD, "outputs": ("depth",)}, "no output 'depth'"),
        ({"mount": PAD, "outputs": ("ideal", "ideal")}, "twice"),
        ({"mount": PAD, "width": 4000, "height": 4000}, "million pixels"),
        ({"mount": PAD, "gel_width_m": 0.06, "cell_m": 0.00002}, "million cells"),
    ],
)
def test_what_cannot_be_is_refused(fields, words) -> None:
    with pytest.raises(ValueError, match=words):
        Tactile(name="t", **fields)


def test_a_mistake_in_a_scene_is_shown_with_its_place() -> None:
    text = "simgen: 1\nname: a\nworld: {type: empty}\nsensors:\n  - {name: skin, type: tactile}\n"
    with pytest.raises(SimgenError, match=r"a:5:\d+.*mount"):
        loads(text, "a").sample(0)


def test_a_shot_knows_the_contacts_of_its_step_and_carrier_alone() -> None:
    steps, e = np.array([0, 10, 20], np.int64), 3
    rows = np.array(
        # time, a, b, force, overlap: bodies 0 and 1 belong to instance 5, body 2 to instance 8
        [(0, 5, 8, 1.0, 0.1), (10, 5, 8, 2.0, 0.2), (10, 5, 0, 3.0, 0.3), (10, 8, 0, 4.0, 0.4), (20, 3, 5, 5.0, 0.5)]
    )
    count, f4 = len(rows), np.float32
    contacts = Contacts(
        time_ns=rows[:, 0].astype(np.int64),
        actor_a=rows[:, 1].astype(np.uint32),
        actor_b=rows[:, 2].astype(np.uint32),
        position=np.zeros((count, 3), f4),
        normal=np.zeros((count, 3), f4),
        normal_force=rows[:, 3].astype(f4),
        overlap=rows[:, 4].astype(f4),
        closing_speed=np.zeros(count, f4),
    )
    trajectory = Trajectory(
        time_ns=steps,
        position=np.zeros((3, e, 3)),
        quaternion=np.tile([1.0, 0.0, 0.0, 0.0], (3, e, 1)),
        linear_velocity=np.zeros((3, e, 3), f4),
        angular_velocity=np.zeros((3, e, 3), f4),
        exists=np.ones((3, 2), bool),
        body_actor=np.array([0, 0, 1], np.uint32),
        actor_body=np.array([0, 2], np.uint32),
        instance=np.array([5, 8], np.uint32),
        box_center=np.zeros((2, 3), f4),
        size=np.ones((2, 3), f4),
        signal_state=np.zeros((3, 0), np.uint8),
        contacts=contacts,
    )
    for body in (0, 1):
        found = touching(trajectory, body, 19)
        assert found.instance.tolist() == [8, 0]
        assert found.force.tolist() == [2.0, 3.0]
        np.testing.assert_allclose(found.overlap, [0.2, 0.3])
    assert touching(trajectory, 2, 10).force.tolist() == [2.0, 4.0]
    assert touching(trajectory, 0, 20).instance.tolist() == [3]
    assert touching(trajectory, 2, 25).force.tolist() == []


def test_the_ground_presses_a_finger_that_lies_on_it() -> None:
    scene = sg.loads(
        """
simgen: 1
name: down
clock: {duration_s: 0.3, rate_hz: 10}
world: {type: empty, size_m: 4}
light: {type: constant}
objects:
  - {name: block, asset: {type: box, size_m: [0.06, 0.06, 0.03], mass_kg: 4}, place: {at_m: [0, 0]}, physics: dynamic}
sensors:
  - {name: skin, type: tactile, width: 60, height: 80, rate_hz: 10, mount: {on: block, rotation_deg: [0, 90, 0]}}
""",
        "down",
    ).sample(1)
    frame = list(sg.render(scene, sg.simulate(scene)))[-1].frames["skin"]
    assert frame.force[0] == pytest.approx(4 * 9.81, rel=0.03)
    assert frame.indentation.max() == pytest.approx(4 * 9.81 * 0.05e-3, abs=0.05e-3)
    pressed = frame.indentation > 1e-4
    assert pressed.mean() > 0.5
    assert not frame.instance.any()
    assert set(np.unique(frame.semantic[pressed])) == {class_id("road")}
