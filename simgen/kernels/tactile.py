"""A gel seen from behind: its membrane smoothed, the point that every pixel sees, its light and its noise.

Frame: x out of the gel, y left, z up, origin at the gel's foremost point. Height maps are (Z Y), evenly spaced nodes
from the lowest z and y to the highest. ``gel`` holds half width, half height, radius of curvature, deepest
indentation; ``view`` the camera's distance behind the origin and a pixel's size at distance 1. Metres, all of them.
"""

from __future__ import annotations

import math

import numpy as np

from simgen.kernels.jit import device, kernel
from simgen.kernels.noise import normal
from simgen.kernels.pose import normalise
from simgen.records.base import F4, F8, I8, U1, U4

#: steps along a ray over the depth where the membrane can be; then so many at most to within so many metres of it
_STEPS = 12
_MOST = 30
_NEAR = 1e-9
#: matt and glossy share of the coating, the gloss's exponent (Blinn and Phong), light from everywhere
_MATT, _GLOSS, _SHARP, _AMBIENT = 0.36, 0.12, 20.0, 0.05


@kernel
def smooth(height: F8, weight: F8, along_y: bool, out: F8) -> None:
    """One pass of a filter of 2 n + 1 weights; the map goes on beyond its borders as it is there."""
    rows, columns, reach = height.shape[0], height.shape[1], len(weight) // 2
    for i in range(rows):
        for j in range(columns):
            total = 0.0
            for k in range(-reach, reach + 1):
                if along_y:
                    total += weight[k + reach] * height[i, min(max(j + k, 0), columns - 1)]
                else:
                    total += weight[k + reach] * height[min(max(i + k, 0), rows - 1), j]
            out[i, j] = total


@device
def _sample(height: F8, gel: F8, y: float, z: float) -> float:
    """Between the nodes: bilinear."""
    rows, columns = height.shape[0], height.shape[1]
    u = min(max((y + gel[0]) / (2.0 * gel[0]), 0.0), 1.0) * (columns - 1)
    v = min(max((z + gel[1]) / (2.0 * gel[1]), 0.0), 1.0) * (rows - 1)
    j, i = min(int(u), columns - 2), min(int(v), rows - 2)
    a, b = u - j, v - i
    low = height[i, j] + a * (height[i, j + 1] - height[i, j])
    high = height[i + 1, j] + a * (height[i + 1, j + 1] - height[i + 1, j])
    return float(low + b * (high - low))


@device
def _ball(gel: F8, y: float, z: float) -> float:
    """Where the gel at rest is along x: a ball's surface, 0 at its foremost point."""
    return float(math.sqrt(max(gel[2] * gel[2] - y * y - z * z, 0.0)) - gel[2])


@device
def _beyond(height: F8, gel: F8, reach: float, back: float, y: float, z: float) -> float:
    """How far the point at ``reach`` on a pixel's ray lies in front of the pressed gel; y and z are at distance 1."""
    a, b = reach * y, reach * z
    return float(reach - back - _ball(gel, a, b) + _sample(height, gel, a, b))


@device
def _meet(height: F8, gel: F8, back: float, y: float, z: float) -> float:
    """Distance along x from the camera to where a pixel's ray first meets the pressed gel."""
    # the gel at rest recedes from the origin the farther out, at most to its corners
    low = back + _ball(gel, gel[0], gel[1]) - gel[3]
    step = (back - low) / _STEPS
    before, high, after = _beyond(height, gel, low, back, y, z), low, 0.0
    if before >= 0.0:
        # past the gel's border, where it would go on to fall
        return float(low)
    for _ in range(_STEPS):
        high = low + step
        after = _beyond(height, gel, high, back, y, z)
        if after >= 0.0:
            break
        low, before = high, after
    # false position, after Illinois (Dowell and Jarratt 1971): the end that stays twice counts half
    reach, side = high, 0
    for _ in range(_MOST):
        reach = high - after * (high - low) / max(after - before, 1e-30)
        value = _beyond(height, gel, reach, back, y, z)
        if abs(value) < _NEAR:
            break
        if value >= 0.0:
            high, after, before, side = reach, value, before * (0.5 if side == 1 else 1.0), 1
        else:
            low, before, after, side = reach, value, after * (0.5 if side == -1 else 1.0), -1
    return float(reach)


@device
def _light(lamp: F8, x: float, y: float, z: float, nx: float, ny: float, nz: float, back: float) -> float:
    """What the coating sends to the camera: Lambert's and Blinn's terms of one lamp, whose light falls with 1/r^2."""
    lx, ly, lz = lamp[0] - x, lamp[1] - y, lamp[2] - z
    square = lx * lx + ly * ly + lz * lz
    full = lamp[0] * lamp[0] + lamp[1] * lamp[1] + lamp[2] * lamp[2]
    lx, ly, lz = normalise(lx, ly, lz)
    vx, vy, vz = normalise(-back - x, -y, -z)
    hx, hy, hz = normalise(lx + vx, ly + vy, lz + vz)
    matt, gloss = max(nx * lx + ny * ly + nz * lz, 0.0), max(nx * hx + ny * hy + nz * hz, 0.0)
    return full / square * (_MATT * matt + _GLOSS * gloss**_SHARP) if matt > 0.0 else 0.0


@device
def _corner(vertices: F4, row: int, turn: F8, offset: F8) -> tuple[float, float, float]:
    """A vertex in the gel's frame."""
    x, y, z = float(vertices[row, 0]), float(vertices[row, 1]), float(vertices[row, 2])
    return (
        turn[0, 0] * x + turn[0, 1] * y + turn[0, 2] * z + offset[0],
        turn[1, 0] * x + turn[1, 1] * y + turn[1, 2] * z + offset[1],
        turn[2, 0] * x + turn[2, 1] * y + turn[2, 2] * z + offset[2],
    )


@device
def _nodes(low: float, high: float, half: float, count: int) -> tuple[int, int]:
    """First node within an interval, and the one after the last."""
    step = 2.0 * half / (count - 1)
    first, last = math.ceil((low + half) / step - 1e-6), math.floor((high + half) / step + 1e-6)
    return int(max(first, 0)), int(min(last, count - 1)) + 1


@kernel
def press(
    vertices: F4, triangles: U4, turn: F8, offset: F8, gel: F8, number: int, height: F8, thing: I8, triangle: I8
) -> None:
    """Press a mesh in: where it lies deeper inside the gel at rest than what did before, note depth, thing, triangle.

    Every node of ``height`` looks along x at every triangle over it; ``turn`` and ``offset`` bring vertices into the
    gel's frame, moved in already. What lies deeper than twice the deepest indentation is behind the gel, not in it.
    """
    rows, columns = height.shape
    dy, dz = 2.0 * gel[0] / (columns - 1), 2.0 * gel[1] / (rows - 1)
    for t in range(len(triangles)):
        ax, ay, az = _corner(vertices, triangles[t, 0], turn, offset)
        bx, by, bz = _corner(vertices, triangles[t, 1], turn, offset)
        cx, cy, cz = _corner(vertices, triangles[t, 2], turn, offset)
        size = (by - ay) * (cz - az) - (bz - az) * (cy - ay)
        if min(ax, bx, cx) >= 0.0 or abs(size) < 1e-16:
            continue
        j0, j1 = _nodes(min(ay, by, cy), max(ay, by, cy), gel[0], columns)
        i0, i1 = _nodes(min(az, bz, cz), max(az, bz, cz), gel[1], rows)
        for i in range(i0, i1):
            z = i * dz - gel[1]
            for j in range(j0, j1):
                y = j * dy - gel[0]
                p = ((y - ay) * (cz - az) - (z - az) * (cy - ay)) / size
                q = ((by - ay) * (z - az) - (bz - az) * (y - ay)) / size
                if min(p, q, 1.0 - p - q) < -1e-6:
                    continue
                deep = _ball(gel, y, z) - (ax + p * (bx - ax) + q * (cx - ax))
                if height[i, j] < deep <= 2.0 * gel[3]:
                    height[i, j], thing[i, j], triangle[i, j] = deep, number, t


@kernel
def look(
    start: int,
    stop: int,
    width: int,
    rows: int,
    height: F8,
    gel: F8,
    view: F8,
    lamps: F8,
    light: F4,
    deep: F4,
    node: I8,
) -> None:
    """Light (N 3) that pixels get, 1 = full scale, the indentation there, and the nearest node of the map (-1: none).

    Row 0 is the highest z, column 0 the leftmost (highest y). Each of the three ``lamps`` lights its own colour.
    Beyond the gel's borders is its black frame.
    """
    back, pixel = view[0], view[1]
    dy, dz = 2.0 * gel[0] / (height.shape[1] - 1), 2.0 * gel[1] / (height.shape[0] - 1)
    for i in range(start, stop):
        v = i // width
        ty, tz = (0.5 * width - (i - v * width) - 0.5) * pixel, (0.5 * rows - v - 0.5) * pixel
        reach = _meet(height, gel, back, ty, tz)
        y, z = reach * ty, reach * tz
        light[i, 0], light[i, 1], light[i, 2], deep[i], node[i] = 0.0, 0.0, 0.0, 0.0, -1
        if abs(y) > gel[0] or abs(z) > gel[1]:
            continue
        deep[i] = _sample(height, gel, y, z)
        row, column = math.floor((z + gel[1]) / dz + 0.5), math.floor((y + gel[0]) / dy + 0.5)
        node[i] = row * height.shape[1] + column
        round_x = max(math.sqrt(max(gel[2] * gel[2] - y * y - z * z, 0.0)), 1e-9)
        sy = -y / round_x - (_sample(height, gel, y + dy, z) - _sample(height, gel, y - dy, z)) / (2.0 * dy)
        sz = -z / round_x - (_sample(height, gel, y, z + dz) - _sample(height, gel, y, z - dz)) / (2.0 * dz)
        nx, ny, nz = normalise(-1.0, sy, sz)
        for c in range(3):
            light[i, c] = _AMBIENT + _light(lamps[c], reach - back, y, z, nx, ny, nz, back)


@kernel
def expose(start: int, stop: int, light: F4, noise: float, key: int, out: U1) -> None:
    """Counts (N 3) from 0 to 255, linear, with Gaussian noise of so many counts."""
    for i in range(start, stop):
        for c in range(3):
            value = 255.0 * float(light[i, c])
            if noise > 0.0:
                value += noise * normal(key, i, c)
            out[i, c] = np.uint8(min(max(math.floor(value + 0.5), 0.0), 255.0))
