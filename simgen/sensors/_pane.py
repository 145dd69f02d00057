"""What gathers on a pane at any time: the rain that has met it, from the past of the weather and of what carries it.

The clock of arrivals is the number of drops that the pane has met since time 0. The sequence of drops is one Poisson
process of rate 1 on that clock, drawn by cells from a counter generator, so that a drop arrives at the same time
whichever frame is asked for, exactly, however rain and speed change.
"""

from __future__ import annotations

import math
import threading
from dataclasses import dataclass
from functools import lru_cache
from typing import TYPE_CHECKING, Any, Final

import numpy as np

from simgen.geometry import quat_rotate
from simgen.kernels import runoff
from simgen.kernels.runoff import Clock, Pane
from simgen.records.base import F8
from simgen.units import NS_PER_S

if TYPE_CHECKING:
    from simgen.records.air import Fallen
    from simgen.records.surroundings import Shot
    from simgen.records.wind import Wind
    from simgen.records.window import Track
    from simgen.sensors._camera_faults import Dirt
    from simgen.sensors._front_glass import FrontGlass

#: knots of the clock, s
STEP_S: Final = 0.1
#: in such steps the way is measured that dirt is gathered on, s
_WAY_STEP_S: Final = 0.25
#: rain at which a road is 63 % wet
_WETTING_MM_H: Final = 2.5
#: s of the clock that are made at once
_BLOCK: Final = 30.0
#: most drops on a pane; what comes beyond is lost
MOST: Final = 8192
#: edges of the drops' diameters, m. Smaller ones bring next to no water (0.1 % of it at 25 mm/h)
EDGES: Final = np.geomspace(0.3e-3, 6e-3, 33)
_GRAVITY: Final = 9.81
#: speed of falling flakes, m/s: 0.9 of most crystals' aggregates (Locatelli and Hobbs 1974)
_FLAKE_SPEED: Final = 1.0


@dataclass(frozen=True, eq=False)
class Past:
    """What a pane has lived through: rain, the path that carried it, wind. Told apart by identity."""

    fallen: Fallen | None
    course: Track
    wind: Wind | None


@lru_cache(maxsize=16)
def _past(fallen: Fallen | None, course: Track, wind: Wind | None) -> Past:
    """One past for all frames of a sensor."""
    return Past(fallen, course, wind)


def past_of(shot: Shot) -> Past:
    """What the sensor's pane has lived through; without a course it has always been where the shot is."""
    around = shot.surroundings
    return _past(around.fallen, shot.course or shot.track, around.wind)


def snow_met(past: Past, facing: F8, begin: float, end: float) -> float:
    """Snow that has met a pane from a time to another, kg/m2."""
    times = np.append(np.arange(begin, end, STEP_S), end)
    if len(times) < 2:
        return 0.0
    _, rate = rates_between(past.fallen, times)
    _, _, normal, air = axes(past, facing, times, 0.5 * (times[1:] + times[:-1]))
    # mm/h is kg/m2 an hour on level ground, so falling at 1 m/s the air holds rate / 3600 kg/m3
    towards = np.maximum(-(air * normal).sum(-1) + _FLAKE_SPEED * normal[:, 2], 0.0)
    return float((rate / 3600.0 / _FLAKE_SPEED * towards * np.diff(times)).sum())


def falling_speed(diameter: F8) -> F8:
    """Terminal speed of drops, m/s, ``9.65 - 10.3 exp(-0.6 D / mm)`` (Atlas et al. 1973)."""
    return np.maximum(9.65 - 10.3 * np.exp(-600.0 * diameter), 0.0)


def drop_numbers(rain_mm_h: F8, snow_mm_h: F8) -> tuple[F8, F8]:
    """Drops a m3 between EDGES, (K, B), for rain and for melted flakes.

    Rain: ``8000 exp(-4.1 R^-0.21 D)`` per m3 and mm (Marshall and Palmer 1948); flakes: ``3800 R^-0.87
    exp(-2.55 R^-0.48 D)`` of the melted diameter (Gunn and Marshall 1958); each bin holds its exact integral.
    """
    edges = 1e3 * EDGES

    def binned(rate: F8, intercept: F8, slope: F8) -> F8:
        tail = np.exp(-slope[:, None] * edges) * (intercept / slope)[:, None]
        return np.asarray(np.where(rate[:, None] > 1e-6, tail[:, :-1] - tail[:, 1:], 0.0))

    r, s = np.maximum(rain_mm_h, 1e-6), np.maximum(snow_mm_h, 1e-6)
    rain = binned(rain_mm_h, np.full(len(r), 8000.0), 4.1 * r**-0.21)
    return rain, binned(snow_mm_h, 3800.0 * s**-0.87, 2.55 * s**-0.48)


def rates_between(fallen: Fallen | None, times_s: F8) -> tuple[F8, F8]:
    """Mean rates of rain and snow between instants (K + 1,), mm/h, (K,) each."""
    if fallen is None:
        return np.zeros(len(times_s) - 1), np.zeros(len(times_s) - 1)
    ns = np.rint(times_s * NS_PER_S).astype(np.int64)
    hours = np.diff(times_s) / 3600.0
    return np.diff(fallen.rain_at(ns)) / hours, np.diff(fallen.snow_at(ns)) / hours


def clock_of(
    past: Past, glass: FrontGlass, area: float, start: float, intervals: int, facing: F8, melting: float = 1.0
) -> Clock:
    """The clock over so many intervals; what it says of one does not depend on how many there are.

    ``facing`` (3, 3): the pane's right, down and outward directions in the sensor's frame, as rows; ``melting``: share
    of the snow that melts on the pane and comes as drops.
    """
    times = start + STEP_S * np.arange(intervals + 1, dtype=np.float64)
    rain, snow = rates_between(past.fallen, times)
    middle = times[:-1] + 0.5 * STEP_S
    right, down, normal, air = axes(past, facing, times, middle)
    # a drop comes down the pane's normal as fast as air and fall together bring it
    meets = [
        np.maximum(-(air * normal).sum(-1)[:, None] + speed * normal[:, 2:], 0.0)
        for speed in (falling_speed(0.5 * (EDGES[1:] + EDGES[:-1])), np.full(len(EDGES) - 1, _FLAKE_SPEED))
    ]
    drops, flakes = drop_numbers(rain, snow)
    flux = (drops * meets[0] + melting * flakes * meets[1]) * (1.0 - glass.shelter)
    total = flux.sum(-1)
    count = np.concatenate([[0.0], np.cumsum(total * area * STEP_S)])
    smaller = np.concatenate([np.zeros((intervals, 1)), np.cumsum(flux, -1)], -1) / np.maximum(total, 1e-300)[:, None]
    push = np.stack(
        [-_GRAVITY * right[:, 2], -_GRAVITY * down[:, 2], (air * right).sum(-1), (air * down).sum(-1)], axis=-1
    )
    at_zero = round(-start / STEP_S)
    return Clock(start, STEP_S, count - count[at_zero], smaller, EDGES, push)


def axes(past: Past, facing: F8, times: F8, middle: F8) -> tuple[F8, F8, F8, F8]:
    """The pane's right, down and outward directions, and the air's speed past it, m/s, in world axes, (K, 3) each."""
    position, _ = past.course.at(np.rint(times * NS_PER_S).astype(np.int64))
    _, turned = past.course.at(np.rint(middle * NS_PER_S).astype(np.int64))
    right, down, normal = (quat_rotate(turned, np.tile(axis, (len(middle), 1))) for axis in facing)
    own = np.diff(position, axis=0) / np.maximum(np.diff(times), 1e-9)[:, None]
    blows = np.zeros_like(own) if past.wind is None else past.wind.velocity(middle)
    return right, down, normal, blows - own


def dirt_at(fault: Dirt, time_ns: int, shot: Shot | None) -> float:
    """The cover that dirt which grows has at an instant: by time and by the way since it began or was last washed."""
    time_s, begin = time_ns / NS_PER_S, fault.from_s
    if fault.wash_s is not None:
        begin += math.floor((time_s - begin) / fault.wash_s) * fault.wash_s
    cover = fault.per_min * (time_s - begin) / 60.0
    if shot is not None and fault.per_km + fault.per_wet_km > 0.0:
        course, fallen = shot.course or shot.track, shot.surroundings.fallen
        times = np.append(np.arange(begin, time_s, _WAY_STEP_S), time_s)
        position, _ = course.at(np.rint(times * NS_PER_S).astype(np.int64))
        km = 1e-3 * np.sqrt((np.diff(position, axis=0) ** 2).sum(-1))
        wet = 1.0 - np.exp(-np.maximum(rates_between(fallen, times)[0], 0.0) / _WETTING_MM_H)
        cover += float(((fault.per_km + fault.per_wet_km * wet) * km).sum())
    return min(cover, fault.cover)


class Gathered:
    """The drops on one pane, at any time; the last state that was asked for is kept, and later ones go on from it."""

    def __init__(
        self, past: Past, glass: FrontGlass, pane: Pane, key: int, facing: F8, *, melting: float = 1.0
    ) -> None:
        self.past, self.glass, self.pane, self.facing, self.melting = past, glass, pane, facing, melting
        self.key: Any = np.uint64(key)
        self._lock = threading.Lock()
        self._first = round(-math.ceil(glass.before_s / STEP_S) * STEP_S / runoff.TICK)
        self._clock: Clock | None = None
        self._forget()

    def _forget(self) -> None:
        self._tick, self._table = self._first, np.zeros((0, runoff.COLUMNS))

    @property
    def area(self) -> float:
        """m2."""
        return (self.pane.right - self.pane.left) * (self.pane.bottom - self.pane.top)

    def clock(self, until: float) -> Clock:
        """The clock, at least up to a time."""
        start = self._first * runoff.TICK
        known = self._clock
        if known is None or start + (len(known.met) - 1) * STEP_S < until:
            blocks = math.ceil((until - start + STEP_S) / _BLOCK)
            intervals = round(blocks * _BLOCK / STEP_S)
            self._clock = known = clock_of(
                self.past, self.glass, self.area, start, intervals, self.facing, self.melting
            )
        return known

    def at(self, time_s: float) -> F8:
        """The table of drops at a time, (D, COLUMNS)."""
        with self._lock:
            last = math.floor(time_s / runoff.TICK + 1e-9)
            if last < self._tick:
                self._forget()
            clock = self.clock(max(time_s, last * runoff.TICK) + STEP_S)
            falling = self._falling(clock, self._tick * runoff.TICK, max(time_s, last * runoff.TICK))
            self._table = self._advanced(self._table, self._tick, last, last * runoff.TICK, falling, clock)
            self._tick = last
            return self._advanced(self._table, last, last, time_s, falling, clock)

    def _advanced(self, table: F8, first: int, last: int, end: float, falling: F8, clock: Clock) -> F8:
        # always as much room, or what is lost would depend on the frames that are asked for
        room = np.zeros((MOST, runoff.COLUMNS))
        room[: len(table)] = table
        count = runoff.advance(room, len(table), first, last, end, falling, clock, self.pane, self.key)
        return np.ascontiguousarray(room[:count])

    def _falling(self, clock: Clock, begin: float, end: float) -> F8:
        """What arrives from a time until another, in the order of time."""
        knots = clock.start + clock.step * np.arange(len(clock.met))
        low, high = np.interp([begin, end], knots, clock.met) / runoff.PER_CELL
        rows = runoff.arrivals(self.key, math.floor(low) - 1, math.floor(high) + 2, clock, self.pane)
        rows = rows[(rows[:, 0] >= begin) & (rows[:, 0] < end)]
        return np.ascontiguousarray(rows[np.argsort(rows[:, 0], kind="stable")])


__all__ = [
    "Gathered",
    "Past",
    "clock_of",
    "dirt_at",
    "drop_numbers",
    "falling_speed",
    "past_of",
    "rates_between",
    "snow_met",
]
