"""Draws: takes the distributions out of a node tree and puts values in.

Every draw has the path of its value in the scene as its name, ``weather.fog.visibility_m`` or
``objects.parked[2].asset``; its stream depends on the seed and on this name only.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from typing import Any

from simgen.errors import Fault, SceneError
from simgen.rng import Stream, stream
from simgen.scenario import distributions as dist
from simgen.yaml.nodes import ListNode, MapNode, Node, Scalar, ScalarNode, plain


@dataclass
class Draws:
    """Draws for one seed, and the record of what was drawn."""

    seed: int
    file: str
    record: list[tuple[str, Any]] = field(default_factory=list)
    #: values that stand in place of draws, by path
    pinned: Mapping[str, Any] = field(default_factory=dict)

    def certain(self, node: Node, path: str) -> Node:
        """The node with every distribution in it replaced by a value; positions stay."""
        name = dist.distribution_of(node)
        if name is not None:
            assert isinstance(node, MapNode)
            return self._drawn(node, name, path)
        if isinstance(node, MapNode):
            values = {key: self.certain(value, f"{path}.{key}" if path else key) for key, value in node.values.items()}
            return replace(node, values=values)
        if isinstance(node, ListNode):
            items = zip(node.items, labels(node), strict=True)
            return replace(node, items=tuple(self.certain(item, path + label) for item, label in items))
        return node

    def _stream(self, path: str) -> Stream:
        return stream(self.seed, "draw", path)

    def _drawn(self, node: MapNode, name: str, path: str) -> Node:
        if name == dist.CONSTANT:
            return self.certain(node.values[name], path)
        if name == dist.CHOICE:
            return self._chosen(node, path)
        numeric = dist.NUMERIC[name]
        nodes = dist.parameter_nodes(name, node)
        assert nodes is not None
        drawn = [plain(self.certain(p, f"{path}.{name}[{k}]")) for k, p in enumerate(nodes)]
        problem = numeric.fault(*drawn)
        if problem:
            file = node.file or self.file
            raise SceneError((Fault(file=file, line=node.line, column=node.column, message=f"{name}: {problem}"),))
        value = self.pinned[path] if path in self.pinned else numeric.draw(self._stream(path), *drawn)
        self.record.append((path, value))
        return ScalarNode(node.line, node.column, value, file=node.file)

    def _chosen(self, node: MapNode, path: str) -> Node:
        options = node.values[dist.CHOICE]
        assert isinstance(options, ListNode)
        weights = plain(node.values[dist.WEIGHTS]) if dist.WEIGHTS in node.values else [1.0] * len(options.items)
        index = self._pinned_option(options, path)
        if index is None:
            index = dist.pick(self._stream(path), tuple(float(w) for w in weights))
        option = options.items[index]
        if isinstance(option, ScalarNode):
            self.record.append((path, option.value))
            return option
        self.record.append((f"{path}.choice", index))
        return self.certain(option, f"{path}.choice[{index}]")

    def _pinned_option(self, options: ListNode, path: str) -> int | None:
        index: int | None = self.pinned.get(f"{path}.{dist.CHOICE}")
        if index is None and path in self.pinned:
            values = [item.value if isinstance(item, ScalarNode) else None for item in options.items]
            return values.index(self.pinned[path])
        return index


def labels(node: ListNode) -> list[str]:
    """How the items of a list are called in paths.

    By their name (``.front``), else by their type (``.rain``; the second one ``.rain[1]``), else by their index: so
    that an item may be added in front of others without changing their draws.
    """
    found: list[str] = []
    seen: dict[str, int] = {}
    for index, item in enumerate(node.items):
        word: Scalar = None
        if isinstance(item, MapNode):
            word = item.text("name") or item.text("type")
        elif isinstance(item, ScalarNode) and isinstance(item.value, str):
            word = item.value
        if not isinstance(word, str):
            found.append(f"[{index}]")
            continue
        earlier = seen.get(word, 0)
        seen[word] = earlier + 1
        found.append(f".{word}" if earlier == 0 else f".{word}[{earlier}]")
    return found
