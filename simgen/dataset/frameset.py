"""The stored frames of one sensor: ``frames[3]``, ``frames[2:5]``, ``frames.rgb[0]``, ``frames.points.xyz``."""

from __future__ import annotations

from collections.abc import Iterator
from functools import cached_property
from types import SimpleNamespace
from typing import Any, overload

import numpy as np

from simgen.dataset.attributes import get_attribute, get_json
from simgen.dataset.chunks import read_rows
from simgen.dataset.handle import Handle
from simgen.dataset.schema import FRAME_SCALARS, WAITING_ROWS, record_class
from simgen.dataset.sections import get_conditions
from simgen.records.base import Array, array_specs, empty_table
from simgen.records.conditions import Conditions
from simgen.records.frames import Frame, Table

#: subgroups of a sensor that are frames of their own
VARIANTS = ("ideal", "twin")


class StoredArray:
    """A dataset in the file: shape, dtype, unit, and rows on demand."""

    def __init__(self, handle: Handle, path: str) -> None:
        self._handle = handle
        self._path = path

    @property
    def dataset(self) -> Any:
        """The open h5py dataset."""
        return self._handle.group(self._path)

    @property
    def shape(self) -> tuple[int, ...]:
        """Its whole shape."""
        return tuple(self.dataset.shape)

    @property
    def dtype(self) -> Any:
        """Its dtype."""
        return self.dataset.dtype

    @property
    def unit(self) -> str:
        """Its unit; empty for pure numbers."""
        return str(self.dataset.attrs["unit"])

    @property
    def dims(self) -> tuple[str, ...]:
        """The names of its dims."""
        return tuple(str(self.dataset.attrs["dims"]).split())

    @property
    def doc(self) -> str:
        """What it means."""
        return str(self.dataset.attrs["doc"])

    def __len__(self) -> int:
        return self.shape[0]

    def __getitem__(self, key: Any) -> Any:
        """One row, a range of rows, or whatever h5py understands."""
        dataset = self.dataset
        if isinstance(key, int | np.integer):
            row = range(len(dataset))[key]
            return read_rows(dataset, row, row + 1)[0]
        if isinstance(key, slice) and key.step in (None, 1):
            start, stop, _ = key.indices(len(dataset))
            return read_rows(dataset, start, stop)
        return dataset[key]

    def __array__(self, dtype: Any = None, copy: bool | None = None) -> Array:
        return np.asarray(self[:], dtype)


class StoredTable:
    """A ragged table: ``table[i]`` is frame i's rows as a record, ``table.xyz`` a whole column."""

    def __init__(self, handle: Handle, sequence: str, stream: str, name: str) -> None:
        self._handle = handle
        self._path = f"{sequence}/ragged/{stream}/{name}"
        self._bounds = f"{sequence}/frames/{stream}/{name}"

    @property
    def columns(self) -> tuple[str, ...]:
        """The names of its columns."""
        return tuple(self._handle.group(self._path))

    @property
    def counts(self) -> Array:
        """Rows of each frame, (N,) i4."""
        return np.asarray(self._handle.group(f"{self._bounds}_count")[()])

    def __len__(self) -> int:
        return int(self._handle.group(f"{self._bounds}_count").shape[0])

    def __getattr__(self, name: str) -> StoredArray:
        if name.startswith("_") or name not in self.columns:
            raise AttributeError(f"no column {name!r}")
        return StoredArray(self._handle, f"{self._path}/{name}")

    def bounds(self, index: int) -> tuple[int, int]:
        """First and one past the last row of a frame."""
        row = range(len(self))[index]
        start = int(self._handle.group(f"{self._bounds}_offset")[row])
        return start, start + int(self._handle.group(f"{self._bounds}_count")[row])

    def __getitem__(self, index: int) -> Any:
        """The rows of one frame: the record that was written, or a namespace of arrays if its class is not loaded."""
        group = self._handle.group(self._path)
        start, stop = self.bounds(index)
        columns = {name: read_rows(item, start, stop) for name, item in group.items()}
        cls = record_class(str(group.attrs["record"]), Table)
        return SimpleNamespace(**columns) if cls is None else _restored(cls, columns)


class FrameSet:
    """The frames of one sensor of one sequence."""

    def __init__(self, handle: Handle, sequence: str, stream: str) -> None:
        self._handle = handle
        self._sequence = sequence
        self._stream = stream
        self._path = f"{sequence}/frames/{stream}"
        #: blocks of small arrays that were read: name -> first row and rows
        self._blocks: dict[str, tuple[int, Array]] = {}
        #: number of frames, their class, and the names of arrays and tables, once they were looked up
        self._layout: tuple[int, str, tuple[str, ...], tuple[str, ...]] | None = None

    def __getstate__(self) -> dict[str, Any]:
        return {**self.__dict__, "_blocks": {}}

    def __repr__(self) -> str:
        return f"<{len(self)} frames of {self.name}: {', '.join((*self.arrays, *self.tables))}>"

    @property
    def group(self) -> Any:
        """The open h5py group ``frames/<sensor>``."""
        return self._handle.group(self._path)

    @property
    def name(self) -> str:
        """The sensor's name, with the variant if it is one."""
        return self._stream

    @property
    def type(self) -> str:
        """The sensor's plugin name."""
        return str(self.group.attrs.get("type", ""))

    @property
    def model(self) -> str:
        """The device model, if any."""
        return str(self.group.attrs.get("model", ""))

    @property
    def config(self) -> str:
        """The sensor's section of the scene."""
        return get_attribute(self.group, "config")

    @property
    def calibration_true(self) -> dict[str, Any]:
        """The true calibration."""
        return dict(get_json(self.group, "calibration_true", {}))

    @property
    def calibration_reported(self) -> dict[str, Any]:
        """The calibration that the device claims."""
        return dict(get_json(self.group, "calibration_reported", {}))

    @property
    def record(self) -> str:
        """The class of its frames."""
        return str(self.group.attrs.get("record", "Frame"))

    @property
    def tables(self) -> tuple[str, ...]:
        """The names of its ragged tables."""
        parent = self._handle.group(self._sequence).get(f"ragged/{self._stream}", {})
        return tuple(name for name in parent if name not in VARIANTS)

    @property
    def arrays(self) -> tuple[str, ...]:
        """The names of its stacked arrays, frame scalars and table bounds left out."""
        bounds = {f"{table}_{end}" for table in self.tables for end in ("offset", "count")}
        named = (n for n, item in self.group.items() if getattr(item, "ndim", 0) > 0)
        return tuple(n for n in named if n not in bounds and n not in FRAME_SCALARS)

    @cached_property
    def weather(self) -> Conditions | None:
        """The weather over the sequence, if it is stored."""
        return get_conditions(self._handle.group(self._sequence))

    @property
    def variants(self) -> tuple[str, ...]:
        """Which of ``ideal`` and ``twin`` are there."""
        return tuple(v for v in VARIANTS if v in self.group)

    def variant(self, name: str) -> FrameSet:
        """The frames of the ideal signal or of the twin in clear air."""
        return FrameSet(self._handle, self._sequence, f"{self._stream}/{name}")

    def __len__(self) -> int:
        return int(self.group["time_ns"].shape[0])

    def __getattr__(self, name: str) -> Any:
        if name.startswith("_"):
            raise AttributeError(name)
        if name in VARIANTS and name in self.group:
            return self.variant(name)
        if name in self.tables:
            return StoredTable(self._handle, self._sequence, self._stream, name)
        if getattr(self.group.get(name), "ndim", 0) > 0:
            return StoredArray(self._handle, f"{self._path}/{name}")
        raise AttributeError(f"{self.name} stores no {name!r}; it has {', '.join((*self.arrays, *self.tables))}")

    @overload
    def __getitem__(self, index: int) -> Any: ...
    @overload
    def __getitem__(self, index: slice) -> list[Any]: ...
    def __getitem__(self, index: int | slice) -> Any:
        """One frame as the record that was written (a namespace if its class is not loaded), or a list of them."""
        if isinstance(index, slice):
            return [self[i] for i in range(*index.indices(len(self)))]
        if self._layout is None:
            self._layout = (len(self), self.record, self.arrays, self.tables)
        count, record, arrays, tables = self._layout
        row = range(count)[index]
        fields: dict[str, Any] = {name: int(self._row(name, row)) for name in FRAME_SCALARS}
        fields |= {name: self._row(name, row) for name in arrays}
        fields |= {name: getattr(self, name)[row] for name in tables}
        cls = record_class(record, Frame)
        return SimpleNamespace(**fields) if cls is None else _restored(cls, fields)

    def _row(self, name: str, row: int) -> Any:
        """One row. Of small arrays, which are not in chunks, many are read at once: a read costs more than they."""
        start, block = self._blocks.get(name, (0, ()))
        if not start <= row < start + len(block):
            dataset = self.group[name]
            if dataset.chunks is not None:
                return read_rows(dataset, row, row + 1)[0]
            start = row // WAITING_ROWS * WAITING_ROWS
            block = dataset[start : start + WAITING_ROWS]
            self._blocks[name] = (start, block)
        value = block[row - start]
        return value.copy() if isinstance(value, np.ndarray) else value

    def __iter__(self) -> Iterator[Any]:
        return (self[i] for i in range(len(self)))


def _restored(cls: type[Any], fields: dict[str, Any]) -> Any:
    """A record from what the file holds; declared dtypes come back (booleans are bytes in the file)."""
    specs = array_specs(cls)
    if issubclass(cls, Table) and not fields:
        return empty_table(cls)
    typed = {
        name: np.ascontiguousarray(value).astype(specs[name].dtype, copy=False) if name in specs else value
        for name, value in fields.items()
    }
    return cls(**typed)
