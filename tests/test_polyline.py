"""Polylines: lengths, places and offsets against closed forms; projections undo sampling."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from simgen.polyline import Polyline, arc, inside_polygon, polygon_area

CORNER = Polyline([(0.0, 0.0), (10.0, 0.0), (10.0, 5.0)])


def test_length_is_measured_on_the_map() -> None:
    assert Polyline([(0, 0, 0), (3, 4, 12)]).length == 5.0
    assert CORNER.length == 15.0


def test_samples_lie_on_the_line_and_beyond_its_ends_straight_on() -> None:
    line = Polyline([(0, 0, 1), (10, 0, 3)])
    np.testing.assert_allclose(line.at([-2.0, 5.0, 12.0]), [(-2, 0, 1), (5, 0, 2), (12, 0, 3)])


def test_lateral_is_to_the_left() -> None:
    np.testing.assert_allclose(Polyline([(0, 0), (10, 0)]).at(4.0, 2.0), (4, 2, 0), atol=1e-12)


def test_an_offset_keeps_its_distance_round_a_corner() -> None:
    inside = CORNER.offset(1.0)
    np.testing.assert_allclose(inside.points[1, :2], (9.0, 1.0), atol=1e-12)
    _, lateral = CORNER.closest(inside.points[1])
    assert abs(float(lateral) - 1.0) < 1e-12


def test_an_arc_has_the_length_and_the_heading_of_a_circle() -> None:
    line = Polyline(arc((0.0, 0.0), 20.0, -0.5 * np.pi, 0.5 * np.pi, 400))
    assert abs(line.length - 20.0 * np.pi) < 1e-3
    np.testing.assert_allclose(line.heading(np.array([0.0, 10 * np.pi, 20 * np.pi])), [0, np.pi / 2, np.pi], atol=5e-3)


def test_headings_never_jump_by_a_turn() -> None:
    line = Polyline(arc((0.0, 0.0), 5.0, 0.0, 3.5 * np.pi, 200))
    assert float(np.abs(np.diff(line.headings())).max()) < 0.1


@settings(max_examples=60, deadline=None)
@given(st.floats(0.3, 14.7), st.floats(-0.9, 0.9))
def test_projection_undoes_sampling(s: float, lateral: float) -> None:
    # near the corner a point may be closer to the other leg
    if abs(s - 10.0) < 1.0:
        return
    found_s, found_lateral = Polyline(CORNER.points).closest(
        CORNER.cut(0, 10).at(s, lateral) if s < 10 else CORNER.cut(10, 15).at(s - 10.0, lateral)
    )
    assert abs(float(found_s) - s) < 1e-9
    assert abs(float(found_lateral) - lateral) < 1e-9


def test_resampling_is_even_and_keeps_the_ends() -> None:
    line = CORNER.resample(0.7)
    np.testing.assert_allclose(line.points[[0, -1], :2], [(0, 0), (10, 5)])
    assert np.diff(line.s).max() < 0.7 + 1e-9


def test_a_cut_keeps_corners_and_heights() -> None:
    part = Polyline([(0, 0, 0), (10, 0, 1), (10, 5, 2)]).cut(5.0, 12.5)
    np.testing.assert_allclose(part.points, [(5, 0, 0.5), (10, 0, 1), (10, 2.5, 1.5)])


def test_reversing_turns_the_heading() -> None:
    assert abs(float(CORNER.reversed().heading(0.0))) == pytest.approx(np.pi / 2)


def test_one_point_is_no_line() -> None:
    with pytest.raises(ValueError, match="two different points"):
        Polyline([(1.0, 1.0), (1.0, 1.0)])


def test_area_and_inside_of_a_concave_polygon() -> None:
    shape = np.array([(0, 0), (4, 0), (4, 4), (2, 1), (0, 4)], float)
    assert polygon_area(shape) == pytest.approx(10.0)
    assert polygon_area(shape[::-1]) == pytest.approx(-10.0)
    np.testing.assert_array_equal(inside_polygon(shape, [(1, 1), (2, 2), (5, 1), (3.8, 3)]), [True, False, False, True])
