"""What lies where: shares that come out as asked for, slopes that shed, roofs that keep dry, Fresnel's equations."""

from __future__ import annotations

import math

import numba
import numpy as np
import pytest
from helpers_cover import cover
from hypothesis import given, settings
from hypothesis import strategies as st

from simgen.kernels import cover as kernels


@numba.njit(error_model="numpy")
def fresnel(index, cosine):
    return kernels.fresnel(index, cosine)


@numba.njit(error_model="numpy")
def patch(ranks, share, soft):
    total = 0.0
    for rank in ranks:
        total += kernels.patch(rank, share, soft)
    return total / len(ranks)


@numba.njit(error_model="numpy")
def lies(table, places, normal, exposed, footprint, out):
    for k in range(places.shape[0]):
        x, y = places[k, 0], places[k, 1]
        out[k, 0], out[k, 1], out[k, 2], out[k, 3] = kernels.lies(
            table, 0, True, x, y, 0.0, normal[0], normal[1], normal[2], exposed, footprint
        )


@numba.njit(error_model="numpy")
def openness(table, places, normal, out):
    for k in range(places.shape[0]):
        x, y, z = places[k, 0], places[k, 1], places[k, 2]
        out[k] = kernels.exposure(table, True, 0, 0, 0, 0.3, 0.3, x, y, z, normal[0], normal[1], normal[2])


@numba.njit(error_model="numpy")
def ringed(table, places, footprint, out):
    for k in range(places.shape[0]):
        out[k, 0], out[k, 1], out[k, 2] = kernels.rings(table, places[k, 0], places[k, 1], footprint)


def shares(table, *, slope_deg=0.0, exposed=1.0, footprint=0.01, size=300.0, count=120_000):
    """Means over a large area: film, pool, snow, ice."""
    k = np.arange(1, count + 1)
    places = size * np.stack([(k * 0.7548776662) % 1.0, (k * 0.5698402910) % 1.0], -1)
    normal = np.array([math.sin(math.radians(slope_deg)), 0.0, math.cos(math.radians(slope_deg))])
    out = np.empty((count, 4))
    lies(table, places, normal, exposed, footprint, out)
    assert out.min() >= 0.0
    assert out.max() <= 1.0
    return out


def test_fresnel_anchors():
    """Water (n = 1.33): 0.0201 head-on, no p-polarised light at Brewster's angle, 0.347 at 80 degrees."""
    assert fresnel(1.33, 1.0) == pytest.approx(0.0201, abs=1e-4)
    assert fresnel(1.33, math.cos(math.radians(80.0))) == pytest.approx(0.347, abs=5e-4)
    c = math.cos(math.atan(1.33))
    assert math.degrees(math.atan(1.33)) == pytest.approx(53.06, abs=0.01)
    inside = math.sqrt(1.0 - (1.0 - c * c) / 1.33**2)
    only_s = ((c - 1.33 * inside) / (c + 1.33 * inside)) ** 2
    assert fresnel(1.33, c) == pytest.approx(0.5 * only_s, rel=1e-9)


@settings(deadline=None)
@given(st.floats(0.0, 1.0), st.floats(0.02, 1.0))
def test_a_patch_has_the_share_as_its_mean(share, soft):
    ranks = (np.arange(4000) + 0.5) / 4000
    assert patch(ranks, share, soft) == pytest.approx(share, abs=1e-3)


@pytest.mark.parametrize("asked", [0.03, 0.2, 0.6])
def test_shares_of_a_large_area_are_those_asked_for(asked):
    out = shares(cover(puddles=asked, ice=asked, wetness=asked)).mean(0)
    # patches are some metres wide, so that 300 m x 300 m hold about 3e4 of them
    assert out[0] == pytest.approx(asked, abs=0.01)
    assert out[1] == pytest.approx(asked, abs=0.01)
    assert out[3] == pytest.approx(asked, abs=0.01)


@pytest.mark.parametrize("depth", [0.002, 0.005, 0.02, 0.1])
def test_snow_covers_as_much_as_its_depth_says(depth):
    out = shares(cover(snow=depth))[:, 2]
    assert out.mean() == pytest.approx(math.tanh(depth / 0.01), abs=0.01)
    if depth == 0.005:
        assert out.std() > 0.25, "thin snow lies in patches"
        assert shares(cover(snow=depth), footprint=5.0)[:, 2].std() < 0.01, "which are even from far away"


def test_puddles_are_water_or_none():
    out = shares(cover(puddles=0.3))[:, 1]
    assert ((out > 0.05) & (out < 0.95)).mean() < 0.1


def test_steep_roofs_shed_and_only_level_ground_holds():
    deep = cover(snow=0.1, puddles=0.5, ice=0.5, wetness=1.0)
    covered = [shares(deep, slope_deg=s, count=4000)[:, 2].mean() for s in (0, 34, 50, 58, 61, 90)]
    assert covered[:2] == pytest.approx([1.0, 1.0], abs=1e-6)
    assert covered == sorted(covered, reverse=True)
    assert covered[3] > covered[4]
    assert covered[4] == covered[5] == 0.0
    assert shares(deep, slope_deg=9, count=4000)[:, [1, 3]].max() == 0.0
    assert shares(deep, slope_deg=180, count=4000).max() == 0.0, "what hangs over stays dry"


def test_what_nothing_reaches_stays_dry():
    assert shares(cover(snow=0.1, puddles=0.5, ice=0.5, wetness=1.0), exposed=0.0, count=2000).max() == 0.0


def test_water_does_not_stand_on_what_drains():
    drains = cover(puddles=0.5, ice=0.5, matter=np.array([[1.0, 0.0, 0.0, 1.0, 1.0]], np.float32))
    assert shares(drains, count=4000).max() == 0.0


def test_a_roof_keeps_dry_with_a_soft_edge():
    """A roof 3 m up over x from 2 to 8 m."""
    x = 0.25 * np.arange(41)
    height = np.tile(np.where((x >= 2.0) & (x <= 8.0), 3.0, 0.0), (41, 1)).astype(np.float32)
    table = cover(height=height, cell=0.25)
    at = np.linspace(0.5, 9.5, 181)
    out = np.empty(181)
    openness(table, np.stack([at, np.full(181, 5.0), np.zeros(181)], -1), np.array([0.0, 0.0, 1.0]), out)
    assert out[(at > 2.5) & (at < 7.5)].max() < 1e-6
    assert out[(at < 1.4) | (at > 8.6)].min() > 1.0 - 1e-6
    assert np.abs(np.diff(out)).max() < 0.2, "no step within 5 cm"
    openness(table, np.stack([at, np.full(181, 5.0), np.full(181, 3.0)], -1), np.array([0.0, 0.0, 1.0]), out)
    assert out == pytest.approx(1.0), "the roof itself is open"


def test_rings_need_rain_and_fade_into_roughness():
    k = np.arange(4000)
    places, out = np.stack([0.013 * k, 0.0071 * k], -1), np.empty((4000, 3))
    ringed(cover(puddles=1.0), places, 0.002, out)
    assert not out.any()
    ringed(cover(puddles=1.0, rain=10.0, time=3.3), places, 0.002, out)
    assert 0.003 < out[:, 0].std() < 0.1
    assert abs(out[:, 0].mean()) < 0.005
    ringed(cover(puddles=1.0, rain=10.0, time=3.3), places, 1.0, out)
    assert not out[:, :2].any()
    assert out[:, 2].min() > 0.0


def test_tracks_are_worn_and_wet():
    table = cover(snow=0.05, tracks=0.9, worn=np.ones((400, 400), np.float32), x=-1.0, y=-1.0)
    out = shares(table).mean(0)
    assert out[2] == pytest.approx(math.tanh(0.1 * 0.05 / 0.01), abs=0.01)
    assert out[0] == pytest.approx(1.0)


def test_snow_reaches_what_it_buries():
    """The foot of a wall, or of a kerb, as far up as the snow in front of it is deep."""
    places, out = np.array([[5.0, 5.0]]), np.empty((1, 4))
    table = cover(snow=0.05, height=np.zeros((20, 20), np.float32))
    for z, want in ((0.02, math.tanh(5.0)), (0.08, 0.0)):
        lies(table._replace(origin_z=z), places, np.array([1.0, 0.0, 0.0]), 1.0, 0.01, out)
        assert out[0, 2] == pytest.approx(want, abs=2e-4)
