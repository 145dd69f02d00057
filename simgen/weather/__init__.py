"""Weather: what is in the air and on the ground, one file an effect. Weather does not know sensors."""

from __future__ import annotations

from typing import Any


def __getattr__(name: str) -> Any:
    """Plugin classes by their Python names, loaded when first asked for."""
    if name.startswith("_"):
        raise AttributeError(name)
    from simgen.registry import class_named

    return class_named("weather", name)
