"""From what rays send back to returns: echoes of surfaces and of the air, what the receiver makes of them, and packing.

A tile is a range of columns (one firing of every laser). Its beams are ordered laser by laser, so that eight neighbours
in a packet are the same laser at eight consecutive azimuths. Returns go to arrays in firing order.
"""

from __future__ import annotations

import math

import numpy as np

from simgen.kernels.air import brightest_drop, soft_echo, soft_range
from simgen.kernels.inner import inner
from simgen.kernels.jit import kernel
from simgen.kernels.lidar_echo import (
    AT,
    ECHO_COLUMNS,
    MIX_COLUMNS,
    MIXED,
    MOST_ECHOES,
    MOST_PULSES,
    POWER,
    REPORTED,
    SIGNAL,
    gather,
    peaks,
    plane_echo,
    power_of,
)
from simgen.kernels.lidar_met_tables import Drops
from simgen.kernels.lidar_signal import CHANCE_LANE, measure, shown
from simgen.kernels.lidar_tables import (
    FIRST,
    LAST,
    Air,
    Beams,
    Columns,
    Cone,
    Pulses,
    Receiver,
    Rows,
    Soft,
    Surfaces,
    Sweep,
)
from simgen.kernels.noise import uniform2
from simgen.kernels.single import acos_single
from simgen.records.base import F8, I4, I8, U1, U2, Array
from simgen.records.frames import POINT_EGO, POINT_GHOST, POINT_MIXED, POINT_WEATHER

#: where the device's reflectance scale ends (a byte of 255 on a scale whose 100 is white)
REFLECTANCE_LIMIT = 2.55
#: taxonomy class of what is seen in mirrors; a test holds it against the taxonomy
GHOST_CLASS = 91

#: what an echo comes from, where it is no pulse
_SOFT = -1
_DROP = -2
#: and of the two of ``Drops`` the brighter one, then the other
_SINGLE = -3


@inner
def _air_echoes(
    air: Air, even: bool, nearest: float, key: int, counter: int, count: int, echoes: F8, origin: I8
) -> tuple[int, int]:
    """Add what the medium and the brightest drop send back in front of the nearest surface; the drop's class."""
    drop_class = 0
    if even and air.soft_peak.shape[0] > 0:
        echo = soft_echo(air, nearest)
        if echo > 0.0:
            echoes[count, AT] = soft_range(air, nearest, uniform2(key, counter, CHANCE_LANE)[1])
            echoes[count, POWER], origin[count] = echo, _SOFT
            count += 1
    if air.drop_mass.shape[0] > 0:
        echo, distance, drop_class = brightest_drop(air, nearest, key, counter)
        if echo > 0.0:
            echoes[count, AT], echoes[count, POWER], origin[count] = distance, echo, _DROP
            count += 1
    return count, drop_class


@inner
def _drop_echoes(drops: Drops, row: np.int64, count: int, echoes: F8, origin: I8) -> int:
    """Add what single particles send back; how many echoes there are now."""
    for k in range(2):
        if drops.power[row, k] > 0.0:
            echoes[count, AT], echoes[count, POWER] = drops.range[row, k], drops.power[row, k]
            echoes[count, MIXED], origin[count] = 0.0, _SINGLE - k
            count += 1
    return count


@inner
def _wanted(kind: int, count: int, echoes: F8) -> int:
    """The echo that a return is for, among those that are left; -1 = none. Taken ones have no signal."""
    best = -1
    for k in range(count):
        if echoes[k, SIGNAL] <= 0.0:
            continue
        if best < 0:
            best = k
        elif kind == LAST:
            best = k if echoes[k, AT] > echoes[best, AT] else best
        elif kind == FIRST:
            best = k if echoes[k, AT] < echoes[best, AT] else best
        else:
            best = k if echoes[k, SIGNAL] > echoes[best, SIGNAL] else best
    return best


@kernel
def receive(
    first: int,
    beams: Beams,
    receiver: Receiver,
    air: Air,
    cone: Cone,
    world: Surfaces,
    rows: Rows,
    pulses: Pulses,
    soft: Soft,
    drops: Drops,
    chosen: I4,
    sweep: Sweep,
) -> None:
    """Pulses to returns, for the ``chosen`` beams of a tile of columns from ``first`` on.

    ``soft`` are echoes of air that differs from place to place, (0,) where there is none such, ``drops`` those of
    single particles, (0, 2) where none are met. Ghosts and what is in the air are nobody's.
    """
    # one long function: a helper that took these bundles would be passed a hundred words for every beam.
    # fields are taken out of their tuples before the loops: each access inside would count references
    slots, radial, order, share, spread = beams.slot, beams.radial, receiver.returns, cone.share, cone.spread
    start, beam = rows.start, rows.beam
    reach, following, responses, plane = pulses.range, pulses.following, pulses.response, pulses.plane
    cosines, surfaces, hits, marks = pulses.cosine, pulses.surface, pulses.instance, pulses.flag
    labels, classes, ego = world.instance_label, world.class_id, world.ego
    ranges, xyz, intensity, semantic = sweep.range, sweep.xyz, sweep.intensity, sweep.semantic
    instance, incidence, flags = sweep.instance, sweep.incidence, sweep.flags
    mix, source = np.empty((MOST_PULSES, MIX_COLUMNS)), np.empty(MOST_PULSES, np.int64)
    echoes, origin = np.empty((MOST_ECHOES, ECHO_COLUMNS)), np.empty(MOST_ECHOES, np.int64)
    alpha, key, threshold, pulse, fold = air.extinction, receiver.key, receiver.threshold, receiver.pulse, receiver.fold
    opens, open_, near, step = receiver.overlap_near, receiver.overlap_far, receiver.near, receiver.reflectance_step
    airy = air.soft_peak.shape[0] > 0 or air.drop_mass.shape[0] > 0
    dimmed, window = soft.window.shape[0] > 0, soft.window
    varied, soft_power, soft_range, soft_name = soft.power.shape[0] > 0, soft.power, soft.range, soft.name
    single, single_class = drops.power.shape[0] > 0, drops.name
    lasers, returns, per_beam = slots.shape[0], order.shape[0], share.shape[0]
    count = start.shape[0] // lasers
    for place in range(chosen.shape[0]):
        row = np.int64(chosen[place])
        laser, column, ray = row // count, first + row % count, row * per_beam
        slot, extra, counter = slots[laser], radial[laser], column * lasers + laser
        for r in range(returns):
            ranges[column, slot, r] = 0.0
        nearest, drop_class, heard = float(reach[ray]), 0, 0
        distance, response, variance = plane_echo(ray, share, pulse, reach, responses, following, plane, surfaces, hits)
        if distance < 0.0:
            heard, nearest, same = gather(receiver, alpha, spread, share, pulses, ray, mix, source)
            heard = peaks(mix, source, heard, pulse, same, echoes, origin)
        else:
            power = power_of(near, opens, open_, threshold, alpha, distance, response)
            if variance > 0.0:
                power *= pulse / math.sqrt(pulse * pulse + variance)
            echoes[0, AT], echoes[0, POWER], echoes[0, MIXED], origin[0] = distance, power, 0.0, ray
            heard = 1
        own = varied and soft_power[row] >= 0.0
        if own and soft_power[row] > 0.0:
            echoes[heard, AT], echoes[heard, POWER], origin[heard] = soft_range[row], soft_power[row], _SOFT
            heard += 1
        if airy:
            heard, drop_class = _air_echoes(air, not own, nearest, key, counter, heard, echoes, origin)
        if single:
            heard = _drop_echoes(drops, row, heard, echoes, origin)
        for e in range(heard):
            if dimmed:
                echoes[e, POWER] *= window[row]
            signal, reported = measure(receiver, echoes[e, POWER], echoes[e, AT], extra, counter, e)
            echoes[e, SIGNAL], echoes[e, REPORTED] = signal, reported
        for r in range(min(returns, heard)):
            e = _wanted(order[r], heard, echoes)
            if e < 0:
                break
            distance, signal, reported, at = echoes[e, AT], echoes[e, SIGNAL], echoes[e, REPORTED], origin[e]
            mixed, echoes[e, SIGNAL] = echoes[e, MIXED] > 0.0, 0.0
            folded = distance + extra >= fold
            label, name, flag, cosine = np.uint32(0), np.uint16(0), POINT_WEATHER, np.float32(1.0)
            if at >= 0:
                flag, cosine = int(marks[at]) | (POINT_GHOST if folded else 0), cosines[at]
                flag |= POINT_MIXED if mixed else 0
                if flag & POINT_GHOST:
                    name = np.uint16(GHOST_CLASS)
                else:
                    label, name = labels[hits[at]], classes[surfaces[at]]
                    flag |= POINT_EGO if ego[label] != 0 else 0
            elif at == _SOFT:
                name = soft_name[row] if own else np.uint16(air.soft_class)
            elif at <= _SINGLE:
                name = single_class[row, _SINGLE - at]
            else:
                name = np.uint16(drop_class)
            along = reported - extra
            for axis in range(3):
                xyz[column, slot, r, axis] = start[row, axis] + along * beam[row, axis]
            bright = shown(signal, threshold, along if folded else distance, opens, open_)
            if receiver.noise:
                bright = math.floor(bright / step + 0.5) * step
            ranges[column, slot, r], intensity[column, slot, r] = reported, bright
            semantic[column, slot, r], instance[column, slot, r] = name, label
            incidence[column, slot, r], flags[column, slot, r] = acos_single(cosine), flag


@kernel
def pack(
    first: int,
    stop: int,
    row: int,
    beams: Beams,
    columns: Columns,
    order: I8,
    sweep: Sweep,
    packed: Sweep,
    ring: U2,
    offset: I4,
    number: U1,
    image: Array,
) -> None:
    """Returns of some columns end to end in firing order, from a ``row`` on, with ring, time and number.

    The first of each firing fills the range image too. Here the intensity ends where the device's scale does.
    """
    ranges, xyz, intensity, semantic = sweep.range, sweep.xyz, sweep.intensity, sweep.semantic
    instance, incidence, flags = sweep.instance, sweep.incidence, sweep.flags
    to_range, to_xyz, to_intensity, to_semantic = packed.range, packed.xyz, packed.intensity, packed.semantic
    to_instance, to_incidence, to_flags = packed.instance, packed.incidence, packed.flags
    fired, rings = beams.time, beams.ring
    pictured = image.shape[1] > 0
    for column in range(first, stop):
        for slot in range(order.shape[0]):
            laser = order[slot]
            for r in range(ranges.shape[2]):
                value = ranges[column, slot, r]
                if not value > 0.0:
                    continue
                to_range[row] = value
                for axis in range(3):
                    to_xyz[row, axis] = xyz[column, slot, r, axis]
                to_intensity[row] = min(intensity[column, slot, r], np.float32(REFLECTANCE_LIMIT))
                to_semantic[row] = semantic[column, slot, r]
                to_instance[row] = instance[column, slot, r]
                to_incidence[row] = incidence[column, slot, r]
                to_flags[row] = flags[column, slot, r]
                ring[row], number[row] = rings[laser], r
                offset[row] = np.int32(math.floor(column * columns.cycle + fired[laser] + 0.5) + columns.since_frame)
                if pictured and r == 0:
                    image[rings[laser], column] = value
                row += 1
