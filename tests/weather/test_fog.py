"""Fog: what it declares, and its limits."""

from __future__ import annotations

import dataclasses

import numpy as np
import pytest

from simgen import registry
from simgen.registry import check_range
from simgen.weather.fog import Fog


def limits(cls, name):
    return next(f.metadata for f in dataclasses.fields(cls) if f.name == name)


def test_fog_is_registered_under_its_name():
    assert registry.get("weather", "fog") is Fog


@pytest.mark.parametrize("droplets", ["radiation", "light_radiation", "advection", "light_advection"])
def test_fog_is_nearly_gray_up_to_the_near_infrared(droplets):
    medium = Fog(visibility_m=100.0, droplets=droplets).medium()
    assert np.ptp(medium.extinction[:5]) < 0.055 * medium.extinction[1]
    assert np.ptp(medium.backscatter) == 0.0
    assert medium.class_name == "fog"
    assert medium.albedo_at(550.0) == pytest.approx(1.0, abs=1e-3)


def test_fog_has_no_particles_and_leaves_surfaces_alone():
    fog = Fog(visibility_m=100.0)
    assert fog.particles() == ()
    assert fog.surface().wetness == 0.0


@pytest.mark.parametrize("ratio", [0.023, 0.046, 0.16])
def test_backscatter_scales_with_its_ratio(ratio):
    medium = Fog(visibility_m=80.0, backscatter_ratio=ratio).medium()
    assert medium.backscatter_at(905.0) == pytest.approx(ratio / 80.0)


@pytest.mark.parametrize(("name", "value"), [("visibility_m", 0.5), ("backscatter_ratio", 0.02)])
def test_values_outside_the_declared_range_are_refused(name, value):
    assert "at least" in (check_range(name, value, limits(Fog, name)) or "")


def test_two_media_of_fog_add_their_extinction():
    thin, thick = Fog(visibility_m=300.0).medium(), Fog(visibility_m=100.0).medium()
    assert (thin + thick).extinction_at(550.0) == pytest.approx(Fog(visibility_m=75.0).extinction_per_m)


def test_water_grows_as_visibility_falls():
    assert Fog(visibility_m=50.0).water_g_m3 == pytest.approx(2.0 * Fog(visibility_m=100.0).water_g_m3)
    assert Fog(droplets="advection").water_g_m3 > 3.0 * Fog(droplets="radiation").water_g_m3
