"""Conditions between the stored instants."""

from __future__ import annotations

import numpy as np

from simgen.records.conditions import Conditions


def conditions(visibility, rain, start_ns=0):
    count = len(rain)
    zero = np.zeros(count)
    return Conditions(
        time_ns=start_ns + np.arange(count, dtype=np.int64) * 100,
        visibility_m=np.array(visibility, float),
        rain_mm_h=np.array(rain, float),
        **dict.fromkeys(("snow_mm_h", "hail_mm_h", "wetness", "puddles", "snow_m", "ice", "uneven"), zero),
        wind=np.outer(np.arange(count), [1.0, 2.0, 0.0]),
    )


def test_between_two_instants_everything_is_linear_and_visibility_is_by_its_extinction():
    found = conditions([np.inf, 100.0, 50.0], [0.0, 10.0, 30.0]).at([0, 50, 100, 150])
    np.testing.assert_array_equal(found.time_ns, [0, 50, 100, 150])
    np.testing.assert_allclose(found.visibility_m, [np.inf, 200.0, 100.0, 1.0 / 0.015])
    np.testing.assert_allclose(found.rain_mm_h, [0.0, 5.0, 10.0, 20.0])
    np.testing.assert_allclose(found.wind[:, 1], [0.0, 1.0, 2.0, 3.0])


def test_the_ends_go_on_and_large_times_are_exact():
    start = 1_700_000_000_000_000_000
    table = conditions([100.0, 50.0], [0.0, 10.0], start)
    assert table.at(start - 5).rain_mm_h[0] == 0.0
    assert table.at(start + 500).visibility_m[0] == 50.0
    np.testing.assert_allclose(table.at(start + 25).rain_mm_h, [2.5])


def test_words_have_no_powers_of_ten():
    assert (
        conditions([1834.0, 20_000.0], [0.0, 2.5]).in_words()
        == "visibility 1830 to 20000 m, rain 0 to 2.5 mm/h, wind 0 to 2.24 m/s"
    )
    assert conditions([np.inf, 50.0], [0.0, 0.0]).in_words().startswith("visibility from 50 m")
