"""The rules of event and thermal cameras pass on what the sensors give, and see what is spoiled."""

from __future__ import annotations

import numpy as np
import pytest
from helpers_checks import spoiled

from simgen import registry
from simgen.checks import run_checks
from simgen.dataset import open_dataset
from simgen.dataset.writer import DatasetWriter
from simgen.generate.sequence import write_sequence
from simgen.scene import Clock, Entity, Scene
from simgen.sensors.base import Mount

MOUNT = Mount(on="world", position_m=(-6.0, 0.0, 1.2))


@pytest.fixture(scope="module")
def good(tmp_path_factory):
    """A box that drives past an event camera and a thermal camera."""
    small = {"width": 64, "height": 48, "hfov_deg": 60.0, "mount": MOUNT}
    dvs = registry.get("sensor", "event_camera")(name="dvs", rate_hz=20.0, **small)
    hot = registry.get("sensor", "thermal_camera")(name="hot", outputs=("emissivity",), **small)
    mover = Entity(
        name="mover",
        instance=2,
        asset=registry.get("asset", "box")(size_m=(1.0, 0.6, 0.9)),
        position=(0.0, -0.8, 0.45),
        quaternion=(0.5**0.5, 0.0, 0.0, 0.5**0.5),
        behaviour=registry.get("behaviour", "drive_straight")(speed_m_s=4.0),
    )
    scene = Scene(
        name="pass",
        seed=5,
        clock=Clock(duration_s=0.15),
        world=registry.get("world", "empty")(size_m=60.0),
        light=registry.get("light", "constant")(),
        entities=(mover,),
        sensors=(dvs, hot),
    )
    path = tmp_path_factory.mktemp("cameras") / "good.h5"
    with DatasetWriter(path, scenario="simgen: 1\n", seed=5) as writer:
        write_sequence(writer, 0, scene)
    return path


def test_what_the_sensors_give_passes(good) -> None:
    with open_dataset(good) as data:
        results = {r.rule: r for r in run_checks(data).results}
        frame = data.sequences[0].frames["dvs"][2]
    assert type(frame).__name__ == "EventFrame"
    assert not [r for r in results.values() if r.status == "fail"]
    for name in ("event_order", "event_labels", "thermal_counts", "thermal_labels", "box_px", "visible_fraction"):
        assert results[name].status == "pass"
        assert results[name].tested > 3


def swapped(t):
    """Two neighbours of different times change places."""
    k = int(np.argmax(t[1:] > t[:-1]))
    t[[k, k + 1]] = t[[k + 1, k]]
    return t


def late(t):
    return t + 60_000_000


@pytest.mark.parametrize(
    ("name", "change", "expected", "words"),
    [
        ("ragged/dvs/events/t", swapped, {"event_order"}, "comes before event"),
        ("ragged/dvs/events/t", late, {"event_order", "event_labels"}, "is not in its window"),
        ("ragged/dvs/events/x", lambda x: x + 60, {"event_order", "event_labels"}, "is outside"),
        ("ragged/dvs/events/p", lambda p: p + 1, {"event_order"}, "has polarity 2"),
        ("ragged/dvs/events/y", lambda y: (y + 9) % 48, {"event_labels"}, "px outside the box"),
        ("ragged/dvs/ms_to_idx/row", lambda r: r + 1, {"event_order"}, "ms_to_idx of"),
        ("ragged/dvs/ms_to_idx/ms", lambda ms: ms + 1, {"event_order"}, "ms_to_idx lists 50 milliseconds"),
        ("frames/hot/temperature", lambda t: t + np.float32(0.3), {"thermal_counts"}, "stands for"),
        ("frames/hot/surface_temperature", lambda t: t * 0 - 200, {"thermal_labels"}, "surface_temperature is -200"),
        ("frames/hot/emissivity", lambda e: e + 0.5, {"thermal_labels"}, "emissivity is 1."),
    ],
)
def test_what_is_spoiled_is_seen(name, change, expected, words, good, tmp_path) -> None:
    found = spoiled(good, tmp_path, name, change)
    # moved pixels may also break the order among events of one instant
    assert expected <= set(found) <= expected | {"event_order"}, found
    assert any(words in first for first in found.values()), found
