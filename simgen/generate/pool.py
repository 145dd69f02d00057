"""Worker processes: spawned, each on CPUs of its own, fixed before anything heavy is imported."""

from __future__ import annotations

import multiprocessing
import os
import signal
import threading
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import FIRST_COMPLETED, Future, ProcessPoolExecutor, wait
from concurrent.futures.process import BrokenProcessPool
from typing import TypeVar

from simgen.errors import EngineError

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
    others = set(multiprocessing.active_children())
    with ProcessPoolExecutor(workers, mp_context=context, initializer=_begin, initargs=(turn, cpus, workers)) as pool:
        pending: set[Future[R]] = {pool.submit(task, argument) for argument in arguments}
        try:
            while pending:
                done, pending = wait(pending, return_when=FIRST_COMPLETED)
                for future in done:
                    yield future.result()
        except BrokenProcessPool:
            raise EngineError(
                "a worker process died (was there enough memory?): --resume goes on, with fewer --workers"
            ) from None
        finally:
            for future in pending:
                future.cancel()
            # after an exception nobody wants what is still being made; a whole run has nothing pending
            for process in set(multiprocessing.active_children()) - others if pending else ():
                process.terminate()


def _begin(turn: object, cpus: list[int], workers: int) -> None:
    """Set up a worker: Ctrl-C is the parent's business, and nobody works on after the parent's death."""
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    threading.Thread(target=_end_with_parent, daemon=True, name="end with parent").start()
    _pin(turn, cpus, workers)


def _end_with_parent() -> None:
    parent = multiprocessing.parent_process()
    if parent is not None:
        parent.join()
        os._exit(1)


def _pin(turn: object, cpus: list[int], workers: int) -> None:
    """Give this worker its share of the CPUs; libraries size their pools by the affinity they find."""
    with turn.get_lock():  # type: ignore[attr-defined]
        mine = turn.value  # type: ignore[attr-defined]
        turn.value += 1  # type: ignore[attr-defined]
    share = cpus[mine % workers :: workers] or [cpus[mine % len(cpus)]]
    os.sched_setaffinity(0, share)
