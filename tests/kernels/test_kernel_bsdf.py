"""The BSDF of bouncing paths: density integrates to one, samples follow it, reciprocal, no light gained."""

import math
from typing import Any

import numba
import numpy as np
import pytest

from simgen.kernels import bsdf
from simgen.rng import stream

TABLE = bsdf.albedo_table()
#: colour, roughness, metal, coat, coat's roughness
MATERIALS: dict[str, tuple[float, ...]] = {
    "matt": (0.7, 1.0, 0.0, 0.0, 0.1),
    "satin": (0.6, 0.5, 0.0, 0.0, 0.1),
    "glossy": (0.5, 0.3, 0.0, 0.0, 0.1),
    "metal": (0.9, 0.4, 1.0, 0.0, 0.1),
    "rough metal": (0.8, 0.8, 1.0, 0.0, 0.1),
    "half metal": (0.7, 0.45, 0.5, 0.0, 0.1),
    "car paint": (0.5, 0.6, 0.3, 1.0, 0.35),
}


@numba.njit
def _evaluate(table: Any, material: Any, view: Any, light: Any) -> Any:
    """(N, 4): value (red), density, rough and sharp together."""
    color, rough, metal, coat, smooth = material
    lobes = bsdf.prepare(table, color, rough, metal, coat, smooth, view[2], 0.0)
    out = np.empty((len(light), 2))
    for i in range(len(light)):
        v = light[i]
        r = bsdf.evaluate(table, lobes, color, color, color, view[0], view[1], view[2], v[0], v[1], v[2])
        out[i, 0], out[i, 1] = r[0] + r[4], r[3] + r[7]
    return out


@numba.njit
def _sample(table: Any, material: Any, view: Any, draws: Any) -> Any:
    color, rough, metal, coat, smooth = material
    lobes = bsdf.prepare(table, color, rough, metal, coat, smooth, view[2], 0.0)
    out = np.empty((len(draws), 3))
    for i in range(len(draws)):
        d = bsdf.sample(lobes, view[0], view[1], view[2], draws[i, 0], draws[i, 1], draws[i, 2])
        out[i, 0], out[i, 1], out[i, 2] = d[0], d[1], d[2]
    return out


def direction(theta_deg: float, phi_deg: float = 20.0) -> np.ndarray:
    t, p = math.radians(theta_deg), math.radians(phi_deg)
    return np.array([math.sin(t) * math.cos(p), math.sin(t) * math.sin(p), math.cos(t)])


def grid(zeniths: int, azimuths: int) -> tuple[np.ndarray, float]:
    """Directions of the upper half, evenly by (cosine, azimuth), and the solid angle of each."""
    z = (np.arange(zeniths) + 0.5) / zeniths
    phi = (np.arange(azimuths) + 0.5) / azimuths * 2.0 * math.pi
    z, phi = (a.ravel() for a in np.meshgrid(z, phi, indexing="ij"))
    flat = np.sqrt(1.0 - z * z)
    return np.stack([flat * np.cos(phi), flat * np.sin(phi), z], -1), 2.0 * math.pi / (zeniths * azimuths)


def draws(count: int, name: str) -> np.ndarray:
    return stream(5, "bsdf", name).random((count, 3))


@pytest.mark.parametrize("name", MATERIALS)
@pytest.mark.parametrize("theta_deg", [10.0, 55.0, 80.0])
def test_density_integrates_to_the_share_of_samples_above(name: str, theta_deg: float) -> None:
    light, angle = grid(800, 800)
    view = direction(theta_deg)
    integral = _evaluate(TABLE, MATERIALS[name], view, light)[:, 1].sum() * angle
    above = (_sample(TABLE, MATERIALS[name], view, draws(200_000, name))[:, 2] > 0.0).mean()
    # samples that a microfacet sends down are lost; nothing else is
    assert integral == pytest.approx(above, abs=0.004)
    assert above > (0.999 if name == "matt" else 0.6)


@pytest.mark.parametrize("name", MATERIALS)
def test_samples_follow_the_density(name: str) -> None:
    view, count, fine = direction(50.0), 100_000, 24
    taken = _sample(TABLE, MATERIALS[name], view, draws(count, name))
    taken = taken[taken[:, 2] > 0.0]
    bins = (16, 32)
    seen = np.histogram2d(
        taken[:, 2], np.arctan2(taken[:, 1], taken[:, 0]) % (2 * math.pi), bins, ((0, 1), (0, 2 * math.pi))
    )[0].ravel()
    light, angle = grid(bins[0] * fine, bins[1] * fine)
    density = _evaluate(TABLE, MATERIALS[name], view, light)[:, 1].reshape(bins[0], fine, bins[1], fine)
    expected = density.sum((1, 3)).ravel() * angle * count
    enough = expected > 20.0
    chi = ((seen - expected)[enough] ** 2 / expected[enough]).sum()
    degrees = int(enough.sum())
    # normal approximation of chi-square: 3.7 deviations are the 0.01 % point; and 1 % for the bins' own quadrature
    assert chi < degrees + 3.7 * math.sqrt(2.0 * degrees) + 0.01 * degrees
    assert degrees > 50


@pytest.mark.parametrize("name", MATERIALS)
def test_reciprocal(name: str) -> None:
    """f(v, l) = f(l, v): what is returned has the cosine of the light in it."""
    pairs = [(direction(20.0, 5.0), direction(60.0, 200.0)), (direction(75.0, 0.0), direction(40.0, 190.0))]
    for a, b in pairs:
        there = _evaluate(TABLE, MATERIALS[name], a, b[None])[0, 0] / b[2]
        back = _evaluate(TABLE, MATERIALS[name], b, a[None])[0, 0] / a[2]
        assert there == pytest.approx(back, rel=1e-9)


@pytest.mark.parametrize("rough", [0.15, 0.3, 0.5, 0.8, 0.95, 1.0])
@pytest.mark.parametrize("theta_deg", [0.0, 45.0, 75.0, 85.0])
@pytest.mark.parametrize("metal", [0.0, 0.5, 1.0])
def test_white_surface_sends_back_all_light(rough: float, metal: float, theta_deg: float) -> None:
    material, view = (1.0, rough, metal, 0.0, 0.1), direction(theta_deg)
    taken = _sample(TABLE, material, view, draws(400_000, "white"))
    pair = _evaluate(TABLE, material, view, taken)
    kept = pair[:, 1] > 0.0
    # the furnace by the sampler itself: mean of value / density
    assert (pair[kept, 0] / pair[kept, 1]).sum() / len(taken) == pytest.approx(1.0, abs=0.004)


@pytest.mark.parametrize("name", MATERIALS)
@pytest.mark.parametrize("theta_deg", [0.0, 60.0, 85.0])
def test_nothing_gains_light(name: str, theta_deg: float) -> None:
    white = (1.0, *MATERIALS[name][1:])
    taken = _sample(TABLE, white, direction(theta_deg), draws(100_000, name))
    pair = _evaluate(TABLE, white, direction(theta_deg), taken)
    kept = pair[:, 1] > 0.0
    total = (pair[kept, 0] / pair[kept, 1]).sum() / len(taken)
    assert 0.7 < total < 1.005


def test_smooth_metal_mirrors_its_colour() -> None:
    taken = _sample(TABLE, (0.8, 0.0, 1.0, 0.0, 0.1), direction(30.0), draws(2000, "mirror"))
    mirrored = direction(30.0) * np.array([-1.0, -1.0, 1.0])
    # GGX's tails are long: 1 % lie outside of this
    assert np.quantile(taken @ mirrored, 0.01) > math.cos(math.radians(3.0))
    pair = _evaluate(TABLE, (0.8, 0.0, 1.0, 0.0, 0.1), direction(30.0), taken)
    assert (pair[:, 0] / pair[:, 1]).mean() == pytest.approx(0.8, abs=0.005)


def test_albedo_table_against_published_figures() -> None:
    """Head-on, with alpha 1, f = 1 / (2 pi (1 + l.n)): its albedo is 1 - ln 2. Smooth glass mirrors 4 %, mean 8.6 %."""
    rows = TABLE.shape[0]
    head_on = TABLE[:, -1, 0] + TABLE[:, -1, 1]
    alpha = np.maximum(np.linspace(0.0, 1.0, rows) ** 2, bsdf.SMOOTHEST)
    # facets tilted by more than 45 degrees send light down; of the others some is shadowed
    assert (head_on <= 1.0 / (1.0 + alpha**2) + 0.002).all()
    assert head_on[-1] == pytest.approx(1.0 - math.log(2.0), abs=1e-3)
    assert 0.04 * TABLE[0, -1, 0] + TABLE[0, -1, 1] == pytest.approx(0.04, abs=1e-4)
    # Schlick: f0 + (1 - f0) / 21
    assert TABLE[0, 0, 2] == pytest.approx(0.04 + 0.96 / 21.0, abs=1e-3)
    assert TABLE[0, 0, 3] == pytest.approx(1.0, abs=1e-3)
