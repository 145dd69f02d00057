"""``simgen preview``: one picture of a scene, before anything is generated."""

from __future__ import annotations

from pathlib import Path

import click


@click.command()
@click.argument("scene", type=click.Path(exists=True, dir_okay=False, path_type=Path))
@click.option("-o", "--output", type=click.Path(dir_okay=False, path_type=Path), default=Path("preview.png"))
@click.option("--seed", type=click.IntRange(0), default=None, help="Seed of the draw; the scene's own, or 0.")
@click.option("--time", "time_s", type=float, default=None, help="Instant to show, in seconds; the middle if absent.")
@click.option("--all", "every", is_flag=True, help="Every panel of every sensor, however many sensors there are.")
def preview(scene: Path, output: Path, seed: int | None, time_s: float | None, every: bool) -> None:
    """Draw one contact sheet of SCENE: every sensor, every label; of more than six sensors one panel each."""
    from simgen.errors import UserError
    from simgen.scenario import load
    from simgen.scenario.buried import buried_sensors

    if output.suffix.lower() not in (".png", ".jpg", ".jpeg"):
        raise UserError(f"cannot draw a {output.suffix or 'file without suffix'}: name the output *.png or *.jpg")
    if not output.parent.is_dir():
        raise UserError(f"the folder {output.parent} does not exist: make it first, or choose another")
    scenario = load(scene)
    drawn = scenario.sample(scenario.default_seed if seed is None else seed)
    if not drawn.sensors:
        raise UserError(f"{scene} has no sensors, so there is nothing to show: add one under 'sensors'")
    import cv2

    from simgen.preview import preview_scene

    for warning in buried_sensors(drawn):
        click.echo(f"simgen: warning: {warning}", err=True)
    sheet = preview_scene(drawn, time_s=time_s, every=every)
    done, coded = cv2.imencode(output.suffix, sheet[..., ::-1])
    if not done:
        raise UserError(f"a picture of {sheet.shape[1]} x {sheet.shape[0]} cannot be written as {output.suffix}")
    output.write_bytes(coded.tobytes())
    click.echo(f"{output}: {sheet.shape[1]} x {sheet.shape[0]}")
