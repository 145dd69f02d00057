"""Edge cases: Scene → Scene, one file each."""

from __future__ import annotations

from typing import Any


def __getattr__(name: str) -> Any:
    """Plugin classes by their Python names, loaded when first asked for."""
    if name.startswith("_"):
        raise AttributeError(name)
    from simgen.registry import class_named

    return class_named("edge_case", name)
