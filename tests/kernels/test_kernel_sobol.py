"""Sobol pairs: the published sequence underneath, one point in every box, even and fair over seeds."""

import numba
import numpy as np
import pytest
from scipy.stats import qmc

from simgen.kernels import sobol


@numba.njit
def _pairs(count: int, base: int, purpose: int) -> np.ndarray:
    out = np.empty((count, 2))
    for i in range(count):
        out[i, 0], out[i, 1] = sobol.pair(i, np.uint32(base), purpose)
    return out


@numba.njit
def _plain(count: int) -> np.ndarray:
    """The same bits without scrambling."""
    out = np.empty((count, 2))
    for i in range(count):
        out[i, 0] = sobol.reverse(np.uint32(i)) / 4294967296.0
        out[i, 1] = sobol.reverse(sobol._pascal(np.uint32(i))) / 4294967296.0
    return out


def test_bits_underneath_are_sobols() -> None:
    published = qmc.Sobol(2, scramble=False).random(64)
    ours = _plain(64)
    # scipy goes through the same points in the order of Gray's code
    gray = np.arange(64) ^ (np.arange(64) >> 1)
    np.testing.assert_array_equal(ours[gray], published)


@pytest.mark.parametrize("base", [1, 99, 2**31])
def test_every_elementary_box_has_one_point(base: int) -> None:
    points = _pairs(64, base, 3)
    for k in range(7):
        cells = np.floor(points[:, 0] * 2**k) * 2 ** (6 - k) + np.floor(points[:, 1] * 2 ** (6 - k))
        assert len(np.unique(cells)) == 64


def test_fair_over_seeds_and_independent_between_purposes() -> None:
    first = np.array([_pairs(4, base, 0)[1] for base in range(4096)])
    second = np.array([_pairs(4, base, 1)[1] for base in range(4096)])
    for values in (first, second):
        counts = np.histogram2d(values[:, 0], values[:, 1], bins=8, range=((0, 1), (0, 1)))[0]
        # chi-square with 63 degrees of freedom: 103.4 is the 0.1 % point
        assert ((counts - 64.0) ** 2 / 64.0).sum() < 103.4
    mixed = np.corrcoef(np.concatenate([first.T, second.T]))
    assert np.abs(mixed - np.eye(4)).max() < 0.06


def test_integral_converges_faster_than_noise() -> None:
    errors = []
    for count in (64, 1024):
        sums = []
        for base in range(64):
            p = _pairs(count, base, 7)
            sums.append((np.sin(3.0 * p[:, 0]) * p[:, 1] ** 2).mean())
        exact = (1.0 - np.cos(3.0)) / 9.0
        errors.append(np.sqrt(np.mean((np.array(sums) - exact) ** 2)))
    # noise would gain a factor of 4
    assert errors[1] < errors[0] / 10.0
