"""``simgen gallery``: what there is to put into a scene, drawn."""

from __future__ import annotations

from pathlib import Path

import click


@click.command()
@click.argument("names", nargs=-1)
@click.option("-o", "--output", type=click.Path(dir_okay=False, path_type=Path), default=Path("gallery.png"))
@click.option("--kind", type=click.Choice(["all", "asset", "world"]), default="all", help="What to draw.")
@click.option("--variants", type=click.IntRange(1, 100), default=1, help="How many variants of each asset.")
@click.option("--width", type=click.IntRange(400, 16000), default=2400, help="Of the sheet, in pixels.")
@click.option("--columns", type=click.IntRange(1, 20), default=6, help="Pictures in a row.")
def gallery(names: tuple[str, ...], output: Path, kind: str, variants: int, width: int, columns: int) -> None:
    """Draw every registered asset and world, or those called NAMES, with their triangle counts."""
    from simgen import registry
    from simgen.errors import UserError

    if output.suffix.lower() not in (".png", ".jpg", ".jpeg"):
        raise UserError(f"cannot draw a {output.suffix or 'file without suffix'}: name the output *.png or *.jpg")
    if not output.parent.is_dir():
        raise UserError(f"the folder {output.parent} does not exist: make it first, or choose another")
    kinds = ("asset", "world") if kind == "all" else (kind,)
    known = tuple(name for each in kinds for name in registry.names(each))
    for name in names:
        if name not in known:
            raise UserError(f"there is no {' or '.join(kinds)} {name!r}{registry.suggest(name, known)}")
    import cv2

    from simgen.preview.gallery import gallery_sheet

    sheet = gallery_sheet(kinds, names, variants=variants, width=width, columns=columns)
    done, coded = cv2.imencode(output.suffix, sheet[..., ::-1])
    if not done:
        raise UserError(f"a picture of {sheet.shape[1]} x {sheet.shape[0]} cannot be written as {output.suffix}")
    output.write_bytes(coded.tobytes())
    click.echo(f"{output}: {sheet.shape[1]} x {sheet.shape[0]}")
