"""What tests of check rules share: which rules fail on a file, and a copy of it with one dataset changed."""

from __future__ import annotations

import shutil
from collections.abc import Callable
from pathlib import Path
from typing import Any

import h5py

from simgen.checks import run_checks
from simgen.dataset import open_dataset

ROOT = "sequences/000000"


def failing(path: Path) -> dict[str, str]:
    """The rules that fail, and the first complaint of each."""
    with open_dataset(path) as data:
        return {r.rule: r.first for r in run_checks(data).results if r.status == "fail"}


def spoiled(good: Path, tmp_path: Path, name: str, change: Callable[[Any], Any]) -> dict[str, str]:
    """What fails on a copy whose dataset of that name was changed, besides the content hash."""
    path = tmp_path / "spoiled.h5"
    shutil.copy(good, path)
    with h5py.File(path, "r+") as file:
        item = file[f"{ROOT}/{name}"]
        item[...] = change(item[()])
    found = failing(path)
    found.pop("content_hash")
    return found
