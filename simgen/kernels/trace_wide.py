"""Packets of sixteen rays, where the processor has vectors for them (AVX-512): a fifth faster than two of eight.

Only where all sixteen lie close together; others go by eights, and so do all on other processors. Layout:
``RTCRayHit16``, the list of :mod:`simgen.kernels.trace` with 16 lanes per entry.
"""

from __future__ import annotations

import numpy as np

from simgen.kernels.jit import device
from simgen.kernels.native import call_four
from simgen.kernels.trace import aligned, cast_many
from simgen.records.base import F4, U4
from simgen.records.stage import NO_HIT

_ALL = np.uint32(0xFFFFFFFF)
_NOTHING = np.uint32(NO_HIT)
_INFINITY = np.float32(np.inf)
_ZERO = np.float32(0.0)
_COHERENT = np.uint32(1 << 16)  # RTC_RAY_QUERY_FLAG_COHERENT
#: squares of the cosine and of the distance (m) from its first ray that make a packet coherent, as for eight rays
_COSINE2 = np.float32(0.992)
_APART2 = np.float32(16.0)


@device
def _load(words: F4, ids: U4, valid: U4, first: int, origin: F4, direction: F4, time: F4, near: F4, far: F4) -> bool:
    """Fill a packet with 16 rows from ``first``; whether all are active and close together."""
    dx, dy, dz = direction[first, 0], direction[first, 1], direction[first, 2]
    limit, close = _COSINE2 * (dx * dx + dy * dy + dz * dz), True
    for lane in range(16):
        row = first + lane
        ax, ay, az = origin[row, 0] - origin[first, 0], origin[row, 1] - origin[first, 1], origin[row, 2]
        az -= origin[first, 2]
        bx, by, bz = direction[row, 0], direction[row, 1], direction[row, 2]
        along = bx * dx + by * dy + bz * dz
        close &= along > _ZERO and along * along > limit * (bx * bx + by * by + bz * bz)
        close &= ax * ax + ay * ay + az * az < _APART2 and far[row] > near[row]
        words[lane], words[16 + lane], words[32 + lane] = origin[row, 0], origin[row, 1], origin[row, 2]
        words[48 + lane], words[112 + lane], words[128 + lane] = near[row], time[row], far[row]
        words[64 + lane], words[80 + lane], words[96 + lane] = bx, by, bz
        valid[lane] = ids[144 + lane] = _ALL
        ids[160 + lane], ids[176 + lane] = np.uint32(lane), np.uint32(0)
        ids[288 + lane] = ids[304 + lane] = _NOTHING
    return close


@device
def _store(words: F4, ids: U4, first: int, distance: F4, instance: U4, triangle: U4, barycentric: F4) -> None:
    """All lanes' hits to their rows; nothing hit where the geometry's id is still unset."""
    for lane in range(16):
        row, hit = first + lane, ids[288 + lane] != _NOTHING
        distance[row] = words[128 + lane] if hit else _INFINITY
        instance[row], triangle[row] = (ids[304 + lane], ids[272 + lane]) if hit else (_NOTHING, _NOTHING)
        barycentric[row, 0] = words[240 + lane] if hit else _ZERO
        barycentric[row, 1] = words[256 + lane] if hit else _ZERO


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
    words, mask, arguments = aligned(336), aligned(16), aligned(16).view(np.uint32)
    ids, valid = words.view(np.uint32), mask.view(np.uint32)
    arguments[:] = np.uint32(0)
    arguments[0], arguments[1] = _COHERENT, _ALL
    count = origin.shape[0]
    step = 16 if intersect16 != 0 else max(count, 1)
    for first in range(0, count, step):
        stop = min(first + step, count)
        whole = intersect16 != 0 and stop - first == 16
        if whole and _load(words, ids, valid, first, origin, direction, time, near, far):
            call_four(intersect16, valid.ctypes.data, scene, words.ctypes.data, arguments.ctypes.data)
            _store(words, ids, first, distance, instance, triangle, barycentric)
            continue
        cast_many(
            intersect8,
            scene,
            origin[first:stop],
            direction[first:stop],
            time[first:stop],
            near[first:stop],
            far[first:stop],
            distance[first:stop],
            instance[first:stop],
            triangle[first:stop],
            barycentric[first:stop],
        )
