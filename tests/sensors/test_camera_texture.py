"""Procedural textures: anchored, even on average, and gone before they are finer than a pixel."""

import itertools

import numba
import numpy as np
import pytest

from simgen.kernels import texture
from simgen.records.mesh import TEXTURES


@numba.njit
def _looks(kind: int, scale: float, points: np.ndarray, normal: np.ndarray, footprint: float) -> np.ndarray:
    out = np.empty((len(points), 5))
    for i in range(len(points)):
        p = points[i]
        out[i] = np.array(texture.look(kind, scale, p[0], p[1], p[2], normal[0], normal[1], normal[2], footprint))
    return out


@numba.njit
def _hashes(count: int) -> np.ndarray:
    out = np.empty((count, count))
    for i in range(count):
        for j in range(count):
            out[i, j] = texture.hash3(i - count // 2, j - count // 2, 7)
    return out


@numba.njit
def _stripes(x: np.ndarray, low: float, high: float, width: float) -> np.ndarray:
    out = np.empty(len(x))
    for i in range(len(x)):
        out[i] = texture.stripe(x[i], low, high, width)
    return out


UP, WALL = np.array([0.0, 0.0, 1.0]), np.array([0.0, -1.0, 0.0])


def grid(count: int, step: float) -> np.ndarray:
    a, b = np.meshgrid(np.arange(count) * step, np.arange(count) * step)
    return np.stack([a.ravel(), np.zeros(a.size), b.ravel()], -1)


def test_hash_is_uniform_and_uncorrelated() -> None:
    h = _hashes(256)
    counts = np.histogram(h, 32, (0, 1))[0]
    expected = h.size / 32
    # chi-square with 31 degrees of freedom: 61.1 is the 0.1 % point
    assert ((counts - expected) ** 2 / expected).sum() < 61.1
    for a, b in ((h[1:], h[:-1]), (h[:, 1:], h[:, :-1])):
        assert abs(np.corrcoef(a.ravel(), b.ravel())[0, 1]) < 0.02


def test_stripe_is_the_box_filter() -> None:
    x = np.linspace(-3, 3, 301)
    for width in (0.01, 0.3, 0.9):
        fine = np.linspace(-0.5, 0.5, 2001) * width
        inside = ((x[:, None] + fine) % 1.0 >= 0.2) & ((x[:, None] + fine) % 1.0 < 0.5)
        np.testing.assert_allclose(_stripes(x, 0.2, 0.5, width), inside.mean(1), atol=2e-3)
    np.testing.assert_allclose(_stripes(x, 0.2, 0.5, 4.0), 0.3)


@pytest.mark.parametrize("name", TEXTURES)
def test_far_away_a_texture_is_its_mean(name: str) -> None:
    kind, normal = TEXTURES.index(name), WALL if name in ("facade", "brick") else UP
    points = grid(60, 0.137) if normal is WALL else grid(60, 0.137)[:, [0, 2, 1]]
    far, near = _looks(kind, 1.0, points, normal, 50.0), _looks(kind, 1.0, points, normal, 1e-4)
    assert np.ptp(far[:, :3], axis=0).max() < 0.02
    np.testing.assert_allclose(near[:, :3].mean(0), far[:, :3].mean(0), atol=0.06)
    if name != "plain":
        assert near[:, 0].std() > 0.01
    assert near[:, :3].min() >= 0.0


@pytest.mark.parametrize("name", ["asphalt", "grass", "concrete", "brick", "facade", "wood"])
def test_contrast_only_falls_with_distance(name: str) -> None:
    kind = TEXTURES.index(name)
    points = grid(50, 0.0613)
    contrast = [_looks(kind, 1.0, points, WALL, f)[:, 0].std() for f in (1e-3, 0.02, 0.2, 3.0)]
    assert all(b <= a * 1.02 + 1e-9 for a, b in itertools.pairwise(contrast))


def test_windows_are_smooth_and_a_zone_of_their_own() -> None:
    out = _looks(TEXTURES.index("facade"), 3.0, np.array([[1.2, 0.0, 1.6], [0.1, 0.0, 0.1]]), WALL, 0.01)
    assert out[0, 3] < 0.1
    assert out[0, 4] == 1
    assert out[1, 3] < 0.0
    assert out[1, 4] == 0
