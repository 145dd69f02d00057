"""Lens models in kernels: where a direction falls in the image, and which ray a place in the image looks along.

``c`` holds the coefficients of :mod:`simgen.lens.base`: fx, fy, cx, cy, eight of distortion, the largest angle, image
radius and slope there, the columns of a full turn. The pinhole has its own short formulas where it matters.
"""

from __future__ import annotations

import math

from simgen.kernels.inner import inner
from simgen.kernels.jit import kernel
from simgen.kernels.pose import Vector
from simgen.kernels.wave import PLACE_RAY
from simgen.records.base import F4, F8

#: numbers of the models, as in :mod:`simgen.lens`
PINHOLE = 0
BROWN_CONRADY = 1
FISHEYE = 2
EQUIRECTANGULAR = 3

#: entries of ``c``, as in :mod:`simgen.lens.base`
_K = 4
_LIMIT = 12
_EDGE = 13
_SLOPE = 14
_TURN = 15
#: rounds of Newton's method within a bracket, and in two dimensions
_ROUNDS = 40
_ROUNDS_2D = 12
_EXACT = 1e-9


@inner
def _radius(model: int, c: F8, t: float) -> float:
    """Image radius over the focal length: of an angle (fisheye), or of a tangent, tangential terms left out."""
    s = t * t
    if model == FISHEYE:
        return float(t * (1.0 + s * (c[_K] + s * (c[_K + 1] + s * (c[_K + 2] + s * c[_K + 3])))))
    above = 1.0 + s * (c[_K] + s * (c[_K + 1] + s * c[_K + 4]))
    return float(t * above / (1.0 + s * (c[_K + 5] + s * (c[_K + 6] + s * c[_K + 7]))))


@inner
def _growth(model: int, c: F8, t: float) -> float:
    """Derivative of the image radius."""
    s = t * t
    if model == FISHEYE:
        return float(1.0 + s * (3.0 * c[_K] + s * (5.0 * c[_K + 1] + s * (7.0 * c[_K + 2] + s * 9.0 * c[_K + 3]))))
    above = 1.0 + s * (c[_K] + s * (c[_K + 1] + s * c[_K + 4]))
    below = 1.0 + s * (c[_K + 5] + s * (c[_K + 6] + s * c[_K + 7]))
    rise = c[_K] + s * (2.0 * c[_K + 1] + s * 3.0 * c[_K + 4])
    fall = c[_K + 5] + s * (2.0 * c[_K + 6] + s * 3.0 * c[_K + 7])
    return float((above + 2.0 * s * rise) / below - 2.0 * s * above * fall / (below * below))


@inner
def _solved(model: int, c: F8, radius: float, highest: float) -> float:
    """What has that image radius, within [0, highest]: Newton's method in a bracket."""
    low, high, at = 0.0, highest, min(radius, highest)
    for _ in range(_ROUNDS):
        miss = _radius(model, c, at) - radius
        if miss <= 0.0:
            low = at
        else:
            high = at
        after = at - miss / _growth(model, c, at)
        if not low <= after <= high:
            after = 0.5 * (low + high)
        if abs(after - at) <= 1e-15 * (1.0 + abs(at)):
            return after
        at = after
    return at


@inner
def _distorted(c: F8, a: float, b: float) -> tuple[float, float]:
    """Brown-Conrady, of tangents."""
    s = a * a + b * b
    above = 1.0 + s * (c[_K] + s * (c[_K + 1] + s * c[_K + 4]))
    q = above / (1.0 + s * (c[_K + 5] + s * (c[_K + 6] + s * c[_K + 7])))
    p, r = c[_K + 2], c[_K + 3]
    return a * q + 2.0 * p * a * b + r * (s + 2.0 * a * a), b * q + p * (s + 2.0 * b * b) + 2.0 * r * a * b


@inner
def _tangents(c: F8, a0: float, b0: float) -> tuple[float, float, bool]:
    """Brown-Conrady inverted: the radial part by itself, then both by Newton's method; whether the lens sees there."""
    highest, radius = math.tan(c[_LIMIT]), math.hypot(a0, b0)
    scale = _solved(BROWN_CONRADY, c, radius, highest) / radius if radius > 0.0 else 1.0
    a, b, p, r = a0 * scale, b0 * scale, c[_K + 2], c[_K + 3]
    for _ in range(_ROUNDS_2D):
        da, db = _distorted(c, a, b)
        da, db = da - a0, db - b0
        if da * da + db * db < 1e-30:
            break
        s = a * a + b * b
        below = 1.0 + s * (c[_K + 5] + s * (c[_K + 6] + s * c[_K + 7]))
        q = (1.0 + s * (c[_K] + s * (c[_K + 1] + s * c[_K + 4]))) / below
        rise = c[_K] + s * (2.0 * c[_K + 1] + s * 3.0 * c[_K + 4])
        fall = c[_K + 5] + s * (2.0 * c[_K + 6] + s * 3.0 * c[_K + 7])
        change = 2.0 * (rise - q * fall) / below
        aa, ab = q + a * a * change + 2.0 * p * b + 6.0 * r * a, a * b * change + 2.0 * p * a + 2.0 * r * b
        bb = q + b * b * change + 6.0 * p * b + 2.0 * r * a
        determinant = aa * bb - ab * ab
        a, b = a - (bb * da - ab * db) / determinant, b - (aa * db - ab * da) / determinant
    da, db = _distorted(c, a, b)
    good = abs(da - a0) + abs(db - b0) < _EXACT and a * a + b * b <= highest * highest * (1.0 + 1e-9)
    return a, b, good


@inner
def ray_of(model: int, c: F8, u: float, v: float) -> Vector:
    """Direction that an image position looks along, camera frame: unit, or of depth 1 for the pinhole.

    All zero where the lens sees nothing.
    """
    a, b = (u - c[2]) / c[0], (v - c[3]) / c[1]
    if model == PINHOLE:
        return a, b, 1.0
    if model == EQUIRECTANGULAR:
        # half a pixel past a pole or the seam is where extra samples of the last row or column may lie
        if abs(b) > 0.5 * math.pi or (c[_TURN] == 0.0 and abs(a) > math.pi):
            return 0.0, 0.0, 0.0
        level = math.cos(b)
        return math.sin(a) * level, math.sin(b), math.cos(a) * level
    if model == FISHEYE:
        radius = math.hypot(a, b)
        if radius > c[_EDGE]:
            return 0.0, 0.0, 0.0
        theta = _solved(FISHEYE, c, radius, c[_LIMIT])
        sine = math.sin(theta) / radius if radius > 0.0 else 0.0
        return sine * a, sine * b, math.cos(theta)
    x, y, good = _tangents(c, a, b)
    if not good:
        return 0.0, 0.0, 0.0
    scale = 1.0 / math.sqrt(x * x + y * y + 1.0)
    return x * scale, y * scale, scale


@inner
def image_of(model: int, c: F8, x: float, y: float, z: float) -> tuple[float, float, bool]:
    """Image position of a direction of any length, and whether the lens sees it.

    Beyond the lens's largest angle the image goes on outwards along a straight line, so that outlines can be followed
    across the border; columns of a panorama lie within half a turn of its middle.
    """
    if model == PINHOLE:
        good = z > 1e-6
        safe = z if good else 1.0
        return c[0] * x / safe + c[2], c[1] * y / safe + c[3], good
    across = math.hypot(x, y)
    if model == EQUIRECTANGULAR:
        return c[0] * math.atan2(x, z) + c[2], c[1] * math.atan2(y, math.hypot(x, z)) + c[3], True
    theta, limit = math.atan2(across, z), c[_LIMIT]
    if across == 0.0:
        return c[2], c[3], theta <= limit
    if model == FISHEYE:
        radius = _radius(FISHEYE, c, theta) if theta <= limit else c[_EDGE] + c[_SLOPE] * (theta - limit)
        return c[0] * radius * x / across + c[2], c[1] * radius * y / across + c[3], theta <= limit
    tangent = math.tan(min(theta, limit))
    a, b = _distorted(c, tangent * x / across, tangent * y / across)
    if theta > limit:
        further = c[_SLOPE] * (theta - limit)
        a, b = a + further * x / across, b + further * y / across
    return c[0] * a + c[2], c[1] * b + c[3], theta <= limit


@kernel
def fill_rays(first: int, last: int, model: int, c: F8, places: F4) -> None:
    """Write the rays of image positions into their own columns, rows first..last."""
    for i in range(first, last):
        x, y, z = ray_of(model, c, float(places[i, 0]), float(places[i, 1]))
        places[i, PLACE_RAY], places[i, PLACE_RAY + 1], places[i, PLACE_RAY + 2] = x, y, z
