"""Snow and water in thermal pictures: never above 0 C, nearer to the air, and people as warm as before."""

from __future__ import annotations

import numpy as np
import pytest

from simgen import registry
from simgen.assembly import assemble
from simgen.engine import Renderer, timetable
from simgen.physics import simulate
from simgen.records.thermal import ThermalFrame
from simgen.scene import Clock, Entity, Scene
from simgen.sensors.base import Mount
from simgen.sensors.thermal_camera import ThermalCamera
from simgen.taxonomy import class_id


def frame(air_c: float, *weather: object) -> ThermalFrame:
    sensor = ThermalCamera(
        name="t",
        width=80,
        height=48,
        hfov_deg=60.0,
        mount=Mount(on="world", position_m=(-9.0, 0.0, 1.8)),
        outputs=("emissivity",),
        air_temperature_c=air_c,
    )
    scene = Scene(
        name="cold",
        seed=3,
        clock=Clock(duration_s=0.1),
        world=registry.get("world", "empty")(size_m=200.0),
        light=registry.get("light", "constant")(luminance_cd_m2=3000.0, lamp_lux=0.0),
        entities=(
            Entity(name="walker", instance=1, asset=registry.get("asset", "pedestrian")(), position=(-4.0, 0.0, 0.0)),
        ),
        sensors=(sensor,),
        weather=tuple(weather),
    )
    assembly = assemble(scene)
    with Renderer(assembly, simulate(assembly), threads=1) as renderer:
        made = renderer.frame(timetable(scene)[0])
    assert isinstance(made, ThermalFrame)
    return made


def ground_of(made: ThermalFrame) -> np.ndarray:
    return (made.instance == 0) & (made.semantic != class_id("sky")) & np.isfinite(made.depth) & (made.depth < 30.0)


@pytest.mark.parametrize(("air_c", "want"), [(-6.0, -6.0), (3.0, 0.0)])
def test_snow_has_the_airs_temperature_but_never_more_than_zero(air_c, want):
    bare, snowy = frame(air_c), frame(air_c, registry.get("weather", "snow_cover")(depth_cm=10.0))
    ground = ground_of(snowy)
    np.testing.assert_allclose(snowy.surface_temperature[ground], want, atol=0.02)
    np.testing.assert_allclose(snowy.emissivity[ground], 0.98, atol=1e-3)
    assert bare.surface_temperature[ground].std() > 0.05
    person = snowy.instance == 1
    assert person.sum() > 50
    np.testing.assert_array_equal(snowy.surface_temperature[person], bare.surface_temperature[person])


def test_wet_ground_is_nearer_to_the_air():
    bare, wet = frame(15.0), frame(15.0, registry.get("weather", "wet_ground")(wetness=1.0, puddles=0.0))
    ground = ground_of(wet)
    over = [np.abs(f.surface_temperature[ground].astype(np.float64) - 15.0).mean() for f in (bare, wet)]
    assert over[1] == pytest.approx(0.3 * over[0], rel=0.05)
