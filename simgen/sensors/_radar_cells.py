"""From a scan's echoes to its resolution cells, their powers, peaks and maps."""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import Any, Final

import numpy as np

from simgen.kernels.radar_tables import Cells, Echoes, Link, Peaks, Sums
from simgen.records.base import F4, F8, I8
from simgen.rng import Stream, stream, stream_key
from simgen.sensors._radar_device import RadarDevice, Scan
from simgen.sensors._radar_physics import ratio_of
from simgen.sensors._radar_scan import Eye

#: echoes below this share of the noise are left out
LEAST: Final = 1e-3


@dataclass(frozen=True, kw_only=True)
class Look:
    """What detection needs to know of a scan."""

    device: RadarDevice
    scan: Scan
    index: int
    link: Link
    cells: Cells
    eye: Eye
    seed: int
    sensor: str
    frame: int
    #: noise of the receiver, fading and measurement; false = means only
    noisy: bool

    @property
    def threshold(self) -> float:
        """Power over noise that noise alone passes with the false alarm rate: ``-ln Pfa``."""
        return -math.log(self.device.false_alarm_rate)

    def draws(self, purpose: str) -> Stream:
        """A stream of this scan's own."""
        return stream(self.seed, "radar", self.sensor, purpose, self.scan.name, self.frame)

    @property
    def key(self) -> Any:
        """A key for the kernels' draws."""
        return np.uint64(stream_key(self.seed, "radar", self.sensor, "cells", self.scan.name, self.frame))


@dataclass(frozen=True, kw_only=True)
class Occupied:
    """The cells that hold echoes."""

    #: number of each, rising, and power over noise
    number: I8
    power: F8
    #: first group of each, and the groups
    start: I8
    sums: Sums
    owners: I8


def _sums(count: int) -> Sums:
    whole = ("cell", "first")
    return Sums._make(np.zeros(count, np.int64 if name in whole else np.float64) for name in Sums._fields)


def occupy(look: Look, echoes: Echoes) -> Occupied:
    """Sort echoes into cells and add them up."""
    from simgen.kernels.radar_cells import add_up, cell_powers, number_cells

    numbers, owners = np.empty(len(echoes.power), np.int64), np.zeros(len(echoes.power), np.int64)
    number_cells(look.cells, LEAST, echoes, numbers, owners)
    kept = np.flatnonzero(numbers >= 0)
    order = kept[np.lexsort((owners[kept], numbers[kept]))]
    n = len(order)
    sums = _sums(n)
    occupied = np.zeros(n, np.int64)
    groups, count = add_up(look.key, order, numbers, owners, echoes, sums, occupied)
    sums, occupied = Sums._make(column[:groups] for column in sums), occupied[:count]
    start, power = np.zeros(count + 1, np.int64), np.zeros(count)
    cell_powers(look.key, look.noisy, sums, occupied, start, power)
    return Occupied(number=occupied, power=power, start=start, sums=sums, owners=owners)


def peaks_of(look: Look, held: Occupied) -> Peaks:
    """The cells that stand out."""
    from simgen.kernels.radar_peaks import find_peaks

    n = int(np.count_nonzero(held.power > look.threshold))
    peaks = Peaks._make(np.zeros(n, np.int64 if name == "source" else np.float64) for name in Peaks._fields)
    margin = ratio_of(look.device.clutter_margin_db)
    count = find_peaks(
        look.cells, look.threshold, margin, held.number, held.start, held.power, held.owners, held.sums, peaks
    )
    return Peaks._make(column[:count] for column in peaks)


def maps_of(look: Look, held: Occupied) -> tuple[F4, F4]:
    """Range-Doppler (R, V) and range-azimuth (R, A) maps in dB over the noise of a cell."""
    from simgen.kernels.radar_cells import draw_maps

    c = look.cells
    doppler = np.zeros((c.ranges, c.velocities), np.float32)
    azimuth = np.zeros((c.ranges, c.lefts), np.float32)
    draw_maps(c, held.number, held.power, doppler, azimuth)
    return _noisy(look, doppler, c.lefts * c.ups), _noisy(look, azimuth, c.velocities * c.ups)


def _noisy(look: Look, picture: F4, added: int) -> F4:
    """In dB over noise; noise is the mean of so many cells of exponential noise, or 1."""
    noise = look.draws(f"map{added}").gamma(added, 1.0 / added, picture.shape) if look.noisy else 1.0
    return np.asarray(10.0 * np.log10(np.maximum(picture + noise, 1e-6)), np.float32)
