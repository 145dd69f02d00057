"""The scene language: YAML with positions, distributions, and scenes drawn from them."""

from simgen.scenario.scenario import Scenario, load, loads, scene_from_yaml
from simgen.scenario.write import as_plain as plain
from simgen.scenario.write import scene_to_yaml

__all__ = ["Scenario", "load", "loads", "plain", "scene_from_yaml", "scene_to_yaml"]
