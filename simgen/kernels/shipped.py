"""Kernels that come compiled with a wheel, so that the first frame on a new computer need not wait for a compiler.

A wheel may carry the cache folders (:func:`~simgen.kernels.jit.cache_folder`) of what common scenes call, made by
``scripts/wheel``. A folder's name says all that its files depend on: sources, Python, numba, processor. Where the
user's cache lacks a folder and the package has one of that name, it is copied; numba then finds its files, and adds to
them. One of another name is never looked at, so the worst that a wrong one does is nothing.
"""

from __future__ import annotations

import contextlib
import shutil
import tempfile
from pathlib import Path
from typing import Final

#: where a wheel has them; not in the repository
FOLDER: Final = Path(__file__).resolve().parent / "compiled"


def fetch(folder: Path) -> None:
    """Fill a cache folder, whose parent exists, with what the package has for it, whole or not at all."""
    source = FOLDER / folder.name
    if folder.exists() or not source.is_dir():
        return
    with contextlib.suppress(OSError):  # no room, or another process has it by now: kernels are compiled or there
        _copied(source, folder)


def _copied(source: Path, folder: Path) -> None:
    """Copy contents, not modes: what lies in the package may be read-only, and numba adds to the copy."""
    with tempfile.TemporaryDirectory(prefix="new-", dir=folder.parent, ignore_cleanup_errors=True) as made:
        whole = Path(made) / folder.name
        for path in sorted(source.rglob("*")):
            target = whole / path.relative_to(source)
            if path.is_file():
                target.parent.mkdir(parents=True, exist_ok=True)
                shutil.copyfile(path, target)
        whole.rename(folder)
