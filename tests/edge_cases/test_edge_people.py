from __future__ import annotations

import numpy as np
import pytest
from helpers_edge_cases import moved, stage_of

from simgen import registry
from simgen.assembly import model_of
from simgen.edge_cases.elderly_slow_crossing import ElderlySlowCrossing
from simgen.edge_cases.jaywalker_at_night import JaywalkerAtNight
from simgen.edge_cases.opening_door import OpeningDoor
from simgen.edge_cases.phone_walker import PhoneWalker
from simgen.errors import UserError
from simgen.records.actors import ActorState, Situation
from simgen.records.roads import RoadMap
from simgen.scenario import loads

STREET = """
simgen: 1
clock: {duration_s: 5.0, rate_hz: 10}
world: {type: straight_road, lanes: 1, length_m: 160, trees: {density: 0}, buildings: {density: 0}}
ego: {asset: sedan, lane: east/1, at_m: 20, speed_m_s: 9}
"""


@pytest.fixture(scope="module")
def street():
    return loads(STREET, "test.yaml").sample(0)


@pytest.mark.parametrize("side", ["left", "right"])
def test_who_crosses_comes_from_the_side_that_was_asked_for_and_from_off_the_carriageway(street, side):
    case = PhoneWalker(side=side, time_to_collision_s=1.6, speed_m_s=2.0, variant=3)
    scene = case.apply(street, stage_of(street, 1))
    found, trajectory = moved(scene)
    assert found["time_to_collision_s"].achieved == pytest.approx(1.6, abs=0.15)
    row = trajectory.actor_names.index("phone_walker")
    y = trajectory.position[:, trajectory.actor_body[row], 1] + 1.75
    # kerbs are 4.05 m right and 7.55 m left of the middle of the eastbound lane
    assert y[0] > 7.5 if side == "left" else y[0] < -4.0
    assert abs(y[-1]) < abs(y[0])


def test_a_ball_turns_once_over_its_girth():
    joint = model_of(registry.get("asset", "ball")(kind="football")).links[1].joint
    assert joint.kind == "wheel"
    assert joint.radius_m == pytest.approx(0.11)
    assert model_of(registry.get("asset", "ball")()).size == pytest.approx((0.22, 0.22, 0.22), abs=0.002)


def test_a_door_is_half_open_at_half_time():
    driver = registry.get("behaviour", "open_door")(start_s=1.0, opens_s=2.0, share=0.8).start(
        "a", ..., RoadMap(), 0, 0
    )
    state = ActorState(position=(0.0, 0.0, 0.0), quaternion=(1.0, 0.0, 0.0, 0.0))
    shares = [
        driver.step(state, Situation(map=RoadMap(), time_s=t, dt_s=0.0, actors={}, sizes={})).door_share
        for t in (0.5, 2.0, 5.0)
    ]
    np.testing.assert_allclose(shares, (0.0, 0.4, 0.8))


def test_what_is_missing_is_told(street):
    with pytest.raises(UserError, match=r"the sun stands at .* choose a later light\.time"):
        JaywalkerAtNight().prepare(street, 0)
    with pytest.raises(UserError, match="needs the ego on a lane that ends at a light"):
        ElderlySlowCrossing().apply(street, stage_of(street))
    with pytest.raises(UserError, match="nothing in the scene is called 'cars'"):
        OpeningDoor(vehicle="cars").apply(street, stage_of(street))
