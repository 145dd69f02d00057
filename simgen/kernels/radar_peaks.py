"""From a radar's cells to detections: what stands out of noise, clutter and its neighbours, and where it is."""

from __future__ import annotations

from simgen.kernels.inner import inner
from simgen.kernels.jit import kernel
from simgen.kernels.radar_tables import Cells, Peaks, Sums
from simgen.records.base import F8, I8

#: weight of a neighbouring cell in a detection's place, by steps away
_WEIGHT = 0.5
#: expected third largest of eight exponentials of mean 1: 1/8 + 1/7 + ... + 1/3
_THIRD_OF_EIGHT = 1.2178571428571427


@inner
def _from(occupied: I8, number: int) -> int:
    """Index of the first occupied cell of that number or more."""
    low, high = 0, occupied.shape[0]
    while low < high:
        middle = (low + high) // 2
        if occupied[middle] < number:
            low = middle + 1
        else:
            high = middle
    return low


@inner
def _find(occupied: I8, number: int) -> int:
    """Index of a cell among the occupied ones, or -1."""
    low = _from(occupied, number)
    return low if low < occupied.shape[0] and occupied[low] == number else -1


@inner
def _row(cells: Cells, r: int, v: int) -> int:
    """Number of a range's and velocity's first cell, or -1 outside; velocities wrap."""
    if r < 0 or r >= cells.ranges:
        return -1
    return (r * cells.velocities + v % cells.velocities) * cells.lefts * cells.ups


@inner
def _neighbour(cells: Cells, r: int, v: int, a: int, e: int) -> int:
    """Number of a cell, or -1 outside; velocities wrap."""
    if r < 0 or r >= cells.ranges or a < 0 or a >= cells.lefts or e < 0 or e >= cells.ups:
        return -1
    return ((r * cells.velocities + v % cells.velocities) * cells.lefts + a) * cells.ups + e


@inner
def _clutter(cells: Cells, r: int, v: int, a: int, e: int, occupied: I8, powers: F8) -> float:
    """Mean power around a cell by its order statistic over eight cells of range, two away and more (Rohling 1983).

    The third largest of the eight: two strong neighbours do not hide a target, as a mean would let them.
    """
    first = second = third = 0.0
    for k in range(8):
        step = k - 5 if k < 4 else k - 2
        number = _neighbour(cells, r + step, v, a, e)
        other = _find(occupied, number) if number >= 0 else -1
        power = powers[other] if other >= 0 else 0.0
        if power > first:
            first, second, third = power, first, second
        elif power > second:
            second, third = power, second
        elif power > third:
            third = power
    return third / _THIRD_OF_EIGHT


@inner
def _is_peak(cells: Cells, cell: int, r: int, v: int, a: int, e: int, margin: float, occupied: I8, powers: F8) -> bool:
    """Whether a cell is above the clutter around it by a factor, and above all its neighbours."""
    power = powers[cell]
    if not power > margin * _clutter(cells, r, v, a, e, occupied, powers):
        return False
    first, last = max(a - 1, 0) * cells.ups, (min(a + 1, cells.lefts - 1) + 1) * cells.ups
    for i in range(-1, 2):
        for j in range(-1, 2):
            start = _row(cells, r + i, v + j)
            if start < 0:
                continue
            other = _from(occupied, start + first)
            while other < occupied.shape[0] and occupied[other] < start + last:
                beside = other != cell and abs(occupied[other] % cells.ups - e) <= 1
                if beside and (powers[other] > power or (powers[other] == power and other < cell)):
                    return False
                other += 1
    return True


@kernel
def find_peaks(
    cells: Cells,
    threshold: float,
    margin: float,
    occupied: I8,
    start: I8,
    powers: F8,
    owners: I8,
    sums: Sums,
    peaks: Peaks,
) -> int:
    """Cells above the threshold, all their neighbours and the clutter, with where their echo is; how many."""
    count = 0
    for cell in range(occupied.shape[0]):
        if powers[cell] > threshold and _place(
            cells, cell, count, margin, occupied, start, powers, owners, sums, peaks
        ):
            count += 1
    return count


@inner
def _place(
    cells: Cells,
    cell: int,
    row: int,
    margin: float,
    occupied: I8,
    start: I8,
    powers: F8,
    owners: I8,
    sums: Sums,
    peaks: Peaks,
) -> bool:
    """The centre of power over a cell and its neighbours, these at half their weight a step; False if it is no peak.

    Velocities are taken relative to the cell's middle, so that they wrap. The source's place is the same over its own
    echoes alone.
    """
    e = occupied[cell] % cells.ups
    a = occupied[cell] // cells.ups % cells.lefts
    v = occupied[cell] // cells.ups // cells.lefts % cells.velocities
    r = occupied[cell] // cells.ups // cells.lefts // cells.velocities
    if not _is_peak(cells, cell, r, v, a, e, margin, occupied, powers):
        return False
    best = start[cell]
    for group in range(start[cell] + 1, start[cell + 1]):
        if sums.power[group] > sums.power[best]:
            best = group
    owner = owners[sums.first[best]]
    limit = 0.5 * cells.velocities * cells.velocity_step
    middle = (v + 0.5) * cells.velocity_step - limit
    first, last = max(a - 1, 0) * cells.ups, (min(a + 1, cells.lefts - 1) + 1) * cells.ups
    whole = whole_range = whole_velocity = whole_left = whole_up = 0.0
    own = own_range = own_velocity = own_left = own_up = 0.0
    for i in range(-1, 2):
        for j in range(-1, 2):
            begin = _row(cells, r + i, v + j)
            if begin < 0:
                continue
            other = _from(occupied, begin + first) - 1
            while other + 1 < occupied.shape[0] and occupied[other + 1] < begin + last:
                other += 1
                aside = abs((occupied[other] - begin) // cells.ups - a)
                above = abs(occupied[other] % cells.ups - e)
                if above > 1:
                    continue
                weight = _WEIGHT ** (abs(i) + abs(j) + aside + above)
                for group in range(start[other], start[other + 1]):
                    p = weight * sums.power[group]
                    velocity = sums.velocity[group] / sums.power[group]
                    whole += p
                    whole_range += weight * sums.range[group]
                    whole_velocity += p * ((velocity - middle + limit) % (2.0 * limit) - limit)
                    whole_left += weight * sums.left[group]
                    whole_up += weight * sums.up[group]
                    if owners[sums.first[group]] == owner:
                        own += p
                        own_range += weight * sums.range[group]
                        own_velocity += p * velocity
                        own_left += weight * sums.left[group]
                        own_up += weight * sums.up[group]
    peaks.power[row] = powers[cell]
    peaks.range[row], peaks.velocity[row] = whole_range / whole, middle + whole_velocity / whole
    peaks.left[row], peaks.up[row] = whole_left / whole, whole_up / whole
    peaks.source[row], peaks.source_rcs[row] = sums.first[best], sums.rcs[best]
    peaks.source_range[row], peaks.source_velocity[row] = own_range / own, own_velocity / own
    peaks.source_left[row], peaks.source_up[row] = own_left / own, own_up / own
    return True
