"""Covering arrays, counted by another route."""

from __future__ import annotations

from itertools import combinations, product

import numpy as np
import pytest

from simgen.cover.arrays import covering_rows
from simgen.cover.counting import completes, coverage
from simgen.errors import UserError


def seen(rows, strength):
    """Every combination that rows have, by brute force."""
    return {
        (key, tuple(int(row[p]) for p in key)) for row in rows for key in combinations(range(len(rows[0])), strength)
    }


def test_two_wise_coverage_of_twelve_parameters_with_five_values_in_sixty_rows() -> None:
    rows = covering_rows([5] * 12, 2)
    assert len(rows) <= 60
    assert len(seen(rows, 2)) == 66 * 25
    found = coverage(rows, [5] * 12, 2)
    assert (found.covered, found.total, list(found.holes())) == (66 * 25, 66 * 25, [])


@pytest.mark.parametrize(("levels", "strength"), [((2, 3, 4, 5), 2), ((3, 2, 3, 2, 2), 3), ((4, 1, 3), 2), ((2, 2), 1)])
def test_every_combination_is_there(levels, strength) -> None:
    rows = covering_rows(levels, strength, seed=3)
    everything = {
        (key, place)
        for key in combinations(range(len(levels)), strength)
        for place in product(*(range(levels[p]) for p in key))
    }
    assert seen(rows, strength) == everything
    assert not np.array_equal(rows, covering_rows(levels, strength, seed=4)) or len(rows) < 3
    np.testing.assert_array_equal(rows, covering_rows(levels, strength, seed=3))


def test_what_is_forbidden_is_in_no_row_and_no_hole() -> None:
    levels = (3, 3, 3)
    # 0 of the first with 1 of the second never; with nothing but 2 of the third for 2 of the second
    forbidden = [{0: frozenset({0}), 1: frozenset({1})}, {1: frozenset({2}), 2: frozenset({0, 1})}]
    rows = covering_rows(levels, 2, forbidden)
    assert not any((row[0] == 0 and row[1] == 1) or (row[1] == 2 and row[2] < 2) for row in rows)
    found = coverage(rows, levels, 2, forbidden)
    legal = [
        row
        for row in product(range(3), repeat=3)
        if not (row[0] == 0 and row[1] == 1) and not (row[1] == 2 and row[2] < 2)
    ]
    assert found.total == len(seen(legal, 2))
    assert found.share == 1.0


def test_what_only_follows_from_rules_is_impossible_too() -> None:
    # the first at 0 leaves no level of the second
    forbidden = [{0: frozenset({0}), 1: frozenset({0})}, {0: frozenset({0}), 1: frozenset({1})}]
    assert not completes({0: 0}, (2, 2, 2), forbidden)
    assert not completes({0: 0, 2: 1}, (2, 2, 2), forbidden)
    assert completes({0: 1, 1: 0}, (2, 2, 2), forbidden)
    assert coverage(np.array([[1, 0, 0]]), (2, 2, 2), 2, forbidden).total == 4 + 4 + 2 + 2 - 4


def test_holes_are_named_and_unknown_levels_cover_nothing() -> None:
    found = coverage(np.array([[0, 0], [1, -1]]), (2, 2), 2)
    assert (found.covered, found.total) == (1, 4)
    assert [hole.levels for hole in found.holes()] == [(0, 1), (1, 0), (1, 1)]
    with pytest.raises(ValueError, match="strength must lie between 1 and 2"):
        coverage(np.zeros((1, 2), np.int64), (2, 2), 3)


def test_nothing_left_is_told() -> None:
    with pytest.raises(UserError, match="forbid less"):
        covering_rows((2, 2), 1, [{0: frozenset({0, 1})}])
