"""Ray casting from inside kernels, through the addresses of a :class:`~simgen.records.rays.NativeView`.

Every function works on whole arrays, rows as in :class:`~simgen.records.rays.Rays` and
:class:`~simgen.records.rays.Hits`; any number of rows, contiguous. ``cast_many`` and ``occluded_many`` send packets of
eight: order the rays so that neighbours lie close together. A packet whose rays stay within some 5 degrees and 4 m of
its first is traversed as one, up to 1.7 times as fast. ``cast_each`` and ``occluded_each`` send one by one: for
scattered rays. A ray with ``far <= near`` is inactive: it hits nothing, is not occluded and is not sent.

Layouts: Embree 4 ``RTCRayHit`` is org 3, near, dir 3, time, far, mask, id, flags, normal 3, u, v, primID, geomID,
instID, instPrimID, 4 bytes each; ``RTCRayHit8`` is the same list with 8 lanes per entry. Tested when the library is
loaded (:mod:`simgen.raycast.embree`).
"""

from __future__ import annotations

import numpy as np

from simgen.kernels.inner import spliced
from simgen.kernels.jit import device, kernel
from simgen.kernels.native import call_four, call_three
from simgen.records.base import F4, U4, Bool
from simgen.records.stage import NO_HIT

_ALL = np.uint32(0xFFFFFFFF)
_NOTHING = np.uint32(NO_HIT)
_INFINITY = np.float32(np.inf)
_ZERO = np.float32(0.0)

_COHERENT = np.uint32(1 << 16)  # RTC_RAY_QUERY_FLAG_COHERENT
#: squares of the cosine and of the distance (m) from its first ray that make a packet coherent; measured
_COSINE2 = np.float32(0.992)
_APART2 = np.float32(16.0)


@device
def aligned(count: int) -> F4:
    """Scratch of ``count`` 4-byte words, not initialised, on a 64-byte boundary."""
    buffer = np.empty(count + 16, np.float32)
    skip = ((64 - np.int64(buffer.ctypes.data) % 64) % 64) // 4
    return buffer[skip : skip + count]


@device
def new_arguments() -> U4:
    """``RTCIntersectArguments`` or ``RTCOccludedArguments``: flags, features (all), then null pointers."""
    words = aligned(16).view(np.uint32)
    words[:] = np.uint32(0)
    words[1] = _ALL
    return words


@spliced
def load(
    width: int,
    words: F4,
    ids: U4,
    valid: U4,
    first: int,
    origin: F4,
    direction: F4,
    time: F4,
    near: F4,
    far: F4,
) -> bool:
    """Fill a packet with rows from ``first``; whether any lane is active. Lanes past the end repeat the last row."""
    last, some = origin.shape[0] - 1, np.uint32(0)
    if first + width <= last + 1:
        # the common case by itself: without a choice within it becomes a few vector instructions
        for lane in range(width):
            valid[lane] = _ALL if far[first + lane] > near[first + lane] else np.uint32(0)
            some |= valid[lane]
    else:
        for lane in range(width):
            on = first + lane <= last and far[first + lane] > near[first + lane]
            valid[lane] = _ALL if on else np.uint32(0)
            some |= valid[lane]
    for lane in range(width):
        row = min(first + lane, last)
        words[lane] = origin[row, 0]
        words[width + lane] = origin[row, 1]
        words[2 * width + lane] = origin[row, 2]
        words[3 * width + lane] = near[row]
        words[4 * width + lane] = direction[row, 0]
        words[5 * width + lane] = direction[row, 1]
        words[6 * width + lane] = direction[row, 2]
        words[7 * width + lane] = time[row]
        words[8 * width + lane] = far[row]
        ids[9 * width + lane] = _ALL
        ids[10 * width + lane] = np.uint32(lane)
        ids[11 * width + lane] = np.uint32(0)
    return bool(some != 0)


@spliced
def is_coherent(width: int, words: F4, valid: U4) -> bool:
    """Whether a packet's active rays lie close to the first lane's."""
    ox, oy, oz = words[0], words[width], words[2 * width]
    dx, dy, dz = words[4 * width], words[5 * width], words[6 * width]
    limit, close = _COSINE2 * (dx * dx + dy * dy + dz * dz), True
    for lane in range(1, width):
        ax, ay, az = words[lane] - ox, words[width + lane] - oy, words[2 * width + lane] - oz
        bx, by, bz = words[4 * width + lane], words[5 * width + lane], words[6 * width + lane]
        along = bx * dx + by * dy + bz * dz
        near = along > _ZERO and along * along > limit * (bx * bx + by * by + bz * bz)
        close &= valid[lane] == 0 or (near and ax * ax + ay * ay + az * az < _APART2)
    return close


@spliced
def _load1(words: F4, ids: U4, row: int, origin: F4, direction: F4, time: F4, near: F4, far: F4) -> None:
    """Fill a single ray with a row."""
    words[0] = origin[row, 0]
    words[1] = origin[row, 1]
    words[2] = origin[row, 2]
    words[3] = near[row]
    words[4] = direction[row, 0]
    words[5] = direction[row, 1]
    words[6] = direction[row, 2]
    words[7] = time[row]
    words[8] = far[row]
    ids[9] = _ALL
    ids[10] = np.uint32(0)
    ids[11] = np.uint32(0)


@spliced
def store(
    words: F4, ids: U4, width: int, lane: int, row: int, distance: F4, instance: U4, triangle: U4, barycentric: F4
) -> None:
    """One lane's hit to its row; nothing hit where the geometry's id is still unset."""
    hit = ids[18 * width + lane] != _NOTHING
    distance[row] = words[8 * width + lane] if hit else _INFINITY
    instance[row] = ids[19 * width + lane] if hit else _NOTHING
    triangle[row] = ids[17 * width + lane] if hit else _NOTHING
    barycentric[row, 0] = words[15 * width + lane] if hit else _ZERO
    barycentric[row, 1] = words[16 * width + lane] if hit else _ZERO


@spliced
def cast_packet(
    width: int,
    close_only: bool,
    function: int,
    scene: int,
    first: int,
    words: F4,
    ids: U4,
    valid: U4,
    arguments: U4,
    words_at: int,
    valid_at: int,
    arguments_at: int,
    origin: F4,
    direction: F4,
    time: F4,
    near: F4,
    far: F4,
    distance: F4,
    instance: U4,
    triangle: U4,
    barycentric: F4,
) -> bool:
    """Cast one packet of rows; ``..._at`` are the addresses of its arrays. False = left undone: not close together."""
    active = load(width, words, ids, valid, first, origin, direction, time, near, far)
    for lane in range(width):
        ids[18 * width + lane] = _NOTHING
        ids[19 * width + lane] = _NOTHING
    if active:
        close = is_coherent(width, words, valid)
        if close_only and not close:
            return False
        arguments[0] = _COHERENT if close else np.uint32(0)
        call_four(function, valid_at, scene, words_at, arguments_at)
    for lane in range(min(width, origin.shape[0] - first)):
        store(words, ids, width, lane, first + lane, distance, instance, triangle, barycentric)
    return True


@spliced
def occluded_packet(
    width: int,
    close_only: bool,
    function: int,
    scene: int,
    first: int,
    words: F4,
    ids: U4,
    valid: U4,
    arguments: U4,
    words_at: int,
    valid_at: int,
    arguments_at: int,
    origin: F4,
    direction: F4,
    time: F4,
    near: F4,
    far: F4,
    blocked: Bool,
) -> bool:
    """The same for whether anything is in the way."""
    if load(width, words, ids, valid, first, origin, direction, time, near, far):
        close = is_coherent(width, words, valid)
        if close_only and not close:
            return False
        arguments[0] = _COHERENT if close else np.uint32(0)
        call_four(function, valid_at, scene, words_at, arguments_at)
    for lane in range(min(width, origin.shape[0] - first)):
        # Embree sets far to minus infinity where something is in the way
        blocked[first + lane] = valid[lane] != 0 and words[8 * width + lane] == -_INFINITY
    return True


@device
def cast_many(
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
    """The nearest hit of each ray, by packets of eight; the last four arrays are written."""
    words, mask = aligned(168), aligned(16)
    ids, valid, arguments = words.view(np.uint32), mask.view(np.uint32), new_arguments()
    # asked once: each time counts references
    places = words.ctypes.data, valid.ctypes.data, arguments.ctypes.data
    scratch, rays = (words, ids, valid, arguments, *places), (origin, direction, time, near, far)
    for first in range(0, origin.shape[0], 8):
        cast_packet(8, False, intersect8, scene, first, *scratch, *rays, distance, instance, triangle, barycentric)


@device
def occluded_many(
    occluded8: int, scene: int, origin: F4, direction: F4, time: F4, near: F4, far: F4, blocked: Bool
) -> None:
    """Whether anything lies between near and far of each ray, by packets of eight; ``blocked`` is written."""
    words, mask = aligned(96), aligned(16)
    ids, valid, arguments = words.view(np.uint32), mask.view(np.uint32), new_arguments()
    places = words.ctypes.data, valid.ctypes.data, arguments.ctypes.data
    scratch, rays = (words, ids, valid, arguments, *places), (origin, direction, time, near, far)
    for first in range(0, origin.shape[0], 8):
        occluded_packet(8, False, occluded8, scene, first, *scratch, *rays, blocked)


@device
def cast_each(
    intersect1: int,
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
    """The nearest hit of each ray, one by one; the last four arrays are written."""
    words = aligned(32)
    ids = words.view(np.uint32)
    for row in range(origin.shape[0]):
        _load1(words, ids, row, origin, direction, time, near, far)
        ids[18] = _NOTHING
        ids[19] = _NOTHING
        if far[row] > near[row]:
            call_three(intersect1, scene, words.ctypes.data, 0)
        store(words, ids, 1, 0, row, distance, instance, triangle, barycentric)


@device
def occluded_each(
    occluded1: int, scene: int, origin: F4, direction: F4, time: F4, near: F4, far: F4, blocked: Bool
) -> None:
    """Whether anything lies between near and far of each ray, one by one; ``blocked`` is written."""
    words = aligned(16)
    ids = words.view(np.uint32)
    for row in range(origin.shape[0]):
        blocked[row] = False
        if far[row] > near[row]:
            _load1(words, ids, row, origin, direction, time, near, far)
            call_three(occluded1, scene, words.ctypes.data, 0)
            blocked[row] = words[8] == -_INFINITY


@kernel
def cast_range(
    intersect8: int,
    scene: int,
    start: int,
    stop: int,
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
    """:func:`cast_many` for the rows from ``start`` to ``stop``, to be called from Python."""
    cast_many(
        intersect8,
        scene,
        origin[start:stop],
        direction[start:stop],
        time[start:stop],
        near[start:stop],
        far[start:stop],
        distance[start:stop],
        instance[start:stop],
        triangle[start:stop],
        barycentric[start:stop],
    )


@kernel
def occluded_range(
    occluded8: int,
    scene: int,
    start: int,
    stop: int,
    origin: F4,
    direction: F4,
    time: F4,
    near: F4,
    far: F4,
    blocked: Bool,
) -> None:
    """:func:`occluded_many` for the rows from ``start`` to ``stop``, to be called from Python."""
    occluded_many(
        occluded8,
        scene,
        origin[start:stop],
        direction[start:stop],
        time[start:stop],
        near[start:stop],
        far[start:stop],
        blocked[start:stop],
    )
