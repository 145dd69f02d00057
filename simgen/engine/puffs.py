"""Puffs of one source: when they left, where they are, how large they have become. Gaussian puffs on the wind."""

from __future__ import annotations

import math
from dataclasses import dataclass
from functools import lru_cache
from typing import Final

import numpy as np

from simgen.geometry import quat_rotate
from simgen.records.base import F8, I8
from simgen.records.emitter import Emitter
from simgen.records.trajectory import Trajectory
from simgen.records.wind import Wind
from simgen.rng import stream
from simgen.units import NS_PER_S

#: Briggs' buoyancy flux of a watt of heat, m4/s3 (8.9 of a megawatt, Briggs 1984)
FLUX_OF_WATT: Final = 8.9e-6
#: standard deviation that rising gives, as a share of the rise: in wind (Pasquill 1976), and of a plume that goes
#: straight up (0.12 of the height to 1/e, Morton, Taylor and Turner 1956)
RISEN_IN_WIND, RISEN_IN_CALM = 1.0 / 3.5, 0.085
#: standard deviations of puffs in neutral air at a distance of x m, a x^b (Slade 1968)
ACROSS, UPWARDS = (0.06, 0.92), (0.15, 0.70)
#: rows of puffs closer than this many standard deviations look even
_EVEN: Final = 0.5
_ALONG_GROUND: Final = np.array([1.0, 1.0, 0.0])
#: share of its life over which a puff fades away in the end
_FADES: Final = 0.2


@dataclass(frozen=True, kw_only=True, eq=False)
class Source:
    """One place that sends puffs: on a body (None = the world), at an offset in its frame."""

    body: int | None
    #: row of the actor, whose absence silences it
    actor: int | None
    offset_m: tuple[float, float, float]
    #: what the emitter's rate is taken by
    factor: float
    #: of its own: when its puffs leave, and how they stray
    seed: int


@dataclass(frozen=True, kw_only=True, eq=False)
class Puffs:
    """Puffs of a source at one time: masses (N,) in g, middles, sizes and velocities (N, 3), growth (N,)."""

    mass_g: F8
    center: F8
    size: F8
    velocity: F8
    growth: F8

    @property
    def concentration(self) -> F8:
        """In the middle of each, g/m3, (N,)."""
        return np.asarray(self.mass_g / ((2.0 * math.pi) ** 1.5 * self.size.prod(-1)))


@dataclass(frozen=True, kw_only=True, eq=False)
class Left:
    """Puffs as they left: the time of their middle and how long they took, where and how fast the carrier was then."""

    time_s: F8
    lasted_s: F8
    position: F8
    velocity: F8
    jet: F8
    #: whether the carrier was there
    there: F8


def left_before(source: Source, emitter: Emitter, trajectory: Trajectory, time_s: float) -> Left:
    """Puffs that are in the air at a time. Each stands for what left in one interval; the last is still leaving."""
    step = emitter.interval_s
    phase = source.seed % 1024 / 1024.0
    first = math.floor((time_s - emitter.life_s) / step - phase)
    begin = (np.arange(first, math.floor(time_s / step - phase) + 1) + phase) * step
    opened = np.maximum(begin, emitter.start_s)
    closed = np.minimum(np.minimum(begin + step, emitter.stop_s), time_s)
    at, lasted = 0.5 * (opened + closed), closed - opened
    at, lasted = at[lasted > 0.0], lasted[lasted > 0.0]
    position, velocity, jet = _carrier(source, emitter, trajectory, at)
    there = np.ones(len(at))
    if source.actor is not None:
        there = trajectory.exists[_rows(trajectory, at), source.actor].astype(np.float64)
    return Left(time_s=at, lasted_s=lasted, position=position, velocity=velocity, jet=jet, there=there)


def _carrier(source: Source, emitter: Emitter, trajectory: Trajectory, time_s: F8) -> tuple[F8, F8, F8]:
    """Where the source was, how fast it went, and the jet's velocity, (N, 3) each.

    Before the trajectory begins what moves came as it then went: straight on.
    """
    count = len(time_s)
    if source.body is None:
        offset = np.broadcast_to(np.array(source.offset_m), (count, 3))
        return offset, np.zeros((count, 3)), np.broadcast_to(np.array(emitter.jet_m_s), (count, 3))
    stamps = np.rint(time_s * NS_PER_S).astype(np.int64)
    places, turns = trajectory.poses(stamps, np.array([source.body]))
    velocity = trajectory.linear_velocity[_rows(trajectory, time_s), source.body].astype(np.float64)
    early = np.minimum(time_s - trajectory.time_ns[0] / NS_PER_S, 0.0)[:, None]
    offset = quat_rotate(turns[:, 0], np.array([source.offset_m]))
    jet = quat_rotate(turns[:, 0], np.array([emitter.jet_m_s]))
    return places[:, 0] + offset + velocity * early, velocity, jet


def _rows(trajectory: Trajectory, time_s: F8) -> I8:
    """The steps at or before some times, (N,)."""
    steps = (np.rint(time_s * NS_PER_S).astype(np.int64) - trajectory.time_ns[0]) // trajectory.step_ns
    return np.asarray(np.clip(steps, 0, len(trajectory.time_ns) - 1))


def rise(heat_w: float, speed_m_s: float, age_s: F8) -> tuple[F8, F8]:
    """How far heat has lifted a puff, m, and the standard deviation that this gave it, (N,) each.

    In wind ``1.6 F^(1/3) u^(-1/3) t^(2/3)`` (Briggs 1975); in calm air as a plume that goes straight up, whose
    speed is ``5/(6a) (9 a F/10)^(1/3) z^(-1/3)`` with a = 0.1 (Morton, Taylor and Turner 1956); of both the lower.
    """
    flux = FLUX_OF_WATT * heat_w
    lifting = 5.0 / 0.6 * (0.09 * flux) ** (1.0 / 3.0)
    straight = (4.0 / 3.0 * lifting * age_s) ** 0.75
    bent = np.full_like(age_s, np.inf)
    if speed_m_s > 0.0:
        bent = 1.6 * (flux / speed_m_s) ** (1.0 / 3.0) * age_s ** (2.0 / 3.0)
    return np.minimum(straight, bent), np.minimum(RISEN_IN_CALM * straight, RISEN_IN_WIND * bent)


def puffs(source: Source, emitter: Emitter, left: Left, rates: F8, wind: Wind | None, time_s: float) -> Puffs:
    """The puffs at a time; ``rates`` (N,) is the mass a second at which each left."""
    now = _path(source, emitter, left, wind, time_s)
    soon = _path(source, emitter, left, wind, time_s + 0.01)
    age = time_s - left.time_s
    faded = np.clip((emitter.life_s - age) / (_FADES * emitter.life_s), 0.0, 1.0)
    mass = rates * left.lasted_s * left.there * np.exp(-age / emitter.loss_s) * faded
    center, size = now
    stretched = np.maximum(size, _EVEN * _beside(np.abs(np.diff(center, axis=0))))
    growth = np.maximum((soon[1][:, 0] - size[:, 0]) / 0.01, 0.0)
    return Puffs(mass_g=mass, center=center, size=stretched, velocity=(soon[0] - center) / 0.01, growth=growth)


def _beside(gap: F8) -> F8:
    """Mean distances of each puff to its neighbours by axis, (N, 3), from those between them, (N - 1, 3)."""
    if not len(gap):
        return np.zeros((1, 3))
    return np.asarray(0.5 * (np.concatenate([gap[:1], gap]) + np.concatenate([gap, gap[-1:]])))


def _path(source: Source, emitter: Emitter, left: Left, wind: Wind | None, time_s: float) -> tuple[F8, F8]:
    """Middles and standard deviations of the puffs at a time, (N, 3) each."""
    age = time_s - left.time_s
    speed = 0.0 if wind is None else wind.speed_m_s
    blown, air = np.zeros((len(age), 3)), np.zeros((len(age), 3))
    if wind is not None:
        # near the ground no gust goes far up or down
        blown = (wind.displacement(np.array([time_s])) - wind.displacement(left.time_s)) * _ALONG_GROUND
        air = wind.velocity(left.time_s) * _ALONG_GROUND
    relative = emitter.carried * left.velocity + left.jet - air
    tau = emitter.relaxation_s
    slid = relative * (tau * (1.0 - np.exp(-age / tau)))[:, None] if tau > 0.0 else 0.0
    lifted, risen = rise(emitter.heat_w, speed, age)
    far = speed * age
    own = np.array(emitter.size_m)[:, None] + emitter.spread_m_s * age
    across, up = (
        np.sqrt(width**2 + (a * far**b) ** 2 + risen**2) for width, (a, b) in zip(own, (ACROSS, UPWARDS), strict=True)
    )
    size = np.stack([across, across, up], -1)
    center = left.position + blown + slid
    center[:, 2] += lifted - emitter.sinking_m_s * age
    if emitter.stray > 0.0:
        grown = np.sqrt(np.maximum(size**2 - np.array(emitter.size_m)[[0, 0, 1]] ** 2, 0.0))
        steps = np.rint((left.time_s - 0.5 * left.lasted_s) / emitter.interval_s * 8.0).astype(np.int64)
        center = center + emitter.stray * grown * np.array([_strays(source.seed, int(k)) for k in steps]).reshape(-1, 3)
    # what reaches the ground stays there
    center[:, 2] = np.maximum(center[:, 2], np.minimum(left.position[:, 2], 0.0))
    return center, size


@lru_cache(maxsize=4096)
def _strays(seed: int, number: int) -> tuple[float, float, float]:
    x, y, z = stream(seed, "stray", number).normal(0.0, 1.0, 3)
    return float(x), float(y), float(z)
