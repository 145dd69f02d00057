"""Fog, dust and smoke in layers and patches: density by height, the mean, what the wind does to them."""

from __future__ import annotations

import math

import numpy as np
import pytest

from simgen.engine.weather import WeatherNow
from simgen.errors import SceneError
from simgen.scenario import loads
from simgen.weather._spread import FILLED_M, Patchiness
from simgen.weather.change import Change
from simgen.weather.dust import Dust
from simgen.weather.fog import Fog
from simgen.weather.smoke import Smoke

SCENE = "simgen: 1\nworld: empty\nclock: {duration_s: 20}\nweather: "


def now(text: str, seed: int = 1) -> WeatherNow:
    return WeatherNow(loads(SCENE + text, "s").sample(seed))


@pytest.mark.parametrize("effect", [Fog, Dust, Smoke])
def test_what_is_even_and_everywhere_is_a_medium(effect):
    even, layer = effect(visibility_m=80.0), effect(visibility_m=80.0, height_m=4.0)
    assert even.volumes(1) == ()
    assert not layer.medium().extinction.any()
    (volume,) = layer.volumes(1)
    np.testing.assert_array_equal(volume.medium.extinction, even.medium().extinction)
    assert volume.medium.extinction_at(550.0) == pytest.approx(math.log(20.0) / 80.0)
    assert volume.medium.class_name == even.medium().class_name


def test_a_layer_is_even_up_to_its_top_and_e_times_thinner_above():
    (volume,) = Fog(height_m=4.0, height_scale_m=2.5).volumes(1)
    heights = np.array([0.0, 1.7, 4.0, 6.5, 9.0])
    points = np.stack([np.full(5, 30.0), np.full(5, -70.0), heights], -1)
    np.testing.assert_allclose(volume.density(points), np.exp([0.0, 0.0, 0.0, -1.0, -2.0]))
    # straight up one loses the even part and one scale
    assert volume.column(np.zeros(3), np.array([0.0, 0.0, 1.0]), 80.0, steps=20_000) == pytest.approx(6.5, rel=1e-4)


def test_patches_keep_the_mean_visibility_along_the_road():
    (volume,) = Fog(visibility_m=100.0, patches=Patchiness(scale_m=12.0)).volumes(7)
    assert volume.center_m[2] == FILLED_M
    rays = [volume.column(np.array([0.0, y, 1.5]), np.array([1.0, 0.0, 0.0]), 2000.0) for y in range(0, 400, 23)]
    assert np.mean(rays) == pytest.approx(2000.0, rel=0.03)
    assert np.std([volume.column(np.array([0.0, y, 1.5]), np.array([1.0, 0.0, 0.0]), 30.0) for y in range(99)]) > 3.0


def test_patches_drift_with_the_wind():
    """What is at a place comes there from where the wind has carried it from."""
    weather = now("[{type: fog, patches: {scale_m: 10}, height_m: 5}, {type: wind, speed_m_s: 6, from_deg: 200}]")
    air = weather.air(0)
    points = np.random.default_rng(1).uniform(-50.0, 50.0, (50, 3))  # noqa: TID251
    for time_ns in (0, 1_500_000_000, 12_000_000_000):
        moved = air.wind.displacement(np.array([1e-9 * time_ns]))[0] * [1.0, 1.0, 0.0]
        later = weather.air(time_ns)
        np.testing.assert_allclose(later.volumes[0].density(points + moved), air.volumes[0].density(points))
        # and the velocity carries on from there
        step = air.wind.displacement(np.array([1e-9 * time_ns + 0.01]))[0] * [1.0, 1.0, 0.0]
        np.testing.assert_allclose(
            later.volumes[0].density(points + step, 0.01), air.volumes[0].density(points), atol=1e-4
        )


def test_patches_stand_without_wind_and_differ_by_seed():
    text = "[{type: fog, patches: {scale_m: 10}}]"
    still = now(text)
    assert still.air(0) is still.air(9_000_000_000)
    assert now(text).air(0).volumes[0].patches != now(text, 2).air(0).volumes[0].patches
    both = now("[{type: fog, patches: {}}, {type: dust, patches: {}}]").air(0).volumes
    assert both[0].patches.seed != both[1].patches.seed


def test_a_layer_may_change_but_not_become_another_kind():
    low, high = Fog(height_m=2.0, visibility_m=50.0), Fog(height_m=6.0, visibility_m=50.0)
    assert Change(from_=low, to=high, over_s=10.0).at(5.0) == Fog(height_m=4.0, visibility_m=50.0)
    half = Change(from_=None, to=low, over_s=10.0).at(5.0)
    np.testing.assert_allclose(half.volumes(1)[0].medium.extinction, 0.5 * low.volumes(1)[0].medium.extinction)
    assert Change(from_=None, to=low).volumes(1) == ()
    with pytest.raises(ValueError, match="another height_m"):
        Change(from_=Fog(), to=low)
    with pytest.raises(ValueError, match="another patches"):
        Change(from_=Fog(), to=Fog(patches=Patchiness()))


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("[{type: fog, height_m: -1}]", "s:4:33: height_m must be at least 0, not -1"),
        ("[{type: fog, height_scale_m: 0}]", "s:4:39: height_scale_m must be more than 0, not 0"),
        ("[{type: fog, patches: {scale_m: 0}}]", "s:4:42: scale_m must be at least 0.5, not 0"),
        ("[{type: dust, patches: {contrast: 2}}]", "s:4:44: contrast must be at most 1, not 2"),
        ("[{type: fog, patches: 3}]", "s:4:32: patches must be a mapping, not 3"),
    ],
)
def test_layers_that_make_no_sense_are_refused_where_they_stand(text, message):
    with pytest.raises(SceneError) as caught:
        loads(SCENE + text, "s")
    assert str(caught.value.faults[0]).startswith(message)
