"""The counter generator gives the published words, and its samplers the right distributions."""

from __future__ import annotations

import math
from statistics import NormalDist

import numpy as np
import pytest

from simgen.kernels import noise
from simgen.kernels.jit import kernel
from simgen.rng import stream_key

KEY = np.uint64(stream_key(11, "test", "noise"))
COUNT = 200_000


@kernel
def _words(key, counter, lane):
    return noise.philox(key, counter, lane)


@kernel
def _fill_words(keys, counters, lanes, out):
    for i in range(len(out)):
        out[i] = noise.philox(keys[i], counters[i], lanes[i])


@kernel
def _fill(what, mean, key, start, out):
    for i in range(len(out)):
        counter = start + i
        if what == 0:
            out[i] = noise.uniform(key, counter)
        elif what == 1:
            out[i] = noise.normal(key, counter)
        elif what == 2:
            out[i] = noise.exponential(key, counter)
        elif what == 3:
            out[i] = noise.poisson(mean, key, counter)
        elif what == 4:
            out[i] = noise.normal2(key, counter)[1]
        elif what == 5:
            out[i] = noise.uniform4(key, counter)[3]
        elif what == 6:
            out[i] = noise.uniform2(key, counter)[1]
        elif what == 7:
            out[i] = noise.uniform(key, counter, 1)
        else:
            out[i] = noise.straight_draws(key, counter, 0)[what - 8]


def draws(what: int, mean: float = 0.0, count: int = COUNT, key: np.uint64 = KEY, start: int = 0) -> np.ndarray:
    out = np.empty(count)
    _fill(what, mean, key, start, out)
    return out


def chi_square(observed: np.ndarray, expected: np.ndarray) -> float:
    """Chi-square, in standard deviations from its mean (about normal for many bins)."""
    freedom = len(observed) - 1
    value = ((observed - expected) ** 2 / expected).sum()
    return float((value - freedom) / math.sqrt(2 * freedom))


def words(keys: object, counters: object, lanes: object, count: int = COUNT) -> np.ndarray:
    columns = [np.broadcast_to(np.asarray(c, np.uint64), (count,)).copy() for c in (keys, counters, lanes)]
    out = np.empty((count, 4), np.uint32)
    _fill_words(*columns, out)
    return out


@pytest.mark.parametrize(
    ("key", "counter", "lane", "expected"),
    [
        (0, 0, 0, (0x6627E8D5, 0xE169C58D, 0xBC57AC4C, 0x9B00DBD8)),
        (2**64 - 1, 2**64 - 1, 2**64 - 1, (0x408F276D, 0x41C83B0E, 0xA20BC7C6, 0x6D5451FD)),
        (
            0x299F31D0A4093822,
            0x85A308D3243F6A88,
            0x0370734413198A2E,
            (0xD16CFE09, 0x94FDCCEB, 0x5001E420, 0x24126EA1),
        ),
    ],
)
def test_philox_gives_the_known_answers_of_random123(key, counter, lane, expected):
    assert _words(np.uint64(key), np.uint64(counter), np.uint64(lane)) == expected


COUNTING = np.arange(COUNT, dtype=np.uint64)


@pytest.mark.parametrize(
    ("keys", "counters", "lanes"),
    [(KEY, COUNTING, 0), (COUNTING, 7, 0), (KEY, 7, COUNTING), (KEY, COUNTING << np.uint64(32), 0), (KEY, COUNTING, 1)],
    ids=["counters", "keys", "lanes", "strided", "lane one"],
)
def test_words_are_uniform_and_neighbours_independent(keys, counters, lanes):
    found = words(keys, counters, lanes)
    expected = np.full(256, COUNT / 256)
    for column in range(4):
        for shift in (0, 8, 16, 24):
            counts = np.bincount((found[:, column] >> np.uint32(shift)) & np.uint32(255), minlength=256)
            assert abs(chi_square(counts, expected)) < 5
    first = found[:-1, 0] >> np.uint32(28)
    for after in (found[1:, 0] >> np.uint32(28), found[:-1, 1] >> np.uint32(28), found[:-1, 3] >> np.uint32(28)):
        pairs = np.bincount(first * 16 + after, minlength=256)
        assert abs(chi_square(pairs, np.full(256, (COUNT - 1) / 256))) < 5


def test_any_input_bit_turns_half_of_the_output_bits():
    base = words(KEY, 12345, 6)[0]
    for position in range(64):
        bit = np.uint64(1) << np.uint64(position)
        for changed in (
            words(KEY ^ bit, 12345, 6, 1),
            words(KEY, 12345 ^ int(bit), 6, 1),
            words(KEY, 12345, 6 ^ int(bit), 1),
        ):
            turned = sum(int(word).bit_count() for word in base ^ changed[0])
            assert 36 <= turned <= 92  # 64 +- 5 standard deviations


@pytest.mark.parametrize("what", [0, 5, 6, 7, 10], ids=["uniform", "uniform4", "uniform2", "lane 1", "straight"])
def test_uniforms_fill_the_unit_interval_evenly(what):
    found = draws(what)
    assert found.min() >= 0.0
    assert found.max() < 1.0
    assert abs(chi_square(np.histogram(found, 500, (0, 1))[0], np.full(500, COUNT / 500))) < 5
    assert abs(found.mean() - 0.5) < 5 * math.sqrt(1 / 12 / COUNT)


def test_lanes_and_counters_are_uncorrelated():
    a, b, normal, other = draws(0), draws(7), draws(1), draws(4)
    n, m, chance = draws(8), draws(9), draws(10)
    straight = ((n, m), (n[1:], n[:-1]), (n**2, m**2), (n**2, chance), (m, chance))
    for x, y in ((a, b), (a[1:], a[:-1]), (normal, other), (normal[1:], normal[:-1]), (normal**2, other**2), *straight):
        assert abs(np.corrcoef(x, y)[0, 1]) < 5 / math.sqrt(COUNT)


@pytest.mark.parametrize("what", [1, 4, 8, 9])
def test_normal_has_its_moments_and_its_distribution(what):
    found = draws(what)
    for power, moment, spread in ((1, 0, 1), (2, 1, 2), (3, 0, 15), (4, 3, 96)):
        assert abs((found**power).mean() - moment) < 5 * math.sqrt(spread / COUNT)
    edges = [NormalDist().inv_cdf(p / 100) for p in range(1, 100)]
    assert abs(chi_square(np.bincount(np.searchsorted(edges, found), minlength=100), np.full(100, COUNT / 100))) < 5


@pytest.mark.parametrize("what", [8, 9])
def test_tails_of_straight_normals(what):
    found = np.sort(np.abs(draws(what, count=4_000_000)))
    assert found[-1] < 5.9
    for sigmas in (2.0, 3.0, 4.0, 4.5):
        expected = 2.0 * NormalDist().cdf(-sigmas) * len(found)
        assert abs((found > sigmas).sum() - expected) < 5.0 * math.sqrt(expected)
    # Kolmogorov and Smirnov: a distance beyond 1.95 / sqrt(n) has a chance of 1e-3
    cdf = np.array([math.erf(x / math.sqrt(2.0)) for x in found[::100]])
    assert np.abs(cdf - np.arange(0, len(found), 100) / len(found)).max() < 1.95 / math.sqrt(len(found))


def test_exponential_has_its_distribution():
    found = draws(2)
    assert found.min() >= 0.0
    assert abs(found.mean() - 1.0) < 5 / math.sqrt(COUNT)
    edges = -np.log1p(-np.arange(1, 100) / 100)
    assert abs(chi_square(np.bincount(np.searchsorted(edges, found), minlength=100), np.full(100, COUNT / 100))) < 5


@pytest.mark.parametrize("mean", [0.02, 0.7, 4.0, 11.999, 12.0, 35.0, 900.0, 1e6])
def test_poisson_has_its_moments_and_its_distribution(mean):
    found = draws(3, mean)
    assert abs(found.mean() - mean) < 5 * math.sqrt(mean / COUNT)
    # the variance of a sample variance: (mu4 - sigma^4) / n, with mu4 = mean + 3 mean^2
    assert abs(found.var() - mean) < 5 * math.sqrt((mean + 2 * mean**2) / COUNT)
    low, high = max(0, int(mean - 4 * math.sqrt(mean))), int(mean + 4 * math.sqrt(mean)) + 2
    counts = np.arange(low, high)
    chance = np.exp([k * math.log(mean) - mean - math.lgamma(k + 1) for k in counts])
    inside = counts[chance * COUNT > 20]
    if len(inside) < 3:
        return
    observed = np.bincount(found.astype(np.int64), minlength=high)[inside]
    expected = chance[inside - low] * COUNT
    rest, rest_expected = COUNT - observed.sum(), COUNT - expected.sum()
    if rest_expected > 20:
        observed, expected = np.append(observed, rest), np.append(expected, rest_expected)
    assert chi_square(observed, expected) < 6


@pytest.mark.parametrize("mean", [0.0, -3.0, math.nan])
def test_poisson_of_nothing_is_zero(mean):
    assert not draws(3, mean, count=100).any()


def test_a_draw_depends_on_its_counter_alone():
    whole = draws(3, 40.0, count=1000)
    assert np.array_equal(draws(3, 40.0, count=300, start=700), whole[700:])
    assert not np.array_equal(draws(3, 40.0, count=1000, key=np.uint64(stream_key(12, "test", "noise"))), whole)
