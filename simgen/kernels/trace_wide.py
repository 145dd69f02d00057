"""Packets of sixteen rays, where the processor has vectors for them (AVX-512): a fifth faster than two of eight.

Only where all that are active lie close together; others go by eights, and so do all on other processors. Layout:
``RTCRayHit16``, the list of :mod:`simgen.kernels.trace` with 16 lanes per entry.
"""

from __future__ import annotations

import numpy as np

from simgen.kernels.jit import device
from simgen.kernels.trace import aligned, cast_packet, new_arguments, occluded_packet
from simgen.records.base import F4, U4, Bool


@device
def cast_wide(
    intersect16: int,
    intersect8: int,
    scene: int,
    origin: F4,
    direction: F4,
    time: F4,
    near: F4,
    far: F4,
    distance: F4,
    instance: U4,
    triangle: U4,
    barycentric: F4,
) -> None:
    """As :func:`simgen.kernels.trace.cast_many`; ``intersect16`` is 0 where there are no such packets."""
    words, mask, count = aligned(336), aligned(16), origin.shape[0]
    ids, valid, arguments = words.view(np.uint32), mask.view(np.uint32), new_arguments()
    places = words.ctypes.data, valid.ctypes.data, arguments.ctypes.data
    scratch, rays = (words, ids, valid, arguments, *places), (origin, direction, time, near, far)
    hits = distance, instance, triangle, barycentric
    for first in range(0, count, 16):
        whole = intersect16 != 0 and first + 16 <= count
        if whole and cast_packet(16, True, intersect16, scene, first, *scratch, *rays, *hits):
            continue
        for half in range(first, min(first + 16, count), 8):
            cast_packet(8, False, intersect8, scene, half, *scratch, *rays, *hits)


@device
def occluded_wide(
    occluded16: int,
    occluded8: int,
    scene: int,
    origin: F4,
    direction: F4,
    time: F4,
    near: F4,
    far: F4,
    blocked: Bool,
) -> None:
    """As :func:`simgen.kernels.trace.occluded_many`; ``occluded16`` is 0 where there are no such packets."""
    words, mask, count = aligned(192), aligned(16), origin.shape[0]
    ids, valid, arguments = words.view(np.uint32), mask.view(np.uint32), new_arguments()
    places = words.ctypes.data, valid.ctypes.data, arguments.ctypes.data
    scratch, rays = (words, ids, valid, arguments, *places), (origin, direction, time, near, far)
    for first in range(0, count, 16):
        whole = occluded16 != 0 and first + 16 <= count
        if whole and occluded_packet(16, True, occluded16, scene, first, *scratch, *rays, blocked):
            continue
        for half in range(first, min(first + 16, count), 8):
            occluded_packet(8, False, occluded8, scene, half, *scratch, *rays, blocked)
