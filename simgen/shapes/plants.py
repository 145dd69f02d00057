"""Trees and shrubs: bumpy crowns under a skin of leaf sprays, on a trunk with branches."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

import numpy as np

from simgen.geometry import cross, normalized
from simgen.records.base import F8
from simgen.rng import Stream, stream
from simgen.shapes.lattice import tube
from simgen.shapes.primitives import ellipsoid
from simgen.shapes.soup import Soup, join


@dataclass(frozen=True, kw_only=True)
class Habit:
    """How a kind of tree grows; shares are of its height."""

    name: str
    #: where the crown begins
    clear: float
    #: half width of the crown
    spread: float
    leaves: tuple[float, float, float]
    #: how pointed the crown is: 0 = an egg, 1 = a cone
    cone: float = 0.0


HABITS: Final = (
    Habit(name="lime", clear=0.3, spread=0.3, leaves=(0.045, 0.115, 0.022)),
    Habit(name="hornbeam", clear=0.22, spread=0.19, leaves=(0.05, 0.105, 0.03)),
    Habit(name="maple", clear=0.32, spread=0.4, leaves=(0.075, 0.13, 0.02)),
    Habit(name="spruce", clear=0.1, spread=0.22, leaves=(0.018, 0.055, 0.024), cone=1.0),
)


@dataclass(frozen=True, kw_only=True, eq=False)
class Crown:
    """Lumps of foliage, sprays of leaves on them, and the shading normals of both (one a vertex)."""

    lumps: Soup
    lump_normals: F8
    sprays: Soup
    normals: F8


def crown(habit: Habit, height: float, variant: int, lumps: int = 15, sprays: int = 1250) -> Crown:
    """The foliage of a tree; ``variant`` draws its shape."""
    rng = stream(variant, "plant", habit.name)
    low, half = habit.clear * height, habit.spread * height
    middle, tall = 0.5 * (low + height), 0.5 * (height - low)
    k = np.arange(lumps) + 0.5
    level = 1.0 - 2.0 * k / lumps
    turn = np.pi * (1.0 + 5.0**0.5) * k + rng.uniform(0.0, 2.0 * np.pi)
    reach = (0.56 + 0.08 * rng.uniform(-1.0, 1.0, lumps)) * np.sqrt(np.maximum(1.0 - 0.8 * level**2, 0.05))
    taper = 1.0 - habit.cone * (0.5 + 0.5 * level)
    radius = half * (0.47 + 0.06 * rng.uniform(-1.0, 1.0, lumps)) * (1.0 - 0.55 * habit.cone * (0.5 + 0.5 * level))
    center = np.stack(
        [half * reach * taper * np.cos(turn), half * reach * taper * np.sin(turn), middle + 0.8 * tall * level], -1
    )
    tall_ratio = np.clip(tall / half * (0.75 if habit.cone == 0.0 else 0.5), 0.75, 1.5)
    # no lump grows past the tree's height
    center[:, 2] = np.minimum(center[:, 2], height - 0.93 * radius * tall_ratio)
    blobs = [_blob(rng, c, r, float(tall_ratio)) for c, r in zip(center, radius, strict=True)]
    core = ellipsoid((0.6 * half * (1.0 - 0.4 * habit.cone), 0.6 * half * (1.0 - 0.4 * habit.cone), 0.72 * tall), 10, 7)
    soup, normals = _sprays(rng, center, radius, float(tall_ratio), np.array([0.0, 0.0, middle]), height, sprays)
    mass = join([core.moved((0.0, 0.0, middle)), *blobs])
    # half the crown's normal, half the lump's: one tree in the light, not a heap of balls
    own = normalized(
        mass.vertices
        - np.repeat([[0.0, 0.0, middle], *center], [len(core.vertices), *(len(b.vertices) for b in blobs)], 0)
    )
    whole = _outward(mass, middle, half, tall)
    return Crown(
        lumps=mass,
        lump_normals=normalized(0.5 * own + 0.6 * whole),
        sprays=soup,
        normals=normalized(normals + _outward(soup, middle, half, tall)),
    )


def _outward(soup: Soup, middle: float, half: float, tall: float) -> F8:
    return normalized((soup.vertices - [0.0, 0.0, middle]) / [half, half, tall])


def _blob(rng: Stream, center: F8, radius: float, tall: float) -> Soup:
    ball = ellipsoid((1.0, 1.0, 1.0), 8, 5)
    wave = rng.uniform(-5.0, 5.0, (4, 3))
    phase = rng.uniform(0.0, 2.0 * np.pi, 4)
    bump = np.sin((ball.vertices[:, None, :] * wave).sum(-1) + phase).mean(-1)
    # poles repeat their vertex: the bump depends on the place only, so the skin stays closed
    points = ball.vertices * (0.9 + 0.3 * bump)[:, None] * radius * np.array([1.0, 1.0, tall])
    return Soup(points + center, ball.triangles, ball.tags)


def _sprays(rng: Stream, center: F8, radius: F8, tall: float, middle: F8, height: float, count: int) -> tuple[Soup, F8]:
    """Small triangles that stand off the lumps in all directions, lit as the crown's surface is."""
    area = radius**2 / (radius**2).sum()
    owner = np.searchsorted(np.cumsum(area), rng.uniform(0.0, 1.0, count) * 0.999999)
    out = normalized(rng.normal(0.0, 1.0, (count, 3)))
    outward = normalized(center - middle)[owner]
    out = normalized(out + 0.7 * outward)
    stretch = np.array([1.0, 1.0, tall])
    place = center[owner] + out * stretch * (radius[owner] * rng.uniform(0.82, 1.07, count))[:, None]
    face = normalized(out + 0.75 * rng.normal(0.0, 1.0, (count, 3)))
    face = np.where((face * out).sum(-1, keepdims=True) < 0.0, -face, face)
    side = normalized(cross(face, rng.normal(0.0, 1.0, (count, 3))))
    other = cross(face, side)
    size = (0.02 * height**0.8 * 7.0**0.2 * rng.uniform(0.6, 1.3, count))[:, None]
    tips = [place + size * (np.cos(a) * side + np.sin(a) * other) for a in np.radians([90.0, 210.0, 330.0])]
    points = np.stack(tips, 1).reshape(-1, 3)
    points[:, 2] = np.clip(points[:, 2], 0.0, height)
    normals = np.repeat(normalized(out + 0.25 * face), 3, axis=0)
    return Soup.of(points, np.arange(3 * count).reshape(-1, 3)), normals


def trunk(habit: Habit, height: float, variant: int) -> Soup:
    """A tapering, slightly bent stem and the branches that reach into the crown."""
    rng = stream(variant, "plant", habit.name, "trunk")
    thick = 0.021 * height + 0.02
    top = 0.9 if habit.cone else habit.clear + 0.35
    z = np.array([0.0, 0.03, 0.2 * top, 0.5 * top, top]) * height
    bend = 0.02 * height * rng.uniform(-1.0, 1.0, 2)
    # the stem leaves the ground upright, or its foot would stand askew
    sway = np.array([0.0, 0.0, 0.7, 1.0, 0.2])[:, None] * bend
    stem = tube(np.concatenate([sway, z[:, None]], 1), thick * np.array([1.25, 1.0, 0.85, 0.7, 0.3]), 10)
    if habit.cone:
        return stem
    turn = rng.uniform(0.0, 2.0 * np.pi) + 2.0 * np.pi * np.arange(4) / 4
    start = np.concatenate([sway[2], [habit.clear * 0.82 * height]])
    branches = []
    for t in turn:
        reach = habit.spread * height * rng.uniform(0.45, 0.6)
        end = np.add(start, [reach * np.cos(t), reach * np.sin(t), 0.2 * height])
        mid = 0.5 * (start + end) + [0.0, 0.0, 0.03 * height]
        branches.append(tube(np.stack([start, mid, end]), thick * np.array([0.5, 0.38, 0.2]), 6))
    return join([stem, *branches])
