"""What a user reads after a mistake, word for word."""

from __future__ import annotations

from pathlib import Path

import pytest

from simgen.errors import SceneError
from simgen.scenario import loads

TEN = """\
simgen: 1
clock: {duration_s: -1, rate_hz: "10 Hz"}
world: {type: yard, flgs: {}}
light: {type: lamp, elevation_deg: {uniform: [-100, 45]}}
weather:
  - {type: mist, visibility: 80}
  - {type: mistt}
ego: {asset: crate, lane: east/7}
objects:
  - {name: a, asset: crate, count: 2.5, place: {on: lane}}
  - {name: a, asset: crate, place: {on: lane}}
sensors:
  - {type: eye, width: 8}
"""

TEN_MESSAGES = """\
s.yaml:2:21: duration_s must be more than 0, not -1
s.yaml:2:34: rate_hz must be a number in Hz, not '10 Hz' (write 10 if it is in Hz; the key says the unit)
s.yaml:3:21: unknown key 'flgs' of yard (did you mean 'flags'?)
s.yaml:4:36: elevation_deg must be at least -90, not -100 (uniform reaches from -100 to 45)
s.yaml:6:18: unknown key 'visibility' of mist (did you mean 'visibility_m'?)
s.yaml:7:12: unknown weather 'mistt' (did you mean 'mist'?)
s.yaml:8:27: there is no lane 'east/7' (did you mean 'east/2'?)
s.yaml:10:36: count must be a whole number, not 2.5
s.yaml:11:12: there is already an object called 'a' (on line 10)
s.yaml:13:5: eye needs the key 'name' (unique in the scene)"""


def faults(text: str) -> list[str]:
    """The messages of a scene's faults, without the file's name."""
    with pytest.raises(SceneError) as caught:
        loads(text, "s")
    return [str(fault).removeprefix("s:") for fault in caught.value.faults]


def small(line: str) -> str:
    """A scene that is right but for one line."""
    return f"simgen: 1\nworld: yard\n{line}\n"


def test_ten_mistakes_give_ten_messages() -> None:
    with pytest.raises(SceneError) as caught:
        loads(TEN, "s.yaml")
    assert str(caught.value) == TEN_MESSAGES
    assert caught.value.exit_code == 2


def table() -> dict[str, str]:
    """The lines and messages of ``mistakes.txt``."""
    text = (Path(__file__).parent / "mistakes.txt").read_text()
    blocks = [block.splitlines() for block in text.split("\n\n")[1:] if block.strip()]
    return {line.replace("\\n", "\n"): message for line, message in blocks}


ONE = table()


@pytest.mark.parametrize("line", ONE, ids=lambda line: line[:60])
def test_one_mistake_gives_one_message(line: str) -> None:
    assert faults(small(line)) == [ONE[line]]


def test_what_is_missing_or_of_another_version() -> None:
    assert faults("world: yard\n") == ["1:1: the scene needs the key 'simgen' (version of the scene format)"]
    assert faults("simgen: 2\nworld: yard\n") == ["1:9: simgen must be one of 1, not 2"]
    assert faults("simgen: 1\n") == ["1:1: the scene needs the key 'world' (ground, map and buildings)"]
    assert faults("- 1\n") == ["1:1: a scene file is a mapping of keys to values (it starts with 'simgen: 1')"]


SAMPLING = {
    "objects: [{name: a, asset: crate, place: {on: attic}}]": ("3:42", "attic"),
    "objects: [{name: a, asset: crate, count: 60, place: {on: lane, gap_m: 40}}]": ("3:53", "no room for 'a/"),
    "objects: [{name: anvil, asset: crate, place: {on: lane}}]": (
        "3:11",
        "the world already has something called 'anvil'",
    ),
    "sensors: [{name: a, type: eye, mount: {on: anvil/lit}}]": (
        "3:44",
        "which does not exist (did you mean 'anvil/lid'?)",
    ),
    "edge_cases: [{type: drop, before: ego}]\nego: {asset: crate, lane: east, at_m: 9999}": (
        "4:27",
        "at_m 9999 is beyond",
    ),
    "objects: [{name: a, asset: crate, place: {on: lane}, appear_s: {uniform: [1, 2]}, vanish_s: 1}]": (
        "3:93",
        "vanish_s must be after appear_s",
    ),
    "sensors: [{choice: [{name: a, type: eye}]}, {name: a, type: eye}]": ("3:45", "already a sensor called 'a'"),
    "objects: [{name: a, asset: crate, count: 0, place: {on: lane}}]\nedge_cases: [{type: drop, before: a}]": (
        "4:14",
        "drop needs somebody called 'a'",
    ),
}


@pytest.mark.parametrize("line", SAMPLING, ids=lambda line: line[:60])
def test_what_only_a_draw_can_tell_is_blamed_on_its_place(line: str) -> None:
    scenario = loads(small(line), "s")
    with pytest.raises(SceneError) as caught:
        scenario.sample(0)
    (fault,) = caught.value.faults
    where, words = SAMPLING[line]
    assert f"{fault.line}:{fault.column}" == where
    assert words in str(fault)


def test_every_fault_is_reported_once_and_in_order() -> None:
    text = small("weather: &w [{type: mist, visibility_m: 0}]\nzzz: *w\nclock: {rate_hz: 0}")
    assert [message.split(":")[0] for message in faults(text)] == ["3", "4", "5"]
