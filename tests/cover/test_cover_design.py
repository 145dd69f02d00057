"""Designs of a scene's parameters: levels, weights, files, and what data cover."""

from __future__ import annotations

import json

import numpy as np
import pytest

from simgen.cli import main
from simgen.cover.axes import axis_of
from simgen.cover.design import design
from simgen.cover.output import write_design
from simgen.cover.spec import read_spec
from simgen.errors import SceneError, UserError
from simgen.scenario import load
from simgen.scenario.space import space_of

SCENE = """# a comment stays
simgen: 1
clock: {duration_s: 0.2, rate_hz: 10}
world: {type: empty, size_m: 40}
light:
  time: {choice: ["2024-06-21T08:00:00Z", "2024-06-21T12:00:00Z"], weights: [3, 1]}
  cloud_cover: {uniform: [0, 1]}
weather:
  - {choice: [{type: fog, visibility_m: {log_uniform: [50, 500]}}, {type: rain, rate_mm_h: {uniform: [1, 41]}}]}
objects:
  - {name: crate, asset: box, count: {integer: [1, 3]}, place: {on: ground}}
sensors:
  - {name: eye, type: camera, width: 32, height: 24, hfov_deg: 70, mount: {position_m: [0, 0, 2]}}
"""
COVER = """cover: 1
scene: scene.yaml
levels: 4
parameters:
  light.cloud_cover: [0, 0.5, 1]
  objects.crate.count: 3
  "weather[0].choice": 2
  "weather[0].choice[1].rate_mm_h": 4
"""


@pytest.fixture
def folder(tmp_path):
    (tmp_path / "scene.yaml").write_text(SCENE)
    return tmp_path


def spec_of(folder, text=COVER, **changes):
    (folder / "cover.yaml").write_text(text)
    return read_spec(folder / "cover.yaml", **changes)


def test_levels_are_strata_of_equal_probability_options_and_whole_numbers(folder):
    dimensions = {d.path: d for d in space_of(load(folder / "scene.yaml"))}
    cloud = axis_of(dimensions["light.cloud_cover"], 4)
    assert [cloud.chance(k) for k in range(4)] == [0.25] * 4
    assert [cloud.level(v) for v in (0.0, 0.24, 0.26, 1.0)] == [0, 0, 1, 3]
    assert cloud.word(1) == "0.25 to 0.5"
    time = axis_of(dimensions["light.time"], 4)
    assert [time.chance(k) for k in range(time.count)] == [0.75, 0.25]
    crates = axis_of(dimensions["objects.crate.count"], 5)
    assert [crates.word(k) for k in range(crates.count)] == ["1", "2", "3"]
    fog = axis_of(dimensions["weather[0].choice[0].visibility_m"], 2)
    assert (fog.count, fog.word(2), fog.level(None)) == (3, "absent", 2)
    assert fog.value(0, 0.5) == pytest.approx(50.0 * 10.0**0.25)


def test_a_covering_design_has_every_pair_and_what_choices_leave_out_is_absent(folder):
    made = design(spec_of(folder))
    assert made.coverage.share == 1.0
    # 3 x 3 pairs of clouds and crates alone take nine scenes
    assert 9 <= len(made.values) <= 20
    for values in made.values:
        assert ("weather[0].choice[1].rate_mm_h" in values) == (values["weather[0].choice"] == 1)
    assert np.isnan(made.weights).all()  # values given by hand have no density


def test_its_files_draw_what_was_designed_and_cover_it(folder, capsys):
    made = design(spec_of(folder), seed=5)
    paths = write_design(made, folder / "out", seed=5)
    assert len(paths) == len(made.values)
    for k, path in enumerate(paths):
        assert path.read_text().startswith("# a comment stays\nsimgen: 1\n")
        scenario = load(path)
        scene = scenario.sample(scenario.default_seed)
        assert (scene.name, scene.seed) == ("scene", 5 + k)
        draws = dict(scene.draws)
        assert {path: draws[path] for path in made.values[k]} == dict(made.values[k])
    plan = json.loads((folder / "out" / "plan.json").read_text())
    assert plan["covered"] == plan["combinations"] == made.coverage.total
    with pytest.raises(UserError, match="is not an empty folder"):
        write_design(made, folder / "out", seed=5)

    some = [str(path) for path in paths[::2]]
    main(["generate", *some, "-o", str(folder / "half.h5")])
    with pytest.raises(SystemExit) as stop:
        main(
            ["cover", str(folder / "cover.yaml"), "--data", str(folder / "half.h5"), "--report", str(folder / "r.html")]
        )
    assert stop.value.code == 1
    told = capsys.readouterr().out
    assert "missing: light.cloud_cover" in told
    page = (folder / "r.html").read_text()
    assert page.count("<rect") == 6
    assert "combinations are missing" in page


def test_weights_undo_how_it_was_drawn(folder):
    # a normal cut off at 0 and 1, most of it near 1
    spec = spec_of(folder, "cover: 1\nscene: scene.yaml\nimportance:\n  light.cloud_cover: {normal: [0.9, 0.4]}\n")
    made = design(spec, "sobol", 256, seed=2)
    clouds = np.array([values["light.cloud_cover"] for values in made.values])
    assert (clouds.min() >= 0.0, clouds.max() <= 1.0, clouds.mean() > 0.6) == (True, True, True)
    assert made.weights.mean() == pytest.approx(1.0)
    assert (made.weights * clouds).mean() == pytest.approx(0.5, abs=0.01)
    assert (made.weights * clouds**2).mean() == pytest.approx(1.0 / 3.0, abs=0.01)


def test_a_covering_design_weighs_options_by_their_probability(folder):
    text = "cover: 1\nscene: scene.yaml\nparameters: {light.time: 2, light.cloud_cover: 4}\n"
    made = design(spec_of(folder, text))
    morning = np.array([values["light.time"].startswith("2024-06-21T08") for values in made.values])
    assert (made.weights * morning).mean() == pytest.approx(0.75)


@pytest.mark.parametrize("method", ["latin_hypercube", "sobol"])
def test_points_fill_every_axis_evenly(folder, method):
    text = "cover: 1\nscene: scene.yaml\nparameters: {light.cloud_cover: 4, objects.crate.count: 3}\n"
    made = design(spec_of(folder, text), method, 64, seed=1)
    clouds = np.sort([values["light.cloud_cover"] for values in made.values])
    # Kolmogorov and Smirnov: far below the 0.17 that random draws may have
    assert np.abs(clouds - (np.arange(64) + 0.5) / 64).max() < 1.2 / 64
    assert made.values == design(spec_of(folder, text), method, 64, seed=1).values
    assert made.values != design(spec_of(folder, text), method, 64, seed=2).values


MISTAKES = {
    "parameters: {light.clod_cover: 4}": "cover.yaml:3:32: the scene draws nothing under 'light.clod_cover'; did",
    "parameters: {light.cloud_cover: [0, 2]}": "is drawn from 0 to 1: a level lies outside",
    "parameters: {light.time: [noon]}": "light.time is never 'noon'",
    "parameters: {light.cloud_cover: 0}": "needs at least one level",
    "forbid: [{light.cloud: 1}]": "cover.yaml:3:10: the scene draws nothing under 'light.cloud'",
    "importance: {light.cloud_cover: {uniform: [0, 0.5]}}": "it must reach from 0 to 1",
    "importance: {light.cloud_cover: 3}": "is not a distribution",
    "strenght: 2": "did you mean 'strength'",
    "strength: 5\nparameters: {light.cloud_cover: 4}": "strength 5 needs as many parameters, and there are 1",
}


@pytest.mark.parametrize("line", MISTAKES)
def test_mistakes_are_told_with_their_place(folder, line):
    with pytest.raises(UserError) as error:
        spec_of(folder, f"cover: 1\nscene: scene.yaml\n{line}\n")
    assert MISTAKES[line] in str(error.value)


def test_counts_that_do_not_fit_are_told(folder):
    spec = spec_of(folder)
    with pytest.raises(UserError, match="more than --count 3"):
        design(spec, count=3)
    with pytest.raises(UserError, match="add --count N"):
        design(spec, "sobol")
    assert len(design(spec, count=40).values) == 40


def test_pinned_values_are_checked_where_they_are_written(folder):
    (folder / "scene.yaml").write_text(SCENE + "pinned: {light.cloud_cover: 1.5}\n")
    with pytest.raises(SceneError, match=r"scene.yaml:14:\d+: light.cloud_cover cannot be 1.5"):
        load(folder / "scene.yaml")


@pytest.mark.parametrize("option", [["--levels", "0"], ["--strength", "0"], ["--strength", "-2"]])
def test_numbers_below_one_are_told(folder, capsys, option):
    with pytest.raises(SystemExit) as stop:
        main(["cover", str(folder / "scene.yaml"), *option])
    assert stop.value.code == 2
    assert f"{option[0]} must be at least 1" in capsys.readouterr().err
