"""Returns of what is not there: the receiver's false alarms, other lidars' pulses, and the halo of retro-reflectors."""

from __future__ import annotations

import math
from typing import NamedTuple

import numpy as np

from simgen.kernels.inner import inner
from simgen.kernels.jit import kernel
from simgen.kernels.lidar_signal import measure, overlap
from simgen.kernels.lidar_tables import Beams, Columns, Receiver, Rows, Sweep
from simgen.kernels.noise import uniform2
from simgen.records.base import F4, I8
from simgen.records.frames import POINT_BLOOMING, POINT_GHOST, POINT_NOISE, POINT_WEATHER

#: lanes of these draws, above those of echoes and drops
_STRAY_LANE = 96
#: echo whose lanes the halo's measurement takes: the last one below the drops'
HALO_ECHO = 7
#: taxonomy class of false returns; a test holds it against the taxonomy
NOISE_CLASS = 90
#: intensity above which a return counts as a retro-reflector's
BRIGHT = 3.0
#: the angle at which the share of stray light is stated, rad
ONE_DEGREE = 0.017453292519943295


class Stray(NamedTuple):
    """Chances of false returns, by firing."""

    #: by the receiver's own noise, just above the threshold
    alarm: float
    #: by another lidar's pulse
    crosstalk: float


@inner
def put(
    sweep: Sweep,
    column: int,
    slot: int,
    power: float,
    threshold: float,
    step: float,
    reported: float,
    flag: int,
    apart: float,
) -> int:
    """Enter a false return where it is stronger than what is there, moving weaker ones back; its place or -1.

    None is entered nearer than ``apart`` metres to a true one. Its intensity is a whole number of ``step``.
    """
    returns = sweep.range.shape[2]
    shown = math.floor(power * threshold * reported * reported / step + 0.5) * step
    place = 0
    while place < returns and sweep.range[column, slot, place] > 0.0:
        there = float(sweep.range[column, slot, place])
        if abs(there - reported) < apart:
            return -1
        if float(sweep.intensity[column, slot, place]) / (there * there) < shown / (reported * reported):
            break
        place += 1
    if place == returns:
        return -1
    for k in range(returns - 1, place, -1):
        sweep.range[column, slot, k] = sweep.range[column, slot, k - 1]
        sweep.intensity[column, slot, k] = sweep.intensity[column, slot, k - 1]
        sweep.semantic[column, slot, k] = sweep.semantic[column, slot, k - 1]
        sweep.instance[column, slot, k] = sweep.instance[column, slot, k - 1]
        sweep.incidence[column, slot, k] = sweep.incidence[column, slot, k - 1]
        sweep.flags[column, slot, k] = sweep.flags[column, slot, k - 1]
        for axis in range(3):
            sweep.xyz[column, slot, k, axis] = sweep.xyz[column, slot, k - 1, axis]
    sweep.range[column, slot, place] = reported
    sweep.intensity[column, slot, place] = shown
    sweep.semantic[column, slot, place] = np.uint16(NOISE_CLASS)
    sweep.instance[column, slot, place] = 0
    sweep.incidence[column, slot, place] = 0.0
    sweep.flags[column, slot, place] = flag
    return place


@kernel
def stray_returns(first: int, beams: Beams, receiver: Receiver, stray: Stray, rows: Rows, sweep: Sweep) -> None:
    """False returns of a tile. From one to the next a geometric number of firings is passed over.

    A false alarm has a range anywhere and the power of the threshold; another lidar's pulse too, and a power spread
    evenly over two decades.
    """
    lasers = beams.slot.shape[0]
    total, step = rows.start.shape[0], receiver.reflectance_step
    count = total // lasers
    for kind in range(2):
        chance = stray.alarm if kind == 0 else stray.crosstalk
        if chance <= 0.0:
            continue
        rate = math.log1p(-min(chance, 1.0 - 1e-12))
        row, counter = -1, first * lasers
        draw = 0
        while True:
            u, v = uniform2(receiver.key, counter, _STRAY_LANE + 2 * draw + kind * 100_000)
            row += 1 + int(min(math.log1p(-u) / rate, 1e9))
            if row >= total:
                break
            w, _ = uniform2(receiver.key, counter, _STRAY_LANE + 2 * draw + 1 + kind * 100_000)
            draw += 1
            laser, column = row // count, first + row % count
            reported = receiver.near + v * (receiver.far - receiver.near)
            reported = math.floor(reported / receiver.range_step + 0.5) * receiver.range_step
            power = receiver.half + receiver.sigma * w if kind == 0 else 10.0 ** (2.0 * w)
            slot = beams.slot[laser]
            place = put(sweep, column, slot, power, receiver.threshold, step, reported, POINT_NOISE, 0.0)
            if place >= 0:
                along = reported - beams.radial[laser]
                for axis in range(3):
                    sweep.xyz[column, slot, place, axis] = rows.start[row, axis] + along * rows.beam[row, axis]


@kernel
def halo(beams: Beams, columns: Columns, order: I8, receiver: Receiver, share: float, sweep: Sweep, glare: F4) -> int:
    """The strongest stray light that each firing gets from retro-reflectors beside it; 0 if none gets any.

    ``glare`` (A, L, 2), zeroed: power in threshold powers, and range. Light scattered in lens and window falls with the
    square of the angle from the beam: ``share`` of it arrives in a beam one degree aside.
    """
    lasers, step = order.shape[0], columns.spin * columns.cycle
    elevation = np.arcsin(beams.sine)
    turned = beams.azimuth + columns.spin * beams.time
    ranges, shine, flags = sweep.range, sweep.intensity, sweep.flags
    slots, cosines = beams.slot, beams.cosine
    bright = np.float32(BRIGHT)
    touched = 0
    reach = math.sqrt(share) * ONE_DEGREE
    for c in range(ranges.shape[0]):
        for slot in range(lasers):
            if not shine[c, slot, 0] > bright or ranges[c, slot, 0] <= 0.0:
                continue
            if flags[c, slot, 0] & (POINT_WEATHER | POINT_NOISE | POINT_GHOST):
                continue
            shown, distance, laser = float(shine[c, slot, 0]), float(ranges[c, slot, 0]), order[slot]
            clarity = overlap(receiver.overlap_near, receiver.overlap_far, distance)
            power = shown * clarity / (distance * distance * receiver.threshold)
            limit = reach * math.sqrt(power / receiver.half)
            for other in range(lasers):
                up = elevation[other] - elevation[laser]
                if abs(up) > limit:
                    continue
                ahead = turned[laser] - turned[other]
                shift = math.floor(ahead / step + 0.5)
                wide = int(limit / (abs(step) * max(cosines[other], 0.05))) + 1
                for k in range(max(c + shift - wide, 0), min(c + shift + wide + 1, ranges.shape[0])):
                    across = ((k - c) * step - ahead) * cosines[other]
                    square = up * up + across * across
                    if square <= 0.0:
                        continue
                    there = power * reach * reach / square
                    if there > receiver.half and there > glare[k, slots[other], 0]:
                        touched += 1
                        glare[k, slots[other], 0], glare[k, slots[other], 1] = there, distance
    return touched


@inner
def enter_halo(
    receiver: Receiver, sweep: Sweep, glare: F4, column: int, slot: int, counter: int, extra: float
) -> tuple[int, float]:
    """Enter what a firing receives of a halo: its place or -1, and how far along the beam its point lies."""
    power, distance = float(glare[column, slot, 0]), float(glare[column, slot, 1])
    signal, reported = measure(receiver, power, distance - extra, extra, counter, HALO_ECHO)
    if signal <= 0.0:
        return -1, 0.0
    flag, apart, step = POINT_NOISE | POINT_BLOOMING, 2.0 * receiver.pulse, receiver.reflectance_step
    return put(sweep, column, slot, signal, receiver.threshold, step, reported, flag, apart), reported - extra


@kernel
def bloom(beams: Beams, columns: Columns, order: I8, receiver: Receiver, glare: F4, sweep: Sweep) -> None:
    """Stray light of :func:`halo` to returns: at the reflector's range, along the beam that received it."""
    lasers = order.shape[0]
    for c in range(glare.shape[0]):
        for slot in range(lasers):
            if glare[c, slot, 0] <= 0.0:
                continue
            laser, extra = order[slot], beams.radial[order[slot]]
            place, along = enter_halo(receiver, sweep, glare, c, slot, c * lasers + laser, extra)
            if place < 0:
                continue
            rotor = columns.start_azimuth + columns.spin * (c * columns.cycle + beams.time[laser])
            ca, sa = math.cos(rotor + beams.azimuth[laser]), math.sin(rotor + beams.azimuth[laser])
            lateral = beams.lateral[laser]
            x = extra * math.cos(rotor) - lateral * sa + along * beams.cosine[laser] * ca
            y = extra * math.sin(rotor) + lateral * ca + along * beams.cosine[laser] * sa
            sweep.xyz[c, slot, place, 0], sweep.xyz[c, slot, place, 1] = x, y
            sweep.xyz[c, slot, place, 2] = beams.height[laser] + along * beams.sine[laser]
