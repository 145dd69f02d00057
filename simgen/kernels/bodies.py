"""Rays taken into the frame of a moving body, each at its own time: for engines that know no instances."""

from __future__ import annotations

import math

import numpy as np

from simgen.kernels.jit import kernel
from simgen.kernels.pose import body_pose, normalise, rotate_inverse
from simgen.records.base import F4, F8, I8


@kernel
def rays_to_body(
    body: int,
    sphere: F8,
    position: F4,
    quaternion: F4,
    origin: F4,
    direction: F4,
    time: F4,
    near: F4,
    far: F4,
    rows: I8,
    local: F4,
) -> int:
    """Keep the rays that can meet a sphere and take them into the frame of a body.

    Args:
        body: whose frame.
        sphere: (4,) centre and radius of all that the body sweeps.
        position: (S, B, 3) as in Motion.
        quaternion: (S, B, 4) as in Motion.
        origin: (N, 3) as in Rays, and so on for ``direction``, ``time`` and ``near``.
        direction: (N, 3).
        time: (N,).
        near: (N,).
        far: (N,) what lies beyond does not matter (the nearest hit so far).
        rows: (N,) i8, written: rows of the rays that are kept.
        local: (N, 6) f4, written: origin (moved on to ``near``) and direction in the body's frame.

    Returns:
        How many rays are kept.
    """
    kept = 0
    for row in range(origin.shape[0]):
        if not far[row] > near[row]:
            continue
        dx, dy, dz = float(direction[row, 0]), float(direction[row, 1]), float(direction[row, 2])
        ox, oy, oz = float(origin[row, 0]), float(origin[row, 1]), float(origin[row, 2])
        ux, uy, uz = normalise(dx, dy, dz)
        cx, cy, cz = sphere[0] - ox, sphere[1] - oy, sphere[2] - oz
        along = cx * ux + cy * uy + cz * uz
        aside = cx * cx + cy * cy + cz * cz - along * along
        if aside > sphere[3] * sphere[3]:
            continue
        length = math.sqrt(dx * dx + dy * dy + dz * dz)
        if along + sphere[3] < near[row] * length or along - sphere[3] > far[row] * length:
            continue
        px, py, pz, w, x, y, z = body_pose(position, quaternion, body, time[row])
        start = float(near[row])
        ax, ay, az = rotate_inverse(w, x, y, z, ox + start * dx - px, oy + start * dy - py, oz + start * dz - pz)
        bx, by, bz = rotate_inverse(w, x, y, z, dx, dy, dz)
        rows[kept] = row
        local[kept, 0], local[kept, 1], local[kept, 2] = np.float32(ax), np.float32(ay), np.float32(az)
        local[kept, 3], local[kept, 4], local[kept, 5] = np.float32(bx), np.float32(by), np.float32(bz)
        kept += 1
    return kept
