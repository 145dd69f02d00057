"""``simgen stress``: where does a perception function fail?"""

from __future__ import annotations

import math
import sys
from pathlib import Path
from typing import TYPE_CHECKING

import click

from simgen.cli.wording import counted
from simgen.errors import UserError

if TYPE_CHECKING:
    from simgen.stress.rerun import Again
    from simgen.stress.run import Outcome
    from simgen.stress.store import Trial


@click.command()
@click.argument("scene", required=False, type=click.Path(exists=True, dir_okay=False, path_type=Path))
@click.option(
    "--model", required=True, metavar="MODULE:NAME", help="The function, for instance package.module:function."
)
@click.option("-b", "--budget", default=100, show_default=True, help="Scenes to try.")
@click.option("-o", "--output", type=click.Path(path_type=Path), help="Folder for the report and the scenes.")
@click.option("--seed", type=click.IntRange(0), default=0, show_default=True, help="Of the search.")
@click.option(
    "--timeout-s", type=click.FloatRange(0.05), default=None, help="Longest answer to one frame.  [default: 10]"
)
@click.option("--metric", default="worst_recall", show_default=True, help="What a scene is scored by.")
@click.option("--fail-below", type=click.FloatRange(0, 1), default=0.5, show_default=True, help="A lower score fails.")
@click.option(
    "--confidence", type=click.FloatRange(0, 1), default=0.5, show_default=True, help="Detections below: none."
)
@click.option("--class", "classes", multiple=True, help="What is looked for; repeat it.  [default: as the model says]")
@click.option("--sensor", "sensors", multiple=True, help="What the model is shown; repeat it.  [default: all]")
@click.option("--resume", is_flag=True, help="Go on with the search in the folder.")
@click.option(
    "--rerun", type=click.Path(exists=True, file_okay=False, path_type=Path), help="Try a search's failures again."
)
def stress(
    scene: Path | None,
    model: str,
    budget: int,
    output: Path | None,
    seed: int,
    timeout_s: float | None,
    metric: str,
    fail_below: float,
    confidence: float,
    classes: tuple[str, ...],
    sensors: tuple[str, ...],
    resume: bool,
    rerun: Path | None,
) -> None:
    """Search the distributions of SCENE for where a perception function fails.

    Exit code 1 if any scene fails, 0 if none does.
    """
    if rerun is not None:
        _rerun(rerun, model, timeout_s, scene)
        return
    if scene is None or output is None:
        raise UserError("give a SCENE and a folder, -o DIR; or --rerun DIR")
    from simgen.stress.run import stress as run
    from simgen.stress.trial import Judge
    from simgen.stress.truth import check_names

    check_names(classes)
    judge = Judge(metric=metric, fail_below=fail_below, confidence=confidence, classes=classes, sensors=sensors)
    outcome = run(
        scene,
        model,
        output,
        budget=budget,
        seed=seed,
        timeout_s=timeout_s or 10.0,
        judge=judge,
        resume=resume,
        progress=_Lines(),
    )
    _show(outcome)
    if outcome.failures:
        sys.exit(1)


class _Lines:
    """One plain line per scene."""

    def __init__(self) -> None:
        self._failed = 0

    def __call__(self, trial: Trial, budget: int) -> None:
        self._failed += trial.failed
        if trial.error:
            said = f"no scene: {trial.error}"
        else:
            said = "nothing to find" if math.isnan(trial.score) else f"score {trial.score:.3f}"
            said += ", fails" if trial.failed else ""
            said += f": {trial.fault}" if trial.fault else ""
        click.echo(f"[{trial.index + 1}/{budget}] {trial.phase}: {said} ({self._failed} failed so far)", err=True)


def _show(outcome: Outcome) -> None:
    from simgen.stress.page import percent
    from simgen.stress.words import told

    found = told(outcome.cube, outcome.dimensions, outcome.regions, *outcome.evaluated)
    kept = f", {outcome.resumed} kept from before" if outcome.resumed else ""
    click.echo(f"{counted(len(outcome.trials), 'scene')}{kept}; {outcome.failures} fail")
    if outcome.failures and not found:
        click.echo("  too few to say where")
    for region in found:
        click.echo(f"  {region.text}")
        click.echo(
            f"    {percent(region.share)} of the space; fails in {region.failed_inside} of {region.inside} scenes, "
            f"outside in {region.failed_outside} of {region.outside}"
        )
    click.echo(f"{outcome.folder / 'report.html'}")


def _rerun(folder: Path, model: str, timeout_s: float | None, scene: Path | None) -> None:
    from simgen.stress.rerun import rerun as run

    if scene is not None:
        raise UserError("--rerun takes its scenes from its folder: leave SCENE out")
    found = run(folder, model, timeout_s=timeout_s, progress=_again)
    failed = sum(again.now.failed for again in found)
    click.echo(f"{counted(len(found), 'scene')}; {failed} fail")
    if failed:
        sys.exit(1)


def _again(again: Again, count: int) -> None:
    verdict = again.now
    said = "fails" if verdict.failed else "passes"
    fault = f": {verdict.fault}" if verdict.fault else ""
    click.echo(f"{again.file}: score {verdict.score:.3f} (was {again.before:.3f}), {said}{fault}", err=True)
