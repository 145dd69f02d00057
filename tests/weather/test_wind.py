"""The wind as an effect: where it comes from, its seed, and that it cannot change."""

from __future__ import annotations

import numpy as np
import pytest

from simgen.errors import SceneError
from simgen.scenario import loads
from simgen.weather.base import together
from simgen.weather.change import Change
from simgen.weather.fog import Fog
from simgen.weather.wind import Wind


@pytest.mark.parametrize(
    ("from_deg", "towards"),
    [(270.0, (1.0, 0.0)), (0.0, (0.0, -1.0)), (90.0, (-1.0, 0.0)), (180.0, (0.0, 1.0)), (225.0, (0.7071, 0.7071))],
)
def test_wind_blows_from_where_it_is_told(from_deg, towards):
    """World axes are east and north."""
    air = together((Wind(speed_m_s=10.0, from_deg=from_deg, turbulence=0.0),))
    np.testing.assert_allclose(
        air.wind.velocity(np.array([3.0]))[0], [10.0 * towards[0], 10.0 * towards[1], 0.0], atol=1e-3
    )


def test_gusts_belong_to_the_scene_and_to_nothing_else():
    def gusts(seed, *effects):
        return together(effects, seed=seed).wind.velocity(np.array([1.0, 2.0]))

    np.testing.assert_array_equal(gusts(3, Wind()), gusts(3, Fog(), Wind()))
    assert not np.array_equal(gusts(3, Wind()), gusts(4, Wind()))


def test_wind_does_not_change():
    with pytest.raises(ValueError, match="wind cannot change"):
        Change(from_=None, to=Wind())
    text = "simgen: 1\nworld: empty\nweather: [{type: change, from: wind, to: null}]"
    with pytest.raises(SceneError, match="3:32: from and to: wind cannot change, for it does so by itself"):
        loads(text, "s")
    with pytest.raises(SceneError, match="3:17: there is already a wind on line 3"):
        loads("simgen: 1\nworld: empty\nweather: [wind, wind]", "s")
