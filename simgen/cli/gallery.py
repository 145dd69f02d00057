"""``simgen gallery``: what there is to put into a scene, or scenes themselves, drawn."""

from __future__ import annotations

from pathlib import Path

import click

_SCENES = (".yaml", ".yml")


@click.command()
@click.argument("names", nargs=-1)
@click.option("-o", "--output", type=click.Path(dir_okay=False, path_type=Path), default=Path("gallery.png"))
@click.option("--kind", type=click.Choice(["all", "asset", "world"]), default="all", help="What to draw.")
@click.option("--variants", type=click.IntRange(1, 100), default=1, help="How many variants of each asset.")
@click.option("--seed", type=int, default=None, help="Of scenes; their own if absent.")
@click.option("--width", type=click.IntRange(400, 16000), default=None, help="Of the sheet, in pixels.")
@click.option("--columns", type=click.IntRange(1, 20), default=None, help="Pictures in a row.")
def gallery(
    names: tuple[str, ...],
    output: Path,
    kind: str,
    variants: int,
    seed: int | None,
    width: int | None,
    columns: int | None,
) -> None:
    """Draw every registered asset and world, or those called NAMES, with their triangle counts.

    If NAMES are scene files, or folders of them, draw each scene at its critical instant, through the camera that sees
    what it is about, with what is small in it magnified.
    """
    from simgen.errors import UserError

    if output.suffix.lower() not in (".png", ".jpg", ".jpeg"):
        raise UserError(f"cannot draw a {output.suffix or 'file without suffix'}: name the output *.png or *.jpg")
    if not output.parent.is_dir():
        raise UserError(f"the folder {output.parent} does not exist: make it first, or choose another")
    files = _scene_files(names)
    if files:
        from simgen.preview.scene_tiles import scene_sheet

        sheet = scene_sheet(files, seed=seed, width=width or 2640, columns=columns or 8)
    else:
        kinds = ("asset", "world") if kind == "all" else (kind,)
        _check_names(names, kinds)
        from simgen.preview.gallery import gallery_sheet

        sheet = gallery_sheet(kinds, names, variants=variants, width=width or 2400, columns=columns or 6)
    import cv2

    done, coded = cv2.imencode(output.suffix, sheet[..., ::-1])
    if not done:
        raise UserError(f"a picture of {sheet.shape[1]} x {sheet.shape[0]} cannot be written as {output.suffix}")
    output.write_bytes(coded.tobytes())
    click.echo(f"{output}: {sheet.shape[1]} x {sheet.shape[0]}")


def _scene_files(names: tuple[str, ...]) -> list[Path]:
    """The scene files that names stand for; none if they are names of plugins.

    Raises:
        UserError: some are files and some are not, or a file or folder has no scene.
    """
    from simgen.errors import UserError

    meant = [name for name in names if Path(name).suffix in _SCENES or "/" in name or Path(name).is_dir()]
    if not meant:
        return []
    if len(meant) < len(names):
        other = next(name for name in names if name not in meant)
        raise UserError(f"{other!r} is no scene file: draw scenes, or assets and worlds, but not both in one sheet")
    found: list[Path] = []
    for name in meant:
        path = Path(name)
        inside = sorted(p for p in path.iterdir() if p.suffix in _SCENES) if path.is_dir() else [path]
        missing = [p for p in inside if not p.is_file()]
        if missing or not inside:
            nothing = (
                f"there is no scene file {name}, and no folder" if missing else f"the folder {name} has no scene files"
            )
            raise UserError(nothing)
        found += inside
    return found


def _check_names(names: tuple[str, ...], kinds: tuple[str, ...]) -> None:
    """Tell names of plugins that there are not."""
    from simgen import registry
    from simgen.errors import UserError

    known = tuple(name for each in kinds for name in registry.names(each))
    for name in names:
        if name not in known:
            raise UserError(f"there is no {' or '.join(kinds)} {name!r}{registry.suggest(name, known)}")
