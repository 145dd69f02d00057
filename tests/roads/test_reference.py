"""Reference lines, profiles and fillets against closed forms."""

from __future__ import annotations

import numpy as np
import pytest
from scipy.special import fresnel

from simgen.roads import Cubic, ParamPoly3, Poly3, Profile, ReferenceLine, Straight, chain, rounded
from simgen.roads.corners import fillet, mean_value_heights


def test_a_straight_and_an_arc_are_what_they_say() -> None:
    line = chain((3.0, 4.0), 0.3, [(10.0, 0.0, 0.0), (20.0, 0.05, 0.05)])
    x, y, heading, curvature = line.at(np.array([0.0, 10.0, 30.0]))
    assert (x[1], y[1]) == pytest.approx((3.0 + 10.0 * np.cos(0.3), 4.0 + 10.0 * np.sin(0.3)))
    center = np.array([x[1] - 20.0 * np.sin(0.3), y[1] + 20.0 * np.cos(0.3)])
    assert np.hypot(x[2] - center[0], y[2] - center[1]) == pytest.approx(20.0, abs=1e-12)
    assert heading[2] == pytest.approx(1.3)
    assert curvature.tolist() == pytest.approx([0.0, 0.05, 0.05])


@pytest.mark.parametrize(("length", "end"), [(40.0, 0.02), (120.0, -0.05), (300.0, 0.1)])
def test_a_clothoid_is_the_integral_of_fresnel(length: float, end: float) -> None:
    line = chain((0.0, 0.0), 0.0, [(length, 0.0, end)])
    s = np.linspace(0.0, length, 41)
    x, y, heading, curvature = line.at(s)
    a = np.sqrt(np.pi * length / abs(end))
    sine, cosine = fresnel(s / a)
    np.testing.assert_allclose(x, a * cosine, atol=1e-9)
    np.testing.assert_allclose(y, np.sign(end) * a * sine, atol=1e-9)
    np.testing.assert_allclose(heading, 0.5 * end * s * s / length, atol=1e-12)
    np.testing.assert_allclose(curvature, end * s / length, atol=1e-12)


def test_a_clothoid_between_two_curvatures_is_the_end_of_a_longer_one() -> None:
    whole = chain((0.0, 0.0), 0.0, [(90.0, 0.0, 0.03)])
    part = whole.cut(30.0, 90.0)
    s = np.linspace(0.0, 60.0, 13)
    np.testing.assert_allclose(np.array(part.at(s)), np.array(whole.at(s + 30.0)), atol=1e-10)


def test_cubics_keep_their_arc_length() -> None:
    poly = Poly3(length_m=25.0, v=(0.0, 0.0, 0.02, -0.0004))
    fine = np.linspace(0.0, 25.0, 20001)
    x, y, heading, curvature = poly.at(fine)
    step = np.hypot(np.diff(x), np.diff(y))
    np.testing.assert_allclose(step, fine[1], rtol=1e-6)
    np.testing.assert_allclose(y, 0.02 * x**2 - 0.0004 * x**3, atol=1e-9)
    np.testing.assert_allclose(np.gradient(heading, fine)[1:-1], curvature[1:-1], atol=1e-6)


def test_parametric_cubics_run_evenly_in_their_parameter() -> None:
    curve = ParamPoly3(
        x=1.0, y=2.0, heading_rad=np.pi / 2, length_m=10.0, u=(0.0, 10.0, 0.0, 0.0), v=(0.0, 0.0, 3.0, -2.0)
    )
    x, y, heading, _ = curve.at(np.array([0.0, 5.0, 10.0]))
    np.testing.assert_allclose(x, 1.0 - np.array([0.0, 0.75 - 0.25, 1.0]), atol=1e-12)
    np.testing.assert_allclose(y, 2.0 + np.array([0.0, 5.0, 10.0]), atol=1e-12)
    assert heading[0] == pytest.approx(np.pi / 2)


def test_beyond_its_ends_a_line_goes_on_straight() -> None:
    line = chain((0.0, 0.0), 0.0, [(50.0, 0.0, 0.02)])
    a, b = (np.array(line.at(s)) for s in (50.0, 60.0))
    assert np.hypot(*(b - a)[:2]) == pytest.approx(10.0)
    assert b[2] == a[2]


def test_corners_are_rounded_with_their_radius() -> None:
    line = rounded([(0.0, 0.0), (50.0, 0.0), (50.0, 40.0)], 12.0)
    x, y, heading, curvature = line.at(np.linspace(0.0, line.length, 200))
    assert (x[-1], y[-1]) == pytest.approx((50.0, 40.0))
    assert curvature.max() == pytest.approx(1.0 / 12.0)
    assert heading[-1] == pytest.approx(np.pi / 2)
    assert line.length == pytest.approx(90.0 - 24.0 + 0.5 * np.pi * 12.0)


def test_profiles_go_through_their_knots_and_on_straight() -> None:
    profile = Profile.through([0.0, 40.0, 100.0], [1.0, 3.0, 0.0])
    np.testing.assert_allclose(profile.at([0.0, 40.0, 100.0]), [1.0, 3.0, 0.0], atol=1e-12)
    s = np.linspace(0.0, 100.0, 2001)
    np.testing.assert_allclose(np.gradient(profile.at(s), s)[1:-1], profile.slope(s)[1:-1], atol=2e-3)
    assert profile.at(110.0) == pytest.approx(float(profile.at(100.0)) + 10.0 * float(profile.slope(100.0)))
    np.testing.assert_allclose(profile.cut(40.0).at([0.0, 20.0]), profile.at([40.0, 60.0]), atol=1e-12)


def test_a_cubic_moved_along_is_the_same_curve() -> None:
    cubic = Cubic(1.0, 0.2, -0.03, 0.004)
    s = np.linspace(0.0, 10.0, 11)
    np.testing.assert_allclose(cubic.moved(3.0).at(s), cubic.at(s + 3.0), atol=1e-12)
    ease = Cubic.ease(2.0, 5.0, 30.0)
    assert ease.at([0.0, 15.0, 30.0]).tolist() == pytest.approx([2.0, 3.5, 5.0])
    assert ease.slope([0.0, 30.0]).tolist() == pytest.approx([0.0, 0.0])


def test_a_fillet_touches_both_lines() -> None:
    line = fillet(np.array([-20.0, -4.0]), np.array([1.0, 0.0]), np.array([-4.0, -20.0]), np.array([0.0, -1.0]), 6.0)
    arc = line[1:-1]
    np.testing.assert_allclose(np.hypot(*(arc - np.array([-10.0, -10.0])).T), 6.0, atol=1e-12)
    assert arc[0].tolist() == pytest.approx([-10.0, -4.0])
    assert arc[-1].tolist() == pytest.approx([-4.0, -10.0])


def test_heights_of_a_junction_reproduce_planes_and_run_evenly_along_the_rim() -> None:
    rim = np.array([[0.0, 0.0], [10.0, -2.0], [14.0, 8.0], [6.0, 6.0], [-1.0, 9.0]])
    plane = 2.0 + 0.05 * rim[:, 0] - 0.03 * rim[:, 1]
    inside = np.array([[4.0, 3.0], [10.0, 3.0], [1.0, 6.0], [5.0, -1.0], [10.0, -2.0]])
    z = mean_value_heights(np.concatenate([rim, plane[:, None]], 1), inside)
    np.testing.assert_allclose(z, 2.0 + 0.05 * inside[:, 0] - 0.03 * inside[:, 1], atol=1e-9)
    bumpy = np.array([0.0, 1.0, 0.0, 0.0, 0.0])
    on_edge = mean_value_heights(np.concatenate([rim, bumpy[:, None]], 1), np.array([[2.5, -0.5]]))
    assert on_edge[0] == pytest.approx(0.25)


def test_stations_follow_the_bends() -> None:
    line = chain((0.0, 0.0), 0.0, [(100.0, 0.0, 0.0), (30.0, 0.1, 0.1)])
    s = line.stations(8.0, 0.06, [55.5])
    assert 55.5 in s
    assert np.diff(s).min() > 0.3
    assert np.diff(s).max() <= 8.01
    turn = np.diff(line.at(s)[2])
    assert turn.max() < 0.075


def test_an_empty_line_is_refused() -> None:
    with pytest.raises(ValueError, match="longer than nothing"):
        ReferenceLine((Straight(length_m=0.0),))
