"""Two cameras with one view stand side by side on the sheet, and so do a frame and its clean twin; others do not."""

import dataclasses

import numpy as np
from helpers_high import capture, finish
from helpers_stage import Part, dome, plane

from simgen import render, simulate
from simgen.preview.air import AIR_COLORS
from simgen.preview.camera import camera_panels
from simgen.preview.sheet import contact_sheet, preview_scene
from simgen.preview.twins import clear_pairs_of, twins_of
from simgen.scenario import loads


def test_pairs_are_found_by_their_view() -> None:
    floor = [Part(mesh=plane(9.0), surface=finish(0.3))]
    fast, high = (
        capture(floor, dome(), (0, 0, 1), (1, 0, 0.5), quality=quality, samples=2) for quality in ("fast", "high")
    )
    (block,) = twins_of({"fast": fast, "high": high, "later": dataclasses.replace(high, time_ns=5)})
    panels, columns = block
    assert columns == 2
    assert [words for words, _ in panels] == ["fast (beside high)", "high (beside fast)"]
    assert twins_of({"one": fast, "same": fast}) == []
    assert fast.rgb is not None
    third = dataclasses.replace(fast, rgb=255 - fast.rgb)
    (together,) = twins_of({"fast": fast, "high": high, "third": third})
    assert [words for words, _ in together[0]] == [
        "fast (beside high, third)",
        "high (beside fast, third)",
        "third (beside fast, high)",
    ]
    plain = contact_sheet({"fast": fast}, title="t", subtitle="s", width=800)
    assert contact_sheet({"fast": fast, "high": high}, title="t", subtitle="s", width=800).shape[0] > plain.shape[0]


SCENE = """
simgen: 1
name: misty
clock: {duration_s: 0.2, rate_hz: 10}
world: {type: straight_road, length_m: 200}
light: {time: 2024-06-21T10:00:00Z, latitude_deg: 48.0, longitude_deg: 11.0}
weather: [{type: fog, visibility_m: 60}]
ego: {asset: sedan, lane: east/1, at_m: 60}
objects: [{name: ahead, asset: van, place: {lane: east/1, at_m: 75}}]
sensors:
  - {name: front, type: camera, width: 96, height: 54, outputs: [twin], mount: {on: ego, position_m: [1.6, 0, 1.4]}}
  - {name: top, type: lidar, model: vlp-16, outputs: [twin], mount: {on: ego, position_m: [0, 0, 2]}}
"""


def test_what_has_a_clean_twin_stands_beside_it() -> None:
    scene = loads(SCENE, "misty.yaml").sample(1)
    (sample, *_) = render(scene, simulate(scene))
    camera, lidar = clear_pairs_of(sample.frames)
    assert [words for words, _ in camera[0]] == ["front", "front: twin in clear air, same exposure"]
    np.testing.assert_array_equal(camera[0][1][1], sample.frames["front"].twin.rgb)
    assert lidar[1] == 2
    fog, clear = (picture for _, picture in lidar[0])
    bright = np.array(AIR_COLORS["fog"], np.uint8)
    assert (fog == bright).all(-1).sum() > 500
    assert not (clear == bright).all(-1).any()
    assert clear_pairs_of({"front": sample.frames["front"].replace(twin=None)}) == []
    sheet = preview_scene(scene, width=800)
    assert sheet.shape[1] == 800


def test_air_is_shown_by_what_it_lets_through() -> None:
    scene = loads(SCENE, "misty.yaml").sample(1)
    (sample, *_) = render(scene, simulate(scene))
    frame = sample.frames["front"]
    share = np.linspace(0.25, 1.0, 54 * 96).astype(np.float16).reshape(54, 96)
    panels = dict(camera_panels("front", frame.replace(transmittance=share)))
    shown = panels["front: what the air lets through, 0.25 to 1.00"]
    assert shown.shape == (54, 96, 3)
    assert (shown[0, 0].tolist(), shown[-1, -1].tolist()) == ([64] * 3, [255] * 3)
    assert not any("air" in words for words, _ in camera_panels("front", frame))
