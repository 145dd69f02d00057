"""One pool of threads that drives kernels (which drop the GIL) over ranges of rows.

Every tile writes only its own rows, so the result does not depend on the number of threads or on who takes which tile.
"""

from __future__ import annotations

import os
import threading
from collections.abc import Callable
from concurrent.futures import Future, ThreadPoolExecutor

from simgen.errors import UserError

Tile = Callable[[int, int], object]

_lock = threading.Lock()
_pools: dict[tuple[int, int], ThreadPoolExecutor] = {}
_inside = threading.local()


def default_threads() -> int:
    """As many threads as this process may use cores (CPU affinity)."""
    return max(1, len(os.sched_getaffinity(0)))


def _pool(helpers: int) -> ThreadPoolExecutor:
    """The process's pool for that many helpers; a forked child gets its own."""
    with _lock:
        key = (os.getpid(), helpers)
        if key not in _pools:
            _pools[key] = ThreadPoolExecutor(helpers, thread_name_prefix="simgen-tiles")
        return _pools[key]


class _Work:
    """Tiles still to do, handed out in order; the first fault stops the rest."""

    def __init__(self, function: Tile, count: int, tile: int) -> None:
        self.function, self.count, self.tile = function, count, tile
        self.next, self.stopped = 0, False
        self.lock = threading.Lock()

    def _take(self) -> int | None:
        with self.lock:
            if self.stopped or self.next >= self.count:
                return None
            self.next += self.tile
            return self.next - self.tile

    def run(self) -> None:
        outer, _inside.tile = getattr(_inside, "tile", False), True
        try:
            while (start := self._take()) is not None:
                self.function(start, min(start + self.tile, self.count))
        except BaseException:
            self.stopped = True
            raise
        finally:
            _inside.tile = outer


def run_tiles(function: Tile, count: int, tile: int, threads: int | None = None) -> None:
    """Call ``function(start, stop)`` for every range of at most ``tile`` of ``count`` rows, on several threads.

    The caller's thread works too. A call from inside a tile runs on that tile's thread alone. ``threads`` defaults to
    the cores that the process may use. The first error of a tile stops the hand-out of further tiles and is raised.

    Raises:
        UserError: fewer than one thread or a tile of no rows.
    """
    budget = default_threads() if threads is None else threads
    if budget < 1 or tile < 1:
        raise UserError(f"tiles need at least one thread and one row, not {budget} and {tile}")
    work = _Work(function, count, tile)
    helpers = min(budget, -(-count // tile)) - 1
    if helpers < 1 or getattr(_inside, "tile", False):
        work.run()
        return
    pool = _pool(budget - 1)
    futures: list[Future[None]] = [pool.submit(work.run) for _ in range(helpers)]
    try:
        work.run()
    finally:
        errors = [future.exception() for future in futures]
    for error in errors:
        if error is not None:
            raise error
