"""What the beams of a sweep meet, in order of beams and ranges."""

from __future__ import annotations

import numpy as np

from simgen.kernels.inner import inner
from simgen.kernels.jit import kernel
from simgen.kernels.lidar_met_tables import Met
from simgen.records.base import I8


@kernel
def sort(met: Met, start: I8, order: Met) -> None:
    """The same by beam, and in a beam by range; ``start`` (B + 1), zeroed: the first row of each beam."""
    beam, at = met.beam, met.range
    for m in range(beam.shape[0]):
        start[beam[m] + 1] += 1
    for b in range(start.shape[0] - 1):
        start[b + 1] += start[b]
    filled = np.zeros(start.shape[0] - 1, np.int32)
    for m in range(beam.shape[0]):
        low, k = start[beam[m]], start[beam[m]] + filled[beam[m]]
        filled[beam[m]] += 1
        while k > low and order.range[k - 1] > at[m]:
            _copy(order, k - 1, order, k)
            k -= 1
        _copy(met, m, order, k)


@inner
def _copy(source: Met, row: int, to: Met, k: int) -> None:
    """One row."""
    to.beam[k], to.range[k], to.cover[k] = source.beam[row], source.range[row], source.cover[row]
    to.block[k], to.kind[k], to.key[k] = source.block[row], source.kind[row], source.key[row]
