"""Rain: what it declares, and how it grows with the rate."""

from __future__ import annotations

import dataclasses

import numpy as np
import pytest

from simgen import registry
from simgen.registry import check_range
from simgen.weather._drops import fall_speed
from simgen.weather.rain import Rain

RATES = [0.1, 1.0, 5.0, 25.0, 100.0, 300.0]


def test_rain_is_registered_under_its_name():
    assert registry.get("weather", "rain") is Rain


def test_particles_are_declared_in_si_units():
    (drops,) = Rain(rate_mm_h=10.0).particles()
    assert drops.class_name == "rain"
    assert 5e-5 < drops.diameter.min() < drops.diameter.max() < 8e-3
    assert (np.diff(drops.fall_speed) >= 0.0).all()
    assert (drops.density > 0.0).all()


@pytest.mark.parametrize("quantity", ["extinction", "drops", "wetness"])
def test_more_rain_is_more_of_everything(quantity):
    values = {
        "extinction": [Rain(rate_mm_h=r).medium().extinction_at(905.0) for r in RATES],
        "drops": [Rain(rate_mm_h=r).particles()[0].density.sum() for r in RATES],
        "wetness": [Rain(rate_mm_h=r).surface().wetness for r in RATES],
    }[quantity]
    assert (np.diff(values) >= 0.0).all()
    assert (np.diff(values[:4]) > 0.0).all()


def test_wetness_saturates_at_one():
    assert Rain(rate_mm_h=0.1).surface().wetness < 0.05
    assert 0.99 < Rain(rate_mm_h=20.0).surface().wetness <= 1.0
    assert Rain(rate_mm_h=300.0).surface().wetness <= 1.0


def test_rain_returns_light_by_drops_not_by_the_medium():
    medium = Rain(rate_mm_h=50.0).medium()
    assert (medium.backscatter == 0.0).all()
    assert medium.class_name == "rain"


def test_no_drop_rises():
    assert fall_speed(np.array([1e-5, 5e-5, 1.09e-4])).min() >= 0.0


@pytest.mark.parametrize("rate", [0.0, 301.0])
def test_rates_outside_the_declared_range_are_refused(rate):
    metadata = next(f.metadata for f in dataclasses.fields(Rain) if f.name == "rate_mm_h")
    assert check_range("rate_mm_h", rate, metadata) is not None
