"""The pinhole: rays and projection are inverses, and pixels start at the corner."""

import math

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from simgen.lens import Pinhole


def test_field_of_view_spans_the_edges() -> None:
    lens = Pinhole.from_hfov(640, 480, math.radians(90.0))
    assert lens.fx == pytest.approx(320.0)
    assert lens.hfov_rad == pytest.approx(math.pi / 2)
    edge = lens.project([[-1.0, 0.0, 1.0], [1.0, 0.0, 1.0]])
    np.testing.assert_allclose(edge, [[0.0, 240.0], [640.0, 240.0]], atol=1e-9)


@given(
    u=st.floats(0, 1920), v=st.floats(0, 1080), z=st.floats(0.1, 2000), f=st.floats(200, 4000), cx=st.floats(0, 1920)
)
def test_unproject_then_project_is_the_identity(u: float, v: float, z: float, f: float, cx: float) -> None:
    lens = Pinhole(width=1920, height=1080, fx=f, fy=f, cx=cx, cy=540.0)
    np.testing.assert_allclose(lens.project(lens.unproject([u, v], z)), [u, v], atol=1e-6)


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
