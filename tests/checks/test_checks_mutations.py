"""Every rule passes on a faultless file, and each way of spoiling the file makes exactly the rules meant fail."""

from __future__ import annotations

import shutil

import h5py
import numpy as np
import pytest
from synthetic import World, write

from simgen.checks import RULES, run_checks
from simgen.checks.semantic_class import _compare
from simgen.dataset import open_dataset
from simgen.records.frames import POINT_NOISE
from simgen.taxonomy import class_id

SEQUENCE = "sequences/000000"
#: rules of sensors that the synthetic file does not have; their mutations are in files of their own
ELSEWHERE = {
    "event_order",
    "event_labels",
    "thermal_counts",
    "thermal_labels",
    "radar_counts",
    "radar_places",
    "radar_velocities",
    "depth_measured",
    "echo_source",
    "tactile",
}
ELSEWHERE |= {"weather_points", "clean_twin", "conditions", "transmittance"}  # test_checks_weather.py
ELSEWHERE |= {"keypoints"}  # tests/labelling/test_keypoints.py
ELSEWHERE |= {"camera_raw"}  # test_checks_camera_raw.py
ELSEWHERE |= {"imu_motion", "odometry_path", "gnss_position"}  # test_checks_navigation.py


def failing(path):
    with open_dataset(path) as data:
        report = run_checks(data)
    return {r.rule: r for r in report.results if r.status == "fail"}


def spoiled(good, tmp_path, change, rehash=True):
    """A copy with a change; the stored hash follows it, so that only the rule meant can see it."""
    path = tmp_path / "spoiled.h5"
    shutil.copy(good, path)
    with h5py.File(path, "r+") as file:
        change(file[SEQUENCE])
    if rehash:
        with open_dataset(path) as data:
            found = data.sequences[0].compute_hash()
        with h5py.File(path, "r+") as file:
            file[SEQUENCE].attrs["content_hash"] = found
    return path


def test_a_faultless_file_passes_every_rule(good):
    with open_dataset(good) as data:
        report = run_checks(data)
    assert report.good
    assert (report.sequences, report.frames) == (1, 6)
    tested = {r.rule for r in report.results if r.status == "pass"}
    assert tested == {"readable", *(rule.name for rule in RULES)} - {"unreal_points"} - ELSEWHERE
    assert all(r.doc for r in report.results)


def change(path, at, value):
    def apply(sequence):
        sequence[path][at] = value(sequence[path][at]) if callable(value) else value

    return apply


def bend_depth(sequence):
    depth = sequence["frames/front/depth"]
    depth[()] = depth[()] * np.float32(1.04)


def sensor_moved(sequence):
    pose = sequence["frames/top/world_from_sensor"]
    value = pose[1]
    value[0, 3] += 0.01
    pose[1] = value


def noise_flags(sequence):
    labels = sequence["ragged/top/points/instance"][()]
    sequence["ragged/top/points/flags"][int(np.argmax(labels == 2))] = POINT_NOISE


def flip_pixel(sequence):
    """One pixel of the parked car goes to the lorry, label and all."""
    mask = sequence["frames/front/instance"][1]
    v, u = (int(a[0]) for a in np.nonzero(mask == 2))
    sequence["frames/front/instance"][1, v, u] = 4
    sequence["frames/front/semantic"][1, v, u] = class_id("truck")


def unknown_id(sequence):
    labels = sequence["ragged/top/points/instance"]
    labels[int(np.argmax(labels[()] == 0))] = 99


def wrong_class(sequence):
    mask = sequence["frames/front/instance"][2]
    v, u = (int(a[0]) for a in np.nonzero(mask == 3))
    sequence["frames/front/semantic"][2, v, u] = class_id("car")


def not_unit(sequence):
    q = sequence["trajectory/quaternion"]
    q[40, 3] = q[40, 3] * 1.001


def reflect(sequence):
    pose = sequence["frames/front/world_from_sensor"][0]
    pose[:3, 0] *= -1
    sequence["frames/front/world_from_sensor"][0] = pose


def shift_flow(sequence):
    flow = sequence["frames/front/flow"]
    flow[0] = flow[0] + np.float32(0.4)


def twice(sequence):
    sequence["ragged/top/boxes/instance"][1] = 2


MUTATIONS = {
    "box shifted": (change("ragged/front/boxes/box_px", (4, 0), lambda v: v + 1), {"box_px"}),
    "pixels wrong": (change("ragged/front/boxes/pixels", 2, lambda v: v - 1), {"box_px", "visible_fraction"}),
    "mask flipped": (flip_pixel, {"box_px"}),
    "fraction wrong": (change("ragged/front/boxes/visible_fraction", 1, 0.4), {"visible_fraction", "measures"}),
    "truncation above one": (change("ragged/front/boxes/truncation", 1, 1.2), {"visible_fraction"}),
    "box moved": (change("ragged/top/boxes/center", (3, 1), lambda v: v + 0.02), {"box_pose"}),
    "box turned": (
        change("ragged/top/boxes/quaternion", 5, [np.cos(0.02), 0, 0, np.sin(0.02)]),
        {"box_pose"},
    ),
    "points miscounted": (change("ragged/top/boxes/points", 7, lambda v: v + 1), {"point_counts", "measures"}),
    "points in box miscounted": (change("ragged/top/boxes/points_in_box", 7, lambda v: v + 1), {"points_in_box"}),
    "noise with an id": (noise_flags, {"unreal_points", "measures"}),
    "unknown id": (unknown_id, {"ids", "box_rows"}),
    "two boxes for one": (twice, {"box_rows", "box_pose", "semantic_class", "point_counts", "measures"}),
    "class wrong": (wrong_class, {"semantic_class"}),
    "depth bent": (bend_depth, {"depth_lidar", "flow"}),
    "flow shifted": (shift_flow, {"flow"}),
    "not a number": (change("frames/front/depth", (0, 0, 0), np.nan), {"finite"}),
    "infinite range": (change("ragged/top/points/range", 3, np.inf), {"finite"}),
    "time repeats": (
        change("frames/top/time_ns", 1, 20_000_000),
        {"times", "timing", "sensor_pose", "box_pose", "points_in_box", "depth_lidar", "measures"},
    ),
    "quaternion too long": (not_unit, {"rotations"}),
    "left-handed": (reflect, {"rotations", "sensor_pose", "box_pose", "measures"}),
    "sensor moved": (sensor_moved, {"sensor_pose", "box_pose", "measures"}),
    "status unknown": (change("frames/top/status", 2, 7), {"statuses", "measures"}),
    "dropped with data": (change("frames/top/status", 2, 1), {"statuses", "timing", "measures"}),
    "stamp late": (change("frames/front/stamp_ns", 1, lambda v: v + 2), {"timing", "measures"}),
    "offset wrong": (change("frames/front/boxes_offset", 2, 5), {"tables", "box_px", "box_rows", "readable"}),
    **{
        f"{path} wrong": (change(f"metrics/{path}", at, value), {"measures"})
        for path, at, value in (
            ("encounters/distance", (3, 1), lambda v: v + 0.01),
            ("encounters/time_to_collision", (2, 0), 1.0),
            ("encounters/closing_speed", (2, 2), lambda v: v + 0.1),
            ("encounters/time_headway", (0, 1), 1.0),
            ("encounters/required_deceleration", (0, 1), 3.0),
            ("encounters/post_encroachment", 1, 0.5),
            ("encounters/minimum_distance", 0, lambda v: v - 0.01),
            ("hazards/front/pixels", (1, 0), lambda v: v + 1),
            ("hazards/top/points", (1, 0), lambda v: v + 1),
            ("sensors/front/luminance", 1, lambda v: v * 1.01),
            ("sensors/top/frozen", 2, 1),
            ("sensors/top/shifted", 1, 0.02),
        )
    },
    "achieved wrong": (change("constraints/achieved", 0, lambda v: v + 0.01), {"measures"}),
    "does not hold": (change("constraints/holds", 1, 0), {"measures"}),
    "count too high": (change("frames/front/boxes_count", 2, 4), {"tables", "measures"}),
}


@pytest.mark.parametrize("name", MUTATIONS)
def test_a_mutation_fails_the_rules_meant(name, good, tmp_path):
    mutate, expected = MUTATIONS[name]
    found = failing(spoiled(good, tmp_path, mutate))
    first = next(iter(found.values()))
    if name == "offset wrong":
        # rows of another frame: whatever notices, the table rule must be among it
        assert "tables" in found
    else:
        assert set(found) == expected, {r.rule: r.first for r in found.values()}
    assert first.first.startswith("000000")
    assert first.failed > 0


def test_every_rule_has_a_mutation():
    covered = set().union(*(expected for _, expected in MUTATIONS.values())) | {"content_hash"}
    assert {rule.name for rule in RULES} <= covered | ELSEWHERE


def test_any_change_fails_the_hash(good, tmp_path):
    path = spoiled(good, tmp_path, change("frames/front/rgb", (0, 1, 1, 0), 255), rehash=False)
    assert set(failing(path)) == {"content_hash"}


def test_the_first_offender_is_named(good, tmp_path):
    found = failing(spoiled(good, tmp_path, MUTATIONS["box shifted"][0]))
    # boxes of frame 1 are rows 3 to 5
    assert found["box_px"].first.startswith("000000/front/1: instance 3: [")
    assert found["box_px"].worst == 1.0
    assert found["box_px"].failed == 1


def test_damaged_bytes_are_reported_not_raised(good, tmp_path):
    def damage(sequence):
        depth = sequence["frames/front/depth"]
        depth.id.write_direct_chunk((1, 0, 0), b"not deflate")

    found = failing(spoiled(good, tmp_path, damage, rehash=False))
    assert {"readable", "content_hash"} <= set(found)
    assert "000000/front/1: cannot be read" in found["readable"].first


def test_rules_without_anything_to_test_say_so(tmp_path):
    path = write(tmp_path / "dropped.h5", World(frames=2, dropped=(0, 1)))
    with open_dataset(path) as data:
        results = {r.rule: r for r in run_checks(data).results}
    assert results["box_px"].status == results["depth_lidar"].status == "nothing to test"
    assert results["statuses"].status == "pass"


def test_a_free_global_shutter_camera_needs_no_mount(tmp_path, monkeypatch):
    world = World(line_time_ns=0)
    sensors = tuple(
        type(s)(**{**vars(s), "calibration_true": {**s.calibration_true, "mount": {"on": "world", "path": "orbit"}}})
        if s.type == "camera"
        else s
        for s in world.sensors()
    )
    monkeypatch.setattr(world, "sensors", lambda: sensors, raising=False)
    with open_dataset(write(tmp_path / "free.h5", world)) as data:
        results = {r.rule: r for r in run_checks(data).results}
    assert results["flow"].status == results["depth_lidar"].status == "pass"
    assert results["flow"].tested > 1000
    assert results["sensor_pose"].tested == 3


def test_every_label_of_an_object_is_its_class():
    table = np.array([0, class_id("traffic_light"), class_id("car")])
    instance = np.array([1, 1, 2, 2])
    good = np.array([class_id("traffic_light"), class_id("traffic_light"), class_id("car"), class_id("car")])
    for what in ("image", "points", "boxes"):
        assert _compare(table, instance, good, what).failed == 0
    for wrong in ("road", "truck", "pole"):
        bad = good.copy()
        bad[3] = class_id(wrong)
        found = _compare(table, instance, bad, "image")
        assert (found.failed, found.tested, found.worst) == (1, 2, 1.0)
        assert found.example == f"image: instance 2 is of class 30, but labelled [{class_id(wrong)}]"
