"""Pictures of the whole sphere from files: Radiance ``.hdr`` and OpenEXR ``.exr``, latitude by longitude."""

from __future__ import annotations

import re
from functools import lru_cache
from pathlib import Path
from typing import Any, Final

import numpy as np

from simgen.errors import UserError
from simgen.records.base import F4

#: rows of a sane picture
FEWEST_ROWS, MOST_ROWS = 8, 8192
#: rows of the sky's table at most: 0.375 degrees a cell
TABLE_ROWS: Final = 480
#: where a Radiance file states its size, and how far into it that may be
_SIZE: Final = re.compile(rb"\n[-+]Y (?P<rows>\d{1,9}) [-+]X (?P<columns>\d{1,9})\n")
_HEAD_BYTES: Final = 65_536


def read_picture(path: Path) -> F4:
    """A file's linear RGB, reduced to at most :data:`TABLE_ROWS` rows; kept while the file stays as it is.

    Raises:
        UserError: it is missing, broken, or no picture of the whole sphere.
    """
    if not path.is_file():
        raise UserError(f"environment: no such file: path {str(path)!r}")
    stat = path.stat()
    return _read(path, stat.st_mtime_ns, stat.st_size)


@lru_cache(maxsize=2)
def _read(path: Path, changed: int, size: int) -> F4:
    suffix = path.suffix.lower()
    readers = {".hdr": _radiance, ".exr": _openexr}
    if suffix not in readers:
        raise UserError(f"environment: path {path.name!r} ends in {suffix or 'nothing'}; .hdr and .exr can be read")
    picture = readers[suffix](path)
    _check_size(path, *picture.shape[:2])
    if not np.isfinite(picture).all() or float(picture.min()) < 0.0 or float(picture.max()) <= 0.0:
        raise UserError(f"environment: {path.name!r} holds values that are no light (negative, not finite, or all 0)")
    reduced = _reduced(picture)
    reduced.flags.writeable = False
    return reduced


def _radiance(path: Path) -> F4:
    with path.open("rb") as file:
        head = file.read(_HEAD_BYTES)
    stated = _SIZE.search(head) if head.startswith(b"#?") else None
    if stated is not None:
        _check_size(path, int(stated["rows"]), int(stated["columns"]))
    found = None if stated is None else _decoded(path)
    if found is None or found.ndim != 3 or found.dtype != np.float32:
        raise UserError(f"environment: {path.name!r} is no Radiance picture, or it is damaged")
    return np.ascontiguousarray(found[..., 2::-1])


def _decoded(path: Path) -> Any:
    """What OpenCV makes of a file, None where it fails; its own words about that would stand before ours."""
    import cv2

    log = cv2.utils.logging
    level = log.setLogLevel(log.LOG_LEVEL_SILENT)
    try:
        return cv2.imread(str(path), cv2.IMREAD_UNCHANGED)
    finally:
        log.setLogLevel(level)


def _check_size(path: Path, rows: int, columns: int) -> None:
    if columns != 2 * rows:
        raise UserError(
            f"environment: {path.name!r} is {columns} x {rows} pixels; a picture of the whole sphere is twice as wide "
            "as high (latitude by longitude)"
        )
    if not FEWEST_ROWS <= rows <= MOST_ROWS:
        raise UserError(f"environment: {path.name!r} has {rows} rows; it must have {FEWEST_ROWS} to {MOST_ROWS}")


def _openexr(path: Path) -> F4:
    import OpenEXR

    try:
        with OpenEXR.File(str(path), header_only=True) as file:
            first, last = file.header()["dataWindow"]
        _check_size(path, int(last[1] - first[1]) + 1, int(last[0] - first[0]) + 1)
        with OpenEXR.File(str(path)) as file:
            channels = {name: channel.pixels for name, channel in file.channels().items()}
    except UserError:
        raise
    except Exception as error:
        raise UserError(f"environment: {path.name!r} is no OpenEXR picture, or it is damaged ({error})") from None
    for name in ("RGB", "RGBA"):
        if name in channels:
            return np.ascontiguousarray(channels[name][..., :3], np.float32)
    if {"R", "G", "B"} <= set(channels):
        return np.ascontiguousarray(np.stack([channels[c] for c in "RGB"], -1), np.float32)
    raise UserError(f"environment: {path.name!r} has the channels {', '.join(sorted(channels))}, but no R, G and B")


def _reduced(picture: F4) -> F4:
    """An even number of rows, by means over areas: light is neither lost nor added."""
    import cv2

    rows = min(len(picture) - len(picture) % 2, TABLE_ROWS)
    if rows == len(picture):
        return picture.copy()
    return np.ascontiguousarray(cv2.resize(picture, (2 * rows, rows), interpolation=cv2.INTER_AREA))
