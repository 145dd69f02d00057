"""simgen: one YAML scene in, labelled sensor frames out.

Everything public is loaded when it is first used, so that importing simgen costs nothing::

    scenario = simgen.load("scene.yaml")
    scene = scenario.sample(seed=7)
    trajectory = simgen.simulate(scene)
    for sample in simgen.render(scene, trajectory): ...
    with simgen.open("out.h5") as data: ...
"""

from __future__ import annotations

import importlib
from typing import TYPE_CHECKING, Any

__version__ = "0.1.0"

if TYPE_CHECKING:
    from simgen import assets, behaviours, edge_cases, light, sensors, weather, worlds
    from simgen.dataset import open_dataset as open  # noqa: A004 - reads as simgen.open
    from simgen.engine import render, simulate
    from simgen.errors import DataError, EngineError, SceneError, SimgenError, UserError
    from simgen.generate import generate as generate_dataset
    from simgen.registry import param, register
    from simgen.scenario import load, loads
    from simgen.scene import Clock, Entity, Scene

_EXPORTS = {
    "Clock": "simgen.scene",
    "DataError": "simgen.errors",
    "EngineError": "simgen.errors",
    "Entity": "simgen.scene",
    "Scene": "simgen.scene",
    "SceneError": "simgen.errors",
    "SimgenError": "simgen.errors",
    "UserError": "simgen.errors",
    "generate_dataset": "simgen.generate:generate",
    "load": "simgen.scenario",
    "loads": "simgen.scenario",
    "open": "simgen.dataset:open_dataset",
    "param": "simgen.registry",
    "register": "simgen.registry",
    "render": "simgen.engine",
    "simulate": "simgen.engine",
}
_PLUGINS = {
    "assets": "asset",
    "behaviours": "behaviour",
    "edge_cases": "edge_case",
    "light": "light",
    "sensors": "sensor",
    "weather": "weather",
    "worlds": "world",
}

__all__ = [
    "Clock",
    "DataError",
    "EngineError",
    "Entity",
    "Scene",
    "SceneError",
    "SimgenError",
    "UserError",
    "__version__",
    "assets",
    "behaviours",
    "edge_cases",
    "generate_dataset",
    "light",
    "load",
    "loads",
    "open",
    "param",
    "register",
    "render",
    "sensors",
    "simulate",
    "weather",
    "worlds",
]


def __getattr__(name: str) -> Any:
    if name in _EXPORTS:
        module, _, attribute = _EXPORTS[name].partition(":")
        return getattr(importlib.import_module(module), attribute or name)
    if name in _PLUGINS:
        return importlib.import_module(f"simgen.{name}")
    raise AttributeError(f"module 'simgen' has no attribute {name!r}")
