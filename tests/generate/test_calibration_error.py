"""A wrong calibration is wrong by what was asked, in what is reported alone: data, labels and the truth stay."""

from __future__ import annotations

import math
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from simgen.checks import run_checks
from simgen.dataset.reader import open_dataset
from simgen.errors import SceneError
from simgen.generate import generate
from simgen.generate.sequence import calibrations
from simgen.geometry import BODY_FROM_CAMERA, compose, pose_matrix, quat_conjugate, quat_multiply, quat_rotate
from simgen.scenario import loads

SCENE = """
simgen: 1
name: miscalibrated
clock: {duration_s: 0.2, rate_hz: 10}
world: {type: empty}
objects: [{name: ball, asset: sphere, place: {at_m: [4, 0]}}]
sensors:
  - {name: eye, type: camera, width: 64, height: 48, mount: {position_m: [0, 0, 1], rotation_deg: [3, 10, 30]}ERROR}
  - {name: spin, type: lidar, model: vlp-16, mount: {position_m: [0, 0, 1.5], rotation_deg: [0, 0, 90]}ERROR}
"""
POSE = ", calibration_error: {position_m: [0.03, -0.02, 0.01], rotation_deg: [0.5, -1.0, 2.0]}"


def made(folder: Path, error: str) -> Path:
    (folder / "scene.yaml").write_text(SCENE.replace("ERROR", error))
    out = folder / f"{len(error)}.h5"
    generate([folder / "scene.yaml"], out)
    return out


def angles(q: Any) -> tuple[float, float, float]:
    """Roll, pitch, yaw (deg) of a rotation, read off where it takes the axes (intrinsic z-y-x)."""
    x, y, z = (quat_rotate(q, axis) for axis in np.eye(3))
    pitch = -math.asin(x[2])
    return math.degrees(math.atan2(y[2], z[2])), math.degrees(pitch), math.degrees(math.atan2(x[1], x[0]))


def test_reported_and_true_differ_by_the_stated_error_and_nothing_else_changes(tmp_path: Path) -> None:
    with open_dataset(made(tmp_path, "")) as good, open_dataset(made(tmp_path, POSE)) as wrong:
        assert run_checks(wrong).good
        for name, body_from_sensor in (("eye", BODY_FROM_CAMERA), ("spin", np.array([1.0, 0, 0, 0]))):
            before, after = good.sequences[0].frames[name], wrong.sequences[0].frames[name]
            assert before.calibration_reported == before.calibration_true == after.calibration_true
            true, reported = after.calibration_true.pop("mount"), after.calibration_reported["mount"]
            np.testing.assert_allclose(
                np.subtract(reported["position"], true["position"]), [0.03, -0.02, 0.01], atol=1e-15
            )
            # of the body frames: the data frame's own turn is taken out on both sides
            body = [quat_multiply(m["quaternion"], quat_conjugate(body_from_sensor)) for m in (true, reported)]
            turned = quat_multiply(quat_conjugate(body[0]), body[1])
            np.testing.assert_allclose(angles(turned), [0.5, -1.0, 2.0], atol=1e-9)
        for group in ("frames", "ragged"):
            assert stored(good, group) == stored(wrong, group)


def stored(data: Any, group: str) -> dict[str, bytes]:
    """The bytes of every array under a group of the first sequence."""
    found: dict[str, bytes] = {}
    data.sequences[0].group[group].visititems(
        lambda path, item: found.update({path: item[()].tobytes()}) if hasattr(item, "shape") else None
    )
    assert len(found) > 8
    return found


def test_a_yaw_error_points_the_reported_view_to_the_left() -> None:
    scene = loads(SCENE.replace("ERROR", ", calibration_error: {rotation_deg: [0, 0, 5]}"), "s").sample(0)
    _, reported = calibrations(scene.sensors[1], 2, 0)
    ahead = quat_rotate(np.array(reported["mount"]["quaternion"]), np.array([1.0, 0.0, 0.0]))
    # the mount looks along +y; 5 degrees further to the left is towards -x
    np.testing.assert_allclose(ahead, [-math.sin(math.radians(5)), math.cos(math.radians(5)), 0.0], atol=1e-12)


def test_intrinsics_err_by_so_many_pixels() -> None:
    text = SCENE.replace("ERROR", "", 2).replace(
        "30]}}", "30]}, calibration_error: {focal_px: 2.5, cx_px: -1, cy_px: 0.5}}", 1
    )
    eye = loads(text, "s").sample(0).sensors[0]
    true, reported = calibrations(eye, 2, 0)
    np.testing.assert_allclose(
        np.subtract(reported["K"], true["K"]), [[2.5, 0, -1], [0, 2.5, 0.5], [0, 0, 0]], atol=1e-12
    )
    assert true["K"] == eye.K.tolist()
    assert {k: v for k, v in reported.items() if k != "K"} == {k: v for k, v in true.items() if k != "K"}


def test_the_error_may_be_drawn_and_is_recorded() -> None:
    error = ", calibration_error: {rotation_deg: [0, 0, {normal: [0, 0.3]}]}"
    scene = loads(SCENE.replace("ERROR", error), "s").sample(3)
    draws = dict(scene.draws)
    for sensor in scene.sensors:
        drawn = draws[f"sensors.{sensor.name}.calibration_error.rotation_deg[2]"]
        assert sensor.calibration_error.rotation_deg == (0.0, 0.0, drawn)
    assert len(draws) == 2


MISTAKES = {
    "{focal_px: 1}": "sensor 'spin': focal_px, cx_px and cy_px are for cameras: this sensor has no intrinsics",
    "{rotation_deg: [0, 0, 200]}": "rotation_deg[2] must be at most 180, not 200",
    "{focal_px: -900}": "sensor 'eye': the reported focal length would be -861.864 px",
    "{yaw_deg: 1}": "unknown key 'yaw_deg' of calibration_error",
}


@pytest.mark.parametrize("error", MISTAKES)
def test_mistakes_are_told_at_their_place(error: str) -> None:
    text = SCENE.replace("ERROR", f", calibration_error: {error}")
    with pytest.raises(SceneError) as caught:
        loads(text, "s").sample(0)
    assert MISTAKES[error] in str(caught.value)
    assert str(caught.value).startswith("s:8:" if "spin" not in MISTAKES[error] else "s:9:")


def test_a_camera_on_a_path_has_no_mount_to_be_wrong_about() -> None:
    path = "mount: {path: {type: orbit, radius_m: [2, 2]}}, calibration_error: {position_m: [1, 0, 0]}}"
    text = SCENE.replace("ERROR", "").replace("mount: {position_m: [0, 0, 1], rotation_deg: [3, 10, 30]}}", path)
    with pytest.raises(SceneError, match="sensor 'eye': a camera on a path has no mount to be wrong about"):
        loads(text, "s").sample(0)


KNOCK = """
simgen: 1
name: knocked
clock: {duration_s: 0.6, rate_hz: 10}
world: {type: straight_road, trees: {density: 0}, buildings: {density: 0}}
ego: {asset: sedan, lane: east/1, speed_m_s: 10}
objects: [{name: parked, asset: suv, count: 3, place: {along: kerb}}, {name: ahead, asset: van, place: {on: lane}}]
sensors:
  - name: eye
    type: camera
    width: 120
    height: 80
    readout_s: 0.04
    outputs: [flow]
    mount: {on: ego, position_m: [1.6, 0, 1.6], knock: {at_s: 0.3, position_m: [0, 0.04, 0], rotation_deg: [1, -2, 3]}}
  - name: spin
    type: lidar
    model: vlp-16
    mount: {on: ego, position_m: [1, 0, 1.9], rotation_deg: [0, 0, 90], knock: {at_s: 0.3, rotation_deg: [0, 5, 0]}}
  - name: still
    type: camera
    width: 64
    height: 48
    mount: {position_m: [0, 0, 3], knock: {at_s: 0.25, position_m: [1, 0, 0]}}
"""


def test_a_knocked_sensor_sits_elsewhere_and_its_labels_know_it(tmp_path: Path) -> None:
    (tmp_path / "scene.yaml").write_text(KNOCK)
    generate([tmp_path / "scene.yaml"], tmp_path / "knocked.h5")
    with open_dataset(tmp_path / "knocked.h5") as data:
        # a rolling shutter is open and a sweep under way at 0.3 s: rows and points know it, too
        report = run_checks(data)
        assert report.good, [r for r in report.results if r.status == "fail"]
        assert next(r for r in report.results if r.rule == "sensor_pose").tested == 18
        frames, trajectory = data.sequences[0].frames, data.sequences[0].trajectory
        for name, shift, turn in (("eye", [0, 0.04, 0], [1, -2, 3]), ("spin", [0, 0, 0], [0, 5, 0])):
            true, reported = frames[name].calibration_true["mount"], frames[name].calibration_reported["mount"]
            knock = true.pop("knock")
            assert reported == true
            assert knock["time_ns"] == 300_000_000
            np.testing.assert_allclose(np.subtract(knock["position"], true["position"]), shift, atol=1e-15)
            body_from_sensor = BODY_FROM_CAMERA if name == "eye" else np.array([1.0, 0, 0, 0])
            body = [quat_multiply(m["quaternion"], quat_conjugate(body_from_sensor)) for m in (true, knock)]
            np.testing.assert_allclose(angles(quat_multiply(quat_conjugate(body[0]), body[1])), turn, atol=1e-9)
            for frame in frames[name]:
                mount = knock if frame.time_ns >= 300_000_000 else true
                position, quaternion = trajectory.poses(np.array([frame.time_ns]), np.array([0]))
                expected = pose_matrix(
                    *compose(position[0, 0], quaternion[0, 0], mount["position"], mount["quaternion"])
                )
                np.testing.assert_allclose(frame.world_from_sensor, expected, atol=1e-9)
        still = [frame.world_from_sensor[0, 3] for frame in frames["still"]]
        assert still == pytest.approx([0, 0, 0, 1, 1, 1])


def test_what_cannot_be_knocked_is_refused() -> None:
    path = "mount: {path: {type: orbit, radius_m: [2, 2]}, knock: {at_s: 0.1}}}"
    text = SCENE.replace("ERROR", "").replace("mount: {position_m: [0, 0, 1], rotation_deg: [3, 10, 30]}}", path)
    with pytest.raises(SceneError, match="a camera on a path cannot be knocked"):
        loads(text, "s")


def test_lost_frames_have_no_data_and_clocks_err_as_declared(tmp_path: Path) -> None:
    timing = ", start_s: 0.03, timing: {loss: 0.5, offset_s: 0.2, drift_ppm: 100, jitter_s: 0.001}"
    text = SCENE.replace("ERROR", timing).replace("duration_s: 0.2", "duration_s: 0.8")
    (tmp_path / "scene.yaml").write_text(text)
    generate([tmp_path / "scene.yaml"], tmp_path / "lossy.h5")
    with open_dataset(tmp_path / "lossy.h5") as data:
        report = {result.rule: result for result in run_checks(data).results}
        lost = [k for k in range(8) if data.sequences[0].frames["spin"].group["status"][k]]
        counts = data.sequences[0].frames["spin"].points.counts
    assert report["timing"].status == report["statuses"].status == "pass"
    assert report["timing"].tested > 16
    assert 0 < len(lost) < 8
    assert [k for k in range(8) if counts[k] == 0] == lost
