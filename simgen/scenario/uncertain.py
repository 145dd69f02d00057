"""Distributions, checked before anything is drawn: are they well formed, and do all their values fit the field?"""

from __future__ import annotations

import math
from abc import ABC, abstractmethod
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Final, get_origin

from simgen import registry
from simgen.errors import Fault
from simgen.scenario import distributions as dist
from simgen.scenario.declared import alternatives, nearest, words
from simgen.yaml.nodes import ListNode, MapNode, Node, describe, float_of


class Unknown:
    """A value that cannot be known yet: it is random, or a fault was reported for it."""

    def __repr__(self) -> str:
        return "UNKNOWN"


UNKNOWN: Final = Unknown()


@dataclass(frozen=True, slots=True)
class Reference:
    """A string that names something: what kind of thing, and where it is written."""

    kind: str
    value: str
    node: Node


class DistributionChecker(ABC):
    """Collects the faults and references of one file, and knows what may be random."""

    def __init__(self, file: str, *, random: bool) -> None:
        """``random``: whether distributions may stand for values (else they are faults)."""
        self.file = file
        self.random = random
        self.faults: list[Fault] = []
        self.references: list[Reference] = []

    def fault(self, node: Node, message: str, hint: str = "") -> Unknown:
        """Report a mistake at a node."""
        file = node.file or self.file
        fault = Fault(file=file, line=node.line, column=node.column, message=message, hint=hint)
        if fault not in self.faults:
            self.faults.append(fault)
        return UNKNOWN

    def sorted_faults(self) -> tuple[Fault, ...]:
        """Every fault in file order; those of files that the scene includes come last."""
        return tuple(sorted(self.faults, key=lambda f: (f.file != self.file, f.file, f.line, f.column)))

    @abstractmethod
    def value(self, node: Node, hint: Any, key: str, metadata: Mapping[str, Any]) -> Any:
        """A node as a value of a type."""

    def number_fault(self, value: float, key: str, metadata: Mapping[str, Any]) -> str | None:
        """Why a number may not stand there, or None."""
        number = float_of(value)
        if math.isnan(number) or (math.isinf(number) and not metadata.get("infinite")):
            return f"{key} must be a finite number, not {number:g}"
        return registry.check_range(key, number, metadata)

    def distribution(self, node: MapNode, hint: Any, key: str, metadata: Mapping[str, Any]) -> Any:
        """Check a distribution against the field that it stands for; UNKNOWN, unless it is a constant."""
        name = dist.distribution_of(node)
        assert name is not None
        if not self.random:
            return self.fault(node, f"{key} is random ({name}), but nothing is random in a certain scene")
        self._extra_keys(node, name)
        if name == dist.CONSTANT:
            return self.value(node.values[name], hint, key, metadata)
        if name == dist.CHOICE:
            return self._choice(node, hint, key, metadata)
        support = self.support(node)
        if support is None:
            return UNKNOWN
        numbers = [m for m in alternatives(hint) if m in (int, float)]
        if not numbers and hint is not Any:
            said = f"{key} must be {words(hint, key)}, but {name} draws a number"
            return self.fault(node, said, _number_list_hint(hint))
        if float not in numbers and numbers and not dist.NUMERIC[name].whole:
            low, high = (f"{round(b)}" for b in support)
            said = f"{key} must be a whole number, but {name} draws any number"
            return self.fault(node, said, f"use {{integer: [{low}, {high}]}}")
        for end in support:
            problem = self.number_fault(end, key, metadata)
            if problem:
                reach = f"{name} reaches from {support[0]:g} to {support[1]:g}"
                return self.fault(node, problem, reach)
        return UNKNOWN

    def _extra_keys(self, node: MapNode, name: str) -> None:
        allowed = (name, dist.WEIGHTS) if name == dist.CHOICE else (name,)
        for extra in node.values:
            if extra not in allowed:
                said = f"unknown key {extra!r} of the distribution {name}"
                self.fault(node.keys[extra], said, nearest(extra, allowed))

    def _choice(self, node: MapNode, hint: Any, key: str, metadata: Mapping[str, Any]) -> Unknown:
        options = node.values[dist.CHOICE]
        if not isinstance(options, ListNode) or not options.items:
            return self.fault(options, f"choice must be a list of options, not {describe(options)}", "at least one")
        for option in options.items:
            self.value(option, hint, key, metadata)
        weights = node.values.get(dist.WEIGHTS)
        if weights is not None:
            self._weights(weights, len(options.items))
        return UNKNOWN

    def _weights(self, node: Node, count: int) -> None:
        bounds = {"ge": 0.0}
        faults = len(self.faults)
        if isinstance(node, ListNode) and len(node.items) != count:
            self.fault(node, f"there are {count} options, but {len(node.items)} weights")
            return
        if any(dist.distribution_of(item) for item in getattr(node, "items", ())):
            self.fault(node, "weights may not be random")
            return
        values = self.value(node, tuple[float, ...], dist.WEIGHTS, bounds)
        if len(self.faults) == faults and values is not UNKNOWN and math.fsum(values) <= 0.0:
            self.fault(node, "at least one weight must be more than 0")

    def support(self, node: Node) -> dist.Support | None:
        """The least and the greatest value of a number or of a distribution of numbers; None after a fault."""
        name = dist.distribution_of(node)
        if name is None:
            value = self.value(node, float, "the parameter", {})
            return None if value is UNKNOWN else (value, value)
        assert isinstance(node, MapNode)
        self._extra_keys(node, name)
        if name in (dist.CHOICE, dist.CONSTANT):
            return self._option_support(node, name)
        numeric = dist.NUMERIC[name]
        parameters = dist.parameter_nodes(name, node)
        if parameters is None:
            wanted = f"[{', '.join(numeric.parameters)}]" if len(numeric.parameters) > 1 else numeric.parameters[0]
            self.fault(node.values[name], f"{name} takes {wanted}, not {_counted(node.values[name])}")
            return None
        supports = [self.support(p) for p in parameters]
        known = [s for s in supports if s is not None]
        if len(known) < len(supports):
            return None
        problem = _worst_fault(numeric, known)
        if problem:
            self.fault(node, f"{name}: {problem}")
            return None
        return numeric.support(*known)

    def _option_support(self, node: MapNode, name: str) -> dist.Support | None:
        inner = node.values[name]
        if name == dist.CONSTANT:
            return self.support(inner)
        self._choice(node, float, "the parameter", {})
        ends = [self.support(item) for item in getattr(inner, "items", ())]
        known = [s for s in ends if s is not None]
        if not known or len(known) < len(ends):
            return None
        return min(s[0] for s in known), max(s[1] for s in known)


def _worst_fault(numeric: dist.Numeric, supports: list[dist.Support]) -> str | None:
    """The fault of parameters at the worst corner of their supports: bounds that may cross count as crossed."""
    corners: list[list[float]] = [[]]
    for support in supports:
        ends = support if support[0] != support[1] else support[:1]
        corners = [[*corner, end] for corner in corners for end in ends]
    return next((problem for corner in corners if (problem := numeric.fault(*corner))), None)


def _counted(node: Node) -> str:
    return f"{len(node.items)} values" if isinstance(node, ListNode) else describe(node)


def _number_list_hint(hint: Any) -> str:
    return "let each number be drawn: [{uniform: [0, 1]}, ...]" if get_origin(hint) is tuple else ""
