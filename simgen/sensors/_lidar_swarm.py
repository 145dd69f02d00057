"""How far a lidar meets particles one by one, and what that takes out of the medium.

A particle is met one by one as far as its echo could be detected, or nearer where there are more than :data:`MOST` of
them: what lies beyond is drawn beam by beam, and stays in the medium.
"""

from __future__ import annotations

import math
from dataclasses import dataclass
from functools import lru_cache
from typing import Final

import numpy as np

from simgen.kernels.lidar_met_tables import Sizes
from simgen.kernels.lidar_tables import Air
from simgen.records.air import Medium, Particles
from simgen.records.base import F8
from simgen.records.surroundings import Surroundings
from simgen.sensors._lidar_air import FAINTEST, air_tables, drop_power, range_edges, tables_beyond
from simgen.sensors._lidar_device import LidarDevice
from simgen.taxonomy import class_id

#: about so many particles in the field of view are met one by one in a sweep
MOST: Final = 15_000
#: nearer than this to the sensor's centre is the sensor, m
HOUSING_M: Final = 0.1
#: spacing of the table of what is taken out of the medium, m
LIFT_STEP_M: Final = 0.05
#: parts that a ring of half-covered places is divided into
_RING: Final = 16


@dataclass(frozen=True, kw_only=True, eq=False)
class Swarm:
    """What a device meets one by one in a weather."""

    kinds: tuple[Particles, ...]
    sizes: Sizes
    #: how far each size of each kind is met, (D,) each, m
    reach: tuple[F8, ...]
    #: what the medium's light is multiplied by, at every LIFT_STEP_M of range
    lift: F8


def swarm_of(device: LidarDevice, around: Surroundings, near: float) -> tuple[Air, Swarm | None]:
    """The tables of the air, and what is met one by one; None where nothing is, or where the device does not turn."""
    if not around.particles and not any(v.particles for v in around.volumes):
        return air_tables(device, around.medium, (), near), None
    if not device.rotates:
        return air_tables(device, around.medium, around.particles, near), None
    from simgen.sensors._particles import kinds_of

    return _swarm(device, around.medium, around.particles, kinds_of(around), near)


@lru_cache(maxsize=32)
def _swarm(
    device: LidarDevice, medium: Medium, air: tuple[Particles, ...], kinds: tuple[Particles, ...], near: float
) -> tuple[Air, Swarm]:
    """Records are told apart by identity. Particles of volumes stay in their volumes' media: they echo, and no more."""
    extinction = medium.extinction_at(device.wavelength_nm)
    reach = reaches(device, kinds, extinction, near)
    optical = [taken_by(device, kind) * (k < len(air)) for k, kind in enumerate(kinds)]
    widest = max(len(kind.diameter) for kind in kinds)

    def table(rows: list[F8] | tuple[F8, ...]) -> F8:
        return np.stack([np.pad(row, (0, widest - len(row))) for row in rows])

    swarm = Swarm(
        kinds=kinds,
        sizes=Sizes(
            reach=table(reach),
            diameter=table([kind.diameter for kind in kinds]),
            taken=table(optical),
            bright=np.array([kind.reflectivity for kind in kinds]),
            name=np.array([class_id(kind.class_name) for kind in kinds], np.uint16),
        ),
        reach=reach,
        lift=_lift(device, air, tuple(r.tobytes() for r in reach[: len(air)])),
    )
    return tables_beyond(device, medium, air, near, reach[: len(air)]), swarm


@lru_cache(maxsize=32)
def _lift(device: LidarDevice, air: tuple[Particles, ...], reach: tuple[bytes, ...]) -> F8:
    """What the medium's light is multiplied by, whatever volumes there are."""
    rows = tuple(np.frombuffer(row) for row in reach)
    return np.exp(taken_out(device, air, rows, max((float(row.max(initial=0.0)) for row in rows), default=0.0)))


def reaches(device: LidarDevice, kinds: tuple[Particles, ...], extinction: float, near: float) -> tuple[F8, ...]:
    """How far particles are met one by one, by size (D,) for each kind, m; 0 = none.

    As far as the echo is more than FAINTEST threshold powers; all of it times one share where that is too many.
    """
    edges = range_edges(device, near)
    middle = np.sqrt(edges[1:] * edges[:-1])
    audible = [drop_power(device, kind, extinction, middle) > FAINTEST for kind in kinds]
    far = [np.where(one, edges[1:], 0.0).max(axis=1) for one in audible]
    view = 0.5 * (math.sin(device.elevation.max()) - math.sin(device.elevation.min()))
    pairs = list(zip(kinds, far, strict=True))
    number = 4.0 / 3.0 * math.pi * max(view, 0.02) * sum(float((kind.density * r**3).sum()) for kind, r in pairs)
    share = min((MOST / max(number, 1.0)) ** (1.0 / 3.0), 1.0)
    # at the bounds of the range bins, where what is drawn beam by beam begins
    place = [np.searchsorted(edges, share * r * (1.0 + 1e-12), side="right") - 1 for r in far]
    return tuple(np.where((p > 0) & (r > 0.0), edges[np.maximum(p, 0)], 0.0) for p, r in zip(place, far, strict=True))


def taken_by(device: LidarDevice, kind: Particles) -> F8:
    """What a particle takes from a beam by its shadow, (D,): about 2, as light that it bends away is lost too."""
    single = kind.lost(device.wavelength_nm) / np.where(kind.density > 0.0, kind.density, 1.0)
    return np.asarray(single / (0.25 * math.pi * kind.diameter**2))


def taken_out(device: LidarDevice, kinds: tuple[Particles, ...], reach: tuple[F8, ...], far: float) -> F8:
    """Optical depth, there and back, that single particles make up for on average, at every LIFT_STEP_M up to ``far``.

    A Poisson process of density n multiplies a beam, on average, by ``exp(-n Int (1 - (1 - b)^2) dV)`` over the places
    of a particle's middle, where it takes b of the beam one way. So the mean of what is left is the medium's, exactly.
    """
    r = np.asarray((np.arange(math.ceil(far / LIFT_STEP_M)) + 0.5) * LIFT_STEP_M, np.float64)
    depth = np.zeros(len(r))
    for kind, limit in zip(kinds, reach, strict=True):
        met = (limit > 0.0) & (kind.density > 0.0)
        lost = _area_lost(r * device.divergence_rad, kind.diameter[met, None], taken_by(device, kind)[met, None])
        part = np.clip((limit[met, None] - r) / LIFT_STEP_M + 0.5, 0.0, 1.0)
        part = part * np.clip((r - HOUSING_M) / LIFT_STEP_M + 0.5, 0.0, 1.0)
        depth += LIFT_STEP_M * (kind.density[met, None] * lost * part).sum(axis=0)
    return np.concatenate([[0.0], np.cumsum(depth)])


def _area_lost(beam: F8, diameter: F8, taken: F8) -> F8:
    """``Int (1 - (1 - b)^2) dA`` over the places of a particle's middle, m2, for beams of so many widths."""
    big, small = 0.5 * np.maximum(beam, diameter), 0.5 * np.minimum(beam, diameter)
    full = np.minimum(taken * np.minimum(diameter / beam, 1.0) ** 2, 1.0)
    total = math.pi * (big - small) ** 2 * (1.0 - (1.0 - full) ** 2)
    for k in range(_RING):
        at = big + small * ((2 * k + 1) / _RING - 1.0)
        one = (at * at + big * big - small * small) / (2.0 * at * big)
        two = (at * at + small * small - big * big) / (2.0 * at * small)
        kite = (big + small - at) * (at + big - small) * (at - big + small) * (at + big + small)
        lens = big * big * np.arccos(np.clip(one, -1.0, 1.0)) + small * small * np.arccos(np.clip(two, -1.0, 1.0))
        lens = lens - 0.5 * np.sqrt(np.maximum(kite, 0.0))
        block = np.minimum(taken * lens / (0.25 * math.pi * beam * beam), 1.0)
        total = total + 2.0 * math.pi * at * (2.0 * small / _RING) * (1.0 - (1.0 - block) ** 2)
    return np.asarray(total)
