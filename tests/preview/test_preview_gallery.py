"""The gallery: what it shows, and from where."""

from __future__ import annotations

import itertools
from dataclasses import replace

import cv2
import numpy as np
import pytest
from click.testing import CliRunner

from simgen import registry
from simgen.assembly import model_of
from simgen.cli import main
from simgen.cli.gallery import gallery
from simgen.geometry import look_at
from simgen.preview.viewpoints import around, world_views

MODELS = {"sedan": {}, "pole": {}, "box": {"size_m": (0.02, 0.03, 0.01)}, "traffic_cone": {}}


@pytest.mark.parametrize("name", MODELS)
def test_whole_asset_fills_the_picture(name):
    model = model_of(registry.get("asset", name)(**MODELS[name]))
    view = around(model)
    ahead, left, up = (look_at_axes(view)[k] for k in range(3))
    corners = np.array(list(itertools.product((-0.5, 0.5), repeat=3))) * model.size + model.box_center
    seen = corners - view.eye_m
    half = np.tan(np.radians(0.5 * view.hfov_deg))
    x, y = np.abs(seen @ left) / (seen @ ahead) / half, np.abs(seen @ up) / (seen @ ahead) / (0.75 * half)
    assert (seen @ ahead > 0.0).all()
    assert 0.85 < max(x.max(), y.max()) <= 0.9 + 1e-9 or min(np.abs(seen).max(0)) < 0.13


def look_at_axes(view):
    """Forward, left and up of a camera in the world, rows of (3, 3)."""
    from simgen.geometry import quat_rotate

    q = look_at(np.array(view.eye_m), np.array(view.target_m))
    return [quat_rotate(q, axis) for axis in np.eye(3)]


def test_worlds_are_seen_from_a_lane_and_from_above():
    layout = registry.get("world", "straight_road")().build(0)
    lane, above = world_views(layout)
    assert lane.eye_m[2] < 2.5 < above.eye_m[2]
    assert [v.name for v in world_views(replace(layout, indoor=True))] == ["from a lane"]


def test_sheet(tmp_path):
    out = tmp_path / "sheet.png"
    answer = CliRunner().invoke(
        gallery, ["traffic_cone", "empty", "-o", str(out), "--width", "480", "--columns", "2"], catch_exceptions=False
    )
    assert answer.exit_code == 0, answer.output
    sheet = cv2.imread(str(out))
    assert sheet.shape[1] == 480
    # the cone is orange (BGR), and nothing else on the sheet is
    orange = (sheet[..., 2] > 120) & (sheet[..., 1] < 0.6 * sheet[..., 2]) & (sheet[..., 0] < 0.4 * sheet[..., 2])
    assert orange.sum() > 200


@pytest.mark.parametrize(
    ("arguments", "words"),
    [
        (["sedam"], "sedan"),
        (["-o", "a.gif"], "png"),
        (["-o", "no/where.png"], "does not exist"),
        (["--kind", "world", "sedan"], "no world"),
        (["scenes/none"], "no scene file scenes/none, and no folder"),
    ],
)
def test_mistakes(arguments, words, capsys):
    with pytest.raises(SystemExit) as stopped:
        main(["gallery", *arguments])
    assert stopped.value.code == 2
    assert words in capsys.readouterr().err


def test_a_sheet_of_scenes_survives_one_that_fails(tmp_path) -> None:  # type: ignore[no-untyped-def]
    from simgen.preview.scene_tiles import scene_sheet

    text = (
        "simgen: 1\nname: {name}\nclock: {{duration_s: 0.2, rate_hz: 10}}\nworld: {world}\n"
        "sensors:\n  - {{name: front, type: camera, width: 64, height: 36, mount: {{position_m: [0, 0, 1.5]}}}}\n"
    )
    good, bad = tmp_path / "good.yaml", tmp_path / "bad.yaml"
    good.write_text(text.format(name="good", world="empty"))
    bad.write_text(text.format(name="bad", world="nowhere"))
    sheet = scene_sheet([good, bad], width=420, columns=2)
    assert sheet.shape[1] == 420
    left, right = sheet[60:160, 10:200], sheet[60:160, 220:410]
    assert len(set(map(tuple, left.reshape(-1, 3).tolist()))) > 20
    assert (right == 206).any()
