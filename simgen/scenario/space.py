"""The parameter space of a scenario: every distribution of its file as a dimension, by the path of its draws.

On the axis of probabilities, from 0 to 1, every dimension is uniform: the share of a region is its volume there.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING, Any, Final

from simgen.scenario import distributions as dist
from simgen.scenario.draw import labels
from simgen.scenario.names import object_names
from simgen.scenario.quantiles import LAWS
from simgen.yaml.nodes import ListNode, MapNode, Node, Scalar, ScalarNode, plain

if TYPE_CHECKING:
    from simgen.scenario.scenario import Scenario

#: the keys of a scene that are drawn, in the order of the draws
DRAWN: Final = (
    *("clock", "world", "light", "weather", "traffic", "openscenario", "randomise", "edge_cases", "sensors"),
    "origin",
)
#: how an option of a choice is called, at most this many characters
_LABEL: Final = 40
_COPY: Final = re.compile(r"^(objects\.[^.\[\]]+)\[\d+\]")


@dataclass(frozen=True, kw_only=True)
class Dimension:
    """One distribution of a scene file."""

    #: of its draws; a choice between mappings is drawn as an index, under the path ``... .choice``
    path: str
    #: the distribution's name
    kind: str
    #: its numbers; empty for a choice
    parameters: tuple[float, ...] = ()
    #: the options that there are: values, or indices of a choice between mappings
    choices: tuple[Scalar, ...] = ()
    #: the probability of each option
    weights: tuple[float, ...] = ()
    #: the options in words, for reports
    words: tuple[str, ...] = ()
    #: paths and values of the choices that must have been made for this to be drawn at all
    when: tuple[tuple[str, Scalar], ...] = ()
    #: where it is written
    node: MapNode = field(repr=False, compare=False)

    @property
    def categorical(self) -> bool:
        """Whether its values are options rather than numbers with an order."""
        return self.kind == dist.CHOICE

    @property
    def whole(self) -> bool:
        """Whether it draws whole numbers."""
        return not self.categorical and dist.NUMERIC[self.kind].whole

    @property
    def bounds(self) -> tuple[float, float]:
        """The least and the greatest number that it draws (a normal: 7.1 standard deviations to each side).

        Raises:
            TypeError: it is a choice.
        """
        if self.categorical:
            raise TypeError(f"{self.path} is a choice, which has no bounds")
        return dist.NUMERIC[self.kind].support(*((p, p) for p in self.parameters))

    def value(self, u: float) -> Any:
        """The value at a probability ``u`` from 0 to 1: the inverse of the cumulative distribution."""
        u = min(max(u, 0.0), 1.0)
        if not self.categorical:
            return LAWS[self.kind].quantile(u, *self.parameters)
        for choice, weight in zip(self.choices, self.weights, strict=True):
            u -= weight
            if u < 0.0:
                return choice
        return next(c for c, w in zip(self.choices[::-1], self.weights[::-1], strict=True) if w > 0.0)

    def interval(self, value: Any) -> tuple[float, float]:
        """The probabilities that :meth:`value` maps to this value: one point for numbers that are not whole.

        Raises:
            ValueError: the dimension has no such option.
        """
        if self.categorical:
            index = _index(self.choices, value)
            return sum(self.weights[:index]), min(sum(self.weights[: index + 1]), 1.0)
        law = LAWS[self.kind]
        below = law.below(value - 1 if self.whole else value, *self.parameters)
        return below, law.below(value, *self.parameters)

    def unit(self, value: Any) -> float:
        """The probability that belongs to a value; of an option or a whole number, the middle of its interval.

        Raises:
            ValueError: the dimension has no such option.
        """
        low, high = self.interval(value)
        return 0.5 * (low + high)

    def density(self, value: Any) -> float:
        """Probability density per unit of the value; of an option or a whole number, its probability."""
        if not self.categorical:
            return LAWS[self.kind].density(value, *self.parameters)
        return sum(w for c, w in zip(self.choices, self.weights, strict=True) if _same(c, value))

    def word(self, value: Any) -> str:
        """A value as people read it."""
        if self.categorical:
            return self.words[_index(self.choices, value)]
        return str(value) if self.whole else f"{value:.4g}"

    def drawn(self, draws: Mapping[str, Any]) -> Any:
        """Its value among a scene's draws (``dict(scene.draws)``); None where it was not drawn."""
        if self.path in draws or not self.path.endswith(f".{dist.CHOICE}"):
            return draws.get(self.path)
        bare = self.path[: -len(dist.CHOICE) - 1]  # an option that is no mapping is drawn as itself
        if bare not in draws:
            return None
        options = self.node.values[dist.CHOICE]
        assert isinstance(options, ListNode)
        return next((k for k, item in enumerate(options.items) if _same(_scalar(item), draws[bare])), None)

    def exists(self, values: Mapping[str, Any]) -> bool:
        """Whether it is drawn, given the values of the choices that it hangs on."""
        return all(path in values and _same(values[path], value) for path, value in self.when)


def space_of(scenario: Scenario) -> tuple[Dimension, ...]:
    """Every distribution that is drawn once per scene and has more than one value, in the order of the draws.

    Left to the seed are: what every copy of an entry with a ``count`` draws for itself, distributions whose own
    parameters are random (those parameters are dimensions), and what is not written as a distribution, such as places.
    Left out is what the file pins, and what hangs on an option that is never chosen.
    """
    every, pins = {d.path: d for d in written(scenario.root)}, scenario.pins
    kept = {d.path: d for d in every.values() if "[*]" not in d.path and d.path not in pins and _random(d)}
    possible = (d for d in kept.values() if all(_may_be(every[path], value, pins) for path, value in d.when))
    return tuple(replace(d, when=tuple(pair for pair in d.when if pair[0] in kept)) for d in possible)


def _may_be(choice: Dimension, value: Scalar, pins: Mapping[str, Any]) -> bool:
    """Whether an option is ever chosen."""
    pinned = choice.drawn(pins)
    return choice.density(value) > 0.0 if pinned is None else _same(pinned, value)


def written(root: MapNode) -> Iterator[Dimension]:
    """Every distribution of a scene; the copies of a counted entry are written ``[*]``."""
    if "certain" in root.values:
        return
    for key in DRAWN:
        if key in root.values:
            yield from _within(root.values[key], key, ())
    if "ego" in root.values:
        yield from _within(root.values["ego"], "ego", ())
    entries = root.values.get("objects")
    for entry, name in zip(getattr(entries, "items", ()), object_names(root), strict=True):
        yield from _entry(entry, name)


def general(path: str) -> str:
    """A path as :func:`written` has it: without the number of the copy."""
    return _COPY.sub(r"\1[*]", path)


def _entry(entry: Node, name: str) -> Iterator[Dimension]:
    assert isinstance(entry, MapNode)
    count = entry.values.get("count")
    if count is not None:
        yield from _within(count, f"objects.{name}.count", ())
    one = count is None or (isinstance(count, ScalarNode) and count.value in (None, 1))
    yield from _within(entry.without("count"), f"objects.{name}[{0 if one else '*'}]", ())


def _within(node: Node, path: str, when: tuple[tuple[str, Scalar], ...]) -> Iterator[Dimension]:
    """Mirrors :class:`simgen.scenario.draw.Draws`: the same paths."""
    name = dist.distribution_of(node)
    if isinstance(node, MapNode) and name is not None:
        yield from _distribution(node, name, path, when)
    elif isinstance(node, MapNode):
        for key, value in node.values.items():
            yield from _within(value, f"{path}.{key}", when)
    elif isinstance(node, ListNode):
        for item, label in zip(node.items, labels(node), strict=True):
            yield from _within(item, path + label, when)


def _distribution(node: MapNode, name: str, path: str, when: tuple[tuple[str, Scalar], ...]) -> Iterator[Dimension]:
    if name == dist.CONSTANT:
        yield from _within(node.values[name], path, when)
        return
    if name == dist.CHOICE:
        yield from _choice(node, path, when)
        return
    nodes = dist.parameter_nodes(name, node) or ()
    for k, parameter in enumerate(nodes):
        yield from _within(parameter, f"{path}.{name}[{k}]", when)
    certain = tuple(float(p.value) for p in nodes if isinstance(p, ScalarNode) and isinstance(p.value, int | float))
    parameters = certain if len(certain) == len(nodes) else ()
    yield Dimension(path=path, kind=name, parameters=parameters, when=when, node=node)


def _choice(node: MapNode, path: str, when: tuple[tuple[str, Scalar], ...]) -> Iterator[Dimension]:
    options = node.values[dist.CHOICE]
    assert isinstance(options, ListNode)
    given = plain(node.values[dist.WEIGHTS]) if dist.WEIGHTS in node.values else [1.0] * len(options.items)
    weights = [float(weight) / sum(given) for weight in given]
    scalar = all(isinstance(item, ScalarNode) for item in options.items)
    own = path if scalar else f"{path}.{dist.CHOICE}"
    values = [_scalar(item) if scalar else k for k, item in enumerate(options.items)]
    first = [next(j for j, other in enumerate(values) if _same(other, value)) for value in values]
    kept = sorted(set(first))
    yield Dimension(
        path=own,
        kind=dist.CHOICE,
        choices=tuple(values[k] for k in kept),
        weights=tuple(sum(w for w, f in zip(weights, first, strict=True) if f == k) for k in kept),
        words=tuple(_word(options.items[k]) for k in kept),
        when=when,
        node=node,
    )
    for k, item in enumerate(options.items):
        yield from _within(item, f"{path}.{dist.CHOICE}[{k}]", (*when, (own, k)))


def _random(dimension: Dimension) -> bool:
    if dimension.categorical:
        return sum(weight > 0.0 for weight in dimension.weights) > 1
    if not dimension.parameters:
        return False
    low, high = dimension.bounds
    return low < high


def _index(choices: tuple[Scalar, ...], value: Any) -> int:
    for index, choice in enumerate(choices):
        if _same(choice, value):
            return index
    raise ValueError(f"{value!r} is none of the options {', '.join(map(repr, choices))}")


def _same(a: Any, b: Any) -> bool:
    return isinstance(a, bool) == isinstance(b, bool) and bool(a == b)


def _scalar(node: Node) -> Scalar:
    return node.value if isinstance(node, ScalarNode) else None


def _word(node: Node) -> str:
    if isinstance(node, ScalarNode):
        return str(node.value)
    named = (node.text("name") or node.text("type")) if isinstance(node, MapNode) else None
    from simgen.scenario.write import flow

    text = named or flow(plain(node))
    return text if len(text) <= _LABEL else text[: _LABEL - 3] + "..."


def dimension_of(node: Node, path: str) -> Dimension | None:
    """A distribution that stands somewhere else, as a dimension under a path; None if the node is none."""
    found = [d for d in _within(node, path, ()) if dist.distribution_of(node) is not None and d.path == path]
    return found[0] if found and (found[0].parameters or found[0].categorical) else None
