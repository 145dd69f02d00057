"""The denoiser: nearer to the truth, same mean, edges stay, pictures without noise stay."""

import numpy as np
import pytest
from helpers_high import capture, finish
from helpers_stage import Part, box, dome, plane, sphere

from simgen.kernels.paths_tables import CLEAR, COLOR, LIT, MET, PLACE, SEEN_COLUMNS, TURNED
from simgen.rng import stream
from simgen.sensors._camera_high import denoised

WIDTH, HEIGHT = 96, 72


def parts() -> list[Part]:
    return [
        Part(mesh=plane(30.0), surface=finish((0.35, 0.33, 0.3))),
        Part(mesh=box((1, 1, 1), (1.2, -0.8, 0.5)), surface=finish((0.7, 0.3, 0.2))),
        Part(mesh=box((0.1, 4, 2.5), (2.5, 0, 1.25)), surface=finish(0.6)),
        Part(mesh=sphere(0.5, (0.8, 0.9, 0.5), 32), surface=finish((0.2, 0.4, 0.7), roughness=0.5)),
    ]


def shoot(samples: int, denoise: bool, name: str = "c") -> np.ndarray:
    frame = capture(
        parts(),
        dome(2000.0, 15_000.0, (-0.3, 0.5, 0.8)),
        (-3, 0.3, 1.6),
        (1, 0, 0.6),
        samples=samples,
        denoise=denoise,
        name=name,
        width=WIDTH,
        height=HEIGHT,
    )
    assert frame.linear is not None
    return np.where(np.isfinite(frame.depth)[..., None], frame.linear, np.nan).astype(float)


def error(picture: np.ndarray, truth: np.ndarray) -> float:
    """Root of the mean square, relative to the truth with a little added, as is usual for pictures of high contrast."""
    return float(np.sqrt(np.nanmean(((picture - truth) / (truth + 0.05 * np.nanmean(truth))) ** 2)))


@pytest.fixture(scope="module")
def truth() -> np.ndarray:
    return shoot(1024, False, "truth")


@pytest.mark.parametrize(("samples", "factor"), [(4, 2.0), (16, 1.7)])
def test_nearer_to_a_reference_of_many_samples(truth: np.ndarray, samples: int, factor: float) -> None:
    noisy, smooth = shoot(samples, False), shoot(samples, True)
    assert error(smooth, truth) < error(noisy, truth) / factor
    assert np.nanmean(smooth) == pytest.approx(np.nanmean(noisy), rel=0.005)
    for y in range(0, HEIGHT, 24):
        block = np.s_[y : y + 24]
        assert np.nanmean(smooth[block]) == pytest.approx(np.nanmean(truth[block]), rel=0.02)


def test_a_picture_without_much_noise_stays(truth: np.ndarray) -> None:
    smooth = shoot(1024, True, "truth")
    assert np.nanmean(np.abs(smooth - truth) / truth) < 0.01


def flat(noise: float = 0.0) -> np.ndarray:
    """A wall 5 m away, grey, evenly lit, with noise; rows as the paths leave them."""
    seen = np.zeros((WIDTH * HEIGHT, SEEN_COLUMNS + 1), np.float32)
    draws = stream(3, "denoise").normal(size=WIDTH * HEIGHT)
    x, y = np.meshgrid(np.linspace(-2, 2, WIDTH), np.linspace(-1.5, 1.5, HEIGHT))
    seen[:, COLOR : COLOR + 3], seen[:, MET] = 0.5, 1.0
    seen[:, TURNED], seen[:, PLACE] = -1.0, 5.0
    seen[:, PLACE + 1], seen[:, PLACE + 2] = x.ravel(), y.ravel()
    seen[:, LIT : LIT + 3] = 100.0 + (noise * draws)[:, None]
    seen[:, SEEN_COLUMNS] = noise**2
    return seen


def smoothed(seen: np.ndarray) -> np.ndarray:
    light = denoised(seen, WIDTH, HEIGHT, np.zeros(3), 5, 1)
    return np.asarray(light[0].reshape(HEIGHT, WIDTH), float) * 0.5


def test_even_noise_goes_and_the_mean_stays() -> None:
    seen = flat(10.0)
    after = smoothed(seen)
    assert after.std() < 10.0 / 5.0
    assert after.mean() == pytest.approx(seen[:, LIT].mean(), rel=2e-3)


@pytest.mark.parametrize("edge", ["normal", "depth", "light"])
def test_edges_stay(edge: str) -> None:
    """Half of the picture turns away, lies farther off, or is darker by more than noise explains."""
    seen = flat(2.0).reshape(HEIGHT, WIDTH, -1)
    right = seen[:, WIDTH // 2 :]
    right[..., LIT : LIT + 3] -= 60.0
    if edge == "normal":
        right[..., TURNED], right[..., TURNED + 1] = -0.7071, 0.7071
    elif edge == "depth":
        right[..., PLACE] += 1.0
    after = smoothed(seen.reshape(-1, SEEN_COLUMNS + 1))
    assert np.abs(after[:, WIDTH // 2 - 1] - 100.0).max() < 2.0
    assert np.abs(after[:, WIDTH // 2] - 40.0).max() < 2.0


def test_without_noise_nothing_changes_and_sky_is_left_alone() -> None:
    seen = flat(0.0).reshape(HEIGHT, WIDTH, -1)
    seen[..., LIT : LIT + 3] += np.linspace(0, 50, WIDTH)[:, None]
    seen[:20] = 0.0
    seen[:20, :, CLEAR : CLEAR + 3] = 900.0
    after = smoothed(seen.reshape(-1, SEEN_COLUMNS + 1))
    np.testing.assert_allclose(after[20:], seen[20:, :, LIT], rtol=1e-3)
    np.testing.assert_array_equal(after[:20], 0.0)


def test_lone_sparks_are_dimmed() -> None:
    """One pixel a hundred times as bright as all around it is a chance hit of some small light."""
    seen = flat(2.0).reshape(HEIGHT, WIDTH, -1)
    seen[30, 40, LIT : LIT + 3] = 10_000.0
    seen[30, 40, SEEN_COLUMNS] = 9e6
    after = smoothed(seen.reshape(-1, SEEN_COLUMNS + 1))
    assert after[25:36, 35:46].max() < 210.0
    assert np.median(after) == pytest.approx(100.0, rel=0.01)
