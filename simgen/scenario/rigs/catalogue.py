"""Which rigs there are, and where their files lie."""

from __future__ import annotations

from pathlib import Path
from typing import Final

from simgen.yaml.text import is_path

_FOLDER: Final = Path(__file__).parent


def rig_names() -> tuple[str, ...]:
    """Names of the rigs that come with simgen."""
    return tuple(sorted(path.stem for path in _FOLDER.glob("*.yaml")))


def rig_path(rig: str, folder: Path) -> Path:
    """The file of a rig: a name of the catalogue, or a path, relative to a folder. It need not exist."""
    return folder / rig if is_path(rig) else _FOLDER / f"{rig}.yaml"
