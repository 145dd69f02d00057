"""From a radar's echoes to the powers of its resolution cells.

Cells are sparse: only those with an echo are kept, sorted by number. The amplitude of a cell is the sum of its echoes'
with random phases (Swerling's fluctuation comes out by itself: many like echoes fade by Rayleigh's law, one strong one
stands), plus the receiver's noise of power 1.
"""

from __future__ import annotations

import math

import numpy as np

from simgen.kernels.inner import inner
from simgen.kernels.jit import kernel
from simgen.kernels.noise import normal2, uniform
from simgen.kernels.radar_tables import Cells, Echoes, Sums
from simgen.records.base import F4, F8, I8

#: power that the transforms' window (Hann) leaves in the next bin
_LEAK = 0.25

_PHASE_LANE = 0
_NOISE_LANE = 1


@kernel
def number_cells(cells: Cells, least: float, echoes: Echoes, numbers: I8, owners: I8) -> None:
    """Cell of every echo, or -1 if it is too weak or out of reach, and whose it is."""
    for row in range(numbers.shape[0]):
        numbers[row] = _number(row, cells, least, echoes)
        owners[row] = _owner(row, echoes)


@inner
def _number(row: int, cells: Cells, least: float, echoes: Echoes) -> int:
    if not echoes.power[row] > least:
        return -1
    r = math.floor(echoes.range[row] / cells.range_step)
    a = math.floor(echoes.left[row] / cells.left_step + 0.5 * cells.lefts)
    e = math.floor(echoes.up[row] / cells.up_step + 0.5 * cells.ups) if cells.ups > 1 else 0
    if r >= cells.ranges or a < 0 or a >= cells.lefts or e < 0 or e >= cells.ups:
        return -1
    v = math.floor(echoes.velocity[row] / cells.velocity_step + 0.5 * cells.velocities) % cells.velocities
    return int(((r * cells.velocities + v) * cells.lefts + a) * cells.ups + e)


@inner
def _owner(row: int, echoes: Echoes) -> int:
    """One number for body, class and flags."""
    return (int(echoes.flags[row]) << 48) | (int(echoes.body[row]) << 16) | int(echoes.class_id[row])


@kernel
def add_up(key: int, order: I8, numbers: I8, owners: I8, echoes: Echoes, sums: Sums, occupied: I8) -> tuple[int, int]:
    """Sums by source and cell of echoes in order (by cell, then owner); numbers of groups and of occupied cells."""
    group, cell = -1, -1
    number, owner = np.int64(-1), np.int64(-1)
    for row in order:
        fresh = numbers[row] != number
        if fresh:
            number = numbers[row]
            cell += 1
            occupied[cell] = number
        if fresh or owners[row] != owner:
            owner = owners[row]
            group += 1
            _begin(group, cell, row, sums)
        _add(key, row, group, echoes, sums)
    return group + 1, cell + 1


@inner
def _begin(group: int, cell: int, row: int, sums: Sums) -> None:
    sums.cell[group], sums.first[group] = cell, row
    sums.power[group] = sums.rcs[group] = sums.real[group] = sums.imaginary[group] = 0.0
    sums.range[group] = sums.velocity[group] = sums.left[group] = sums.up[group] = 0.0


@inner
def _add(key: int, row: int, group: int, echoes: Echoes, sums: Sums) -> None:
    power = echoes.power[row]
    amplitude, phase = math.sqrt(power), 2.0 * math.pi * uniform(key, row, _PHASE_LANE)
    sums.power[group] += power
    sums.rcs[group] += echoes.rcs[row]
    sums.real[group] += amplitude * math.cos(phase)
    sums.imaginary[group] += amplitude * math.sin(phase)
    sums.range[group] += power * echoes.range[row]
    sums.velocity[group] += power * echoes.velocity[row]
    sums.left[group] += power * echoes.left[row]
    sums.up[group] += power * echoes.up[row]


@kernel
def cell_powers(key: int, noisy: bool, sums: Sums, occupied: I8, start: I8, powers: F8) -> None:
    """Power of every occupied cell: coherent with noise, or the mean; ``start`` gets each cell's first group."""
    group = 0
    for cell in range(occupied.shape[0]):
        start[cell] = group
        group = _cell_power(key, noisy, cell, group, sums, occupied, powers)
    start[occupied.shape[0]] = group


@inner
def _cell_power(key: int, noisy: bool, cell: int, group: int, sums: Sums, occupied: I8, powers: F8) -> int:
    mean = real = imaginary = 0.0
    while group < sums.cell.shape[0] and sums.cell[group] == cell:
        mean += sums.power[group]
        real += sums.real[group]
        imaginary += sums.imaginary[group]
        group += 1
    powers[cell] = mean
    if noisy:
        n, m = normal2(key, occupied[cell], _NOISE_LANE)
        real += math.sqrt(0.5) * n
        imaginary += math.sqrt(0.5) * m
        powers[cell] = real * real + imaginary * imaginary
    return group


@kernel
def draw_maps(cells: Cells, occupied: I8, powers: F8, doppler: F4, azimuth: F4) -> None:
    """Power by range and velocity (R, V) and by range and azimuth (R, A), with the leak of the transforms' window."""
    for cell in range(occupied.shape[0]):
        rest = occupied[cell] // cells.ups
        a, v, r = rest % cells.lefts, rest // cells.lefts % cells.velocities, rest // cells.lefts // cells.velocities
        for i in range(-1, 2):
            if r + i < 0 or r + i >= cells.ranges:
                continue
            across = powers[cell] * (_LEAK if i != 0 else 1.0)
            for j in range(-1, 2):
                leak = _LEAK if j != 0 else 1.0
                doppler[r + i, (v + j) % cells.velocities] += np.float32(across * leak)
                if 0 <= a + j < cells.lefts:
                    azimuth[r + i, a + j] += np.float32(across * leak)
