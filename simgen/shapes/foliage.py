"""Foliage as thousands of small triangles: clusters of leaves, needles along branches, fronds."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from simgen.geometry import cross, normalized
from simgen.records.base import F8
from simgen.rng import Stream
from simgen.shapes.soup import Soup

#: tags of foliage: in the sun, between, deep inside
LIGHT, MIDDLE, DARK = range(3)


@dataclass(frozen=True, kw_only=True, eq=False)
class Foliage:
    """Leaves and their shading normals, one a vertex (V, 3): lit as the crown's skin is, not each as it hangs."""

    soup: Soup
    normals: F8


def leaf_size(area_m2: float, count: int, layers: float) -> float:
    """Length of leaf triangles of which ``count`` cover a silhouette ``layers`` times; each has 0.36 of its square."""
    return float(np.sqrt(layers * area_m2 / (0.36 * count)))


def clusters(
    rng: Stream, centers: F8, radii: F8, count: int, size: float, middle: F8, half: F8, *, droop: float = 0.0
) -> Foliage:
    """Leaves around centres (C, 3) of radii (C,) in a crown with a middle and half axes (3,).

    ``droop`` lets them hang down instead of lying flat.
    """
    share = np.cumsum(radii**2) / (radii**2).sum()
    owner = np.minimum(np.searchsorted(share, rng.uniform(0.0, 1.0, count)), len(radii) - 1)
    out = normalized(rng.normal(0.0, 1.0, (count, 3)))
    # more near the clusters' skins than inside
    reach = radii[owner] * rng.uniform(0.0, 1.0, count) ** 0.45
    place = centers[owner] + out * reach[:, None] * [1.0, 1.0, 0.75]
    crown = normalized((place - middle) / half)
    # fine on the rim, where the silhouette shows; coarse and dark inside, where they only fill
    depth = np.sqrt((((place - middle) / half) ** 2).sum(-1))
    each = size * np.interp(depth, [0.35, 0.8, 1.0], [1.6, 0.85, 0.62]) * rng.uniform(0.7, 1.3, count)
    return hung(rng, place, out, crown, each, droop, _shade(rng, place, out, middle, half))


def hung(rng: Stream, place: F8, out: F8, crown: F8, size: F8, droop: float, tags: np.ndarray) -> Foliage:
    """One pointed triangle at every place, facing outwards and up, tip outwards and down."""
    count = len(place)
    face = normalized(out + 0.5 * crown + [0.0, 0.0, 0.5 - 0.5 * droop] + 0.7 * rng.normal(0.0, 1.0, (count, 3)))
    face = np.where((face * (out + 0.8 * crown)).sum(-1, keepdims=True) < 0.0, -face, face)
    tip = out + [0.0, 0.0, -0.4 - 1.6 * droop] + 0.6 * rng.normal(0.0, 1.0, (count, 3))
    tip = normalized(tip - face * (tip * face).sum(-1, keepdims=True))
    side = cross(face, tip)
    s = size[:, None]
    corners = [place + 0.55 * s * tip, place + s * (0.34 * side - 0.45 * tip), place - s * (0.34 * side + 0.45 * tip)]
    points = np.stack(corners, 1).reshape(-1, 3)
    normals = normalized(0.6 * out + 0.75 * crown + 0.35 * face)
    # leaves face the side that they are lit on
    soup = Soup.of(points, np.arange(3 * count).reshape(-1, 3), tags)
    return Foliage(soup=soup, normals=np.repeat(normals, 3, axis=0))


def _shade(rng: Stream, place: F8, out: F8, middle: F8, half: F8) -> np.ndarray:
    """Which tint: dark deep inside and below, light on top of the outer clusters."""
    depth = np.sqrt((((place - middle) / half) ** 2).sum(-1))
    light = depth + 0.35 * out[:, 2] + 0.25 * ((place - middle) / half)[:, 2] + 0.16 * rng.normal(0.0, 1.0, len(place))
    return np.where(light < 0.62, DARK, np.where(light < 1.02, MIDDLE, LIGHT)).astype(np.int64)


def needles(rng: Stream, height: float, clear: float, half: float, tiers: int, each: int, along: int) -> Foliage:
    """Tiers of drooping boughs of a conifer, ``along`` triangles on each."""
    tier = np.repeat(np.arange(tiers), each)
    share = (tier + rng.uniform(-0.35, 0.35, len(tier))) / tiers
    turn = 2.0 * np.pi * (np.tile(np.arange(each), tiers) / each + 0.382 * tier) + 0.25 * rng.normal(
        0.0, 1.0, len(tier)
    )
    length = half * (1.0 - share.clip(0.0, 1.0)) ** 0.85 * rng.uniform(0.78, 1.1, len(tier)) + 0.05 * half
    root = height * (clear + (0.985 - clear) * share.clip(0.0, 1.0))
    t = np.tile((np.arange(along) + 0.6) / along, len(tier))
    b = np.repeat(np.arange(len(tier)), along)
    way = np.stack([np.cos(turn), np.sin(turn)], -1)[b]
    aside = np.stack([-way[:, 1], way[:, 0]], -1)
    fan = rng.uniform(-1.0, 1.0, len(b)) * 0.3 * length[b] * (1.0 - 0.6 * t)
    flat = way * (length[b] * t)[:, None] + aside * fan[:, None]
    sag = -0.34 * length[b] * t**1.4 + 0.16 * length[b] * t**4
    place = np.concatenate([flat, (root[b] + sag + 0.02 * height * rng.uniform(-1.0, 1.0, len(b)))[:, None]], -1)
    out = normalized(np.concatenate([way + 0.6 * aside * np.sign(fan)[:, None], np.full((len(b), 1), 0.15)], -1))
    tags = np.where(t < 0.35, DARK, np.where(t + 0.2 * rng.normal(0.0, 1.0, len(b)) < 0.8, MIDDLE, LIGHT))
    size = (0.16 * half + 0.22 * length[b]) * rng.uniform(0.8, 1.2, len(b))
    return _sprays(rng, place, out, size, tags.astype(np.int64), height)


def _sprays(rng: Stream, place: F8, out: F8, size: F8, tags: np.ndarray, height: float) -> Foliage:
    """Long triangles that point outwards and a little down, their upper sides lit."""
    count = len(place)
    tip = normalized(out + [0.0, 0.0, -0.3] + 0.25 * rng.normal(0.0, 1.0, (count, 3)))
    face = normalized(np.array([0.0, 0.0, 1.0]) + 0.5 * out + 0.4 * rng.normal(0.0, 1.0, (count, 3)))
    face = normalized(face - tip * (face * tip).sum(-1, keepdims=True))
    side = cross(face, tip) * (0.3 * size)[:, None]
    long = tip * size[:, None]
    points = np.stack([place + 0.6 * long, place - 0.4 * long + side, place - 0.4 * long - side], 1).reshape(-1, 3)
    points[:, 2] = np.clip(points[:, 2], 0.02, height)
    normals = normalized(out + 0.7 * face)
    return Foliage(
        soup=Soup.of(points, np.arange(3 * count).reshape(-1, 3), tags), normals=np.repeat(normals, 3, axis=0)
    )


def fronds(rng: Stream, top: F8, length: float, count: int, leaflets: int) -> Foliage:
    """A palm's head: arching ribs with leaflets on both sides."""
    turn = np.pi * (3.0 - 5.0**0.5) * np.arange(count) + rng.uniform(0.0, 6.28)
    lift = np.linspace(1.15, -0.35, count) + 0.1 * rng.normal(0.0, 1.0, count)
    t = np.tile((np.arange(leaflets) + 1.0) / leaflets, count)
    b = np.repeat(np.arange(count), leaflets)
    way = np.stack([np.cos(turn), np.sin(turn), np.zeros(count)], -1)[b]
    aside = np.stack([-way[:, 1], way[:, 0], np.zeros(len(b))], -1)
    up = np.array([0.0, 0.0, 1.0])
    run = length * t[:, None]
    rise = (lift[b] * t - 1.05 * t**2.2)[:, None] * length
    spine = top + run * np.cos(0.5 * lift[b])[:, None] * way + rise * up
    slope = normalized(way + (lift[b] - 2.3 * t**1.2)[:, None] * up)
    reach = (0.34 * length * np.sin(np.pi * (0.12 + 0.84 * t)) ** 0.7)[:, None]
    parts, normals = [], []
    for s in (1.0, -1.0):
        tip = normalized(s * aside + 0.6 * slope - 0.45 * up + 0.08 * rng.normal(0.0, 1.0, (len(b), 3)))
        wide = slope * (0.05 * length)
        parts.append(np.stack([spine - wide, spine + wide, spine + reach * tip][:: 1 if s > 0 else -1], 1))
        normals.append(normalized(up + 0.4 * way + 0.3 * s * aside))
    points = np.concatenate(parts).reshape(-1, 3)
    tags = np.concatenate([np.where(lift[b] < 0.1, DARK, MIDDLE)] * 2)
    soup = Soup.of(points, np.arange(len(points)).reshape(-1, 3), tags.astype(np.int64))
    return Foliage(soup=soup, normals=np.repeat(np.concatenate(normals), 3, axis=0))


__all__ = ["DARK", "LIGHT", "MIDDLE", "Foliage", "clusters", "fronds", "hung", "leaf_size", "needles"]
