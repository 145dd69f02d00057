"""The field of single particles: right numbers, evenly spread, and the same ones whoever asks and whenever."""

from __future__ import annotations

import math
from types import SimpleNamespace
from typing import Any

import numpy as np
import pytest

from simgen.records.air import Medium, Near, Particles
from simgen.records.volume import Patches, Volume
from simgen.records.wind import Wind
from simgen.sensors._particles import kinds_of, near
from simgen.units import NS_PER_S

ZERO = np.zeros(3)


def drops(*density: float, name: str = "rain", fall: float = 5.0) -> Particles:
    count = len(density)
    return Particles(
        class_name=name,
        diameter=1e-3 * (1.0 + np.arange(count)),
        density=np.array(density),
        fall_speed=fall + 2.0 * np.arange(count),
    )


def around(*particles: Particles, seed: int = 1, threads: int = 1, **more: Any) -> Any:
    return SimpleNamespace(
        particles=particles, **({"volumes": (), "wind": None, "seed": seed, "threads": threads} | more)
    )


def ask(scene: Any, center: Any = ZERO, reach: float = 3.0, time_s: float = 0.0, **more: Any) -> Near:
    wide = [np.full(len(kind.diameter), reach) for kind in kinds_of(scene)]
    return near(scene, round(time_s * NS_PER_S), ZERO, np.asarray(center, float), wide, **more)


def by_key(found: Near) -> dict[int, np.ndarray]:
    return {int(key): place for key, place in zip(found.key, found.position, strict=True)}


@pytest.mark.parametrize("density", [0.3, 7.0, 90.0])
def test_numbers_are_poisson(density: float) -> None:
    # spheres that share no cell
    expected = density * 4.0 / 3.0 * math.pi * 1.5**3
    counts = np.array([len(ask(around(drops(density), seed=s), (40.0 * s, 7.0, -3.0), 1.5).key) for s in range(400)])
    assert abs(counts.mean() - expected) < 4.0 * math.sqrt(expected / 400)
    assert abs(counts.var(ddof=1) / expected - 1.0) < 4.0 * math.sqrt(2.0 / 400 + 1.0 / (400 * expected))


def test_particles_are_spread_evenly() -> None:
    found = ask(around(drops(300.0)), (5.0, -2.0, 9.0), 4.0)
    inside = found.position - np.array([5.0, -2.0, 9.0])
    cube = inside[(np.abs(inside) < 2.0).all(1)]
    # boxes that are no whole number of cells wide
    index = np.floor((cube + 2.0) / (4.0 / 7.0)).astype(int)
    counts = np.bincount(index @ np.array([49, 7, 1]), minlength=343)
    expected = len(cube) / 343
    assert ((counts - expected) ** 2 / expected).sum() < 342 + 4.0 * math.sqrt(2.0 * 342)
    # and within a cell
    finer = np.histogram(np.mod(inside, 0.125).ravel(), 25, (0.0, 0.125))[0]
    mean = finer.mean()
    assert ((finer - mean) ** 2 / mean).sum() < 24 + 4.0 * math.sqrt(2.0 * 24)


def test_a_sphere_holds_all_within_and_nothing_beyond() -> None:
    scene = around(drops(40.0, 0.5), drops(3.0, name="snow"))
    large, small = ask(scene, (1.0, 2.0, 3.0), 6.0), ask(scene, (1.5, 2.0, 2.5), 2.0)
    assert set(by_key(small)) <= set(by_key(large))
    beyond = np.linalg.norm(large.position - np.array([1.5, 2.0, 2.5]), axis=1)
    assert set(large.key[beyond <= 2.0]) == set(small.key)
    assert len(set(large.key)) == len(large.key)
    assert set(zip(large.kind.tolist(), large.size.tolist(), strict=True)) == {(0, 0), (0, 1), (1, 0)}


@pytest.mark.parametrize("half", [0.02, 0.4, 1.2, 2.0, 3.0])
def test_a_cone_holds_all_within_it(half: float) -> None:
    scene, axis = around(drops(60.0)), np.array([0.6, -0.64, 0.48])
    whole, cone = ask(scene, reach=5.0), ask(scene, reach=5.0, axis=axis, half_angle=half)
    cosine = whole.position @ axis / np.linalg.norm(whole.position, axis=1)
    assert set(whole.key[np.arccos(cosine) <= half]) == set(cone.key)


def test_each_size_has_its_own_reach() -> None:
    scene = around(drops(50.0, 50.0, 50.0), drops(20.0))
    found = near(scene, 0, ZERO, ZERO, [np.array([1.0, 0.0, 3.0])])
    far = np.linalg.norm(found.position, axis=1)
    assert set(found.size.tolist()) == {0, 2}
    assert not found.kind.any()
    assert far[found.size == 0].max() <= 1.0 < 2.8 < far[found.size == 2].max()
    assert not len(near(scene, 0, ZERO, ZERO, [np.zeros(3)]).key)


@pytest.mark.parametrize("wind", [None, Wind(seed=3, speed_m_s=6.0, turbulence=0.0, direction_deg=30.0)])
def test_a_particle_moves_by_its_velocity(wind: Wind | None) -> None:
    scene = around(drops(20.0, 20.0), wind=wind)
    before = ask(scene, (100.0, 50.0, 2.0), 4.0, time_s=7.0)
    # from elsewhere, 0.2 s later
    after = by_key(ask(scene, (100.7, 50.3, 1.1), 5.0, time_s=7.2))
    shared = [i for i, key in enumerate(before.key) if int(key) in after]
    assert len(shared) > 0.9 * len(before.key)
    now = np.array([after[int(before.key[i])] for i in shared])
    assert np.allclose(now, before.position[shared] + 0.2 * before.velocity[shared], atol=1e-9)
    fall = np.where(before.size == 0, -5.0, -7.0)
    blows = ZERO if wind is None else 6.0 * np.array([math.cos(math.pi / 6), 0.5, 0.0])
    assert np.allclose(before.velocity, blows + np.array([0.0, 0.0, 1.0]) * fall[:, None])


def test_gusts_carry_particles_as_they_carry_the_air() -> None:
    wind = Wind(seed=3, speed_m_s=12.0, turbulence=0.3)
    scene = around(drops(20.0), wind=wind)
    before, after = ask(scene, reach=4.0, time_s=3.0), by_key(ask(scene, (3.0, 0.0, -2.5), 6.0, time_s=3.5))
    shared = [i for i, key in enumerate(before.key) if int(key) in after]
    moved = np.array([after[int(before.key[i])] for i in shared]) - before.position[shared]
    start, end = wind.displacement(np.array([3.0, 3.5]))
    assert len(shared) > 50
    assert np.allclose(moved, end - start + np.array([0.0, 0.0, -2.5]), atol=1e-9)
    assert np.ptp(wind.velocity(np.linspace(3.0, 3.5, 9))[:, 0]) > 0.01


def test_places_are_told_from_the_origin() -> None:
    scene, origin = around(drops(20.0)), np.array([1500.0, -900.0, 3.0])
    center = np.array([1502.0, -901.0, 4.0])
    told = near(scene, 0, origin, center, [np.array([3.0])])
    assert np.allclose(told.position + origin, near(scene, 0, ZERO, center, [np.array([3.0])]).position)


def test_threads_and_seeds() -> None:
    one, two = ask(around(drops(200.0), threads=1)), ask(around(drops(200.0), threads=3))
    assert all(np.array_equal(a, b) for (_, _, a), (_, _, b) in zip(one.arrays(), two.arrays(), strict=True))
    assert not set(one.key) & set(ask(around(drops(200.0), seed=2)).key)


def test_rain_and_snow_do_not_change_each_other() -> None:
    rain, snow = drops(5.0), drops(5.0, name="snow")
    alone, both = ask(around(rain)), ask(around(snow, rain))
    assert set(both.key[both.kind == 1]) == set(alone.key)


def test_a_rate_that_rises_a_little_adds_a_few() -> None:
    few, more = ask(around(drops(100.0)), reach=4.0), ask(around(drops(104.0)), reach=4.0)
    kept = len(set(few.key) & set(more.key)) / len(few.key)
    assert kept > 0.99
    assert len(more.key) > len(few.key)


AIR = Medium.gray(0.01, 1e-4, "spray")


def spray(number: float = 200.0) -> tuple[Particles, ...]:
    return (drops(number, name="spray", fall=0.5),)


@pytest.mark.parametrize("patches", [None, Patches(seed=5, scale_m=0.7)])
def test_a_volume_thins_its_particles(patches: Patches | None) -> None:
    puff = Volume(medium=AIR, particles=spray(), center_m=(2.0, 1.0, 1.0), size_m=(0.5, 0.4, 0.3), patches=patches)
    counts, near_by = [], []
    for seed in range(20):
        found = ask(around(drops(1.0), seed=seed, volumes=(puff,)), (2.0, 1.0, 1.0), 5.0)
        mine = found.position[found.kind == 1]
        counts.append(len(mine))
        near_by.append(mine)
    nodes = np.stack(np.meshgrid(*[np.linspace(-2.5, 2.5, 101)] * 3, indexing="ij"), -1) * puff.size_m
    mass = puff.density(nodes + np.array(puff.center_m)).sum() * math.prod(0.05 * s for s in puff.size_m)
    if patches is None:
        assert mass == pytest.approx((2.0 * math.pi) ** 1.5 * 0.06, rel=0.05)
    inside = [m[(np.abs(m - puff.center_m) < 2.5 * np.array(puff.size_m)).all(1)] for m in near_by]
    mean = np.mean([len(m) for m in inside])
    assert abs(mean - 200.0 * mass) < 4.0 * math.sqrt(200.0 * mass / 20)
    # denser where the volume is denser: the mean density that particles meet is that weighted by itself
    met = puff.density(np.concatenate(inside))
    dense = puff.density(nodes + np.array(puff.center_m))
    expected = (dense**2).sum() / dense.sum()
    assert abs(met.mean() - expected) < 4.0 * met.std() / math.sqrt(len(met)) + 0.01


def test_volumes_of_the_same_drops_are_one_kind_but_not_the_same_drops() -> None:
    box = Volume(medium=AIR, particles=spray(), shape="box", size_m=(1.0, 1.0, 1.0))
    scene = around(drops(1.0), volumes=(box, box.thinned(0.5)))
    assert [kind.class_name for kind in kinds_of(scene)] == ["rain", "spray"]
    found = ask(scene, reach=4.0)
    mine = found.position[found.kind == 1]
    assert (np.abs(mine) <= 1.0).all()
    assert len(set(found.key)) == len(found.key)
    assert abs(len(mine) - 2400) < 4.0 * math.sqrt(2400)


def test_a_layer_covers_the_ground() -> None:
    layer = Volume(medium=AIR, particles=spray(50.0), shape="layer", center_m=(0.0, 0.0, 1.0), size_m=(1.0, 1.0, 0.5))
    height = ask(around(volumes=(layer,)), reach=4.0).position[:, 2]
    below = 50.0 * math.pi * sum((16.0 - z * z) * 0.01 for z in np.arange(-4.0, 1.0, 0.01))
    assert abs((height < 1.0).sum() - below) < 4.0 * math.sqrt(below)
    assert (height[height > 1.0] - 1.0).mean() == pytest.approx(0.5, abs=0.1)


def test_wanted_kinds_alone() -> None:
    box = Volume(medium=AIR, particles=spray(), shape="box")
    scene = around(drops(10.0), volumes=(box,))
    only = near(scene, 0, ZERO, ZERO, [np.array([2.0])])
    assert not only.kind.any()
    assert len(only.key) > 0
    assert not len(near(around(), 0, ZERO, ZERO, []).key)
