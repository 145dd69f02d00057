"""Single drops, flakes and stones around a place: the same ones for whatever sensor asks, at whatever time.

The field is infinite and has no state. In the frame that drifts with the air and falls with a size, space is divided
into cubes; how many particles are in one and where is hashed from the seed, the kind, the size and the cube.
"""

from __future__ import annotations

import math
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from functools import lru_cache
from typing import TYPE_CHECKING, Final

import numpy as np

from simgen.kernels.tiles import run_tiles
from simgen.records.air import Near, Particles
from simgen.records.base import F4, F8, I8, U1, U2, U8
from simgen.records.surroundings import Surroundings
from simgen.records.volume import Volume
from simgen.rng import stream_key
from simgen.units import NS_PER_S

if TYPE_CHECKING:
    from simgen.kernels.particles import Jobs

#: slabs of cells a tile
_TILE: Final = 32
#: a puff ends where it is e^(-PUFF^2 / 2) as dense as in the middle, the haze over a layer at e^-LAYER
_PUFF: Final = 4.5
_LAYER: Final = 12.0
#: patches make a volume up to so many times as dense as its mean
_DENSEST: Final = 2.0

Span = tuple[F8, F8]
_EVERYWHERE: Final[Span] = (np.full(3, -math.inf), np.full(3, math.inf))


@dataclass(frozen=True, kw_only=True, eq=False)
class Source:
    """Particles of one kind from the air or from one of its volumes, and the name of their stream."""

    kind: int
    particles: Particles
    name: tuple[str | int, ...]
    volume: Volume | None = None

    @property
    def densest(self) -> float:
        """How many times the listed number there may be."""
        return 1.0 if self.volume is None or self.volume.patches is None else _DENSEST

    @property
    def span(self) -> Span:
        """Lower and upper corner, world frame, m, outside of which there is none."""
        if self.volume is None:
            return _EVERYWHERE
        center, size = np.array(self.volume.center_m), np.array(self.volume.size_m)
        if self.volume.shape == "layer":
            return _EVERYWHERE[0], np.array([math.inf, math.inf, center[2] + _LAYER * size[2]])
        half = size if self.volume.shape == "box" else _PUFF * size
        return center - half, center + half


def kinds_of(around: Surroundings) -> tuple[Particles, ...]:
    """All kinds of particles that :func:`near` tells apart: those of the air, then those of the volumes.

    Kinds of volumes that differ in density alone are one kind; its density is that of the first.
    """
    return sources_of(around.particles, around.volumes)[1]


@dataclass(frozen=True, kw_only=True, eq=False)
class Asked:
    """Which cells to look at, for the kernels, and what is known of each job's particles, (J,) or (J, 3)."""

    jobs: Jobs
    sources: tuple[Source, ...]
    #: row of ``sources``
    source: I8
    kind: U1
    size: U2
    diameter: F8
    velocity: F8


def ask(around: Surroundings, time_ns: int, origin: F8, center: F8, reach: Sequence[F8]) -> Asked:
    """What :func:`near` looks at."""
    from simgen.kernels.particles import Jobs

    time_s = time_ns / NS_PER_S
    drift, blows = _air(around, time_s)
    sources = [s for s in sources_of(around.particles, around.volumes)[0] if s.kind < len(reach)]
    wanted = [_wanted(source, np.asarray(reach[source.kind], np.float64)) for source in sources]
    whose = np.repeat(np.arange(len(sources)), [len(sizes) for sizes in wanted])
    falls = _columns(sources, wanted, "fall_speed")
    moved, velocity = (np.repeat(v[None], len(whose), 0) for v in (drift, blows))
    moved[:, 2] -= falls * time_s
    velocity[:, 2] -= falls
    middle = np.asarray(center, np.float64)
    data, key = _jobs(around.seed, sources, wanted, reach, middle, moved, np.asarray(origin, np.float64))
    return Asked(
        jobs=Jobs(data, key, *_slabs(data)),
        sources=tuple(sources),
        source=whose,
        kind=np.array([s.kind for s in sources], np.uint8)[whose],
        size=np.concatenate([np.zeros(0, np.int64), *wanted]).astype(np.uint16),
        diameter=_columns(sources, wanted, "diameter"),
        velocity=velocity,
    )


def near(
    around: Surroundings,
    time_ns: int,
    origin: F8,
    center: F8,
    reach: Sequence[F8],
    axis: F8 | None = None,
    half_angle: float = math.pi,
) -> Near:
    """Every particle within ``reach[k][j]`` (m) of ``center``, of kind k as :func:`kinds_of` lists them and size j.

    A larger sphere or cone gives the same particles and more. The order depends on what is asked, not on threads.

    Args:
        around: the scene; its volumes are taken where they are at the shot's time.
        time_ns: the instant.
        origin: what places are told from, world frame, m.
        center: the middle of the sphere, world frame, m.
        reach: a row (D,) for each kind, 0 = none; kinds beyond the last row are not wanted.
        axis: unit vector, world frame, if not all around is wanted.
        half_angle: then only what lies within this angle of it, rad.
    """
    from simgen.kernels.particles import Cone, find

    asked = ask(around, time_ns, origin, center, reach)
    whole = axis is None or half_angle >= math.pi
    x, y, z = np.zeros(3) if axis is None else np.asarray(axis, np.float64)
    cone = Cone(float(x), float(y), float(z), math.cos(half_angle), math.sin(half_angle), whole)
    tiles: dict[int, tuple[F8, F4, I8, U8]] = {}

    def tile(first: int, last: int) -> None:
        tiles[first] = find(first, last, asked.jobs, cone)

    run_tiles(tile, len(asked.jobs.slab_job), _TILE, around.threads)
    parts = [tiles[first] for first in sorted(tiles)]
    place = np.concatenate([np.zeros((0, 3)), *(part[0] for part in parts)])
    share = np.concatenate([np.zeros(0, np.float32), *(part[1] for part in parts)])
    job = np.concatenate([np.zeros(0, np.int64), *(part[2] for part in parts)])
    identity = np.concatenate([np.zeros(0, np.uint64), *(part[3] for part in parts)])
    if around.volumes:
        keep = _thinned(asked.sources, asked.source[job], place + origin, share)
        place, job, identity = place[keep], job[keep], identity[keep]
    return Near(
        position=place,
        velocity=asked.velocity[job],
        diameter=asked.diameter[job],
        kind=asked.kind[job],
        size=asked.size[job],
        key=identity,
    )


def _air(around: Surroundings, time_s: float) -> tuple[F8, F8]:
    """How far the air has moved since time 0, and its velocity."""
    if around.wind is None:
        return np.zeros(3), np.zeros(3)
    at = np.array([time_s])
    return around.wind.displacement(at)[0], around.wind.velocity(at)[0]


@lru_cache(maxsize=32)
def sources_of(
    particles: tuple[Particles, ...], volumes: tuple[Volume, ...]
) -> tuple[tuple[Source, ...], tuple[Particles, ...]]:
    """Where particles come from, and all their kinds. Records are told apart by identity."""
    kinds, known, seen, sources = list(particles), dict[bytes, int](), Counter[tuple[str | int, ...]](), list[Source]()
    for k, kind in enumerate(particles):
        name: tuple[str | int, ...] = ("air", kind.class_name)
        sources.append(Source(kind=k, particles=kind, name=(*name, seen[name])))
        seen[name] += 1
    for volume in volumes:
        for kind in volume.particles:
            look = _look(kind)
            if look not in known:
                known[look] = len(kinds)
                kinds.append(kind)
            # a puff keeps its particles while others come and go, if its patches tell it apart
            name = ("volume", kind.class_name, -1 if volume.patches is None else volume.patches.seed)
            sources.append(Source(kind=known[look], particles=kind, name=(*name, seen[name]), volume=volume))
            seen[name] += 1
    return tuple(sources), tuple(kinds)


def _look(kind: Particles) -> bytes:
    """All but how many there are."""
    arrays = b"".join(value.tobytes() for name, _, value in kind.arrays() if name != "density")
    return arrays + f"{kind.class_name} {kind.looks} {kind.reflectivity!r}".encode()


def _wanted(source: Source, reach: F8) -> I8:
    """Sizes that are wanted and exist."""
    return np.flatnonzero((reach > 0.0) & (source.particles.density > 0.0))


def _columns(sources: Sequence[Source], wanted: Sequence[I8], name: str) -> F8:
    """A number of every job's size, (J,)."""
    return np.concatenate([np.zeros(0), *(getattr(s.particles, name)[w] for s, w in zip(sources, wanted, strict=True))])


def _jobs(
    seed: int,
    sources: Sequence[Source],
    wanted: Sequence[I8],
    reach: Sequence[F8],
    center: F8,
    moved: F8,
    origin: F8,
) -> tuple[F8, U8]:
    """One row for each source and size: columns as the kernel names them, and the streams' keys."""
    from simgen.kernels import particles as columns

    pairs = list(zip(sources, wanted, strict=True))
    data = np.zeros((len(moved), columns.JOB_COLUMNS))
    number = np.concatenate([np.zeros(0), *(s.particles.density[w] * s.densest for s, w in pairs)])
    # about one in a cell; a power of two, so that a rate that changes a little changes no cell
    edge = 2.0 ** np.round(-np.log2(number) / 3.0)
    data[:, columns.EDGE], data[:, columns.MEAN] = edge, number * edge**3
    data[:, columns.EMPTY] = np.exp(-data[:, columns.MEAN])
    far = np.concatenate([np.zeros(0), *(np.asarray(reach[s.kind])[w] for s, w in pairs)])
    data[:, columns.REACH] = far
    middle = center - moved
    data[:, columns.MIDDLE : columns.MIDDLE + 3] = middle
    data[:, columns.SHIFT : columns.SHIFT + 3] = moved - origin
    counts = [len(w) for w in wanted]
    low, high = (np.repeat([s.span[i] for s in sources], counts, 0).reshape(-1, 3) - moved for i in range(2))
    data[:, columns.LOW : columns.LOW + 3] = np.maximum(low, middle - far[:, None])
    data[:, columns.HIGH : columns.HIGH + 3] = np.minimum(high, middle + far[:, None])
    key = [stream_key(seed, "particles", *s.name, int(j)) for s, w in pairs for j in w]
    return data, np.array(key, np.uint64)


def _slabs(data: F8) -> tuple[I8, I8]:
    """The slabs of cells, in order of x, that each job has to look at: its row, and the slab's place."""
    from simgen.kernels.particles import EDGE, HIGH, LOW

    first = np.floor(data[:, LOW] / data[:, EDGE]).astype(np.int64)
    count = np.maximum(np.floor(data[:, HIGH] / data[:, EDGE]).astype(np.int64) - first + 1, 0)
    job = np.repeat(np.arange(len(data)), count)
    return job, first[job] + np.arange(len(job)) - np.repeat(np.cumsum(count) - count, count)


def _thinned(sources: Sequence[Source], whose: I8, place: F8, share: F4) -> np.ndarray:
    """Which of the particles are there: in a volume as many as it is dense at their place."""
    keep = np.ones(len(whose), np.bool_)
    for s, source in enumerate(sources):
        if source.volume is not None:
            mine = np.flatnonzero(whose == s)
            keep[mine] = share[mine] * source.densest < source.volume.density(place[mine])
    return keep
