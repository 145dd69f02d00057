"""How much of a parameter space a set of rows covers: every combination of levels of any ``strength`` parameters.

A row gives a level to every parameter; -1 where it says nothing. What cannot happen, because it is forbidden or because
every completion of it is, counts neither as covered nor as a hole.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import combinations
from math import prod

import numpy as np

from simgen.records.base import I8, Bool

#: combinations of levels that may not be: parameter -> levels, all of which together are forbidden
Forbidden = Sequence[Mapping[int, frozenset[int]]]


@dataclass(frozen=True, kw_only=True)
class Hole:
    """A combination that no row has: parameters, and a level of each."""

    parameters: tuple[int, ...]
    levels: tuple[int, ...]


@dataclass(frozen=True, kw_only=True, eq=False)
class Coverage:
    """What is covered."""

    levels: tuple[int, ...]
    strength: int
    #: parameters -> how many rows have each combination of their levels, an array with one axis a parameter
    counts: Mapping[tuple[int, ...], I8]
    #: the same, whether it can happen at all
    possible: Mapping[tuple[int, ...], Bool]

    @property
    def total(self) -> int:
        """Number of combinations that can happen."""
        return sum(int(mask.sum()) for mask in self.possible.values())

    @property
    def covered(self) -> int:
        """Number of those that at least one row has."""
        return sum(int(((self.counts[key] > 0) & mask).sum()) for key, mask in self.possible.items())

    @property
    def share(self) -> float:
        """Covered of all that can happen; 1 where there is nothing to cover."""
        return self.covered / self.total if self.total else 1.0

    def holes(self) -> Iterator[Hole]:
        """Every combination that no row has, in the order of the parameters."""
        for key, mask in self.possible.items():
            for place in np.argwhere(mask & (self.counts[key] == 0)).tolist():
                yield Hole(parameters=key, levels=tuple(place))


def coverage(rows: I8, levels: Sequence[int], strength: int, forbidden: Forbidden = ()) -> Coverage:
    """Count the combinations in rows.

    Args:
        rows: levels, (rows, parameters) i8; -1 = unknown.
        levels: how many levels each parameter has.
        strength: how many parameters go together.
        forbidden: what may not be.

    Raises:
        ValueError: the strength is not between 1 and the number of parameters.
    """
    if not 1 <= strength <= len(levels):
        raise ValueError(f"strength must lie between 1 and {len(levels)}, the number of parameters, not {strength}")
    keys = list(combinations(range(len(levels)), strength))
    counts = {key: _counted(rows[:, key], [levels[p] for p in key]) for key in keys}
    possible = {key: _possible(key, levels, forbidden) for key in keys}
    return Coverage(levels=tuple(levels), strength=strength, counts=counts, possible=possible)


def _counted(columns: I8, shape: Sequence[int]) -> I8:
    known = columns[(columns >= 0).all(1)]
    flat = np.ravel_multi_index(tuple(known.T), tuple(shape)) if len(known) else np.zeros(0, np.int64)
    return np.bincount(flat, minlength=prod(shape)).reshape(tuple(shape)).astype(np.int64)


def _possible(key: tuple[int, ...], levels: Sequence[int], forbidden: Forbidden) -> Bool:
    shape = tuple(levels[p] for p in key)
    if not forbidden:
        return np.ones(shape, bool)
    flags = [completes(dict(zip(key, place, strict=True)), levels, forbidden) for place in np.ndindex(shape)]
    return np.array(flags, bool).reshape(shape)


def completes(fixed: Mapping[int, int], levels: Sequence[int], forbidden: Forbidden) -> bool:
    """Whether some row has these levels and nothing that is forbidden."""
    if any(all(fixed.get(p) in some for p, some in rule.items()) for rule in forbidden):
        return False
    # a rule that is nearly complete decides: only parameters of rules that can still be broken need a level
    open_rules = [rule for rule in forbidden if all(p not in fixed or fixed[p] in some for p, some in rule.items())]
    free = sorted({p for rule in open_rules for p in rule if p not in fixed})
    if not free:
        return True
    return any(completes({**fixed, free[0]: level}, levels, open_rules) for level in range(levels[free[0]]))
