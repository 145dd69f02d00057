"""The halo of retro-reflectors in scanners whose firings have no neighbours by row and column: by angle alone."""

from __future__ import annotations

import math

import numpy as np

from simgen.kernels.jit import kernel
from simgen.kernels.lidar_signal import overlap
from simgen.kernels.lidar_stray import BRIGHT, ONE_DEGREE, enter_halo
from simgen.kernels.lidar_tables import Beams, Receiver, Sweep
from simgen.records.base import F4, I8
from simgen.records.frames import POINT_GHOST, POINT_NOISE, POINT_WEATHER


@kernel
def halo_scan(beam: F4, order: I8, receiver: Receiver, share: float, sweep: Sweep, glare: F4) -> int:
    """The strongest stray light that each firing gets from retro-reflectors beside it; 0 if none gets any.

    As ``lidar_stray.halo``: ``share`` of a reflector's light arrives in a beam one degree aside, and it falls with the
    square of the angle. ``beam`` holds every firing's direction; ``glare`` (A, L, 2), zeroed: power and range.
    """
    ranges, shine, flags = sweep.range, sweep.intensity, sweep.flags
    count, lasers = beam.shape[0], order.shape[0]
    bright, reach, touched = np.float32(BRIGHT), math.sqrt(share) * ONE_DEGREE, 0
    for c in range(count):
        for slot in range(lasers):
            if not shine[c, slot, 0] > bright or ranges[c, slot, 0] <= 0.0:
                continue
            if flags[c, slot, 0] & (POINT_WEATHER | POINT_NOISE | POINT_GHOST):
                continue
            shown, distance = float(shine[c, slot, 0]), float(ranges[c, slot, 0])
            clarity = overlap(receiver.overlap_near, receiver.overlap_far, distance)
            power = shown * clarity / (distance * distance * receiver.threshold)
            limit = reach * reach * power / receiver.half
            bx, by, bz = beam[c, slot, 0], beam[c, slot, 1], beam[c, slot, 2]
            for k in range(count):
                for other in range(lasers):
                    dx, dy, dz = beam[k, other, 0] - bx, beam[k, other, 1] - by, beam[k, other, 2] - bz
                    square = float(dx * dx + dy * dy + dz * dz)
                    if not 0.0 < square < limit:
                        continue
                    there = power * reach * reach / square
                    if there > glare[k, other, 0]:
                        touched += 1
                        glare[k, other, 0], glare[k, other, 1] = there, distance
    return touched


@kernel
def bloom_scan(beams: Beams, beam: F4, order: I8, receiver: Receiver, glare: F4, sweep: Sweep) -> None:
    """Stray light of :func:`halo_scan` to returns: at the reflector's range, along the beam that received it."""
    lasers = order.shape[0]
    for c in range(glare.shape[0]):
        for slot in range(lasers):
            if glare[c, slot, 0] <= 0.0:
                continue
            laser, extra = order[slot], beams.radial[order[slot]]
            place, along = enter_halo(receiver, sweep, glare, c, slot, c * lasers + laser, extra)
            if place < 0:
                continue
            sweep.xyz[c, slot, place, 0] = extra + along * beam[c, slot, 0]
            sweep.xyz[c, slot, place, 1] = beams.lateral[laser] + along * beam[c, slot, 1]
            sweep.xyz[c, slot, place, 2] = beams.height[laser] + along * beam[c, slot, 2]
