"""Every registered behaviour: frozen, documented, deterministic, and its own past is all it remembers."""

from __future__ import annotations

import dataclasses
import typing

import numpy as np
import pytest
from driving import Actor, on_lane, play, yaw_state

from simgen import registry
from simgen.records.roads import RoadMap

NEEDED: dict[str, dict[str, object]] = {
    "waypoints": {"positions_m": ((-50.0, -11.0), (-40.0, -11.0))},
    "keyframes": {"times_s": (0.0, 1.0), "positions_m": ((0.0, 0.0, 0.0), (1.0, 0.0, 0.0))},
}
NEEDED["joint_keyframes"] = {"times_s": (0.0, 1.0), "joints_deg": ((0.0,), (30.0,))}
NEEDED["storyboard"] = {
    "entity": "a",
    "text": '<OpenSCENARIO><Entities><ScenarioObject name="a"><Vehicle vehicleCategory="car"/></ScenarioObject>'
    "</Entities>"
    '<Storyboard><Init><Actions><Private entityRef="a"><PrivateAction><LongitudinalAction><SpeedAction>'
    '<SpeedActionDynamics dynamicsShape="linear" dynamicsDimension="time" value="2"/><SpeedActionTarget>'
    '<AbsoluteTargetSpeed value="9"/></SpeedActionTarget></SpeedAction></LongitudinalAction></PrivateAction></Private>'
    "</Actions></Init></Storyboard></OpenSCENARIO>",
}
NAMES = registry.names("behaviour")


@pytest.mark.parametrize("name", NAMES)
def test_is_frozen_and_documented(name: str) -> None:
    cls = registry.get("behaviour", name)
    assert len(cls.__doc__ or "") > 40
    config = cls(**NEEDED.get(name, {}))
    with pytest.raises(dataclasses.FrozenInstanceError):
        config.anything = 1
    typing.get_type_hints(cls)
    for field in dataclasses.fields(config):
        assert field.metadata["doc"], field.name


@pytest.mark.parametrize("name", NAMES)
def test_two_runs_give_the_same_states(name: str, crossing: RoadMap) -> None:
    def once() -> object:
        actors = {
            "a": Actor(name, NEEDED.get(name, {}), on_lane(crossing, "east/1", 20.0)),
            "b": Actor("walk", {}, yaw_state(-50.0, -11.0, 0.12)),
        }
        return play(crossing, actors, 2.0, seed=4)

    assert once() == once()


@pytest.mark.parametrize("name", NAMES)
def test_states_stay_whole(name: str, crossing: RoadMap) -> None:
    """Finite positions, unit quaternions, distance that only grows, and no leaps."""
    states = play(crossing, {"a": Actor(name, NEEDED.get(name, {}), on_lane(crossing, "east/1", 20.0))}, 2.0)["a"]
    q = np.array([s.quaternion for s in states])
    np.testing.assert_allclose((q**2).sum(-1), 1.0, atol=1e-12)
    p = np.array([s.position for s in states])
    assert np.isfinite(p).all()
    # keyframes say themselves where they begin
    assert np.abs(np.diff(p[2:], axis=0)).max() < 0.2
    assert (np.diff([s.distance_m for s in states]) >= -1e-12).all()
