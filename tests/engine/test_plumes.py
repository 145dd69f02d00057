"""Puffs of smoke, exhaust and spray: mass, where the wind carries them, how they rise, spread and thin."""

from __future__ import annotations

import math

import numpy as np
import pytest

import simgen as sg
from simgen.assembly import assemble
from simgen.engine.plumes import MOST
from simgen.engine.puffs import Source, left_before, puffs, rise
from simgen.engine.weather import WeatherNow
from simgen.errors import SceneError
from simgen.records.emitter import Emitter
from simgen.records.trajectory import Trajectory
from simgen.records.wind import Wind
from simgen.weather.base import film_mm
from simgen.weather.exhaust import Exhaust, gram_of_droplets
from simgen.weather.plume import Plume, gram_of
from simgen.weather.spray import AIRBORNE, MET_G_M, airborne_g_s
from simgen.weather.spray import gram_of as gram_of_spray

PLACE = Source(body=None, actor=None, offset_m=(3.0, -2.0, 5.0), factor=1.0, seed=11)
ROAD = """
simgen: 1
clock: {duration_s: 3}
world: straight_road
weather: WEATHER
ego: {asset: sedan, lane: east, at_m: 40, EGO}
objects:
  - {name: lorry, asset: truck, place: {on: lane, lane: west, at_m: 60}, behaviour: {type: follow_lane, speed_m_s: 25}}
  - {name: parked, asset: van, place: {on: lane, lane: east, at_m: 150}}
sensors:
  - {name: eye, type: camera, width: 32, height: 24, hfov_deg: 60, mount: {on: ego, position_m: [1, 0, 1.5]}}
"""


def road(weather: str, ego: str = "speed_m_s: 20", seed: int = 0):
    scene = sg.loads(ROAD.replace("WEATHER", weather).replace("EGO", ego), "s").sample(seed)
    assembly, trajectory = assemble(scene), sg.simulate(scene)
    return WeatherNow(scene, assembly, trajectory), assembly, trajectory


@pytest.fixture(scope="module")
def still() -> Trajectory:
    scene = sg.loads("simgen: 1\nworld: empty\nclock: {duration_s: 0.1}", "s").sample(0)
    return sg.simulate(scene)


def in_air(emitter: Emitter, trajectory: Trajectory, time_s: float, wind: Wind | None = None, source: Source = PLACE):
    left = left_before(source, emitter, trajectory, time_s)
    rates = np.full(len(left.time_s), emitter.rates_g_s[0])
    return left, puffs(source, emitter, left, rates, wind, time_s)


def held(volumes, extinction_m2_g: float) -> float:
    """Mass in puffs, g, from what they take away: the integral of a Gaussian."""
    return sum(v.medium.extinction_at(550.0) * (2.0 * math.pi) ** 1.5 * math.prod(v.size_m) for v in volumes) / (
        extinction_m2_g
    )


# -------------------------------------------------------------------------------------------------- mass


@pytest.mark.parametrize("wind", ["", ", {type: wind, speed_m_s: 4}"])
@pytest.mark.parametrize("time_s", [0.3, 1.7, 2.9])
def test_what_is_in_the_air_is_rate_times_time(wind, time_s):
    plume = "{type: plume, position_m: [9, 30, 1], rate_g_s: 12, start_s: 0, life_s: 60}"
    weather, _, _ = road(f"[{plume}{wind}]")
    volumes = weather.air(round(1e9 * time_s)).volumes
    assert held(volumes, gram_of("smoke").extinction_at(550.0)) == pytest.approx(12.0 * time_s, rel=1e-6)


def test_a_plume_that_ended_sends_no_more():
    weather, _, _ = road("[{type: plume, rate_g_s: 12, start_s: 0.5, stop_s: 1.25, life_s: 60}]")
    assert weather.air(400_000_000).volumes == ()
    assert held(weather.air(2_500_000_000).volumes, gram_of("smoke").extinction_at(550.0)) == pytest.approx(9.0)


def test_through_a_plane_across_the_wind_goes_what_the_source_sends(still):
    wind = Wind(seed=1, speed_m_s=5.0, turbulence=0.0)
    emitter = Emitter(medium=gram_of("smoke"), rates_g_s=(7.0,), interval_s=0.5, life_s=60.0)
    _, now = in_air(emitter, still, 100.0, wind)
    apart = (33.0 - now.center[:, 0]) / now.size[:, 0]
    flux = 5.0 * (now.mass_g / now.size[:, 0] * np.exp(-0.5 * apart**2)).sum() / math.sqrt(2.0 * math.pi)
    assert flux == pytest.approx(7.0, rel=0.03)


# -------------------------------------------------------------------------------------------------- paths


def test_the_wind_carries_puffs_by_its_displacement(still):
    wind = Wind(seed=5, speed_m_s=6.0, direction_deg=40.0, turbulence=0.3)
    emitter = Emitter(medium=gram_of("smoke"), rates_g_s=(1.0,), interval_s=0.7, life_s=20.0)
    left, now = in_air(emitter, still, 13.0, wind)
    moved = wind.displacement(np.array([13.0])) - wind.displacement(left.time_s)
    np.testing.assert_allclose((now.center - PLACE.offset_m)[:, :2], moved[:, :2], atol=1e-9)
    np.testing.assert_allclose(now.center[:, 2], 5.0)
    then, later = in_air(emitter, still, 13.1, wind)
    same = {round(t, 6): place for t, place in zip(then.time_s, later.center, strict=True)}
    both = [(now.center[n] + 0.1 * now.velocity[n], same[round(t, 6)]) for n, t in enumerate(left.time_s[2:-1], 2)]
    np.testing.assert_allclose([a for a, _ in both], [b for _, b in both], atol=0.05)


def test_puffs_leave_at_even_times_whenever_one_looks(still):
    emitter = Emitter(medium=gram_of("smoke"), rates_g_s=(1.0,), interval_s=0.5, life_s=5.0)
    first, second = (in_air(emitter, still, t)[0] for t in (7.0, 8.0))
    np.testing.assert_allclose(first.time_s[3:-1], second.time_s[1 : len(first.time_s) - 3])
    np.testing.assert_allclose(np.diff(first.time_s[:-1]), 0.5)


def test_heat_lifts_as_briggs_and_as_morton_taylor_and_turner_have_it():
    """1 MW in 5 m/s: F = 8.9; 1.6 F^(1/3) 5^(-1/3) 10^(2/3) = 9.0 m after 10 s."""
    up, wide = rise(1e6, 5.0, np.array([10.0]))
    assert up[0] == pytest.approx(1.6 * 8.9 ** (1 / 3) * 5.0 ** (-1 / 3) * 10.0 ** (2 / 3))
    assert wide[0] == pytest.approx(up[0] / 3.5)
    calm, _ = rise(1e6, 0.0, np.array([10.0, 10.001]))
    speed = (calm[1] - calm[0]) / 0.001
    b = 1.2 * 0.1 * calm[0]
    # the flux of buoyancy stays: pi b^2 w g' / 2 with a Gaussian profile, w = 5/(6a) (9 a F/10)^(1/3) z^(-1/3)
    assert speed == pytest.approx(5.0 / 0.6 * (0.09 * 8.9) ** (1 / 3) * calm[0] ** (-1 / 3), rel=1e-3)
    assert b == pytest.approx(0.12 * calm[0])
    assert rise(0.0, 5.0, np.array([10.0]))[0][0] == 0.0


def test_puffs_spread_as_slade_has_it(still):
    wind = Wind(seed=1, speed_m_s=10.0, turbulence=0.0)
    emitter = Emitter(medium=gram_of("smoke"), rates_g_s=(1.0,), interval_s=0.1, life_s=20.0, size_m=(1e-6, 1e-6))
    left, now = in_air(emitter, still, 50.0, wind)
    at_100 = int(np.argmin(np.abs(50.0 - left.time_s - 10.0)))
    assert now.size[at_100, 1] == pytest.approx(4.15, rel=0.02)
    assert now.size[at_100, 2] == pytest.approx(3.77, rel=0.02)


def test_smoke_of_a_moving_thing_stays_where_it_was():
    weather, assembly, trajectory = road("[{type: plume, on: ego, position_m: [0, 0, 1], rate_g_s: 5, heat_kw: 0}]")
    volumes = weather.air(2_500_000_000).volumes
    now = trajectory.poses(2_500_000_000, np.array([assembly.body("ego")]))[0][0]
    behind = np.array([now[0] - v.center_m[0] for v in volumes])
    assert behind.min() > -1.0
    assert behind.max() > 45.0  # at 20 m/s; what came before time 0 came straight on
    assert all(abs(v.velocity_m_s[0]) < 1.0 for v in volumes)


# -------------------------------------------------------------------------------------------------- exhaust and steam


def test_water_condenses_along_the_mixing_line():
    from simgen.weather._condensing import condensed, saturation_g_m3

    emitted = np.array([0.3, 2.0, 10.0, 60.0])
    share = condensed(emitted, -5.0, 0.8, 0.6)
    drops = share * emitted
    water = 0.8 * saturation_g_m3(np.array(-5.0)) + emitted - drops
    held_there = saturation_g_m3(-5.0 + 0.6 * emitted + 1.99 * drops)
    np.testing.assert_allclose(water[drops > 1e-6], held_there[drops > 1e-6], rtol=1e-9)
    assert (share[:1] < 1e-9).all()  # thinned enough it is gone
    assert share[1:3].min() > 0.1
    assert saturation_g_m3(np.array(20.0)) == pytest.approx(17.3, rel=0.01)


def test_only_engines_that_run_smoke_in_the_cold():
    weather, assembly, trajectory = road("[{type: exhaust}]", ego="behaviour: stand")
    volumes = weather.air(1_000_000_000).volumes
    assert volumes
    places = trajectory.poses(1_000_000_000, np.array([assembly.body(n) for n in ("ego", "parked")]))[0]
    centers = np.array([v.center_m for v in volumes])
    near_ego, near_parked = (np.sqrt(((centers - p) ** 2).sum(-1)).min() for p in places)
    assert near_ego < 3.0
    assert near_parked > 20.0
    assert {v.medium.class_name for v in volumes} == {"smoke"}
    named = road("[{type: exhaust, on: [parked]}]")[0].air(1_000_000_000).volumes
    assert min(np.sqrt(((np.array(v.center_m) - places[1]) ** 2).sum()) for v in named) < 3.0
    # 0.17 g/s for five seconds are a gram, larger for a van, and not all of it condenses
    assert 0.05 < held(named, gram_of_droplets().extinction_at(550.0)) < 3.0


def test_warm_air_keeps_exhaust_clear():
    with pytest.raises(ValueError, match=r"air_temperature_c: in air of 28 C and 50 % humidity exhaust stays clear"):
        Exhaust(air_temperature_c=28.0, humidity=0.5)


def test_steam_vanishes_as_it_mixes():
    weather, _, _ = road("[{type: plume, substance: steam, rate_g_s: 20, humidity: 0.5}, {type: wind, speed_m_s: 3}]")
    volumes = weather.air(0).volumes
    assert {v.medium.class_name for v in volumes} == {"fog"}
    assert 0.0 < max(v.center_m[0] for v in volumes) < 60.0
    smoke = road("[{type: plume, rate_g_s: 20}, {type: wind, speed_m_s: 3}]")[0].air(0).volumes
    assert max(v.center_m[0] for v in smoke) > 90.0


def test_soot_takes_away_as_measured():
    assert gram_of("soot").extinction_at(550.0) == pytest.approx(8.7)
    assert gram_of("soot").albedo_at(550.0) == pytest.approx(0.25)
    assert gram_of("smoke").albedo_at(550.0) > 0.8


# -------------------------------------------------------------------------------------------------- spray


def test_spray_grows_with_the_third_power_of_speed():
    assert airborne_g_s(30.0) == pytest.approx(AIRBORNE * MET_G_M * 30.0)
    assert airborne_g_s(40.0) / airborne_g_s(20.0) == pytest.approx(2.0 * (40.0**2 - 64.0) / (20.0**2 - 64.0))
    assert airborne_g_s(7.9) == 0.0
    assert airborne_g_s(20.0, film_mm=0.5) == pytest.approx(0.5 * airborne_g_s(20.0))


def test_water_on_the_road_is_gallaways():
    from simgen.records.air import Rates, SurfaceChange

    assert film_mm(SurfaceChange(), Rates(rain_mm_h=10.0)) == pytest.approx(0.58, abs=0.01)
    assert film_mm(SurfaceChange(), Rates(rain_mm_h=25.0)) == pytest.approx(1.0, abs=0.01)
    assert film_mm(SurfaceChange(wetness=1.0), Rates()) == pytest.approx(0.3)
    assert film_mm(SurfaceChange(), Rates()) == 0.0


def wake(volumes, behind_m: float, x: float, y: float) -> tuple[float, float]:
    """Mean extinction over a lorry's cross-section, 1/m, and of the spray, g/m3, some way behind x; it goes west."""
    grid = np.stack(np.meshgrid([x + behind_m], np.linspace(y - 1.25, y + 1.25, 11), np.linspace(0.1, 3.4, 12)), -1)
    taken = sum(v.medium.extinction_at(550.0) * v.density(grid) for v in volumes)
    return float(taken.mean()), float(taken.mean()) / gram_of_spray("strong")[0].extinction_at(550.0)


def test_behind_a_lorry_spray_is_as_dense_as_in_trials():
    """25 mm/h and 29 m/s: 5 to 30 g/m3 (Flintsch et al. 2014), and 0.05 to 0.5 1/m."""
    weather, assembly, trajectory = road("[{type: rain, rate_mm_h: 25}, spray]")
    volumes = [v for v in weather.air(1_500_000_000).volumes if v.medium.class_name == "spray"]
    place = trajectory.poses(1_500_000_000, np.array([assembly.body("lorry")]))[0][0]
    extinction, grams = wake(volumes, 4.0, place[0] + 2.0, place[1])
    assert 3.0 < grams < 30.0
    assert 0.04 < extinction < 0.5
    assert wake(volumes, 40.0, place[0] + 2.0, place[1])[0] < 0.2 * extinction


def test_spray_is_behind_what_moves_and_of_the_ego_too():
    weather, assembly, trajectory = road("[{type: rain, rate_mm_h: 10}, {type: spray}]")
    volumes = weather.air(1_000_000_000).volumes
    assert all(v.particles[0].class_name == "spray" for v in volumes)
    assert all(2e-4 < v.particles[0].diameter.min() < v.particles[0].diameter.max() < 1e-3 for v in volumes)
    x_ego, x_lorry, x_parked = (
        trajectory.poses(1_000_000_000, np.array([assembly.body(n)]))[0][0, 0] for n in ("ego", "lorry", "parked")
    )
    east = np.array([v.center_m[0] for v in volumes if v.velocity_m_s[0] > 0.0])
    west = np.array([v.center_m[0] for v in volumes if v.velocity_m_s[0] < 0.0])
    # none is around the ego itself: its rear end is 1 m behind the axle
    assert x_ego - 60.0 < east.min() < east.max() < x_ego - 1.0
    assert x_lorry - 6.0 < west.min() < west.max() < x_lorry + 70.0
    assert not ((np.abs(east - x_parked) < 6.0).any())


def test_no_spray_on_a_dry_road_and_less_on_less_water():
    per_gram = gram_of_spray("strong")[0].extinction_at(550.0)
    soaked, damp = (
        held(road(f"[{{type: rain, rate_mm_h: {rate}}}, {{type: spray}}]")[0].air(1_000_000_000).volumes, per_gram)
        for rate in (40, 4)
    )
    assert damp / soaked == pytest.approx(0.1**0.59, rel=0.05)
    coming = "[{type: change, from: null, to: {type: rain, rate_mm_h: 40}, start_s: 1, over_s: 1}, {type: spray}]"
    weather = road(coming)[0]
    assert weather.air(500_000_000).volumes == ()
    assert 0.0 < held(weather.air(1_500_000_000).volumes, per_gram) < soaked


def test_the_same_bits_again_and_never_too_many():
    text = "[{type: plume, substance: soot, on: ego}, {type: plume, on: lorry}, {type: exhaust}, {type: wind}]"
    first, second = (road(text)[0].air(2_000_000_000).volumes for _ in range(2))
    assert [v.center_m for v in first] == [v.center_m for v in second]
    plumes = ", ".join(f"{{type: plume, position_m: [{30 * k}, 20, 0]}}" for k in range(9))
    weather = road(f"[{plumes}]")[0]
    volumes = weather.air(0).volumes
    assert len(volumes) == MOST
    assert min(v.center_m[0] for v in volumes) < 60.0


def test_a_plume_that_changes_sends_more_and_more():
    text = "[{type: change, from: null, to: {type: plume, rate_g_s: 10, life_s: 60}, over_s: 2}]"
    weather = road(text)[0]
    grams = [
        held(weather.air(t).volumes, gram_of("smoke").extinction_at(550.0)) for t in (1_000_000_000, 2_000_000_000)
    ]
    assert grams[0] == pytest.approx(0.5 * 10.0 * 0.5, rel=0.3)
    assert grams[1] == pytest.approx(10.0, rel=0.3)


def test_a_plume_rises_from_something_that_exists():
    with pytest.raises(SceneError, match=r"nothing is called 'lory'.*did you mean 'lorry'"):
        road("[{type: plume, on: lory}]")
    with pytest.raises(SceneError, match=r"stop_s must be more than start_s \(3\)"):
        road("[{type: plume, start_s: 3, stop_s: 2}]")
    assert Plume(start_s=1.0, stop_s=2.0).emitters()[0].stop_s == 2.0
