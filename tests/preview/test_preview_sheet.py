"""Pictures say what the arrays say: colours by class and id, boxes where they belong, panels for every label."""

import numpy as np

from simgen.preview.camera import camera_panels
from simgen.preview.colors import EMPTY, class_colors, distance_colors, instance_colors, normal_colors
from simgen.preview.sheet import contact_sheet
from simgen.records.base import empty_table
from simgen.records.frames import CameraBoxes, CameraFrame, LidarFrame, LidarPoints
from simgen.taxonomy import class_id, classes

K = np.array([[50.0, 0, 40], [0, 50.0, 30], [0, 0, 1]])


def camera_frame(**changes: object) -> CameraFrame:
    fields: dict[str, object] = {
        "time_ns": 0,
        "stamp_ns": 0,
        "world_from_sensor": np.eye(4),
        "K": K,
        "exposure": np.ones(1, np.float32),
        "rgb": np.full((60, 80, 3), 90, np.uint8),
        "depth": np.full((60, 80), 5.0, np.float32),
        "semantic": np.full((60, 80), class_id("car"), np.uint16),
        "instance": np.full((60, 80), 3, np.uint32),
        "boxes": empty_table(CameraBoxes),
    }
    return CameraFrame(**{**fields, **changes})  # type: ignore[arg-type]


def lidar_frame() -> LidarFrame:
    return LidarFrame(time_ns=0, stamp_ns=0, world_from_sensor=np.eye(4), points=empty_table(LidarPoints))


def test_class_colours_are_the_taxonomy_s() -> None:
    picture = class_colors(np.array([[class_id("car"), 0]], np.uint16))
    assert tuple(picture[0, 0]) == classes()["car"].color
    assert tuple(picture[0, 1]) == EMPTY


def test_neighbouring_ids_differ_and_zero_is_dark() -> None:
    picture = instance_colors(np.arange(40, dtype=np.uint32)[None])[0]
    assert tuple(picture[0]) == EMPTY
    steps = np.abs(picture[2:].astype(int) - picture[1:-1]).sum(-1)
    assert steps.min() > 40


def test_nearer_is_warmer_and_infinity_is_dark() -> None:
    picture = distance_colors(np.array([[1.0, 50.0, np.inf]], np.float32), near=1.0, far=50.0)[0].astype(int)
    assert picture[0, 0] > picture[1, 0]
    assert tuple(picture[2]) == EMPTY


def test_a_wall_that_faces_the_camera_is_blue() -> None:
    normal = np.zeros((1, 1, 3), np.float16)
    normal[..., 2] = -1.0
    r, g, b = normal_colors(normal)[0, 0]
    assert b == 255
    assert abs(int(r) - 127) <= 1
    assert abs(int(g) - 127) <= 1


def test_boxes_are_drawn_where_they_are() -> None:
    boxes = CameraBoxes(
        instance=np.array([3], np.uint32),
        class_id=np.array([class_id("car")], np.uint16),
        center=np.array([[0, 0, 5]], np.float32),
        size=np.array([[1, 1, 1]], np.float32),
        quaternion=np.array([[1, 0, 0, 0]], np.float32),
        velocity=np.zeros((1, 3), np.float32),
        flags=np.zeros(1, np.uint16),
        box_px=np.array([[30, 20, 50, 40]], np.float32),
        box_amodal_px=np.array([[30, 20, 50, 40]], np.float32),
        visible_fraction=np.ones(1, np.float32),
        truncation=np.zeros(1, np.float32),
        pixels=np.array([400], np.uint32),
        pixels_amodal=np.array([400], np.uint32),
    )
    panels = dict(camera_panels("eye", camera_frame(boxes=boxes)))
    plain, drawn = panels["eye: rgb"], panels["eye: 2-D and 3-D boxes, visible share"]
    changed = np.argwhere((plain != drawn).any(-1))
    assert changed.min(0).tolist()[0] >= 18
    assert changed.max(0)[0] <= 41
    assert (drawn[39, 35] != plain[39, 35]).any()


def test_sheet_has_the_asked_width_and_a_panel_for_everything() -> None:
    frames = {"eye": camera_frame(), "top": lidar_frame()}
    sheet = contact_sheet(frames, title="t", subtitle="s", width=1200)
    assert sheet.shape[1] == 1200
    assert sheet.dtype == np.uint8
    assert len(camera_panels("eye", camera_frame())) == 5
