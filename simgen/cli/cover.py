"""``simgen cover``: scenes that cover a parameter space, and what a dataset covers of it."""

from __future__ import annotations

import json
import sys
from itertools import islice
from pathlib import Path
from typing import TYPE_CHECKING

import click

from simgen.cli.wording import counted
from simgen.errors import UserError

if TYPE_CHECKING:
    from simgen.cover.counting import Coverage
    from simgen.cover.spec import Spec
    from simgen.records.base import F8, I8

_METHODS = ("covering", "latin_hypercube", "sobol", "random")


@click.command()
@click.argument("spec", type=click.Path(path_type=Path))
@click.option("--strength", type=int, help="Cover every combination of so many parameters (default: the file's, or 2).")
@click.option(
    "--levels", type=int, help="Strata of parameters that say nothing themselves (default: the file's, or 5)."
)
@click.option("--method", type=click.Choice(_METHODS), default="covering", show_default=True, help="How to lay out.")
@click.option("--count", type=int, help="How many scenes; covering takes as many as it needs.")
@click.option("--seed", type=int, default=0, show_default=True, help="Seed of the design and of its first scene.")
@click.option("-o", "--out", type=click.Path(path_type=Path), help="New folder for scenes, plan.json and report.html.")
@click.option("--data", type=click.Path(path_type=Path), help="Count what this dataset covers instead.")
@click.option("--report", type=click.Path(path_type=Path), help="With --data: write the report to this HTML file.")
@click.option("--json", "as_json", is_flag=True, help="Print the answer as JSON.")
def cover(
    spec: Path,
    strength: int | None,
    levels: int | None,
    method: str,
    count: int | None,
    seed: int,
    out: Path | None,
    data: Path | None,
    report: Path | None,
    as_json: bool,
) -> None:
    """Lay out scenes that cover a parameter space, or count what a dataset covers of it.

    SPEC is a scene file, all of whose distributions are parameters, or a coverage file that chooses some, gives them
    levels and forbids combinations. The scenes go to OUT/scenes: simgen generate OUT/scenes/*.yaml -o data.h5.
    With --data, the exit code is 1 if anything is not covered.
    """
    from simgen.cover.spec import read_spec

    told = read_spec(spec, strength, levels)
    if data is not None:
        if out is not None or count is not None:
            raise UserError("--data counts what there is: leave out --out and --count")
        _count(told, data, report, as_json=as_json)
        return
    if report is not None:
        raise UserError("--report goes with --data: a design's report is in its folder")
    _lay_out(told, method, count, seed, out, as_json=as_json)


def _lay_out(spec: Spec, method: str, count: int | None, seed: int, out: Path | None, *, as_json: bool) -> None:
    from simgen.cover.design import design
    from simgen.cover.output import plan_of, write_design
    from simgen.cover.report import report_of

    made = design(spec, method, count, seed)  # type: ignore[arg-type]
    if out is not None:
        write_design(made, out, seed)
        page = report_of(spec, made.levels, made.weights, f"a design of {counted(len(made.values), 'scene')}")
        (out / "report.html").write_text(page, encoding="utf-8")
    if as_json:
        click.echo(json.dumps(plan_of(made, seed), indent=1))
        return
    _tell(spec, made.coverage, made.levels, made.weights)
    if out is not None:
        click.echo(f"{out}/scenes, {out}/plan.json, {out}/report.html")


def _count(spec: Spec, data: Path, report: Path | None, *, as_json: bool) -> None:
    import numpy as np

    from simgen.cover.counting import coverage
    from simgen.cover.data import levels_in
    from simgen.cover.report import report_of
    from simgen.dataset.reader import open_dataset

    with open_dataset(data) as dataset:
        levels = levels_in(spec, dataset)
        weights = np.array([sequence.weight for sequence in dataset.sequences])
    found = coverage(levels, [axis.count for axis in spec.axes], spec.strength, spec.forbidden)
    if report is not None:
        report.write_text(report_of(spec, levels, weights, str(data)), encoding="utf-8")
    if as_json:
        click.echo(json.dumps({"combinations": found.total, "covered": found.covered, "share": found.share}, indent=1))
    else:
        _tell(spec, found, levels, weights)
    if found.covered < found.total:
        sys.exit(1)


def _tell(spec: Spec, found: Coverage, levels: I8, weights: F8) -> None:
    import numpy as np

    from simgen.cover.report import effective_size, hole_in_words

    share = 100.0 * found.share
    click.echo(
        f"{counted(len(levels), 'scene')}: {found.covered} of {found.total} combinations of {spec.strength} of"
        f" {len(spec.axes)} parameters ({share:.1f} %)"
    )
    if np.isfinite(weights).all() and np.ptp(weights) > 1e-9:
        click.echo(
            f"weights {weights.min():.3g} to {weights.max():.3g}: worth {effective_size(weights):.1f} equal scenes"
        )
    for hole in islice(found.holes(), 5):
        click.echo(f"  missing: {hole_in_words(spec.axes, hole.parameters, hole.levels)}")
    if found.total - found.covered > 5:
        click.echo(f"  and {found.total - found.covered - 5} more")
