"""The scene language: YAML with positions, distributions, and scenes drawn from them."""

from simgen.scenario.scenario import Scenario, load, loads, scene_from_yaml
from simgen.scenario.space import Dimension, space_of
from simgen.scenario.write import as_plain as plain
from simgen.scenario.write import scene_to_yaml

__all__ = ["Dimension", "Scenario", "load", "loads", "plain", "scene_from_yaml", "scene_to_yaml", "space_of"]
