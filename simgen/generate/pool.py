"""Worker processes: spawned, each on CPUs of its own, fixed before anything heavy is imported."""

from __future__ import annotations

import multiprocessing
import os
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import FIRST_COMPLETED, Future, ProcessPoolExecutor, wait
from typing import TypeVar

A = TypeVar("A")
R = TypeVar("R")


def run_all(task: Callable[[A], R], arguments: Sequence[A], workers: int) -> Iterator[R]:
    """Results in the order in which they are done; one worker = this process, with all its CPUs.

    An exception in a task stops the rest and is raised here. Which worker takes which argument never changes a
    result: every task draws from streams of its own.
    """
    if workers <= 1 or len(arguments) <= 1:
        yield from (task(argument) for argument in arguments)
        return
    context = multiprocessing.get_context("spawn")
    turn = context.Value("i", 0)
    cpus = sorted(os.sched_getaffinity(0))
    workers = min(workers, len(arguments))
    with ProcessPoolExecutor(workers, mp_context=context, initializer=_pin, initargs=(turn, cpus, workers)) as pool:
        pending: set[Future[R]] = {pool.submit(task, argument) for argument in arguments}
        try:
            while pending:
                done, pending = wait(pending, return_when=FIRST_COMPLETED)
                for future in done:
                    yield future.result()
        finally:
            for future in pending:
                future.cancel()


def _pin(turn: object, cpus: list[int], workers: int) -> None:
    """Give this worker its share of the CPUs; libraries size their pools by the affinity they find."""
    with turn.get_lock():  # type: ignore[attr-defined]
        mine = turn.value  # type: ignore[attr-defined]
        turn.value += 1  # type: ignore[attr-defined]
    share = cpus[mine % workers :: workers] or [cpus[mine % len(cpus)]]
    os.sched_setaffinity(0, share)
