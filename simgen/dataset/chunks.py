"""Chunks made by ISA-L: the deflate of zlib, several times faster, after HDF5's byte shuffle.

A dataset declared ``compression="gzip", shuffle=True`` whose chunks are stored ready-made reads back in every HDF5
library without a plugin.
"""

from __future__ import annotations

import math
from typing import Any

import numpy as np

from simgen.errors import DataError
from simgen.records.base import Array

#: ISA-L's level 1: within 3 % of level 2's size on rendered frames, in less time
LEVEL = 1


def shuffled(data: Array) -> Any:
    """HDF5's shuffle filter: the first byte of every value, then the second of every value, and so on."""
    size = data.dtype.itemsize
    if size == 1:
        return data
    return np.ascontiguousarray(data.reshape(-1).view(np.uint8).reshape(-1, size).T)


def unshuffled(data: bytes, dtype: np.dtype[Any], shape: tuple[int, ...]) -> Array:
    """The inverse of :func:`shuffled`, as a writable array."""
    columns = np.frombuffer(data, np.uint8).reshape(dtype.itemsize, -1)
    return np.ascontiguousarray(columns.T).view(dtype).reshape(shape)


def deflated(data: Array) -> bytes:
    """One chunk as HDF5 stores it. Runs outside the interpreter's lock."""
    from isal import isal_zlib

    packed: bytes = isal_zlib.compress(shuffled(data), LEVEL)
    return packed


def inflated(packed: bytes, dtype: np.dtype[Any], shape: tuple[int, ...]) -> Array:
    """The values of one stored chunk.

    Raises:
        DataError: the bytes are not a deflated chunk of that size.
    """
    from isal import isal_zlib

    size = math.prod(shape) * dtype.itemsize
    try:
        data = isal_zlib.decompress(packed, bufsize=max(size, 1))
    except Exception as error:  # ISA-L's own error class is untyped and not public
        raise DataError(f"a chunk is damaged: {error}") from error
    if len(data) != size:
        raise DataError(f"a chunk is damaged: it holds {len(data)} bytes, not {size}")
    return unshuffled(data, dtype, shape)


def read_chunk(dataset: Any, row: int) -> Array | None:
    """The rows of the chunk that begins at ``row``, read past HDF5's own filters; None where that cannot be done.

    It can for chunks of whole rows made by :func:`deflated`. A chunk that was never written is not there: HDF5 then
    gives the fill value.
    """
    chunk = dataset.chunks
    if chunk is None or chunk[1:] != dataset.shape[1:] or dataset.compression != "gzip" or not dataset.shuffle:
        return None
    try:
        mask, packed = dataset.id.read_direct_chunk((row, *(0 for _ in chunk[1:])))
    except (OSError, RuntimeError, ValueError):
        return None
    if mask != 0:
        return None
    return inflated(packed, dataset.dtype, chunk)[: dataset.shape[0] - row]


def read_rows(dataset: Any, start: int, stop: int) -> Array:
    """Rows ``[start, stop)`` of a dataset, by the fast way where there is one."""
    if dataset.chunks is None or stop <= start:
        return np.asarray(dataset[start:stop])
    height = dataset.chunks[0]
    parts = []
    for low in range(start // height * height, stop, height):
        rows = read_chunk(dataset, low)
        if rows is None:
            rows = dataset[low : min(low + height, dataset.shape[0])]
        parts.append(rows[max(start - low, 0) : stop - low])
    return parts[0] if len(parts) == 1 else np.concatenate(parts)
