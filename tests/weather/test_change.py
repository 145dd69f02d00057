"""Weather that changes: between its ends, at its ends, and what a rendering sees of it."""

from __future__ import annotations

import numpy as np
import pytest

import simgen as sg
from simgen.weather.base import together
from simgen.weather.change import Change
from simgen.weather.fog import Fog
from simgen.weather.rain import Rain
from simgen.weather.snow import Snow

RISING = Change(from_=Rain(rate_mm_h=2.0), to=Rain(rate_mm_h=50.0), start_s=1.0, over_s=4.0)
SCENE = """
simgen: 1
world: empty
clock: {duration_s: 1, rate_hz: 2}
weather:
  - {type: change, from: {type: fog, visibility_m: 1000}, to: {type: fog, visibility_m: 20}, over_s: 1}
  - {type: change, from: null, to: {type: rain, rate_mm_h: 30}, over_s: 1}
sensors:
  - {name: eye, type: camera, width: 32, height: 24, hfov_deg: 60, mount: {on: world, position_m: [0, 0, 1.5]}}
"""


@pytest.mark.parametrize(("time_s", "rate"), [(0.0, 2.0), (1.0, 2.0), (3.0, 26.0), (5.0, 50.0), (99.0, 50.0)])
def test_numbers_change_evenly(time_s, rate):
    assert RISING.at(time_s) == Rain(rate_mm_h=rate)


def test_visibility_changes_evenly_in_what_is_in_the_air():
    change = Change(from_=Fog(visibility_m=1000.0), to=Fog(visibility_m=50.0), over_s=10.0)
    alphas = [change.at(t).medium().extinction_at(905.0) for t in (0.0, 2.5, 5.0, 7.5, 10.0)]
    np.testing.assert_allclose(np.diff(alphas), (alphas[-1] - alphas[0]) / 4.0)
    assert change.at(10.0) == Fog(visibility_m=50.0)


@pytest.mark.parametrize("coming", [True, False])
def test_an_effect_comes_from_nothing_and_fades(coming):
    snow = Snow(rate_mm_h=2.0)
    change = Change(from_=None if coming else snow, to=snow if coming else None, over_s=8.0)
    share = 0.25 if coming else 0.75
    now = together((change,), 2.0)
    np.testing.assert_allclose(now.medium.extinction, share * snow.medium().extinction)
    np.testing.assert_allclose(now.particles[0].density, share * snow.particles()[0].density)
    nothing = together((change,), 0.0 if coming else 9.0)
    assert not nothing.medium.extinction.any()
    assert nothing.particles == ()


def test_wetness_follows_the_rain():
    wetness = [together((RISING,), t).surface.wetness for t in (0.0, 2.0, 5.0)]
    assert wetness[0] == Rain(rate_mm_h=2.0).surface().wetness
    assert wetness[0] < wetness[1] < wetness[2]


def test_frames_see_the_weather_of_their_instant():
    """Fog thickens over a second, and the ground gets wet."""
    from simgen.assembly import assemble
    from simgen.engine.renderer import Renderer
    from simgen.engine.timetable import timetable

    scene = sg.loads(SCENE, "s").sample(0)
    trajectory = sg.simulate(scene)
    with Renderer(assemble(scene), trajectory, threads=1) as renderer:
        shots = [renderer.shot(tick) for tick in timetable(scene)]
    first, last = shots[0].surroundings, shots[-1].surroundings
    assert first.medium.extinction_at(550.0) < last.medium.extinction_at(550.0)
    assert first.surface.wetness < last.surface.wetness


def test_steady_weather_is_made_once():
    from simgen.engine.weather import WeatherNow

    scene = sg.loads(SCENE, "s").sample(0).replace(weather=(Rain(), Fog()))
    weather = WeatherNow(scene)
    assert weather.air(0) is weather.air(123_456_789)
    assert weather.covers(5)
