"""Is the region found in which a planted function fails, and in how many evaluations? Labels only, no rendering."""

from __future__ import annotations

import math
from collections.abc import Callable
from dataclasses import dataclass

import numpy as np
import pytest

from simgen.records.base import F8
from simgen.rng import stream
from simgen.stress.axes import Axis, Box, Cube
from simgen.stress.estimate import best_box, rate_bounds, regions
from simgen.stress.search import Search

#: distance 5..60 m and rain 0.5..40 mm/h by logarithm, reflectance of clothes 0.02..0.9, and five that do not matter
CUBE = Cube(
    axes=(
        Axis(name="distance_m"),
        Axis(name="clothes_reflectance"),
        Axis(name="rate_mm_h"),
        Axis(name="cloud_cover"),
        Axis(name="ego_speed_m_s"),
        Axis(name="speed_m_s"),
        Axis(name="variant", weights=(0.125,) * 8),
        Axis(name="count", values=4),
    )
)
#: beyond 20 m, darker than 0.08, in more than 10 mm/h
FAILS = Box(
    intervals={
        0: (math.log(20 / 5) / math.log(60 / 5), 1.0),
        1: (0.0, (0.08 - 0.02) / 0.88),
        2: (math.log(10 / 0.5) / math.log(40 / 0.5), 1.0),
    }
)


@dataclass(frozen=True)
class Found:
    """After how many evaluations a region was found."""

    first_failure: int
    #: until the overlap is at least a half; more than the budget = never
    localised: int
    overlap: float
    points: tuple[bytes, ...]


def searched(seed: int, budget: int, fails: Callable[[F8], bool] = lambda p: bool(FAILS.contains(p[None])[0])) -> Found:
    search, first, localised, overlap = Search(CUBE, seed), 10**6, 10**6, 0.0
    for count in range(1, budget + 1):
        failed = fails(search.ask().point)
        search.tell(0.0 if failed else 1.0, failed)
        if failed:
            first = min(first, count)
        if first < 10**6:
            overlap = CUBE.overlap(search.regions()[0], FAILS)
            localised = min(localised, count) if overlap >= 0.5 else localised
    return Found(first, localised, overlap, tuple(point.tobytes() for point in search.points))


def drawn(seed: int, most: int) -> int:
    """The same by drawing at random, with the same estimate of the region; looked at every fifth evaluation."""
    points = np.array([CUBE.point(u) for u in stream(seed, "random search").random((most, len(CUBE)))])
    failed = FAILS.contains(points)
    for count in range(5, most + 1, 5):
        if failed[:count].any() and CUBE.overlap(best_box(CUBE, points[:count], failed[:count]), FAILS) >= 0.5:
            return count
    return most


def test_the_planted_region_is_a_hundredth_of_the_space() -> None:
    assert 0.008 < CUBE.volume(FAILS) <= 0.01


def test_the_planted_region_is_localised_and_the_same_seed_gives_the_same_search() -> None:
    found = searched(4, 60)
    assert found.localised <= 60
    assert found.overlap > 0.5
    again, other = Search(CUBE, 4), Search(CUBE, 5)
    for count in range(12):
        point = again.ask().point
        assert point.tobytes() == found.points[count]
        assert other.ask().point.tobytes() != found.points[count]
        failed = bool(FAILS.contains(point[None])[0])
        again.tell(float(not failed), failed)
        other.tell(1.0, False)


@pytest.mark.slow
def test_it_takes_at_most_150_evaluations_and_a_third_of_random_search() -> None:
    """Medians over ten seeds."""
    ours = float(np.median([searched(seed, 150).localised for seed in range(10)]))
    random = float(np.median([drawn(seed, 2500) for seed in range(10)]))
    print(f"median evaluations to an overlap of 0.5: {ours:g}, at random {random:g}")
    assert ours <= 150
    assert random >= 3.0 * ours


@pytest.mark.slow
def test_outcomes_that_are_wrong_now_and_then_do_not_mislead_it() -> None:
    """Five in a hundred scenes inside pass by chance, one in a hundred outside fails."""
    overlaps = []
    for seed in range(6):
        luck = stream(seed, "luck")

        def fails(point: F8, luck: np.random.Generator = luck) -> bool:  # noqa: TID251
            return bool(luck.random() < (0.95 if FAILS.contains(point[None])[0] else 0.01))

        overlaps.append(searched(seed, 220, fails).overlap)
    assert float(np.median(overlaps)) >= 0.5


# ---------------------------------------------------------------------------------------------------- the estimate


def evaluated(box: Box, count: int, seed: int, noise: float = 0.0) -> tuple[F8, np.ndarray]:
    rng = stream(seed, "evaluated")
    points = np.array([CUBE.point(u) for u in rng.random((count, len(CUBE)))])
    return points, box.contains(points) ^ (rng.random(count) < noise)


@pytest.mark.parametrize(
    "box",
    [
        Box(intervals={0: (0.6, 1.0), 4: (0.0, 0.3)}),
        Box(intervals={3: (0.35, 0.65)}),
        Box(intervals={2: (0.0, 0.5)}, sets={6: frozenset((1, 4, 5))}),
    ],
)
def test_a_region_is_found_among_random_points(box: Box) -> None:
    found = best_box(CUBE, *evaluated(box, 400, 1))
    assert found.matters == box.matters
    assert CUBE.overlap(found, box) > 0.85
    noisy = best_box(CUBE, *evaluated(box, 400, 2, noise=0.05))
    assert CUBE.overlap(noisy, box) > 0.7


def test_two_regions_are_told_apart() -> None:
    one, other = Box(intervals={0: (0.8, 1.0), 1: (0.0, 0.4)}), Box(intervals={0: (0.0, 0.2), 3: (0.5, 1.0)})
    points, _ = evaluated(one, 500, 3)
    found = regions(CUBE, points, one.contains(points) | other.contains(points))
    assert len(found) == 2
    assert max(CUBE.overlap(box, one) for box in found) > 0.7
    assert max(CUBE.overlap(box, other) for box in found) > 0.7


def test_failures_that_nothing_tells_apart_have_no_bounds() -> None:
    points, _ = evaluated(Box(), 200, 4)
    failed = stream(4, "coin").random(200) < 0.3
    assert len(best_box(CUBE, points, failed).matters) <= 1  # nothing but a chance
    assert best_box(CUBE, points, np.zeros(200, bool)) == Box()
    assert best_box(CUBE, points, np.ones(200, bool)) == Box()
    assert regions(CUBE, points, np.zeros(200, bool)) == []


def test_rate_bounds_are_wilsons() -> None:
    assert rate_bounds(0, 0) == (0.0, 1.0)
    low, high = rate_bounds(5, 10)  # Wilson 1927: 0.237 .. 0.763
    assert (low, high) == pytest.approx((0.2366, 0.7634), abs=1e-3)
    assert rate_bounds(10, 10)[0] == pytest.approx(10 / (10 + 1.96**2), abs=1e-3)
