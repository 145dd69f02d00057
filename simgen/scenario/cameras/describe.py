"""Named cameras, explained: for ``simgen list camera`` and ``simgen describe camera NAME``."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from simgen.errors import UserError
from simgen.registry import suggest
from simgen.scenario.cameras.catalogue import camera_names, camera_path, read_camera
from simgen.yaml.nodes import plain
from simgen.yaml.text import is_path


def camera_facts(name: str) -> dict[str, Any]:
    """What a camera file says: name, about, source, and its values as plain ones.

    Args:
        name: a camera's name, or the path of a camera file.

    Raises:
        UserError: there is no such camera; the message suggests one.
        SceneError: the file has faults.
    """
    path = camera_path(name, Path())
    if not path.is_file():
        known = "; no such file" if is_path(name) else suggest(name, camera_names())
        raise UserError(f"unknown camera {name!r}{known}")
    model = read_camera(path)
    return {"name": name, "about": model.about, "source": model.source, "camera": plain(model.values)}


__all__ = ["camera_facts", "camera_names"]
