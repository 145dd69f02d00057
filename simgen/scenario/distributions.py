"""Distributions: what may stand in a scene wherever a value may.

Rule: a mapping that has a distribution's name among its keys *is* that distribution; no plugin may have a parameter
of such a name (a test holds this). Numbers are drawn from ``stream(seed, "draw", path)`` with the path of the value in
the scene, so no draw depends on any other.
"""

from __future__ import annotations

import math
from collections.abc import Callable
from dataclasses import dataclass
from statistics import NormalDist
from typing import Final

from simgen.rng import Stream
from simgen.yaml.nodes import ListNode, MapNode, Node

#: what lies further out has a chance below 1e-12 and is not counted as part of a support
_SIGMAS: Final = 7.1
#: a truncated normal that keeps less than this of its mass is a mistake
_LEAST_MASS: Final = 1e-9
_LARGEST_WHOLE: Final = 2**53

Support = tuple[float, float]


@dataclass(frozen=True, kw_only=True)
class Numeric:
    """A distribution of numbers with a fixed list of numbers as its parameters."""

    parameters: tuple[str, ...]
    whole: bool
    #: why certain parameters make no sense, or None
    fault: Callable[..., str | None]
    draw: Callable[..., float | int]
    #: from the supports of the parameters to that of the draw
    support: Callable[..., Support]
    doc: str


def _ordered(low: float, high: float) -> str | None:
    return None if low <= high else f"the lower bound {low:g} is above the upper bound {high:g}"


def _log_fault(low: float, high: float) -> str | None:
    return _ordered(low, high) if low > 0.0 else f"the bounds must be more than 0, not {low:g}"


def _whole_fault(low: float, high: float) -> str | None:
    for bound in (low, high):
        if bound != math.floor(bound) or abs(bound) > _LARGEST_WHOLE:
            return f"the bounds must be whole numbers, not {bound:g}"
    return _ordered(low, high)


def _deviation_fault(_mean: float, std: float) -> str | None:
    return None if std >= 0.0 else f"the standard deviation must be at least 0, not {std:g}"


def _truncated_fault(mean: float, std: float, low: float, high: float) -> str | None:
    if std <= 0.0:
        return f"the standard deviation must be more than 0, not {std:g}"
    if low > high:
        return _ordered(low, high)
    if _mass(mean, std, low, high) < _LEAST_MASS and low < high:
        return f"hardly anything of the normal lies between {low:g} and {high:g}"
    return None


def _poisson_fault(mean: float) -> str | None:
    return None if 0.0 <= mean <= 1e6 else f"the mean must be between 0 and 1000000, not {mean:g}"


def _uniform(rng: Stream, low: float, high: float) -> float:
    return min(max(low + (high - low) * float(rng.random()), low), high)


def _log_uniform(rng: Stream, low: float, high: float) -> float:
    return min(max(math.exp(_uniform(rng, math.log(low), math.log(high))), low), high)


def _normal(rng: Stream, mean: float, std: float) -> float:
    return mean + std * float(rng.standard_normal())


def _mass(mean: float, std: float, low: float, high: float) -> float:
    """Of a normal between two bounds; computed in the lower tail, where it loses no digits."""
    if low > mean:
        low, high = 2 * mean - high, 2 * mean - low
    return _below(mean, std, high) - _below(mean, std, low)


def _below(mean: float, std: float, value: float) -> float:
    return 0.5 * math.erfc((mean - value) / (std * math.sqrt(2.0)))


def _truncated_normal(rng: Stream, mean: float, std: float, low: float, high: float) -> float:
    """Inverse of the cumulative distribution, in the lower tail (mirrored if the interval lies above the mean)."""
    if low > mean:
        return -_truncated_normal(rng, -mean, std, -high, -low)
    part = _below(mean, std, low) + _mass(mean, std, low, high) * float(rng.random())
    value = NormalDist(mean, std).inv_cdf(part) if 0.0 < part < 1.0 else low
    return min(max(value, low), high)


def _integer(rng: Stream, low: float, high: float) -> int:
    return int(rng.integers(int(low), int(high) + 1))


def _poisson(rng: Stream, mean: float) -> int:
    return int(rng.poisson(mean))


def _bounds(low: Support, high: Support) -> Support:
    return low[0], high[1]


def _normal_support(mean: Support, std: Support) -> Support:
    return mean[0] - _SIGMAS * std[1], mean[1] + _SIGMAS * std[1]


def _poisson_support(mean: Support) -> Support:
    # Chernoff: P(X >= m + x) <= exp(-x^2 / (2 (m + x / 3))) = 1e-12
    x = 27.7 / 3 + math.sqrt((27.7 / 3) ** 2 + 2 * 27.7 * mean[1])
    return 0.0, math.ceil(mean[1] + x) if mean[1] > 0 else 0.0


NUMERIC: Final[dict[str, Numeric]] = {
    "uniform": Numeric(
        parameters=("low", "high"),
        whole=False,
        fault=_ordered,
        draw=_uniform,
        support=_bounds,
        doc="any number between low and high, all alike",
    ),
    "log_uniform": Numeric(
        parameters=("low", "high"),
        whole=False,
        fault=_log_fault,
        draw=_log_uniform,
        support=_bounds,
        doc="a number between low and high whose logarithm is uniform: every order of magnitude alike",
    ),
    "normal": Numeric(
        parameters=("mean", "std"),
        whole=False,
        fault=_deviation_fault,
        draw=_normal,
        support=_normal_support,
        doc="normal distribution; has no bounds",
    ),
    "truncated_normal": Numeric(
        parameters=("mean", "std", "low", "high"),
        whole=False,
        fault=_truncated_fault,
        draw=_truncated_normal,
        support=lambda _mean, _std, low, high: (low[0], high[1]),
        doc="normal distribution, kept between low and high",
    ),
    "integer": Numeric(
        parameters=("low", "high"),
        whole=True,
        fault=_whole_fault,
        draw=_integer,
        support=_bounds,
        doc="a whole number from low to high, both included",
    ),
    "poisson": Numeric(
        parameters=("mean",),
        whole=True,
        fault=_poisson_fault,
        draw=_poisson,
        support=_poisson_support,
        doc="a count: 0, 1, 2 ... with this mean",
    ),
}
CHOICE: Final = "choice"
WEIGHTS: Final = "weights"
CONSTANT: Final = "constant"
#: a choice among files that match a pattern: written out before anything is decoded
FILES: Final = "files"
#: every word that makes a mapping a distribution
NAMES: Final = frozenset((*NUMERIC, CHOICE, CONSTANT))


def distribution_of(node: Node) -> str | None:
    """The name of the distribution that a node is, or None; the first such key decides."""
    if not isinstance(node, MapNode):
        return None
    return next((key for key in node.values if key in NAMES), None)


def pick(rng: Stream, weights: tuple[float, ...]) -> int:
    """An index, drawn by weight; weights need not sum to 1."""
    target = float(rng.random()) * math.fsum(weights)
    for index, weight in enumerate(weights):
        target -= weight
        if target < 0.0:
            return index
    return max(k for k, weight in enumerate(weights) if weight > 0.0)


def parameter_nodes(name: str, node: MapNode) -> tuple[Node, ...] | None:
    """The parameters of a numeric distribution, or None if there are not as many as there should be."""
    value, count = node.values[name], len(NUMERIC[name].parameters)
    if count == 1 and not isinstance(value, ListNode):
        return (value,)
    return value.items if isinstance(value, ListNode) and len(value.items) == count else None
