"""Frames of a series sensor: columns over the whole sequence, cut into records when they are asked for."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any, overload

from simgen.records.base import I8, Array
from simgen.records.frames import Frame


class Samples(Sequence[Frame]):
    """As long as the sequence, and cheap until a sample is taken.

    Args:
        kind: the record of a sample.
        time_ns: instants, (N,).
        columns: array fields of the record, each (N, ...).
        ideal: the noiseless samples, if they are wanted.
    """

    def __init__(
        self, kind: type[Frame], time_ns: I8, columns: Mapping[str, Array], ideal: Samples | None = None
    ) -> None:
        self._kind, self._time_ns, self._columns, self._ideal = kind, time_ns, dict(columns), ideal

    def twinned(self, ideal: Samples) -> Samples:
        """The same samples, each with its noiseless twin."""
        return Samples(self._kind, self._time_ns, self._columns, ideal)

    def __len__(self) -> int:
        return len(self._time_ns)

    @overload
    def __getitem__(self, index: int) -> Frame: ...
    @overload
    def __getitem__(self, index: slice) -> list[Frame]: ...
    def __getitem__(self, index: int | slice) -> Frame | list[Frame]:
        """One sample as its record, or a list of them."""
        if isinstance(index, slice):
            return [self[k] for k in range(*index.indices(len(self)))]
        time_ns = int(self._time_ns[index])
        fields: dict[str, Any] = {name: column[index] for name, column in self._columns.items()}
        twin = None if self._ideal is None else self._ideal[index]
        return self._kind(time_ns=time_ns, stamp_ns=time_ns, ideal=twin, **fields)


__all__ = ["Samples"]
