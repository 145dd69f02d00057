"""A sensor's frames as dicts of plain numpy arrays, for training loops."""

from __future__ import annotations

import bisect
from collections.abc import Sequence
from typing import Any, Final

import numpy as np

from simgen.dataset.frameset import FrameSet
from simgen.errors import UserError
from simgen.records.base import Array, array_specs
from simgen.records.conditions import Conditions
from simgen.registry import suggest

_WEATHER: Final = "weather"
#: what the weather is at a frame's instant, on request
_CONDITIONS: Final = tuple(f"{_WEATHER}.{name}" for name in array_specs(Conditions) if name != "time_ns")


class FrameSamples:
    """A map-style dataset: ``len(samples)``, ``samples[i]`` -> dict of arrays.

    It needs no PyTorch, pickles small and opens the file in each worker, so it goes straight into
    ``torch.utils.data.DataLoader(samples, num_workers=4)``. Columns of tables are called ``points.xyz``; their number
    of rows differs from frame to frame, so batches of them need a collate function. ``weather`` or
    ``weather.visibility_m``, only if asked for, is what the weather is at the frame's instant.
    """

    def __init__(self, sets: Sequence[FrameSet], fields: Sequence[str] | None = None) -> None:
        self._sets = list(sets)
        self._ends = np.cumsum([len(s) for s in self._sets]).tolist()
        known = (*fields_of(self._sets[0]), *_CONDITIONS)
        for field in fields or ():
            if field not in known and f"{field}." not in {k[: len(field) + 1] for k in known}:
                raise UserError(f"{self._sets[0].name} has no {field!r}{suggest(field, known)}")
        asked = (k for k in known if fields is not None and (k in fields or k.split(".")[0] in fields))
        self.fields = fields_of(self._sets[0]) if fields is None else tuple(asked)

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


def _condition(frames: FrameSet, name: str, row: int) -> Any:
    """What the weather is at a frame's instant."""
    conditions = frames.weather
    if conditions is None:
        raise UserError(f"{frames.name}: its file was written before weather was stored")
    return getattr(conditions.at(int(frames.group["time_ns"][row])), name)[0]


def _read(frames: FrameSet, field: str, row: int) -> Any:
    table, _, column = field.partition(".")
    if table == _WEATHER:
        return _condition(frames, column, row)
    if not column:
        return getattr(frames, table)[row]
    stored = getattr(frames, table)
    start, stop = stored.bounds(row)
    return getattr(stored, column)[start:stop]
