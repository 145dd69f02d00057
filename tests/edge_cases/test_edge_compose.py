"""Cases that share a scene: what an earlier one asked for holds with the later ones in it, or it is told."""

from __future__ import annotations

import pytest
from helpers_edge_cases import moved

from simgen.edge_cases import _solve
from simgen.errors import SceneError
from simgen.scenario import loads, sample, scene_from_yaml, scene_to_yaml

SCENE = """simgen: 1
name: two
clock: {duration_s: 4.0, rate_hz: 10}
world: {type: straight_road}
ego: {asset: sedan, lane: east/1, at_m: 30, speed_m_s: 11}
edge_cases:
  - type: event
    name: crossing
    tries: 24
    actors:
      - {name: runner, asset: child, place: {along: kerb, side: right}, does: {type: dash, speed_m_s: 3}}
    ask:
      - {time_to_collision_s: 1.2, of: ego, with: runner, tolerance: 0.15}
  - type: event
    name: slow
    tries: 24
    actors:
      - {name: leader, asset: van, place: {on: lane, ahead_m: AHEAD}, does: {type: drive_straight, speed_m_s: SPEED}}
    ask:
      - {speed_m_s: {about: SPEED, tolerance: 0.3}, of: leader, at_s: 1}
"""


def test_an_earlier_case_is_placed_anew_where_a_later_one_slows_the_ego() -> None:
    scene = loads(SCENE.replace("AHEAD", "22").replace("SPEED", "7"), "two.yaml").sample(0)
    alone = loads(SCENE[: SCENE.index("  - type: event\n    name: slow")], "one.yaml").sample(0)
    assert scene.entity("runner") != alone.entity("runner")
    assert sorted(scene.tags) == ["crossing", "slow"]
    assert sorted(s.source for s in scene.solutions) == ["crossing", "slow"]
    assert len(scene.constraints) == 2
    assert len({e.instance for e in scene.entities}) == len(scene.entities) == 3
    found, _ = moved(scene)
    assert all(outcome.holds for outcome in found.values()), found
    assert scene_from_yaml(scene_to_yaml(scene)) == scene


def test_cases_that_do_not_go_together_are_told(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sample, "_ATTEMPTS", 1)
    monkeypatch.setattr(_solve, "_PATIENCE", 1)
    text = SCENE.replace("AHEAD", "9").replace("SPEED", "0.5")
    fast = "- {speed_m_s: {at_least: 9}, of: ego, at_s: 2.5}\n"
    second = "  - type: event\n    name: slow"
    text = text.replace(second, f"      {fast}{second}")
    with pytest.raises(SceneError) as error:
        loads(text, "two.yaml").sample(0)
    said = str(error.value)
    assert "two.yaml:7:5: crossing does not go together with slow: with them, time_to_collision_s of ego and" in said
    assert "leave one out" in said
