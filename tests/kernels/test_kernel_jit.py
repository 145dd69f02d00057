"""Kernels are cached in a folder named by all that can change them, and drop the GIL."""

from __future__ import annotations

import ctypes
import os
import shutil
import subprocess
import sys
import threading
from pathlib import Path

import numba
import numpy as np
import pytest

from simgen.kernels import jit
from simgen.kernels.jit import cache_folder, cache_name, kernel, sources_of
from simgen.kernels.native import call_one

SCRIPT = """
import warnings; warnings.simplefilter("error")
from pathlib import Path
from simgen.kernels.jit import kernel, cache_folder
from simgen.kernels import pose
@kernel
def turn(x):
    return pose.rotate(1.0, 0.0, 0.0, 0.0, x, 0.0, 0.0)[0]
assert turn(2.5) == 2.5
print(cache_folder(Path(__file__)), sum(turn.stats.cache_hits.values()), sum(turn.stats.cache_misses.values()))
"""


def run(script: Path, **environment: str) -> list[str]:
    answer = subprocess.run(
        [sys.executable, str(script)], env={**os.environ, **environment}, capture_output=True, text=True, check=True
    )
    assert answer.stderr == ""
    return answer.stdout.split()


def test_a_kernel_is_compiled_once_and_then_loaded(tmp_path):
    script = tmp_path / "turn.py"
    script.write_text(SCRIPT)
    first = run(script, XDG_CACHE_HOME=str(tmp_path))
    again = run(script, XDG_CACHE_HOME=str(tmp_path))
    assert first == [str(tmp_path / "simgen" / "kernels" / cache_name(script)), "0", "1"]
    assert again == [first[0], "1", "0"]


def test_an_unwritable_cache_falls_back_to_a_private_folder(tmp_path):
    script = tmp_path / "turn.py"
    script.write_text(SCRIPT)
    taken = tmp_path / "file"
    taken.write_text("not a folder")
    folder, _, compiled = run(script, XDG_CACHE_HOME=str(taken))
    assert compiled == "1"
    assert "simgen-kernels-" in folder
    assert not Path(folder).exists()  # it goes with the process


def test_a_folder_that_others_can_write_is_not_trusted(tmp_path):
    shared = tmp_path / "shared"
    shared.mkdir()
    assert jit._writable(shared)
    shared.chmod(0o777)
    assert not jit._writable(shared)


def test_folders_of_other_versions_go_after_a_month(tmp_path):
    ages = {"new": 0, "recent": 20, "old": 40}
    for name, days in ages.items():
        (tmp_path / name).mkdir()
        (tmp_path / name / "kernel.nbc").write_text("")
        os.utime(tmp_path / name, (1e9 - days * 86_400,) * 2)
    jit._prune(tmp_path)
    assert sorted(path.name for path in tmp_path.iterdir()) == ["new", "recent"]
    jit._prune(tmp_path / "missing")


@pytest.fixture
def copied(tmp_path, monkeypatch):
    """A copy of the kernels and records that may be edited; gives the kernels' folder."""
    package = Path(jit.__file__).resolve().parents[1]
    for name in ("kernels", "records"):
        shutil.copytree(package / name, tmp_path / "simgen" / name, ignore=shutil.ignore_patterns("__pycache__"))
    monkeypatch.setattr(jit, "_ROOT", tmp_path)
    return tmp_path / "simgen" / "kernels"


def test_an_edit_of_any_source_changes_the_name(copied):
    source = copied / "camera.py"
    used = sources_of(source)
    assert {"camera", "pose", "trace", "jit", "stage"} <= {path.stem for path in used}
    names = {cache_name(source)}
    for path in used:
        path.write_text(path.read_text() + "\n")
        names.add(cache_name(source))
    assert len(names) == len(used) + 1


def test_an_edit_of_what_is_not_used_changes_nothing(copied):
    before = cache_name(copied / "camera.py")
    edited = copied / "box_points.py"
    assert edited not in sources_of(copied / "camera.py")
    edited.write_text(edited.read_text() + "\n")
    assert cache_name(copied / "camera.py") == before


def test_every_way_to_import_is_seen(copied):
    source = copied / "odd.py"
    source.write_text(
        "import simgen.kernels.sky\n"
        "from simgen.kernels import (\n    pose as p,  # turns\n    tiles,\n)\n"
        "def f():\n    from simgen.kernels.noise import normal\n"
    )
    stems = {path.stem for path in sources_of(source)}
    assert {"odd", "sky", "pose", "tiles", "noise", "inner", "jit"} <= stems


def test_numba_s_own_setting_is_put_back():
    before = numba.config.CACHE_DIR
    kernel(lambda x: x)
    assert before == numba.config.CACHE_DIR
    assert str(cache_folder(Path(__file__))) != before


@kernel
def _wait(sleep, flag):
    # sleeps in C until another Python thread raises the flag, which it can only do without the GIL being held here
    for _ in range(5000):
        if flag[0] != 0:
            return True
        call_one(sleep, 2000)
    return False


def test_kernels_run_without_the_gil_and_call_c_by_address():
    sleep = ctypes.cast(ctypes.CDLL(None).usleep, ctypes.c_void_p).value
    flag = np.ones(1, np.int64)
    assert _wait(sleep, flag)
    flag[0] = 0
    setter = threading.Timer(0.02, lambda: flag.__setitem__(0, 1))
    setter.start()
    assert _wait(sleep, flag)
    setter.join()


@kernel
def _divide(a, b):
    return a / b


def test_division_by_zero_gives_infinity():
    assert _divide(1.0, 0.0) == np.inf
    with pytest.raises(ZeroDivisionError):
        1.0 / 0.0  # noqa: B018 - what Python would do


def test_collector_rests_while_compiling_and_works_after() -> None:
    import gc

    from numba.core import event

    seen: list[bool] = []

    class Watch(event.Listener):
        def on_start(self, event: object) -> None:
            seen.append(gc.isenabled())

        def on_end(self, event: object) -> None:
            pass

    with event.install_listener("numba:compile", Watch()):
        doubled = jit.device(lambda x: 2 * x)
        assert doubled(3) == 6
    assert seen
    assert not any(seen)
    assert gc.isenabled()


def test_another_checkout_loads_what_one_compiled(tmp_path):
    told = []
    for name, when in (("one", 1_000_000_000), ("other", 1_500_000_000)):
        script = tmp_path / name / "turn.py"
        script.parent.mkdir()
        script.write_text(SCRIPT)
        os.utime(script, (when, when))
        told.append(run(script, XDG_CACHE_HOME=str(tmp_path / "cache")))
    assert told[0][0] == told[1][0]
    assert [counts[1:] for counts in told] == [["0", "1"], ["1", "0"]]


@kernel
def _add(a, k, out):
    for i in range(a.shape[0]):
        out[i] = a[i] + k


def test_a_version_serves_arguments_of_its_types():
    a, out = np.arange(5.0), np.zeros(5)
    version = jit.version_for(_add, (a, 2, out))
    for k in (1, 7):
        version(a[:4], k, out[:4])
        np.testing.assert_array_equal(out, [k, k + 1, k + 2, k + 3, 0.0])
    assert jit.version_for(_add, (a.astype(np.float32), 2, out)) is not version
