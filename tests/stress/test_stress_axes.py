"""The cube that is searched: shares, boxes, and axes that hang on options."""

from __future__ import annotations

import numpy as np
import pytest

from simgen.rng import stream
from simgen.scenario import loads, space_of
from simgen.stress.axes import Axis, Box, Cube

CUBE = Cube(axes=(Axis(name="a"), Axis(name="kind", weights=(0.5, 0.3, 0.2)), Axis(name="b", when=((1, 1),))))


def test_shares_are_products_and_a_hanging_axis_brings_its_option_along() -> None:
    assert CUBE.volume(Box()) == 1.0
    assert CUBE.volume(Box(intervals={0: (0.25, 0.75)}, sets={1: frozenset((0, 2))})) == pytest.approx(0.5 * 0.7)
    assert CUBE.volume(Box(intervals={2: (0.0, 0.5)})) == pytest.approx(0.3 * 0.5)
    assert CUBE.volume(Box(intervals={2: (0.0, 0.5)}, sets={1: frozenset((0,))})) == 0.0


def test_shares_are_those_of_random_points() -> None:
    points = np.array([CUBE.point(u) for u in stream(1, "test").random((20000, 3))])
    for box in (Box(intervals={0: (0.1, 0.4), 2: (0.3, 1.0)}), Box(sets={1: frozenset((1, 2))})):
        assert box.contains(points).mean() == pytest.approx(CUBE.volume(box), abs=0.01)


def test_overlap() -> None:
    one, other = Box(intervals={0: (0.0, 0.6)}), Box(intervals={0: (0.4, 1.0)})
    assert CUBE.overlap(one, other) == pytest.approx(0.2)
    assert CUBE.overlap(one, one) == pytest.approx(1.0)
    assert CUBE.overlap(one, Box(intervals={0: (0.7, 0.9)})) == 0.0


def test_missing_coordinates_are_in_no_bounds() -> None:
    points = np.array([[0.5, 0.0, np.nan], [0.5, 1.0, 0.2]])
    assert Box(intervals={2: (0.0, 0.5)}).contains(points).tolist() == [False, True]
    assert Box().contains(points).all()


def test_a_scene_becomes_a_cube() -> None:
    text = """simgen: 1
world: empty
weather: [{choice: [{type: fog, visibility_m: {uniform: [50, 90]}}, {type: rain, rate_mm_h: 5}], weights: [1, 3]}]
objects: [{name: box, asset: box, count: {integer: [1, 4]}, place: {at_m: [{uniform: [1, 2]}, 0]}}]
"""
    cube = Cube.of(space_of(loads(text, "s.yaml")))
    assert [axis.name for axis in cube.axes] == [
        "weather[0].choice",
        "weather[0].choice[0].visibility_m",
        "objects.box.count",
    ]
    assert (cube.axes[0].weights, cube.axes[1].when, cube.axes[2].values) == ((0.25, 0.75), ((0, 0),), 4)
    assert np.isnan(cube.point(np.array([0.9, 0.5, 0.5]))).tolist() == [False, True, False]
