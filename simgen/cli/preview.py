"""``simgen preview``: one picture of a scene, before anything is generated."""

from __future__ import annotations

from pathlib import Path

import click


@click.command()
@click.argument("scene", type=click.Path(exists=True, dir_okay=False, path_type=Path))
@click.option("-o", "--output", type=click.Path(dir_okay=False, path_type=Path), default=Path("preview.png"))
@click.option("--seed", type=click.IntRange(0), default=None, help="Seed of the draw; the scene's own, or 0.")
@click.option("--time", "time_s", type=float, default=None, help="Instant to show, in seconds; the middle if absent.")
def preview(scene: Path, output: Path, seed: int | None, time_s: float | None) -> None:
    """Draw one contact sheet of SCENE: every sensor, every label."""
    from simgen.errors import UserError
    from simgen.scenario import load

    if output.suffix.lower() not in (".png", ".jpg", ".jpeg"):
        raise UserError(f"cannot draw a {output.suffix or 'file without suffix'}: name the output *.png or *.jpg")
    if not output.parent.is_dir():
        raise UserError(f"the folder {output.parent} does not exist: make it first, or choose another")
    scenario = load(scene)
    import cv2

    from simgen.preview import preview_scene

    sheet = preview_scene(scenario.sample(scenario.default_seed if seed is None else seed), time_s=time_s)
    cv2.imwrite(str(output), sheet[..., ::-1])
    click.echo(f"{output}: {sheet.shape[1]} x {sheet.shape[0]}")
