"""Radar frames in a file: read back as they were, pass their rules, and fail them when spoiled."""

from __future__ import annotations

import shutil

import h5py
import numpy as np
import pytest

from simgen.checks import run_checks
from simgen.dataset import DatasetWriter, open_dataset
from simgen.generate.sequence import write_sequence
from simgen.preview.sheet import frame_panels
from simgen.records.radar import RADAR_FALSE_ALARM, RADAR_GHOST, RADAR_MULTIPATH, RadarFrame
from simgen.scenario import loads

SCENE = """
simgen: 1
name: radar_small
clock: {duration_s: 0.35, rate_hz: 10}
world: {type: straight_road, highway: true, lanes: 2, length_m: 300, trees: {density: 0}}
light: {type: constant}
ego: {asset: sedan, lane: east/1, at_m: 100, speed_m_s: 20}
objects:
  - name: ahead
    asset: sedan
    place: {on: lane, lane: east/1, at_m: 125}
    behaviour: {type: follow_lane, speed_m_s: 26}
  - name: beside
    asset: truck
    place: {on: lane, lane: east/2, at_m: 130}
    behaviour: {type: follow_lane, speed_m_s: 17}
sensors:
  - name: front
    type: radar
    rate_hz: 13
    mount: {on: ego, position_m: [3.75, 0, 0.55]}
    outputs: [ideal, range_doppler, range_azimuth]
    dropouts: [{from_s: 0.2, until_s: 0.28}]
    scans: [{name: near, azimuth_step_deg: 0.6, elevation_step_deg: 0.5}]
"""
RULES = ("radar_counts", "radar_places", "radar_velocities")
TABLE = "sequences/000000/ragged/front"


@pytest.fixture(scope="module")
def written(tmp_path_factory):
    path = tmp_path_factory.mktemp("radar") / "radar.h5"
    scenario = loads(SCENE, "radar_small.yaml")
    with DatasetWriter(path, scenario=scenario.text, seed=4) as writer:
        write_sequence(writer, 0, scenario.sample(4))
    return path


def results(path):
    with open_dataset(path) as data:
        return {r.rule: r for r in run_checks(data).results}


def test_frames_come_back_as_they_were(written):
    with open_dataset(written) as data:
        frames = data.sequences[0].frames["front"]
        assert len(frames) == 5
        frame = frames[1]
        assert isinstance(frame, RadarFrame)
        assert len(frame.detections.range) == len(frame.nuscenes.x) > 10
        assert frame.range_doppler.shape[1] == frames.group["range_doppler"].shape[2]
        assert frames.group["range_doppler"].attrs["unit"] == "dB"
        assert frames.variants == ("ideal",)
        assert (frames.variant("ideal")[1].detections.flags & RADAR_FALSE_ALARM == 0).all()
        figures = frames.calibration_true["scans"][0]
        assert figures["range_resolution_m"] == pytest.approx(0.39, abs=0.005)
        row = frame.boxes.instance.tolist().index(2)
        assert frame.boxes.detections[row] == (frame.detections.instance == 2).sum() > 0


def test_a_dropped_frame_is_empty_and_its_labels_stay(written):
    with open_dataset(written) as data:
        frames = data.sequences[0].frames["front"]
        frame = frames[3]
        assert frame.status == 1
        assert len(frame.detections.range) == 0
        assert not frame.range_doppler.any()
        assert not frame.boxes.detections.any()
        assert len(frame.boxes.instance) >= 2
        assert len(frames.variant("ideal")[3].detections.range) > 0


def test_a_faultless_file_passes(written):
    found = results(written)
    assert all(found[name].status == "pass" for name in RULES)
    assert all(r.status != "fail" for r in found.values())
    assert found["radar_places"].tested > 20
    assert found["radar_velocities"].tested > 10


def _own(file) -> int:
    """Row of a detection of the car ahead that came straight, in the first frame."""
    flags, instance = file[f"{TABLE}/detections/flags"][()], file[f"{TABLE}/detections/instance"][()]
    return int(np.flatnonzero((instance == 2) & (flags == 0))[0])


def _set(column, value):
    def change(file):
        table = file[f"{TABLE}/detections/{column}"]
        row = _own(file)
        table[row] = value(table[row])

    return change


def _count(file):
    table = file[f"{TABLE}/boxes/detections"]
    table[1] = table[1] + 1


def _ghost(file):
    flags, labels = file[f"{TABLE}/detections/flags"], file[f"{TABLE}/detections/instance"]
    flags[_own(file)] = RADAR_GHOST
    assert labels[_own(file)] == 2


MUTATIONS = {
    "true place moved": (_set("true_range", lambda v: v + 8.0), "radar_places"),
    "true angle moved": (_set("true_azimuth", lambda v: v + 0.3), "radar_places"),
    "measured range off": (_set("range", lambda v: v + 3.0), "radar_places"),
    "measured azimuth off": (_set("azimuth", lambda v: v + 0.4), "radar_places"),
    "velocity off": (_set("true_velocity", lambda v: v + 0.4), "radar_velocities"),
    "measured velocity off": (_set("radial_velocity", lambda v: v - 2.0), "radar_velocities"),
    "count wrong": (_count, "radar_counts"),
    "ghost with an id": (_ghost, "radar_counts"),
}


@pytest.mark.parametrize("name", MUTATIONS)
def test_a_mutation_fails_the_rule_meant(name, written, tmp_path):
    change, rule = MUTATIONS[name]
    path = tmp_path / "spoiled.h5"
    shutil.copy(written, path)
    with h5py.File(path, "r+") as file:
        change(file)
    found = results(path)
    assert found[rule].status == "fail"
    assert found[rule].failed >= 1
    assert found[rule].first.startswith("000000/front/")


def test_a_dropped_frame_with_detections_is_told(written, tmp_path):
    path = tmp_path / "spoiled.h5"
    shutil.copy(written, path)
    with h5py.File(path, "r+") as file:
        file["sequences/000000/frames/front/status"][1] = 1
    assert results(path)["statuses"].status == "fail"


def test_panels(written):
    with open_dataset(written) as data:
        frame = data.sequences[0].frames["front"][1]
    panels = dict(frame_panels("front", frame))
    assert len(panels) == 3
    assert all(p.shape == (506, 900, 3) for p in panels.values())
    view = next(iter(panels.values()))
    # something recedes, drawn in red
    assert ((view[..., 0] > 200) & (view[..., 2] < 90)).any()
    dropped = dict(frame_panels("front", frame.replace(detections=type(frame.detections)(**_empty(frame.detections)))))
    assert len(dropped) == 3


def _empty(table):
    return {name: value[:0] for name, value in vars(table).items()}


def test_ghosts_and_multipath_never_count(written):
    with open_dataset(written) as data:
        for frame in data.sequences[0].frames["front"]:
            found = frame.detections
            unreal = (found.flags & (RADAR_GHOST | RADAR_FALSE_ALARM)) != 0
            assert (found.instance[unreal] == 0).all()
            by_road = (found.flags & RADAR_MULTIPATH) != 0
            assert (found.instance[by_road & ~unreal] == found.source[by_road & ~unreal]).all()
