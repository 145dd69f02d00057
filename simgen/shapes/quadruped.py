"""Bodies of four-legged animals: one skin from tail to nose, legs in parts that overlap at the joints, ears, tails."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

import numpy as np
from numpy.typing import ArrayLike

from simgen.geometry import cross, normalized
from simgen.records.base import F8
from simgen.shapes.lattice import curve, lattice, loft, section, tube
from simgen.shapes.primitives import ellipsoid
from simgen.shapes.soup import Soup, join
from simgen.shapes.species import Build

#: tags of what is not painted by the coat's picture
LEG, FOOT, EAR, TAIL, EYE, HORN = range(6)
RINGS: Final = 34
AROUND: Final = 18


@dataclass(frozen=True, kw_only=True, eq=False)
class Skin:
    """The body's skin; texture coordinates (T, 3, 2) of its triangles' corners: u round it from the belly, v along."""

    soup: Soup
    uv: F8
    #: rings (R, C, 3), for collision shapes; and where ears and eyes sit: places and the head's direction
    rings: F8
    #: share of the way along the spine at which the neck and the head begin
    neck: float
    head: float
    #: where along it each ring is (R,), 0 at the tail and 1 at the nose
    along: F8

    def row(self, share: float) -> int:
        """The ring next to a share of the way."""
        return int(np.abs(self.along - share).argmin())


def stations(build: Build, reach: float | None) -> F8:
    """The spine's stations (N, 5); with ``reach`` the neck bends until the nose is at that height: it grazes."""
    s = np.array(build.spine, np.float64)
    if reach is None:
        return s
    low, high = 0.0, np.radians(150.0)
    for _ in range(30):
        angle = 0.5 * (low + high)
        bent = _bent(s, build, angle)
        if bent[-2, 1] - bent[-2, 3] > reach:
            low = angle
        else:
            high = angle
    return bent


def _bent(s: F8, build: Build, angle: float) -> F8:
    """The neck turned down, most of it at its root, and the head along with it."""
    step = np.diff(s[:, :2], axis=0)
    k = np.arange(len(step))
    share = np.clip((k - build.neck + 2.0) / 3.0, 0.0, 1.0) * np.where(k >= build.head, 0.72, 1.0)
    c, n = np.cos(-angle * share), np.sin(-angle * share)
    turned = np.stack([c * step[:, 0] - n * step[:, 1], n * step[:, 0] + c * step[:, 1]], -1)
    out = s.copy()
    out[1:, :2] = s[0, :2] + np.cumsum(turned, axis=0)
    return out


def body(build: Build, size: float, reach: float | None = None) -> Skin:
    """The skin of trunk, neck and head of an animal of a height at the withers."""
    s = stations(build, reach)
    along = np.concatenate([[0.0], np.cumsum(np.hypot(*np.diff(s[:, :2], axis=0).T))])
    along /= along[-1]
    # rings closer together at both ends, where the skin turns fastest
    t = np.unique(np.concatenate([np.linspace(0.0, 1.0, RINGS - 6), [0.004, 0.012, 0.97, 0.985, 0.994, 0.998]]))
    rows = np.stack([_smooth(t, along, s[:, k]) for k in range(5)], -1)
    tangent = normalized(np.gradient(rows[:, :2], axis=0))
    angle = -0.5 * np.pi + 2.0 * np.pi * np.arange(AROUND + 1) / AROUND
    sine, cosine = np.sin(angle), np.cos(angle)
    lump = 1.0 + build.fleece * np.sin(5.0 * angle + 9.0 * t[:, None]) * np.sin(75.0 * t[:, None])
    lump = np.where(t[:, None] < along[build.head], lump, 1.0)
    tall = np.where(sine > 0.0, rows[:, 2:3], rows[:, 3:4]) * sine * lump
    # the back is rounder than a roof and narrower than the belly
    wide = rows[:, 4:5] * cosine * (1.0 - 0.1 * np.clip(sine, 0.0, 1.0)) * lump
    x = rows[:, :1] - tall * tangent[:, 1:]
    z = rows[:, 1:2] + tall * tangent[:, :1]
    rings = size * np.stack([x, wide * np.ones_like(x), z], -1)
    return _skinned(rings, t, float(along[build.neck]), float(along[build.head]))


def _skinned(rings: F8, t: F8, neck: float, head: float) -> Skin:
    wall = lattice(rings)
    coords = np.stack(np.broadcast_arrays(np.arange(AROUND + 1) / AROUND, t[:, None]), -1).reshape(-1, 2)
    ends = []
    for ring, flip in ((rings[0], False), (rings[-1], True)):
        k = np.arange(AROUND)
        fan = np.stack([np.full(AROUND, AROUND + 1), k, k + 1], -1)
        points = np.concatenate([ring, ring[:AROUND].mean(0, keepdims=True)])
        ends.append(Soup.of(points, fan if flip else fan[:, ::-1]))
    soup = join([wall, *ends])
    tail = np.concatenate([coords[: AROUND + 1], [[0.5, 0.0]]])
    nose = np.concatenate([coords[-AROUND - 1 :], [[0.5, 1.0]]])
    uv = np.concatenate([coords, tail, nose])[soup.triangles]
    if _volume(soup) < 0.0:
        soup, uv = soup.flipped(), uv[:, ::-1]
    return Skin(soup=soup, uv=uv, rings=rings[:, :AROUND], neck=neck, head=head, along=t)


def _volume(soup: Soup) -> float:
    p = soup.vertices[soup.triangles]
    return float((p[:, 0] * cross(p[:, 1], p[:, 2])).sum())


def _smooth(t: F8, knots: F8, values: F8) -> F8:
    return curve(t, knots, values)


def limb(length: float, rows: ArrayLike, around: int = 10) -> Soup:
    """A limb from its joint down: rows of (share of length, half_x, half_y, shift_x) in metres, ends rounded."""
    r = np.asarray(rows, np.float64)
    first, last = r[0], r[-1]
    cap = [first[0] * length - 0.7 * first[1], 0.55 * first[1], 0.55 * first[2], first[3]]
    toe = [last[0] * length + 0.5 * last[1], 0.55 * last[1], 0.55 * last[2], last[3]]
    down = np.concatenate([[cap], np.concatenate([r[:, :1] * length, r[:, 1:]], -1), [toe]])
    down[:, 0] *= -1.0
    down = down[::-1]
    center = np.stack([down[:, 3], np.zeros(len(down)), down[:, 0]], -1)
    return loft(section(center, down[:, 1], down[:, 2], around)).tagged(LEG)


def foot(build: Build, size: float) -> Soup:
    """A hoof or paw about its joint; its sole lies ``foot`` below."""
    h, long, thick = build.foot * size, build.paw * size, build.thick * size
    wide = 0.042 * thick if build.hooves else 0.06 * thick
    if build.hooves:
        rows = [
            [-h, 0.5 * long, 1.12 * wide, 0.2 * long],
            [-0.45 * h, 0.4 * long, wide, 0.1 * long],
            [-0.4 * h, 0.38 * long, 0.95 * wide, 0.09 * long],
            [0.0, 0.036 * thick, 0.034 * thick, 0.0],
        ]
    else:
        rows = [
            [-h, 0.42 * long, 0.9 * wide, 0.2 * long],
            [-0.75 * h, 0.5 * long, wide, 0.2 * long],
            [-0.35 * h, 0.42 * long, 0.9 * wide, 0.14 * long],
            [0.2 * h, 0.045 * thick, 0.045 * thick, 0.0],
        ]
    r = np.array(rows)
    center = np.stack([r[:, 3], np.zeros(len(r)), r[:, 0]], -1)
    tags = np.array([FOOT, FOOT, LEG] if build.hooves else [LEG, LEG, LEG])[:, None]
    return loft(section(center, r[:, 1], r[:, 2], 10, 2.3), tags=np.broadcast_to(tags, (3, 10)))


def ears(skin: Skin, build: Build, size: float) -> Soup:
    """Two ears at the back of the head."""
    long, wide, out, hang = (v * size if k < 2 else v for k, v in enumerate(build.ear))
    ring = skin.rings[skin.row(skin.head + 0.15 * (1.0 - skin.head))]
    top = ring[AROUND // 2]
    parts = []
    for s in (1.0, -1.0):
        quarter = ring[AROUND // 2 + round(-s * AROUND / 10)]
        root = 0.25 * top + 0.75 * quarter
        up = np.array([-0.25 + 0.1 * hang, s * (0.15 + out), 1.0 - out - 1.3 * hang])
        tip = root + long * up / np.sqrt((up**2).sum())
        middle = root + 0.45 * (tip - root) + np.array([0.01 * size, s * 0.12 * long * hang, 0.1 * long * hang])
        axis = normalized(tip - root)
        side = normalized(cross(axis, np.array([1.0, -0.35 * s, 0.15])))
        flat = normalized(cross(side, axis))
        outline = [(root - 0.3 * wide * axis, 0.75), (middle, 1.0), (root + 0.8 * (tip - root), 0.55), (tip, 0.06)]
        angle = 2.0 * np.pi * np.arange(8) / 8
        rings = [
            p + w * wide * (np.cos(angle)[:, None] * side + 0.28 * np.sin(angle)[:, None] * flat) for p, w in outline
        ]
        soup = loft(np.stack(rings))
        parts.append(soup if _volume(soup.moved(-root)) > 0.0 else soup.flipped())
    return join(parts).tagged(EAR)


def eyes(skin: Skin, build: Build, size: float) -> Soup:
    """Two dark eyes on the sides of the head."""
    ring = skin.rings[skin.row(skin.head + 0.42 * (1.0 - skin.head))]
    radius = build.eye * size
    places = [ring[AROUND // 2 + round(-s * AROUND / 5.5)] for s in (1.0, -1.0)]
    middle = ring.mean(0)
    return join([ellipsoid((radius,) * 3, 8, 6).moved(p + 0.12 * (middle - p)) for p in places]).tagged(EYE)


def tail(build: Build, size: float, ground: float = 0.0) -> Soup:
    """A tail that hangs or stands as the build says; what would lie below the ground lies on it, stretched out."""
    p = np.array([[x, 0.0, z] for x, z in build.tail]) * size
    count = len(p)
    share = np.linspace(0.0, 1.0, len(build.tail_radius))
    radius = np.interp(np.linspace(0.0, 1.0, count), share, build.tail_radius) * size
    below = np.maximum(ground + radius - p[:, 2], 0.0)
    p += np.stack([-0.8 * below, 0.0 * below, below], -1)
    return tube(p, radius, 8).tagged(TAIL)


def horns(skin: Skin, size: float, spread: float, long: float, *, forward: float = 0.15) -> Soup:
    """Two horns that curve out and up."""
    ring = skin.rings[skin.row(skin.head + 0.1 * (1.0 - skin.head))]
    parts = []
    for s in (1.0, -1.0):
        root = ring[AROUND // 2 + round(-s * AROUND / 9)]
        t = np.linspace(0.0, 1.0, 5)
        path = root + size * np.stack([forward * long * t**2, s * spread * np.sin(1.8 * t), long * t**1.6 - 0.02], -1)
        parts.append(tube(path, size * np.linspace(0.026, 0.005, 5), 7))
    return join(parts).tagged(HORN)


def antlers(skin: Skin, size: float, long: float, points: int) -> Soup:
    """Two antlers: a beam that sweeps back, out and up, and points before it."""
    ring = skin.rings[skin.row(skin.head + 0.12 * (1.0 - skin.head))]
    parts = []
    for s in (1.0, -1.0):
        root = ring[AROUND // 2 + round(-s * AROUND / 16)]
        t = np.linspace(0.0, 1.0, 7)
        beam = root + long * size * np.stack(
            [-0.35 * np.sin(2.6 * t), s * (0.45 * np.sin(1.9 * t) + 0.04), 1.0 * t], -1
        )
        parts.append(tube(beam, size * 0.03 * long**0.5 * np.linspace(0.8, 0.25, 7), 6))
        for k in range(points):
            at = beam[1 + (k * 4) // max(points - 1, 1)]
            out = long * size * np.array([0.3 - 0.03 * k, s * 0.06, 0.2 + 0.03 * k])
            parts.append(
                tube(
                    [at, at + 0.55 * out * [1.0, 1.0, 0.5], at + out],
                    size * 0.02 * long**0.5 * np.array([1.0, 0.8, 0.3]),
                    5,
                )
            )
    return join(parts).tagged(HORN)


__all__ = [
    "AROUND", "EAR", "EYE", "FOOT", "HORN", "LEG", "TAIL", "Skin", "antlers", "body", "ears", "eyes", "foot", "horns",
    "limb", "stations", "tail",
]  # fmt: skip
