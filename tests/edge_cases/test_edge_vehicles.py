"""What cases with vehicles stand on: the ego's road, the kingpin of a lorry that folds, and what cannot be told."""

from __future__ import annotations

import math

import numpy as np
import pytest
from helpers_edge_cases import applied, stage_of

from simgen import registry
from simgen.assembly import model_of
from simgen.edge_cases._vehicles import road_of
from simgen.errors import UserError
from simgen.geometry import transform
from simgen.placement.coupling import coupling_of, kingpin_of
from simgen.scenario import loads

SCENE = """
simgen: 1
name: road
clock: {duration_s: 3.0, rate_hz: 10}
world: WORLD
light: {time: 2024-05-14T10:00:00+02:00, latitude_deg: 48.1, longitude_deg: 11.6}
ego: {asset: sedan, lane: LANE, at_m: 60, speed_m_s: 12}
"""


def scene_of(world="{type: straight_road, lanes: 2, buildings: {density: 0}}", lane="east/2"):
    return loads(SCENE.replace("WORLD", world).replace("LANE", lane), "test.yaml").sample(seed=1)


def case(name, **parameters):
    return registry.get("edge_case", name)(**parameters)


@pytest.fixture(scope="module")
def base():
    return scene_of()


def test_gaps_on_the_road_are_from_nose_to_tail(base):
    road = road_of(base, stage_of(base), "test")
    asset = registry.get("asset", "van")()
    model = model_of(asset)
    ahead, behind = road.ahead(asset, 10.0), road.behind(asset, 10.0)
    assert ahead + model.box_center[0] - 0.5 * model.size[0] == pytest.approx(road.nose + 10.0)
    assert behind + model.box_center[0] + 0.5 * model.size[0] == pytest.approx(road.tail - 10.0)
    lane, aside = road.beside("right")
    assert lane.name == "east/1"
    assert aside == pytest.approx(-3.5, abs=1e-6)
    assert road.speed_m_s == pytest.approx(12.0, abs=1e-3)


def test_the_road_begins_with_the_lanes_before_the_egos():
    scene = scene_of("{type: construction_zone, tree_spacing_m: 0}", "main/s2/1")
    road = road_of(scene, stage_of(scene), "test")
    assert road.first == "main/2"
    # 97 m of main/2, and 60 m of the next to the rear axle
    assert 0.5 * (road.nose + road.tail) == pytest.approx(97.0 + 60.0, abs=3.0)


def test_the_kingpin_stays_on_the_fifth_wheel(base):
    scene = applied(base, case("jackknife", side="right", swing_deg=40.0))
    names = ("jackknife", "jackknife_trailer")
    tower, trailer = (model_of(scene.entity(name).asset) for name in names)
    told = [scene.entity(name).behaviour for name in names]
    from simgen.geometry import quat_from_yaw

    ends = [
        transform(np.array(b.positions_m), quat_from_yaw(np.radians(b.yaw_deg)), np.array(point))
        for b, point in zip(told, (coupling_of(tower), kingpin_of(tower, trailer)), strict=True)
    ]
    assert np.abs(ends[0][:, :2] - ends[1][:, :2]).max() < 1e-6
    turned = np.radians(np.array(told[1].yaw_deg) - np.array(told[0].yaw_deg))
    assert np.abs(turned).max() == pytest.approx(math.radians(1.3 * 40.0), abs=0.01)


@pytest.mark.parametrize(
    ("name", "parameters", "told"),
    [
        ("vehicle_without_lights_at_night", {}, "it is not dark"),
        ("stalled_car_in_tunnel", {}, "needs a tunnel"),
        ("red_light_runner", {}, "no lane with a traffic light"),
        ("level_crossing_train", {}, "needs a railway"),
        ("double_parked_van", {"blocked_fraction": 0.9}, "cannot block"),
        ("stopped_car_past_crest", {}, "there is no camera 'front'"),
        ("emergency_vehicle_from_behind", {"faster_m_s": 30.0, "at_s": 2.9}, "the road ends before"),
        ("swerving_lorry", {"side": "left"}, "there is no lane to the left"),
    ],
)
def test_what_cannot_be_is_told(base, name, parameters, told):
    with pytest.raises(UserError, match=told):
        applied(base, case(name, **parameters))
