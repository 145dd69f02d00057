"""Which lamps shine when: street lamps, vehicles, signals."""

from __future__ import annotations

from collections import Counter
from pathlib import Path

import numpy as np
import pytest

from simgen.assembly import assemble
from simgen.engine import driving
from simgen.engine.shining import Shining
from simgen.physics import simulate
from simgen.records.lights import BEAMS, LUMINANCE_RGB
from simgen.records.stage import Stage
from simgen.scenario import loads

NIGHT = "{time: 2024-12-21T00:00:00+01:00}"
STREET = """
simgen: 1
name: lamps
clock: {duration_s: 1.0, rate_hz: 10}
world: {type: intersection, buildings: {density: 0.0}, trees: {density: 0.0}}
light: LIGHT
ego: {asset: sedan, lane: east/1, at_m: 10, speed_m_s: 8}
objects:
  - {name: parked, asset: hatchback, place: {along: kerb, kerb: east}}
  - {name: full, asset: {type: suv, lights: high, indicators: hazard}, place: {along: kerb, kerb: west}}
sensors:
  - {name: front, type: camera, width: 64, height: 48, mount: {on: ego, position_m: [1.6, 0, 1.4]}}
"""


def shining(text: str) -> tuple[Shining, Stage]:
    scene = loads(text, "lamps.yaml").sample(3)
    assembly = assemble(scene)
    made = Shining(assembly, simulate(assembly), scene.light.field())
    return made, made.stage(100_000_000)


def counts(stage: Stage, assembly_states: tuple[str, ...]) -> Counter[str]:
    on = stage.lamps.intensity.max(-1) > 0.0
    return Counter(state for state, shines in zip(assembly_states, on, strict=True) if shines)


def test_by_night_streets_are_lit_and_drivers_have_their_lights_on() -> None:
    made, stage = shining(STREET.replace("LIGHT", NIGHT))
    shown = counts(stage, made._assembly.lamps.state)
    assert shown["dusk"] > 10
    # the ego's and the full-beam car's; the parked one is dark
    assert shown["low_beam"] == 4
    assert shown["tail"] == 4
    assert shown["high_beam"] == 2
    assert shown["left"] == shown["right"]
    assert shown["brake"] == shown["reverse"] == 0
    # one lamp each of four traffic lights
    assert shown["green"] + shown["red"] + shown["yellow"] == 4


def test_by_day_only_those_that_are_told_to_shine() -> None:
    made, stage = shining(STREET.replace("LIGHT", "{cloud_cover: 0.2}"))
    shown = counts(stage, made._assembly.lamps.state)
    assert shown["dusk"] == 0
    assert shown["low_beam"] == 2
    emission = stage.surfaces.emission.max(-1)
    assert ((emission > 0.0) == stage.surfaces.has_lamp)[emission > 0.0].all()


def test_lamps_sit_on_their_bodies() -> None:
    made, stage = shining(STREET.replace("LIGHT", NIGHT))
    lamps, names = stage.lamps, made._assembly.body_names
    low = (lamps.beam == BEAMS.index("low_beam")) & (lamps.body == 1 + names.index("ego"))
    assert low.sum() == 2
    place = lamps.position[low]
    assert place[0, 1] == pytest.approx(-place[1, 1], abs=0.02)
    assert (place[:, 0] > 2.5).all()
    assert ((place[:, 2] > 0.5) & (place[:, 2] < 0.9)).all()
    assert np.allclose(lamps.axis[low], [1.0, 0.0, 0.0])


def test_a_street_lamp_stands_over_the_road_and_looks_down() -> None:
    made, stage = shining(STREET.replace("LIGHT", NIGHT))
    street = np.array([s == "dusk" for s in made._assembly.lamps.state])
    lamps = stage.lamps
    assert (lamps.body[street] == 0).all()
    assert np.allclose(lamps.axis[street], [0.0, 0.0, -1.0], atol=1e-6)
    # posts stand 0.45 m behind the kerb, 9.3 m from the middle; arms reach over the parking lane
    across = np.abs(lamps.position[street][:, :2]).min(-1)
    assert ((across > 7.0) & (across < 9.0)).all()
    cd = float((lamps.intensity[street][0] * LUMINANCE_RGB).sum())
    assert cd == pytest.approx(6000.0 / 3.646, rel=1e-5)


def test_an_instant_with_the_same_lamps_shares_its_stage() -> None:
    made, stage = shining(STREET.replace("LIGHT", NIGHT))
    assert made.stage(100_000_000) is stage
    # half a period of the blinking later
    other = made.stage(100_000_000 + round(1e9 / driving.BLINK_HZ / 2.0))
    states = made._assembly.lamps.state
    assert {counts(stage, states)["left"], counts(other, states)["left"]} == {0, 2}


def test_lit_words_are_checked(tmp_path: Path) -> None:
    text = STREET.replace("LIGHT", NIGHT).replace("lights: high", "lights: bright")
    with pytest.raises(Exception, match="lights must be one of 'auto', 'off', 'low', 'high'"):
        loads(text, "lamps.yaml").sample(1)


def test_brake_lamps_come_on_with_braking_and_stay_on_at_rest() -> None:
    step, t = 1.0 / 240.0, np.arange(0.0, 6.0, 1.0 / 240.0)
    # 1 s even, 3 s at -3 m/s2 to rest, then rest, then off again
    speed = np.interp(t, [0.0, 1.0, 4.0, 5.0, 6.0], [9.0, 9.0, 0.0, 0.0, 2.0])
    on = driving.braking(speed, step)
    assert not on[t < 0.9].any()
    assert on[(t > 1.1) & (t < 4.95)].all()
    assert not on[t > 5.3].any()
    # engine drag alone lights nothing
    assert not driving.braking(9.0 - 0.3 * t, step).any()


def test_indicators_come_on_before_a_turn_and_know_the_side() -> None:
    step, t = 1.0 / 240.0, np.arange(0.0, 8.0, 1.0 / 240.0)
    yaw = np.interp(t, [0.0, 4.0, 6.0, 8.0], [0.0, 0.0, np.pi / 2, np.pi / 2])
    speed = np.full(len(t), 5.0)
    left = driving.turning(yaw, speed, step, 1.0)
    assert not left[t < 0.9].any()
    assert left[(t > 1.1) & (t < 6.0)].all()
    assert not left[t > 6.5].any()
    assert not driving.turning(yaw, speed, step, -1.0).any()
    # a wide bend of 100 m is no turn
    assert not driving.turning(0.05 * t, speed, step, 1.0).any()


def test_blinking_is_even_at_one_and_a_half_hertz() -> None:
    lit = np.array([driving.blinks(int(k * 1e6), 0.3) for k in range(4000)])
    assert lit.mean() == pytest.approx(0.5, abs=1e-3)
    assert (np.diff(lit.astype(int)) == 1).sum() == 6
