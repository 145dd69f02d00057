"""``simgen replay``: the same bits again, from the file alone."""

from __future__ import annotations

import json
import sys
from pathlib import Path

import click


@click.command()
@click.argument("data", type=click.Path(exists=True, path_type=Path))
@click.option("-s", "--sequence", default=0, show_default=True, help="Position of the sequence in the dataset.")
@click.option("-o", "--output", type=click.Path(dir_okay=False, path_type=Path), help="Keep the new sequence here.")
@click.option("--json", "as_json", is_flag=True, help="Print the result as JSON.")
def replay(data: Path, sequence: int, output: Path | None, as_json: bool) -> None:
    """Generate a sequence of DATA again from what the file stores, and compare it bit by bit."""
    from simgen.generate.replay import replay as run

    result = run(data, sequence, keep=output)
    if as_json:
        row = {"identical": result.identical, "differing": result.differing, "content_hash": result.new_hash}
        click.echo(json.dumps(row))
    elif result.identical:
        click.echo(f"sequence {sequence} of {data}: identical, {result.new_hash}")
    else:
        click.echo(f"sequence {sequence} of {data}: {len(result.differing)} datasets differ", err=True)
        for path in result.differing[:20]:
            click.echo(f"  {path}", err=True)
        if result.versions[0] != result.versions[1]:
            click.echo(f"  written by version {result.versions[0]}, replayed by {result.versions[1]}", err=True)
    if not result.identical:
        sys.exit(1)
