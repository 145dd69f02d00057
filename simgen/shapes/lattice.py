"""Surfaces from rows of points: lattices, lofts of cross-sections, bodies of revolution, tubes along a path."""

from __future__ import annotations

from functools import lru_cache

import numpy as np
from numpy.typing import ArrayLike

from simgen.geometry import cross, normalized
from simgen.records.base import F8, I8
from simgen.shapes.soup import Soup, join


def lattice(points: ArrayLike, *, wrap: bool = False, tags: ArrayLike | int = 0) -> Soup:
    """Triangles over a grid of points (R, C, 3); quads are split along their shorter diagonal.

    The outside is where ``column direction x row direction`` points. ``wrap`` joins the last column to the first.
    ``tags`` is one number or one a quad, (R - 1, C or C - 1).
    """
    p = np.asarray(points, np.float64)
    shape, corners, along_ad, along_be = _quads(*p.shape[:2], wrap)
    flat = p.reshape(-1, 3)
    a, b, d, e = flat[corners]
    long_ad = _distance(a, d) > _distance(b, e) + 1e-9
    triangles = np.where(long_ad[:, None, None], along_be, along_ad).reshape(-1, 3)
    quad_tags = np.broadcast_to(np.asarray(tags, np.int64), shape)
    return Soup.of(flat, triangles, np.repeat(quad_tags.reshape(-1), 2))


@lru_cache(maxsize=256)
def _quads(rows: int, cols: int, wrap: bool) -> tuple[tuple[int, int], I8, I8, I8]:
    """The quads' grid, their corners a, b, d, e (4, Q), and both ways of splitting them (Q, 2, 3)."""
    r, c = np.meshgrid(np.arange(rows - 1), np.arange(cols if wrap else cols - 1), indexing="ij")
    across = (c + 1) % cols
    corners = np.stack([r * cols + c, r * cols + across, (r + 1) * cols + across, (r + 1) * cols + c])
    a, b, d, e = quads = corners.reshape(4, -1)
    along_ad = np.stack([a, b, d, a, d, e], -1).reshape(-1, 2, 3)
    along_be = np.stack([a, b, e, b, d, e], -1).reshape(-1, 2, 3)
    return (r.shape[0], r.shape[1]), quads, along_ad, along_be


def loft(rings: ArrayLike, *, tags: ArrayLike | int = 0, caps: bool = True) -> Soup:
    """A closed body through rings (R, C, 3), each counter-clockwise seen from the end that the rows run towards."""
    p = np.asarray(rings, np.float64)
    parts = [lattice(p, wrap=True, tags=tags)]
    if caps:
        quad = np.broadcast_to(np.asarray(tags, np.int64), (p.shape[0] - 1, p.shape[1]))
        parts += [fan(p[0], tag=int(quad[0, 0])).flipped(), fan(p[-1], tag=int(quad[-1, 0]))]
    return join(parts)


def fan(ring: ArrayLike, tag: int = 0) -> Soup:
    """A lid over a ring (C, 3), star-shaped about its mean, facing the side from which it is counter-clockwise."""
    p = np.asarray(ring, np.float64)
    count = len(p)
    k = np.arange(count)
    triangles = np.stack([np.full(count, count), k, (k + 1) % count], -1)
    return Soup.of(np.concatenate([p, p.mean(0, keepdims=True)]), triangles, tag)


def revolve(profile: ArrayLike, segments: int, *, tags: ArrayLike | int = 0, phase_rad: float = 0.0) -> Soup:
    """Turn a profile (R, 2) of (radius, height) about z; heights rise along the profile's outside.

    ``tags``: one number, one a profile span (R - 1,), or one a quad (R - 1, segments). Radii of 0 close the ends.
    """
    rz = np.asarray(profile, np.float64)
    angle = phase_rad + 2.0 * np.pi * np.arange(segments) / segments
    x, y = rz[:, :1] * np.cos(angle), rz[:, :1] * np.sin(angle)
    tag = np.asarray(tags, np.int64)
    quad = tag[:, None] if tag.ndim == 1 else tag
    return lattice(np.stack([x, y, np.broadcast_to(rz[:, 1:], x.shape)], -1), wrap=True, tags=quad)


def section(center: ArrayLike, half_x: ArrayLike, half_y: ArrayLike, segments: int, power: ArrayLike = 2.0) -> F8:
    """Rings (R, segments, 3) in planes of constant z: superellipses |x/a|^n + |y/b|^n = 1 (n = 2: an ellipse)."""
    c = np.asarray(center, np.float64).reshape(-1, 3)
    a, b, n = (np.broadcast_to(np.asarray(v, np.float64), (len(c),))[:, None] for v in (half_x, half_y, power))
    angle = 2.0 * np.pi * np.arange(segments) / segments
    cosine, sine = np.cos(angle), np.sin(angle)
    x = a * np.sign(cosine) * np.abs(cosine) ** (2.0 / n)
    y = b * np.sign(sine) * np.abs(sine) ** (2.0 / n)
    return np.stack([x, y, np.zeros_like(x)], -1) + c[:, None, :]


def tube(path: ArrayLike, radius: ArrayLike, segments: int = 8, *, power: float = 2.0) -> Soup:
    """A closed round pipe along a path (R, 3) of one radius or one a point; rings lie in the mitre planes."""
    p = np.asarray(path, np.float64)
    step = normalized(np.diff(p, axis=0))
    along = normalized(np.concatenate([step[:1], step[:-1] + step[1:], step[-1:]]))
    helper = np.array([0.0, 1.0, 0.0]) if float(np.abs(step[:, 1]).max()) < 0.9 else np.array([1.0, 0.0, 0.0])
    if float(np.abs((step * helper).sum(-1)).max()) > 0.95:
        helper = np.array([0.0, 0.0, 1.0])
    u = normalized(cross(np.broadcast_to(helper, along.shape), along))
    v = cross(along, u)
    r = np.broadcast_to(np.asarray(radius, np.float64), (len(p),))
    flat = section(np.zeros((len(p), 3)), r, r, segments, power)
    rings = p[:, None] + flat[..., :1] * u[:, None] + flat[..., 1:2] * v[:, None]
    return loft(rings)


def curve(x: ArrayLike, knots: ArrayLike, values: ArrayLike) -> F8:
    """A smooth curve through knots that overshoots nowhere (monotone cubic; Fritsch and Carlson 1980).

    Constant before the first and after the last knot; knots rise strictly.
    """
    t, xp, fp = (np.asarray(v, np.float64) for v in (x, knots, values))
    h = np.diff(xp)
    slope = np.diff(fp) / h
    inner = _harmonic(slope[:-1], slope[1:], h[:-1], h[1:])
    m = np.concatenate([slope[:1], inner, slope[-1:]])
    t = np.clip(t, xp[0], xp[-1])
    k = np.clip(np.searchsorted(xp, t, side="right") - 1, 0, len(h) - 1)
    s = (t - xp[k]) / h[k]
    a, b = (1 + 2 * s) * (1 - s) ** 2, s * (1 - s) ** 2
    c, d = s * s * (3 - 2 * s), s * s * (s - 1)
    return np.asarray(a * fp[k] + b * h[k] * m[k] + c * fp[k + 1] + d * h[k] * m[k + 1])


def _harmonic(left: F8, right: F8, h_left: F8, h_right: F8) -> F8:
    w1, w2 = 2 * h_right + h_left, h_right + 2 * h_left
    same = left * right > 0.0
    safe_l, safe_r = np.where(same, left, 1.0), np.where(same, right, 1.0)
    return np.where(same, (w1 + w2) / (w1 / safe_l + w2 / safe_r), 0.0)


def _distance(a: F8, b: F8) -> F8:
    return np.asarray(np.sqrt(((a - b) ** 2).sum(-1)))
