"""Procedural textures: anchored, even on average, and gone before they are finer than a pixel."""

import itertools

import numba
import numpy as np
import pytest

from simgen.kernels import texture, texture_noise, texture_wall
from simgen.records.mesh import TEXTURES
from simgen.rng import stream


@numba.njit
def _looks(kind: int, scale: float, points: np.ndarray, normal: np.ndarray, footprint: float) -> np.ndarray:
    out = np.empty((len(points), 9))
    for i in range(len(points)):
        p = points[i]
        out[i] = np.array(texture.look(kind, scale, p[0], p[1], p[2], normal[0], normal[1], normal[2], footprint))
    return out


@numba.njit
def _hashes(count: int) -> np.ndarray:
    out = np.empty((count, count))
    for i in range(count):
        for j in range(count):
            out[i, j] = texture_noise.hash3(i - count // 2, j - count // 2, 7)
    return out


@numba.njit
def _stripes(x: np.ndarray, low: float, high: float, width: float) -> np.ndarray:
    out = np.empty(len(x))
    for i in range(len(x)):
        out[i] = texture_noise.stripe(x[i], low, high, width)
    return out


@numba.njit
def _stones(x: np.ndarray) -> np.ndarray:
    out = np.empty((len(x), 4))
    for i in range(len(x)):
        out[i] = np.array(texture_noise.stones(x[i], 0.71 * x[i], 3))
    return out


@numba.njit
def _noise(points: np.ndarray) -> np.ndarray:
    out = np.empty((len(points), 3))
    for i in range(len(points)):
        out[i] = np.array(texture_noise.noise_slope(points[i, 0], points[i, 1], 3))
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


def of(name: str, count: int, step: float, footprint: float) -> np.ndarray:
    """What a texture does on a patch that suits it, (count, count, 9); cells of 1 m, cloth and flakes finer."""
    wall, points = name in UPRIGHT, grid(count, step)
    points = points if wall else points[:, [0, 2, 1]]
    scale = FINE.get(name, 1.0)
    return _looks(TEXTURES.index(name), scale, points, WALL if wall else UP, footprint).reshape(count, count, 9)


UPRIGHT = ("facade", "brick", "paint", "bark")
FINE = {"fabric": 0.01, "flake": 0.0008}
FOOTPRINTS = (1e-3, 0.01, 0.05, 0.2, 1.0, 50.0)


@pytest.mark.parametrize("name", [n for n in TEXTURES if n != "facade"])
def test_a_large_patch_has_the_base_colour_at_any_distance(name: str) -> None:
    """No texture makes its surface darker or brighter, near or far: within 3 % of the base colour."""
    for footprint in FOOTPRINTS:
        mean = of(name, 600, 0.0613 if footprint < 0.5 else 1.37, footprint)[..., :3].mean((0, 1))
        np.testing.assert_allclose(mean, 1.0, atol=0.03, err_msg=f"{name} at {footprint} m")


def test_a_facade_keeps_its_mean_though_windows_darken_it() -> None:
    means = [of("facade", 600, 0.0613 if f < 0.5 else 1.37, f)[..., :3].mean((0, 1)) for f in FOOTPRINTS]
    np.testing.assert_allclose(means, np.broadcast_to(means[-1], (len(means), 3)), atol=0.03)
    assert 0.8 < means[-1].mean() < 0.9


@pytest.mark.parametrize("name", TEXTURES[1:])
def test_far_away_nothing_is_left_but_the_mean(name: str) -> None:
    far, near = of(name, 60, 0.137, 50.0), of(name, 300, 0.0137, 1e-4)
    assert np.ptp(far[..., :3], axis=(0, 1)).max() < 0.001
    assert not far[..., 6:].any(), "no relief either"
    assert 0.01 < near[..., 0].std() < 0.45
    assert near[..., :3].min() >= 0.0
    assert np.sqrt((near[..., 6:] ** 2).sum(-1).mean()) < 0.5, "a relief whose slopes stay below 27 degrees or so"


@pytest.mark.parametrize("name", TEXTURES[1:])
def test_contrast_only_falls_with_distance(name: str) -> None:
    contrast = [of(name, 200, 0.0613, f)[..., 0].std() for f in FOOTPRINTS]
    assert all(b <= a * 1.03 + 1e-9 for a, b in itertools.pairwise(contrast))


@pytest.mark.parametrize("name", TEXTURES[1:])
def test_pixels_that_touch_look_alike(name: str) -> None:
    """Band-limited: half a pixel aside, a texture differs by less than its whole contrast would."""
    for footprint in (0.003, 0.02, 0.1):
        size = footprint * FINE.get(name, 1.0) / 0.01 if name in FINE else footprint
        out = of(name, 200, 0.5 * size, size)[..., 1]
        step = np.sqrt(0.5 * ((np.diff(out, axis=0) ** 2).mean() + (np.diff(out, axis=1) ** 2).mean()))
        assert step <= 0.9 * out.std() + 1e-9, f"{name} at {footprint} m"


def test_every_texture_is_the_same_every_time() -> None:
    for name in TEXTURES:
        np.testing.assert_array_equal(of(name, 50, 0.037, 0.01), of(name, 50, 0.037, 0.01))


def test_stones_lie_close_and_have_shades_of_their_own() -> None:
    out = _stones(np.arange(0.0, 900.0, 0.037))
    assert out[:, 0].min() < -0.9
    assert out[:, 0].max() > 0.9
    assert abs(out[:, 0].mean()) < 0.05
    assert out[:, 1].min() >= 0.0
    # the nearest middle is nowhere farther than a cell's diagonal
    assert np.hypot(out[:, 2], out[:, 3]).max() < 1.0


def test_a_slope_is_the_derivative_of_its_noise() -> None:
    points = stream(0, "test").uniform(-20, 20, (200, 2))
    h = 1e-5
    there = _noise(points)
    for axis in range(2):
        move = np.zeros(2)
        move[axis] = h
        slope = (_noise(points + move)[:, 0] - _noise(points - move)[:, 0]) / (2 * h)
        np.testing.assert_allclose(there[:, 1 + axis], slope, atol=1e-5)


def test_windows_are_smooth_and_a_zone_of_their_own() -> None:
    out = _looks(TEXTURES.index("facade"), 3.0, np.array([[1.2, 0.0, 1.6], [0.1, 0.0, 0.1]]), WALL, 0.01)
    assert out[0, 3] < 0.1
    assert out[0, 4] == 1
    assert out[1, 3] < 0.0
    assert out[1, 4] == 0


def test_some_windows_are_lit_and_no_wall_is() -> None:
    out = of("facade", 400, 0.0413, 1e-3)
    glass = out[..., 4] == 1
    assert not out[out[..., 4] == 0][:, 5].any()
    lit = (out[glass][:, 5] > 0.0).mean()
    assert lit == pytest.approx(texture_wall.LIT_SHARE, abs=0.06)
    far = of("facade", 20, 3.1, 50.0)[..., 5]
    assert np.ptp(far) < 1e-6
    assert far.mean() == pytest.approx(out[..., 5].mean(), rel=0.1), "a far town is as bright as a near one"


@pytest.mark.parametrize("turn_deg", [0.0, 45.0, 90.0, 135.0])
def test_courses_run_level_whatever_way_a_wall_faces(turn_deg: float) -> None:
    """A step along the wall within its course changes nothing but the brick; bricks are as long as on any other."""
    a = np.radians(turn_deg)
    along, out = np.array([-np.sin(a), np.cos(a), 0.0]), np.array([np.cos(a), np.sin(a), 0.0])
    s = np.arange(0.0, 20.0, 0.005)
    line = _looks(TEXTURES.index("brick"), 1.0, along * s[:, None] + [0, 0, 1.5 / 13], out, 1e-3)
    joint = line[:, 2] > 1.3
    bricks = (np.diff(joint.astype(int)) == 1).sum()
    assert bricks == pytest.approx(80, abs=2)
