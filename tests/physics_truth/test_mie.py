"""Lorenz-Mie theory: published figures, closed forms, and the tables that are shipped."""

from __future__ import annotations

import cmath
import importlib.util
import math
from pathlib import Path

import numpy as np
import pytest
from scipy import integrate

from simgen.records.air import MICROWAVE_GHZ, WAVELENGTHS_NM
from simgen.weather._optics import efficiencies
from simgen.weather.snow import flake_loss

SCRIPT = Path(__file__).parents[2] / "scripts" / "mie_tables.py"


@pytest.fixture(scope="module")
def mie():
    spec = importlib.util.spec_from_file_location("mie_tables", SCRIPT)
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


def test_the_sphere_of_bohren_and_huffman(mie):
    """Their appendix A: radius 0.525 um, wavelength 0.6328 um, index 1.55."""
    extinction, scattering, back, cosine = mie.efficiencies(2.0 * math.pi * 0.525 / 0.6328, 1.55 + 0j)
    assert extinction == pytest.approx(3.10543, abs=6e-6)
    assert scattering == pytest.approx(3.10543, abs=6e-6)
    assert back == pytest.approx(2.92534, abs=6e-6)
    assert cosine == pytest.approx(0.63314, abs=6e-6)


@pytest.mark.parametrize(
    ("x", "m", "extinction", "scattering"),
    [
        (1000.0, 1.5 - 0.1j, 2.019703, 1.106932),
        (10000.0, 1.33 - 1e-5j, 2.004089, 1.723857),
        (10000, 1.5 - 1j, 2.004368, 1.236574),
    ],
)
def test_large_spheres_of_wiscombe(mie, x, m, extinction, scattering):
    """Wiscombe's test cases (NCAR TN-140, 1979)."""
    found = mie.efficiencies(float(x), m)
    assert found[0] == pytest.approx(extinction, abs=2e-6)
    assert found[1] == pytest.approx(scattering, abs=2e-6)


def test_small_spheres_follow_rayleigh(mie):
    x, m = 0.01, 1.5 - 0.1j
    ratio = (m * m - 1) / (m * m + 2)
    extinction, scattering, back, cosine = mie.efficiencies(x, m)
    assert scattering == pytest.approx(8.0 / 3.0 * x**4 * abs(ratio) ** 2, rel=1e-3)
    assert extinction == pytest.approx(-4.0 * x * ratio.imag, rel=1e-3)
    assert back == pytest.approx(1.5 * scattering, rel=1e-3)
    assert abs(cosine) < 1e-4
    # (1 + cos^2) 3/4
    assert mie.phase_function(x, m, np.array([1.0, 0.0]))[0] == pytest.approx(1.5, rel=1e-3)


@pytest.mark.parametrize("x", [0.5, 5.213, 60.0])
def test_the_phase_function_agrees_with_the_series(mie, x):
    """Its integral is 1, its mean cosine and its value straight back are those of the coefficients' sums."""
    m = 1.33 - 1e-3j
    mu, weight = np.polynomial.legendre.leggauss(400)
    phase = mie.phase_function(x, m, mu)
    _, scattering, back, cosine = mie.efficiencies(x, m)
    assert 0.5 * (phase * weight).sum() == pytest.approx(1.0, rel=1e-9)
    assert 0.5 * (phase * mu * weight).sum() == pytest.approx(cosine, rel=1e-9)
    assert mie.phase_function(x, m, np.array([-1.0]))[0] == pytest.approx(back / scattering, rel=1e-9)


def test_the_shipped_table_is_the_theory(mie):
    """Some bins of it, averaged over the bin by quadrature in the sphere's diameter."""
    with np.load(Path(__file__).parents[2] / "simgen" / "weather" / "mie.npz") as stored:
        edges, water, ice = stored["edge_m"], stored["water"], stored["ice"]
    for table, name, column, row in (
        (water, "water", 60, 1),
        (water, "water", 80, 4),
        (ice, "ice", 90, 5),
        (water, "water", 100, 12),
    ):
        m, wavelength = mie.INDICES[name][row], mie.WAVELENGTHS_M[row]

        def whole(d, m=m, wavelength=wavelength):
            return d * mie.efficiencies(math.pi * d / wavelength, m)[0]

        low, high = edges[column], edges[column + 1]
        value, _ = integrate.quad(whole, low, high, limit=400)
        area, _ = integrate.quad(lambda d: d, low, high)
        assert table[row, column, 0] == pytest.approx(value / area, rel=3e-3)


@pytest.mark.parametrize("material", ["water", "ice", "dust", "smoke"])
def test_tables_conserve_energy_and_tend_to_two(material):
    diameter = np.geomspace(2.1e-8, 6e-2, 400)
    table = efficiencies(material, diameter)
    assert (table[..., 1] <= table[..., 0] * (1.0 + 1e-6)).all()
    light = slice(0, len(WAVELENGTHS_NM))
    np.testing.assert_allclose(table[light, :, 3:].sum(-1), 1.0, atol=1e-5)
    assert (table[light, :, 3:] >= 0.0).all()
    assert table[light, -1, 0] == pytest.approx(2.0, abs=2e-3)


@pytest.mark.parametrize("frequency", [24e9, 77e9])
@pytest.mark.parametrize(("diameter", "density"), [(1e-3, 0.17), (4e-3, 0.05), (1e-2, 0.02)])
def test_flakes_dim_radar_as_loose_spheres_do(mie, frequency, diameter, density):
    """Rayleigh and Gans' approximation against Lorenz-Mie theory for spheres of Maxwell Garnett's mixture."""
    ice = 1.786 - 0.0025j
    part = density / 0.917 * (ice**2 - 1.0) / (ice**2 + 2.0)
    index = cmath.sqrt((1.0 + 2.0 * part) / (1.0 - part))
    x = math.pi * diameter * frequency / mie.LIGHT_M_S
    expected = mie.efficiencies(x, index)[0] * math.pi / 4.0 * diameter**2
    volume = math.pi / 6.0 * diameter**3 * density / 0.917
    found = flake_loss(np.array([volume]), np.array([diameter]), frequency)[0]
    assert found == pytest.approx(expected, rel=0.12)


def test_droplets_dim_radar_as_rayleigh_has_it(mie):
    """Extinction of a volume of water is 6 pi / lambda Im(K) whatever the droplets' size, as in ITU-R P.840."""
    diameter = np.array([1e-5])
    for k, frequency in enumerate(MICROWAVE_GHZ):
        found = efficiencies("water", diameter)[10 + k, 0, 0] * 1.5 / diameter[0]
        m = mie.water_beyond_infrared(frequency)
        wavelength = 0.299792458 / frequency
        expected = 6.0 * math.pi / wavelength * -((m * m - 1.0) / (m * m + 2.0)).imag
        assert found == pytest.approx(expected, rel=5e-3)
    # ITU-R P.840-8, figure 1: 3.2 (dB/km)/(g/m3) at 77 GHz and 10 degrees
    per_gram = efficiencies("water", diameter)[12, 0, 0] * 1.5 / diameter[0] * 1e-6 * 4342.9
    assert per_gram == pytest.approx(3.2, abs=0.2)
    assert abs(cmath.phase(mie.water_beyond_infrared(77.0))) > 0.3
