"""Lens models: rays and projection are inverses, OpenCV agrees where it can, and pixels start at the corner."""

import math
from typing import Any

import cv2
import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from simgen.kernels.jit import device
from simgen.lens import BrownConrady, Equirectangular, KannalaBrandt, Pinhole, Projection, projection_of
from simgen.records.base import F8

FRAME: dict[str, Any] = {"width": 640, "height": 480, "fx": 300.0, "fy": 310.0, "cx": 322.0, "cy": 235.0}
K = np.array([[300.0, 0.0, 322.0], [0.0, 310.0, 235.0], [0.0, 0.0, 1.0]])
BROWN = {"k1": -0.2, "k2": 0.05, "p1": 0.001, "p2": -0.002, "k3": 0.01, "k4": 0.02, "k5": 0.003, "k6": 0.001}
FISHEYE = {"k1": 0.02, "k2": -0.01, "k3": 0.002, "k4": -0.0002}
PANORAMA = Equirectangular(width=640, height=320, fx=320 / math.pi, fy=320 / math.pi, cx=320.0, cy=160.0)
LENSES: list[Projection] = [
    Pinhole(**FRAME),
    BrownConrady(**FRAME, **BROWN),
    BrownConrady(**{**FRAME, "fx": 500.0, "fy": 510.0}, k1=0.3, k2=-0.1, p2=0.01),
    KannalaBrandt(**{**FRAME, "fx": 140.0, "fy": 145.0}, **FISHEYE),
    KannalaBrandt(**{**FRAME, "fx": 110.0, "fy": 110.0}),
    PANORAMA,
    Equirectangular(width=200, height=50, fx=100.0, fy=100.0, cx=90.0, cy=30.0),
]
FORWARD = np.random.default_rng(0).normal(size=(500, 3)) * [1.0, 0.8, 1.0]  # noqa: TID251
FORWARD[:, 2] = np.abs(FORWARD[:, 2]) + 0.4


def test_field_of_view_spans_the_edges() -> None:
    lens = Pinhole.from_hfov(640, 480, math.radians(90.0))
    assert lens.fx == pytest.approx(320.0)
    assert lens.hfov_rad == pytest.approx(math.pi / 2)
    edge = lens.project([[-1.0, 0.0, 1.0], [1.0, 0.0, 1.0]])
    np.testing.assert_allclose(edge, [[0.0, 240.0], [640.0, 240.0]], atol=1e-9)


@pytest.mark.parametrize("lens", LENSES)
@given(across=st.floats(0, 1), down=st.floats(0, 1), distance=st.floats(0.1, 2000))
def test_unproject_then_project_is_the_identity(lens: Projection, across: float, down: float, distance: float) -> None:
    pixel = np.array([across * lens.width * 0.9999, down * lens.height])
    point = lens.unproject(pixel, distance)
    if np.isnan(point).any():
        return
    if lens is not PANORAMA or 1e-3 < down < 1.0 - 1e-3:  # all columns meet in a pole
        np.testing.assert_allclose(lens.project(point), pixel, atol=1e-6)
    size = point[2] if lens.measure == "depth" else math.sqrt(float((point**2).sum()))
    assert size == pytest.approx(distance)


@pytest.mark.parametrize("coefficients", [BROWN, {}, {"k1": 0.1, "k2": 0.02, "p1": 0.003}])
def test_brown_conrady_projects_like_opencv(coefficients: dict[str, float]) -> None:
    lens = BrownConrady(**FRAME, **coefficients)
    expected, _ = cv2.projectPoints(FORWARD, np.zeros(3), np.zeros(3), K, np.array(lens.distortion))
    np.testing.assert_allclose(lens.project(FORWARD), expected[:, 0], atol=1e-6)


@pytest.mark.parametrize("coefficients", [FISHEYE, {}, {"k1": -0.05, "k3": 0.001}])
def test_the_fisheye_projects_like_opencv(coefficients: dict[str, float]) -> None:
    lens = KannalaBrandt(**FRAME, **coefficients)
    tangents = (FORWARD[:, :2] / FORWARD[:, 2:])[:, None]
    expected = cv2.fisheye.distortPoints(tangents, K, np.array(lens.distortion))
    np.testing.assert_allclose(lens.project(FORWARD), expected[:, 0], atol=1e-6)


def test_the_fisheye_sees_behind() -> None:
    lens = KannalaBrandt(**{**FRAME, "fx": 100.0, "fy": 100.0})
    angle = math.radians(130.0)
    point = [math.sin(angle), 0.0, math.cos(angle)]
    np.testing.assert_allclose(lens.project(point), [322.0 + 100.0 * angle, 235.0])
    np.testing.assert_allclose(lens.unproject([322.0 + 100.0 * angle, 235.0], 2.0), 2.0 * np.array(point), atol=1e-12)
    # the image circle ends at 180 degrees
    assert np.isnan(lens.unproject([322.0 + 100.0 * 3.15, 235.0])).all()


def test_the_panorama_is_a_map_of_longitude_and_latitude() -> None:
    ahead, right, behind, down = PANORAMA.project([[0, 0, 1], [1, 0, 0], [0, 0, -1], [0, 1e3, 1e-3]])
    np.testing.assert_allclose([ahead, right], [[320, 160], [480, 160]], atol=1e-9)
    assert behind[0] in (0.0, 640.0 - 1e-9)
    assert down[1] == pytest.approx(320.0, abs=1e-3)
    assert PANORAMA.turn_px == 640.0 or math.isclose(PANORAMA.turn_px, 640.0)


@pytest.mark.parametrize("lens", LENSES)
def test_stored_calibrations_give_the_lens_back(lens: Projection) -> None:
    from simgen.sensors._camera_lens import lens_calibration

    again = projection_of(lens_calibration(lens), lens.K, lens.width, lens.height)
    assert again is not None
    assert again.model == lens.model
    pixels = lens.pixel_centres()[::97]
    np.testing.assert_array_equal(again.unproject(pixels), lens.unproject(pixels))


def test_an_unknown_model_is_no_lens() -> None:
    assert projection_of({"model": "mirror"}, K, 640, 480) is None
    assert projection_of({"model": "pinhole", "distortion": [0.1] * 12}, K, 640, 480) is None


@pytest.mark.parametrize("lens", LENSES)
def test_kernels_see_like_the_models(lens: Projection) -> None:
    from simgen.kernels.lens import fill_rays, image_of

    pixels = (lens.pixel_centres()[::13]).astype(np.float32)
    places = np.zeros((len(pixels), 5), np.float32)
    places[:, :2] = pixels
    fill_rays(0, len(pixels), lens.number, lens.coefficients, places)
    rays = lens.unproject(pixels)
    seen = np.isfinite(rays[:, 0])
    np.testing.assert_allclose(places[seen, 2:], rays[seen], atol=2e-7 * np.abs(rays[seen]).max())
    assert (places[~seen, 2:] == 0.0).all()

    @device
    def project(model: int, c: F8, points: F8, out: F8) -> None:
        for i in range(len(points)):
            u, v, good = image_of(model, c, points[i, 0], points[i, 1], points[i, 2])
            out[i, 0], out[i, 1], out[i, 2] = u, v, good

    points = np.random.default_rng(1).normal(size=(400, 3))  # noqa: TID251
    out = np.zeros((400, 3))
    project(lens.number, lens.coefficients, points, out)
    expected = lens.project(points)
    seen = np.isfinite(expected[:, 0])
    assert (out[:, 2] > 0).tolist() == seen.tolist()
    turn = getattr(lens, "turn_px", 0.0)
    if turn:
        out[:, 0] = np.mod(out[:, 0], turn)
    np.testing.assert_allclose(out[seen, :2], expected[seen], rtol=1e-12, atol=1e-8)


def test_matrix_projects_like_the_function() -> None:
    lens = Pinhole(width=100, height=50, fx=80.0, fy=81.0, cx=49.0, cy=26.0)
    x, y, z = 0.3, -0.2, 2.0
    u, v, w = lens.K[0, 0] * x + lens.K[0, 2] * z, lens.K[1, 1] * y + lens.K[1, 2] * z, z
    np.testing.assert_allclose(lens.project([x, y, z]), [u / w, v / w])


def test_behind_the_camera_is_nowhere() -> None:
    lens = Pinhole.from_hfov(10, 10, 1.0)
    assert np.isnan(lens.project([0.0, 0.0, -1.0])).all()
    assert not lens.inside(lens.project([0.0, 0.0, -1.0]))


def test_inside_is_half_open() -> None:
    lens = Pinhole.from_hfov(4, 3, 1.0)
    assert lens.inside([[0.0, 0.0], [3.999, 2.999], [4.0, 1.0], [1.0, 3.0], [-0.001, 1.0]]).tolist() == [
        True,
        True,
        False,
        False,
        False,
    ]
    assert lens.pixel_centres()[:2].tolist() == [[0.5, 0.5], [1.5, 0.5]]


def camera(**parameters: Any) -> Any:
    from simgen.sensors._camera_lens import Lens
    from simgen.sensors.camera import Camera

    lens = Lens(**parameters.pop("lens", {}))
    return Camera(name="c", width=640, height=480, lens=lens, **parameters)


@pytest.mark.parametrize(
    ("parameters", "reason"),
    [
        ({"hfov_deg": 185.0}, "outside the model: a pinhole lens sees less than 179 degrees"),
        ({"hfov_deg": 180.0, "lens": {"model": "brown_conrady"}}, "outside the model: a brown_conrady lens"),
        ({"focal_px": 0.0}, "a focal length of 0 px is impossible"),
        ({"hfov_deg": 120.0, "lens": {"model": "brown_conrady", "k1": -0.3}}, "can be inverted up to 46.5 degrees"),
        ({"focal_px": 300.0, "lens": {"model": "brown_conrady", "k1": -0.3}}, "not the image's corners"),
        ({"lens": {"model": "kannala_brandt", "k1": -0.2}}, "can be inverted up to 74.0 degrees"),
        ({"focal_px": 150.0, "lens": {"model": "kannala_brandt", "k1": -0.2}}, "stops growing 74.0 degrees off"),
        ({"lens": {"model": "kannala_brandt", "k5": 0.1}}, "a kannala_brandt lens has no coefficient k5"),
        ({"lens": {"model": "pinhole", "max_angle_deg": 60.0}}, "a pinhole has no image circle"),
        (
            {"focal_px": 150.0, "lens": {"model": "kannala_brandt", "k1": -0.2, "max_angle_deg": 80.0}},
            "within max_angle",
        ),
        ({"lens": {"model": "equirectangular"}}, "pass a pole"),
        ({"focal_px": 50.0, "lens": {"model": "equirectangular"}}, "more than a full turn"),
    ],
)
def test_impossible_optics_are_refused_with_the_reason(parameters: dict[str, Any], reason: str) -> None:
    with pytest.raises(ValueError, match=reason):
        camera(**parameters)


@pytest.mark.parametrize(
    ("parameters", "half_deg"),
    [
        ({"hfov_deg": 90.0}, 45.0),
        ({"hfov_deg": 80.0, "lens": {"model": "brown_conrady", "k1": -0.1}}, 40.0),
        ({"hfov_deg": 200.0, "lens": {"model": "kannala_brandt", "k1": 0.01}}, 100.0),
        ({"hfov_deg": 90.0, "lens": {"model": "equirectangular"}}, 45.0),
    ],
)
def test_the_angle_of_view_ends_at_the_edges(parameters: dict[str, Any], half_deg: float) -> None:
    ray = camera(**parameters).projection.unproject([640.0, 240.0])
    assert math.degrees(math.atan2(ray[0], ray[2])) == pytest.approx(half_deg, abs=1e-9)


def test_the_message_says_file_and_line(tmp_path: Any) -> None:
    from simgen.errors import UserError
    from simgen.scenario import load

    path = tmp_path / "wrong.yaml"
    path.write_text(
        "simgen: 1\nname: wrong\nclock: {duration_s: 1}\nworld: empty\nsensors:\n"
        "  - name: eye\n    type: camera\n    hfov_deg: 170\n    lens: {model: brown_conrady, k1: -0.3}\n"
        "    mount: {on: world}\n"
    )
    with pytest.raises(UserError, match=r"wrong\.yaml:8:15: .*outside the model.*46\.5 degrees off the axis"):
        load(path)
