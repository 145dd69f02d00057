"""Rays that mirrors and panes send on: two levels of them, from those surfaces alone where they matter."""

from __future__ import annotations

import threading
from collections.abc import Callable
from typing import Final

import numpy as np

from simgen.kernels.tiles import run_tiles
from simgen.kernels.wave import (
    MIRRORS,
    ON_COLUMNS,
    ON_GLOSS,
    ON_MIRRORED,
    RAY_COLUMNS,
    RAY_WEIGHT,
    SHOWS,
    Layers,
    Onward,
)
from simgen.records.base import F4, I4, I8
from simgen.sensors._camera_tables import new_layers, sky_directions

#: rows a tile of the kernels here
_TILE: Final = 8192
_NO_RAYS: Final = np.empty((0, RAY_COLUMNS), np.float32)
_local = threading.local()

#: casts rays and shades what they meet: places, layers, the rays themselves, where they go on
Trace = Callable[[F4, Layers, F4, Onward], None]


def no_rays() -> F4:
    """For rays that are aimed, not given."""
    return _NO_RAYS


def nowhere() -> Onward:
    """For rays that are not followed."""
    return new_onward(0)


def new_onward(count: int) -> Onward:
    """Room for that many rays."""
    return Onward(np.empty(count, np.uint8), np.empty((count, ON_COLUMNS), np.float32))


def frame_onward(count: int) -> Onward:
    """The same for a whole frame, used again by the next: only what mirrors is ever touched."""
    kept: Onward | None = getattr(_local, "onward", None)
    if kept is None or len(kept.kind) != count:
        kept = _local.onward = new_onward(count)
    return kept


def _where(count: int) -> I4:
    """Rows by pixel, all -1; whoever writes some puts them back."""
    kept: I4 | None = getattr(_local, "where", None)
    if kept is None or len(kept) != count:
        kept = _local.where = np.full(count, -1, np.int32)
    return kept


class Follower:
    """Follows the rays of one picture."""

    def __init__(self, width: int, height: int, indoor: bool, threads: int, trace: Trace) -> None:
        self.width, self.height, self.indoor, self.threads = width, height, indoor, threads
        self.trace = trace
        #: what the first level met behind panes: rows of the frame and their layers
        self.behind: tuple[I8, Layers] | None = None

    def follow(self, places: F4, layers: Layers, onward: Onward, levels: int, weight: F4) -> None:
        """Cast what goes on from these rays and add its light to theirs. ``weight`` is theirs, no rows = 1."""
        whole = not len(weight)
        for bit in (MIRRORS, SHOWS):
            rows = np.flatnonzero(onward.kind & bit)
            if len(rows):
                met = self._level(bit, rows, places, layers, onward, levels, weight)
                if whole and bit == SHOWS:
                    self.behind = rows, met
        self.settle(layers, onward)

    def settle(self, layers: Layers, onward: Onward) -> None:
        """Add the light that has come back."""
        from simgen.kernels import onward as kernels

        if onward.kind.any():
            run_tiles(lambda a, b: kernels.settle(a, b, onward, layers.light), len(onward.kind), 65536, self.threads)

    def _level(self, bit: int, rows: I8, places: F4, layers: Layers, onward: Onward, levels: int, weight: F4) -> Layers:
        from simgen.kernels import onward as kernels

        count, directions = len(rows), sky_directions()
        given, spots = np.empty((count, RAY_COLUMNS), np.float32), np.empty((count, 2), np.float32)
        run_tiles(
            lambda a, b: kernels.launch(a, b, bit, rows, onward, directions, weight, places, given, spots),
            count,
            _TILE,
            self.threads,
        )
        met, further = new_layers(count, False), new_onward(count if levels > 1 else 0)
        self.trace(spots, met, given, further)
        if levels > 1:
            self.follow(spots, met, further, levels - 1, np.ascontiguousarray(given[:, RAY_WEIGHT]))
        where = _where(self.width * self.height)
        pixels = spots[:, 1].astype(np.int64) * self.width + spots[:, 0].astype(np.int64)
        where[pixels] = np.arange(count, dtype=np.int32)
        run_tiles(
            lambda a, b: kernels.gather(
                a, b, self.width, self.height, bit, rows, spots, where, self.indoor, layers.key, onward, met
            ),
            count,
            _TILE,
            self.threads,
        )
        if bit == MIRRORS and (onward.data[rows, ON_GLOSS] > kernels.SHARP).any():
            soft = np.empty((count, 3), np.float32)
            run_tiles(
                lambda a, b: kernels.soften(
                    a, b, self.width, self.height, rows, spots, where, layers.key, onward, soft
                ),
                count,
                _TILE,
                self.threads,
            )
            onward.data[rows, ON_MIRRORED : ON_MIRRORED + 3] = soft
        where[pixels] = -1
        return met

    def borrow(self, key: np.ndarray, onward: Onward, places: F4, more: Layers, samples: Onward) -> None:
        """Light in mirrors and panes for extra samples, from the pixels' own rays."""
        from simgen.kernels import onward as kernels

        if samples.kind.any():
            width, height = self.width, self.height
            run_tiles(
                lambda a, b: kernels.borrow(a, b, width, height, key, onward, places, more.key, samples),
                len(places),
                _TILE,
                self.threads,
            )
            self.settle(more, samples)
