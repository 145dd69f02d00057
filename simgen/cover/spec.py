"""What is to be covered: a scene file, or a file of its own that says which parameters of a scene, and at which levels.

::

    cover: 1
    scene: urban_crossing.yaml            # from this file's folder
    strength: 2
    levels: 4                             # strata of parameters that say nothing themselves
    parameters:                           # all of the scene's if absent
      "weather.rain.rate_mm_h": [0, 2, 10, 25]
      "ego.at_m": 3
    forbid:                               # combinations that may not be
      - {"weather.rain.rate_mm_h": [25], "ego.asset": [van]}
    importance:                           # drawn otherwise than the scene says, and weighted for it
      "weather.rain.rate_mm_h": {uniform: [0, 40]}
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, Final, Literal

from simgen.cover.axes import Axis, absences, axis_of
from simgen.cover.counting import Forbidden
from simgen.errors import SceneError, UserError
from simgen.registry import param, suggest
from simgen.scenario import Scenario, load
from simgen.scenario.decode import Decoder
from simgen.scenario.space import Dimension, dimension_of, space_of
from simgen.yaml.nodes import MapNode, Node
from simgen.yaml.text import FileKind, parse, read_text

LEVELS: Final = 5
_KIND: Final = FileKind(noun="coverage", start="a coverage file starts with 'cover: 1'")
_FIXED: Final = {"fixed": True}


@dataclass(frozen=True, kw_only=True)
class CoverFile:
    """The keys of a coverage file."""

    cover: Literal[1] = param(doc="version of the format")
    scene: str = param(doc="the scene file, from this file's folder")
    strength: int = param(2, ge=1, le=6, doc="every combination of so many parameters is covered")
    levels: int = param(LEVELS, ge=1, le=100, doc="strata of parameters that say nothing themselves")
    parameters: Mapping[str, Any] = field(
        default_factory=dict, metadata={"doc": "path of a draw -> number of strata, or list of values", **_FIXED}
    )
    forbid: tuple[Mapping[str, Any], ...] = field(
        default=(), metadata={"doc": "combinations that may not be: path -> values", **_FIXED}
    )
    importance: Mapping[str, Any] = field(
        default_factory=dict, metadata={"doc": "path of a draw -> the distribution to draw from instead", **_FIXED}
    )


@dataclass(frozen=True, kw_only=True)
class Spec:
    """What is to be covered, checked."""

    #: as messages and reports call it
    source: str
    scenario: Scenario
    strength: int
    axes: tuple[Axis, ...]
    #: of levels of the axes, what follows from choices included
    forbidden: Forbidden
    #: distributions to draw from instead, by path
    importance: Mapping[str, Dimension]


def read_spec(path: Path, strength: int | None = None, levels: int | None = None) -> Spec:
    """Read a coverage file, or take all parameters of a scene file.

    Args:
        path: of either.
        strength: instead of the file's.
        levels: strata of parameters that say nothing themselves, instead of the file's.

    Raises:
        SceneError: the file or its scene has faults, with their places.
        UserError: the scene has nothing random in it, or less than the strength.
    """
    for name, value in (("--strength", strength), ("--levels", levels)):
        if value is not None and value < 1:
            raise UserError(f"{name} must be at least 1, not {value}")
    text = read_text(path, _KIND)
    root = parse(text, str(path), _KIND)
    if isinstance(root, MapNode) and "cover" not in root.values and "simgen" in root.values:
        spec = _of_scene(path, strength or 2, levels or LEVELS)
    else:
        spec = _Reader(path, root).spec(strength, levels)
    if not spec.axes:
        raise UserError(f"{path}: nothing in the scene is random: give some values as distributions")
    if len(spec.axes) < spec.strength:
        raise UserError(f"{path}: strength {spec.strength} needs as many parameters, and there are {len(spec.axes)}")
    return spec


def _of_scene(path: Path, strength: int, levels: int) -> Spec:
    scenario = load(path)
    axes = tuple(axis_of(dimension, levels) for dimension in space_of(scenario))
    return Spec(
        source=str(path), scenario=scenario, strength=strength, axes=axes, forbidden=absences(axes), importance={}
    )


class _Reader:
    """Reads a coverage file and blames its lines."""

    def __init__(self, path: Path, root: Node) -> None:
        self.path, self.root, self.decoder = path, root, Decoder(str(path), random=False)

    def spec(self, strength: int | None, levels: int | None) -> Spec:
        # what is drawn from instead is a distribution, as elsewhere only scenes have them
        certain = self.root.without("importance") if isinstance(self.root, MapNode) else self.root
        told = self.decoder.value(certain, CoverFile, "the coverage file")
        self._raise()
        assert isinstance(told, CoverFile) and isinstance(self.root, MapNode)  # noqa: PT018 - for the types
        scenario = load(self.path.parent / told.scene)
        space = {dimension.path: dimension for dimension in space_of(scenario)}
        axes = tuple(self._axes(told, space, levels or told.levels))
        forbidden = [*absences(axes), *self._rules(told.forbid, axes)]
        importance = self._importance(space)
        self._raise()
        return Spec(
            source=str(self.path),
            scenario=scenario,
            strength=strength or told.strength,
            axes=axes,
            forbidden=forbidden,
            importance=importance,
        )

    def _axes(self, told: CoverFile, space: Mapping[str, Dimension], levels: int) -> list[Axis]:
        wanted = dict(told.parameters) or dict.fromkeys(space, None)
        found = []
        for path, given in wanted.items():
            node = self._node("parameters", path)
            if path not in space:
                self._unknown(node, path, space)
                continue
            try:
                found.append(axis_of(space[path], levels if given is None else given))
            except (UserError, TypeError) as error:
                self.decoder.fault(node, str(error))
        return found

    def _rules(self, forbid: Sequence[Mapping[str, Any]], axes: Sequence[Axis]) -> list[Mapping[int, frozenset[int]]]:
        index = {axis.path: k for k, axis in enumerate(axes)}
        rules: list[Mapping[int, frozenset[int]]] = []
        for k, rule in enumerate(forbid):
            node = self._node("forbid", k)
            levels: dict[int, frozenset[int]] = {}
            for path, values in rule.items():
                if path not in index:
                    self._unknown(node, path, index)
                    continue
                axis = axes[index[path]]
                some = values if isinstance(values, list) else [values]
                levels[index[path]] = frozenset(axis.level(value) for value in some)
            if any(-1 in some for some in levels.values()):
                self.decoder.fault(node, "forbids a value that no level has")
            rules.append(levels)
        return rules

    def _importance(self, space: Mapping[str, Dimension]) -> dict[str, Dimension]:
        listed = self.root.values.get("importance") if isinstance(self.root, MapNode) else None
        found: dict[str, Dimension] = {}
        for path, node in listed.values.items() if isinstance(listed, MapNode) else ():
            if path not in space:
                self._unknown(node, path, space)
                continue
            if not space[path].categorical:
                drawing = Decoder(str(self.path), random=True)
                drawing.value(node, int if space[path].whole else float, f"importance of {path}")
                self.decoder.faults.extend(drawing.faults)
                if drawing.faults:
                    continue
            drawn = dimension_of(node, path)
            problem = "is not a distribution" if drawn is None else _unlike(space[path], drawn)
            if drawn is None or problem:
                self.decoder.fault(node, f"importance of {path}: {problem}")
                continue
            found[path] = drawn
        return found

    def _node(self, key: str, inner: str | int) -> Node:
        assert isinstance(self.root, MapNode)
        listed: Any = self.root.values.get(key, self.root)
        if isinstance(inner, int):
            return listed.items[inner]  # type: ignore[no-any-return]
        return listed.values.get(inner, listed) if isinstance(listed, MapNode) else listed

    def _unknown(self, node: Node, path: str, known: Mapping[str, Any]) -> None:
        self.decoder.fault(node, f"the scene draws nothing under {path!r}{suggest(path, tuple(known))}")

    def _raise(self) -> None:
        if self.decoder.faults:
            raise SceneError(self.decoder.sorted_faults())


def _unlike(meant: Dimension, drawn: Dimension) -> str:
    """Why draws from one distribution cannot stand for another, or nothing."""
    if meant.categorical or drawn.categorical:
        same = meant.categorical and drawn.categorical and set(meant.choices) <= set(drawn.choices)
        return "" if same else "it must draw all of the scene's options"
    if meant.whole != drawn.whole:
        return "whole numbers and others cannot stand for each other"
    (low, high), (least, most) = meant.bounds, drawn.bounds
    return "" if least <= low and high <= most else f"it must reach from {low:g} to {high:g}, as the scene's draws do"
