"""An HDF5 file that is opened when first needed, once per process, so that everything built on it can be pickled."""

from __future__ import annotations

import os
from pathlib import Path
from typing import Any

from simgen.dataset.schema import CACHE_BYTES, PART, check_version
from simgen.errors import DataError, UserError

_SIGNATURE = b"\x89HDF\r\n\x1a\n"


class Handle:
    """A path, and the open file behind it. Pickles as the path; a forked child opens its own."""

    def __init__(self, path: Path) -> None:
        self.path = path
        self._file: Any = None
        self._process = -1
        self._external: dict[str, Any] = {}

    @property
    def file(self) -> Any:
        """The open ``h5py.File``.

        Raises:
            DataError: it is not a whole dataset of a version that can be read.
        """
        if self._file is None or self._process != os.getpid():
            self._file = open_file(self.path)
            self._process = os.getpid()
        return self._file

    def group(self, path: str) -> Any:
        """A group or dataset of the file.

        Raises:
            DataError: it is not there, or its external file is gone.
        """
        try:
            return self.file[path]
        except KeyError as error:
            raise DataError(f"{self.path} has no {path}, or the file that it links to is gone ({error})") from error

    def close(self) -> None:
        """Close the file; the next use opens it again."""
        if self._file is not None and self._process == os.getpid():
            self._file.close()
        self._file = None

    def __getstate__(self) -> dict[str, Any]:
        return {"path": self.path}

    def __setstate__(self, state: dict[str, Any]) -> None:
        self.__init__(state["path"])  # type: ignore[misc]


def resolve(path: str | Path) -> Path:
    """The HDF5 file that a user means: the file itself, or the index of a folder.

    Raises:
        UserError: there is nothing of that name.
        DataError: it is unfinished.
    """
    found = Path(path)
    if found.is_dir():
        found = found / "index.h5"
        if not found.exists():
            raise DataError(f"{path} is a folder without index.h5: its run was interrupted; generate with --resume")
    if found.name.endswith(PART):
        raise DataError(f"{found} is unfinished: its run was interrupted, or is still writing it")
    if not found.exists():
        part = found.with_name(found.name + PART)
        if part.exists():
            raise DataError(f"{found} is not there yet; {part.name} beside it is unfinished")
        raise UserError(f"{found}: no such file")
    return found


def check_signature(path: Path) -> None:
    """Refuse what is not HDF5 at all.

    Raises:
        DataError: the file's first bytes are not HDF5's.
    """
    with path.open("rb") as stream:
        if stream.read(len(_SIGNATURE)) != _SIGNATURE:
            raise DataError(f"{path} is not an HDF5 file")


def open_file(path: Path) -> Any:
    """An open, checked ``h5py.File``.

    Raises:
        DataError: not HDF5, truncated, not simgen's, of a newer version, or an index whose shards are gone.
    """
    import h5py

    check_signature(path)
    try:
        file = h5py.File(path, "r", rdcc_nbytes=CACHE_BYTES)
    except OSError as error:
        reason = "is truncated: copy it again" if "truncated" in str(error) else f"cannot be opened: {error}"
        raise DataError(f"{path} {reason}") from error
    try:
        check_version(file.attrs, str(path))
        _check_links(file, path)
    except BaseException:
        file.close()
        raise
    return file


def _check_links(file: Any, path: Path) -> None:
    """Every shard that an index names must be there: a missing one would only fail deep inside a later read."""
    import h5py

    sequences = file.get("sequences")
    if sequences is None:
        raise DataError(f"{path} has no sequences: it is damaged")
    for name in sequences:
        link = sequences.get(name, getlink=True)
        if not isinstance(link, h5py.ExternalLink):
            continue
        shard = path.parent / link.filename
        if not shard.exists():
            raise DataError(f"{path} names {link.filename}, which is not there: keep index.h5 and shards/ together")
        check_signature(shard)
        if sequences.get(name) is None:
            raise DataError(f"{shard} is damaged, or lacks sequence {name}")
