"""Single particles in lidar beams: who is met, against every pair; what they return and block, against closed forms."""

from __future__ import annotations

import dataclasses
import math

import helpers_lidar as yard
import numba
import numpy as np
import pytest
from scipy import stats

from simgen.kernels.lidar_met_beams import covered
from simgen.kernels.lidar_tables import Rows
from simgen.records.air import Medium, Near, Particles
from simgen.records.frames import POINT_WEATHER
from simgen.records.mesh import Surface
from simgen.records.surroundings import Shot
from simgen.records.volume import Volume
from simgen.rng import stream
from simgen.sensors import _lidar_met as met
from simgen.sensors._lidar_aim import aiming
from simgen.sensors._lidar_air import drop_tables, range_edges
from simgen.sensors._lidar_device import load_device
from simgen.sensors._lidar_rays import scratch
from simgen.sensors._lidar_swarm import HOUSING_M, LIFT_STEP_M, reaches, swarm_of
from simgen.sensors._lidar_sweep import beams_of, columns_of
from simgen.sensors._particles import near
from simgen.sensors.lidar import Lidar
from simgen.taxonomy import class_id
from simgen.weather.rain import Rain
from simgen.weather.snow import Snow


@numba.njit
def share_of(apart, beam, drop):
    """Inner functions are called by compiled ones alone."""
    return covered(apart, beam, drop)


def lens(apart, one, two):
    """Share of the disc of radius one that a disc of radius two covers, by counting points."""
    step = 2.0 * one / 801
    x, y = np.meshgrid(np.arange(-400, 401) * step, np.arange(-400, 401) * step)
    inside = x * x + y * y < one * one
    return (inside & ((x - apart) ** 2 + y * y < two * two)).sum() / inside.sum()


@pytest.mark.parametrize(("one", "two"), [(1.0, 0.3), (1.0, 1.0), (0.7, 1.9)])
@pytest.mark.parametrize("apart", [0.0, 0.25, 0.7, 1.1, 1.5, 2.5, 3.0])
def test_two_discs(apart, one, two):
    assert share_of(apart, one, two) == pytest.approx(lens(apart, one, two), abs=4e-3)


def shot_of(lidar: Lidar, weather, carrier: yard.Thing, seed: int = 1) -> Shot:
    """A sweep's shot over nothing, without an engine."""
    from simgen.records.surroundings import Surroundings

    things = [yard.Thing(yard.wall(50.0))]
    stage = yard.stage_of(things)
    before, after = lidar.extent_ns()
    motion = yard.motion_between(things, -before, after, origin=(1.0, 2.0, 0.5))
    around = Surroundings(
        stage=stage,
        light=yard.noon(),
        medium=weather.medium() if weather else Medium.clear(),
        particles=weather.particles() if weather else (),
        seed=seed,
        threads=2,
    )
    view = dataclasses.make_dataclass("View", ["motion"])(motion)
    track = yard.track_of(carrier, -before, after)
    return Shot(index=0, time_ns=0, view=view, track=track, surroundings=around)


def sight_of(lidar: Lidar, shot: Shot):
    """The lidar as particles meet it, its beams and columns."""
    beams, _ = beams_of(lidar.device)
    columns = columns_of(lidar.turn, shot)
    return met.sight_of(lidar.device, beams, columns, shot, 12.0), beams, columns


def every_pair(lidar, shot, cloud, beams, columns):
    """All particles in all beams: {(beam, key): (range, cover)}, from the rays that the lidar casts."""
    device, lasers = lidar.device, lidar.device.lasers
    rows = scratch(Rows, lidar.turn.columns * lasers, "test")
    aiming(device, 0)(0, beams, columns, 0.0, 400.0, rows)
    number = np.arange(len(rows.time))
    laser, column = number // lidar.turn.columns, number % lidar.turn.columns
    seconds = 1e-9 * (columns.since_frame + column * columns.cycle + beams.time[laser])
    wide, tall = device.divergence_hv_rad
    up = np.array([shot.track.at(int(1e9 * t))[1] for t in np.linspace(seconds.min(), seconds.max(), 3)])
    assert np.allclose(np.abs(up[:, 1:3]), 0.0, atol=1e-9)  # the sensor stands upright: up is the world's
    found = {}
    for k in range(len(cloud.key)):
        at = cloud.position[k] + seconds[:, None] * cloud.velocity[k] - rows.origin
        along = (at * rows.direction).sum(1)
        flat = rows.direction * [1.0, 1.0, 0.0]
        flat /= np.linalg.norm(flat, axis=1)[:, None]
        left = np.stack([-flat[:, 1], flat[:, 0], np.zeros(len(flat))], axis=-1)
        over = np.cross(rows.direction, left)
        x, y = (at * left).sum(1) / wide, (at * over).sum(1) / tall
        apart, beam = math.sqrt(wide * tall) * np.hypot(x, y), 0.5 * math.sqrt(wide * tall) * along
        near = (along > HOUSING_M) & (apart < beam + 0.5 * cloud.diameter[k])
        for i in np.flatnonzero(near):
            share = share_of(apart[i], beam[i], 0.5 * cloud.diameter[k])
            if share > 0.0:
                found[int(column[i] * lasers + laser[i]), int(cloud.key[k])] = along[i], share
    return found


def met_by(lidar, shot, sight, cloud):
    """Which beams meet particles of one size: {(beam, key): (range, cover)}, and the list that it is made from."""
    _, swarm = swarm_of(lidar.device, shot.surroundings, 0.0)
    diameter = np.full((1, 1), float(cloud.diameter[0]))
    sizes = swarm.sizes._replace(reach=np.full((1, 1), 100.0), diameter=diameter, taken=np.ones((1, 1)))
    listed = met.met_of(dataclasses.replace(swarm, sizes=sizes), sight, cloud)
    rows = zip(listed.beam, listed.key, listed.range, listed.cover, strict=True)
    return {(int(b), int(k)): (r, c) for b, k, r, c in rows}, listed


@pytest.mark.parametrize("model", ["vlp-16", "hdl-64e", "os1-128"])
def test_drops_close_by_are_met_by_lasers_beside_the_axis(model):
    """Rain a hand's breadth off: what looks past it a few columns earlier sees it elsewhere, for it falls meanwhile."""
    lidar = Lidar(name="top", model=model)
    shot = shot_of(lidar, Rain(rate_mm_h=25.0), STILL)
    sight, beams, columns = sight_of(lidar, shot)
    random, n = stream(2, "close", model), 300
    cloud = Near(
        position=random.uniform(-1.0, 1.0, (n, 3)) * [0.5, 0.5, 0.3],
        velocity=np.tile([0.0, 0.0, -6.5], (n, 1)),
        diameter=np.full(n, 0.002),
        kind=np.zeros(n, np.uint8),
        size=np.zeros(n, np.uint16),
        key=np.arange(n, dtype=np.uint64),
    )
    found, _ = met_by(lidar, shot, sight, cloud)
    expected = every_pair(lidar, shot, cloud, beams, columns)
    assert len(expected) > 10
    assert {pair for pair, (_, share) in expected.items() if share > 1e-3} <= set(found)


@pytest.mark.parametrize("model", ["vlp-16", "hdl-64e", "os1-128"])
@pytest.mark.parametrize("speed", [0.0, 15.0])
def test_a_particle_is_met_by_the_beams_that_pass_through_it(model, speed):
    """Against every pair of a firing's own ray and a particle where it is at that instant."""
    lidar = Lidar(name="top", model=model)
    carrier = yard.Thing(
        yard.wall(1.0), position=(1.0, 2.0, 0.5), velocity=(speed, 0.2 * speed, 0.0), yaw_rate=0.04 * speed
    )
    shot = shot_of(lidar, Snow(rate_mm_h=1.0), carrier)
    sight, beams, columns = sight_of(lidar, shot)
    random, n = stream(1, "test", model), {"vlp-16": 600, "hdl-64e": 100, "os1-128": 100}[model]
    cloud = Near(
        position=random.uniform(-1.0, 1.0, (n, 3)) * [5.0, 5.0, 1.5],
        velocity=random.normal(0.0, 1.0, (n, 3)) - [0.0, 0.0, 4.0],
        diameter=np.full(n, 0.02),
        kind=np.zeros(n, np.uint8),
        size=np.zeros(n, np.uint16),
        key=np.arange(n, dtype=np.uint64),
    )
    found, listed = met_by(lidar, shot, sight, cloud)
    expected = every_pair(lidar, shot, cloud, beams, columns)
    assert len(expected) > 60
    assert len(found) == len(listed.beam)
    clear = {pair for pair, (_, share) in expected.items() if share > 1e-3}
    assert clear <= set(found)
    assert len(set(found) - set(expected)) < 0.01 * len(expected)
    both = list(clear)
    np.testing.assert_allclose([found[p][0] for p in both], [expected[p][0] for p in both], atol=2e-4)
    np.testing.assert_allclose([found[p][1] for p in both], [expected[p][1] for p in both], atol=0.02)


def flight_of(lidar: Lidar, shot: Shot):
    """What a sweep meets."""
    _, swarm = swarm_of(lidar.device, shot.surroundings, lidar.device.min_range_m)
    beams, _ = beams_of(lidar.device)
    return met.flight_of(swarm, lidar.device, beams, columns_of(lidar.turn, shot), shot)


STILL = yard.Thing(yard.wall(1.0), position=(1.0, 2.0, 0.5))
WEATHERS = [Rain(rate_mm_h=25.0), Snow(rate_mm_h=1.0), Snow(rate_mm_h=5.0)]


def name_of(weather):
    return f"{weather.plugin_name} {weather.rate_mm_h:g}"


@pytest.mark.parametrize("speed", [0.0, 12.0])
def test_cells_are_looked_through_as_the_field_lists_them(speed):
    """The kernel that makes particles as it goes meets those that the list of all of them meets."""
    lidar = Lidar(name="top", model="vlp-16")
    carrier = yard.Thing(yard.wall(1.0), position=(1.0, 2.0, 0.5), velocity=(speed, 0.0, 0.0))
    shot = shot_of(lidar, Rain(rate_mm_h=60.0), carrier)
    sight, _, columns = sight_of(lidar, shot)
    _, swarm = swarm_of(lidar.device, shot.surroundings, 0.5)
    made = met.met_in_air(swarm, sight, columns, shot, 1)
    reach, _ = met.asked_reach(swarm, columns, shot)
    position, _ = shot.track.at(0)
    listed = met.met_of(swarm, sight, near(shot.surroundings, 0, shot.view.motion.origin, position, reach))
    assert len(made.beam) > 500
    for one, other in zip(made, listed, strict=True):
        assert np.array_equal(one[np.lexsort((made.key, made.beam))], other[np.lexsort((listed.key, listed.beam))])


@pytest.mark.parametrize("weather", WEATHERS, ids=name_of)
def test_as_many_are_met_as_the_field_holds(weather):
    """Numbers and ranges against the integral over places where a particle overlaps a beam; Poisson beam by beam."""
    lidar = Lidar(name="top", model="hdl-64e")
    flight = flight_of(lidar, shot_of(lidar, weather, STILL))
    (kind,), (reach,) = flight.swarm.kinds, flight.swarm.reach
    r, step = np.linspace(HOUSING_M, reach.max(), 4001, retstep=True)
    beam = r * lidar.device.divergence_rad
    area = np.pi / 4.0 * (beam + kind.diameter[:, None]) ** 2 * (r < reach[:, None])
    density = (kind.density[:, None] * area).sum(0)
    beams = len(flight.start) - 1
    expected = density.sum() * step * beams
    # beams of one laser two columns apart share hardly a particle, but each particle is met several times
    assert len(flight.met.beam) == pytest.approx(expected, rel=0.05)
    once = np.unique(flight.met.key, return_index=True)[1]
    law = stats.kstest(flight.met.range[once], lambda x: np.interp(x, r, np.cumsum(density)) / density.sum())
    assert law.statistic < 0.1
    number = np.diff(flight.start)
    assert number.var() == pytest.approx(number.mean(), rel=0.1)
    # what is covered is the particles' shadow, however they lie in the beam; near the sensor few cover many beams
    shadow = np.pi / 4.0 * (kind.density * kind.diameter**2 * np.maximum(reach - 1.0, 0.0)).sum()
    assert flight.met.cover[flight.met.range > 1.0].sum() / beams == pytest.approx(shadow, rel=0.08)


@pytest.mark.parametrize("weather", WEATHERS, ids=name_of)
def test_on_average_as_much_light_is_left_as_in_the_medium(weather):
    """What single particles leave, times what is taken out of the medium for them, is 1 at every range."""
    lidar = Lidar(name="top", model="hdl-64e")
    for far in (2.0, 5.0, 10.0, 60.0):
        left = []
        for seed in range(3):
            flight = flight_of(lidar, shot_of(lidar, weather, STILL, seed))
            loss = np.where(flight.met.range < far, 2.0 * np.log1p(-np.minimum(flight.met.block, 0.999999)), 0.0)
            left.append(np.exp(np.add.reduceat(np.append(loss, 0.0), flight.start[:-1]) * (np.diff(flight.start) > 0)))
        lift = np.interp(far, np.arange(len(flight.swarm.lift)) * LIFT_STEP_M, flight.swarm.lift)
        assert np.mean(left) * lift == pytest.approx(1.0, abs=0.01)
        if far == 60.0 and isinstance(weather, Snow):
            assert lift > 1.02


def test_beyond_a_number_they_are_drawn_beam_by_beam(tmp_path):
    """However many are met one by one, as many are expected to be heard."""
    device = load_device(yard.device_file(tmp_path, near=1.0))
    snow = Snow(rate_mm_h=2.0)
    (flakes,) = snow.particles()
    alpha = snow.medium().extinction_at(905.0)
    (far,) = reaches(device, (flakes,), alpha, 1.0)
    whole = drop_tables(device, flakes, alpha, 1.0)[0].sum()
    cone = math.pi / 12.0 * device.divergence_rad**2 * flakes.density
    for reach in (0.0 * far, 0.3 * far, far):
        edges = range_edges(device, 1.0)
        at = np.where(
            reach > 1.0, edges[np.maximum(np.searchsorted(edges, reach * (1 + 1e-12), side="right") - 1, 0)], 0.0
        )
        beyond = drop_tables(device, flakes, alpha, 1.0, at)[0].sum()
        alone = (cone * np.maximum(at**3 - 1.0, 0.0)).sum()
        assert alone + beyond == pytest.approx(whole, rel=1e-6)
    assert whole > 0.1


def flakes_at(position, diameter):
    """Particles that stand still, for a sweep that is to meet these alone."""
    n = len(position)
    return Near(
        position=np.asarray(position, float),
        velocity=np.zeros((n, 3)),
        diameter=np.full(n, diameter),
        kind=np.zeros(n, np.uint8),
        size=np.zeros(n, np.uint16),
        key=np.arange(n, dtype=np.uint64),
    )


def sweep_with(monkeypatch, lidar, things, cloud):
    """A sweep that meets given particles, in air that does nothing else."""
    kind = Particles(
        class_name="snow",
        diameter=cloud.diameter[:1],
        density=np.array([1e-9]),
        fall_speed=np.array([0.0]),
        reflectivity=0.9,
    )
    monkeypatch.setattr(met, "met_in_air", lambda swarm, sight, *_: met.met_of(swarm, sight, cloud))
    return yard.take(lidar, things, particles=(kind,)).points


@pytest.mark.parametrize("diameter", [1.5e-3, 3e-3, 6e-3])
@pytest.mark.parametrize("beam_rays", [1, 8])
def test_a_flake_before_a_wall(tmp_path, monkeypatch, diameter, beam_rays):
    """A flake 2 m away in the middle of a beam 6 mm wide: its echo, and what the wall behind it loses."""
    model = yard.device_file(tmp_path, columns=720, near=0.5)
    fields = {"model": model, "start_azimuth_deg": 0.0, "returns": ("first", "last"), "beam_rays": beam_rays}
    lidar = Lidar(name="top", noise=False, **fields)
    wall = yard.Thing(yard.wall(10.0), Surface(class_name="building", lidar_reflectance=0.5))
    clear = yard.take(lidar, [wall]).points
    points = sweep_with(monkeypatch, lidar, [wall], flakes_at([[2.0, 0.0, 0.0]], diameter))
    share = (diameter / 6e-3) ** 2
    flake = points.semantic == class_id("snow")
    assert flake.sum() == 1
    assert points.range[flake][0] == pytest.approx(2.0, abs=1e-3)
    assert points.intensity[flake][0] == pytest.approx(0.9 * share, rel=2e-3)
    assert points.flags[flake][0] == POINT_WEATHER
    assert points.instance[flake][0] == 0
    left = (1.0 - min(2.0 * share, 1.0)) ** 2
    forward = (np.abs(np.arctan2(points.xyz[:, 1], points.xyz[:, 0])) < 1e-3) & ~flake
    straight = np.abs(np.arctan2(clear.xyz[:, 1], clear.xyz[:, 0])) < 1e-3
    assert straight.sum() == 1
    if left > 0.0:
        assert points.intensity[forward][0] == pytest.approx(left * clear.intensity[straight][0], rel=2e-3)
    else:
        assert forward.sum() == 0
    assert len(points.range) == len(clear.range) + 1 - (left == 0.0)


def test_several_flakes_in_a_beam(tmp_path, monkeypatch):
    """Each dims those behind it; the two brightest are heard, in whatever order is asked for."""
    model = yard.device_file(tmp_path, columns=720, near=0.5, range_10=400.0)
    cloud = flakes_at([[1.0, 0.0, 0.0], [2.0, 0.0, 0.0], [3.0, 0.0, 0.0]], 1e-3)
    share = (1e-3 / (3e-3 * np.array([1.0, 2.0, 3.0]))) ** 2
    through = np.cumprod(np.append(1.0, (1.0 - 2.0 * share) ** 2))
    for returns in (("first", "last"), ("strongest", "last"), ("last",), ("first", "strongest", "last")):
        lidar = Lidar(name="top", model=model, noise=False, start_azimuth_deg=0.0, returns=returns)
        points = sweep_with(monkeypatch, lidar, [yard.Thing(yard.wall(-5.0))], cloud)
        seen = points.rows(points.semantic == class_id("snow"))
        assert sorted(np.round(seen.range, 3))[: len(seen.range)] == [1.0, 2.0][-len(seen.range) :]
        assert (seen.flags == POINT_WEATHER).all()
        assert (seen.instance == 0).all()
        for r, shine in zip(seen.range, seen.intensity, strict=True):
            k = round(float(r)) - 1
            assert shine == pytest.approx(0.9 * share[k] * through[k], rel=3e-3)


def test_two_lidars_meet_the_same_flakes():
    """Side by side at one instant: those that both meet are the same, and lie where the field has them."""
    snow, lidar = Snow(rate_mm_h=1.0), Lidar(name="top", model="hdl-64e")
    shots = [shot_of(lidar, snow, dataclasses.replace(STILL, position=(1.0, y, 0.5))) for y in (2.0, 2.4)]
    flights = [flight_of(lidar, shot) for shot in shots]
    keys = [set(f.met.key.tolist()) for f in flights]
    common = keys[0] & keys[1]
    # each meets a quarter of what both could, so by chance alone a tenth or so is common
    assert len(common) > 0.1 * min(map(len, keys))
    position, _ = shots[0].track.at(0)
    reach = [r * 0.5 for r in flights[0].swarm.reach]
    cloud = near(shots[0].surroundings, 0, np.zeros(3), position, reach)
    where = {int(k): p for k, p in zip(cloud.key, cloud.position, strict=True)}
    inside = [k for k in common if k in where]
    assert len(inside) > 50
    for key in inside[:50]:
        for flight, y in zip(flights, (2.0, 2.4), strict=True):
            away = np.linalg.norm(where[key] - [1.0, y, 0.5])
            assert np.abs(flight.met.range[flight.met.key == key] - away).max() < 0.12


@pytest.mark.parametrize("returns", [("strongest",), ("last", "first"), ("first", "strongest", "last")])
def test_points_of_weather_say_so(returns):
    """In every return mode, beside a wall and noise."""
    snow = Snow(rate_mm_h=3.0)
    things = [yard.Thing(yard.wall(12.0), label=3)]
    model = "os1-128" if len(returns) < 3 else "xt32"
    lidar = Lidar(name="top", model=model, returns=returns[: Lidar(name="top", model=model).device.returns])
    points = yard.take(lidar, things, medium=snow.medium(), particles=snow.particles()).points
    wet = points.flags & POINT_WEATHER > 0
    assert wet.sum() > 100
    assert (points.semantic[wet] == class_id("snow")).all()
    assert (points.instance[wet] == 0).all()
    assert (points.flags[wet] == POINT_WEATHER).all()
    assert (points.semantic[~wet] != class_id("snow")).all()
    assert (points.instance[~wet & (points.flags == 0)] == 3).all()


def test_drops_of_a_volume_are_met_too():
    """Spray in a box, in air that has nothing in it: its echoes come from the box and are called spray."""
    spray = Particles(
        class_name="spray",
        diameter=np.array([5e-4, 1e-3]),
        density=np.array([2000.0, 500.0]),
        fall_speed=np.array([2.0, 4.0]),
    )
    box = Volume(
        medium=Medium.gray(0.01, 1e-5, "spray"),
        particles=(spray,),
        shape="box",
        center_m=(2.0, 0.0, -0.3),
        size_m=(1.0, 1.0, 1.0),
    )
    lidar = Lidar(name="top", model="hdl-64e", min_range_m=0.5)
    points = yard.take(lidar, [yard.Thing(yard.sphere(150.0))], volumes=(box,)).points
    wet = points.flags & POINT_WEATHER > 0
    assert wet.sum() > 40
    assert (points.semantic[wet] == class_id("spray")).all()
    assert (points.instance[wet] == 0).all()
    # they fall while the sweep lasts
    assert (np.abs(points.xyz[wet] - [2.0, 0.0, -0.3]) < [1.1, 1.1, 1.3]).all()
