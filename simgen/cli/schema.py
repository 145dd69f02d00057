"""``simgen schema``: the scene format for editors."""

from __future__ import annotations

import json
from pathlib import Path

import click


@click.command()
@click.option("-o", "--out", type=click.Path(path_type=Path, dir_okay=False), help="Write to this file.")
def schema(out: Path | None) -> None:
    """Print the JSON Schema (2020-12) of scene files, for completion and checks in editors.

    Editors with the YAML language server read it from a scene's first line:
    "# yaml-language-server: $schema=scene.schema.json".
    """
    from simgen.scenario.schema import scene_schema

    text = json.dumps(scene_schema(), indent=2)
    if out is None:
        click.echo(text)
    else:
        out.write_text(text + "\n", encoding="utf-8")
        click.echo(f"wrote {out}")
