"""The soft-target integral along one beam through air that differs from place to place.

The air in front of a surface is cut into cells; ``mass[k]`` is what the first k cells send back, so a cell's mean is a
difference. The pulse is ``sin^2``, as long as light goes in twice its width at half maximum: what comes from a cell
arrives spread over that length, which has a closed form. Only kernels call these.
"""

from __future__ import annotations

import math

import numpy as np

from simgen.kernels.inner import inner, spliced
from simgen.kernels.single import circle_single
from simgen.records.base import F8

#: most parabolas on the way to the echo's peak
_PARABOLAS = 4
_NEWTON = 4


@spliced
def passed(x: float, length: float) -> float:
    """The pulse's integral up to ``x`` from its middle, m: 0 at its start, half its length at its end."""
    turn = x / length
    if turn <= -0.5:
        return 0.0
    if turn >= 0.5:
        return 0.5 * length
    _, sine = circle_single(np.float32(turn + 0.5))
    return 0.5 * length * (turn + 0.5) - length * np.float64(sine) / (4.0 * math.pi)


@inner
def echo_at(edge: F8, mass: F8, count: int, length: float, where: float, first: int) -> float:
    """Power of the echo at a range, from the cell ``first`` on, the last that may end before the pulse begins."""
    low, high, total = where - 0.5 * length, where + 0.5 * length, 0.0
    k = first
    while k < count and edge[k + 1] <= low:
        k += 1
    before = passed(edge[k] - where, length) if k < count else 0.0
    while k < count and edge[k] < high:
        after = passed(edge[k + 1] - where, length)
        if mass[k + 1] > mass[k]:
            total += (mass[k + 1] - mass[k]) / (edge[k + 1] - edge[k]) * (after - before)
        before = after
        k += 1
    return total


@inner
def heaviest(edge: F8, mass: F8, count: int, length: float) -> tuple[int, int, float]:
    """The stretch as long as the pulse that sends most: its first and last cell, and the middle of what it sends."""
    best, start, stop, high = 0.0, 0, 0, 0
    for k in range(count):
        end = edge[k] + length
        while high < count and edge[high + 1] <= end:
            high += 1
        held = mass[high] - mass[k]
        if high < count:
            held += (mass[high + 1] - mass[high]) * (end - edge[high]) / (edge[high + 1] - edge[high])
        if held > best:
            best, start, stop = held, k, min(high, count - 1)
    total, moment, end = 0.0, 0.0, edge[start] + length
    for k in range(start, stop + 1):
        last = min(edge[k + 1], end)
        part = (mass[k + 1] - mass[k]) * (last - edge[k]) / (edge[k + 1] - edge[k])
        total += part
        moment += part * (0.5 * (last + edge[k]) - edge[start])
    return start, stop, edge[start] + (moment / total if total > 0.0 else 0.0)


@spliced
def cut(edge: F8, count: int, distance: float) -> int:
    """The cell in which a distance is."""
    low, high = 0, count
    while high - low > 1:
        middle = (low + high) >> 1
        if edge[middle] < distance:
            low = middle
        else:
            high = middle
    return low


@inner
def strongest(edge: F8, mass: F8, count: int, length: float, near: float, far: float) -> tuple[float, float, int, int]:
    """Peak of the echo between two ranges, where it is, and the first and last cell of the air that it comes from.

    Parabolas lead to it from the middle of the heaviest stretch. Air that sends nothing for longer than the pulse parts
    one stretch from the next.
    """
    start, stop, middle = heaviest(edge, mass, count, length)
    first = start
    while first > 0 and edge[start] - edge[first] < length:
        first -= 1
    at, step = min(max(middle, near), far), 0.125 * length
    best = echo_at(edge, mass, count, length, at, first)
    for _ in range(_PARABOLAS):
        below, above = max(at - step, near), min(at + step, far)
        a = echo_at(edge, mass, count, length, below, first)
        b = echo_at(edge, mass, count, length, above, first)
        bend, there = 2.0 * best - a - b, at
        if bend > 0.0 and below == at - step and above == at + step:
            there = at + min(max(0.5 * (b - a) / bend, -2.0), 2.0) * step
        elif a > best or b > best:
            there = below if a > b else above
        there = min(max(there, near), far)
        found = echo_at(edge, mass, count, length, there, first)
        moved = abs(there - at)
        if found > best:
            best, at = found, there
        if a > best:
            best, at, moved = a, below, step
        if b > best:
            best, at, moved = b, above, step
        if moved < step:
            break
    empty = edge[start]
    while start > 0 and empty - edge[start - 1] <= length:
        start -= 1
        if mass[start + 1] > mass[start]:
            empty = edge[start]
    empty = edge[stop + 1]
    while stop < count - 1 and edge[stop + 2] - empty <= length:
        stop += 1
        if mass[stop + 1] > mass[stop]:
            empty = edge[stop + 1]
    return best, at, start, stop


@inner
def arriving(edge: F8, mass: F8, count: int, length: float, near: float, early: F8) -> None:
    """What of each cell's light arrives from ``near`` on, added up as ``mass`` is."""
    early[0] = 0.0
    for k in range(count):
        share = 1.0
        if edge[k] < near + 0.5 * length:
            share -= 2.0 / length * passed(near - 0.5 * (edge[k] + edge[k + 1]), length)
        early[k + 1] = early[k] + share * (mass[k + 1] - mass[k])


@spliced
def _before(edge: F8, mass: F8, early: F8, k: int, length: float, far: float) -> float:
    """What of a cell's light arrives from the nearest range on and before ``far``."""
    late = 1.0 - 2.0 / length * passed(far - 0.5 * (edge[k] + edge[k + 1]), length)
    return float(max(early[k + 1] - early[k] - late * (mass[k + 1] - mass[k]), 0.0))


@inner
def drawn(
    edge: F8, mass: F8, early: F8, first: int, last: int, length: float, near: float, far: float, u: float, v: float
) -> tuple[float, float]:
    """Range of the echo between ``near`` and ``far``, and where in the air it comes from, by two uniforms.

    Distributed as the echo's power over range: a place by what each cell sends, plus the pulse's own spread. ``early``
    is of :func:`arriving`; from ``high`` on cells also lose what would arrive too late.
    """
    high, total = last + 1, 0.0
    while high > first and edge[high] > far - 0.5 * length:
        high -= 1
        total += _before(edge, mass, early, high, length, far)
    sure = early[high] - early[first]
    wanted, k, share = u * (total + sure), high, 0.0
    if wanted < sure:
        k = cut(early, high, early[first] + wanted)
        wanted -= early[k] - early[first]
        share = early[k + 1] - early[k]
    else:
        wanted -= sure
        while k <= last:
            share = _before(edge, mass, early, k, length, far)
            if wanted < share:
                break
            wanted -= share
            k += 1
    k = min(k, last)
    part = min(max(wanted / share, 0.0), 1.0) if share > 0.0 else 0.5
    place = edge[k] + part * (edge[k + 1] - edge[k])
    low, high = max(near - place, -0.5 * length), min(far - place, 0.5 * length)
    start = passed(low, length)
    wanted = start + v * (passed(high, length) - start)
    # the pulse's integral rises from one end to the other: Newton's steps, kept between what is known
    x = 0.5 * (low + high)
    for _ in range(_NEWTON):
        cosine, sine = circle_single(np.float32(min(max(x / length + 0.5, 0.0), 1.0)))
        miss = 0.5 * x + 0.25 * length - length * np.float64(sine) / (4.0 * math.pi) - wanted
        low, high = (x, high) if miss < 0.0 else (low, x)
        slope = 0.5 - 0.5 * np.float64(cosine)
        x = x - miss / slope if slope > 1e-3 else 0.5 * (low + high)
        x = x if low < x < high else 0.5 * (low + high)
    return min(max(place + x, near), far), place
