"""The content hash: XXH3 over decoded arrays, the same whether it is taken while writing or from the file.

128 bits tell contents apart by accident of any kind, at the speed of memory: a hash that withstands forgers (SHA-256,
which files of earlier versions have, and keep) costs a third to a half of what packing does. Nothing here is signed.
"""

from __future__ import annotations

import hashlib
from typing import Any, Final

import numpy as np
import xxhash

from simgen.dataset.chunks import read_rows
from simgen.records.base import Array

#: how contents are hashed now, and how they once were
NOW: Final = "xxh3"
BEFORE: Final = "sha256"
_ZEROS = bytes(1 << 20)


def _hasher(kind: str) -> Any:
    return hashlib.sha256() if kind == BEFORE else xxhash.xxh3_128()


class ArrayDigest:
    """Hash of one array's bytes, fed row by row in order (C order, little-endian)."""

    def __init__(self, dtype: np.dtype[Any], kind: str = NOW) -> None:
        self.dtype = dtype
        self._hash = _hasher(kind)

    def update(self, rows: Array) -> None:
        """Add the next rows."""
        if rows.size:
            self._hash.update(np.ascontiguousarray(rows).reshape(-1).view(np.uint8).data)

    def update_zeros(self, count: int) -> None:
        """Add ``count`` zero bytes: rows that were never written."""
        for _ in range(count // len(_ZEROS)):
            self._hash.update(_ZEROS)
        self._hash.update(_ZEROS[: count % len(_ZEROS)])

    def entry(self, shape: tuple[int, ...]) -> str:
        """The line that stands for the array in :func:`combined`."""
        return f"{self.dtype.str} {shape} {self._hash.hexdigest()}"


def text_entry(texts: list[str], kind: str = NOW) -> str:
    """The line that stands for a dataset of text."""
    inner = _hasher(kind)
    for text in texts:
        data = text.encode()
        inner.update(len(data).to_bytes(8, "little") + data)
    return f"text {len(texts)} {inner.hexdigest()}"


def combined(entries: dict[str, str], kind: str = NOW) -> str:
    """One hash of every dataset of a sequence, by path, whatever the order in which they were written."""
    outer = _hasher(kind)
    outer.update("\n".join(f"{path} {entries[path]}" for path in sorted(entries)).encode())
    return f"{kind}:{outer.hexdigest()}"


def kind_of(group: Any) -> str:
    """How the stored hash of a sequence was made: what it begins with."""
    return str(group.attrs.get("content_hash", NOW)).partition(":")[0]


def hash_group(group: Any) -> str:
    """The content hash of a sequence, from its open h5py group, by the way in which the stored one was made."""
    kind = kind_of(group)
    return combined(entries_of(group, kind), kind)


def entries_of(group: Any, kind: str = NOW) -> dict[str, str]:
    """One line per dataset of a sequence, by path: what the content hash is made of."""
    entries: dict[str, str] = {}

    def visit(path: str, item: Any) -> None:
        if hasattr(item, "shape"):
            entries[path] = dataset_entry(item, kind)

    group.visititems(visit)
    return entries


def dataset_entry(dataset: Any, kind: str = NOW) -> str:
    """The line that stands for an h5py dataset, from what it holds."""
    import h5py

    if h5py.check_string_dtype(dataset.dtype) is not None:
        values = np.atleast_1d(dataset.asstr()[()])
        return text_entry([str(v) for v in values], kind)
    digest = ArrayDigest(dataset.dtype, kind)
    if dataset.ndim == 0:
        digest.update(np.asarray(dataset[()]))
        return digest.entry(())
    step = dataset.chunks[0] if dataset.chunks else max(1, len(dataset))
    for start in range(0, len(dataset), step):
        digest.update(read_rows(dataset, start, min(start + step, len(dataset))))
    return digest.entry(tuple(dataset.shape))
