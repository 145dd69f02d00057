"""Makes simgen/weather/mie.npz: how spheres of water, ice, mineral dust and smoke scatter and absorb, by size.

Usage: .venv/bin/python scripts/mie_tables.py (a few minutes). Each entry is the mean over its size bin, weighted with
the spheres' area, so that the ripples of single sizes are gone; the phase function is told by the shares of fixed lobes
(Henyey and Greenstein's functions) that fit it best, by least squares without negative shares. Lorenz-Mie theory as in
Bohren and Huffman (1983), chapter 4: the coefficients from the logarithmic derivative (downwards) and the
Riccati-Bessel functions (upwards).

Refractive indices ``n - ik``: water Hale and Querry (1973), beyond 0.1 mm the double Debye model of Liebe et al. (1991)
at 10 degrees Celsius; ice Warren and Brandt (2008); dust Patterson et al. (1977) and OPAC (Hess et al. 1998) in light,
illite (Querry 1987) in the long waves, dry sand (permittivity 3 - 0.1i) beyond; smoke of burning plants Dubovik et al.
(2002), an estimate beyond light.
"""

from __future__ import annotations

import argparse
import math
from pathlib import Path

import numba
import numpy as np
from numpy.typing import NDArray
from scipy.optimize import nnls

from simgen.records.air import INFRARED_UM, LOBES, MICROWAVE_GHZ, WAVELENGTHS_NM

F8 = NDArray[np.float64]
C16 = NDArray[np.complex128]

OUT = Path(__file__).parents[1] / "simgen" / "weather" / "mie.npz"
LIGHT_M_S = 299_792_458.0
WAVELENGTHS_M = np.array(
    [1e-9 * nm for nm in WAVELENGTHS_NM]
    + [1e-6 * um for um in INFRARED_UM]
    + [1e-9 * LIGHT_M_S / f for f in MICROWAVE_GHZ]
)
#: sizes: bins a decade of diameter, from 0.02 um to 63 mm
BINS, FIRST, DECADES = 24, -7.7, 6.5
#: spheres averaged in a bin, and fewer for the costly phase function
SPHERES, SPHERES_OF_LOBES = 32, 8
#: size parameter beyond which the phase function keeps its form
STEADY_X = 900.0
#: angles between which lobes are fitted, angles averaged there, and how much more their sum and mean cosine weigh
ANGLES = np.radians(np.concatenate([np.geomspace(0.3, 12.0, 20), np.linspace(18.0, 180.0, 28)]))
ANGLES_INSIDE = 8
STIFF = 1e4
_STEPS = (np.arange(ANGLES_INSIDE) + 0.5) / ANGLES_INSIDE
FINE = np.cos((ANGLES[:-1, None] + np.diff(ANGLES)[:, None] * _STEPS).ravel())


def water_beyond_infrared(frequency_ghz: float, kelvin: float = 283.15) -> complex:
    """Liebe et al. 1991: refractive index of liquid water."""
    theta = 300.0 / kelvin - 1.0
    static, high = 77.66 + 103.3 * theta, 3.52
    middle = 0.0671 * static
    first = 20.20 - 146.0 * theta + 316.0 * theta * theta
    steps = (static - middle) / (1.0 + 1j * frequency_ghz / first)
    steps += (middle - high) / (1.0 + 1j * frequency_ghz / (39.8 * first))
    return complex(np.sqrt(high + steps))


def _pairs(n: str, k: str) -> list[complex]:
    return [complex(float(a), -float(b)) for a, b in zip(n.split(), k.split(), strict=True)]


INDICES: dict[str, list[complex]] = {
    "water": [
        *_pairs(
            "1.3364 1.3330 1.3320 1.3290 1.3280 1.3180 1.2910 1.2180 1.1110 1.2100",
            "9.68e-10 1.96e-9 1.20e-8 2.93e-7 5.69e-7 9.58e-5 3.43e-2 5.08e-2 1.99e-1 3.70e-1",
        ),
        *(water_beyond_infrared(f) for f in MICROWAVE_GHZ),
    ],
    "ice": _pairs(
        "1.3148 1.3110 1.3091 1.3040 1.3031 1.2906 1.3067 1.1926 1.2762 1.5657 1.7861 1.7861 1.7863 1.7864",
        "1.6e-10 2.3e-9 6.9e-9 1.83e-7 4.32e-7 4.22e-4 3.79e-2 5.01e-2 4.13e-1 2.80e-1 8.2e-4 1.3e-3 2.5e-3 3.2e-3",
    ),
    "dust": _pairs(
        "1.53 1.53 1.53 1.53 1.53 1.53 1.0170 2.2140 1.5634 1.4123 1.732 1.732 1.732 1.732",
        "8.0e-3 5.5e-3 4.5e-3 4.0e-3 4.0e-3 4.0e-3 8.30e-2 1.016 1.24e-1 1.70e-1 2.9e-2 2.9e-2 2.9e-2 2.9e-2",
    ),
    "smoke": _pairs(
        "1.51 1.51 1.51 1.51 1.51 1.51 1.55 1.55 1.55 1.55 1.6 1.6 1.6 1.6",
        "2.1e-2 2.1e-2 2.1e-2 2.1e-2 2.1e-2 2.1e-2 0.1 0.1 0.1 0.1 2e-2 2e-2 2e-2 2e-2",
    ),
}


@numba.njit  # type: ignore[misc]
def coefficients(x: float, m: complex) -> tuple[C16, C16]:
    """Lorenz-Mie coefficients a_n and b_n, n from 1, of a sphere of size parameter x and index m = n - ik."""
    index = m.conjugate()  # Bohren and Huffman write n + ik
    stop = int(x + 4.05 * x ** (1.0 / 3.0) + 2.0)
    y = x * index
    start = int(max(float(stop), abs(y) + 4.05 * abs(y) ** (1.0 / 3.0))) + 16
    derivative = np.zeros(start + 1, np.complex128)
    for n in range(start, 0, -1):
        derivative[n - 1] = n / y - 1.0 / (derivative[n] + n / y)
    a, b = np.empty(stop, np.complex128), np.empty(stop, np.complex128)
    psi0, psi1 = math.cos(x), math.sin(x)
    chi0, chi1 = -math.sin(x), math.cos(x)
    for n in range(1, stop + 1):
        psi = (2.0 * n - 1.0) * psi1 / x - psi0
        chi = (2.0 * n - 1.0) * chi1 / x - chi0
        xi, xi1 = complex(psi, -chi), complex(psi1, -chi1)
        inside = derivative[n] / index + n / x
        a[n - 1] = (inside * psi - psi1) / (inside * xi - xi1)
        inside = derivative[n] * index + n / x
        b[n - 1] = (inside * psi - psi1) / (inside * xi - xi1)
        psi0, psi1, chi0, chi1 = psi1, psi, chi1, chi
    return a, b


@numba.njit  # type: ignore[misc]
def efficiencies(x: float, m: complex) -> tuple[float, float, float, float]:
    """Efficiencies of extinction, scattering and backscatter (radar's, 4 pi / pi r^2), and the mean cosine."""
    a, b = coefficients(x, m)
    extinction, scattering, cosine, back = 0.0, 0.0, 0.0, 0.0j
    for k in range(a.shape[0]):
        n = k + 1
        extinction += (2 * n + 1) * (a[k] + b[k]).real
        scattering += (2 * n + 1) * (abs(a[k]) ** 2 + abs(b[k]) ** 2)
        back += (2 * n + 1) * (1.0 - 2.0 * (n % 2)) * (a[k] - b[k])
        cosine += (2 * n + 1) / (n * (n + 1)) * (a[k] * b[k].conjugate()).real
        if k + 1 < a.shape[0]:
            neighbours = a[k] * a[k + 1].conjugate() + b[k] * b[k + 1].conjugate()
            cosine += n * (n + 2) / (n + 1) * neighbours.real
    scattering *= 2.0 / (x * x)
    return 2.0 / (x * x) * extinction, scattering, abs(back) ** 2 / (x * x), 4.0 / (x * x) * cosine / scattering


@numba.njit  # type: ignore[misc]
def intensities(a: C16, b: C16, mu: F8) -> F8:
    """Scattered intensity |S1|^2 + |S2|^2 at cosines of the angle."""
    found = np.empty(mu.shape[0])
    for j in range(mu.shape[0]):
        u, pi0, pi1 = mu[j], 0.0, 1.0
        s1, s2 = 0.0j, 0.0j
        for k in range(a.shape[0]):
            n = k + 1
            tau = n * u * pi1 - (n + 1) * pi0
            weight = (2 * n + 1) / (n * (n + 1))
            s1 += weight * (a[k] * pi1 + b[k] * tau)
            s2 += weight * (a[k] * tau + b[k] * pi1)
            pi0, pi1 = pi1, ((2 * n + 1) * u * pi1 - (n + 1) * pi0) / n
        found[j] = abs(s1) ** 2 + abs(s2) ** 2
    return found


def phase_function(x: float, m: complex, mu: F8) -> F8:
    """The phase function at cosines of the angle; its mean over all directions is 1."""
    scattering = efficiencies(x, m)[1]
    return np.asarray(2.0 / (x * x * scattering) * intensities(*coefficients(x, m), mu))


def henyey_greenstein(g: float, mu: F8) -> F8:
    """Their phase function."""
    return np.asarray((1.0 - g * g) / (1.0 + g * g - 2.0 * g * mu) ** 1.5)


def _in_cells(fine: F8) -> F8:
    """Means over the cells between ANGLES."""
    return np.asarray(fine.reshape(-1, ANGLES_INSIDE).mean(1))


def lobe_shares(phase: F8, cosine: float) -> F8:
    """Shares of the lobes that fit a phase function between ANGLES best, in relative terms, with its mean cosine."""
    columns = np.stack([_in_cells(henyey_greenstein(g, FINE)) / _in_cells(phase) for g in LOBES], axis=1)
    held = STIFF * np.array([np.ones(len(LOBES)), LOBES])
    wanted = np.concatenate([np.ones(len(columns)), STIFF * np.array([1.0, min(cosine, LOBES[-1])])])
    shares, _ = nnls(np.concatenate([columns, held]), wanted)
    return np.asarray(shares / shares.sum())


def bin_means(diameters: F8, wavelength: float, m: complex, *, light: bool) -> F8:
    """Mean efficiencies of one size bin, and its lobes: extinction, scattering, backscatter, shares of the lobes."""
    # what is large against the wavelength hardly changes from one size to the next
    diameters = diameters[:: 1 if math.pi * diameters[0] < 5e3 * wavelength else 8 if light else 2]
    table = np.array([efficiencies(math.pi * d / wavelength, m) for d in diameters])
    area = diameters**2 / (diameters**2).sum()
    ext, sca, back = (area[:, None] * table[:, :3]).sum(0)
    if not light:
        return np.array([ext, sca, back, *np.zeros(len(LOBES))])
    cosine = (area * table[:, 1] * table[:, 3]).sum() / sca
    some = diameters[:: max(len(diameters) // SPHERES_OF_LOBES, 1)]
    phase = np.mean([phase_function(min(math.pi * d / wavelength, STEADY_X), m, FINE) for d in some], axis=0)
    return np.array([ext, sca, back, *lobe_shares(phase, cosine)])


def main() -> None:
    """Compute and save every table."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("-o", "--out", type=Path, default=OUT)
    out = parser.parse_args().out
    edges = 10.0 ** (FIRST + np.arange(round(BINS * DECADES) + 1) / BINS)
    inside = (np.arange(SPHERES) + 0.5) / SPHERES
    spheres = edges[:-1, None] * (edges[1:] / edges[:-1])[:, None] ** inside
    tables: dict[str, NDArray[np.float32]] = {}
    for name, indices in INDICES.items():
        rows = [
            [bin_means(d, wavelength, indices[k], light=k < len(WAVELENGTHS_NM)) for d in spheres]
            for k, wavelength in enumerate(WAVELENGTHS_M)
        ]
        tables[name] = np.array(rows, np.float32)
        print(name, "done", flush=True)
    np.savez_compressed(out, edge_m=edges, wavelength_m=WAVELENGTHS_M, **tables)


if __name__ == "__main__":
    main()
