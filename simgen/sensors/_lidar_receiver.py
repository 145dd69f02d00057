"""From a lidar's configuration and its surroundings to the receiver, the beam and the faults of one sweep."""

from __future__ import annotations

import math
from functools import lru_cache
from statistics import NormalDist
from typing import TYPE_CHECKING, Final

import numpy as np

from simgen.kernels.lidar_tables import FIRST, LAST, NOISE_SHARE, STRONGEST, Cone, Receiver
from simgen.records.base import F8, U1
from simgen.records.lights import LUMINANCE_RGB, LightField
from simgen.rng import stream, stream_key
from simgen.sensors._lidar_air import LIGHT_M_NS, threshold_power
from simgen.sensors._lidar_device import LidarDevice

if TYPE_CHECKING:
    from simgen.records.surroundings import Shot
    from simgen.sensors.lidar import Lidar

RETURNS: Final = {"strongest": STRONGEST, "last": LAST, "first": FIRST}
#: a datasheet's +- accuracy covers 95 % of returns: 1.96 sigma
_SIGMAS: Final = 1.96
#: full width at half maximum of a Gaussian, in standard deviations
_FWHM: Final = 2.0 * math.sqrt(2.0 * math.log(2.0))
#: light on the ground at which datasheets state their range, lx, and the noise power's share that is left in the dark
FULL_SUN_LX: Final = 100_000.0
DARK_SHARE: Final = 0.25
#: rays a beam where several returns are asked for
SEVERAL: Final = 8
_GOLDEN: Final = math.pi * (3.0 - math.sqrt(5.0))


@lru_cache(maxsize=32)
def cone_of(across_rad: float, up_rad: float, rays: int) -> Cone:
    """Rays that each stand for an equal share of a Gaussian beam of those full widths (at 1/e^2 of its middle).

    Within the radius r lies ``1 - exp(-2 r^2 / w^2)`` of the power (w = half the width); the rays take the middle of
    equal shares, a golden angle apart, and are then moved and stretched to the beam's own mean and variance, so that
    the echo of a plane is exact for any number of them.
    """
    if rays == 1:
        return Cone(np.zeros(1), np.zeros(1), np.ones(1), 0.0)
    k = np.arange(rays)
    radius = np.sqrt(-0.5 * np.log(1.0 - (k + 0.5) / rays))
    angle = k * _GOLDEN
    deviation = 0.25 * math.sqrt(across_rad * up_rad)
    return Cone(
        0.25 * across_rad * _standard(radius * np.cos(angle)),
        0.25 * up_rad * _standard(radius * np.sin(angle)),
        np.full(rays, 1.0 / rays),
        deviation / math.sqrt(rays),
    )


def _standard(offsets: F8) -> F8:
    """The same with mean 0 and standard deviation 1."""
    centred = offsets - offsets.mean()
    return np.asarray(centred / max(float(centred.std()), 1e-12))


@lru_cache(maxsize=16)
def ground_lux(light: LightField) -> float:
    """Illuminance of level ground by sun and sky, lx. Records are told apart by identity."""
    weights = np.array(LUMINANCE_RGB)
    sun = float((light.sun_illuminance * weights).sum()) * max(float(light.sun_direction[2]), 0.0)
    rows = light.sky.shape[0]
    if light.sky.size == 0:
        return sun
    edges = np.cos(np.pi * np.arange(rows + 1) / rows).clip(0.0, 1.0)
    # a ring of sky between two zenith angles lights the ground by pi L (cos^2 a - cos^2 b)
    rings = (light.sky * weights).sum(-1).mean(1)
    return sun + float((np.pi * rings * (edges[:-1] ** 2 - edges[1:] ** 2)).sum())


def noise_sigma(sunlight_lx: float) -> float:
    """Standard deviation of the receiver's noise, in threshold powers: its own and the shot noise of sunlight.

    Shot noise has the variance of the light that makes it, so ``sigma^2`` is linear in the light.
    """
    share = DARK_SHARE + (1.0 - DARK_SHARE) * sunlight_lx / FULL_SUN_LX
    return NOISE_SHARE * math.sqrt(share)


def receiver_of(lidar: Lidar, shot: Shot) -> Receiver:
    """The receiver for one sweep."""
    device, around = lidar.device, shot.surroundings
    sunlight = ground_lux(around.light) if lidar.sunlight_klx is None else 1e3 * lidar.sunlight_klx
    key = stream_key(around.seed, "lidar", lidar.name, shot.index)
    return Receiver(
        threshold=threshold_power(device),
        half=1.0 - NOISE_SHARE * NormalDist().inv_cdf(device.probability_there),
        sigma=noise_sigma(sunlight),
        near=device.min_range_m if lidar.min_range_m is None else lidar.min_range_m,
        far=device.max_range_m,
        overlap_near=device.overlap_m[0],
        overlap_far=device.overlap_m[1],
        pulse=0.5 * LIGHT_M_NS * device.pulse_ns / _FWHM,
        fold=math.inf if lidar.fold_range_m is None else lidar.fold_range_m,
        range_floor=device.accuracy_m / _SIGMAS,
        range_noise=-1.0 if lidar.range_noise_m is None else lidar.range_noise_m,
        range_step=device.resolution_m,
        reflectance_step=device.reflectance_step,
        drop_probability=lidar.drop_probability,
        noise=lidar.noise,
        returns=np.array([RETURNS[name] for name in lidar.returns], np.int64),
        key=np.uint64(key),  # type: ignore[arg-type]  # numba tells numpy's integers apart by size
    )


def alarm_chance(receiver: Receiver) -> float:
    """Chance that noise alone crosses the threshold during a firing: one try for each pulse length of range."""
    tries = max((receiver.far - receiver.near) / (receiver.pulse * _FWHM), 1.0)
    return tries * NormalDist().cdf(-receiver.half / receiver.sigma)


def lost_firings(lidar: Lidar, device: LidarDevice, columns: int, seed: int, index: int) -> U1 | None:
    """Which firings never arrive, (A, L): dead lasers (by ring), and packets that the network lost."""
    if not lidar.dead_rings and lidar.packet_loss <= 0.0:
        return None
    lost = np.zeros((columns, device.lasers), np.uint8)
    lost[:, np.isin(device.ring, lidar.dead_rings)] = 1
    packets = -(-columns // lidar.packet_columns)
    gone = stream(seed, "lidar", lidar.name, "packets", index).random(packets) < lidar.packet_loss
    lost[np.repeat(gone, lidar.packet_columns)[:columns]] = 1
    return lost
