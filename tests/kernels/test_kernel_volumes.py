"""The kernels' density and columns of volumes against the records' own, which are plain numpy."""

from __future__ import annotations

import math

import numpy as np
import pytest

from simgen.kernels import volumes as kernels
from simgen.kernels.jit import device
from simgen.records.air import Medium
from simgen.records.volume import Patches, Volume
from simgen.rng import stream
from simgen.sensors._volumes import volumes_of

SMOKE = Medium.gray(0.3, 1e-3, "smoke")
PATCHES = Patches(seed=4, scale_m=6.0, contrast=0.9, offset_m=(3.0, -70.0, 1.0))
#: the motion's origin
ORIGIN = np.array([120.0, -40.0, 3.0])
VOLUMES = {
    "puff": Volume(medium=SMOKE, center_m=(2.0, 1.0, 2.0), size_m=(2.0, 1.0, 0.5)),
    "grown": Volume(medium=SMOKE, size_m=(0.5, 0.7, 0.4), velocity_m_s=(3.0, -1.0, 0.5), growth_m_s=0.6),
    "box": Volume(medium=SMOKE, shape="box", size_m=(3.0, 2.0, 1.0), velocity_m_s=(1.0, 0.0, 0.0)),
    "layer": Volume(medium=SMOKE, shape="layer", center_m=(0.0, 0.0, 1.0), size_m=(1.0, 1.0, 2.0)),
    "patchy puff": Volume(medium=SMOKE, size_m=(4.0, 4.0, 2.0), growth_m_s=0.5, patches=PATCHES),
    "patchy box": Volume(medium=SMOKE, shape="box", size_m=(9.0, 8.0, 7.0), patches=PATCHES),
    "patchy layer": Volume(
        medium=SMOKE, shape="layer", size_m=(1.0, 1.0, 3.0), velocity_m_s=(4.0, 2.0, 0.0), patches=PATCHES
    ),
}


@device
def density_of(row, lattice, points, time, out):
    for k in range(points.shape[0]):
        out[k] = kernels.density(row, lattice, 0, points[k, 0], points[k, 1], points[k, 2], time)


@device
def columns_of(row, lattice, o, d, far, time, out):
    for k in range(o.shape[0]):
        args = o[k, 0], o[k, 1], o[k, 2], d[k, 0], d[k, 1], d[k, 2]
        out[k, 0] = kernels.column(row, lattice, 0, *args, far[k], time)
        out[k, 1], out[k, 2] = kernels.interval(row, 0, *args, far[k], time)


def asked(volume, origins, directions, far, time):
    packed = volumes_of([volume], [905.0], ORIGIN)
    out = np.empty((len(far), 3))
    columns_of(packed.row, packed.lattice, origins - ORIGIN, directions, far, time, out)
    return out[:, 0], out[:, 1], out[:, 2]


def rays(volume, count, time, above=0.0):
    """Rays from around a volume, half of them from above, that pass more or less near its middle."""
    draw = stream(1, "rays through volumes")
    middle = np.array(volume.center_m) + np.array(volume.velocity_m_s) * time
    origins = middle + draw.uniform(-12.0, 12.0, (count, 3)) * [1.0, 1.0, 0.4]
    origins[::2, 2] += above
    toward = middle + draw.normal(0.0, 1.0, (count, 3)) * volume.size_m - origins
    return origins, toward / np.linalg.norm(toward, axis=1, keepdims=True), draw.uniform(1.0, 30.0, count)


@pytest.mark.parametrize("name", VOLUMES)
@pytest.mark.parametrize("time", [0.0, 1.7])
def test_density_is_the_records(name, time):
    volume = VOLUMES[name]
    points = stream(2, "points", name).normal(0.0, 1.0, (4000, 3)) * np.minimum(3.0 * np.array(volume.size_m), 6.0)
    points += np.array(volume.center_m) + np.array(volume.velocity_m_s) * time
    packed, found = volumes_of([volume], [905.0], ORIGIN), np.empty(4000)
    density_of(packed.row, packed.lattice, points - ORIGIN, time, found)
    expected = volume.density(points, time)
    assert (expected > 0.01).sum() > 50
    np.testing.assert_allclose(found, expected, rtol=1e-6, atol=1e-6)


@pytest.mark.parametrize("name", VOLUMES)
@pytest.mark.parametrize("time", [0.0, 1.7])
def test_columns_are_the_records(name, time):
    volume = VOLUMES[name]
    origins, directions, far = rays(volume, 200, time)
    found, near, stop = asked(volume, origins, directions, far, time)
    each = zip(origins, directions, far, strict=True)
    expected = np.array([volume.column(o, d, f, time, steps=8000) for o, d, f in each])
    assert (expected > 0.1).sum() > 50
    # puffs end where they take 1e-4 1/m; the reference misses a box's faces by half a step, and the quadrature
    # through patches what is finer than its own
    loose = 5e-3 if volume.shape == "box" else 2e-3 if volume.patches is not None else 5e-4
    np.testing.assert_allclose(found, expected, rtol=2e-3 if volume.patches else 1e-4, atol=loose)
    inside = np.where(stop > near, found, 0.0)
    np.testing.assert_allclose(inside, found, atol=1e-12)


@pytest.mark.parametrize("name", VOLUMES)
def test_nothing_that_matters_is_beyond_the_interval(name):
    volume = VOLUMES[name]
    origins, directions, far = rays(volume, 300, 1.0, above=45.0 if volume.shape == "layer" else 0.0)
    _, near, stop = asked(volume, origins, directions, far, 1.0)
    along = np.linspace(0.0, 1.0, 400) * far[:, None]
    density = volume.density(origins[:, None] + along[..., None] * directions[:, None], 1.0)
    outside = (along < near[:, None] - 1e-9) | (along > np.maximum(stop, near)[:, None] + 1e-9)
    assert outside.sum() > 1000
    assert density[outside].max() < 4e-4


def test_rays_without_an_end():
    """Through a whole puff, a whole box, and up out of a layer, from below its top and from above it."""
    along, up = np.array([[1.0, 0.0, 0.0]]), np.array([[0.6, 0.0, 0.8]])
    endless = np.array([np.inf])
    puff = asked(VOLUMES["puff"], np.array([[-50.0, 1.0, 2.0]]), along, endless, 0.0)[0]
    assert puff[0] == pytest.approx(2.0 * math.sqrt(2.0 * math.pi), rel=1e-4)
    assert asked(VOLUMES["box"], np.array([[-50.0, 0.0, 0.0]]), along, endless, 0.0)[0][0] == pytest.approx(6.0)
    rises = asked(VOLUMES["layer"], np.array([[0.0, 0.0, 0.2]]), up, endless, 0.0)[0]
    assert rises[0] == pytest.approx((0.8 + 2.0) / 0.8, rel=1e-5)
    high = asked(VOLUMES["layer"], np.array([[0.0, 0.0, 3.0]]), up, endless, 0.0)[0]
    assert high[0] == pytest.approx(2.0 * math.exp(-1.0) / 0.8, rel=1e-4)
    level = asked(VOLUMES["layer"], np.array([[0.0, 0.0, 3.0]]), along, np.array([25.0]), 0.0)[0]
    assert level[0] == pytest.approx(25.0 * math.exp(-1.0), rel=1e-9)
    nearly = np.array([[1.0, 0.0, 1e-9]])
    assert asked(VOLUMES["layer"], np.array([[0.0, 0.0, 3.0]]), nearly, np.array([25.0]), 0.0)[0] == pytest.approx(
        level, rel=1e-8
    )


def test_clear_ones_are_left_out():
    clear = Volume(medium=Medium.clear())
    packed = volumes_of([clear, VOLUMES["patchy box"], clear, VOLUMES["puff"]], [550.0, 905.0], ORIGIN)
    assert packed.row.shape[0] == 2
    assert packed.lattice.shape[0] == 1
    np.testing.assert_allclose(packed.extinction, 0.3)
    np.testing.assert_allclose(packed.backscatter, 1e-3)
    nothing = volumes_of([clear], [550.0], ORIGIN)
    assert nothing.row.shape[0] == nothing.extinction.shape[0] == nothing.class_id.shape[0] == 0
    assert volumes_of([], [550.0], ORIGIN).row.shape[0] == 0
