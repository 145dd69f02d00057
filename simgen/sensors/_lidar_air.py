"""Weather as a lidar sees it: tables of the soft echo of a medium and of drops that are drawn beam by beam."""

from __future__ import annotations

import math
from functools import lru_cache
from typing import Any, Final

import numpy as np

from simgen.kernels.lidar_tables import Air
from simgen.records.air import Medium, Particles
from simgen.records.base import F8, I8
from simgen.records.surroundings import Surroundings
from simgen.sensors._lidar_device import LidarDevice
from simgen.sensors._volumes import light_volumes
from simgen.taxonomy import class_id

#: speed of light, m/ns
LIGHT_M_NS: Final = 0.299792458
#: spacing and length of the soft-target tables; beyond, fog returns next to nothing
SOFT_STEP_M: Final = 0.05
SOFT_REACH_M: Final = 60.0
#: echoes below this share of the threshold are two standard deviations of the noise from it in full sun, and are not
#: looked for: so many are heard as hardly count
FAINTEST: Final = 0.6
#: ratio of neighbouring range bins of the drops
RANGE_RATIO: Final = 1.015
#: steps of the table that says where the search for a kind of drops begins
GUIDES: Final = 2048

_NONE: Final = np.zeros(0)


def overlap(device: LidarDevice, distance: F8) -> F8:
    """Share of the beam that the receiver sees at each range: a ramp from 0 to 1."""
    low, high = device.overlap_m
    return np.clip((distance - low) / max(high - low, 1e-9), 0.0, 1.0)


def threshold_power(device: LidarDevice) -> float:
    """Power at the detection threshold, in units where a surface returns ``rho cos / R^2``."""
    return 0.1 / device.range_10_m**2


def soft_tables(device: LidarDevice, extinction: float, backscatter: float, near: float) -> tuple[F8, F8]:
    """Strongest soft echo in front of a surface at each range, and the integral of the echo over range; both (K,).

    ``P(R) = pi beta Int sin^2(pi (R - r + c tau/2) / (c tau)) exp(-2 alpha r) xi(r) / r^2 dr`` over the pulse of
    full width at half maximum tau, in threshold powers, with a surface cutting off all r beyond it (Rasshofer et al.
    2011; Hahner et al. 2021, with the pulse centred). pi stands for the Lambertian surface that it is compared with.
    Row k is the range near + k SOFT_STEP_M.
    """
    half = max(round(0.5 * LIGHT_M_NS * device.pulse_ns / SOFT_STEP_M), 1)
    first = int(near / SOFT_STEP_M)
    count = round(SOFT_REACH_M / SOFT_STEP_M)
    r: F8 = near + (np.arange(-first, count + half, dtype=np.float64) + 0.5) * SOFT_STEP_M
    source = np.exp(-2.0 * extinction * r) * overlap(device, r) / (r * r)
    source = np.concatenate([np.zeros(half), source])
    lag = (np.arange(2 * half) + 0.5) * SOFT_STEP_M
    pulse = np.sin(math.pi * lag / (2 * half * SOFT_STEP_M)) ** 2
    scale = math.pi * backscatter * SOFT_STEP_M / threshold_power(device)
    windows = np.lib.stride_tricks.sliding_window_view(source, 2 * half)[first : first + count]
    partial = scale * np.cumsum(windows * pulse, axis=1)
    # a surface k steps beyond the pulse's centre has let through the first half + k cells of the window
    peak = np.zeros(count + half)
    rows, cells = np.arange(count)[:, None], np.arange(half)
    np.maximum.at(peak, rows + 1 + cells, partial[:, half:])
    whole = partial[:, -1]
    mass = np.concatenate([[0.0], np.cumsum(0.5 * (whole[1:] + whole[:-1]) * SOFT_STEP_M)])
    return np.maximum.accumulate(peak)[:count], mass


def range_edges(device: LidarDevice, near: float) -> F8:
    """Bounds of the range bins that particles are looked at in, m: even steps of the logarithm."""
    start = max(near, device.overlap_m[0], 0.05)
    bins = max(int(math.log(device.max_range_m / start) / math.log(RANGE_RATIO)), 1)
    return np.asarray(start * (device.max_range_m / start) ** (np.arange(bins + 1) / bins))


def drop_power(device: LidarDevice, particles: Particles, extinction: float, distance: F8) -> F8:
    """Power of one particle's echo by size and range, (D, N), in threshold powers, where all of it is in the beam.

    ``P = rho exp(-2 alpha r) min((D / D_b)^2, 1) xi(r) / r^2`` with the beam's width ``D_b = r * divergence`` (LISA,
    Kilic et al. 2021).
    """
    filled = np.minimum((particles.diameter[:, None] / (distance * device.divergence_rad)) ** 2, 1.0)
    seen = np.exp(-2.0 * extinction * distance) * overlap(device, distance) / (distance * distance)
    return np.asarray(particles.reflectivity * filled * seen / threshold_power(device))


def drop_tables(
    device: LidarDevice, particles: Particles, extinction: float, near: float, beyond: F8 | None = None
) -> tuple[F8, F8, F8, F8]:
    """Expected number, power (in threshold powers) and cubed range bounds of drops by kind; one row a size and range.

    Drops are spread evenly over the cone. Only kinds that can be detected are listed, and of each size only those
    farther away than ``beyond`` (D,), m.
    """
    edges = range_edges(device, near)
    cubes, middle = edges**3, np.sqrt(edges[1:] * edges[:-1])
    power = drop_power(device, particles, extinction, middle)
    number = particles.density[:, None] * (math.pi / 12.0 * device.divergence_rad**2 * (cubes[1:] - cubes[:-1]))
    listed = (power > FAINTEST) & (number > 0.0)
    if beyond is not None:
        listed &= middle > beyond[:, None]
    size, place = np.nonzero(listed)
    return number[size, place], power[size, place], cubes[place], cubes[place + 1]


def varied_air(device: LidarDevice, around: Surroundings, origin: F8) -> dict[str, Any]:
    """What a sweep needs to know of parts of the air that differ; empty where there are none."""
    volumes = light_volumes(around.volumes, device.wavelength_nm, origin)
    if volumes is None:
        return {}
    return {
        "volumes": volumes,
        "backscatter": around.medium.backscatter_at(device.wavelength_nm),
        "length": LIGHT_M_NS * device.pulse_ns,
    }


@lru_cache(maxsize=64)
def air_tables(device: LidarDevice, medium: Medium, particles: tuple[Particles, ...], near: float) -> Air:
    """All tables of a device in a weather where nothing is met one by one. Records are told apart by identity."""
    return tables_beyond(device, medium, particles, near, tuple(np.zeros(len(kind.diameter)) for kind in particles))


def tables_beyond(
    device: LidarDevice,
    medium: Medium,
    particles: tuple[Particles, ...],
    near: float,
    beyond: tuple[F8, ...],
) -> Air:
    """The tables where particles are met one by one up to ``beyond``, m, (D,) for each kind; brightest drops first.

    What lies beyond stays in the medium's extinction: it is drawn for its echoes alone.
    """
    extinction = medium.extinction_at(device.wavelength_nm)
    backscatter = medium.backscatter_at(device.wavelength_nm)
    peak, mass = soft_tables(device, extinction, backscatter, near) if backscatter > 0.0 else (_NONE, _NONE)
    kinds = [drop_tables(device, kind, extinction, near, r) for kind, r in zip(particles, beyond, strict=True)]
    classes = [np.full(len(t[0]), class_id(kind.class_name)) for t, kind in zip(kinds, particles, strict=True)]
    number, power, near3, far3 = (np.concatenate([_NONE, *(t[k] for t in kinds)]) for k in range(4))
    order = np.argsort(-power, kind="stable")
    total = np.cumsum(number[order])
    return Air(
        extinction=extinction,
        soft_step=SOFT_STEP_M,
        soft_near=near,
        soft_peak=peak,
        soft_mass=mass,
        soft_class=class_id(medium.class_name) if backscatter > 0.0 else 0,
        drop_mass=total,
        drop_power=power[order],
        drop_near3=near3[order],
        drop_far3=far3[order],
        drop_class=np.concatenate([np.zeros(0, np.int64), *classes])[order].astype(np.int64),
        drop_guide=drop_guide(total),
    )


def drop_guide(mass: F8) -> I8:
    """Where the search for a kind of drops may begin, at equal steps of the number of drops."""
    steps = np.arange(GUIDES) * (mass[-1] / GUIDES) if len(mass) else _NONE
    return np.searchsorted(mass, steps * (1.0 - 1e-12), side="right").astype(np.int64)
