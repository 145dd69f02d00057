"""Panels of depth cameras and ultrasonic rangers."""

from __future__ import annotations

import numpy as np
import pytest
from helpers_depth import plate, take, wall
from helpers_stage import box
from helpers_ultrasonic import hear, ranger
from helpers_ultrasonic import wall as sound_wall

from simgen.preview.depth import error_panel
from simgen.preview.sheet import contact_sheet, frame_panels
from simgen.records.ultrasonic import ECHO_FALSE
from simgen.sensors.stereo_depth import StereoDepth
from simgen.sensors.structured_light import StructuredLight


def test_a_depth_frame_shows_measured_and_true_depth_and_the_reasons():
    sensor = StereoDepth(name="d", width=96, height=64, focal_px=424.0, outputs=("rgb", "infrared", "infrared_right"))
    frame = take(sensor, plate(1.0, (0.05, 0.08)), wall(1.5))
    panels = frame_panels("d", frame)
    titles = " | ".join(title for title, _ in panels)
    for word in ("rgb", "infra-red |", "right imager", "as measured", "why there is none", "less true", "true depth"):
        assert word in titles
    assert all(p.dtype == np.uint8 and p.shape == (64, 96, 3) for _, p in panels)
    shown = dict(panels)[next(t for t, _ in panels if "as measured" in t)]
    assert (shown[frame.hole > 0] == shown[0, 0]).all()


def test_the_error_is_drawn_by_its_sign():
    frame = take(StereoDepth(name="d", width=96, height=64, focal_px=424.0), wall(1.5))
    near = frame.replace(depth_measured=frame.depth - np.float32(0.01), hole=np.zeros_like(frame.hole))
    far = near.replace(depth_measured=frame.depth + np.float32(0.01))
    (title, blue), (_, red) = error_panel("d", near), error_panel("d", far)
    assert title == "d: measured less true, +-10 mm"
    assert blue[..., 2].mean() > blue[..., 0].mean()
    assert red[..., 0].mean() > red[..., 2].mean()


@pytest.mark.parametrize("cls", [StereoDepth, StructuredLight])
def test_a_view_of_nothing_is_drawn_too(cls):
    from helpers_stage import Part

    behind = Part(mesh=box((1.0, 1.0, 1.0), (-9.0, 0.0, 0.0)))
    frame = take(cls(name="d", width=64, height=48, outputs=("rgb", "infrared", "depth_sigma", "ideal")), behind)
    assert (frame.hole == 1).all()
    assert not frame.depth_measured.any()
    assert contact_sheet({"d": frame}, title="t", subtitle="s").shape[2] == 3


def test_an_echo_is_named_and_marked():
    frame = hear(ranger(outputs=("envelope",)), sound_wall(2.0, label=4))
    (title, picture), *_ = frame_panels("u", frame)
    assert title == "u: first echo 2.00 m, from building, instance 4"
    (other, bare), *_ = frame_panels("u", frame.replace(envelope=None))
    assert other == title
    assert (picture != bare).any()
    false = frame.replace(flags=np.array([ECHO_FALSE], np.uint8), instance=np.array([0], np.uint32))
    assert "another device" in frame_panels("u", false)[0][0]
    assert frame_panels("u", ranger().silence(frame))[0][0] == "u: no echo"
