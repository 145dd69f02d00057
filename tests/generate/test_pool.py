"""Worker processes: every argument is done once, in any layout, on CPUs of its own."""

import os

import pytest

from simgen.generate.pool import run_all


def square(x: int) -> tuple[int, int]:
    return x * x, os.getpid()


def affinity(_: int) -> int:
    return len(os.sched_getaffinity(0))


def fail(x: int) -> int:
    if x == 2:
        raise ValueError("two is wrong")
    return x


@pytest.mark.parametrize("workers", [1, 2])
def test_every_argument_once(workers: int) -> None:
    results = list(run_all(square, [1, 2, 3, 4, 5], workers))
    assert sorted(value for value, _ in results) == [1, 4, 9, 16, 25]
    elsewhere = os.getpid() not in {pid for _, pid in results}
    assert elsewhere is (workers > 1)


def test_workers_share_the_cpus() -> None:
    total = len(os.sched_getaffinity(0))
    assert set(run_all(affinity, [0, 1, 2, 3], 2)) <= {max(1, total // 2), max(1, total - total // 2)}


def test_an_exception_comes_out() -> None:
    with pytest.raises(ValueError, match="two is wrong"):
        list(run_all(fail, [1, 2, 3], 2))
