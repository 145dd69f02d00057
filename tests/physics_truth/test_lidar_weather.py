"""What comes back from fog and rain, against direct integration and brute-force sampling."""

from __future__ import annotations

import math
from pathlib import Path

import helpers_lidar as yard
import numpy as np
import pytest
from scipy import integrate, stats

from simgen.records.air import WAVELENGTHS_NM
from simgen.records.frames import POINT_WEATHER
from simgen.rng import stream
from simgen.sensors._lidar_air import FAINTEST, LIGHT_M_NS, SOFT_STEP_M, drop_tables, soft_tables
from simgen.sensors._lidar_device import load_device
from simgen.sensors._lidar_swarm import HOUSING_M
from simgen.taxonomy import class_id
from simgen.weather.drizzle import Drizzle
from simgen.weather.dust import Dust
from simgen.weather.fog import Fog
from simgen.weather.hail import Hail
from simgen.weather.rain import Rain
from simgen.weather.smoke import Smoke
from simgen.weather.snow import Snow

#: and one that hears so much that the air always returns something
SHARP = {"range_10": 300.0}
#: the receiver of Rasshofer et al. 2011: 20 ns pulses, the view opens from 0.9 to 1.0 m
RASSHOFER = {"overlap": [0.9, 1.0], "pulse": 20.0, "near": 0.5}


def soft_echo(r, surface, alpha, beta, *, pulse=20.0, range_10=100.0):
    """The soft-target integral at a range, by adaptive quadrature."""
    width = LIGHT_M_NS * pulse

    def part(x):
        ramp = min(max((x - 0.9) / 0.1, 0.0), 1.0)
        return math.sin(math.pi * (r - x + width / 2) / width) ** 2 * math.exp(-2 * alpha * x) * ramp / x**2

    low, high = max(r - width / 2, 0.9), min(r + width / 2, surface)
    if high <= low:
        return 0.0
    value, _ = integrate.quad(part, low, high, points=[1.0] if low < 1.0 < high else None, limit=200)
    return math.pi * beta * value / (0.1 / range_10**2)


@pytest.fixture
def receiver(tmp_path) -> Path:
    return Path(yard.device_file(tmp_path, **RASSHOFER))


@pytest.mark.parametrize("alpha", [0.005, 0.06])
@pytest.mark.parametrize("surface", [1.5, 3.0, 6.0, 40.0])
def test_soft_target_integral(receiver, alpha, surface):
    beta = 0.046 * alpha / math.log(20.0)
    peak, _ = soft_tables(load_device(str(receiver)), alpha, beta, 0.5)
    ranges = np.arange(0.5, min(surface, 12.0), 0.02)
    expected = max(soft_echo(r, surface, alpha, beta) for r in ranges)
    found = peak[min(round((surface - 0.5) / SOFT_STEP_M), len(peak) - 1)]
    assert found == pytest.approx(expected, rel=0.01)


def test_no_echo_comes_from_behind_the_surface(receiver):
    peak, _ = soft_tables(load_device(str(receiver)), 0.06, 1e-3, 0.5)
    assert peak[0] == 0.0
    assert peak[round((0.8 - 0.5) / SOFT_STEP_M)] == 0.0
    assert (np.diff(peak) >= 0.0).all()


@pytest.mark.parametrize("visibility", [20.0, 50.0, 120.0])
@pytest.mark.parametrize("effect", [Fog, Dust, Smoke])
def test_ranges_follow_the_soft_echo(tmp_path, effect, visibility):
    """Where dark walls lose against the air, returns spread as the soft-target integral does, up to the wall."""
    weather, surface = effect(visibility_m=visibility), 15.0
    medium, name = weather.medium(), effect.plugin_name
    points, _ = yard.facet_sweep(
        tmp_path, np.full(4000, surface), reflectance=1e-4, medium=medium, noise=False, device=RASSHOFER | SHARP
    )
    assert len(points.range) == 4000
    assert (points.semantic == class_id(name)).all()
    assert (points.flags == POINT_WEATHER).all()
    alpha = medium.extinction_at(905.0)
    r = np.arange(0.5, surface, 0.05)
    density = np.array([soft_echo(x, np.inf, alpha, 1e-3) for x in r])
    mass = np.concatenate([[0.0], np.cumsum(0.5 * (density[1:] + density[:-1]))])
    found = stats.kstest(points.range.astype(float), lambda x: np.interp(x, r, mass / mass[-1]))
    assert found.statistic < 0.03
    assert found.pvalue > 1e-3


@pytest.mark.parametrize("visibility", [20.0, 50.0, 120.0])
def test_share_of_returns_from_fog(tmp_path, visibility):
    """Walls of every reflectance at every range: which of them lose against fog is what the two integrals say."""
    fog = Fog(visibility_m=visibility)
    medium = fog.medium()
    alpha, beta = medium.extinction_at(905.0), medium.backscatter_at(905.0)
    ranges = np.tile(np.linspace(2.0, 40.0, 800), 3)
    reflectance = 0.5
    points, _ = yard.facet_sweep(
        tmp_path, ranges, reflectance=reflectance, medium=medium, noise=False, device=RASSHOFER | SHARP
    )
    soft = max(soft_echo(r, np.inf, alpha, beta, range_10=300.0) for r in np.arange(0.6, 8.0, 0.02))
    hard = reflectance * np.exp(-2 * alpha * ranges) / ranges**2 / (0.1 / 300.0**2)
    expected = ((soft >= hard) & (soft >= 1.0)).mean()
    assert 0.2 < expected < 0.92
    assert (points.semantic == class_id("fog")).sum() / len(ranges) == pytest.approx(expected, abs=0.01)


def test_the_stronger_of_wall_and_fog_returns(tmp_path):
    """Walls nearer than where both are equally strong are seen, farther ones are fog."""
    fog, ranges = Fog(visibility_m=60.0), np.linspace(3.0, 40.0, 1000)
    points, column = yard.facet_sweep(
        tmp_path, ranges, reflectance=0.3, medium=fog.medium(), noise=False, device=RASSHOFER
    )
    alpha, beta = fog.medium().extinction_at(905.0), 0.046 / 60.0
    soft = max(soft_echo(r, np.inf, alpha, beta) for r in np.arange(0.6, 8.0, 0.02))
    hard = 0.3 * np.exp(-2 * alpha * ranges) / ranges**2 / 1e-5
    seen = np.zeros(1000, bool)
    seen[column[points.semantic == class_id("building")]] = True
    switch = ranges[hard > soft].max()
    assert 5.0 < switch < 20.0
    assert seen[ranges < switch - 0.1].all()
    assert not seen[ranges > switch + 0.1].any()


def test_thin_fog_returns_nothing_by_itself(tmp_path):
    points, _ = yard.facet_sweep(
        tmp_path, np.full(500, 300.0), reflectance=0.1, medium=Fog(visibility_m=50_000.0).medium(), device=RASSHOFER
    )
    assert len(points.range) == 0


def overlap_share(apart, beam, drop):
    """Share of discs of radius ``beam`` that discs of radius ``drop`` cover."""
    with np.errstate(invalid="ignore", divide="ignore"):
        one = np.arccos(np.clip((apart**2 + beam**2 - drop**2) / (2 * apart * beam), -1, 1))
        two = np.arccos(np.clip((apart**2 + drop**2 - beam**2) / (2 * apart * drop), -1, 1))
    # a segment of a circle is a sector less a triangle
    lens = beam**2 * (one - np.sin(2 * one) / 2) + drop**2 * (two - np.sin(2 * two) / 2)
    inside = np.where(apart <= np.abs(beam - drop), np.minimum(beam, drop) ** 2 * np.pi, lens)
    return np.where(apart >= beam + drop, 0.0, inside / (np.pi * beam**2))


def heard_to(kind, divergence, range_10, alpha, near, far):
    """How far an echo of each size is at all loud enough to be looked at, m; 0 = nowhere."""
    r = np.linspace(near, far, 4000)
    filled = np.minimum((kind.diameter[:, None] / (divergence * r)) ** 2, 1.0)
    power = kind.reflectivity * np.exp(-2 * alpha * r) * filled / r**2 / (0.1 / range_10**2)
    return (r * (power > FAINTEST)).max(axis=1)


def drawn_one_by_one(kind, beams, far, divergence, heard):
    """Every particle that overlaps one of some beams apart from each other: beam, range, share covered and lost."""
    generator = stream(3, "brute force", kind.class_name, far)
    taken = np.array([np.interp(905.0, WAVELENGTHS_NM, c) for c in kind.extinction.T]) / (np.pi / 4 * kind.diameter**2)
    wide = 0.5 * (divergence * far + kind.diameter)
    counts = generator.poisson((heard > 0.0) * kind.density * math.pi * wide**2 * far, (beams, len(wide)))
    beam, size = (np.repeat(index, counts.ravel()) for index in np.indices(counts.shape).reshape(2, -1))
    r, apart = far * generator.random(len(beam)), wide[size] * np.sqrt(generator.random(len(beam)))
    share = overlap_share(apart, 0.5 * divergence * r, 0.5 * kind.diameter[size])
    # what is too faint stays in the medium
    lost = np.where(r < heard[size], np.minimum(taken[size] * share, 1.0), 0.0)
    kept = np.flatnonzero((share > 0.0) & (r > HOUSING_M))
    kept = kept[np.lexsort((r[kept], beam[kept]))]
    return beam[kept], r[kept], share[kept], lost[kept]


def brute_force(kind, beams, far, alpha, divergence, range_10, near):
    """The brightest of each beam (power, range): each dimmed by those before it, the medium less them on average."""
    heard = heard_to(kind, divergence, range_10, alpha, near, 15.0)
    beam, r, share, lost = drawn_one_by_one(kind, beams, far, divergence, heard)
    loss = 2.0 * np.log1p(-np.minimum(lost, 1.0 - 1e-12))
    behind, first = np.append(0.0, np.cumsum(loss)), np.searchsorted(beam, beam)
    before = behind[:-1] - behind[first]
    # what is left on average up to a range, over all beams
    edges = np.linspace(0.0, far, 61)
    left = np.array([np.exp(np.bincount(beam[r < e], loss[r < e], beams)).mean() for e in edges])
    power = kind.reflectivity * share * np.exp(before - 2 * alpha * r) / r**2 / (0.1 / range_10**2)
    power = np.where(r >= near, power / np.interp(r, edges, left), 0.0)
    best = np.zeros(beams)
    np.maximum.at(best, beam, power)
    winner = (power == best[beam]) & (power > 0.0)
    at = np.full(beams, np.inf)
    at[beam[winner]] = r[winner]
    return best, at


@pytest.mark.parametrize("wall", [4.0, 15.0])
@pytest.mark.parametrize(
    ("effect", "least"),
    [
        (Rain(rate_mm_h=60.0), 500),
        (Snow(rate_mm_h=0.3), 500),
        (Hail(rate_mm_h=500.0), 25),
        (Drizzle(rate_mm_h=2.0), 5),
    ],
    ids=lambda value: getattr(value, "plugin_name", ""),
)
def test_returns_are_those_of_particles_drawn_one_by_one(tmp_path, effect, least, wall):
    """How many there are, how far they are, and what they are called; beams are so far apart that none share a drop."""
    columns, lasers, sweeps, far = 600, 11, 3, 15.0
    alpha = effect.medium().extinction_at(905.0)
    (kind,) = effect.particles()
    device = {"near": 1.0, "far": far, "columns": columns, "elevation": [float(e) for e in range(-5, 6)]}
    points = [
        yard.facet_sweep(
            tmp_path,
            np.full(columns, wall),
            reflectance=0.0,
            medium=effect.medium(),
            particles=effect.particles(),
            noise=False,
            device=device,
            rate_hz=1.0,
            seed=seed,
        )[0]
        for seed in range(sweeps)
    ]
    beams = columns * lasers * sweeps
    power, at = brute_force(kind, beams, wall, alpha, 3e-3, 100.0, 1.0)
    expected = (power >= 1.0).sum()
    found = np.concatenate([p.range.astype(float) for p in points])
    assert expected > least
    assert abs(len(found) - expected) < 4.5 * math.sqrt(2 * expected)
    assert all((p.semantic == class_id(kind.class_name)).all() for p in points)
    assert all((p.flags == POINT_WEATHER).all() for p in points)
    assert stats.ks_2samp(found, at[power >= 1.0]).pvalue > 1e-3


def test_table_of_drops_counts_the_bright_ones(tmp_path):
    """Expected number of drops above the threshold, by integration over range and size."""
    device = load_device(yard.device_file(tmp_path, near=1.0))
    rain = Rain(rate_mm_h=25.0)
    (drops,) = rain.particles()
    number, power, _, _ = drop_tables(device, drops, 0.0, 1.0)

    def bright(r):
        needed = 3e-3 * r * math.sqrt(1e-5 * r * r / 0.0199)
        return (
            math.pi / 4 * (3e-3 * r) ** 2 * (drops.density[drops.diameter > needed].sum() if needed < 3e-3 * r else 0.0)
        )

    grid = np.linspace(1.0, 60.0, 60_000)
    expected = integrate.trapezoid([bright(r) for r in grid], grid)
    assert number[power >= 1.0].sum() == pytest.approx(expected, rel=0.02)
