"""Compiled kernels of a wheel: copied where the cache lacks them, whole or not at all, and then loaded by numba."""

from __future__ import annotations

import os
import subprocess
import sys
import zipfile
from pathlib import Path
from shutil import copytree, ignore_patterns

import pytest

from simgen.kernels import jit, shipped

ROOT = Path(jit.__file__).resolve().parents[2]
SCRIPT = """
import sys
from pathlib import Path
from simgen.kernels import shipped
shipped.FOLDER = Path(sys.argv[1])
from simgen.kernels.jit import kernel, cache_folder
@kernel
def add(x, y):
    return x + y
assert add(2, 3) == 5 and (len(sys.argv) == 2 or add(2.5, 3.0) == 5.5)
print(cache_folder(Path(__file__)), sum(add.stats.cache_hits.values()), sum(add.stats.cache_misses.values()))
"""


@pytest.fixture
def package(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A package with one folder of compiled kernels, and a cache beside it."""
    inner = tmp_path / "compiled" / "0123" / "kernels"
    inner.mkdir(parents=True)
    (inner / "add.nbi").write_bytes(b"index")
    (tmp_path / "cache").mkdir()
    monkeypatch.setattr(shipped, "FOLDER", tmp_path / "compiled")
    return tmp_path


def test_what_the_cache_lacks_is_copied(package: Path) -> None:
    shipped.fetch(package / "cache" / "0123")
    assert (package / "cache" / "0123" / "kernels" / "add.nbi").read_bytes() == b"index"
    assert [path.name for path in (package / "cache").iterdir()] == ["0123"]


def test_what_the_cache_has_stays(package: Path) -> None:
    mine = package / "cache" / "0123"
    mine.mkdir()
    shipped.fetch(mine)
    assert not list(mine.iterdir())


def test_other_names_are_not_looked_at(package: Path) -> None:
    shipped.fetch(package / "cache" / "4567")
    assert not list((package / "cache").iterdir())


def test_a_wheel_without_any_changes_nothing(package: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(shipped, "FOLDER", package / "none")
    shipped.fetch(package / "cache" / "0123")
    assert not list((package / "cache").iterdir())


def test_a_read_only_package_gives_a_writable_copy(package: Path) -> None:
    inner = package / "compiled" / "0123" / "kernels"
    (inner / "add.nbi").chmod(0o444)
    inner.chmod(0o555)
    shipped.fetch(package / "cache" / "0123")
    inner.chmod(0o755)
    copy = package / "cache" / "0123" / "kernels"
    assert copy.stat().st_mode & 0o700 == 0o700
    assert (copy / "add.nbi").stat().st_mode & 0o600 == 0o600


def test_half_a_copy_is_none(package: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def full(source: Path, target: Path) -> None:
        target.write_bytes(b"in")
        raise OSError(28, "No space left on device")

    monkeypatch.setattr("shutil.copyfile", full)
    shipped.fetch(package / "cache" / "0123")
    assert not list((package / "cache").iterdir())


def test_of_two_processes_one_wins(package: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    folder = package / "cache" / "0123"

    def beaten(source: Path, target: Path) -> None:
        folder.mkdir()
        (folder / "mine").touch()

    monkeypatch.setattr("shutil.copyfile", beaten)
    shipped.fetch(folder)
    assert [path.name for path in folder.iterdir()] == ["mine"]
    assert [path.name for path in folder.parent.iterdir()] == ["0123"]


def test_numba_loads_what_was_shipped_and_adds_to_it(tmp_path: Path) -> None:
    def run(script: Path, cache: str, *words: str) -> list[str]:
        environment = {**os.environ, "XDG_CACHE_HOME": str(tmp_path / cache)}
        command = [sys.executable, str(script), *words]
        return subprocess.run(command, env=environment, capture_output=True, text=True, check=True).stdout.split()

    for place in ("built", "installed"):
        (tmp_path / place).mkdir()
        (tmp_path / place / "add.py").write_text(SCRIPT)
    folder, *counts = run(tmp_path / "built" / "add.py", "one", str(tmp_path / "none"))
    assert counts == ["0", "1"]
    wheel = tmp_path / "compiled"
    copytree(folder, wheel / Path(folder).name)
    installed = tmp_path / "installed" / "add.py"
    assert run(installed, "two", str(wheel))[1:] == ["1", "0"]
    assert run(installed, "two", str(wheel), "floats")[1:] == ["1", "1"]
    assert run(installed, "two", str(wheel), "floats")[1:] == ["2", "0"]


def test_a_wheel_takes_compiled_kernels_with_it(tmp_path: Path) -> None:
    for name in ("pyproject.toml", "README.md", "LICENSE", ".gitignore"):
        (tmp_path / name).write_bytes((ROOT / name).read_bytes())
    copytree(ROOT / "simgen" / "kernels", tmp_path / "simgen" / "kernels", ignore=ignore_patterns("__pycache__"))
    compiled = tmp_path / "simgen" / "kernels" / "compiled" / "0123" / "kernels"
    compiled.mkdir(parents=True)
    (compiled / "add.nbi").write_bytes(b"index")
    build = [sys.executable, "-m", "hatchling", "build", "-t", "wheel", "-d", "out"]
    subprocess.run(build, cwd=tmp_path, check=True, capture_output=True)
    (wheel,) = (tmp_path / "out").iterdir()
    assert wheel.name.endswith("-py3-none-any.whl")
    assert "simgen/kernels/compiled/0123/kernels/add.nbi" in zipfile.ZipFile(wheel).namelist()


SCENE = """
simgen: 1
name: wall
clock: {duration_s: 0.1}
world: {type: empty}
objects: [{name: wall, asset: {type: box, size_m: [0.2, 6.0, 3.0]}, place: {at_m: [5, 0, 0]}}]
sensors: [{name: top, type: lidar, model: vlp-16, mount: {on: world, position_m: [0, 0, 1]}}]
"""
FIRST_SWEEP = """
import sys
from pathlib import Path
from numba.core import event
import simgen as sg
from simgen.kernels import shipped
shipped.FOLDER = Path(sys.argv[1])
with event.install_recorder("numba:compile") as compiled:
    scene = sg.load(sys.argv[2]).sample(seed=0)
    points = [sample.frames["top"].points for sample in sg.render(scene, sg.simulate(scene))]
print(len(compiled.buffer), len(points[0].range))
"""


@pytest.mark.slow
def test_the_first_frame_compiles_nothing(tmp_path: Path) -> None:
    """What ``scripts/wheel`` ships for a scene is all that the scene needs, on an empty cache."""
    scene, compiled = tmp_path / "wall.yaml", tmp_path / "compiled"
    scene.write_text(SCENE)
    script = ROOT / "scripts" / "compile_kernels.py"
    subprocess.run([sys.executable, str(script), str(compiled), str(scene)], check=True, capture_output=True)

    def first_sweep(folder: Path, cache: str) -> list[int]:
        command = [sys.executable, "-c", FIRST_SWEEP, str(folder), str(scene)]
        environment = {**os.environ, "XDG_CACHE_HOME": str(tmp_path / cache)}
        answer = subprocess.run(command, env=environment, capture_output=True, text=True, check=True)
        return [int(word) for word in answer.stdout.split()]

    events, points = first_sweep(compiled, "one")
    assert events == 0
    assert points > 10_000
    without = first_sweep(tmp_path / "none", "two")
    assert without[0] > 10
    assert without[1] == points
