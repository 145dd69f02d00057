"""The device catalogue: facts of the makers, and clear words about a wrong file."""

from __future__ import annotations

from pathlib import Path

import helpers_lidar as yard
import numpy as np
import pytest

from simgen.errors import UserError
from simgen.sensors._lidar_device import catalogue, load_device


def test_the_catalogue():
    assert catalogue() == ("hdl-64e", "os1-128", "vlp-16")


@pytest.mark.parametrize("model", catalogue())
def test_every_device_loads_and_is_consistent(model):
    device = load_device(model)
    rings = device.ring
    assert sorted(rings) == list(range(device.lasers))
    assert (np.diff(device.elevation[np.argsort(rings)]) > 0.0).all()
    assert 0.0 < device.min_range_m < device.range_10_m < device.max_range_m


def test_names_are_found_in_any_case():
    assert load_device("VLP-16").name == "VLP-16"


def test_hdl_64e_has_two_blocks():
    elevation = np.sort(np.degrees(load_device("hdl-64e").elevation))
    assert elevation[0] == pytest.approx(-24.6, abs=0.1)
    assert elevation[-1] == pytest.approx(2.0, abs=0.1)
    lower, upper = elevation[:32], elevation[32:]
    assert np.diff(lower).mean() == pytest.approx(1 / 2, abs=0.02)
    assert np.diff(upper).mean() == pytest.approx(1 / 3, abs=0.02)
    assert np.diff(lower).std() > 0.05


def test_hdl_64e_fires_1_333_million_times_a_second():
    device = load_device("hdl-64e")
    assert device.lasers / device.cycle_at(10.0) * 1e9 == pytest.approx(1.333e6, rel=1e-3)
    _, together = np.unique(device.time_ns, return_counts=True)
    assert (together == 2).all()


def test_vlp_16_timing():
    device = load_device("vlp-16")
    assert 360.0 * device.cycle_at(10.0) * 1e-9 * 10.0 == pytest.approx(0.1991, abs=1e-4)
    assert device.lasers / device.cycle_at(10.0) * 1e9 == pytest.approx(289_344, rel=1e-4)
    lag_ns = np.ptp(device.time_ns)
    assert lag_ns == pytest.approx(34_560)
    assert lag_ns * 1e-9 * 3600.0 == pytest.approx(0.1244, abs=1e-4)


def test_vlp_16_interleaves_its_lasers():
    degrees = np.degrees(load_device("vlp-16").elevation)
    assert np.allclose(np.sort(degrees), np.arange(-15, 16, 2))
    assert np.allclose(degrees[:4], [-15, 1, -13, 3])


def test_os1_128_is_staggered_and_off_axis():
    device = load_device("os1-128")
    assert np.allclose(np.unique(np.degrees(device.azimuth)), [-4.21, -1.41, 1.40, 4.21])
    assert np.allclose(device.radial, 0.015806)
    assert device.columns_at(10.0) == device.columns_at(20.0) == 1024
    assert device.cycle_at(20.0) == pytest.approx(48_828.125)


def test_a_turn_holds_whole_columns_only():
    device = load_device("vlp-16")
    assert device.columns_at(10.0) == 1808
    assert device.columns_at(20.0) == 904


def test_an_unknown_name_suggests_the_nearest():
    with pytest.raises(UserError, match=r"unknown lidar model 'vlp-61'; did you mean 'vlp-16'\?"):
        load_device("vlp-61")


def test_a_missing_file_says_so(tmp_path):
    with pytest.raises(UserError, match="there is no such file; the catalogue has hdl-64e"):
        load_device(str(tmp_path / "mine.toml"))


def test_a_users_file_is_read(tmp_path):
    device = load_device(yard.device_file(tmp_path, elevation=[-1.0, 0.0, 2.0]))
    assert device.lasers == 3
    assert not device.clockwise


FAULTS = [
    ("name = ", "nam = ", r"nam is unknown; did you mean 'name'\?"),
    ("columns = 1000", "columns = 1000\ncycle_us = 10.0", r"\[firing\] needs either cycle_us or columns"),
    ("columns = 1000", "columns = 0", "firing.columns must be a whole number from 1 to 100000, not 0"),
    ("[reflectance]", "[reflections]", r"\[reflectance\] is missing"),
    ("elevation_deg = [0.0]", "elevation_deg = 3", "lasers.elevation_deg must be a list of numbers, one a laser"),
    ("elevation_deg = [0.0]", "elevation_deg = [99.0]", "lasers.elevation_deg must lie within -90..90"),
    (
        "elevation_deg = [0.0]",
        "elevation_deg = [0.0]\nazimuth_deg = [1.0, 2.0]",
        "lasers.azimuth_deg has 2 numbers, but elevation_deg has 1",
    ),
    ("elevation_deg = [0.0]", "elevation_deg = [0.0]\ntime_us = [900.0]", "lasers.time_us must lie within 0 and"),
    ("min_m = 0.01", "min_m = 500.0", r"range.min_m must be less than range.max_m \(400\), not 500"),
    ("max_m = 400.0", "max_m = -1", "range.max_m must be more than 0, not -1"),
    ("accuracy_m = 0.02", "accuracy_m = true", "range.accuracy_m must be a number, not True"),
    ("accuracy_m = 0.02", "", "range.accuracy_m is missing"),
    ("rate_hz = [1.0, 50.0]", "rate_hz = [5.0, 1.0]", "rate_hz must be two numbers >= 0, the lower first"),
    ("clockwise = false", 'clockwise = "no"', "clockwise must be true or false"),
    ("probability_there = 0.5", "probability_there = 1.0", "range.probability_there must be at most 0.999"),
    ("pulse_ns = 20.0", "pulse_ns = 20.0 ns", "not a TOML file"),
]


@pytest.mark.parametrize(("old", "new", "message"), FAULTS)
def test_a_fault_names_file_field_and_reason(tmp_path, old, new, message):
    text = Path(yard.device_file(tmp_path)).read_text()
    assert old in text
    path = tmp_path / "broken.toml"
    path.write_text(text.replace(old, new))
    with pytest.raises(UserError, match=message) as caught:
        load_device(str(path))
    assert str(caught.value).startswith(str(path))
