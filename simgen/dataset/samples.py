"""A sensor's frames as dicts of plain numpy arrays, for training loops."""

from __future__ import annotations

import bisect
from collections.abc import Sequence
from typing import Any

import numpy as np

from simgen.dataset.frameset import FrameSet
from simgen.errors import UserError
from simgen.records.base import Array
from simgen.registry import suggest


class FrameSamples:
    """A map-style dataset: ``len(samples)``, ``samples[i]`` -> dict of arrays.

    It needs no PyTorch, pickles small and opens the file in each worker, so it goes straight into
    ``torch.utils.data.DataLoader(samples, num_workers=4)``. Columns of tables are called ``points.xyz``; their number
    of rows differs from frame to frame, so batches of them need a collate function.
    """

    def __init__(self, sets: Sequence[FrameSet], fields: Sequence[str] | None = None) -> None:
        self._sets = list(sets)
        self._ends = np.cumsum([len(s) for s in self._sets]).tolist()
        known = fields_of(self._sets[0])
        for field in fields or ():
            if field not in known and f"{field}." not in {k[: len(field) + 1] for k in known}:
                raise UserError(f"{self._sets[0].name} has no {field!r}{suggest(field, known)}")
        self.fields = tuple(k for k in known if fields is None or k in fields or k.split(".")[0] in fields)

    def __len__(self) -> int:
        return int(self._ends[-1])

    def __getitem__(self, index: int) -> dict[str, Array]:
        """One frame: the chosen fields, and ``time_ns``, ``status`` and ``sequence``."""
        position = range(len(self))[index]
        which = bisect.bisect_right(self._ends, position)
        frames, row = self._sets[which], position - (self._ends[which - 1] if which else 0)
        group = frames.group
        sample: dict[str, Array] = {
            "time_ns": np.asarray(group["time_ns"][row]),
            "status": np.asarray(group["status"][row]),
            "sequence": np.asarray(which),
        }
        for field in self.fields:
            sample[field] = _read(frames, field, row)
        return sample


def fields_of(frames: FrameSet) -> tuple[str, ...]:
    """Every array of a sensor's frames, and every column of its tables as ``table.column``."""
    columns = [f"{table}.{column}" for table in frames.tables for column in getattr(frames, table).columns]
    return (*frames.arrays, *columns)


def _read(frames: FrameSet, field: str, row: int) -> Any:
    table, _, column = field.partition(".")
    if not column:
        return getattr(frames, table)[row]
    stored = getattr(frames, table)
    start, stop = stored.bounds(row)
    return getattr(stored, column)[start:stop]
