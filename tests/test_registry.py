"""Plugins enter under one name, are found, and near misses are suggested."""

import subprocess
import sys
from dataclasses import dataclass, fields

import pytest

from simgen import registry
from simgen.errors import UserError
from simgen.registry import check_range, param, register
from simgen.units import unit_of
from simgen.weather.base import WeatherEffect


def test_near_miss_is_suggested() -> None:
    with pytest.raises(UserError, match="unknown weather 'fogg'; did you mean 'fog'"):
        registry.get("weather", "fogg")


def test_only_frozen_dataclasses_enter() -> None:
    with pytest.raises(ValueError, match="must be a frozen dataclass"):

        @register("weather", "soup")
        class Soup(WeatherEffect.__mro__[1]):  # type: ignore[misc]
            pass

    with pytest.raises(ValueError, match="unknown plugin kind"):
        register("colour", "red")(WeatherEffect)


def test_a_name_is_taken_once() -> None:
    taken = registry.get("weather", "fog")

    @dataclass(frozen=True, kw_only=True)
    class Other(WeatherEffect):
        pass

    with pytest.raises(ValueError, match="two plugins are called weather/fog"):
        register("weather", "fog")(Other)
    assert registry.get("weather", "fog") is taken


def test_range_messages() -> None:
    @dataclass(frozen=True)
    class Thing:
        depth_m: float = param(1.0, gt=0.0, le=5.0, doc="depth")

    (f,) = fields(Thing)
    assert check_range("depth_m", 2.0, f.metadata) is None
    assert check_range("depth_m", 0.0, f.metadata) == "depth_m must be more than 0, not 0"
    assert check_range("depth_m", 6.0, f.metadata) == "depth_m must be at most 5, not 6"


@pytest.mark.parametrize(
    ("name", "unit"),
    [
        ("visibility_m", "m"),
        ("rate_mm_h", "mm/h"),
        ("hfov_deg", "deg"),
        ("speed_m_s", "m/s"),
        ("albedo", ""),
        ("a_m_s2", "m/s2"),
        ("dark_current_e_s", "e/s"),
        ("flux_lm", "lm"),
        ("air_temperature_c", "deg C"),
    ],
)
def test_units_are_in_names(name: str, unit: str) -> None:
    assert unit_of(name) == unit


def test_one_plugin_is_found_without_loading_the_others() -> None:
    """In a fresh process: a scene of two assets imports two asset files, and an unknown name still loads them all."""
    script = """
import sys
from simgen import registry
registry.get("asset", "sedan")
loaded = [m for m in sys.modules if m.startswith("simgen.assets.")]
assert "simgen.assets.sedan" in loaded and "simgen.assets.tree" not in loaded, loaded
assert registry.find("asset", "base") is None
assert registry.find("asset", "no/such name") is None
assert "simgen.assets.tree" in sys.modules
"""
    subprocess.run([sys.executable, "-c", script], check=True)
