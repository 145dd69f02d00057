"""Panels of a tactile sensor say what the arrays say."""

import numpy as np

from simgen.preview.colors import EMPTY
from simgen.preview.sheet import contact_sheet, frame_panels
from simgen.records.tactile import TactileFrame


def frame() -> TactileFrame:
    deep = np.zeros((80, 60), np.float32)
    deep[20:40, 10:30] = 0.0012
    return TactileFrame(
        time_ns=0,
        stamp_ns=0,
        world_from_sensor=np.eye(4),
        rgb=np.full((80, 60, 3), 90, np.uint8),
        indentation=deep,
        force=np.array([24.0], np.float32),
        instance=np.where(deep > 0, 3, 0).astype(np.uint32),
        semantic=np.where(deep > 0, 64, 0).astype(np.uint16),
    )


def test_panels_tell_force_depth_and_what_presses() -> None:
    panels = dict(frame_panels("pad", frame()))
    assert any("24 N" in words for words in panels)
    dent = next(picture for words, picture in panels.items() if "up to 1.20 mm" in words)
    presser = next(picture for words, picture in panels.items() if "presses" in words)
    for picture in (dent, presser):
        # a portrait of 60 columns, in a cell of 4 : 3
        left = (picture.shape[1] - 60) // 2
        bright = (picture != EMPTY).any(-1)
        assert bright[20:40, left + 10 : left + 30].all()
        assert bright.sum() == 400
    assert len(panels) == 4


def test_the_sheet_and_the_ideal_frame_are_drawn() -> None:
    ideal = TactileFrame(time_ns=0, stamp_ns=0, world_from_sensor=np.eye(4), rgb=np.zeros((80, 60, 3), np.uint8))
    assert len(frame_panels("pad", ideal)) == 1
    assert contact_sheet({"pad": frame()}, title="t", subtitle="s", width=800).shape[1] == 800
