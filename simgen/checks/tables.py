"""Offsets and counts cut the ragged tables into frames without gaps or overlaps."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from simgen.checks.base import NOTHING, Finding, Rule, SequenceLook, count_wrong
from simgen.dataset import FrameSet


@dataclass(frozen=True, kw_only=True)
class Tables(Rule):
    """Each frame's rows begin where the frame's before end, the last ends with the table, columns are equally long."""

    name = "tables"

    def sequence(self, look: SequenceLook) -> Finding:
        """Look at every table of every sensor."""
        found = NOTHING
        for name, frames in look.frames.items():
            for table in frames.tables:
                found += _check(frames, table, f"{look.stored.index:06d}/{name}")
        return found


def _check(frames: FrameSet, table: str, where: str) -> Finding:
    count = frames.group[f"{table}_count"][()].astype(np.int64)
    offset = frames.group[f"{table}_offset"][()]
    # a frame without the table may stand before it was begun: offset 0, count 0
    expected = np.cumsum(count) - count
    wrong = (offset != expected) | (count < 0)
    lengths = np.array([getattr(frames, table).__getattr__(c).shape[0] for c in getattr(frames, table).columns])
    rows = int(count.sum())
    found = count_wrong(wrong, lambda k: f"{where}/{k}: {table}_offset is {int(offset[k])}, not {int(expected[k])}")
    names = getattr(frames, table).columns
    return found + count_wrong(
        lengths != rows,
        lambda k: f"{where}: {table}.{names[k]} has {int(lengths[k])} rows, the counts add up to {rows}",
    )
