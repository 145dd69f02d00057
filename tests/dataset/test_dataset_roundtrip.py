from __future__ import annotations

import shutil

import h5py
import numpy as np
import pytest
from synthetic import ASKED, World, add_sequence, write

from simgen.checks import run_checks
from simgen.checks.measures import MeasuresRule
from simgen.dataset import DatasetWriter, open_dataset
from simgen.dataset.digest import combined, entries_of
from simgen.errors import DataError, UserError
from simgen.records.constraints import Constraint, Outcome, Solution
from simgen.records.frames import CameraFrame, LidarFrame, LidarPoints
from simgen.taxonomy import classes


def same(a, b):
    for name, _, value in a.arrays():
        other = getattr(b, name)
        assert other.dtype == value.dtype, name
        np.testing.assert_array_equal(other, value, err_msg=name)


def test_frames_come_back_as_the_records_that_went_in(street):
    world = World()
    with open_dataset(street) as data:
        frames = data.sequences[0].frames
        for k in range(3):
            camera, lidar = frames["front"][k], frames["top"][k]
            assert isinstance(camera, CameraFrame)
            assert isinstance(lidar, LidarFrame)
            assert (camera.time_ns, camera.stamp_ns, camera.status) == (world.times[k], world.times[k] + 1000, 0)
            same(world.camera(k), camera)
            same(world.camera(k).boxes, camera.boxes)
            same(world.lidar(k).points, lidar.points)
            same(world.lidar(k).boxes, lidar.boxes)


def test_rows_slices_and_columns(street):
    with open_dataset(street) as data:
        front, top = data.sequences[0].frames["front"], data.sequences[0].frames["top"]
        assert len(front) == 3
        assert front.rgb.shape == (3, 64, 96, 3)
        assert front.rgb.dims == ("N", "H", "W", "3")
        assert front.depth.unit == "m"
        assert "optical axis" in front.depth.doc
        np.testing.assert_array_equal(front.rgb[1:3], np.stack([f.rgb for f in front[1:3]]))
        np.testing.assert_array_equal(front.rgb[-1], front[2].rgb)
        np.testing.assert_array_equal(front.rgb[::2, 3:5], np.asarray(front.rgb)[::2, 3:5])
        assert isinstance(top.points[1], LidarPoints)
        np.testing.assert_array_equal(top.points.xyz[:], np.concatenate([top.points[k].xyz for k in range(3)]))
        assert top.points.counts.tolist() == [len(top.points[k].xyz) for k in range(3)]
        with pytest.raises(IndexError):
            front[3]
        with pytest.raises(AttributeError, match=r"front stores no 'normal'; it has .*rgb"):
            _ = front.normal


def test_the_rest_of_a_sequence_comes_back(street):
    world = World()
    info = world.info()
    with open_dataset(street) as data:
        assert (data.seed, data.format_version, data.scenario) == (3, 1, "simgen: 1\n")
        assert data.conventions["quaternion"].startswith("w, x, y, z")
        assert data.classes == classes()
        assert data.sensors == ("front", "top")
        sequence = data.sequences[0]
        assert (sequence.name, sequence.seed, sequence.split) == ("street", 7, "train")
        assert sequence.tags == ("dart_out",)
        assert sequence.scene == info.scene
        assert sequence.draws == info.draws
        assert tuple(outcome.constraint for outcome in sequence.constraints) == ASKED
        assert all(outcome.holds for outcome in sequence.constraints)
        assert [a.name for a in sequence.actors] == ["ego", "parked", "walker", "lorry"]
        trajectory = sequence.trajectory
        same(info.trajectory, trajectory)
        same(info.trajectory.contacts, trajectory.contacts)
        assert trajectory.body_names == info.trajectory.body_names
        assert trajectory.signal_names == ("s0",)
        (lane,), (signal,) = sequence.map.lanes, sequence.map.signals
        np.testing.assert_array_equal(lane.centerline, info.map.lanes[0].centerline)
        assert (lane.successors, lane.stop_at_m, lane.signal) == (("east/1",), 40.0, "s0")
        assert signal == info.map.signals[0]
        assert sequence.map.kerbs[0].keep_clear_m == ((1.0, 2.5),)
        assert sequence.map.areas[0].kind == "crosswalk"


def test_a_dropped_frame_keeps_its_row(tmp_path):
    for dropped in ((0,), (1,), (0, 2)):
        with open_dataset(write(tmp_path / f"{dropped}.h5", World(dropped=dropped))) as data:
            sequence = data.sequences[0]
            front = sequence.frames["front"]
            assert [front[k].status for k in range(3)] == [int(k in dropped) for k in range(3)]
            assert len(front) == 3
            for k in range(3):
                assert (len(front[k].boxes.instance) == 0) == (k in dropped)
                assert front[k].rgb.any() == (k not in dropped)
            assert sequence.compute_hash() == sequence.content_hash


def test_variants_are_frames_of_their_own(tmp_path):
    world = World()
    with (
        DatasetWriter(tmp_path / "v.h5", scenario="", seed=0) as writer,
        writer.sequence(0, world.info()) as sequence,
    ):
        for k in range(3):
            sequence.add("front", world.camera(k))
            sequence.add("front", world.camera(2 - k).replace(time_ns=world.times[k]), variant="twin")
            sequence.add("top", world.lidar(k))
            sequence.add("top", world.lidar(k), variant="ideal")
    with open_dataset(tmp_path / "v.h5") as data:
        frames = data.sequences[0].frames
        assert set(frames) == {"front", "top"}
        assert frames["front"].variants == ("twin",)
        np.testing.assert_array_equal(frames["front"].twin[0].rgb, frames["front"][2].rgb)
        same(frames["top"].ideal[1].points, frames["top"][1].points)
        assert "twin" not in frames["front"].arrays
        assert frames["top"].tables == ("boxes", "points")
        assert data.sequences[0].compute_hash() == data.sequences[0].content_hash


def test_a_file_hashed_as_once_is_checked_as_once(tmp_path):
    path = write(tmp_path / "old.h5", World())
    with h5py.File(path, "r+") as file:
        group = file["sequences/000000"]
        assert group.attrs["content_hash"].startswith("xxh3:")
        old = combined(entries_of(group, "sha256"), "sha256")
        assert len(old) == len("sha256:") + 64
        group.attrs["content_hash"] = old
    with open_dataset(path) as data:
        assert data.sequences[0].compute_hash() == old
    with h5py.File(path, "r+") as file:
        file["sequences/000000/frames/front/time_ns"][0] += 1
    with open_dataset(path) as data:
        assert data.sequences[0].compute_hash() not in (old, "")


def test_ragged_chunks_are_filled_across_frames(tmp_path, monkeypatch):
    monkeypatch.setattr("simgen.dataset.arrays.LONG_ROWS", 1000)
    world = World(frames=5)
    with open_dataset(write(tmp_path / "r.h5", world)) as data:
        sequence = data.sequences[0]
        points = sequence.frames["top"].points
        assert points.xyz.dataset.chunks == (1000, 3)
        assert points.xyz.shape[0] == sum(len(world.lidar(k).points.xyz) for k in range(5)) > 5000
        for k in range(5):
            same(world.lidar(k).points, points[k])
        np.testing.assert_array_equal(points.range[:], points.range.dataset[()])
        assert sequence.compute_hash() == sequence.content_hash


def test_several_sequences_and_samples(tmp_path):
    with DatasetWriter(tmp_path / "many.h5", scenario="", seed=1) as writer:
        for index, frames in ((4, 2), (9, 3)):
            add_sequence(writer, World(frames=frames), index)
    with open_dataset(tmp_path / "many.h5") as data:
        assert [s.index for s in data.sequences] == [4, 9]
        assert [s.index for s in data.sequences[::-1]] == [9, 4]
        samples = data.frames_of("front", fields=["rgb", "boxes.box_px"])
        assert len(samples) == 5
        last = samples[-1]
        assert set(last) == {"time_ns", "status", "sequence", "rgb", "boxes.box_px"}
        np.testing.assert_array_equal(last["rgb"], data.sequences[1].frames["front"][2].rgb)
        np.testing.assert_array_equal(samples[2]["boxes.box_px"], data.sequences[1].frames["front"][0].boxes.box_px)
        assert int(samples[2]["sequence"]) == 1
        assert "points.xyz" in data.frames_of("top")[0]
        with pytest.raises(UserError, match=r"no sensor 'fronf'.*did you mean 'front'"):
            data.frames_of("fronf")
        with pytest.raises(UserError, match=r"front has no 'rgp'.*did you mean 'rgb'"):
            data.frames_of("front", fields=["rgp"])


def test_what_does_not_fit_is_refused(tmp_path):
    world = World()
    path = tmp_path / "bad.h5"

    def attempt(work, match):
        with (
            pytest.raises(DataError, match=match),
            DatasetWriter(path, scenario="", seed=0) as writer,
            writer.sequence(0, world.info()) as sequence,
        ):
            work(writer, sequence)
        assert not path.exists()

    attempt(lambda w, s: s.add("frond", world.camera(0)), "'frond' was not announced; announced: front, top")
    attempt(lambda w, s: s.add("front", world.camera(0)), "3 frames were announced, and only 1 came")
    attempt(lambda w, s: [s.add("front", world.camera(k % 3)) for k in range(4)], "and one more came")
    attempt(lambda w, s: w.sequence(1, world.info()), "one sequence at a time")

    def loses_depth(_, sequence):
        sequence.add("front", world.camera(0))
        sequence.add("front", world.camera(1).replace(depth=None))

    attempt(loses_depth, "frame 1 lacks depth")

    def gains_linear(_, sequence):
        sequence.add("front", world.camera(0))
        sequence.add("front", world.camera(1).replace(linear=np.zeros((64, 96, 3), np.float32)))

    attempt(gains_linear, "frame 1 has linear, the frames before it have not")

    def grows(_, sequence):
        sequence.add("front", world.camera(0))
        sequence.add("front", World(width=98).camera(1))

    attempt(grows, r"holds arrays of shape \(64, 96.*not \(64, 98")


def test_long_text_and_large_ids_survive(tmp_path):
    world = World()
    info = world.info()
    long = "x: é\n" * 40_000
    sensors = tuple(type(s)(**{**vars(s), "config": long, "frames": 0}) for s in info.sensors)
    info = type(info)(**{**vars(info), "scene": long, "sensors": sensors, "seed": 2**62 + 1})
    with DatasetWriter(tmp_path / "long.h5", scenario=long, seed=0) as writer, writer.sequence(0, info):
        pass
    with open_dataset(tmp_path / "long.h5") as data:
        sequence = data.sequences[0]
        assert data.scenario == sequence.scene == sequence.frames["front"].config == long
        assert sequence.seed == 2**62 + 1
        assert sequence.compute_hash() == sequence.content_hash
        assert len(sequence.frames["front"]) == 0


def test_constraints_come_back_whole_and_older_files_without_their_columns(tmp_path):
    wish = Constraint(
        kind="distance_m", subject="ego", other="walker", asked=12.0, tolerance=0.0, relation="at_least", until_s=0.8
    )
    outcome = Outcome(constraint=wish, achieved=11.5, holds=False)
    found = Solution(source="dart_out", tried=4, rejected=(("too far", 3),), evaluations=17, physical=True)
    path = tmp_path / "asked.h5"
    with DatasetWriter(path, scenario="simgen: 1\n", seed=3) as writer, writer.sequence(0, World().info()) as sequence:
        for k in range(World().frames):
            sequence.add("front", World().camera(k))
            sequence.add("top", World().lidar(k))
        sequence.outcomes([outcome], [found])
    with open_dataset(path) as data:
        assert data.sequences[0].constraints == (outcome,)
        assert data.sequences[0].solutions == (found,)
        assert found.rejection_rate == 0.75
    with h5py.File(path, "r+") as file:
        group = file["sequences/000000/constraints"]
        for name in ("relation", "until_s", "solutions"):
            del group[name]
    with open_dataset(path) as data:
        (older,) = data.sequences[0].constraints
        assert (older.constraint.relation, older.constraint.until_s) == ("about", -1.0)
        assert data.sequences[0].solutions == ()


def test_measures_come_back(street):
    with open_dataset(street) as data:
        metrics, group = data.sequences[0].metrics, data.sequences[0].group["metrics"]
        assert metrics.encounters.instance.tolist() == [2, 3, 4]
        # ticks of 50 ms from 0 to 0.395 s; the walker is 11.7 - 2 ahead and 2.5 - 1.2 aside at first
        assert np.diff(metrics.encounters.time_ns).tolist() == [50_000_000] * 7
        assert metrics.encounters.distance[0, 1] == pytest.approx(np.hypot(9.7, 1.3), abs=1e-5)
        assert metrics.hazards["front"].instance.tolist() == metrics.hazards["top"].instance.tolist() == [3]
        boxes = data.sequences[0].frames["front"][1].boxes
        assert metrics.hazards["front"].pixels[1, 0] == boxes.pixels[boxes.instance == 3][0] > 0
        assert metrics.hazards["top"].visible_fraction is None
        assert metrics.sensors["front"].stamp_error.tolist() == pytest.approx([1e-6] * 3)
        assert group["encounters/time_to_collision"].attrs["unit"] == "s"
        assert group["encounters/distance"].attrs["dims"] == "K M"


def test_a_file_without_measures_still_opens(street, tmp_path):
    path = tmp_path / "old.h5"
    shutil.copy(street, path)
    with h5py.File(path, "r+") as file:
        sequence = file["sequences/000000"]
        del sequence["metrics"], sequence["constraints/relation"], sequence["constraints/until_s"]
    with open_dataset(path) as data:
        assert data.sequences[0].metrics is None
        assert data.sequences[0].constraints[1].constraint.relation == "about"
        report = run_checks(data, [MeasuresRule()])
        assert [result.status for result in report.results] == ["pass", "nothing to test"]
