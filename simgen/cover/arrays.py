"""Covering arrays: few rows that have every combination of the levels of any ``strength`` parameters at least once.

Built greedily by the covertable library, which takes forbidden combinations into account. What it makes is counted
by :mod:`~simgen.cover.counting`, which knows nothing of how it was made.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import numpy as np

from simgen.cover.counting import Forbidden, completes, coverage
from simgen.errors import UserError
from simgen.records.base import I8
from simgen.rng import stream


def covering_rows(levels: Sequence[int], strength: int, forbidden: Forbidden = (), seed: int = 0) -> I8:
    """The rows of a covering array, (rows, parameters) i8.

    Args:
        levels: how many levels each parameter has, at least 1.
        strength: how many parameters go together.
        forbidden: combinations that no row may have.
        seed: other seeds give other arrays of about the same size.

    Raises:
        UserError: nothing can happen but what is forbidden, or not everything could be covered.
    """
    if not coverage(np.zeros((0, len(levels)), np.int64), levels, 1, forbidden).total:
        raise UserError("everything is forbidden: forbid less")
    # the library is deterministic: what differs from seed to seed is which level is which
    names = [stream(seed, "cover", p).permutation(count) for p, count in enumerate(levels)]
    renamed = [
        {p: frozenset(np.flatnonzero(np.isin(names[p], list(some))).tolist()) for p, some in rule.items()}
        for rule in forbidden
    ]
    made = _made(levels, strength, renamed)
    rows = np.stack([names[p][made[:, p]] for p in range(len(levels))], 1).astype(np.int64)
    left = next(coverage(rows, levels, strength, forbidden).holes(), None)
    if left is not None:
        raise UserError(f"no design covers levels {left.levels} of parameters {left.parameters}: forbid less")
    return rows


def _made(levels: Sequence[int], strength: int, forbidden: Forbidden) -> I8:
    """The library's rows; it wants parameters of two levels at least, and what has one goes with every row."""
    import covertable

    varied = [p for p, count in enumerate(levels) if count > 1]
    if len(varied) < strength:
        grid = np.stack(np.meshgrid(*[np.arange(count) for count in levels], indexing="ij"), -1).reshape(
            -1, len(levels)
        )
        return grid[[completes(dict(enumerate(row)), levels, forbidden) for row in grid.tolist()]].astype(np.int64)
    rules = [rule for rule in (_rule(each, varied) for each in forbidden) if rule is not None]
    made = covertable.make({p: list(range(levels[p])) for p in varied}, strength=strength, constraints=rules)
    rows = np.zeros((len(made), len(levels)), np.int64)
    for column in varied:
        rows[:, column] = [row[column] for row in made]
    return rows


def _rule(rule: Any, varied: Sequence[int]) -> dict[str, Any] | None:
    """A forbidden combination in the library's words; None if it can never come about."""
    parts = []
    for parameter, some in rule.items():
        if parameter in varied:
            parts.append({"operator": "in", "left": parameter, "values": sorted(some)})
        elif 0 not in some:
            return None
    return {"operator": "not", "condition": {"operator": "and", "conditions": parts}}
