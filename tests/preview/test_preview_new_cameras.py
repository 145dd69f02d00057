"""Panels of event and thermal cameras say what the arrays say."""

import numpy as np

from simgen.preview.events import event_panels, polarity_colors
from simgen.preview.sheet import contact_sheet
from simgen.preview.thermal import thermal_panels, with_scale
from simgen.records.events import EVENT_NOISE, EventFrame, Events, Milliseconds
from simgen.records.thermal import ThermalFrame

K = np.array([[50.0, 0, 40], [0, 50.0, 30], [0, 0, 1]])
COMMON = {"time_ns": 50_000_000, "stamp_ns": 50_000_000, "world_from_sensor": np.eye(4), "K": K}


def events() -> Events:
    return Events(
        x=np.array([5, 6, 7], np.uint16),
        y=np.array([9, 9, 9], np.uint16),
        t=np.array([1, 20_000_000, 49_000_000], np.int64),
        p=np.array([1, 0, 1], np.uint8),
        instance=np.array([3, 3, 3], np.uint32),
        semantic=np.zeros(3, np.uint16),
        flags=np.array([0, 0, EVENT_NOISE], np.uint8),
    )


def event_frame(**more: object) -> EventFrame:
    return EventFrame(
        **COMMON,
        exposure=np.ones(1, np.float32),
        start_ns=np.zeros(1, np.int64),
        steps=np.array([4], np.uint16),
        motion_px=np.zeros(1, np.float32),
        events=events(),
        ms_to_idx=Milliseconds(ms=np.zeros(0, np.int64), row=np.zeros(0, np.uint32)),
        instance=np.full((60, 80), 3, np.uint32),
        depth=np.full((60, 80), 4.0, np.float32),
        **more,
    )


def thermal_frame() -> ThermalFrame:
    warm = np.linspace(-10.0, 35.0, 4800, dtype=np.float32).reshape(60, 80)
    return ThermalFrame(
        **COMMON,
        exposure=np.array([308.0], np.float32),
        raw=np.zeros((60, 80), np.uint16),
        temperature=warm,
        image=np.linspace(0, 255, 4800).astype(np.uint8).reshape(60, 80),
        surface_temperature=warm,
        shutter=np.zeros(1, np.uint8),
        depth=np.full((60, 80), 4.0, np.float32),
    )


def test_brighter_is_blue_and_darker_is_red() -> None:
    picture = polarity_colors(events(), (60, 80)).astype(int)
    assert picture[9, 5, 2] > picture[9, 5, 0] + 60
    assert picture[9, 6, 0] > picture[9, 6, 2] + 60
    assert (picture[20] == picture[0, 0]).all()


def test_noise_is_no_object() -> None:
    panels = {title.split(": ")[1].split(",")[0]: picture for title, picture in event_panels("dvs", event_frame())}
    by_object = panels["events by object"]
    assert (by_object[9, 5] == by_object[9, 6]).all()
    assert (by_object[9, 7] == by_object[0, 0]).all()


def test_warmer_is_brighter_on_the_scale() -> None:
    picture = with_scale(np.array([[0.0, 10.0, 20.0, 30.0] + [0.0] * 60] * 40, np.float32), 0.0, 30.0).astype(int)
    sums = picture[0, :4].sum(-1)
    assert (np.diff(sums) > 40).all()


def test_the_sheet_draws_both() -> None:
    frames = {"dvs": event_frame(ideal=event_frame()), "hot": thermal_frame()}
    sheet = contact_sheet(frames, title="t", subtitle="s", width=1200)
    assert sheet.shape[1] == 1200
    assert len(event_panels("dvs", frames["dvs"])) == 6
    assert [title for title, _ in thermal_panels("hot", frames["hot"])][:2] == [
        "hot: white hot",
        "hot: measured temperature",
    ]
