"""Pictures on surfaces through a camera: the right way up, in linear light, filtered by what a pixel covers."""

import math

import numpy as np
import pytest
from helpers_stage import Bench, Part, dome, mesh_of, plane, track

from simgen.assets._pictures import linear_of, picture_of
from simgen.geometry import look_at
from simgen.records.frames import CameraFrame
from simgen.records.mesh import Mesh, Surface
from simgen.records.picture import Skin
from simgen.rng import stream
from simgen.sensors.camera import Camera

LUX = 100_000.0


def board(repeat: float = 1.0) -> Mesh:
    """A square of 2 m that faces -x, so that a camera at -x sees +y to the left."""
    v = [(0, 1, -1), (0, -1, -1), (0, -1, 1), (0, 1, 1)]
    mesh = mesh_of(v, [(-1, 0, 0)] * 4, [(0, 1, 2), (0, 2, 3)])
    return mesh.replace(uv=np.array([[0, 0], [repeat, 0], [repeat, repeat], [0, repeat]], np.float32))


def rgba(color: np.ndarray) -> np.ndarray:
    return np.concatenate([color, np.full((*color.shape[:2], 1), 255, np.uint8)], -1)


def capture(mesh: Mesh, skin: Skin | None, distance: float, **fields: object) -> CameraFrame:
    """Seen straight on by a camera whose sun is behind it, in linear light as shares of a white board's."""
    surface = Surface(**{"class_name": "object", "roughness": 1.0, "skin": skin, **fields})
    cam = Camera(name="c", width=96, height=96, hfov_deg=50.0, outputs=("linear",), antialias=0)
    with Bench([Part(mesh=mesh, surface=surface)], dome(0.0, LUX, (-1.0, 0.0, 0.0)), None) as bench:
        return cam.capture(bench.shot(track((-distance, 0, 0), look_at((-distance, 0, 0), (0, 0, 0)))))


def shares(frame: CameraFrame) -> np.ndarray:
    return np.asarray(frame.linear) * math.pi / LUX


def test_a_picture_stands_upright_and_is_linear() -> None:
    image = np.zeros((64, 64, 3), np.uint8)
    image[:32, :32], image[:32, 32:], image[32:, :32], image[32:, 32:] = (
        (200, 0, 0),
        (0, 200, 0),
        (0, 0, 200),
        (90,) * 3,
    )
    seen = shares(capture(board(), Skin(color=picture_of("p", rgba(image), srgb=True)), 3.0))
    bright, grey = linear_of(np.array([200, 90], np.uint8))
    np.testing.assert_allclose(seen[32, 32], [bright, 0, 0], atol=1e-3)
    np.testing.assert_allclose(seen[32, 64], [0, bright, 0], atol=1e-3)
    np.testing.assert_allclose(seen[64, 32], [0, 0, bright], atol=1e-3)
    np.testing.assert_allclose(seen[64, 64], grey, atol=1e-3)


def test_tint_multiplies_a_picture() -> None:
    image = np.full((8, 8, 3), 188, np.uint8)
    seen = shares(capture(board(), Skin(color=picture_of("p", rgba(image), srgb=True), tint=(0.5, 1.0, 0.25)), 3.0))
    np.testing.assert_allclose(seen[48, 48], linear_of(np.uint8([188]))[0] * np.array([0.5, 1.0, 0.25]), rtol=1e-3)


def test_between_texels_light_is_interpolated() -> None:
    """A ramp in linear light stays one: four texels, weighted by nearness."""
    ramp = np.repeat(np.array([0, 255], np.uint8)[None, :, None], 3, -1)
    seen = shares(capture(board(), Skin(color=picture_of("p", rgba(np.repeat(ramp, 2, 0)), srgb=True)), 2.0))[48, :, 0]
    x = (np.arange(96) + 0.5 - 48) / 48 * math.tan(math.radians(25)) * 2.0
    expected = np.clip(0.5 + x, 0.0, 1.0)
    inside = np.abs(x) < 0.45
    np.testing.assert_allclose(seen[inside], expected[inside], atol=0.01)


def test_far_pictures_are_their_mean_and_do_not_flicker() -> None:
    """Noise of 1.5 mm: its contrast falls with distance to nothing, its mean stays."""
    image = stream(3, "test").integers(0, 256, (128, 128, 1)).astype(np.uint8)
    skin = Skin(color=picture_of("p", rgba(np.repeat(image, 3, -1)), srgb=True))
    mean = float(linear_of(image).mean())
    contrast = []
    for distance in (0.4, 2.0, 8.0, 30.0):
        seen = shares(capture(board(10.0), skin, distance))
        middle = seen[46:50, 46:50, 0] if distance > 8.0 else seen[40:56, 40:56, 0]
        contrast.append(float(middle.std()))
        if distance > 1.0:
            assert float(middle.mean()) == pytest.approx(mean, rel=0.08)
    assert contrast[0] > 0.05
    assert contrast[1] < 0.08
    assert contrast[3] < 0.02
    assert contrast[0] > contrast[1] > contrast[2] >= contrast[3]


def test_a_picture_of_gloss_makes_a_mirror_of_a_part() -> None:
    finish = np.full((16, 16, 4), 255, np.uint8)
    finish[..., 2] = 0
    finish[:, :8, 1] = 20
    skin = Skin(finish=picture_of("f", finish, srgb=False), gloss=(1.0, 1.0))
    seen = shares(capture(board(), skin, 3.0, base_color=(0.2, 0.2, 0.2)))[48, :, 0]
    assert seen[64] == pytest.approx(0.2, rel=0.02), "the rough half is matt"
    # the sun stands behind the camera: the smooth half mirrors it straight back, near the middle
    assert seen[44:48].max() > 5.0 * seen[64]


def test_a_picture_shines() -> None:
    image = np.zeros((16, 16, 3), np.uint8)
    image[:8] = 255
    skin = Skin(glow=picture_of("g", rgba(image), srgb=True))
    frame = capture(board(), skin, 3.0, base_color=(0.0, 0.0, 0.0), emission=(500.0, 250.0, 0.0))
    np.testing.assert_allclose(frame.linear[32, 48], [500.0, 250.0, 0.0], atol=1.0)
    np.testing.assert_allclose(frame.linear[64, 48], 0.0, atol=1.0)


def test_scenes_without_pictures_have_no_coordinates() -> None:
    with Bench([Part(mesh=plane(5.0))], dome(1000.0), None) as bench:
        stage = bench.shot(track((0, 0, 2), look_at((0, 0, 2), (1, 0, 0)))).surroundings.stage
    assert stage.uv is None
    assert len(stage.surfaces.texels) == 0


@pytest.mark.parametrize(("texture", "lit"), [("foliage", True), ("plain", False)])
def test_leaves_let_light_through(texture: str, lit: bool) -> None:
    """Seen from below at a flat angle, under a sun overhead: a leaf glows, anything else is black."""
    leaf = Surface(class_name="vegetation", base_color=(0.5, 0.5, 0.5), roughness=1.0, texture=texture)
    cam = Camera(name="c", width=32, height=32, hfov_deg=10.0, outputs=("linear",), antialias=0, exposure_ev=14.0)
    with Bench([Part(mesh=plane(20.0), surface=leaf)], dome(0.0, LUX, (0.0, 0.0, 1.0)), None) as bench:
        frame = cam.capture(bench.shot(track((-6, 0, -3), look_at((-6, 0, -3), (0, 0, 0)))))
    mean = float(shares(frame).mean())
    assert (mean > 0.1) == lit
    assert mean < 0.5
