"""What has come down in a scene: the integral of the rates, whatever they do."""

from __future__ import annotations

import pytest

from simgen.engine.weather import WeatherNow
from simgen.scenario import loads

SCENE = """
simgen: 1
name: weather
clock: {duration_s: 10.0, rate_hz: 10}
world: {type: empty}
weather:
  - WEATHER
sensors:
  - {name: front, type: camera, width: 64, height: 48, mount: {on: world, position_m: [0, 0, 2]}}
"""


def weather(text: str) -> WeatherNow:
    return WeatherNow(loads(SCENE.replace("WEATHER", text), "weather.yaml").sample(1))


def test_steady_rain_adds_up_evenly():
    fallen = weather("{type: rain, rate_mm_h: 36}\n  - {type: snow, rate_mm_h: 3.6}").fallen
    assert fallen.rain_at(10_000_000_000) == pytest.approx(0.1)
    assert fallen.rain_at(-10_000_000_000) == pytest.approx(-0.1)
    assert fallen.snow_at(1_000_000_000) == pytest.approx(0.001)


def test_rain_that_comes_adds_up_with_the_square_of_time():
    fallen = weather("{type: change, from: null, to: {type: rain, rate_mm_h: 36}, over_s: 8}").fallen
    assert fallen.rain_at(4_000_000_000) == pytest.approx(0.5 * 4.0 * 0.005, rel=1e-3)
    assert fallen.rain_at(10_000_000_000) == pytest.approx(0.04 + 0.02, rel=1e-3)
