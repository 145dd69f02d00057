from __future__ import annotations

import json
import multiprocessing
import os
import pickle
import shutil
import signal
import subprocess
import sys
import time
from pathlib import Path

import h5py
import numpy as np
import pytest
from synthetic import World, add_sequence, write

from simgen.dataset import DatasetWriter, finished_sequences, merge, open_dataset, write_index
from simgen.errors import DataError, UserError

PLAIN_READER = """
import sys, h5py, json
assert not any("simgen" in name for name in sys.modules)
found = {}
def visit(path, item):
    if isinstance(item, h5py.Dataset):
        value = item[()]
        found[path] = [list(item.shape), str(item.dtype), sorted(item.attrs)]
        assert {"unit", "dims", "doc"} <= set(item.attrs), path
        assert len(item.attrs["dims"].split()) == item.ndim, path
with h5py.File(sys.argv[1], "r") as f:
    f.visititems(visit)
    rgb = f["sequences/000000/frames/front/rgb"]
    found["sum"] = int(rgb[()].sum())
    found["filters"] = [rgb.compression, rgb.shuffle, list(rgb.chunks)]
    found["class"] = rgb.attrs["CLASS"].decode()
print(json.dumps(found))
"""


def test_plain_h5py_reads_every_dataset(street, tmp_path):
    script = tmp_path / "plain.py"
    script.write_text(PLAIN_READER)
    done = subprocess.run(
        [sys.executable, "-I", str(script), str(street)], capture_output=True, text=True, check=True, cwd=tmp_path
    )
    found = json.loads(done.stdout)
    with open_dataset(street) as data:
        assert found["sum"] == int(np.asarray(data.sequences[0].frames["front"].rgb).astype(np.int64).sum())
    assert found["filters"] == ["gzip", True, [1, 64, 96, 3]]
    assert found["class"] == "IMAGE"
    assert found["sequences/000000/ragged/top/points/xyz"][1] == "float32"


def test_every_dataset_under_a_frame_group_has_the_same_leading_dimension(street):
    with h5py.File(street) as file:
        for group in file["sequences/000000/frames"].values():
            assert {item.shape[0] for item in group.values() if item.ndim} == {3}


def test_same_content_same_bytes(tmp_path):
    a, b = write(tmp_path / "a.h5", threads=1), write(tmp_path / "b.h5", threads=4)
    assert a.read_bytes() == b.read_bytes()


def test_the_hash_sees_every_value(street, tmp_path):
    with open_dataset(street) as data:
        good = data.sequences[0].content_hash
        assert data.sequences[0].compute_hash() == good
    for path in ("frames/front/depth", "ragged/top/points/xyz", "trajectory/position", "frames/top/time_ns"):
        bad = tmp_path / "bad.h5"
        shutil.copy(street, bad)
        with h5py.File(bad, "r+") as file:
            dataset = file[f"sequences/000000/{path}"]
            last = tuple(n - 1 for n in dataset.shape)
            dataset[last] += 1
        with open_dataset(bad) as data:
            assert data.sequences[0].compute_hash() != good, path


def _reads(data, pipe):
    frame = data.sequences[0].frames["front"][2]
    pipe.send((os.getpid(), int(frame.depth[60, 3] * 1000), len(data.frames_of("top"))))


def test_a_dataset_travels_to_other_processes(street):
    with open_dataset(street) as data:
        samples = data.frames_of("front", fields=["depth"])
        expected = int(samples[2]["depth"][60, 3] * 1000)
        assert pickle.loads(pickle.dumps(samples))[2]["depth"][60, 3] == samples[2]["depth"][60, 3]
        context = multiprocessing.get_context("spawn")
        mine, theirs = context.Pipe()
        worker = context.Process(target=_reads, args=(data, theirs))
        worker.start()
        pid, value, count = mine.recv()
        worker.join()
    assert pid != os.getpid()
    assert (value, count) == (expected, 3)


def test_an_open_dataset_survives_a_fork(street):
    with open_dataset(street) as data:
        _ = data.sequences[0].frames["front"][0]
        context = multiprocessing.get_context("fork")
        mine, theirs = context.Pipe()
        worker = context.Process(target=_reads, args=(data, theirs))
        worker.start()
        assert mine.recv()[2] == 3
        worker.join()
        assert data.sequences[0].frames["front"][1].rgb.any()


KILLED = """
import sys; sys.path[:0] = [{here!r}]
from pathlib import Path
from synthetic import World
from simgen.dataset import DatasetWriter
world = World(frames=1000)
with DatasetWriter(sys.argv[1], scenario="", seed=0) as writer, writer.sequence(0, world.info()) as sequence:
    for k in range(1000):
        sequence.add("front", world.camera(k))
        print(k, flush=True)
"""


def test_a_kill_leaves_only_the_part(tmp_path):
    path = tmp_path / "killed.h5"
    code = KILLED.format(here=str(Path(__file__).parent))
    with subprocess.Popen([sys.executable, "-c", code, str(path)], stdout=subprocess.PIPE, text=True) as process:
        for line in process.stdout:
            if line.strip() == "3":
                break
        process.send_signal(signal.SIGKILL)
    assert not path.exists()
    part = tmp_path / "killed.h5.part"
    assert part.exists()
    with h5py.File(part, "r") as file:
        assert file["sequences/000000/frames/front/rgb"][2].any()
    with pytest.raises(DataError, match=r"killed.h5 is not there yet; killed.h5.part beside it is unfinished"):
        open_dataset(path)
    with pytest.raises(DataError, match="unfinished"):
        open_dataset(part)


def test_what_cannot_be_opened_says_why(street, tmp_path):
    with pytest.raises(UserError, match="no such file"):
        open_dataset(tmp_path / "nothing.h5")
    text = tmp_path / "text.h5"
    text.write_text("hello")
    with pytest.raises(DataError, match="is not an HDF5 file"):
        open_dataset(text)
    foreign = tmp_path / "foreign.h5"
    with h5py.File(foreign, "w") as file:
        file["x"] = 1
    with pytest.raises(DataError, match="not one that simgen wrote"):
        open_dataset(foreign)
    newer = tmp_path / "newer.h5"
    shutil.copy(street, newer)
    with h5py.File(newer, "r+") as file:
        file.attrs["format_version"] = 2
    with pytest.raises(DataError, match="format version 2; this simgen reads up to 1: install a newer"):
        open_dataset(newer)
    short = tmp_path / "short.h5"
    short.write_bytes(street.read_bytes()[:-5000])
    with pytest.raises(DataError, match="is truncated"):
        open_dataset(short)
    (tmp_path / "folder").mkdir()
    with pytest.raises(DataError, match=r"folder without index.h5"):
        open_dataset(tmp_path / "folder")


def shards(folder):
    return [write(folder / "shards" / f"{k}.h5", World(frames=2), index=k) for k in range(3)]


def test_a_folder_reads_as_one_dataset(tmp_path):
    files = shards(tmp_path)
    (tmp_path / "shards" / "9.h5.part").write_text("still being written")
    write_index(tmp_path)
    with open_dataset(tmp_path) as data:
        assert [s.index for s in data.sequences] == [0, 1, 2]
        assert [s.seed for s in data.sequences] == [7, 8, 9]
        assert len(data.frames_of("front")) == 6
        assert data.sequences[2].compute_hash() == data.sequences[2].content_hash
    manifest = json.loads((tmp_path / "manifest.json").read_text())
    assert [f["path"] for f in manifest["files"]] == ["shards/0.h5", "shards/1.h5", "shards/2.h5"]
    assert manifest["files"][1]["sequences"][0]["tags"] == ["dart_out"]
    moved = tmp_path.parent / f"{tmp_path.name}_moved"
    shutil.move(tmp_path, moved)
    with open_dataset(moved) as data:
        assert data.sequences[1].frames["front"][0].rgb.any()
    (moved / "shards" / files[1].name).unlink()
    with pytest.raises(DataError, match=r"names shards/1.h5, which is not there"):
        open_dataset(moved)


def test_merged_shards_equal_one_file(tmp_path):
    files = shards(tmp_path)
    path = merge(reversed(files), tmp_path / "all.h5")
    assert path.read_bytes() == merge(files, tmp_path / "again.h5").read_bytes()
    with DatasetWriter(tmp_path / "direct.h5", scenario="", seed=3) as writer:
        for k in range(3):
            add_sequence(writer, World(frames=2), k)
    assert finished_sequences(path) == finished_sequences(tmp_path / "direct.h5")
    with open_dataset(path) as data:
        assert data.sequences[1].compute_hash() == data.sequences[1].content_hash
        assert data.classes
    with pytest.raises(DataError, match=r"which .*0.h5 has too"):
        merge([files[0], write(tmp_path / "twin.h5", World(frames=2), index=0)], tmp_path / "x.h5")
    assert finished_sequences(tmp_path / "none.h5") == {}


def test_an_exception_leaves_only_the_part(tmp_path):
    path = tmp_path / "broken.h5"
    with (
        pytest.raises(ZeroDivisionError),
        DatasetWriter(path, scenario="", seed=0) as writer,
        writer.sequence(0, World().info()),
    ):
        raise ZeroDivisionError
    assert not path.exists()
    assert path.with_name("broken.h5.part").exists()


def test_opening_is_lazy_and_quick(street):
    start = time.perf_counter()
    data = open_dataset(street)
    assert len(data.sequences) == 1
    assert time.perf_counter() - start < 0.5
    data.close()
    assert data.sequences[0].name == "street"
    data.close()
