"""Records: frozen dataclasses whose array fields declare dims, dtype, unit and meaning once.

The declaration serves the shape check (at construction), the documentation and the HDF5 attributes. A dim is a letter
(bound to one size over the whole record) or a number.
"""

from __future__ import annotations

import dataclasses
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any, Self

import numpy as np
from numpy.typing import NDArray

F4 = NDArray[np.float32]
F8 = NDArray[np.float64]
F2 = NDArray[np.float16]
U1 = NDArray[np.uint8]
U2 = NDArray[np.uint16]
U4 = NDArray[np.uint32]
U8 = NDArray[np.uint64]
I1 = NDArray[np.int8]
I4 = NDArray[np.int32]
I8 = NDArray[np.int64]
Bool = NDArray[np.bool_]
Array = NDArray[Any]


@dataclass(frozen=True, kw_only=True)
class ArraySpec:
    """What an array field holds: named dims (``"H W 3"``), numpy dtype code, unit and meaning."""

    dims: tuple[str, ...]
    dtype: str
    unit: str
    doc: str
    optional: bool


def array(dims: str, dtype: str, *, unit: str = "", doc: str, optional: bool = False) -> Any:
    """Declare an array field of a record; an optional one defaults to None."""
    spec = ArraySpec(dims=tuple(dims.split()), dtype=dtype, unit=unit, doc=doc, optional=optional)
    default = None if optional else dataclasses.MISSING
    return dataclasses.field(default=default, metadata={"array": spec}, repr=False)


_specs: dict[type, Mapping[str, ArraySpec]] = {}


def array_specs(cls: type) -> Mapping[str, ArraySpec]:
    """The declared arrays of a record class, in order."""
    if cls not in _specs:
        _specs[cls] = {f.name: f.metadata["array"] for f in dataclasses.fields(cls) if "array" in f.metadata}
    return _specs[cls]


@dataclass(frozen=True, kw_only=True, eq=False)
class Record:
    """Base of every record: checks its arrays when made, and never changes after."""

    def __post_init__(self) -> None:
        sizes: dict[str, int] = {}
        for name, spec in array_specs(type(self)).items():
            value = getattr(self, name)
            if value is None and spec.optional:
                continue
            _check(f"{type(self).__name__}.{name}", spec, value, sizes)

    def replace(self, **changes: Any) -> Self:
        """A copy with some fields changed."""
        return dataclasses.replace(self, **changes)

    def arrays(self) -> Iterator[tuple[str, ArraySpec, Array]]:
        """Every array that is there, with its declaration."""
        for name, spec in array_specs(type(self)).items():
            value = getattr(self, name)
            if value is not None:
                yield name, spec, value


def _check(where: str, spec: ArraySpec, value: object, sizes: dict[str, int]) -> None:
    if not isinstance(value, np.ndarray):
        raise TypeError(f"{where} must be a numpy array, not {type(value).__name__}")
    if value.dtype != np.dtype(spec.dtype):
        raise TypeError(f"{where} must be {np.dtype(spec.dtype)}, not {value.dtype}")
    if value.ndim != len(spec.dims):
        raise ValueError(f"{where} must have dims ({', '.join(spec.dims)}), not shape {value.shape}")
    for dim, size in zip(spec.dims, value.shape, strict=True):
        wanted = int(dim) if dim.isdigit() else sizes.setdefault(dim, size)
        if size != wanted:
            raise ValueError(f"{where} has shape {value.shape}, but {dim} is {wanted}")


def empty_table(cls: type[Any]) -> Any:
    """A record of zero rows, for tables (every field an array whose first dim is the row)."""
    columns = {
        name: np.zeros([int(d) if d.isdigit() else 0 for d in spec.dims], spec.dtype)
        for name, spec in array_specs(cls).items()
    }
    return cls(**columns)
