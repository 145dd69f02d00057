"""A lidar in air that differs from place to place, against direct integration of the soft-target integral."""

from __future__ import annotations

import math

import helpers_lidar as yard
import numpy as np
import pytest
from scipy import stats

from simgen.records.air import Medium
from simgen.records.frames import POINT_WEATHER
from simgen.records.volume import Patches, Volume
from simgen.sensors._lidar_air import LIGHT_M_NS
from simgen.taxonomy import class_id
from simgen.weather.fog import Fog
from simgen.weather.smoke import Smoke

#: the receiver of Rasshofer et al. 2011, and one that hears so much that the air always returns something
RASSHOFER = {"overlap": [0.9, 1.0], "pulse": 20.0, "near": 0.5}
SHARP = {"range_10": 300.0}
STEP = 0.02


def of_fog(visibility, shape="box", **fields):
    return Volume(medium=Fog(visibility_m=visibility).medium(), shape=shape, **fields)


def smoke(extinction, **fields):
    medium = Smoke(visibility_m=100.0).medium()
    return Volume(medium=medium.scaled(extinction / medium.extinction_at(905.0)), **fields)


def patchy(visibility, contrast=1.0):
    patches = Patches(seed=7, scale_m=5.0, contrast=contrast, offset_m=(1.0, 2.0, 3.0))
    return of_fog(visibility, "layer", size_m=(1.0, 1.0, 2.0), center_m=(0.0, 0.0, -1.0), patches=patches)


def echo(direction, surface, volumes, *, pulse=20.0, range_10=300.0, medium=None, time_s=0.0):
    """Range, power over range and the volumes' optical depth, by sums over steps of 2 cm; in threshold powers."""
    r = (np.arange(round(surface / STEP)) + 0.5) * STEP
    points = r[:, None] * direction
    alpha = np.full(len(r), 0.0 if medium is None else medium.extinction_at(905.0))
    beta = np.full(len(r), 0.0 if medium is None else medium.backscatter_at(905.0))
    own = np.zeros(len(r))
    for volume in volumes:
        density = volume.density(points, time_s)
        own += volume.medium.extinction_at(905.0) * density
        beta += volume.medium.backscatter_at(905.0) * density
    depth = np.cumsum(alpha + own) * STEP - 0.5 * (alpha + own) * STEP
    source = beta * np.exp(-2.0 * depth) * np.clip((r - 0.9) / 0.1, 0.0, 1.0) / r**2
    half = round(0.5 * LIGHT_M_NS * pulse / STEP)
    shape = np.sin(math.pi * (np.arange(2 * half) + 0.5) / (2 * half)) ** 2
    heard = np.convolve(source, shape)[half : half + len(r)] * STEP
    heard[r < 0.5] = 0.0
    return r, math.pi * heard / (0.1 / range_10**2), float(own.sum() * STEP)


def directions(columns):
    angle = 2.0 * math.pi * np.arange(columns) / columns
    return np.stack([np.cos(angle), np.sin(angle), 0.0 * angle], -1)


CASES = {
    **{f"box {v}": (of_fog(v, center_m=(6.0, 0.0, 0.0), size_m=(2.0, 8.0, 2.0)),) for v in (10.0, 50.0, 200.0)},
    **{f"puff {a}": (smoke(a, center_m=(5.0, 1.0, 0.3), size_m=(1.0, 1.5, 0.7)),) for a in (0.05, 0.5, 5.0)},
    **{f"patches {v}": (patchy(v),) for v in (15.0, 50.0, 150.0)},
    "two": (
        smoke(2.0, center_m=(4.0, 0.0, 0.0), size_m=(0.4, 1.5, 0.7)),
        of_fog(20.0, center_m=(12.0, 0.0, 0.0), size_m=(2.0, 20.0, 2.0)),
    ),
}


@pytest.mark.parametrize("case", CASES)
def test_ranges_follow_the_soft_echo(tmp_path, case):
    """Where black walls lose against the air: a return's place in its own beam's echo is spread evenly."""
    volumes, surface, columns = CASES[case], 15.0, 1200
    points, column = yard.facet_sweep(
        tmp_path,
        np.full(columns, surface),
        reflectance=1e-9,
        volumes=volumes,
        noise=False,
        device=RASSHOFER,
    )
    assert (points.flags == POINT_WEATHER).all()
    look, place, expected = directions(columns), [], 0
    for k in range(columns):
        r, power, _ = echo(look[k], surface, volumes, range_10=100.0)
        expected += power.max(initial=0.0) >= 1.0
        found = points.range[column == k]
        if len(found):
            # of two volumes apart the one whose peak is the higher returns
            if case == "two":
                gap = (r > 7.0) & (r < 9.0)
                assert power[gap].min() < 1e-3 * power.max() or abs(look[k, 0]) < 0.9
            mass = np.concatenate([[0.0], np.cumsum(power)]) / power.sum()
            place.append(float(np.interp(found[0], np.arange(len(mass)) * STEP, mass)))
    assert expected > 150
    assert len(points.range) == pytest.approx(expected, abs=3 + 0.01 * expected)
    if case == "two":
        return
    spread = stats.kstest(place, "uniform")
    assert spread.statistic < 0.05
    assert spread.pvalue > 1e-3


@pytest.mark.parametrize("case", CASES)
def test_share_of_returns_is_that_of_the_integral(tmp_path, case):
    """Walls of one reflectance at every range: which of them lose against the air in front of them."""
    volumes, columns = CASES[case], 800
    ranges, look = 2.0 + 28.0 * ((np.arange(columns) * 0.618034) % 1.0), directions(columns)
    points, column = yard.facet_sweep(
        tmp_path, ranges, reflectance=0.02, volumes=volumes, noise=False, device=RASSHOFER | SHARP
    )
    wins, nothing = np.zeros(columns, bool), np.zeros(columns, bool)
    for k in range(columns):
        _, power, depth = echo(look[k], ranges[k], volumes)
        hard = 0.02 * math.exp(-2.0 * depth) / ranges[k] ** 2 / (0.1 / 300.0**2)
        wins[k] = power.max() > max(hard, 1.0)
        nothing[k] = max(power.max(), hard) < 1.0
    soft = np.zeros(columns, bool)
    soft[column[points.flags == POINT_WEATHER]] = True
    assert 4 < wins.sum() < columns - 4
    assert (soft != wins).sum() <= 0.0125 * columns
    assert columns - len(points.range) == pytest.approx(nothing.sum(), abs=3)


def test_what_lies_behind_is_dimmed_both_ways(tmp_path):
    """The intensity of walls behind a puff that sends nothing back: the square of what it lets through."""
    dark = Medium.gray(0.4, 0.0, "smoke")
    puff = Volume(medium=dark, center_m=(6.0, 0.0, 0.0), size_m=(1.0, 2.0, 1.0))
    points, column = yard.facet_sweep(tmp_path, np.full(400, 12.0), reflectance=0.5, volumes=(puff,), noise=False)
    look = directions(400)[column]
    depth = np.array([0.4 * puff.column(np.zeros(3), d, 12.0) for d in look])
    np.testing.assert_allclose(points.intensity, 0.5 * np.exp(-2.0 * depth), rtol=2e-3, atol=1e-6)
    assert depth.max() > 0.9
    assert (points.semantic == class_id("building")).all()


def test_patches_wider_than_the_way_to_the_wall(tmp_path):
    """Beside the sensor, before the first place where a wide patch is looked up, the density is the patch's too."""
    dark = Medium.gray(0.05, 0.0, "smoke")
    patches = Patches(seed=7, scale_m=60.0, offset_m=(21.0, 8.0, 3.0))
    box = Volume(medium=dark, shape="box", size_m=(50.0, 50.0, 50.0), patches=patches)
    points, column = yard.facet_sweep(tmp_path, np.full(400, 12.0), reflectance=0.5, volumes=(box,), noise=False)
    depth = np.array([0.05 * box.column(np.zeros(3), d, 12.0) for d in directions(400)[column]])
    assert depth.std() > 0.05 * depth.mean()
    np.testing.assert_allclose(points.intensity, 0.5 * np.exp(-2.0 * depth), rtol=0.02)


def test_a_box_that_fills_the_world_is_fog(tmp_path):
    """The same returns as in the homogeneous medium: which beams, and how they are spread."""
    fog, ranges = Fog(visibility_m=50.0).medium(), 2.0 + 30.0 * np.linspace(0.0, 1.0, 1500)
    everywhere = Volume(medium=fog, shape="box", size_m=(500.0, 500.0, 500.0))
    given = {"reflectance": 0.2, "noise": False, "device": RASSHOFER | SHARP}
    plain, column = yard.facet_sweep(tmp_path, ranges, medium=fog, **given)
    varied, other = yard.facet_sweep(tmp_path, ranges, volumes=(everywhere,), **given)
    assert 200 < (plain.semantic == class_id("fog")).sum() < 1300
    assert len(plain.range) == pytest.approx(len(varied.range), abs=3)
    soft, hard = (set(c[p.flags == POINT_WEATHER]) for p, c in ((plain, column), (varied, other)))
    assert len(soft ^ hard) <= 15
    spread = stats.ks_2samp(plain.range[plain.flags == POINT_WEATHER], varied.range[varied.flags == POINT_WEATHER])
    assert spread.statistic < 0.06


def test_returns_are_named_after_what_they_come_from(tmp_path):
    """Thin fog everywhere and a dense puff of smoke: both names, each where it is."""
    volumes = (smoke(3.0, center_m=(7.0, 0.0, 0.0), size_m=(0.5, 4.0, 0.5)),)
    points, _ = yard.facet_sweep(
        tmp_path,
        np.full(2000, 15.0),
        reflectance=1e-9,
        medium=Fog(visibility_m=150.0).medium(),
        volumes=volumes,
        noise=False,
        device=RASSHOFER | SHARP | {"pulse": 4.0},
    )
    names = {name: points.semantic == class_id(name) for name in ("fog", "smoke")}
    assert names["fog"].sum() > 500
    assert names["smoke"].sum() > 50
    assert (names["fog"] | names["smoke"]).all()
    assert np.abs(points.xyz[names["smoke"], 0] - 6.0).max() < 3.0


def test_a_dense_puff_returns_at_its_edge_a_thin_one_from_inside(tmp_path):
    """By how deep light gets: half a metre of depth 1 against four metres of depth 0.2."""
    shown = []
    for extinction in (8.0, 0.1):
        puff = smoke(extinction, center_m=(8.0, 0.0, 0.0), size_m=(1.0, 30.0, 30.0))
        points, column = yard.facet_sweep(
            tmp_path,
            np.full(2000, 20.0),
            reflectance=1e-9,
            volumes=(puff,),
            noise=False,
            device=RASSHOFER | {"pulse": 2.0, "range_10": 3000.0},
        )
        ahead = (column < 60) | (column > 1940)
        shown.append(points.range[ahead])
    assert shown[0].mean() < 6.5
    assert shown[0].std() < 0.6
    assert shown[1].mean() == pytest.approx(7.8, abs=0.2)
    assert shown[1].std() == pytest.approx(1.0, abs=0.15)


def test_a_puff_that_flies_is_where_it_is_when_the_beam_passes(tmp_path):
    """Half a turn after the frame's time a puff that was in front has moved on."""
    puff = smoke(5.0, center_m=(5.0, 0.0, 0.0), size_m=(0.3, 0.3, 0.3), velocity_m_s=(-200.0, 0.0, 0.0))
    points, column = yard.facet_sweep(
        tmp_path, np.full(3600, 20.0), reflectance=1e-9, volumes=(puff,), noise=False, rate_hz=10.0, device=SHARP
    )
    # the beam passes azimuth 0 at the turn's start, 50 ms before the frame's time: the puff is at 15 m
    early = column < 100
    assert early.sum() > 5
    assert points.range[early].mean() == pytest.approx(14.7, abs=0.8)


def test_clear_volumes_change_nothing(tmp_path):
    ranges = np.linspace(2.0, 60.0, 500)
    clear = Volume(medium=Medium.clear(), shape="box", size_m=(99.0, 99.0, 99.0))
    away = smoke(3.0, center_m=(0.0, 0.0, 40.0))
    plain, _ = yard.facet_sweep(tmp_path, ranges, reflectance=0.3)
    for volumes in ((clear,), (away,), (clear, away)):
        other, _ = yard.facet_sweep(tmp_path, ranges, reflectance=0.3, volumes=volumes)
        np.testing.assert_array_equal(plain.xyz, other.xyz)
        np.testing.assert_array_equal(plain.intensity, other.intensity)
