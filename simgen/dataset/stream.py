"""One sensor's frames on their way into the file: stacks under ``frames/``, tables under ``ragged/``."""

from __future__ import annotations

from collections.abc import Callable
from concurrent.futures import Executor
from dataclasses import dataclass
from functools import partial
from typing import Any

import numpy as np

from simgen.dataset.arrays import Column, Stack, table_height
from simgen.dataset.schema import FRAME_SCALARS, SMALL_BYTES, count_spec, offset_spec
from simgen.errors import DataError
from simgen.records.base import Array, ArraySpec, array_specs
from simgen.records.frames import STATUS_OK, Frame, Table


@dataclass(frozen=True)
class _Job:
    """Waits for work in another thread, and says what to do with its result in this one."""

    work: Callable[[], Any]
    store: Callable[[Any], None]


class StreamWriter:
    """Writes the frames of one sensor (or of its ideal signal or twin), in order.

    It reads nothing but the records' declarations, so it knows no kind of sensor. An array that a dropped frame lacks
    reads as zeros in that row; an array that a good frame lacks is an error.
    """

    def __init__(self, sequence: Any, path: str, count: int, pool: Executor) -> None:
        self.path = path
        self.count = count
        self.written = 0
        self._sequence = sequence
        self._group = sequence.require_group(f"frames/{path}")
        self._pool = pool
        self._stacks: dict[str, Stack] = {}
        self._tables: dict[str, _TableWriter] = {}
        self._bounds: dict[str, Stack] = {}
        #: the first frame that was delivered: every array must be there from then on
        self._first_good = -1
        for name, declared in FRAME_SCALARS.items():
            self._stacks[name] = Stack(self._group, name, declared, count, ())

    def add(self, frame: Frame) -> bool:
        """Write the next frame; whether anything of it went into the file already.

        Raises:
            DataError: there are more frames than announced, or the frame's arrays differ from the earlier ones'.
        """
        index = self.written
        if index >= self.count:
            raise DataError(f"{self.path}: {self.count} frames were announced, and one more came")
        if index == 0:
            self._group.attrs["record"] = type(frame).__name__
        # the largest first, so that no thread is left with a large one at the end
        arrays = sorted(self._frame_arrays(frame), key=lambda item: -item[2].nbytes)
        jobs = [job for name, s, v in arrays if (job := self._stack_job(index, name, s, v)) is not None]
        self._check_missing(frame, index)
        for name, table in frame.tables():
            jobs += self._table_jobs(index, name, table)
        for name in self._tables.keys() - {name for name, _ in frame.tables()}:
            self._tables[name].skip(index)
        # the largest takes longest: the others are stored while it is packed
        for job in (*jobs[1:], *jobs[:1]):
            job.store(job.work())
        if frame.status == STATUS_OK and self._first_good < 0:
            self._first_good = index
        self.written += 1
        return bool(jobs)

    def finish(self) -> dict[str, str]:
        """Write what is left; gives the lines of the content hash by path.

        Raises:
            DataError: fewer frames came than announced.
        """
        if self.written != self.count:
            raise DataError(f"{self.path}: {self.count} frames were announced, and only {self.written} came")
        stacks = {**self._stacks, **self._bounds}
        for stack in stacks.values():
            stack.finish()
        entries = {f"frames/{self.path}/{name}": stack.entry() for name, stack in stacks.items()}
        for name, table in self._tables.items():
            entries |= {f"ragged/{self.path}/{name}/{key}": line for key, line in table.finish().items()}
        return entries

    def _frame_arrays(self, frame: Frame) -> list[tuple[str, ArraySpec, Array]]:
        scalars = [(n, s, np.array(getattr(frame, n), s.dtype)) for n, s in FRAME_SCALARS.items()]
        return [*scalars, *frame.arrays()]

    def _stack_job(self, index: int, name: str, spec: ArraySpec, value: Array) -> _Job | None:
        stack = self._stacks.get(name)
        if stack is None:
            if 0 <= self._first_good < index:
                raise DataError(f"{self.path}: frame {index} has {name}, the frames before it have not")
            stack = self._stacks[name] = Stack(self._group, name, spec, self.count, value.shape)
        if not stack.packed:
            stack.put(index, value)
            return None
        return _Job(self._pool.submit(stack.pack, index, value).result, lambda packed: stack.store(index, packed))

    def _check_missing(self, frame: Frame, index: int) -> None:
        have = {name for name, _, _ in frame.arrays()} | FRAME_SCALARS.keys()
        missing = sorted(self._stacks.keys() - have)
        if missing and frame.status == STATUS_OK:
            raise DataError(f"{self.path}: frame {index} lacks {', '.join(missing)}, which earlier frames have")

    def _table_jobs(self, index: int, name: str, table: Table) -> list[_Job]:
        writer = self._tables.get(name)
        if writer is None:
            parent = self._sequence.require_group(f"ragged/{self.path}").create_group(name)
            offset = self._bound(f"{name}_offset", offset_spec(name))
            count = self._bound(f"{name}_count", count_spec(name))
            writer = self._tables[name] = _TableWriter(parent, table, offset, count)
        return writer.jobs(index, table, self._pool)

    def _bound(self, name: str, spec: ArraySpec) -> Stack:
        stack = self._bounds[name] = Stack(self._group, name, spec, self.count, ())
        return stack


class _TableWriter:
    """The columns of one ragged table, and where each frame's rows begin."""

    def __init__(self, group: Any, first: Table, offset: Stack, count: Stack) -> None:
        self._group = group
        self._kind = type(first)
        group.attrs["record"] = self._kind.__name__
        self._offset, self._count = offset, count
        self._columns: dict[str, Column] = {}
        self._rows = 0

    def jobs(self, index: int, table: Table, pool: Executor) -> list[_Job]:
        if type(table) is not self._kind:
            raise DataError(f"{self._group.name} holds {self._kind.__name__}, not {type(table).__name__}")
        arrays = list(table.arrays())
        rows = len(arrays[0][2])
        self._row(index, rows)
        if rows == 0:
            return []
        if not self._columns:
            self._create({name for name, _, _ in arrays}, rows)
        if {name for name, _, _ in arrays} != self._columns.keys():
            raise DataError(f"{self._group.name}: frame {index} has other columns than the frames before it")
        jobs = []
        for name, _, value in arrays:
            column = self._columns[name]
            small = value.nbytes < SMALL_BYTES
            work = partial(column.pack, value) if small else pool.submit(column.pack, value).result
            jobs.append(_Job(work, column.store))
        return jobs

    def skip(self, index: int) -> None:
        """A frame without the table has zero rows."""
        self._row(index, 0)

    def finish(self) -> dict[str, str]:
        if not self._columns:
            self._create({n for n, spec in array_specs(self._kind).items() if not spec.optional}, 0)
        for column in self._columns.values():
            column.finish()
        return {name: column.entry() for name, column in self._columns.items()}

    def _row(self, index: int, rows: int) -> None:
        self._offset.put(index, np.array(self._rows, np.int64))
        self._count.put(index, np.array(rows, np.int32))
        self._rows += rows

    def _create(self, names: set[str], rows: int) -> None:
        height = table_height(rows)
        for name, spec in array_specs(self._kind).items():
            if name in names:
                shape = tuple(int(d) for d in spec.dims[1:])
                self._columns[name] = Column(self._group, name, spec, shape, height)
