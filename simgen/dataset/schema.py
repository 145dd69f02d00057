"""What a file of format version 1 is made of: names, sizes, and the declarations that records do not carry."""

from __future__ import annotations

import json
from collections.abc import Iterator
from typing import Any, Final

import numpy as np

from simgen.errors import DataError
from simgen.records.base import Array, ArraySpec

FORMAT: Final = "simgen"
FORMAT_VERSION: Final = 1
#: a file that is still being written has this at the end of its name
PART: Final = ".part"

#: arrays of a frame below this stay plain: a chunk costs more than it saves
PLAIN_BYTES: Final = 2048
#: rows of such arrays that are written together
WAITING_ROWS: Final = 1024
#: rows of a chunk of a ragged table: tables that are long from the first frame on, and the others
LONG_ROWS: Final = 65536
SHORT_ROWS: Final = 512
#: arrays below this are packed at once: handing them to a thread costs more than they do
SMALL_BYTES: Final = 16384
#: attributes above 64 KB cannot be written in the oldest file format; longer text becomes a dataset
LONGEST_ATTRIBUTE: Final = 60_000
#: HDF5's cache per open dataset
CACHE_BYTES: Final = 8 * 2**20

CONVENTIONS: Final = json.dumps(
    {
        "world": "right-handed, east north up (x east, y north, z up), metres",
        "body": "x forward, y left, z up; vehicles: below the rear axle's centre",
        "camera": "x right, y down, z forward",
        "lidar": "x forward, y left, z up",
        "radar": "x forward, y left, z up; azimuth to the left, elevation upwards, velocity positive when receding",
        "quaternion": "w, x, y, z, unit",
        "pose": "world_from_x takes x's coordinates to the world's",
        "pixel": "pixel (0, 0) covers [0, 1) x [0, 1), its centre is (0.5, 0.5); K is in that convention",
        "box_px": "x_min, y_min, x_max, y_max, exclusive maximum",
        "depth": "along the optical axis, of pinholes; inf = nothing hit",
        "range": "along the ray, of all other lenses; inf = nothing hit",
        "time": "integer nanoseconds; frames hold at time_ns, the device reports stamp_ns",
        "ids": "instance 0 = no object, class 0 = unlabelled",
        "ragged": "row i of a frame group owns table rows [<table>_offset[i], <table>_offset[i] + <table>_count[i])",
    },
    sort_keys=True,
)


def spec(dims: str, dtype: str, unit: str, doc: str) -> ArraySpec:
    """A declaration of one dataset: dims separated by spaces, dtype code, unit and meaning."""
    return ArraySpec(dims=tuple(dims.split()), dtype=dtype, unit=unit, doc=doc, optional=False)


#: the scalars of every frame
FRAME_SCALARS: Final[dict[str, ArraySpec]] = {
    "time_ns": spec("", "i8", "ns", "the true instant"),
    "stamp_ns": spec("", "i8", "ns", "the instant that the device reports"),
    "status": spec("", "u1", "", "0 = ok, 1 = dropped: the device delivered nothing"),
}


def offset_spec(table: str) -> ArraySpec:
    """Declaration of ``<table>_offset``."""
    return spec("", "i8", "", f"first row of the frame in the table of {table}")


def count_spec(table: str) -> ArraySpec:
    """Declaration of ``<table>_count``."""
    return spec("", "i4", "", f"rows of the frame in the table of {table}")


def record_class(name: str, base: type) -> type | None:
    """The record class of that name among everything that derives from ``base``, or None if it is not loaded."""
    return next((cls for cls in _descendants(base) if cls.__name__ == name), None)


def _descendants(base: type) -> Iterator[type]:
    yield base
    cls: type
    for cls in base.__subclasses__():
        yield from _descendants(cls)


def stored(value: Array) -> Array:
    """As it goes into the file: contiguous, little-endian, booleans as bytes."""
    out = np.ascontiguousarray(value)
    if out.dtype == np.bool_:
        return out.view(np.uint8)
    return out if out.dtype.byteorder != ">" else out.astype(out.dtype.newbyteorder("<"))


def stored_dtype(code: str) -> np.dtype[Any]:
    """The dtype in the file of a declared dtype code."""
    dtype = np.dtype(code)
    return np.dtype(np.uint8) if dtype == np.bool_ else dtype.newbyteorder("<")


def check_version(attrs: Any, path: str) -> None:
    """Refuse what this version cannot read.

    Raises:
        DataError: the file is not simgen's, or of a newer format.
    """
    if attrs.get("format") != FORMAT:
        raise DataError(f"{path} is an HDF5 file, but not one that simgen wrote (no format={FORMAT!r} at its root)")
    version = int(attrs.get("format_version", 0))
    if not 1 <= version <= FORMAT_VERSION:
        raise DataError(
            f"{path} has format version {version}; this simgen reads up to {FORMAT_VERSION}: install a newer simgen"
        )
