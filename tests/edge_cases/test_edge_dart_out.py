from __future__ import annotations

import numpy as np
import pytest
from helpers_edge_cases import moved, stage_of

from simgen.assembly import model_of
from simgen.edge_cases.dart_out import DartOut
from simgen.errors import SceneError, UserError
from simgen.scenario import loads

SCENE = """
simgen: 1
name: dart
clock: {duration_s: 4.0, rate_hz: 10}
world: {type: straight_road}
ego: {asset: sedan, lane: east/1, at_m: 30, speed_m_s: SPEED}
objects:
  - {name: parked, asset: ASSET, count: 3, place: PLACE}
CASES
"""


def scene_of(*, speed=9, asset="suv", place="{along: kerb, kerb: east, gap_m: 3}", cases="", seed=1):
    text = SCENE.replace("SPEED", str(speed)).replace("ASSET", asset).replace("PLACE", place).replace("CASES", cases)
    return loads(text, "test.yaml").sample(seed=seed)


@pytest.fixture(scope="module")
def base():
    return scene_of()


@pytest.mark.parametrize("asked", [1.0, 1.6, 2.2])
def test_the_time_asked_for_is_the_time_measured(base, asked):
    scene = DartOut(from_behind="parked", time_to_collision_s=asked).apply(base, stage_of(base, 3))
    found, _ = moved(scene)
    assert found["time_to_collision_s"].achieved == pytest.approx(asked, abs=0.12)
    assert found["time_to_collision_s"].holds
    assert found["visible_fraction"].holds
    assert scene.tags == ("dart_out",)


def test_the_runner_crosses_the_egos_lane_without_touching_the_vehicle(base):
    scene = DartOut(from_behind="parked").apply(base, stage_of(base, 3))
    runner = scene.entity("dart_out")
    assert runner.instance == max(e.instance for e in scene.entities)
    _, trajectory = moved(scene)
    row = trajectory.actor_names.index("dart_out")
    path = trajectory.position[:, trajectory.actor_body[row]]
    ego = trajectory.position[:, trajectory.actor_body[trajectory.actor_names.index("ego")]]
    # from the kerb's side of the ego's lane to the other side
    assert path[0, 1] < ego[0, 1] - 1.5
    assert path[-1, 1] > ego[0, 1] + 1.0
    assert np.ptp(path[:, 0]) < 0.02
    touching = {trajectory.instance[row], *(scene.entity(f"parked/{k}").instance for k in range(3))}
    pairs = set(zip(trajectory.contacts.actor_a.tolist(), trajectory.contacts.actor_b.tolist(), strict=True))
    assert not [p for p in pairs if set(p) <= touching]


def test_the_same_seed_gives_the_same_scene(base):
    case = DartOut(from_behind="parked")
    first, again = (case.apply(base, stage_of(base, 3)) for _ in range(2))
    assert first == again


def test_a_vehicle_is_parked_anew_if_none_is_in_the_right_place():
    far = scene_of(place="{along: kerb, kerb: west, gap_m: 1}")
    scene = DartOut(from_behind="parked", time_to_collision_s=1.5).apply(far, stage_of(far))
    parked = [e.name for e in scene.entities if e.group == "parked" and e != far.entity(e.name)]
    found, _ = moved(scene)
    assert found["time_to_collision_s"].holds
    assert found["visible_fraction"].holds
    if parked:
        (name,) = parked
        others = [e for e in scene.entities if e.parent is None and e.name not in (name, "dart_out")]
        gaps = [np.hypot(*(np.array(scene.entity(name).position) - e.position)[:2]) for e in others]
        assert min(gaps) > model_of(scene.entity(name).asset).size[1]


def test_two_runners_get_two_names(base):
    case = DartOut(from_behind="parked", time_to_collision_s=1.2)
    scene = case.apply(case.apply(base, stage_of(base, 1)), stage_of(base, 2))
    assert {"dart_out", "dart_out_2"} <= {e.name for e in scene.entities}
    assert len(scene.constraints) == 4


def test_what_is_missing_is_told(base):
    with pytest.raises(UserError, match=r"nothing in the scene is called 'parkd'; did you mean 'parked'"):
        DartOut(from_behind="parkd").apply(base, stage_of(base))
    with pytest.raises(UserError, match=r"unknown asset 'chld'; did you mean 'child'"):
        DartOut(actor="chld", from_behind="parked").apply(base, stage_of(base))
    without = base.replace(entities=tuple(e for e in base.entities if e.name != "ego"))
    with pytest.raises(UserError, match="dart_out needs an ego"):
        DartOut(from_behind="parked").apply(without, stage_of(base))
    still = scene_of(speed=0.1)
    with pytest.raises(UserError, match="the ego hardly moves"):
        DartOut(from_behind="parked").apply(still, stage_of(base))


def test_an_impossible_time_names_the_reasons_and_the_line():
    with pytest.raises(SceneError) as error:
        scene_of(cases="edge_cases:\n  - {type: dart_out, from_behind: parked, time_to_collision_s: 9.5}")
    assert "dart_out: no 'parked' can hide the runner: parked/0 is" in str(error.value)
    assert "Lengthen clock.duration_s" in str(error.value)
    assert str(error.value).startswith("test.yaml:10:")
