"""The light under a layer of weather: closed form where nothing is absorbed, and colours of what absorbs."""

from __future__ import annotations

import math

import numpy as np
import pytest
from helpers_stage import dome

from simgen.records.air import RGB_NM, Medium
from simgen.sensors._camera_layer import LAYER_M, Layer
from simgen.sensors._camera_sky import row_angles
from simgen.weather.dust import Dust
from simgen.weather.fog import Fog
from simgen.weather.smoke import Smoke
from simgen.weather.snow import Snow

FIELD = dome(2000.0, 60_000.0, (0.5, 0.0, 0.8))
HALF = FIELD.sky.shape[0] // 2


def arriving(sun, sky, direction):
    """Light on level ground by colour, lx."""
    rows = sky.shape[0]
    up = np.cos((np.arange(rows) + 0.5) * (math.pi / rows))
    weight = row_angles(sky) * np.maximum(up, 0.0)
    return (np.asarray(sky, np.float64).sum(1) * weight[:, None]).sum(0) + np.asarray(sun) * max(direction[2], 0.0)


@pytest.mark.parametrize(
    "medium",
    [Medium.gray(0.004, 0.0, "fog"), Medium.gray(0.04, 0.0, "fog"), Fog(visibility_m=60.0).medium(), Snow().medium()],
)
def test_white_air_passes_what_two_streams_say(medium):
    """Shettle and Weinman's (1970) formula over a black ground, however the light is split into beam, glow and veil."""
    sky = FIELD.sky.copy()
    sky[HALF:], sky[:HALF] = 0.0, 0.0
    layer = Layer(FIELD.replace(sky=sky), medium)
    m = FIELD.sun_direction[2]
    for k, nm in enumerate(RGB_NM):
        g, f = medium.moment_at(nm, 1), medium.moment_at(nm, 2)
        tau = medium.extinction_at(nm) * LAYER_M * (1.0 - f)
        expected = (2 / 3 + m + (2 / 3 - m) * math.exp(-tau / m)) / (4 / 3 + (1.0 - g) / (1.0 - f) * tau)
        share = arriving(layer.sun, layer.sky, FIELD.sun_direction)[k] / (60_000.0 * m)
        # thin air scatters once, and of that the formula's flat phase function knows less than its own
        assert share == pytest.approx(expected, abs=2e-3)


def test_light_from_two_thirds_up_follows_bohren():
    """``1 / (1 + 0.75 (1 - g) tau)`` (Bohren 1987), to which ground that sends light back adds its part."""
    field = dome(1e-9, 60_000.0, (math.sqrt(5.0) / 3.0, 0.0, 2.0 / 3.0))
    medium = Fog(visibility_m=60.0).medium()
    layer = Layer(field, medium)
    for k, nm in enumerate(RGB_NM):
        tau, g = medium.extinction_at(nm) * LAYER_M, medium.moment_at(nm, 1)
        share = arriving(layer.sun, layer.sky, field.sun_direction)[k] / 40_000.0
        assert share == pytest.approx(1.0 / (1.0 + 0.75 * (1.0 - g) * tau), rel=1e-3)


def test_ground_that_sends_light_back_brightens_fog():
    medium, dark = Fog(visibility_m=60.0).medium(), FIELD.sky.copy()
    dark[HALF:] = 0.0
    over_black, over_ground = Layer(FIELD.replace(sky=dark), medium), Layer(FIELD, medium)
    shares = [arriving(x.sun, x.sky, FIELD.sun_direction)[1] for x in (over_black, over_ground)]
    # the ground's half sends back pi 2000 of some 57 klx, and the fog reflects less than half of that
    assert 1.0 < shares[1] / shares[0] < 1.0 + 0.5 * math.pi * 2000.0 / 57_000.0


def test_dust_is_brown_fog_white_and_smoke_gray():
    fog, smoke, dust = (
        Layer(FIELD, effect.medium()).horizon()
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
        layer = Layer(FIELD, medium)
        airlight = layer.horizon()
        shares.append((arriving(layer.sun, layer.sky, FIELD.sun_direction) / above)[0])
        assert (airlight >= 0.0).all()
        assert (airlight == 0.0).all() == (albedo == 0.0)
    assert (np.diff(shares) < 0.0).all()
    assert shares[0] <= 1.0
