"""Optical flow: where the same material point is in the next frame, at the time of the row where it is then."""

from __future__ import annotations

import math

import numpy as np

from simgen.kernels.inner import inner
from simgen.kernels.lens import PINHOLE, image_of
from simgen.kernels.pose import Vector, rotate
from simgen.kernels.surface import pose_of
from simgen.kernels.wave import BODY, EYE, LENGTH, LOCAL, RAY_TIME, TURN, VIEW, Bodies, Layers, Optics, Shapes, Wave
from simgen.records.base import F4
from simgen.records.frames import FLOW_IN_IMAGE, FLOW_NO_NEXT, FLOW_OCCLUDED
from simgen.records.stage import NO_HIT

_NOTHING = np.uint32(NO_HIT)
#: rounds of finding the row whose own time sees the point there; each divides the error by the row's share of a frame
_ROUNDS = 5
#: part of the way to the point that must be free, for a point just under its own surface's rounding not to count
_REACH = 0.999
#: entry of a lens with the columns of a full turn, as in :mod:`simgen.lens.base`
TURN_PX = 15
#: depth up to which a point counts as behind the camera, m
_BEHIND = 1e-6


@inner
def _blend(optics: Optics, v: float) -> tuple[int, int, float]:
    """Rows around an image height and the share of the second; heights outside take the first or last row."""
    last = optics.rows.shape[0] - 1
    at = min(max(v - 0.5, 0.0), float(last))
    low = min(int(at), max(last - 1, 0))
    return low, min(low + 1, last), at - low


@inner
def _see(optics: Optics, low: int, high: int, t: float, x: float, y: float, z: float, sky: bool) -> Vector:
    """Image position and distance of a point (of a direction, for the sky) from the camera between two rows.

    The distance is a pinhole's depth, other lenses' range; 0 where the lens does not see the point.
    """
    r, s, a, b, c = optics.rows, 1.0 - t, TURN, TURN + 3, TURN + 6
    if t == 0.0:
        # one row sees all: the same numbers with less to reckon
        if not sky:
            x, y, z = x - r[low, EYE], y - r[low, EYE + 1], z - r[low, EYE + 2]
        cx = r[low, a] * x + r[low, b] * y + r[low, c] * z
        cy = r[low, a + 1] * x + r[low, b + 1] * y + r[low, c + 1] * z
        cz = r[low, a + 2] * x + r[low, b + 2] * y + r[low, c + 2] * z
    else:
        if not sky:
            x -= s * r[low, EYE] + t * r[high, EYE]
            y -= s * r[low, EYE + 1] + t * r[high, EYE + 1]
            z -= s * r[low, EYE + 2] + t * r[high, EYE + 2]
        cx = (s * r[low, a] + t * r[high, a]) * x + (s * r[low, b] + t * r[high, b]) * y
        cy = (s * r[low, a + 1] + t * r[high, a + 1]) * x + (s * r[low, b + 1] + t * r[high, b + 1]) * y
        cz = (s * r[low, a + 2] + t * r[high, a + 2]) * x + (s * r[low, b + 2] + t * r[high, b + 2]) * y
        cx += (s * r[low, c] + t * r[high, c]) * z
        cy += (s * r[low, c + 1] + t * r[high, c + 1]) * z
        cz += (s * r[low, c + 2] + t * r[high, c + 2]) * z
    if optics.model == PINHOLE:
        safe = cz if cz > _BEHIND else 1.0
        return optics.fx * cx / safe + optics.cx, optics.fy * cy / safe + optics.cy, cz
    u, v, good = image_of(optics.model, optics.lens, cx, cy, cz)
    return u, v, math.sqrt(cx * cx + cy * cy + cz * cz) if good else 0.0


@inner
def _round(turn: float, u: float, before: float) -> float:
    """A column of a full panorama by the short way round from another one."""
    return u - turn * math.floor((u - before) / turn + 0.5)


@inner
def _ray_there(
    optics: Optics,
    low: int,
    high: int,
    t: float,
    x: float,
    y: float,
    z: float,
    depth: float,
    sky: bool,
    wave: Wave,
    i: int,
) -> None:
    """The ray from the next camera to the point, or along the direction of a piece of sky."""
    s, r = 1.0 - t, optics.rows
    wave.time[i] = s * r[low, RAY_TIME] + t * r[high, RAY_TIME]
    wave.near[i] = optics.near / depth
    wave.far[i] = np.inf if sky else _REACH
    for axis in range(3):
        eye = s * r[low, EYE + axis] + t * r[high, EYE + axis]
        there = x if axis == 0 else (y if axis == 1 else z)
        wave.origin[i, axis] = eye
        wave.direction[i, axis] = there if sky else there - eye


@inner
def move(
    shapes: Shapes, bodies: Bodies, optics: Optics, has_next: bool, places: F4, first: int, wave: Wave, out: Layers
) -> None:
    """Flow of every ray; the wave's rays become those that test whether the point is seen then.

    ``bodies`` and ``optics`` are the next frame's.
    """
    state = wave.state
    for i in range(wave.time.shape[0]):
        at = first + i
        out.flow[at, 0], out.flow[at, 1], out.flow_valid[at] = 0.0, 0.0, 0 if has_next else FLOW_NO_NEXT
        wave.far[i] = 0.0
        if not has_next or state[i, LENGTH] == 0.0:
            continue
        sky = wave.instance[i] == _NOTHING
        body = 0 if sky else shapes.instances[int(wave.instance[i]), BODY]
        u, v = float(places[at, 0]), float(places[at, 1])
        tu, tv, depth, low, high, t = u, v, 1.0, 0, 0, 0.0
        x, y, z = float(state[i, VIEW]), float(state[i, VIEW + 1]), float(state[i, VIEW + 2])
        for _ in range(_ROUNDS if optics.rows.shape[0] > 1 else 1):
            low, high, t = _blend(optics, tv)
            if not sky:
                time = (1.0 - t) * optics.rows[low, RAY_TIME] + t * optics.rows[high, RAY_TIME]
                px, py, pz, qw, qx, qy, qz = pose_of(bodies, body, time)
                x, y, z = float(state[i, LOCAL]), float(state[i, LOCAL + 1]), float(state[i, LOCAL + 2])
                if qx != 0.0 or qy != 0.0 or qz != 0.0:
                    x, y, z = rotate(qw, qx, qy, qz, x, y, z)
                x, y, z = x + px, y + py, z + pz
            tu, tv, depth = _see(optics, low, high, t, x, y, z, sky)
            if depth <= _BEHIND:
                break
        if depth <= _BEHIND or not bodies.exists[body]:
            continue
        turn = optics.lens[TURN_PX]
        if turn > 0.0:
            out.flow[at, 0], tu = _round(turn, tu, u) - u, tu - turn * math.floor(tu / turn)
        else:
            out.flow[at, 0] = tu - u
        out.flow[at, 1] = tv - v
        if 0.0 <= tu < optics.width and 0.0 <= tv < optics.height:
            out.flow_valid[at] = FLOW_IN_IMAGE
            _ray_there(optics, low, high, t, x, y, z, depth, sky, wave, i)


@inner
def judge(wave: Wave, out: Layers, first: int) -> None:
    """Add the bit of points that something hides then."""
    for i in range(wave.time.shape[0]):
        if wave.far[i] > 0.0 and wave.blocked[i]:
            out.flow_valid[first + i] = out.flow_valid[first + i] | FLOW_OCCLUDED
