"""No array holds NaN, and infinity stands only where its meaning is declared."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

import numpy as np

from simgen.checks.base import NOTHING, Finding, FrameLook, Rule, SequenceLook, compare
from simgen.records.base import Array, ArraySpec, Record


@dataclass(frozen=True, kw_only=True)
class Finite(Rule):
    """Floating-point values are finite; positive infinity is allowed where the array's declaration speaks of inf."""

    name = "finite"
    unit = "values"

    def sequence(self, look: SequenceLook) -> Finding:
        """Look at the trajectory and the contacts."""
        return _look([*look.trajectory.arrays(), *look.trajectory.contacts.arrays()], "trajectory")

    def frame(self, look: FrameLook) -> Finding:
        """Look at every array and table of the frame."""
        return _look(list(_arrays(look.frame)), "")


def _arrays(frame: Any) -> Iterator[tuple[str, ArraySpec, Array]]:
    if isinstance(frame, Record):
        yield from frame.arrays()
        for table_name, table in getattr(frame, "tables", lambda: ())():
            yield from ((f"{table_name}.{name}", spec, value) for name, spec, value in table.arrays())


def _look(arrays: list[tuple[str, ArraySpec, Array]], where: str) -> Finding:
    """One test per array; the deviation is its number of bad values."""
    total = NOTHING
    for name, spec, value in arrays:
        if value.dtype.kind != "f":
            continue
        bad = ~np.isfinite(value)
        if "inf" in spec.doc.split():
            bad &= ~np.isposinf(value)
        text = f"{where} {name}: {int(bad.sum())} values are not finite".strip()
        total += compare(np.array([bad.sum()]), 0.0, lambda _, text=text: text)  # type: ignore[misc]
    return total
