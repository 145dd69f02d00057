"""Streams are named: the same name gives the same draws, another name gives others, and none depends on order."""

import numpy as np
import pytest

from simgen.rng import child_seed, stream, stream_key


def test_same_name_same_draws() -> None:
    np.testing.assert_array_equal(stream(7, "a", 1).random(8), stream(7, "a", 1).random(8))


def test_names_seeds_and_types_matter() -> None:
    keys = {
        stream_key(*name) for name in [(7, "a"), (8, "a"), (7, "b"), (7, "a", 1), (7, "a", "1"), (7, "a1"), (-7, "a")]
    }
    assert len(keys) == 7


def test_seed_zero_is_a_seed() -> None:
    assert stream(0, "x").random() == stream(0, "x").random()
    assert stream(0, "x").random() != stream(1, "x").random()


def test_a_stream_needs_a_name() -> None:
    with pytest.raises(ValueError, match="needs a name"):
        stream(1)


def test_neighbouring_streams_are_independent() -> None:
    draws = np.array([stream(3, "lidar", "top", k).standard_normal(64) for k in range(512)])
    correlation = (draws[:-1] * draws[1:]).mean()
    assert abs(correlation) < 4.0 / np.sqrt(draws[1:].size)
    assert abs(draws.mean()) < 4.0 / np.sqrt(draws.size)


def test_child_seeds_are_63_bit() -> None:
    seeds = [child_seed(1, "world", k) for k in range(100)]
    assert len(set(seeds)) == 100
    assert all(0 <= s < 2**63 for s in seeds)
