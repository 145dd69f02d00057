"""The helper that fills a cold kernel cache: it starts only where it is of use, fills what it says, and never stays."""

import os
import subprocess
import sys
import time
from pathlib import Path
from typing import Any

import pytest

from simgen.generate import warm
from simgen.kernels import jit

INDEX = "{}-12.py311.nbi"
NAMES = ("silhouette.silhouettes", "lidar.pack", "box_points.points_in_boxes")


def fill(*names: str) -> None:
    for name in names:
        inner = jit.cache_folder(warm._KERNELS / f"{name.split('.')[0]}.py") / "kernels_0123"
        inner.mkdir(parents=True, exist_ok=True)
        (inner / INDEX.format(name)).touch()


@pytest.fixture
def cold(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """An empty cache, and two cores whatever the computer has."""
    monkeypatch.setattr(jit, "cache_folder", lambda source: tmp_path / source.stem)
    monkeypatch.setattr(jit, "is_shared", lambda: True)
    monkeypatch.setattr(warm, "available_threads", lambda: 2)
    return tmp_path


def test_cold_until_every_group_is_there(cold: Path) -> None:
    assert warm.is_cold()
    fill(*NAMES[:2])
    assert warm.is_cold()
    fill(NAMES[2])
    assert not warm.is_cold()


def test_helper_ends_with_the_work(cold: Path) -> None:
    with warm.warming() as helper:
        assert helper is not None
        assert helper.poll() is None
    assert helper.returncode is not None


def test_helper_ends_with_a_failure_too(cold: Path) -> None:
    seen = []

    def work() -> None:
        with warm.warming() as helper:
            seen.append(helper)
            raise ValueError("broken")

    with pytest.raises(ValueError, match="broken"):
        work()
    assert seen[0] is not None
    assert seen[0].returncode is not None


def test_no_helper_for_a_full_cache(cold: Path) -> None:
    fill(*NAMES)
    with warm.warming() as helper:
        assert helper is None


def test_no_helper_on_one_core(cold: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(warm, "available_threads", lambda: 1)
    with warm.warming() as helper:
        assert helper is None


def test_no_helper_for_a_private_cache(cold: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(jit, "is_shared", lambda: False)
    with warm.warming() as helper:
        assert helper is None


def test_a_helper_that_cannot_start_changes_nothing(cold: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sys, "executable", str(cold / "no-such-python"))
    with warm.warming() as helper:
        assert helper is None


def test_helper_leaves_when_its_parent_dies(tmp_path: Path) -> None:
    """The pipe closes however the parent ends, SIGKILL included; the helper is then gone within a moment."""
    environment = {**os.environ, "XDG_CACHE_HOME": str(tmp_path)}
    helper = subprocess.Popen([sys.executable, "-m", warm.__name__], stdin=subprocess.PIPE, env=environment)
    assert helper.stdin is not None
    time.sleep(0.3)
    assert helper.poll() is None
    helper.stdin.close()
    assert helper.wait(timeout=20.0) == 0


def test_helper_uses_every_kernel_that_it_is_for() -> None:
    """In this process: the telling kernels have been compiled or loaded, and work on what the helper makes."""
    from simgen.kernels.box_points import points_in_boxes
    from simgen.kernels.lidar import pack, receive
    from simgen.kernels.lidar_aim import aim
    from simgen.kernels.lidar_meet import cast, go_on, meet
    from simgen.kernels.lidar_plain import receive_plain
    from simgen.kernels.lidar_stray import bloom, halo, stray_returns
    from simgen.kernels.silhouette import count_visible, silhouettes

    warm.compile_the_rest()
    false = (stray_returns, halo, bloom)
    kernels: tuple[Any, ...] = (
        silhouettes,
        count_visible,
        aim,
        cast,
        meet,
        go_on,
        receive_plain,
        receive,
        pack,
        points_in_boxes,
        *false,
    )
    for kernel in kernels:
        assert kernel.signatures, kernel
