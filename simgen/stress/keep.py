"""The scenes that are kept: the worst ones, with pictures, and a regression set spread over the failures."""

from __future__ import annotations

import json
import math
from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any, Final

import numpy as np

from simgen.errors import SimgenError
from simgen.records.base import F8, U1
from simgen.records.frames import Frame
from simgen.scenario import Scenario, loads, scene_to_yaml
from simgen.stress.contract import Answer
from simgen.stress.draw import drawn
from simgen.stress.runner import ModelRunner
from simgen.stress.store import Settings, Trial
from simgen.stress.trial import Judge, Verdict, tried
from simgen.stress.truth import Truth, Wanted

WORST: Final = 10
REGRESSION: Final = 20
REGRESSION_FILE: Final = "regression.json"


@dataclass(frozen=True, kw_only=True, eq=False)
class Worst:
    """One of the worst scenes, made again from its file."""

    trial: Trial
    #: the scene file, from the search's folder
    file: str
    #: what came of it the second time
    again: Verdict
    #: (H, W, 3) sRGB; the frame in which most was missed
    picture: U1 | None


def worst_first(trials: Sequence[Trial]) -> list[Trial]:
    """Evaluations of which a scene could be made, faults of the model first, then by score."""
    made = [trial for trial in trials if not math.isnan(trial.score)]
    return sorted(made, key=lambda trial: (not trial.fault, trial.score, trial.index))


def worst_of(trials: Sequence[Trial], points: Mapping[int, F8]) -> list[Trial]:
    """The worst scenes; of those that are equally bad, ones that are far apart."""
    ordered = worst_first(trials)
    if len(ordered) <= WORST:
        return ordered
    last = ordered[WORST - 1]
    surely = [trial for trial in ordered if (not trial.fault, trial.score) < (not last.fault, last.score)]
    equal = [trial for trial in ordered if (not trial.fault, trial.score) == (not last.fault, last.score)]
    return [*surely, *spread(equal, points, WORST - len(surely))]


def keep_worst(
    folder: Path,
    scenario: Scenario,
    trials: Sequence[Trial],
    points: Mapping[int, F8],
    runner: ModelRunner,
    judge: Judge,
) -> list[Worst]:
    """Write the worst scenes as files, make each again from its file, and take a picture of it."""
    found = []
    (folder / "worst").mkdir(exist_ok=True)
    for old in (folder / "worst").glob("*.yaml"):
        old.unlink()
    for rank, trial in enumerate(worst_of(trials, points), 1):
        path = folder / "worst" / f"{rank:02d}.yaml"
        path.write_text(scene_file(scenario, trial, path), encoding="utf-8")
        camera = _Camera(judge.confidence)
        again = loads(path.read_text(encoding="utf-8"), str(path))
        verdict = tried(again.sample(again.default_seed), runner, judge, camera)
        found.append(Worst(trial=trial, file=f"worst/{path.name}", again=verdict, picture=camera.picture))
    return found


def scene_file(scenario: Scenario, trial: Trial, path: Path) -> str:
    """A scene file that draws the very scene of an evaluation: the user's own with seed and pinned values, if it may.

    It may not where the user's file includes others by relative paths; then it is the certain scene.
    """
    scene = scenario.sample(trial.seed, trial.values)
    head = f"# Trial {trial.index} of a search by simgen stress: score {trial.score:.3f}"
    head += f"; the model {trial.fault}\n" if trial.fault else "\n"
    try:
        text = head + scenario.with_pins(trial.values, trial.seed)
        if loads(text, str(path)).sample(trial.seed) == scene:
            return text
    except SimgenError:
        pass
    return head + scene_to_yaml(scene)


def keep_regression(
    folder: Path, scenario: Scenario, trials: Sequence[Trial], points: Mapping[int, F8], settings: Settings
) -> int:
    """Write scenes that fail, far apart from one another, as certain scenes; returns how many."""
    place = folder / "regression"
    place.mkdir(exist_ok=True)
    for old in place.glob("*.yaml"):
        old.unlink()
    chosen = spread([trial for trial in worst_first(trials) if trial.failed], points, REGRESSION)
    rows = []
    for number, trial in enumerate(chosen, 1):
        name = f"{number:03d}.yaml"
        (place / name).write_text(scene_to_yaml(scenario.sample(trial.seed, trial.values)), encoding="utf-8")
        rows.append({"file": name, "trial": trial.index, "score": trial.score, "fault": trial.fault})
    told: dict[str, Any] = {"timeout_s": settings.timeout_s, "judge": asdict(settings.judge), "scenes": rows}
    (place / REGRESSION_FILE).write_text(json.dumps(told, indent=1) + "\n", encoding="utf-8")
    return len(rows)


def spread(trials: list[Trial], points: Mapping[int, F8], most: int) -> list[Trial]:
    """The first one, then always the one that is farthest from all chosen ones; in their order."""
    if len(trials) <= most:
        return trials
    table = np.nan_to_num(np.stack([points[trial.index] for trial in trials]), nan=0.5)
    chosen, apart = [0], np.full(len(trials), np.inf)
    while len(chosen) < most:
        apart = np.minimum(apart, ((table - table[chosen[-1]]) ** 2).sum(axis=1))
        chosen.append(int(np.argmax(apart)))
    return [trials[k] for k in sorted(chosen)]


class _Camera:
    """Keeps a picture of the frame in which most was missed."""

    def __init__(self, confidence: float) -> None:
        self.picture: U1 | None = None
        self._confidence, self._missed = confidence, -1

    def __call__(self, frame: Frame, truth: Truth, answer: Answer | None, wanted: Wanted) -> None:
        picture, missed = drawn(frame, truth, answer, wanted, self._confidence)
        if picture is not None and missed > self._missed:
            self.picture, self._missed = picture, missed
