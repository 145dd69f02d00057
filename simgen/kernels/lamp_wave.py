"""Scratch for the rays from the hits of a chunk to the lamps that light it."""

from __future__ import annotations

from typing import Final, NamedTuple

import numpy as np

from simgen.records.base import F4, I8, Bool

#: neighbouring rays that share a choice of lamps
BLOCK: Final = 64
#: most lamps that a block keeps, and most rays a hit (a point's lamp takes one, an area's ``AREA_RAYS``)
MOST: Final = 16
SLOTS: Final = 32
AREA_RAYS: Final = 4
#: in place of a block's number of slots: no lamp reaches it
UNLIT: Final = -1
#: more rounds of as many rays where the first were not of one mind
ROUNDS: Final = 3
#: points of a block at which lamps are told
PROBES: Final = 4
#: columns of ``LampWave.probe``: the point, what the lamps that are not kept give (lx, linear RGB), their directions
#: weighted with it, and what surroundings lit by them send on (lx, linear RGB)
PROBE_PLACE: Final = 0
PROBE_LUX: Final = 3
PROBE_WAY: Final = 6
PROBE_BOUNCE: Final = 9
PROBE_COLUMNS: Final = 12


class LampWave(NamedTuple):
    """Rays to lamps, ``BLOCK`` a slot, the slots of one block after another; what each brings; what needs no ray."""

    origin: F4
    direction: F4
    time: F4
    near: F4
    far: F4
    blocked: Bool
    #: radiance if nothing is in the way, and whether that is asked
    light: F4
    #: radiance that depends on no ray, and that which is dimmed as the others are
    steady: F4
    rest: F4
    #: how many rays of a row have been cast, and how many got through
    tries: F4
    seen: F4
    #: first row of each block, then its number of slots; the lamp of each slot, and its ray's number (-1 = a point's)
    base: I8
    lamp: I8
    sub: I8
    #: lamps that the block under way keeps, each lamp's claim, and what it gives at the probe under way
    kept: I8
    claim: F4
    worth: F4
    probe: F4


def new_lamp_wave(count: int, lamps: int) -> LampWave:
    """Scratch for that many hits, not initialised."""
    f = np.float32
    blocks = -(-count // BLOCK)
    rows = blocks * BLOCK * SLOTS
    return LampWave(
        np.empty((rows, 3), f),
        np.empty((rows, 3), f),
        np.empty(rows, f),
        np.empty(rows, f),
        np.empty(rows, f),
        np.empty(rows, np.bool_),
        np.empty((rows, 3), f),
        np.empty((count, 3), f),
        np.empty((count, 3), f),
        np.empty(rows, f),
        np.empty(rows, f),
        np.empty((blocks, 2), np.int64),
        np.empty((blocks, SLOTS), np.int64),
        np.empty((blocks, SLOTS), np.int64),
        np.empty(MOST, np.int64),
        np.empty(lamps, f),
        np.empty(lamps, f),
        np.empty((PROBES, PROBE_COLUMNS), f),
    )
