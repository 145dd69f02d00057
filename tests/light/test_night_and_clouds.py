"""Moon, stars, towns, twilight and broken clouds."""

from __future__ import annotations

import math
from datetime import datetime

import numpy as np
import pytest

from simgen.light._clouds import ROWS, cloud_layer
from simgen.light._moon import moon
from simgen.light._sky import cell_directions
from simgen.light._twilight import twilight_sky
from simgen.light.sun_sky import SunSky
from simgen.records.lights import LUMINANCE_RGB, LightField

WEIGHTS = np.array(LUMINANCE_RGB)
#: at midnight the full moon of December 2024 stood 69 degrees high over Munich
FULL_MOON = "2024-12-15T00:00:00+01:00"
MOONLESS = "2024-12-01T00:30:00+01:00"


def direct_lux(field: LightField) -> float:
    return float((field.sun_illuminance * WEIGHTS).sum())


@pytest.mark.parametrize(
    ("time", "phase_deg"),
    [("2024-12-15T09:02:00+00:00", 0.0), ("2024-12-08T15:27:00+00:00", 90.0), ("2024-12-30T22:27:00+00:00", 180.0)],
)
def test_the_moon_s_phases_fall_on_their_dates(time: str, phase_deg: float) -> None:
    """Full moon, first quarter and new moon as the almanacs have them; its orbit is inclined by 5.1 degrees."""
    assert math.degrees(moon(datetime.fromisoformat(time), 48.1, 11.6).phase) == pytest.approx(phase_deg, abs=5.3)


def test_the_winter_full_moon_stands_as_high_as_the_summer_sun() -> None:
    """At its culmination, 90 - 48.1 + 27.6 degrees (declination of 2024's major standstill); south."""
    found = moon(datetime.fromisoformat("2024-12-15T00:00:00+01:00"), 48.1, 11.6)
    assert math.degrees(found.elevation) == pytest.approx(69.2, abs=0.7)
    assert math.degrees(found.azimuth) == pytest.approx(190.0, abs=4.0)


def test_the_full_moon_gives_a_quarter_of_a_lux_and_casts_shadows() -> None:
    field = SunSky(time=FULL_MOON).field()
    assert field.horizontal_lux == pytest.approx(0.25, rel=0.25)
    assert direct_lux(field) > 0.6 * field.horizontal_lux
    assert math.degrees(math.asin(field.sun_direction[2])) == pytest.approx(69.0, abs=1.0)
    quarter = SunSky(time="2024-12-08T19:00:00+01:00").field()
    assert 0.005 < quarter.horizontal_lux < 0.05


def test_a_stated_moon_is_where_and_as_bright_as_stated() -> None:
    field = SunSky(time=MOONLESS, moonlight_lux=0.2, moon_elevation_deg=30.0, moon_azimuth_deg=90.0).field()
    assert direct_lux(field) == pytest.approx(0.2, rel=1e-3)
    assert np.allclose(field.sun_direction, [math.cos(math.radians(30)), 0.0, 0.5], atol=1e-6)


def test_without_moon_there_are_stars_and_towns() -> None:
    dark = SunSky(time=MOONLESS, moonlight_lux=0.0).field()
    assert dark.horizontal_lux == pytest.approx(0.002, rel=0.4)
    assert direct_lux(dark) == 0.0
    town = SunSky(time=MOONLESS, moonlight_lux=0.0, skyglow_lux=0.05).field()
    assert town.horizontal_lux - dark.horizontal_lux == pytest.approx(0.05, rel=1e-3)
    assert town.sky[5, 0, 0] > town.sky[5, 0, 2]


@pytest.mark.parametrize("time", ["2024-06-21T12:00:00+02:00", "2024-06-21T20:30:00+02:00", FULL_MOON])
@pytest.mark.parametrize("cover", [0.2, 0.5, 0.8])
def test_clouds_are_a_pattern_but_as_bright_as_an_even_mixture(time: str, cover: float) -> None:
    """The blend of clear and closed sky by the cover that the design's table of illuminances rests on."""
    broken = SunSky(time=time, cloud_cover=cover)
    field = broken.field()
    even = [SunSky(time=time, cloud_cover=c).field().horizontal_lux for c in (0.0, 1.0)]
    assert even[1] < field.horizontal_lux < 1.02 * even[0]
    other = SunSky(time=time, cloud_cover=cover, cloud_seed=5).field()
    assert other.horizontal_lux == pytest.approx(field.horizontal_lux, rel=1e-3)
    assert np.abs(other.sky - field.sky).max() > 0.1 * field.sky.max()
    assert np.array_equal(broken.field().sky, field.sky)


@pytest.mark.parametrize("cover", [0.1, 0.4, 0.7])
def test_clouds_cover_what_is_asked_and_leave_the_sun_free(cover: float) -> None:
    cells, sun = cell_directions(ROWS, 2 * ROWS)[: ROWS // 2], np.array([0.6, 0.0, 0.8])
    hides, level = cloud_layer(cells, sun, cover, 1)
    weight = np.sqrt(1.0 - cells[..., 2] ** 2)
    assert (hides * weight).sum() / weight.sum() == pytest.approx(cover, abs=0.04)
    assert level.min() > 0.0
    near = (cells * sun).sum(-1) > math.cos(math.radians(1.0))
    assert hides[near].max() < 0.05


def test_after_sunset_the_horizon_glows_where_the_sun_went() -> None:
    cells, sun = cell_directions()[:60], np.array([math.cos(0.05), 0.0, -math.sin(0.05)])
    sky = twilight_sky(cells, sun, 0.05)
    level = (sky * WEIGHTS).sum(-1)
    west, east, top = sky[58, 0], sky[58, 120], sky[0, 0]
    assert level[58, 0] / level[0, 0] > 5.0
    assert level[58, 0] > 4.0 * level[58, 120]
    assert west[0] / west[2] > 2.0 > top[0] / top[2]
    assert top[2] > 1.5 * top[0]
    assert east.min() > 0.0
