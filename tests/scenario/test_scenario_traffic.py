"""The section ``traffic:``: numbers become entities, and what does not fit is said with its line."""

from __future__ import annotations

import pytest

from simgen.errors import SceneError
from simgen.scenario.scenario import loads, scene_from_yaml
from simgen.scenario.write import scene_to_yaml

HEAD = "simgen: 1\nworld: {type: intersection, arm_length_m: 60}\n"


def text(traffic: str) -> str:
    return f"{HEAD}traffic: {traffic}\n"


def test_numbers_become_entities() -> None:
    scene = loads(text("{vehicles: 5, parked_share: 0.4, pedestrians: 4, cyclists: 1, looks: 1}"), "s").sample(seed=2)
    names = [e.name for e in scene.entities if e.group not in ("props", "")]
    count = {g: sum(e.group == g for e in scene.entities) for g in ("vehicles", "parked", "cyclists", "pedestrians")}
    assert count == {"vehicles": 3, "parked": 2, "cyclists": 1, "pedestrians": 4}
    assert "cyclists/0/cyclist_rider" in names
    kinds = {e.group: getattr(type(e.behaviour), "plugin_name", None) for e in scene.entities}
    assert kinds["vehicles"] == kinds["cyclists"] == "drive"
    assert kinds["pedestrians"] == "stroll"
    assert kinds["parked"] is None
    headways = [e.behaviour.headway_s for e in scene.group("vehicles")]  # type: ignore[union-attr]
    assert len(set(headways)) == 3
    assert all(1.0 <= h <= 2.0 for h in headways)
    assert scene_from_yaml(scene_to_yaml(scene)) == scene
    again = loads(text("{vehicles: 5, parked_share: 0.4, pedestrians: 4, cyclists: 1, looks: 1}"), "s").sample(seed=2)
    assert again == scene


def test_aggressive_drivers_keep_shorter_gaps() -> None:
    def mean(aggressiveness: float) -> float:
        mix = f"{{vehicles: 6, aggressiveness: {aggressiveness}, mix: {{hatchback: 1}}, looks: 1}}"
        scene = loads(text(mix), "s").sample(seed=0)
        found = [e.behaviour.headway_s for e in scene.group("vehicles")]  # type: ignore[union-attr]
        return sum(found) / len(found)

    assert mean(0.9) < mean(0.1) - 0.4


@pytest.mark.parametrize(
    ("traffic", "said"),
    [
        ("{vehicles: 900, mix: {hatchback: 1}, looks: 1}", r"s:3:10: traffic: only \d\d of 900 vehicles found room"),
        ("{vehicles: 3, mix: {hatchbak: 1}}", r"s:3:\d+: mix: there is no asset 'hatchbak'; did you mean 'hatchback'"),
        ("{vehicles: -1}", r"s:3:\d+: vehicles must be at least 0"),
        ("{vehicle: 3}", "s:3:11: unknown key 'vehicle' of traffic"),
        ("{vehicles: 3, mix: {mesh_file: 1}}", "mix: 'mesh_file' needs path; list such things under objects"),
        ("{vehicles: 3, mix: {sedan: 0}}", "at least one share must be more than 0"),
    ],
)
def test_mistakes_are_said_with_their_line(traffic: str, said: str) -> None:
    with pytest.raises(SceneError, match=said):
        loads(text(traffic), "s").sample(seed=0)


def test_a_world_without_lanes_has_no_traffic() -> None:
    with pytest.raises(SceneError, match="this world has no driving lanes for vehicles"):
        loads("simgen: 1\nworld: empty\ntraffic: {vehicles: 1}\n", "s").sample(seed=0)
    with pytest.raises(SceneError, match="no parking lanes; set parked_share: 0"):
        loads(
            "simgen: 1\nworld: {type: straight_road, highway: true}\ntraffic: {vehicles: 2, parked_share: 1}\n", "s"
        ).sample(seed=0)
