"""The lens in image space against closed forms: cos^4, radial scales, and a halo that loses no light."""

import math

import numpy as np
import pytest
from helpers_camera import even, eye, point

from simgen.rng import stream
from simgen.sensors import _camera_spread as spread
from simgen.sensors._camera_glass import Glass, corner_px, falloff
from simgen.sensors._camera_optics import Optics


def glass(camera, image: np.ndarray) -> np.ndarray:
    return Glass(camera, 0, 1e3, 0, 1).through(np.ascontiguousarray(image, np.float32))


def test_vignetting_is_the_fourth_power_of_the_cosine() -> None:
    # column 99 lies at x = 99.5 - 50 = 49.5: at 30 degrees for this focal length
    focal = 49.5 / math.tan(math.radians(30.0))
    camera = eye(width=100, height=51, hfov_deg=None, focal_px=focal, optics=Optics(vignetting=1.0))
    dim = falloff(camera)
    assert dim[25, 99] == pytest.approx(0.5625, abs=1e-6)
    np.testing.assert_allclose(glass(camera, np.ones((51, 100, 3))), np.repeat(dim[..., None], 3, -1))
    half = falloff(eye(width=100, height=51, hfov_deg=None, focal_px=focal, optics=Optics(vignetting=0.5)))
    assert half[25, 99] == pytest.approx(1.0 - 0.5 * (1.0 - 0.5625), abs=1e-6)


def test_a_meter_sees_what_the_lens_leaves() -> None:
    optics = Optics(vignetting=1.0, corner_loss=0.3)
    dim = falloff(eye(optics=optics)).astype(np.float64)
    darker = float(even(eye(optics=optics)).exposure[0] / even(eye()).exposure[0])
    assert darker == pytest.approx(math.exp(np.log(dim).mean()), rel=1e-5)
    assert darker < 0.9


def test_the_barrel_takes_its_share_at_the_corner() -> None:
    camera = eye(optics=Optics(corner_loss=0.4))
    dim = falloff(camera)
    r = math.hypot(31.5, 23.5) / corner_px(camera)
    assert dim[0, 0] == pytest.approx(1.0 - 0.4 * r**4, abs=1e-6)
    assert dim[24, 32] == pytest.approx(1.0, abs=1e-5)


@pytest.mark.parametrize("shift_px", [3.0, -2.0])
def test_lateral_colour_moves_red_from_the_middle_and_keeps_green(shift_px: float) -> None:
    camera = eye(width=200, height=150, optics=Optics(chromatic_red_px=shift_px))
    y, x = np.mgrid[0:150, 0:200] + 0.5
    spot = np.exp(-0.5 * (((x - 170.0) / 3.0) ** 2 + ((y - 30.0) / 3.0) ** 2))
    seen = glass(camera, np.repeat(spot[..., None], 3, -1))
    np.testing.assert_array_equal(seen[..., 1], spot.astype(np.float32))
    place = [(seen[..., c] * axis).sum() / seen[..., c].sum() for c in (0, 2) for axis in (x, y)]
    scale = 1.0 + shift_px / corner_px(camera)
    np.testing.assert_allclose(place, [100 + 70 * scale, 75 - 45 * scale, 170.0, 30.0], atol=0.02)


@pytest.mark.parametrize("shape", [(48, 64), (45, 67), (121, 203)])
@pytest.mark.parametrize("optics", [{"glare": 0.3, "glare_deg": 2.0}, {"blur_px": 1.3}])
def test_spreading_loses_no_light_and_keeps_an_even_field(shape: tuple[int, int], optics: dict) -> None:
    camera = eye(width=shape[1], height=shape[0], optics=Optics(**optics))
    image = stream(3, "bloom").random((*shape, 3)).astype(np.float32) ** 20 * 1e6
    seen = glass(camera, image)
    np.testing.assert_allclose(seen.sum((0, 1), dtype=np.float64), image.sum((0, 1), dtype=np.float64), rtol=2e-6)
    assert np.abs(seen - image).max() > 1e4
    np.testing.assert_allclose(glass(camera, np.full((*shape, 3), 700.0)), 700.0, rtol=2e-6)


def test_defocus_loses_no_light_and_is_a_disc() -> None:
    image = point(61, 81, (30, 40), 100.0)
    seen = spread.out_of_focus(image, 6.0, 1)
    assert seen.sum() == pytest.approx(300.0, rel=1e-6)
    y, x = np.mgrid[0:61, 0:81]
    r = np.hypot(y - 30, x - 40)
    inside = seen[..., 1] > 1e-6
    assert inside[r <= 5.5].all()
    assert not inside[r >= 6.6].any()
    np.testing.assert_allclose(seen[inside][:, 1], 100.0 / inside.sum(), rtol=1e-6)


@pytest.mark.parametrize("half_px", [5.0, 12.0, 30.0])
def test_half_of_a_halo_lies_within_its_radius(half_px: float) -> None:
    seen = spread.glow(point(401, 401, (200, 200)), half_px, 1)[..., 0]
    y, x = np.mgrid[0:401, 0:401] - 200
    r = np.hypot(y, x)
    assert seen[r <= half_px].sum() == pytest.approx(0.5, abs=0.05)
    # about the same in every direction, and falling all the way
    ring = seen[(r > 2.0 * half_px) & (r < 2.1 * half_px)]
    assert ring.std() / ring.mean() < 0.25
    line = seen[200, 200 : 200 + int(5 * half_px)]
    assert (np.diff(line) < 1e-9).all()


def test_glare_leaves_the_core_its_share() -> None:
    camera = eye(width=201, height=201, optics=Optics(glare=0.1, glare_deg=5.0))
    seen = glass(camera, point(201, 201, (100, 100), 1.0))
    assert 0.9 < seen[100, 100, 0] < 0.905


def test_levels_share_the_light() -> None:
    for sigma in (0.1, 0.7, 3.0, 40.0, 1000.0):
        assert spread.level_weights(sigma, 6).sum() == pytest.approx(1.0, abs=1e-12)


def flared(**optics: float) -> tuple[np.ndarray, np.ndarray]:
    """A picture of a sun off the middle, and what the flare adds to it."""
    image = np.full((200, 300, 3), 100.0, np.float32)
    y, x = np.mgrid[0:200, 0:300] + 0.5
    image[np.hypot(x - 200.0, y - 80.0) < 3.0] = 1e9
    camera = eye(width=300, height=200, optics=Optics(**optics))
    return image, Glass(camera, 0, 1e4, 0, 1).through(image).astype(np.float64) - image


def test_ghosts_lie_on_the_line_through_the_middle_and_have_their_share() -> None:
    image, added = flared(flare=0.01)
    light = 1e9 * (image[..., 0] > 1e8).sum()
    assert added.mean(-1).sum() == pytest.approx(0.01 * light, rel=0.04)
    y, x = np.mgrid[0:200, 0:300] + 0.5
    # the line from the middle (150, 100) to the light (200, 80)
    across = ((x - 150.0) * 20.0 + (y - 100.0) * 50.0) / math.hypot(50.0, 20.0)
    seen = added.mean(-1) > 1e-3 * added.max()
    assert np.abs(across[seen]).max() < 0.075 * 300
    assert abs((across * added.mean(-1)).sum() / added.mean(-1).sum()) < 0.5
    opposite = added.mean(-1)[((x - 150.0) * 50.0 - (y - 100.0) * 20.0) < 0.0].sum()
    assert opposite > 0.5 * added.mean(-1).sum()


@pytest.mark.parametrize(("blades", "count"), [(6, 6), (8, 8), (5, 10)])
def test_rays_are_as_many_as_the_blades_make(blades: int, count: int) -> None:
    image, added = flared(starburst=0.01, blades=blades)
    light = 1e9 * (image[..., 0] > 1e8).sum()
    assert added.mean(-1).sum() == pytest.approx(0.01 * light, rel=0.05)
    angle = np.linspace(0.0, 2.0 * math.pi, 3600, endpoint=False)
    ring = added[(80.0 + 25.0 * np.sin(angle)).astype(int), (200.0 + 25.0 * np.cos(angle)).astype(int), 0]
    bright = ring > 0.3 * ring.max()
    assert (bright & ~np.roll(bright, 1)).sum() == count


def test_nothing_bright_leaves_no_flare() -> None:
    camera = eye(optics=Optics(flare=0.01, starburst=0.01))
    image = np.full((48, 64, 3), 900.0, np.float32)
    np.testing.assert_array_equal(Glass(camera, 0, 1e3, 0, 1).through(image), image)
