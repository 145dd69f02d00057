"""Named cameras: their values stand behind the scene's, mistakes keep their place, and a stored scene needs no file."""

from __future__ import annotations

import json
from pathlib import Path

import numpy as np
import pytest
from helpers_camera import even

from simgen.cli import main
from simgen.errors import SceneError, UserError
from simgen.scenario import load, loads
from simgen.scenario.cameras.catalogue import camera_names
from simgen.scenario.cameras.describe import camera_facts
from simgen.scenario.cameras.expand import camera_of
from simgen.scenario.scenario import scene_from_yaml
from simgen.scenario.write import scene_to_yaml
from simgen.sensors.camera import Camera

FILE = """simgen_camera: 1
about: Mine.
camera: {width: 64, height: 48, hfov_deg: 50, imager: {pixel_um: 5, read_noise_e: 4}}
"""


def scene_text(camera: str) -> str:
    return f"simgen: 1\nworld: empty\nsensors:\n  - {{name: eye, type: camera, {camera}}}\n"


def camera(line: str) -> Camera:
    found = loads(scene_text(line), "s").sample(0).sensors[0]
    assert isinstance(found, Camera)
    return found


def faults(text: str, name: str = "s") -> list[str]:
    with pytest.raises(SceneError) as error:
        loads(text, name)
    return [str(fault) for fault in error.value.faults]


@pytest.mark.parametrize("model", camera_names())
def test_every_camera_takes_a_picture_and_says_where_its_figures_are_from(model: str) -> None:
    facts = camera_facts(model)
    assert len(facts["about"]) < 200
    assert len(facts["source"]) > 100
    whole = camera(f"model: {model}")
    assert whole.imager is not None
    assert not whole.is_ideal
    assert whole == camera_of(model, name="eye")
    small = camera(f"model: {model}, width: 64, height: 48, hfov_deg: 60, outputs: [raw], exposure: {{lag_s: 0}}")
    frame = even(small, 900.0)
    assert frame.raw is not None
    assert frame.rgb is not None
    assert small.imager.black_level < frame.raw.mean() < 2**small.imager.bits - 1
    assert 40 < frame.rgb.mean() < 200


def test_the_scene_comes_first_and_keeps_the_rest() -> None:
    found = camera("model: automotive_1_2mp, height: 720, imager: {read_noise_e: 1}")
    assert (found.width, found.height) == (1280, 720)
    assert found.imager is not None
    assert (found.imager.read_noise_e, found.imager.pixel_um) == (1.0, 3.75)
    assert camera("model: automotive_1_2mp, imager: null").imager is None
    # one of two keys for the same thing silences the other
    assert camera("model: automotive_1_2mp, focal_px: 900").hfov_deg is None
    assert camera("model: automotive_1_2mp, exposure_ev: 12").exposure.lag_s == 0.0
    assert camera("model: surround_fisheye_2mp, lens: {model: pinhole}").lens.k1 == 0.0
    assert camera_of("automotive_1_2mp", name="eye", focal_px=900.0).hfov_deg is None


def test_a_stored_scene_holds_the_numbers() -> None:
    scene = loads(scene_text("model: d435_color"), "s").sample(0)
    text = scene_to_yaml(scene)
    assert "d435_color" not in text
    assert scene_from_yaml(text) == scene


def test_a_file_of_the_users_own(tmp_path: Path) -> None:
    (tmp_path / "mine.yaml").write_text(FILE)
    (tmp_path / "scene.yaml").write_text(scene_text("model: mine.yaml, height: 32"))
    scenario = load(tmp_path / "scene.yaml")
    found = scenario.sample(0).sensors[0]
    assert isinstance(found, Camera)
    assert found.imager is not None
    assert (found.width, found.height, found.imager.read_noise_e) == (64, 32, 4.0)
    before = scenario.pinned_text
    (tmp_path / "mine.yaml").write_text(FILE.replace("4}", "5}"))
    assert load(tmp_path / "scene.yaml").pinned_text != before


def test_draws_and_rigs_may_name_cameras(tmp_path: Path) -> None:
    text = (
        "simgen: 1\nworld: empty\nsensors:\n  - {choice: [{name: a, type: camera, model: d435_color}, "
        "{name: a, type: camera, model: automotive_8mp}]}\n"
    )
    widths = {loads(text, "s").sample(k).sensors[0].width for k in range(12)}  # type: ignore[attr-defined]
    assert widths == {1920, 3840}
    rig = "simgen_rig: 1\nabout: One.\nsensors: [{name: eye, type: camera, model: d435_color}]\n"
    (tmp_path / "rig.yaml").write_text(rig)
    (tmp_path / "s.yaml").write_text("simgen: 1\nworld: empty\nsensors: [{rig: ./rig.yaml, on: world}]\n")
    assert load(tmp_path / "s.yaml").sample(0).sensors[0].imager.bits == 10  # type: ignore[attr-defined]


@pytest.mark.parametrize(
    ("line", "words"),
    [
        (
            "model: automotive_1_3mp",
            "s:4:38: unknown camera model 'automotive_1_3mp' (did you mean 'automotive_1_2mp'?)",
        ),
        ("model: ./none.yaml", "s:4:38: there is no camera file './none.yaml' (a path starts at the scene's folder)"),
        ("model: 3", "s:4:38: model must be the name of a camera, and may not be random"),
        ("model: automotive_1_2mp, imager: {bits: 99}", "s:4:71: bits must be at most 16, not 99"),
    ],
)
def test_mistakes_are_told_where_they_stand(line: str, words: str) -> None:
    assert faults(scene_text(line))[0].startswith(words)


def test_mistakes_in_a_file_are_told_with_its_name(tmp_path: Path) -> None:
    mine = tmp_path / "mine.yaml"
    text = scene_text(f"model: {mine}")
    for wrong, words in (
        (FILE.replace("width", "widht"), f"{mine}:3:10: unknown key 'widht' of camera (did you mean 'width'?)"),
        (FILE.replace("64", "-3"), f"{mine}:3:17: width must be at least 1, not -3"),
        (FILE.replace("width: 64", "name: x"), f"{mine}:3:10: name is the scene's, not a camera file's"),
        (FILE.replace("64", "{uniform: [3, 5]}"), f"{mine}:3:17: a device has no random values"),
        (FILE.replace("about: Mine.\n", ""), f"{mine}:1:1: the camera file needs the key 'about'"),
    ):
        mine.write_text(wrong)
        assert faults(text)[0].startswith(words)


def test_python_asks_for_a_model_by_its_own_way() -> None:
    with pytest.raises(ValueError, match=r"in Python: simgen\.scenario\.cameras"):
        Camera(name="eye", model="d435_color")
    with pytest.raises(UserError, match="did you mean 'd435_color'"):
        camera_of("d435_colour", name="eye")


def test_list_and_describe(capsys: pytest.CaptureFixture[str]) -> None:
    main(["list", "camera"])
    out = capsys.readouterr().out
    assert [line.split()[0] for line in out.splitlines()[1:]] == list(camera_names())
    main(["describe", "camera", "machine_vision_12mp"])
    out = capsys.readouterr().out
    assert "pixel_um: 3.45" in out
    assert "Source: An imager of the IMX253 class" in out
    main(["describe", "camera", "machine_vision_12mp", "--json"])
    assert json.loads(capsys.readouterr().out)["camera"]["width"] == 4096
    assert np.isfinite(camera_of("machine_vision_12mp", name="x").projection.fx)
