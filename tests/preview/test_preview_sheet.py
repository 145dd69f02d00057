"""Pictures say what the arrays say: colours by class and id, boxes where they belong, panels for every label."""

import numpy as np
import pytest

from simgen.preview import sheet as sheets
from simgen.preview.camera import camera_panels
from simgen.preview.colors import EMPTY, class_colors, distance_colors, instance_colors, normal_colors
from simgen.preview.layout import FEW, Panel, blocks_of, even_columns
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


def test_of_many_sensors_each_has_one_panel_and_rows_are_filled_alike(monkeypatch: pytest.MonkeyPatch) -> None:
    rows: list[tuple[list[str], int]] = []
    real = sheets._row

    def spy(panels: list, columns: int, width: int) -> np.ndarray:
        rows.append(([words.split(":")[0] for words, _ in panels], columns))
        return real(panels, columns, width)

    monkeypatch.setattr(sheets, "_row", spy)
    frames = {"top": lidar_frame(), **{f"eye{k}": camera_frame() for k in range(6)}}
    assert len(frames) > FEW
    small = contact_sheet(frames, title="t", subtitle="s", width=1200)
    assert rows[:2] == [(["eye0", "eye1", "eye2"], 3), (["eye3", "eye4", "eye5"], 3)]
    # the lidar's other panels fill room that would stay empty
    assert rows[2:] in ([(["top"] * 2, 3)], [(["top"] * 3, 3)])
    rows.clear()
    whole = contact_sheet(frames, title="t", subtitle="s", width=1200, every=True)
    assert len(rows) == 6 * 2 + 1
    assert whole.shape[0] > 2 * small.shape[0]


def test_a_frame_that_was_lost_says_so(monkeypatch: pytest.MonkeyPatch) -> None:
    titles: list[str] = []
    monkeypatch.setattr(sheets, "frame_panels", lambda name, frame, series, lens: titles.append(name) or [])
    contact_sheet({"eye": camera_frame(status=1), "top": lidar_frame()}, title="t", subtitle="s")
    assert titles == ["eye (lost)", "top"]


def test_room_in_a_row_shows_more_of_a_sensor() -> None:
    def panel(name: str, *words: str) -> list[Panel]:
        return [(f"{name}: {word}", np.zeros((2, 2, 3), np.uint8)) for word in words]

    panels = {
        "eye": panel("eye", "rgb", "2-D and 3-D boxes, visible share", "depth", "flow"),
        **{f"lidar{k}": panel(f"lidar{k}", "class", "range") for k in range(FEW)},
    }
    blocks = [([words for words, _ in block], columns) for block, columns in blocks_of(panels, ["eye"], every=False)]
    assert blocks[0] == (["eye: 2-D and 3-D boxes, visible share", "eye: depth", "eye: flow"], 3)
    assert blocks[1] == ([f"lidar{k}: class" for k in range(FEW)], 3)
    bare = {**panels, "eye": panel("eye", "rgb", "depth")}
    assert [words for words, _ in blocks_of(bare, ["eye"], every=False)[0][0]] == ["eye: rgb", "eye: depth"]


def test_rows_are_as_even_as_can_be() -> None:
    assert [even_columns(n) for n in (1, 3, 4, 5, 6, 7, 8, 9, 12, 13)] == [3, 3, 4, 3, 3, 4, 4, 3, 4, 4]
