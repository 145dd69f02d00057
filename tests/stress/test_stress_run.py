"""Whole searches with real rendering, of a small scene: an orange box that a simple detector looks for."""

from __future__ import annotations

import json
import math
from pathlib import Path

import numpy as np
import pytest

from simgen.cli import main
from simgen.errors import UserError
from simgen.scenario import load
from simgen.stress.runner import ModelRunner
from simgen.stress.store import Store
from simgen.stress.trial import Judge, hazards_of, tried

SCENE = """# A box in front of a camera.
simgen: 1
clock: {duration_s: 0.2, rate_hz: 10}
world: empty
light: {type: constant}
objects:
  - name: box   # the one
    asset: {type: box, class_name: person, size_m: [0.6, 0.6, 1.8], color: {choice: [orange, navy]}}
    place: {at_m: [{uniform: [4, 9]}, {uniform: [-1, 1]}]}
sensors:
  - {name: front, type: camera, width: 96, height: 64, hfov_deg: 60, mount: {on: world, position_m: [0, 0, 1.2]}}
  - {name: top, type: lidar, model: vlp-16, mount: {on: world, position_m: [0, 0, 1.2]}, rate_hz: 10}
"""
MODEL = "stress_models:color_blind"


@pytest.fixture(scope="module")
def scene(tmp_path_factory: pytest.TempPathFactory) -> Path:
    path = tmp_path_factory.mktemp("stress") / "box.yaml"
    path.write_text(SCENE)
    return path


def run(capsys: pytest.CaptureFixture[str], *arguments: object) -> tuple[int, str, str]:
    try:
        main(["stress", *map(str, arguments)])
        code = 0
    except SystemExit as stop:
        code = int(stop.code or 0)
    shown = capsys.readouterr()
    return code, shown.out, shown.err


def test_a_search_is_reported_resumed_and_tried_again(
    scene: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    told = (scene, "--model", MODEL, "--sensor", "front", "--class", "human", "--seed", 3)
    once, twice = tmp_path / "once", tmp_path / "twice"
    code, out, err = run(capsys, *told, "-b", 12, "-o", once)
    assert code == 1
    assert "12 scenes; " in out
    assert "box.asset.color is navy" in out
    assert err.splitlines()[0].startswith("[1/12] explore: score ")

    # the same seed gives the same trials, also where a search was cut off and goes on
    run(capsys, *told, "-b", 5, "-o", twice)
    with (twice / "trials.jsonl").open("a") as file:
        file.write('{"index":5,"ph')
    code, out, _ = run(capsys, *told, "-b", 12, "-o", twice, "--resume")
    assert code == 1
    assert "12 scenes, 5 kept from before" in out
    one, two = Store(once).trials(), Store(twice).trials()
    assert [(t.values, t.seed, t.phase, t.score) for t in one] == [(t.values, t.seed, t.phase, t.score) for t in two]
    assert {t.failed for t in one if t.values["objects.box[0].asset.color"] == "navy"} == {True}
    assert run(capsys, *told, "-b", 12, "-o", twice)[0] == 2  # without --resume

    # the worst scenes are files that reproduce them
    worst = load(once / "worst" / "01.yaml")
    assert "# the one" in worst.text
    with ModelRunner(MODEL) as runner:
        judge = Store(once).settings().judge
        again = tried(worst.sample(worst.default_seed), runner, judge)
        assert (again.score, again.failed) == (0.0, True)
        best = max(one, key=lambda trial: trial.score)
        assert tried(load(scene).sample(best.seed, best.values), runner, judge).score == best.score > 0.9

    report = json.loads((once / "report.json").read_text())
    assert report["evaluations"] == 12
    assert all(row["score"] == row["again"] for row in report["worst"])
    first = one[report["worst"][0]["trial"]]
    assert worst.sample(worst.default_seed).draws == load(scene).sample(first.seed, first.values).draws
    page = (once / "report.html").read_text()
    assert "box.asset.color is navy" in page
    assert page.count("data:image/jpeg;base64,") == len(report["worst"]) == 10
    assert "http" not in page.replace("http://www.w3.org", "")

    code, out, err = run(capsys, "--rerun", once, "--model", MODEL)
    assert code == 1
    assert f"{report['failures']} scenes; {report['failures']} fail" in out
    code, out, _ = run(capsys, "--rerun", once, "--model", "simgen.stress.planted:sees_everything")
    assert (code, "; 0 fail" in out) == (0, True)


@pytest.mark.parametrize("name", ["raises", "exits", "endless"])
def test_a_model_that_fails_is_scored_worst_and_the_search_goes_on(
    scene: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str], name: str
) -> None:
    code, _, err = run(capsys, scene, "--model", f"stress_models:{name}", "--sensor", "front", "-b", 2, "-o", tmp_path)
    assert code == 1
    assert "[2/2]" in err
    trials = Store(tmp_path).trials()
    assert [trial.score for trial in trials] == [0.0, 0.0]
    assert all(trial.failed and trial.fault.startswith("frame 0: ") for trial in trials)
    assert "Faults of the function" in (tmp_path / "report.html").read_text()


def test_a_model_may_spoil_what_it_is_given(scene: Path) -> None:
    certain = load(scene).sample(1)
    with ModelRunner("stress_models:spoils") as runner:
        verdict = tried(certain, runner, Judge(sensors=("front",)))
    assert (verdict.fault, verdict.score, verdict.frames) == ("", 0.0, 2)


def test_points_of_a_lidar_are_scored(scene: Path) -> None:
    certain = load(scene).sample(1)
    with ModelRunner("simgen.stress.examples:lidar_clusters") as runner:
        verdict = tried(certain, runner, Judge())
        assert verdict.score == 1.0
        assert verdict.details["objects"][0]["sensor"] == "top"
        assert math.isnan(tried(certain, runner, Judge(classes=("vehicle",))).score)  # there is none


def test_hazards_are_the_actors_of_edge_cases() -> None:
    path = Path(__file__).parents[2] / "scenes" / "edge_cases" / "cut_in.yaml"
    certain = load(path).sample(0)
    names = {certain.entities[instance - 1].name for instance in hazards_of(certain)}
    assert names
    assert "ego" not in names


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        (("{scene}", "--model", "no_such_module:f", "-o", "{out}"), "there is no module 'no_such_module'"),
        (("{certain}", "--model", MODEL, "-o", "{out}"), "has no distributions to search"),
        (("{scene}", "--model", MODEL, "-o", "{out}", "--metric", "luck"), "there is no metric 'luck'"),
        (("{scene}", "--model", MODEL, "-o", "{out}", "--class", "humn"), "did you mean 'human'"),
        (("{scene}", "--model", MODEL, "-o", "{out}", "-b", "0"), "--budget must be at least 1"),
        (("{scene}", "--model", MODEL), "give a SCENE and a folder"),
        (("--rerun", "{tmp}", "--model", MODEL), "holds no regression set"),
        (("{scene}", "--rerun", "{tmp}", "--model", MODEL), "leave SCENE out"),
        (("{scene}", "--model", MODEL, "-o", "{out}", "-b", "2", "--sensor", "rear"), "there is no sensor 'rear'"),
        (("{scene}", "--model", MODEL, "-o", "{out}", "-b", "1", "--metric", "first_detection"), "needs a hazard"),
    ],
)
def test_mistakes_are_told(
    scene: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str], arguments: tuple[str, ...], said: str
) -> None:
    certain = tmp_path / "certain.yaml"
    certain.write_text("simgen: 1\nworld: empty\n")
    places = {"scene": scene, "certain": certain, "tmp": tmp_path, "out": tmp_path / "out"}
    code, _, err = run(capsys, *(argument.format(**places) for argument in arguments))
    assert code == 2
    assert said in err


def test_a_search_of_something_else_is_not_resumed(
    scene: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    told = (scene, "--model", "stress_models:raises", "--sensor", "front", "-o", tmp_path)
    run(capsys, *told, "-b", 1)
    code, _, err = run(capsys, *told, "-b", 1, "--resume", "--seed", 5)
    assert (code, "seed is not what it was" in err) == (2, True)


def test_the_spread_of_a_regression_set_is_wide() -> None:
    from simgen.stress.keep import spread
    from simgen.stress.store import Trial

    trials = [Trial(index=k, phase="explore", values={}, seed=k, score=0.0, failed=True) for k in range(30)]
    points = {k: np.array([0.5 + 0.001 * k, 0.5]) for k in range(28)} | {28: np.zeros(2), 29: np.ones(2)}
    assert [trial.index for trial in spread(trials, points, 3)] == [0, 28, 29]
    assert spread(trials[:2], points, 3) == trials[:2]


def test_a_folder_with_other_things_is_not_written_into(tmp_path: Path) -> None:
    (tmp_path / "thesis.txt").write_text("years of work")
    from simgen.stress.store import Settings

    told = Settings(scene="s", text="", model="m:f", seed=0, timeout_s=1.0, judge=Judge())
    with pytest.raises(UserError, match="is not empty"):
        Store(tmp_path).begin(told, resume=True)
