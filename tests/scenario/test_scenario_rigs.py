"""A rig is short for its sensors: the same scene as if they were written out, with faults where they stand."""

from __future__ import annotations

import re
from pathlib import Path

import pytest
from scenario_plugins import SCENE

from simgen.errors import SceneError
from simgen.generate.plan import plan
from simgen.scenario import load, loads, scene_from_yaml, scene_to_yaml
from simgen.yaml.nodes import plain
from simgen.yaml.text import parse

RIG = """\
simgen_rig: 1
about: Two eyes and a third.
sensors:
  - {name: left, type: eye, width: 640, mount: {position_m: [1.5, 0.2, 1.4], rotation_deg: [0, 0, 5]}}
  - {name: right, type: eye, width: 640, mount: {position_m: [1.5, -0.2, 1.4]}, outputs: [depth]}
  - {name: above, type: eye, mount: {on: world, position_m: [0, 0, 9]}}
"""
WRITTEN_OUT = """\
  - name: a_left
    type: eye
    width: {integer: [100, 200]}
    mount: {on: ego, position_m: [1.75, 0.2, 2.4], rotation_deg: [0, 0, 5]}
  - {name: a_right, type: eye, width: 32, mount: {on: ego, position_m: [1, 2, 3]}, outputs: [normal]}
  - {name: lid, type: eye, mount: {on: ego/lid}, outputs: [depth]}
"""
INCLUDED = """\
  - rig: eyes.yaml
    prefix: a_
    offset_m: [0.25, 0, 1]
    without: [above]
    set:
      "*": {width: 32}
      left: {width: {integer: [100, 200]}}
      right: {mount: {position_m: [1, 2, 3]}, outputs: [normal]}
  - {name: lid, type: eye, mount: {on: ego/lid}, outputs: [depth]}
"""  # fmt: skip
HEAD = SCENE[: SCENE.index("sensors:")] + "sensors:\n"


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """A folder with a rig."""
    (tmp_path / "eyes.yaml").write_text(RIG)
    return tmp_path


def at(folder: Path, sensors: str) -> str:
    """The scene of the tests with other sensors, as a file in a folder."""
    path = folder / "scene.yaml"
    path.write_text(HEAD + sensors)
    return str(path)


def faults(folder: Path, sensors: str) -> list[str]:
    with pytest.raises(SceneError) as caught:
        load(at(folder, sensors))
    return [str(fault).replace(f"{folder}/", "") for fault in caught.value.faults]


def test_a_rig_gives_the_scene_that_its_sensors_written_out_give(folder: Path) -> None:
    for seed in range(3):
        assert load(at(folder, INCLUDED)).sample(seed) == load(at(folder, WRITTEN_OUT)).sample(seed)


def test_draws_in_a_rig_are_recorded_and_each_sensor_draws_for_itself(folder: Path) -> None:
    text = "  - {rig: eyes.yaml, set: {'*': {width: {integer: [1, 8000]}}}}\n"
    draws = dict(load(at(folder, text)).sample(4).draws)
    widths = [draws[f"sensors.{name}.width"] for name in ("left", "right", "above")]
    assert len(set(widths)) == 3
    alone = "  - {rig: eyes.yaml, without: [left, above], set: {'*': {width: {integer: [1, 8000]}}}}\n"
    assert dict(load(at(folder, alone)).sample(4).draws)["sensors.right.width"] == widths[1]


def test_the_certain_scene_needs_no_rig_file(folder: Path) -> None:
    scene = load(at(folder, INCLUDED)).sample(1)
    text = scene_to_yaml(scene)
    (folder / "eyes.yaml").unlink()
    assert "rig:" not in text
    assert "eyes" not in text
    assert scene_from_yaml(text) == scene


def test_what_the_rig_mounts_elsewhere_stays_there(folder: Path) -> None:
    scene = load(at(folder, "  - {rig: eyes.yaml, on: ego/lid, offset_m: [0, 0, 5]}\n")).sample(0)
    assert [(s.name, s.mount.on, s.mount.position_m[2]) for s in scene.sensors] == [
        ("left", "ego/lid", 6.4),
        ("right", "ego/lid", 6.4),
        ("above", "world", 9.0),
    ]


def test_two_rigs_of_a_kind_are_told_apart_by_their_prefix(folder: Path) -> None:
    text = "  - {rig: eyes.yaml, prefix: a_}\n  - {rig: eyes.yaml, prefix: b_, on: anvil}\n"
    scene = load(at(folder, text)).sample(0)
    assert [s.name for s in scene.sensors] == ["a_left", "a_right", "a_above", "b_left", "b_right", "b_above"]
    assert [s.mount.on for s in scene.sensors] == ["ego", "ego", "world", "anvil", "anvil", "world"]


def test_whole_lists_of_rigs_may_be_drawn(folder: Path) -> None:
    text = "  {choice: [[{rig: eyes.yaml}], [{rig: eyes.yaml, without: ['*t']}]]}\n"
    counts = {len(load(at(folder, text)).sample(seed).sensors) for seed in range(20)}
    assert counts == {3, 1}


def test_a_value_may_be_taken_back_to_its_default(folder: Path) -> None:
    (folder / "eyes.yaml").write_text(RIG.replace("width: 640", "rate_hz: 20"))
    scene = load(at(folder, "  - {rig: eyes.yaml, set: {left: {rate_hz: null}}}\n")).sample(0)
    assert [s.rate_hz for s in scene.sensors] == [None, 20.0, None]


MISTAKES = {
    "left, type: eye, width": ("left, type: eye, wide", "4:29: unknown key 'wide' of eye (did you mean 'width'?)"),
    "about: Two": ("abut: 1\nabout: Two", "2:1: unknown key 'abut' of the rig (did you mean 'about'?)"),
    "simgen_rig: 1": ("simgen_rig: 2", "1:13: simgen_rig must be one of 1, not 2"),
    "name: right": ("name: left", "5:12: there is already a sensor called 'left' (on line 4)"),
    "name: above, type: eye": ("name: above", "6:5: a rig's sensor needs a type, as a word"),
    "name: above": ("name: 6a", "6:12: '6a' is not a name: letters, digits, _ and - only, and no digit first"),
    "above, type: eye": ("above, rig: kitti", "6:19: a rig may not include another (include both in the scene)"),
    "[1.5, 0.2, 1.4]": ("[1.5, 0.2, x]", "4:72: position_m[2] must be a number, not 'x'"),
    "[depth]": ("[depht]", "5:90: an eye has no output 'depht'; outputs are depth, normal"),
    RIG: ("- a", "1:1: a rig file is a mapping of keys to values (it starts with 'simgen_rig: 1')"),
    "sensors:": ("sensors: [", "4:3: not YAML: "),
    "{name: left": ("!!map {name: left", "4:5: tags such as tag:yaml.org,2002:map are not part of the rig language"),
}


@pytest.mark.parametrize("old", MISTAKES, ids=lambda old: old[:20].replace("\n", " "))
def test_a_fault_in_a_rig_file_names_that_file(folder: Path, old: str) -> None:
    new, message = MISTAKES[old]
    (folder / "eyes.yaml").write_text(RIG.replace(old, new))
    found = faults(folder, "  - {rig: eyes.yaml, prefix: a_}\n  - {rig: eyes.yaml, prefix: b_}\n")
    assert found[0].startswith(f"eyes.yaml:{message}")
    assert len([line for line in found if line.startswith("eyes.yaml")]) == 1


def test_the_scene_s_own_faults_come_first(folder: Path) -> None:
    (folder / "eyes.yaml").write_text(RIG.replace("width: 640", "wide: 640"))
    found = faults(folder, "  - {rig: eyes.yaml, set: {left: {hfov_deg: 400}}}\n")
    assert found[0] == "scene.yaml:18:45: hfov_deg must be less than 180, not 400"
    assert [line.split(":")[0] for line in found[1:]] == ["eyes.yaml", "eyes.yaml"]


def test_a_random_place_in_a_rig_cannot_be_moved(folder: Path) -> None:
    (folder / "eyes.yaml").write_text(RIG.replace("[1.5, 0.2, 1.4]", "[{uniform: [1, 2]}, 0.2, 1.4]"))
    assert load(at(folder, "  - {rig: eyes.yaml}\n")).sample(0)
    assert faults(folder, "  - {rig: eyes.yaml, offset_m: [1, 0, 0]}\n") == [
        "scene.yaml:18:32: offset_m cannot move sensor 'left': its position_m is random in the rig file"
        " (set the position instead)"
    ]


def test_what_only_a_draw_can_tell_is_blamed_on_the_line_of_the_rig(folder: Path) -> None:
    scenario = load(at(folder, "  - {rig: eyes.yaml, set: {left: {start_s: 5}}}\n"))
    with pytest.raises(SceneError, match="sensor 'left' takes no frame: it starts at 5 s") as caught:
        scenario.sample(0)
    assert str(caught.value).startswith(f"{folder}/scene.yaml:18:44: ")
    scenario = load(at(folder, "  - {rig: eyes.yaml, on: ego/lit}\n"))
    with pytest.raises(SceneError, match="did you mean 'ego/lid'") as caught:
        scenario.sample(0)
    assert str(caught.value).startswith(f"{folder}/scene.yaml:18:26: ")


def test_a_scene_without_a_rig_is_not_touched() -> None:
    scenario = loads(SCENE, "f")
    assert plain(scenario.root) == plain(parse(SCENE, "f"))


def test_the_examples_of_the_guide_are_a_scene_and_a_rig(tmp_path: Path) -> None:
    page = Path(__file__).parents[2] / "docs" / "rigs.md"
    blocks = re.findall(r"^```yaml\n(.*?)^```", page.read_text(), re.MULTILINE | re.DOTALL)
    scene, rig = (next(b for b in blocks if b.startswith(start)) for start in ("simgen: 1", "simgen_rig: 1"))
    assert [s.name for s in loads(scene, "guide").sample(0).sensors] == ["image_02", "image_03", "velodyne", "side"]
    (tmp_path / "stereo.yaml").write_text(rig)
    text = HEAD + "  - {rig: stereo.yaml}\n"
    assert [s.name for s in loads(text, str(tmp_path / "scene.yaml")).sample(0).sensors] == ["left", "right"]
    (error,) = (b for b in blocks if b.startswith("calibration_error"))
    indented = "".join(f"    {line}\n" for line in error.splitlines())
    text = HEAD + f"  - name: eye\n    type: camera\n{indented}"
    assert loads(text, "guide").sample(0).sensors[0].calibration_error.focal_px == 1.5


def test_a_run_is_not_resumed_with_another_rig_file(folder: Path) -> None:
    path = Path(at(folder, "  - {rig: eyes.yaml}\n"))
    before = plan([path], count=2, seed=None)
    assert plan([path], count=2, seed=None) == before
    assert load(path).text == path.read_text()
    (folder / "eyes.yaml").write_text(RIG.replace("640", "641"))
    after = plan([path], count=2, seed=None)
    assert after[0].text != before[0].text
    again = loads(after[0].text, str(path))
    assert again.pinned_text == after[0].text
    assert again.sample(0).sensors[0].width == 641
