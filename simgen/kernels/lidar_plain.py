"""Returns of plain beams, by straight passes over arrays: one ray a beam, one return, no folded ranges.

What a beam's ray meets must be all that it meets; beams that go on behind panes or between leaves, or in which the air
may be louder than the surface, are left to :func:`simgen.kernels.lidar.receive`. Both use the same draws and the same
functions, so it makes no difference by which of them a beam goes, but for the time.
"""

from __future__ import annotations

import math

import numpy as np

from simgen.kernels.jit import kernel
from simgen.kernels.lidar_echo import power_of
from simgen.kernels.lidar_signal import SIGNAL_LANE, ear_of, heard, shown
from simgen.kernels.lidar_tables import STRONGEST, Beams, Pulses, Receiver, Rows, Surfaces, Sweep
from simgen.kernels.noise import straight_draws
from simgen.kernels.single import acos_single
from simgen.records.base import F8, I4
from simgen.records.frames import POINT_EGO


@kernel
def receive_plain(
    first: int,
    beams: Beams,
    receiver: Receiver,
    world: Surfaces,
    rows: Rows,
    pulses: Pulses,
    alpha: float,
    rival: F8,
    left: I4,
    sweep: Sweep,
) -> int:
    """Pulses to returns, for a tile of columns from ``first`` on; how many beams are ``left``, and which, (N,).

    ``alpha`` is the air's extinction, 1/m, ``rival`` its echo in each beam as ``rivals`` has it, (0,) in clear air.
    """
    # fields are taken out of their tuples before the loops: each access inside would count references
    slots, radial, start, beam = beams.slot, beams.radial, rows.start, rows.beam
    reach, following, responses = pulses.range, pulses.following, pulses.response
    cosines, surfaces, hits = pulses.cosine, pulses.surface, pulses.instance
    labels, classes, ego = world.instance_label, world.class_id, world.ego
    ranges, xyz, intensity, semantic = sweep.range, sweep.xyz, sweep.intensity, sweep.semantic
    instance, incidence, flags = sweep.instance, sweep.incidence, sweep.flags
    ear, key, noise, threshold = ear_of(receiver), receiver.key, receiver.noise, receiver.threshold
    opens, open_, near, step = receiver.overlap_near, receiver.overlap_far, receiver.near, receiver.reflectance_step
    lasers, remain, airy, strongest = slots.shape[0], 0, rival.shape[0] > 0, receiver.returns[0] == STRONGEST
    count = start.shape[0] // lasers
    n, m, chance = np.zeros(count, np.float32), np.zeros(count, np.float32), np.ones(count, np.float32)
    signals, reported, angle = np.empty(count), np.empty(count), np.empty(count, np.float32)
    through = np.ones(count)
    for laser in range(lasers):
        slot, extra, base = slots[laser], radial[laser], laser * count
        if noise:
            for k in range(count):
                n[k], m[k], chance[k] = straight_draws(key, (first + k) * lasers + laser, SIGNAL_LANE)
        if alpha > 0.0:
            # a loop of its own, as it calls the C library
            for k in range(count):
                through[k] = math.exp(-2.0 * alpha * np.float64(reach[base + k]))
        # numba's float() would leave them single
        for k in range(count):
            distance = np.float64(reach[base + k])
            power = power_of(near, opens, open_, threshold, 0.0, distance, np.float64(responses[base + k]))
            power *= through[k]
            signals[k], reported[k] = heard(ear, power, distance, extra, n[k], m[k], chance[k])
        for k in range(count):
            angle[k] = acos_single(cosines[base + k])
        for k in range(count):
            row, column = base + k, first + k
            ranges[column, slot, 0] = 0.0
            if following[row] >= 0:
                left[remain] = row
                remain += 1
                continue
            signal, distance = signals[k], np.float64(reach[row])
            if airy and rival[row] > 0.0 and not (strongest and rival[row] <= signal and distance < np.inf):
                left[remain] = row
                remain += 1
                continue
            if not (signal > 0.0 and distance < np.inf):
                continue
            bright = shown(signal, threshold, distance, opens, open_)
            if noise:
                bright = math.floor(bright / step + 0.5) * step
            label = labels[hits[row]]
            along = reported[k] - extra
            for axis in range(3):
                xyz[column, slot, 0, axis] = start[row, axis] + along * beam[row, axis]
            ranges[column, slot, 0], intensity[column, slot, 0] = reported[k], bright
            semantic[column, slot, 0], instance[column, slot, 0] = classes[surfaces[row]], label
            incidence[column, slot, 0], flags[column, slot, 0] = angle[k], POINT_EGO if ego[label] != 0 else 0
    return remain
