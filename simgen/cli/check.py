"""``simgen check``: are the labels right?"""

from __future__ import annotations

import json
import sys
from pathlib import Path
from typing import TYPE_CHECKING

import click

from simgen.cli.wording import counted

if TYPE_CHECKING:
    from simgen.checks.run import Report


@click.command()
@click.argument("data", type=click.Path(path_type=Path))
@click.option("--json", "as_json", is_flag=True, help="Print the result as JSON.")
def check(data: Path, as_json: bool) -> None:
    """Verify a dataset (DATA: a .h5 file or a folder) from the file alone; exit code 1 if any rule fails."""
    from simgen.checks.run import run_checks
    from simgen.dataset.reader import open_dataset

    with open_dataset(data) as dataset:
        if as_json or not sys.stderr.isatty():
            report = run_checks(dataset)
        else:
            with click.progressbar(length=1, label="checking", file=sys.stderr) as bar:
                report = run_checks(dataset, progress=lambda done, total: _advance(bar, done, total))
    if as_json:
        from simgen.cli.info import finite

        click.echo(json.dumps(finite(report.as_json()), indent=1))
    else:
        _show(report)
    if not report.good:
        sys.exit(1)


def _advance(bar: object, done: int, total: int) -> None:
    bar.length = total  # type: ignore[attr-defined]
    bar.update(done - bar.pos)  # type: ignore[attr-defined]


def _show(report: Report) -> None:
    from rich.console import Console
    from rich.markup import escape
    from rich.table import Table

    console = Console(highlight=False)
    table = Table(box=None, padding=(0, 2, 0, 0), header_style="dim", pad_edge=False)
    table.add_column("rule")
    table.add_column("")
    for title in ("tested", "failed", "worst"):
        table.add_column(title, justify="right")
    colors = {"pass": "green", "fail": "red", "nothing to test": "dim"}
    for result in report.results:
        verdict = f"[{colors[result.status]}]{result.status}[/]"
        numbers = (f"{result.tested:,}", f"{result.failed:,}", f"{result.worst:.3g} {result.unit}".strip())
        table.add_row(result.rule, verdict, *(numbers if result.tested else ("", "", "")))
    console.print(table)
    bad = [result for result in report.results if result.status == "fail"]
    for result in bad:
        # plain lines: a location must stay in one piece for a script that looks for it
        click.echo(f"\n{result.rule}: {result.doc}\n  first: {result.first}")
    scope = f"{counted(report.sequences, 'sequence')}, {counted(report.frames, 'frame')}"
    idle = sum(result.status == "nothing to test" for result in report.results)
    good = len(report.results) - len(bad) - idle
    console.print(
        f"\n[bold]{escape(report.path)}[/]: {scope}; {good} rules hold, {len(bad)} fail, {idle} had nothing to test"
    )
