"""From a scene file to a certain scene: names, ids, order, draws that keep out of each other's way."""

from __future__ import annotations

import dataclasses
from typing import Any

import pytest

from simgen import registry
from simgen.errors import SceneError, UserError
from simgen.rng import child_seed
from simgen.scenario import loads
from simgen.scene import Scene


def sample(text: str, seed: int = 7) -> Scene:
    return loads(text, "s.yaml").sample(seed)


def drawn(text: str, seed: int = 7) -> dict[str, Any]:
    return dict(sample(text, seed).draws)


def test_everything_gets_a_name_an_id_and_a_group(scene_text: str) -> None:
    scene = sample(scene_text)
    assert [e.instance for e in scene.entities] == list(range(1, len(scene.entities) + 1))
    assert (scene.entities[0].name, scene.entities[1].name) == ("ego", "anvil")
    assert scene.entity("anvil").group == "props"
    assert scene.entity("anvil").physics == "static"
    parked = scene.group("parked")
    assert [e.name for e in parked] == [f"parked/{k}" for k in range(len(parked))]
    assert len(parked) == dict(scene.draws)["objects.parked.count"]
    assert scene.entity("ego").lane == "east/1"
    assert scene.entity("pallet").group == "pallet"


def test_a_rider_is_placed_in_the_frame_of_what_carries_it(scene_text: str) -> None:
    rider = sample(scene_text).entity("pallet/crate")
    assert rider.parent == "pallet"
    assert rider.position == (0.0, 0.0, 0.14)
    assert rider.group == "crate"


def test_parts_with_the_same_name_are_told_apart() -> None:
    part = "{asset: crate, position_m: [0, 0, 1], rotation_deg: [0, 0, 90]}"
    text = f"simgen: 1\nworld: yard\nobjects: [{{asset: pallet, place: {{on: lane}}, parts: [{part}, {part}]}}]\n"
    names = [e.name for e in sample(text).entities if e.parent]
    assert names == ["pallet/crate", "pallet/crate_2"]
    assert sample(text).entity("pallet/crate").quaternion == pytest.approx((0.7071, 0, 0, 0.7071), abs=1e-4)


def test_entries_without_a_name_are_called_after_their_asset() -> None:
    entry = "{asset: crate, place: {on: lane}}"
    scene = sample(
        f"simgen: 1\nworld: yard\nobjects: [{entry}, {entry}, {{name: crate_2, asset: pallet, place: {{on: lane}}}}]\n"
    )
    assert [e.name for e in scene.entities] == ["anvil", "crate", "crate_3", "crate_2"]


def test_equal_seeds_give_equal_scenes_and_zero_is_a_seed(scene_text: str) -> None:
    assert sample(scene_text, 0) == sample(scene_text, 0)
    assert sample(scene_text, 0) != sample(scene_text, 1)
    assert sample(scene_text, 0).seed == 0


def test_every_draw_is_recorded_under_its_path(scene_text: str) -> None:
    draws = drawn(scene_text)
    assert {"world.flags.count", "light.elevation_deg", "weather.mist.visibility_m"} <= set(draws)
    assert {"edge_cases.drop.height_m", "objects.parked.count", "objects.parked[0].asset"} <= set(draws)
    assert "objects.parked[2].place.gap_m" in draws
    scene = sample(scene_text)
    assert scene.weather[0].visibility_m == draws["weather.mist.visibility_m"]  # type: ignore[attr-defined]
    assert type(scene.entity("parked/0").asset).plugin_name == draws["objects.parked[0].asset"]


NEW_OBJECT = """objects:
  - {name: new, asset: pallet, count: {poisson: 2}, place: {at_m: [{uniform: [60, 90]}, 60], may_overlap: true}}
"""
ADDITIONS = [
    ("weather:\n", "weather:\n  - {type: fog, visibility_m: {uniform: [50, 60]}}\n"),
    ("objects:\n", NEW_OBJECT),
    ("sensors:\n", "sensors:\n  - {name: extra, type: eye, hfov_deg: {uniform: [60, 90]}}\n"),
    ("sensors:\n", "  - {type: drop, actor: another, height_m: {uniform: [1, 2]}}\nsensors:\n"),
    ("width: 640", "width: {integer: [600, 700]}"),
    ("{type: lamp,", "{type: lamp, latitude_deg: {uniform: [40, 50]},"),
]


@pytest.mark.parametrize(("old", "new"), ADDITIONS, ids=lambda text: text[:14])
def test_an_addition_changes_no_other_draw(scene_text: str, old: str, new: str) -> None:
    before = drawn(scene_text)
    after = drawn(scene_text.replace(old, new, 1))
    assert len(after) > len(before)
    assert {key: after[key] for key in before} == before


def test_one_copy_more_changes_no_other_copy(scene_text: str) -> None:
    few, many = (sample(scene_text.replace("{integer: [4, 10]}", str(n))) for n in (4, 8))
    assert [e.position for e in few.group("parked")] == [e.position for e in many.group("parked")[:4]]
    assert [e.asset for e in few.group("parked")] == [e.asset for e in many.group("parked")[:4]]


def test_a_choice_may_pick_whole_plugins_with_draws_inside() -> None:
    text = (
        "simgen: 1\nworld: yard\nweather:\n"
        "  - choice:\n      - mist\n      - {type: mist, visibility_m: {uniform: [5, 6]}}\n    weights: [1, 9]\n"
    )
    scenes = [sample(text, seed) for seed in range(40)]
    seen = [scene.weather[0].visibility_m for scene in scenes]  # type: ignore[attr-defined]
    assert 200.0 in seen
    assert sum(5 <= v <= 6 for v in seen) > 25
    inner = next(dict(s.draws) for s in scenes if s.weather[0].visibility_m != 200.0)  # type: ignore[attr-defined]
    assert inner["weather[0].choice"] == 1
    assert 5 <= inner["weather[0].choice[1].visibility_m"] <= 6


def test_an_ego_of_no_speed_stands() -> None:
    scene = sample("simgen: 1\nworld: yard\nego: {asset: crate, lane: east/1, at_m: 30, speed_m_s: 0}\n")
    assert scene.entities[0].behaviour is None


def test_the_ego_is_short_for_a_place_and_a_behaviour() -> None:
    short = "ego: {asset: crate, lane: east/1, at_m: 30, speed_m_s: 8}"
    long = (
        "ego: {asset: crate, place: {on: lane, lane: east/1, at_m: 30}, behaviour: {type: follow_lane, speed_m_s: 8}}"
    )
    one, other = (sample(f"simgen: 1\nworld: yard\n{line}\n") for line in (short, long))
    assert one.entities == other.entities
    assert one.entities[0].behaviour.speed_m_s == 8  # type: ignore[union-attr]


def test_edge_cases_get_seeds_of_their_own_and_leave_tags(scene_text: str) -> None:
    scene = sample(scene_text)
    assert scene.tags == ("drop",)
    assert scene.constraints[0].subject == "brick"
    assert scene.entity("brick").position[0] == child_seed(7, "edge_case", ".drop") % 7


def test_light_weather_and_origin_have_defaults() -> None:
    scene = sample("simgen: 1\nworld: yard\n")
    assert type(scene.light).plugin_name == "sun_sky"
    assert scene.weather == scene.sensors == ()
    light = "light: {type: lamp, latitude_deg: 50}"
    assert sample(f"simgen: 1\nworld: yard\n{light}\n").origin == (50.0, 11.0, 0.0)
    assert sample("simgen: 1\nworld: yard\norigin: [1, 2, 3]\n").origin == (1.0, 2.0, 3.0)


def test_the_name_is_the_files_unless_given() -> None:
    assert loads("simgen: 1\nworld: yard\n", "scenes/crossing.yaml").name == "crossing"
    assert loads("simgen: 1\nworld: yard\nname: x\n", "scenes/crossing.yaml").name == "x"


def test_splits_follow_their_shares_and_the_seed() -> None:
    scenario = loads("simgen: 1\nworld: yard\nsplits: {train: 8, val: 1, test: 1}\n", "s")
    assert scenario.splits == {"train": 8.0, "val": 1.0, "test": 1.0}
    splits = [scenario.sample(seed).split for seed in range(300)]
    assert splits.count("train") == pytest.approx(240, abs=4 * (300 * 0.8 * 0.2) ** 0.5)
    assert {"val", "test"} < set(splits)
    assert loads("simgen: 1\nworld: yard\nsplit: val\n", "s").sample(1).split == "val"
    assert loads("simgen: 1\nworld: yard\n", "s").sample(1).split == "train"


def test_bounds_drawn_the_wrong_way_round_are_found_when_drawn() -> None:
    entry = "{name: a, asset: crate, place: {on: lane}, appear_s: {uniform: [0, 9]}, vanish_s: 5}"
    text = f"simgen: 1\nworld: yard\nobjects: [{entry}]\n"
    scenario = loads(text, "s")
    outcomes = []
    for seed in range(20):
        try:
            outcomes.append(scenario.sample(seed).entity("a").appear_s < 5)
        except SceneError as error:
            outcomes.append("vanish_s must be after appear_s" not in str(error))
    assert set(outcomes) == {True, False}


def test_a_certain_scene_has_one_seed(scene_text: str) -> None:
    from simgen.scenario import scene_to_yaml

    scene = sample(scene_text)
    certain = loads(scene_to_yaml(scene), "c.yaml")
    assert (certain.default_seed, certain.name, certain.splits) == (7, "test", {"train": 1.0})
    assert certain.sample(7) == scene
    with pytest.raises(UserError, match="has the seed 7 and no other"):
        certain.sample(8)


def test_sampling_does_not_touch_the_scenario(scene_text: str) -> None:
    scenario = loads(scene_text, "s")
    first = scenario.sample(3)
    scenario.sample(4)
    assert scenario.sample(3) == first
    with pytest.raises(dataclasses.FrozenInstanceError):
        scenario.name = "x"  # type: ignore[misc]


def test_known_kinds_cover_the_document() -> None:
    assert set(registry.KINDS) >= {"asset", "world", "weather", "light", "behaviour", "sensor", "edge_case"}
