"""The language of events: mistakes have a line and a column, and words are found again in the scene."""

from __future__ import annotations

import pytest
from helpers_edge_cases import stage_of

from simgen import registry
from simgen.edge_cases._event_words import Ask, Player, Stand
from simgen.edge_cases.event import Event
from simgen.errors import SceneError, UserError
from simgen.scenario import loads
from simgen.scenario.schema import _Builder

SCENE = """simgen: 1
name: told
clock: {duration_s: 3.0, rate_hz: 10}
world: {type: straight_road}
ego: {asset: sedan, lane: east/1, at_m: 30, speed_m_s: 9}
edge_cases:
  - type: event
    name: crossing
    actors:
      - {name: runner, asset: child, place: {along: kerb}, does: {type: dash, speed_m_s: 3}}
    ask:
      - {time_to_collision_s: 1.5, of: ego, with: runner}
sensors:
  - {name: front, type: camera, width: 320, height: 180, mount: {on: ego, position_m: [1.6, 0, 1.4]}}
"""

#: what is replaced, with what, and what is said
MISTAKES = [
    ("time_to_collision_s: 1.5", "time_to_colision_s: 1.5", "12:10: unknown key 'time_to_colision_s'", "did you mean"),
    ("time_to_collision_s: 1.5", "time_to_collision: 1.5", "12:10: unknown key", "'time_to_collision_s'"),
    ("time_to_collision_s: 1.5", "distance_m: {at_leest: 3}", "12:23: unknown key 'at_leest'", "'at_least'"),
    ("time_to_collision_s: 1.5", "distance_m: {}", "12:22: say how much: about, at_least or at_most", ""),
    ("time_to_collision_s: 1.5, ", "", "12:14: an ask needs a metric and how much", ""),
    ("with: runner", "with: runer", "12:51: nothing is called 'runer'", "did you mean 'runner'"),
    ("with: runner", "seen_by: frnt", "12:54: nothing is called 'frnt'", "did you mean 'front'"),
    ("with: runner", "with: runner, seen_by: front", "with and seen_by both say who the other is", ""),
    ("with: runner", "with: runner, at_s: stort", "12:65: at_s must be one of", "did you mean 'start'"),
    ("with: runner", "with: runner, until_s: 2", "until_s needs at_s", ""),
    ("along: kerb", "along: kurb", "10:53: along must be one of 'kerb'", ""),
    ("along: kerb", "along: kerb, on: lane", "on and along contradict each other", ""),
    ("along: kerb", "along: kerb, ahead_m: [30, 10]", "the range goes from 30 down to 10", ""),
    ("asset: child", "asset: chld", "10:31: unknown asset 'chld'", "did you mean 'child'"),
    ("speed_m_s: 3}", "sped_m_s: 3}", "10:79: unknown key 'sped_m_s'", "did you mean 'speed_m_s'"),
    ("speed_m_s: 3}", "speed_m_s: 3}, free: {sped_m_s: [1, 2]}", "dash has no number 'sped_m_s'", "'speed_m_s'"),
    ("does: {type: dash, speed_m_s: 3}", "starts_s: 1", "'runner' cannot set off later, for it does nothing", ""),
    ("name: runner", "name: ego", "somebody who takes part may not be called 'ego'", ""),
]


@pytest.mark.parametrize(("what", "instead", "said", "hint"), MISTAKES)
def test_a_mistake_has_its_place_and_a_way_out(what: str, instead: str, said: str, hint: str) -> None:
    assert what in SCENE
    with pytest.raises(SceneError) as error:
        loads(SCENE.replace(what, instead, 1), "told.yaml")
    text = str(error.value)
    assert f"told.yaml:{said}" in text if said[0].isdigit() else said in text, text
    assert hint in text, text


def test_every_metric_is_a_key_of_the_schema() -> None:
    words = _Builder(random=True).dataclass_(Ask)["properties"]
    assert set(registry.names("metric")) | {"of", "with", "seen_by", "by", "at_s"} <= set(words)
    assert "<metric>" not in words
    assert words["time_to_collision_s"]["description"].startswith("Seconds that the subject needs")


def test_any_value_may_be_drawn_and_relations_and_instants_reach_the_scene() -> None:
    asks = """- {time_to_collision_s: {uniform: [1.2, 1.8]}, with: runner, tolerance: {choice: [0.1, 0.2]}}
      - {speed_m_s: {at_least: 2.5, at_most: 3.5}, of: runner, at_s: entry}
      - {distance_m: {at_least: {uniform: [3, 5]}}, with: runner, at_s: start}
      - {pixels: {at_least: 20}, of: runner, seen_by: front, at_s: end}"""
    scene = loads(SCENE.replace("- {time_to_collision_s: 1.5, of: ego, with: runner}", asks), "s").sample(3)
    draws = dict(scene.draws)
    first, least, most, distance, pixels = scene.constraints
    assert first.asked == draws["edge_cases.crossing.ask[0].time_to_collision_s"]
    assert first.tolerance == draws["edge_cases.crossing.ask[0].tolerance"]
    assert (least.relation, least.asked, most.relation, most.asked) == ("at_least", 2.5, "at_most", 3.5)
    assert 3.0 <= distance.asked <= 5.0
    starts_s = scene.entity("runner").behaviour.start_s
    assert distance.time_s == starts_s
    assert starts_s < least.time_s == most.time_s < 3.0
    assert (pixels.kind, pixels.time_s) == ("pixels", 3.0)
    assert scene.tags == ("crossing",)
    assert {c.source for c in scene.constraints} == {"crossing"}


def test_what_cannot_be_says_what_came_nearest_and_what_to_do() -> None:
    scene = loads(SCENE[: SCENE.index("edge_cases")], "told.yaml").sample(0)
    runner = Player(
        name="runner",
        asset=registry.get("asset", "child")(),
        place=Stand(along="kerb", side="right"),
        does=registry.get("behaviour", "dash")(),
    )
    wish = Ask(measures={"time_to_collision_s": 9.0}, other="runner")
    with pytest.raises(UserError) as error:
        Event(name="crossing", actors=(runner,), ask=(wish,), tries=2).apply(scene, stage_of(scene))
    said = str(error.value)
    assert said.startswith("crossing: none of 4 placements will do: ")
    assert "at the nearest, time_to_collision_s of ego and runner is" in said
    assert "instead of 9 s" in said
    assert "Give its actors more room (ahead_m, aside_m, starts_s)" in said


def test_a_place_that_the_world_lacks_is_told() -> None:
    with pytest.raises(
        SceneError, match=r"told.yaml:7:5: 'runner' finds no next_lane beside the ego's way to the right"
    ):
        loads(SCENE.replace("along: kerb", "on: next_lane, side: right"), "told.yaml").sample(0)
