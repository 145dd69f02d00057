"""Trees: how kinds grow, their wood and their foliage."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

import numpy as np

from simgen.geometry import cross, normalized
from simgen.records.base import F8
from simgen.rng import Stream, stream
from simgen.shapes.branches import Shoots, boughs, spiral, sprouts
from simgen.shapes.colors import Color
from simgen.shapes.foliage import Foliage, clusters, fronds, leaf_size, needles
from simgen.shapes.lattice import tube
from simgen.shapes.soup import Soup, join


@dataclass(frozen=True, kw_only=True)
class Habit:
    """How a kind of tree grows; shares are of its height."""

    name: str
    #: where the crown begins
    clear: float
    #: half width of the crown
    spread: float
    leaves: Color
    #: broad, conifer or palm
    form: str = "broad"
    bark: Color = (0.11, 0.09, 0.07)
    #: in autumn; None = stays as it is, and keeps its leaves in winter
    autumn: Color | None = (0.3, 0.14, 0.02)
    #: how often leaves cover the silhouette, and whether they hang
    layers: float = 4.6
    droop: float = 0.0
    #: where the crown is widest (0 = below, 1 = at its top)
    belly: float = 0.45
    #: by how much its boughs climb
    rise: float = 0.35


#: proportions of street and park trees in the open (Roloff, "Baeume Mitteleuropas", 2010, read from habit drawings)
HABITS: Final[dict[str, Habit]] = {
    h.name: h
    for h in (
        Habit(name="lime", clear=0.26, spread=0.3, leaves=(0.06, 0.105, 0.026), autumn=(0.4, 0.26, 0.03)),
        Habit(name="hornbeam", clear=0.2, spread=0.2, leaves=(0.05, 0.092, 0.028), rise=0.6),
        Habit(name="maple", clear=0.28, spread=0.38, leaves=(0.07, 0.105, 0.026), autumn=(0.42, 0.12, 0.02)),
        Habit(
            name="spruce", clear=0.06, spread=0.2, leaves=(0.028, 0.058, 0.03), form="conifer", autumn=None,
            bark=(0.12, 0.08, 0.06),
        ),
        Habit(
            name="birch", clear=0.24, spread=0.2, leaves=(0.085, 0.125, 0.03), bark=(0.52, 0.5, 0.46),
            autumn=(0.5, 0.34, 0.03), layers=2.9, droop=0.8, rise=0.55,
        ),
        Habit(name="oak", clear=0.22, spread=0.42, leaves=(0.05, 0.085, 0.024), autumn=(0.22, 0.11, 0.03), rise=0.2),
        Habit(name="poplar", clear=0.08, spread=0.11, leaves=(0.055, 0.095, 0.028), autumn=(0.45, 0.3, 0.03), rise=0.9),
        Habit(
            name="pine", clear=0.52, spread=0.24, leaves=(0.035, 0.066, 0.036), autumn=None, bark=(0.26, 0.13, 0.07),
            layers=2.6, belly=0.5, rise=0.15,
        ),
        Habit(name="palm", clear=0.75, spread=0.28, leaves=(0.06, 0.09, 0.03), form="palm", autumn=None,
              bark=(0.2, 0.16, 0.12)),
    )
}  # fmt: skip

#: what ``variant`` picks among where no kind is given
BY_VARIANT: Final = ("lime", "hornbeam", "maple", "spruce", "birch", "oak")


@dataclass(frozen=True, kw_only=True, eq=False)
class Grown:
    """A tree's wood, its foliage (None in winter) and its stem's radius near the ground."""

    wood: Soup
    foliage: Foliage | None
    radius: float


def stem_radius(height: float) -> float:
    """Near the ground: 0.13 m at 7 m, 0.28 m at 16 m (street trees)."""
    return 0.0165 * height + 0.015


def grown(habit: Habit, height: float, variant: int, *, bare: bool = False, leaves: int = 2990) -> Grown:
    """A tree of a kind; ``variant`` draws its shape. At most 4,000 triangles."""
    rng = stream(variant, "tree", habit.name)
    if habit.form == "conifer":
        return _conifer(rng, habit, height)
    if habit.form == "palm":
        return _palm(rng, habit, height)
    return _broad(rng, habit, height, bare, leaves)


def _stem(rng: Stream, height: float, top: float, thick: float, bend: float = 0.02) -> tuple[Soup, F8]:
    """The stem and its axis (5, 3); it leaves the ground upright and flares there."""
    z = np.array([0.0, 0.035, 0.3 * top, 0.65 * top, top]) * height
    sway = np.array([0.0, 0.0, 0.6, 1.0, 0.8])[:, None] * (bend * height * rng.uniform(-1.0, 1.0, 2))
    path = np.concatenate([sway, z[:, None]], 1)
    return tube(path, thick * np.array([1.3, 1.0, 0.8, 0.52, 0.16]), 9), path


def _along(path: F8, z: F8) -> F8:
    return np.stack([np.interp(z, path[:, 2], path[:, k]) for k in range(3)], -1)


def _broad(rng: Stream, habit: Habit, height: float, bare: bool, leaves: int) -> Grown:
    thick = stem_radius(height)
    stem, path = _stem(rng, height, 0.86, thick)
    low, half = habit.clear * height, habit.spread * height * rng.uniform(0.9, 1.1)
    tall = 0.5 * (height - low)
    middle = np.array([path[3, 0], path[3, 1], low + tall])
    count = 16
    level = (np.arange(count) + 0.5) / count
    turn = spiral(rng, count)
    # ends of boughs on the crown's rim, widest at its belly
    rim = _profile(level, habit.belly) * half * rng.uniform(0.6, 0.84, count)
    ends = np.stack([rim * np.cos(turn), rim * np.sin(turn), low + (0.08 + 0.8 * level) * 2.0 * tall], -1)
    ends[:, :2] += middle[:2]
    foot_z = np.clip(
        ends[:, 2] - habit.rise * 2.0 * tall * rng.uniform(0.7, 1.1, count) - 0.25 * rim, 0.8 * low, 0.8 * height
    )
    limbs = boughs(rng, _along(path, foot_z), ends, 0.42 * thick, 0.04 * height)
    branches = sprouts(rng, limbs, 3, 0.3 * half, 0.9, 0.25)
    if bare:
        twigs = sprouts(rng, branches, 5, 0.26 * half, 0.8, 0.35, 0.6)
        ends_of = sprouts(rng, twigs, 4, 0.17 * half, 0.8, 0.3, 0.7)
        wood = join([stem, limbs.soup(5), branches.soup(3), _blades(twigs), _blades(twigs, 1.0), _blades(ends_of)])
        wood = Soup(wood.vertices.clip([-np.inf, -np.inf, 0.0], [np.inf, np.inf, height]), wood.triangles, wood.tags)
        return Grown(wood=wood, foliage=None, radius=thick)
    peak = np.array([*middle[:2], height]) + [
        [0.0, 0.0, -0.3],
        [0.2, 0.1, -0.4],
        [-0.2, 0.14, -0.42],
        [0.0, -0.22, -0.4],
    ] * np.array([half, half, 0.6 * tall])
    spots = np.concatenate([ends, branches.stop, peak])
    radii = np.concatenate([np.full(count, 0.38), np.full(len(branches.stop), 0.28), np.full(4, 0.32)])
    radii = radii * rng.uniform(0.8, 1.15, len(radii)) * (0.75 * half + 0.2 * tall)
    spots[:, 2] = np.clip(spots[:, 2], low, height - 0.6 * radii)
    size = leaf_size(np.pi * half * tall, leaves, habit.layers)
    foliage = clusters(rng, spots, radii, leaves, size, middle, np.array([half, half, tall]), droop=habit.droop)
    return Grown(
        wood=join([stem, limbs.soup(5), branches.soup(3)]),
        foliage=_clipped(foliage, 0.04 * height, height),
        radius=thick,
    )


def _profile(level: F8, belly: float) -> F8:
    """Half width of a crown over its height, 1 at the belly: two quarter ellipses."""
    below, above = (belly - level) / (belly + 0.12), (level - belly) / (1.03 - belly)
    return np.sqrt(1.0 - np.where(level < belly, below, above).clip(0.0, 1.0) ** 2)


def _blades(shoots: Shoots, tilt: float = 0.0) -> Soup:
    """Twigs too thin for sides: a triangle each, level across, or upright with a tilt."""
    along = shoots.stop - shoots.start
    side = np.stack([-along[:, 1], along[:, 0], np.zeros(len(along))], -1)
    side = normalized(side + 1e-9)
    side = side + tilt * (cross(normalized(along), side) - side)
    side = side * np.maximum(shoots.thick, 0.006)[:, None]
    points = np.stack([shoots.start - side, shoots.start + side, shoots.stop], 1).reshape(-1, 3)
    return Soup.of(points, np.arange(len(points)).reshape(-1, 3))


def _clipped(foliage: Foliage, low: float, high: float) -> Foliage:
    points = foliage.soup.vertices.clip([-np.inf, -np.inf, low], [np.inf, np.inf, high])
    return Foliage(soup=Soup(points, foliage.soup.triangles, foliage.soup.tags), normals=foliage.normals)


def _conifer(rng: Stream, habit: Habit, height: float) -> Grown:
    thick = stem_radius(height)
    stem, _ = _stem(rng, height, 0.97, thick, 0.003)
    half = habit.spread * height * rng.uniform(0.85, 1.15)
    foliage = needles(rng, height, habit.clear, half, 24, 10, 14)
    return Grown(wood=stem, foliage=foliage, radius=thick)


def _palm(rng: Stream, habit: Habit, height: float) -> Grown:
    thick = 0.012 * height + 0.1
    length = habit.spread * height * rng.uniform(0.9, 1.1)
    lean = 0.05 * height * rng.uniform(-1.0, 1.0, 2)
    crown = height - 0.34 * length
    z = np.linspace(0.0, 1.0, 7)
    path = np.concatenate([lean * (z**2)[:, None] * np.array([1.0, 1.0]), (z * crown)[:, None]], 1)
    path[1, :2] = 0.0
    stem = tube(path, thick * np.array([1.35, 1.0, 0.92, 0.86, 0.82, 0.82, 0.95]), 10)
    foliage = _clipped(fronds(rng, path[-1], length, 26, 34), 0.04 * height, height)
    return Grown(wood=stem, foliage=foliage, radius=thick)


__all__ = ["BY_VARIANT", "HABITS", "Grown", "Habit", "grown", "stem_radius"]
