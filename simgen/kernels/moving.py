"""Moving instances as Embree's user geometry: bodies at each ray's own time, in callbacks.

A ray that meets an instance's box is taken into the body's frame at the ray's time (linear and slerp, exactly as
:mod:`simgen.kernels.pose` has it, not chords of it) and sent on into the mesh's own scene by ``rtcForwardIntersect``.

The callbacks read a table of 64-bit words (:data:`TABLE_WORDS`) behind the geometry's user pointer: the addresses of
position (S, B, 3) f4, quaternion (S, B, 4) f4, rows of the moving instances (M,) i8, their boxes (M, 8) f4, bodies of
all instances (I,) u4 and scenes of their meshes (I,) u8; S and B; the addresses of rtcForwardIntersect1, 8 and 16 and
of rtcForwardOccluded1, 8 and 16.
Their argument is ``RTCIntersectFunctionNArguments``: valid, user pointer, primitive, context, rays, N.
"""

from __future__ import annotations

from typing import Any, cast

import numba
import numpy as np

from simgen.kernels.inner import inner
from simgen.kernels.jit import callback, device
from simgen.kernels.native import STACK_WORDS, call_five, call_four, pointer, stack_block
from simgen.kernels.pose import Pose, body_pose, rotate_inverse
from simgen.records.base import F4

#: an array over memory at an address; numba's stub knows only ctypes pointers
carray: Any = cast(Any, numba).carray
#: words of the table, and where the functions begin in it
TABLE_WORDS = 14
_INTERSECT = 8
_OCCLUDED = 11
_LOW = np.uint64(0xFFFFFFFF)


@inner
def _to_body(pose: Pose, moved: F4, rays: F4, width: int, lane: int) -> None:
    """One ray of a packet, in the frame of a body's pose."""
    px, py, pz, w, x, y, z = pose
    ox, oy, oz = rotate_inverse(
        w,
        x,
        y,
        z,
        float(rays[lane]) - px,
        float(rays[width + lane]) - py,
        float(rays[2 * width + lane]) - pz,
    )
    dx, dy, dz = rotate_inverse(
        w, x, y, z, float(rays[4 * width + lane]), float(rays[5 * width + lane]), float(rays[6 * width + lane])
    )
    moved[lane], moved[width + lane], moved[2 * width + lane] = ox, oy, oz
    moved[4 * width + lane], moved[5 * width + lane], moved[6 * width + lane] = dx, dy, dz
    moved[3 * width + lane] = rays[3 * width + lane]
    moved[7 * width + lane] = rays[7 * width + lane]
    moved[8 * width + lane] = rays[8 * width + lane]


@device
def _forward(arguments: int, function: int) -> None:
    """Send the rays of a packet (1, 8 or 16 lanes) on into the scene of the primitive that they have met."""
    given = carray(pointer(arguments), 6, np.uint64)
    table = carray(pointer(given[1]), TABLE_WORDS, np.uint64)
    steps, bodies = int(np.int64(table[6])), int(np.int64(table[7]))
    position = carray(pointer(table[0]), (steps, bodies, 3), np.float32)
    quaternion = carray(pointer(table[1]), (steps, bodies, 4), np.float32)
    primitive = int(np.int64(given[2] & _LOW))
    row = carray(pointer(table[2]), primitive + 1, np.int64)[primitive]
    body = int(np.int64(carray(pointer(table[4]), row + 1, np.uint32)[row]))
    scene = carray(pointer(table[5]), row + 1, np.uint64)[row]
    width = int(np.int64(given[5] & _LOW))
    rays = carray(pointer(given[4]), 12 * width, np.float32)
    valid = carray(pointer(given[0]), width, np.int32)
    block = stack_block()
    moved = carray(pointer(block), STACK_WORDS, np.float32)
    # most packets are of one time: one pose for all
    known, when, pose = False, np.float32(0.0), (0.0, 0.0, 0.0, 1.0, 0.0, 0.0, 0.0)
    for lane in range(width):
        if valid[lane] != 0:
            if not known or rays[7 * width + lane] != when:
                known, when = True, rays[7 * width + lane]
                pose = body_pose(position, quaternion, body, when)
            _to_body(pose, moved, rays, width, lane)
    if width == 1:
        call_four(table[function], arguments, scene, block, row)
    else:
        wide = function + (1 if width == 8 else 2)
        call_five(table[wide], given[0], arguments, scene, block, row)


def _bounds(arguments: int) -> None:
    """``RTCBoundsFunction``: its arguments are user pointer, primitive and time step, address of the box."""
    given = carray(pointer(arguments), 3, np.uint64)
    table = carray(pointer(given[0]), TABLE_WORDS, np.uint64)
    primitive = int(np.int64(given[1] & _LOW))
    boxes = carray(pointer(table[3]), (primitive + 1, 8), np.float32)
    out = carray(pointer(given[2]), 8, np.float32)
    for k in range(8):
        out[k] = boxes[primitive, k]


def _intersect(arguments: int) -> None:
    """``RTCIntersectFunctionN``."""
    _forward(arguments, _INTERSECT)


def _occluded(arguments: int) -> None:
    """``RTCOccludedFunctionN``."""
    _forward(arguments, _OCCLUDED)


#: addresses of the callbacks
BOUNDS = callback(_bounds)
INTERSECT = callback(_intersect)
OCCLUDED = callback(_occluded)
