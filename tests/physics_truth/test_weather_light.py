"""The light under a layer of weather: closed form where nothing is absorbed, and colours of what absorbs."""

from __future__ import annotations

import math

import numpy as np
import pytest
from helpers_stage import dome

from simgen.records.air import RGB_NM, Medium
from simgen.sensors._camera_light import LAYER_M, _row_angles, through_layer
from simgen.weather.dust import Dust
from simgen.weather.fog import Fog
from simgen.weather.smoke import Smoke
from simgen.weather.snow import Snow

FIELD = dome(2000.0, 60_000.0, (0.5, 0.0, 0.8))


def arriving(sun, sky, direction):
    """Light on level ground by colour, lx."""
    rows = sky.shape[0]
    up = np.cos((np.arange(rows) + 0.5) * (math.pi / rows))
    weight = _row_angles(sky) * np.maximum(up, 0.0)
    return (np.asarray(sky, np.float64).sum(1) * weight[:, None]).sum(0) + np.asarray(sun) * max(direction[2], 0.0)


@pytest.mark.parametrize(
    "medium",
    [Medium.gray(0.004, 0.0, "fog"), Medium.gray(0.04, 0.0, "fog"), Fog(visibility_m=60.0).medium(), Snow().medium()],
)
def test_white_air_passes_what_bohrens_formula_says(medium):
    """``1 / (1 + 0.75 (1 - g) tau)`` of the light above (Bohren 1987), however it is split into beam and veil."""
    sun, sky, _ = through_layer(FIELD, medium)
    above = arriving(FIELD.sun_illuminance, FIELD.sky, FIELD.sun_direction)
    for k, nm in enumerate(RGB_NM):
        tau, g = medium.extinction_at(nm) * LAYER_M, medium.moment_at(nm, 1)
        share = arriving(sun, sky, FIELD.sun_direction)[k] / above[k]
        assert share == pytest.approx(1.0 / (1.0 + 0.75 * (1.0 - g) * tau), rel=1e-3)


def test_dust_is_brown_fog_white_and_smoke_gray():
    fog, smoke, dust = (
        through_layer(FIELD, effect.medium())[2]
        for effect in (Fog(visibility_m=200.0), Smoke(visibility_m=200.0), Dust(visibility_m=200.0))
    )
    assert fog[0] / fog[2] == pytest.approx(1.0, abs=0.06)
    assert smoke[0] / smoke[2] == pytest.approx(1.0, abs=0.06)
    assert 1.3 < dust[0] / dust[2] < 4.0
    assert dust[0] > dust[1] > dust[2] > 100.0
    assert (fog > 1.1 * smoke).all()
    assert (smoke > dust).all()


@pytest.mark.parametrize("visibility", [30.0, 200.0, 2000.0])
def test_what_absorbs_lets_less_through(visibility):
    alpha = math.log(20.0) / visibility
    above = arriving(FIELD.sun_illuminance, FIELD.sky, FIELD.sun_direction)
    shares = []
    for albedo in (1.0, 0.9, 0.6, 0.0):
        medium = Medium.gray(alpha, 0.0, "dust", albedo=albedo)
        sun, sky, airlight = through_layer(FIELD, medium)
        shares.append((arriving(sun, sky, FIELD.sun_direction) / above)[0])
        assert (airlight >= 0.0).all()
        assert (airlight == 0.0).all() == (albedo == 0.0)
    assert (np.diff(shares) < 0.0).all()
    assert shares[0] <= 1.0
