"""``simgen generate``: scene files in, a dataset out."""

from __future__ import annotations

import json
import sys
import time
from pathlib import Path
from typing import Any

import click

from simgen.cli.wording import counted


@click.command()
@click.argument("scenes", nargs=-1, required=True, type=click.Path(exists=True, dir_okay=False, path_type=Path))
@click.option("-o", "--output", required=True, type=click.Path(path_type=Path), help="*.h5 = one file; else a folder.")
@click.option("-n", "--count", default=1, show_default=True, help="Sequences per scene; seeds count up.")
@click.option("--seed", type=click.IntRange(0), default=None, help="First seed; the scene's own, or 0.")
@click.option("-w", "--workers", default=1, show_default=True, help="Processes; the result does not depend on it.")
@click.option("--resume", is_flag=True, help="Keep whole sequences of an earlier run, make the rest.")
@click.option("--force", is_flag=True, help="Replace what is there.")
@click.option("--json", "as_json", is_flag=True, help="Print the report as JSON.")
def generate(
    scenes: tuple[Path, ...],
    output: Path,
    count: int,
    seed: int | None,
    workers: int,
    resume: bool,
    force: bool,
    as_json: bool,
) -> None:
    """Generate a labelled dataset from scene files (SCENES)."""
    from simgen.generate import generate as run

    begin = time.perf_counter()
    with _Watch(total=len(scenes) * max(count, 1), quiet=as_json) as watch:
        report = run(
            scenes,
            output,
            count=count,
            seed=seed,
            workers=workers,
            resume=resume,
            force=force,
            progress=watch.frame,
            finished=watch.sequence,
        )
    seconds = time.perf_counter() - begin
    if as_json:
        rows = [vars(s) for s in report.sequences]
        click.echo(json.dumps({"out": str(report.out), "resumed": report.resumed, "sequences": rows, "s": seconds}))
        return
    kept = f", {report.resumed} kept from before" if report.resumed else ""
    made = f"{counted(len(report.sequences), 'sequence')}, {counted(report.frames, 'frame')}"
    click.echo(f"{report.out}: {made} in {seconds:.1f} s{kept}")
    asked = sum(s.asked for s in report.sequences)
    if asked:
        held = sum(s.held for s in report.sequences)
        click.echo(f"  {held} of {counted(asked, 'constraint')} hold" + ("" if held == asked else "; see simgen info"))


class _Watch:
    """A bar on a terminal, a plain line per sequence otherwise."""

    def __init__(self, *, total: int, quiet: bool) -> None:
        self._total, self._quiet, self._done = total, quiet, 0
        self._warned: set[str] = set()
        self._bar: Any = None

    def __enter__(self) -> _Watch:
        if sys.stderr.isatty() and not self._quiet:
            from rich.console import Console
            from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeRemainingColumn

            columns = (TextColumn("{task.description}"), BarColumn(), MofNCompleteColumn(), TimeRemainingColumn())
            self._bar = Progress(*columns, console=Console(stderr=True), transient=True)
            self._sequences = self._bar.add_task("sequences", total=self._total)
            self._frames = self._bar.add_task("frames", total=None)
            self._bar.start()
        return self

    def __exit__(self, *_: object) -> None:
        if self._bar is not None:
            self._bar.stop()

    def frame(self, done: int, total: int) -> None:
        if self._bar is not None:
            self._bar.update(self._frames, completed=done, total=total)

    def sequence(self, report: Any) -> None:
        self._done += 1
        for warning in report.warnings:
            if warning not in self._warned:
                self._warned.add(warning)
                click.echo(f"simgen: warning: {warning}", err=True)
        if report.missed:
            told = "; ".join(report.missed[:3]) + (" ..." if len(report.missed) > 3 else "")
            click.echo(f"simgen: warning: sequence {report.index} (seed {report.seed}): {told}", err=True)
        if self._bar is not None:
            self._bar.update(self._sequences, completed=self._done)
        elif not self._quiet:
            words = f"sequence {report.index} (seed {report.seed}): {counted(report.frames, 'frame')}"
            click.echo(f"[{self._done}/{self._total}] {words}, {report.content_hash[:16]}", err=True)
