"""Optical flow: where the same material point is in the next frame, at the time of the row where it is then."""

from __future__ import annotations

import numpy as np

from simgen.kernels.jit import device
from simgen.kernels.pose import to_world
from simgen.kernels.shading import pose_of
from simgen.kernels.wave import Bodies, Layers, Optics, Shapes, Wave
from simgen.records.base import F4
from simgen.records.frames import FLOW_IN_IMAGE, FLOW_NO_NEXT, FLOW_OCCLUDED
from simgen.records.stage import NO_HIT

_NOTHING = np.uint32(NO_HIT)
#: rounds of finding the row whose own time sees the point there; each divides the error by the row's share of a frame
_ROUNDS = 5
#: part of the way to the point that must be free, for a point just under its own surface's rounding not to count
_REACH = 0.999


@device
def _blend(optics: Optics, v: float) -> tuple[int, int, float]:
    """Rows around an image height and the share of the second; heights outside take the first or last row."""
    last = optics.time.shape[0] - 1
    at = min(max(v - 0.5, 0.0), float(last))
    low = min(int(at), max(last - 1, 0))
    return low, min(low + 1, last), at - low


@device
def _see(
    optics: Optics, low: int, high: int, t: float, x: float, y: float, z: float, sky: bool
) -> tuple[float, float, float]:
    """Image position and depth of a point (of a direction, for the sky) from the camera between two rows."""
    s = 1.0 - t
    p, q, r, w = optics.position[low], optics.position[high], optics.rotation[low], optics.rotation[high]
    if not sky:
        x -= s * p[0] + t * q[0]
        y -= s * p[1] + t * q[1]
        z -= s * p[2] + t * q[2]
    cx = (s * r[0, 0] + t * w[0, 0]) * x + (s * r[1, 0] + t * w[1, 0]) * y + (s * r[2, 0] + t * w[2, 0]) * z
    cy = (s * r[0, 1] + t * w[0, 1]) * x + (s * r[1, 1] + t * w[1, 1]) * y + (s * r[2, 1] + t * w[2, 1]) * z
    cz = (s * r[0, 2] + t * w[0, 2]) * x + (s * r[1, 2] + t * w[1, 2]) * y + (s * r[2, 2] + t * w[2, 2]) * z
    safe = cz if cz > 1e-6 else 1.0
    return optics.fx * cx / safe + optics.cx, optics.fy * cy / safe + optics.cy, cz


@device
def move(shapes: Shapes, bodies: Bodies, optics: Optics, has_next: bool, places: F4, wave: Wave, out: Layers) -> None:
    """Flow of every ray, and the rays that test whether the point is seen then. ``bodies``, ``optics``: the next frame's."""
    for i in range(places.shape[0]):
        out.flow[i, 0], out.flow[i, 1], out.flow_valid[i] = 0.0, 0.0, FLOW_NO_NEXT
        wave.next_near[i], wave.next_far[i], wave.next_time[i] = 0.0, 0.0, 0.0
        for axis in range(3):
            wave.next_origin[i, axis], wave.next_direction[i, axis] = 0.0, 1.0
        if not has_next:
            continue
        out.flow_valid[i] = 0
        sky = wave.instance[i] == _NOTHING
        body = 0 if sky else int(shapes.instance_body[wave.instance[i]])
        u, v = float(places[i, 0]), float(places[i, 1])
        tu, tv, depth = u, v, 1.0
        x, y, z = float(wave.direction[i, 0]), float(wave.direction[i, 1]), float(wave.direction[i, 2])
        low, high, t, time = 0, 0, 0.0, 0.0
        for _ in range(_ROUNDS if optics.time.shape[0] > 1 else 1):
            low, high, t = _blend(optics, tv)
            time = (1.0 - t) * optics.time[low] + t * optics.time[high]
            if not sky:
                px, py, pz, qw, qx, qy, qz = pose_of(bodies, body, time)
                x, y, z = to_world(
                    px,
                    py,
                    pz,
                    qw,
                    qx,
                    qy,
                    qz,
                    float(wave.local[i, 0]),
                    float(wave.local[i, 1]),
                    float(wave.local[i, 2]),
                )
            tu, tv, depth = _see(optics, low, high, t, x, y, z, sky)
            if depth <= 1e-6:
                break
        if depth <= 1e-6 or not bodies.exists[body]:
            continue
        out.flow[i, 0], out.flow[i, 1] = tu - u, tv - v
        if not (0.0 <= tu < optics.width and 0.0 <= tv < optics.height):
            continue
        out.flow_valid[i] = FLOW_IN_IMAGE
        s = 1.0 - t
        wave.next_time[i] = time
        wave.next_near[i] = optics.near / depth
        wave.next_far[i] = np.inf if sky else _REACH
        for axis in range(3):
            eye = s * optics.position[low, axis] + t * optics.position[high, axis]
            wave.next_origin[i, axis] = eye
            there = x if axis == 0 else (y if axis == 1 else z)
            wave.next_direction[i, axis] = there if sky else there - eye


@device
def judge(wave: Wave, out: Layers) -> None:
    """Add the bit of points that something hides then."""
    for i in range(out.flow_valid.shape[0]):
        if wave.next_far[i] > 0.0 and wave.next_blocked[i]:
            out.flow_valid[i] = out.flow_valid[i] | FLOW_OCCLUDED
