"""Tiles cover every row once, whatever the threads, and faults come out."""

from __future__ import annotations

import os
import threading

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from simgen.errors import UserError
from simgen.kernels.tiles import default_threads, run_tiles


@settings(max_examples=50, deadline=None)
@given(st.integers(0, 300), st.integers(1, 80), st.integers(1, 5))
def test_every_row_is_done_exactly_once(count, tile, threads):
    done = np.zeros(count, np.int64)

    def work(start, stop):
        assert 0 < stop - start <= tile
        done[start:stop] += 1

    run_tiles(work, count, tile, threads)
    assert (done == 1).all()


def test_several_threads_take_part():
    meeting = threading.Barrier(2, timeout=10)
    names = set()

    def work(start, stop):
        meeting.wait()  # passes only if two threads are inside at once
        names.add(threading.current_thread().name)

    run_tiles(work, 2, 1, 2)
    assert len(names) == 2


def test_a_fault_stops_the_rest_and_is_raised():
    done = []

    def work(start, stop):
        done.append(start)
        if start == 3:
            raise ZeroDivisionError("tile three")

    for threads in (1, 2):
        done.clear()
        with pytest.raises(ZeroDivisionError, match="tile three"):
            run_tiles(work, 1000, 1, threads)
        assert len(done) < 1000
    run_tiles(lambda start, stop: done.append(start), 4, 1, 2)  # the pool is still good


def test_tiles_inside_tiles_do_not_wait_for_each_other():
    done = np.zeros((8, 8), np.int64)

    def outer(start, stop):
        def inner(first, last):
            done[start, first:last] += 1

        run_tiles(inner, 8, 1, 2)

    run_tiles(outer, 8, 1, 2)
    assert (done == 1).all()


def test_the_budget_is_the_affinity():
    assert default_threads() == len(os.sched_getaffinity(0))


@pytest.mark.parametrize(("tile", "threads"), [(0, 1), (1, 0), (-1, 2)])
def test_nonsense_is_refused(tile, threads):
    with pytest.raises(UserError, match="at least one"):
        run_tiles(lambda start, stop: None, 4, tile, threads)
