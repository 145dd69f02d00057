"""Chunks made by ISA-L: the deflate of zlib, several times faster, after HDF5's byte shuffle.

A dataset declared ``compression="gzip", shuffle=True`` whose chunks are stored ready-made reads back in every HDF5
library without a plugin.
"""

from __future__ import annotations

import math
from collections.abc import Iterator
from typing import Any, Final

import numpy as np

from simgen.errors import DataError
from simgen.records.base import Array

#: ISA-L's level 1: within 3 % of level 2's size on rendered frames, in less time
LEVEL = 1
#: how a stream of zlib's begins (RFC 1950), what asks ISA-L for deflate alone, and most bytes of a stored block
_HEADER: Final = b"\x78\x01"
_RAW: Final = -15
_BLOCK: Final = 0xFFFF
#: bytes by which a plane is judged, and what packing must leave of them at most: a tenth less room is worth the time
_PIECE: Final = 4096
_SHRUNK: Final = 0.9
#: from how many bytes on vector instructions pay for their import
_MANY: Final = 1 << 16


def shuffled(data: Array) -> Any:
    """HDF5's shuffle filter: the first byte of every value, then the second of every value, and so on."""
    size = data.dtype.itemsize
    if size == 1:
        return data
    columns = data.reshape(-1).view(np.uint8).reshape(-1, size)
    if data.nbytes < _MANY:
        return np.ascontiguousarray(columns.T)
    import cv2

    # bytes as channels of an image one pixel wide: OpenCV takes them apart several times faster than numpy
    planes = np.empty((size, len(columns), 1), np.uint8)
    cv2.split(columns[:, None], list(planes))
    return planes.reshape(size, -1)


def unshuffled(data: bytes, dtype: np.dtype[Any], shape: tuple[int, ...]) -> Array:
    """The inverse of :func:`shuffled`, as a writable array."""
    planes = np.frombuffer(data, np.uint8).reshape(dtype.itemsize, -1)
    if len(data) < _MANY or dtype.itemsize == 1:
        return planes.T.copy().view(dtype).reshape(shape)
    import cv2

    columns: Array = cv2.merge(list(planes[:, :, None]))
    return columns.reshape(-1).view(dtype).reshape(shape)


def deflated(data: Array) -> bytes:
    """One chunk as HDF5 stores it. Runs outside the interpreter's lock.

    The last bytes of measured floats are noise, or nearly: they are stored as they are, as deflate allows, in no time.
    """
    from isal import isal_zlib

    planes = shuffled(data)
    noisy = noisy_planes(planes) if data.dtype.kind == "f" else 0
    if noisy == 0:
        packed: bytes = isal_zlib.compress(planes, LEVEL)
        return packed
    rest = isal_zlib.compress(planes[noisy:], LEVEL, wbits=_RAW)
    check = isal_zlib.adler32(planes).to_bytes(4, "big")
    return b"".join([_HEADER, *_stored(planes[:noisy].reshape(-1)), rest, check])


def noisy_planes(planes: Array) -> int:
    """How many bytes of every value, the last digits first, do not shrink; judged by a piece of each."""
    from isal import isal_zlib

    noisy, middle = 0, planes.shape[1] // 2
    while noisy < len(planes) - 1 and middle >= _PIECE:
        piece = planes[noisy, middle : middle + _PIECE]
        if len(isal_zlib.compress(piece, LEVEL)) < _SHRUNK * len(piece):
            break
        noisy += 1
    return noisy


def _stored(plane: Array) -> Iterator[Any]:
    """Blocks of deflate that hold bytes as they are: 0, length and its complement, then the bytes (RFC 1951, 3.2.4)."""
    for start in range(0, len(plane), _BLOCK):
        block = plane[start : start + _BLOCK]
        yield bytes(1) + len(block).to_bytes(2, "little") + (len(block) ^ _BLOCK).to_bytes(2, "little")
        yield block.data


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
