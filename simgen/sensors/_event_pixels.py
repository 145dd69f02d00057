"""The memory of an event camera's pixels, and how sub-steps turn into a table of events."""

from __future__ import annotations

import math
from dataclasses import dataclass, replace
from typing import Any, Final, Self

import numpy as np

from simgen.kernels import events as kernels
from simgen.kernels.tiles import run_tiles
from simgen.records.base import F4, F8, I4, I8, U2, U4, Array, empty_table
from simgen.records.events import Events, Milliseconds

#: pixels and rows a tile
_PIXELS: Final = 16_384
_ROWS: Final = 16
_NS_PER_MS: Final = 1_000_000


@dataclass(frozen=True, kw_only=True)
class Circuit:
    """What the pixels' electronics do; thresholds are steps of the natural logarithm."""

    on: float
    off: float
    sigma: float
    refractory_s: float
    leak_rate_hz: float
    shot_noise_hz: float
    lowpass_hz: float
    #: luminance at and above which the low-pass has that bandwidth, cd/m2
    bright_cd_m2: float
    #: luminance of the dark current, cd/m2
    dark_cd_m2: float

    def ideal(self) -> Self:
        """The same without anything that errs."""
        return replace(self, sigma=0.0, refractory_s=0.0, leak_rate_hz=0.0, shot_noise_hz=0.0, lowpass_hz=0.0)

    @property
    def constants(self) -> F8:
        """For the kernels."""
        return np.array([self.leak_rate_hz, self.shot_noise_hz, self.refractory_s * 1e9, self.dark_cd_m2])


@dataclass(frozen=True, kw_only=True)
class Look:
    """What the pixels see at one instant."""

    time_ns: int
    #: linear RGB, cd/m2, (H, W, 3)
    linear: F4
    instance: U4
    semantic: U2


@dataclass(frozen=True, kw_only=True)
class Pixels:
    """The state of every pixel after a window; never changed once it is given away."""

    circuit: Circuit
    key: int
    time_ns: int
    threads: int
    on: F4
    off: F4
    #: photoreceptor's output, natural logarithm
    level: F8
    #: brightness less reference
    gap: F8
    last_ns: I8
    noise_ns: I8
    draws: I4

    @classmethod
    def start(cls, circuit: Circuit, key: int, look: Look, threads: int) -> Pixels:
        """Pixels that have looked at the same scene for long."""
        count = look.instance.size
        on, off = np.empty(count, np.float32), np.empty(count, np.float32)
        gap, last, noise = np.empty(count), np.empty(count, np.int64), np.empty(count, np.int64)
        draws, level = np.empty(count, np.int32), np.empty(count)
        light, constants = look.linear.reshape(-1, 3), circuit.constants

        def tile(a: int, b: int) -> None:
            kernels.thresholds(a, b, key ^ 1, circuit.on, circuit.off, circuit.sigma, on, off)
            kernels.begin(a, b, key, look.time_ns, constants, on, gap, last, noise, draws)
            kernels.sense(a, b, light, circuit.dark_cd_m2, 0.0, 1.0, 0.0, level, level)

        run_tiles(tile, count, _PIXELS, threads)
        return cls(
            circuit=circuit,
            key=key,
            time_ns=look.time_ns,
            threads=threads,
            on=on,
            off=off,
            level=level,
            gap=gap,
            last_ns=last,
            noise_ns=noise,
            draws=draws,
        )

    def copy(self) -> Pixels:
        """A state of its own to go on from."""
        memory = {name: getattr(self, name).copy() for name in ("gap", "last_ns", "noise_ns", "draws")}
        return replace(self, **memory)

    def step(self, earlier: Look, later: Look) -> tuple[Events, Pixels]:
        """Events from one look to the next, by time. The memory of this state is written: give a copy."""
        circuit, level = self.circuit, np.empty_like(self.level)
        seconds = (later.time_ns - self.time_ns) * 1e-9
        bandwidth, light = 2.0 * math.pi * circuit.lowpass_hz, later.linear.reshape(-1, 3)

        def sensed(a: int, b: int) -> None:
            dark, bright = circuit.dark_cd_m2, circuit.bright_cd_m2
            kernels.sense(a, b, light, dark, bandwidth, bright, seconds, self.level, level)

        run_tiles(sensed, len(level), _PIXELS, self.threads)
        columns = self._fire(level, later.time_ns, later.instance.shape)
        return _labelled(columns, earlier, later), replace(self, level=level, time_ns=later.time_ns)

    def _fire(self, level: F8, end_ns: int, shape: tuple[int, ...]) -> dict[str, Array]:
        """Both passes, then the order by time: the kernel's order is by pixel, and the sort keeps it among equals."""
        height, width = shape
        rows = np.zeros(height + 1, np.int64)
        run_tiles(lambda a, b: self._pass(a, b, width, end_ns, level, rows, None), height, _ROWS, self.threads)
        starts = np.cumsum(rows)
        out = _columns(int(starts[-1]))
        run_tiles(lambda a, b: self._pass(a, b, width, end_ns, level, starts, out), height, _ROWS, self.threads)
        order = np.argsort(out["t"], kind="stable")
        return {name: column[order] for name, column in out.items()}

    def _pass(
        self, first: int, last: int, width: int, end_ns: int, level: F8, rows: I8, out: dict[str, Array] | None
    ) -> None:
        """Some rows of pixels: counted into ``rows``, or written to where ``rows`` says."""
        kernels.fire(
            first,
            last,
            width,
            self.time_ns,
            end_ns,
            self.key,
            self.circuit.constants,
            self.level,
            level,
            self.on,
            self.off,
            self.gap,
            self.last_ns,
            self.noise_ns,
            self.draws,
            rows,
            out is not None,
            *(out or _columns(0)).values(),
        )


def _columns(count: int) -> dict[str, Array]:
    types = {"x": np.uint16, "y": np.uint16, "t": np.int64, "p": np.uint8, "flags": np.uint8}
    return {name: np.empty(count, dtype) for name, dtype in types.items()}


def _labelled(columns: dict[str, Array], earlier: Look, later: Look) -> Events:
    """Each event with what its pixel shows at the nearer look."""
    place = columns["y"].astype(np.int64) * later.instance.shape[1] + columns["x"]
    first = columns["t"] - earlier.time_ns < later.time_ns - columns["t"]
    labels = {
        name: np.where(first, getattr(earlier, name).ravel()[place], getattr(later, name).ravel()[place])
        for name in ("instance", "semantic")
    }
    return Events(**columns, **labels)


def joined(parts: list[Events]) -> Events:
    """Tables of consecutive stretches of time as one."""
    if not parts:
        empty: Events = empty_table(Events)
        return empty
    names = [name for name, _, _ in parts[0].arrays()]
    whole: dict[str, Any] = {name: np.concatenate([getattr(part, name) for part in parts]) for name in names}
    return Events(**whole)


def milliseconds(events: Events, start_ns: int, end_ns: int) -> Milliseconds:
    """Where the whole milliseconds in ``start_ns <= ms < end_ns`` begin."""
    ms = np.arange(-(-start_ns // _NS_PER_MS), -(-end_ns // _NS_PER_MS), dtype=np.int64)
    rows = np.searchsorted(events.t, ms * _NS_PER_MS, side="left")
    return Milliseconds(ms=ms, row=rows.astype(np.uint32))


__all__ = ["Circuit", "Look", "Pixels", "joined", "milliseconds"]
