"""The content hash: SHA-256 over decoded arrays, the same whether it is taken while writing or from the file."""

from __future__ import annotations

import hashlib
from typing import Any

import numpy as np

from simgen.dataset.chunks import read_rows
from simgen.records.base import Array

_ZEROS = bytes(1 << 20)


class ArrayDigest:
    """SHA-256 of one array's bytes, fed row by row in order (C order, little-endian)."""

    def __init__(self, dtype: np.dtype[Any]) -> None:
        self.dtype = dtype
        self._hash = hashlib.sha256()

    def update(self, rows: Array) -> None:
        """Add the next rows; runs outside the interpreter's lock."""
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


def text_entry(texts: list[str]) -> str:
    """The line that stands for a dataset of text."""
    inner = hashlib.sha256()
    for text in texts:
        data = text.encode()
        inner.update(len(data).to_bytes(8, "little") + data)
    return f"text {len(texts)} {inner.hexdigest()}"


def combined(entries: dict[str, str]) -> str:
    """One hash of every dataset of a sequence, by path, whatever the order in which they were written."""
    lines = "\n".join(f"{path} {entries[path]}" for path in sorted(entries))
    return "sha256:" + hashlib.sha256(lines.encode()).hexdigest()


def hash_group(group: Any) -> str:
    """The content hash of a sequence, from its open h5py group."""
    return combined(entries_of(group))


def entries_of(group: Any) -> dict[str, str]:
    """One line per dataset of a sequence, by path: what the content hash is made of."""
    entries: dict[str, str] = {}

    def visit(path: str, item: Any) -> None:
        if hasattr(item, "shape"):
            entries[path] = dataset_entry(item)

    group.visititems(visit)
    return entries


def dataset_entry(dataset: Any) -> str:
    """The line that stands for an h5py dataset, from what it holds."""
    import h5py

    if h5py.check_string_dtype(dataset.dtype) is not None:
        values = np.atleast_1d(dataset.asstr()[()])
        return text_entry([str(v) for v in values])
    digest = ArrayDigest(dataset.dtype)
    if dataset.ndim == 0:
        digest.update(np.asarray(dataset[()]))
        return digest.entry(())
    step = dataset.chunks[0] if dataset.chunks else max(1, len(dataset))
    for start in range(0, len(dataset), step):
        digest.update(read_rows(dataset, start, min(start + step, len(dataset))))
    return digest.entry(tuple(dataset.shape))
