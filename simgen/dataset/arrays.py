"""Datasets that grow frame by frame: stacks of equal arrays, and ragged tables; and whole arrays written at once."""

from __future__ import annotations

import math
from typing import Any

import numpy as np

from simgen.dataset.attributes import describe
from simgen.dataset.chunks import deflated
from simgen.dataset.digest import ArrayDigest
from simgen.dataset.schema import LONG_ROWS, PLAIN_BYTES, SHORT_ROWS, WAITING_ROWS, stored, stored_dtype
from simgen.errors import DataError
from simgen.records.base import Array, ArraySpec

GZIP = {"compression": "gzip", "compression_opts": 1, "shuffle": True}


class Stack:
    """N arrays of one shape, one a frame; a row that is never written reads as zeros.

    Large rows are deflated, a chunk each. Small ones pile up and are written many at a time, because a write costs more
    than they do.
    """

    def __init__(self, group: Any, name: str, spec: ArraySpec, count: int, shape: tuple[int, ...]) -> None:
        self.dtype = stored_dtype(spec.dtype)
        self.row_shape = shape
        self.row_bytes = math.prod(shape) * self.dtype.itemsize
        self.packed = self.row_bytes >= PLAIN_BYTES
        options: dict[str, Any] = {"chunks": (1, *shape), **GZIP} if self.packed else {}
        self._data = group.create_dataset(name, (count, *shape), self.dtype, track_times=False, **options)
        describe(self._data, spec, "N")
        self._count = count
        self._digest = ArrayDigest(self.dtype)
        self._next = 0
        #: small rows that are not in the file yet, and the index of the first
        self._waiting = np.zeros((0 if self.packed else min(count, WAITING_ROWS), *shape), self.dtype)
        self._first = 0

    def pack(self, index: int, row: Array) -> bytes:
        """Hash and deflate a large row. Runs in a worker thread; rows of one stack must come in order.

        Raises:
            DataError: the row's shape is not that of the first.
        """
        data = self._fitting(row)
        self._digest.update_zeros((index - self._next) * self.row_bytes)
        self._digest.update(data)
        self._next = index + 1
        return deflated(data)

    def store(self, index: int, packed: bytes) -> None:
        """Put what :func:`pack` made into the file; one thread at a time."""
        self._data.id.write_direct_chunk((index, *(0 for _ in self.row_shape)), packed)

    def put(self, index: int, row: Array) -> None:
        """Keep a small row until there are enough of them; rows of one stack must come in order.

        Raises:
            DataError: the row's shape is not that of the first.
        """
        while index >= self._first + len(self._waiting):
            self._write(len(self._waiting))
        self._waiting[index - self._first] = self._fitting(row)

    def finish(self) -> None:
        """Write what waits, zeros for the rows that never came."""
        if self.packed:
            self._digest.update_zeros((self._count - self._next) * self.row_bytes)
            self._next = self._count
        while not self.packed and self._first < self._count:
            self._write(min(len(self._waiting), self._count - self._first))

    def entry(self) -> str:
        """The finished stack's line of the content hash."""
        return self._digest.entry((self._count, *self.row_shape))

    def _fitting(self, row: Array) -> Array:
        if row.shape != self.row_shape:
            raise DataError(f"{self._data.name} holds arrays of shape {self.row_shape}, not {row.shape}")
        # numpy makes a contiguous scalar one-dimensional
        return stored(row).reshape(self.row_shape)

    def _write(self, rows: int) -> None:
        block = self._waiting[:rows]
        self._data[self._first : self._first + rows] = block
        self._digest.update(block)
        self._first += rows
        self._waiting[:] = 0


class Column:
    """A ragged table's column: rows pile up and are written a chunk at a time."""

    def __init__(self, group: Any, name: str, spec: ArraySpec, row_shape: tuple[int, ...], height: int) -> None:
        self.dtype = stored_dtype(spec.dtype)
        self.height = height
        self._data = group.create_dataset(
            name, (0, *row_shape), self.dtype, maxshape=(None, *row_shape), chunks=(height, *row_shape),
            track_times=False, **GZIP,
        )  # fmt: skip
        describe(self._data, spec)
        self._digest = ArrayDigest(self.dtype)
        self._waiting: list[Array] = []
        self._rows_waiting = 0
        self._written = 0

    def pack(self, rows: Array) -> list[bytes]:
        """Hash the rows and deflate every chunk that they fill. Runs in a worker thread, in order."""
        data = stored(rows)
        self._digest.update(data)
        chunks, start = [], 0
        if self._rows_waiting and self._rows_waiting + len(data) >= self.height:
            start = self.height - self._rows_waiting
            chunks.append(deflated(np.concatenate([*self._waiting, data[:start]])))
            self._waiting, self._rows_waiting = [], 0
        while len(data) - start >= self.height:
            chunks.append(deflated(data[start : start + self.height]))
            start += self.height
        if start < len(data):
            # a copy: the sensor may use its arrays again
            self._waiting.append(data[start:].copy())
            self._rows_waiting += len(data) - start
        return chunks

    def store(self, chunks: list[bytes]) -> None:
        """Append what :func:`pack` made."""
        self._append(chunks, len(chunks) * self.height)

    def finish(self) -> None:
        """Write the last, partly filled chunk."""
        if self._rows_waiting:
            rest = np.concatenate(self._waiting)
            padded = np.zeros((self.height, *rest.shape[1:]), self.dtype)
            padded[: len(rest)] = rest
            self._append([deflated(padded)], len(rest))
        self._waiting, self._rows_waiting = [], 0

    def entry(self) -> str:
        """The column's line of the content hash."""
        return self._digest.entry(tuple(int(n) for n in self._data.shape))

    def _append(self, chunks: list[bytes], rows: int) -> None:
        """Write chunks that hold so many rows; few calls, because each takes the lock of the HDF5 library."""
        if not chunks:
            return
        rest = self._data.chunks[1:]
        dataset = self._data.id
        dataset.set_extent((self._written + rows, *rest))
        for k, chunk in enumerate(chunks):
            dataset.write_direct_chunk((self._written + k * self.height, *(0 for _ in rest)), chunk)
        self._written += rows


def table_height(rows: int) -> int:
    """Rows of a chunk, by the first frame that has any."""
    return LONG_ROWS if rows >= SHORT_ROWS else SHORT_ROWS


def put_array(group: Any, name: str, value: Array, spec: ArraySpec) -> str:
    """Write a whole array, large ones in deflated chunks of about 1 MB; gives its line of the content hash."""
    data = stored(value)
    shape = data.shape
    row_bytes = max(math.prod(shape[1:]) * data.dtype.itemsize, 1)
    if data.nbytes <= 1 << 16:
        dataset = group.create_dataset(name, data=data, track_times=False)
    else:
        height = max(1, min(shape[0], (1 << 20) // row_bytes))
        dataset = group.create_dataset(
            name, shape, data.dtype, chunks=(height, *shape[1:]), track_times=False, **GZIP
        )  # fmt: skip
        for start in range(0, shape[0], height):
            part = np.zeros((height, *shape[1:]), data.dtype)
            part[: shape[0] - start] = data[start : start + height]
            dataset.id.write_direct_chunk((start, *(0 for _ in shape[1:])), deflated(part))
    describe(dataset, spec)
    digest = ArrayDigest(data.dtype)
    digest.update(data)
    return digest.entry(shape)
