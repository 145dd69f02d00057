"""A whole search: from a scene file and a function to trials, regions, the worst scenes and a report."""

from __future__ import annotations

import math
import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final

import numpy as np

from simgen.errors import SimgenError, UserError
from simgen.records.base import F8, Bool
from simgen.rng import child_seed
from simgen.scenario import Dimension, Scenario, load, space_of
from simgen.scene import Scene
from simgen.stress.axes import Box, Cube
from simgen.stress.explore import require_optuna
from simgen.stress.keep import keep_regression, keep_worst
from simgen.stress.report import write_report
from simgen.stress.runner import ModelRunner
from simgen.stress.scores import METRICS
from simgen.stress.search import Proposal, Search
from simgen.stress.store import Settings, Store, Trial
from simgen.stress.trial import Judge, hazards_of, tried

#: if none of so many first scenes can be made, something is wrong with the file
_HOPELESS: Final = 8

#: fewer failures than these do not make a region
TELLING: Final = 3

#: called after every evaluation
Progress = Callable[[Trial, int], None]


@dataclass(frozen=True, kw_only=True)
class Outcome:
    """What a search came to."""

    folder: Path
    trials: tuple[Trial, ...]
    #: where scenes fail, the clearest region first
    regions: tuple[Box, ...]
    dimensions: tuple[Dimension, ...]
    cube: Cube
    resumed: int = 0

    @property
    def evaluated(self) -> tuple[F8, Bool]:
        """Points and failures of the scenes that could be made."""
        rows = [trial for trial in self.trials if not trial.error]
        points = np.array([point_of(self.dimensions, trial.values) for trial in rows], np.float64)
        return points.reshape(len(rows), len(self.dimensions)), np.array([trial.failed for trial in rows], bool)

    @property
    def failures(self) -> int:
        """How many scenes failed."""
        return sum(trial.failed for trial in self.trials)


def stress(
    scene: Path,
    model: str,
    folder: Path,
    *,
    budget: int = 100,
    seed: int = 0,
    timeout_s: float = 10.0,
    judge: Judge | None = None,
    resume: bool = False,
    progress: Progress = lambda _trial, _budget: None,
) -> Outcome:
    """Search a scene file's parameter space for where a perception function fails, and write a folder about it.

    ``model`` is ``package.module:function``; it runs in a process of its own. ``budget`` counts scenes.

    Raises:
        SceneError: the scene file has faults.
        UserError: there is no such function, nothing in the scene is random, or ``folder`` cannot be used.
    """
    judge = judge or Judge()
    require_optuna()
    scenario = load(scene)
    dimensions = _dimensions(scenario, budget, judge)
    settings = Settings(
        scene=str(scene), text=scenario.pinned_text, model=model, seed=seed, timeout_s=timeout_s, judge=judge
    )
    with ModelRunner(model, timeout_s) as runner:
        _ = runner.declared  # a function that is not there is told before anything is made
        store = Store(folder)
        known = store.begin(settings, resume=resume)
        search = searched(scenario, dimensions, settings, runner, store, known, budget, progress)
        outcome = Outcome(
            folder=folder,
            trials=tuple(store.trials()[:budget]),
            regions=tuple(search.regions(fewest=TELLING)),
            dimensions=dimensions,
            cube=search.cube,
            resumed=min(len(known), budget),
        )
        worst = keep_worst(folder, scenario, outcome.trials, search.evaluated_rows(), runner, judge)
    keep_regression(folder, scenario, outcome.trials, search.evaluated_rows(), settings)
    write_report(outcome, settings, worst)
    return outcome


def _dimensions(scenario: Scenario, budget: int, judge: Judge) -> tuple[Dimension, ...]:
    if budget < 1:
        raise UserError(f"--budget must be at least 1, not {budget}")
    if judge.metric not in METRICS:
        raise UserError(f"there is no metric {judge.metric!r}; there are {', '.join(METRICS)}")
    dimensions = space_of(scenario)
    if not dimensions:
        raise UserError(
            f"{scenario.source} has no distributions to search: write ranges such as {{uniform: [5, 60]}} for values"
        )
    return dimensions


def searched(
    scenario: Scenario,
    dimensions: tuple[Dimension, ...],
    settings: Settings,
    runner: ModelRunner,
    store: Store,
    known: list[Trial],
    budget: int,
    progress: Progress,
) -> Search:
    """Search until the budget is spent; what is known already is not made again, but told in its turn."""
    search = Search(Cube.of(dimensions), settings.seed, lambda point: snapped(dimensions, point))
    for index in range(budget):
        proposal = search.ask()
        values = values_of(dimensions, proposal.point)
        if index < len(known):
            trial = known[index]
            if dict(trial.values) != values:
                raise UserError(
                    f"{store.folder} cannot be resumed: another version of simgen made it; choose another -o"
                )
        else:
            trial = _evaluated(scenario, settings, runner, proposal, values)
            store.add(trial)
        score = math.nan if trial.error else 1.0 if math.isnan(trial.score) else trial.score
        search.tell(score, trial.failed)
        progress(trial, budget)
        _give_up(search, trial, budget)
    return search


def _evaluated(
    scenario: Scenario, settings: Settings, runner: ModelRunner, proposal: Proposal, values: dict[str, Any]
) -> Trial:
    begin = time.perf_counter()
    seed = child_seed(settings.seed, "stress", proposal.index)
    known: dict[str, Any] = {"index": proposal.index, "phase": proposal.phase, "values": values, "seed": seed}
    try:
        scene = scenario.sample(seed, values)
        _check_hazards(scene, settings.judge)
        verdict = tried(scene, runner, settings.judge)
    except SimgenError as error:
        return Trial(score=math.nan, failed=False, error=str(error), seconds=_since(begin), **known)
    return Trial.of(verdict, seconds=_since(begin), **known)


def _check_hazards(scene: Scene, judge: Judge) -> None:
    if judge.metric == "first_detection" and not hazards_of(scene):
        raise UserError("first_detection needs a hazard, and the scene has no edge case with an actor")


def _give_up(search: Search, trial: Trial, budget: int) -> None:
    count = min(_HOPELESS, budget)
    if len(search.scores) == count and all(math.isnan(score) for score in search.scores):
        raise UserError(f"none of the first {count} scenes could be made; the last one because of: {trial.error}")


def _since(begin: float) -> float:
    return round(time.perf_counter() - begin, 3)


def values_of(dimensions: tuple[Dimension, ...], point: F8) -> dict[str, Any]:
    """The values that a point stands for, of the dimensions that exist there."""
    return {
        dimension.path: dimension.choices[int(u)] if dimension.categorical else dimension.value(float(u))
        for dimension, u in zip(dimensions, point, strict=True)
        if not math.isnan(u)
    }


def point_of(dimensions: tuple[Dimension, ...], values: Mapping[str, Any]) -> list[float]:
    """The coordinates of values; nan for dimensions that do not exist among them."""
    return [
        math.nan
        if dimension.path not in values
        else float(dimension.choices.index(values[dimension.path]))
        if dimension.categorical
        else dimension.unit(values[dimension.path])
        for dimension in dimensions
    ]


def snapped(dimensions: tuple[Dimension, ...], point: F8) -> F8:
    """A point with the coordinate of whole numbers in the middle of the stretch that means the same number."""
    moved = [
        dimension.unit(dimension.value(float(u))) if dimension.whole and not math.isnan(u) else float(u)
        for dimension, u in zip(dimensions, point, strict=True)
    ]
    return np.array(moved)
