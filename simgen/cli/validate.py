"""``simgen validate``: every mistake of scene files at once."""

from __future__ import annotations

import json
import sys
from pathlib import Path

import click

from simgen.cli.wording import counted
from simgen.errors import Fault, SceneError


@click.command()
@click.argument("scenes", nargs=-1, required=True, type=click.Path(path_type=Path), metavar="SCENE...")
@click.option("--draws", default=1, show_default=True, type=click.IntRange(0), help="Scenes to draw from each file.")
@click.option("--json", "as_json", is_flag=True, help="Print the answer as JSON.")
def validate(scenes: tuple[Path, ...], draws: int, as_json: bool) -> None:
    """Check scene files and report all mistakes at once, as file:line:column.

    Values are checked against everything that they can become. Besides, one scene is drawn from each file without
    faults (--draws 0 leaves that out): worlds and assets are built, and everything is placed.
    """
    looked = {path: look_at(path, draws) for path in scenes}
    found = {path: faults for path, (faults, _) in looked.items()}
    faults = [fault for each in found.values() for fault in each]
    for path, (_, warnings) in looked.items():
        for warning in warnings:
            click.echo(f"{path}: warning: {warning}", err=True)
    if as_json:
        files = [
            {"file": str(path), "faults": [_entry(fault) for fault in each], "warnings": list(warnings)}
            for path, (each, warnings) in looked.items()
        ]
        click.echo(json.dumps({"ok": not faults, "files": files}, indent=2))
    else:
        for path, each in found.items():
            if not each:
                click.echo(f"{path}: ok")
            for fault in each:
                click.echo(str(fault), err=True)
        if faults:
            bad = sum(1 for each in found.values() if each)
            click.echo(f"{counted(len(faults), 'mistake')} in {counted(bad, 'file')}", err=True)
    if faults:
        sys.exit(SceneError.exit_code)


def look_at(path: Path, draws: int) -> tuple[tuple[Fault, ...], tuple[str, ...]]:
    """Every fault of a scene file; if it has none, those of the first scenes drawn from it, and warnings about them."""
    from simgen.scenario import load
    from simgen.scenario.buried import buried_sensors

    warnings: dict[str, None] = {}
    try:
        scenario = load(path)
        for k in range(1 if scenario.certain else draws):
            warnings.update(dict.fromkeys(buried_sensors(scenario.sample(scenario.default_seed + k))))
    except SceneError as error:
        return error.faults, ()
    return (), tuple(warnings)


def _entry(fault: Fault) -> dict[str, object]:
    return {"line": fault.line, "column": fault.column, "message": fault.message, "hint": fault.hint}
